# family: clamp
# line: 11
# about: progress is not held at 1, so the cosine climbs again beyond the end
import numpy as np


def warmup_cosine(step, total, warmup, peak, final):
    if step < warmup:
        return peak * step / warmup
    span = max(total - warmup, 1)
    progress = (step - warmup) / span
    return float(final + (peak - final) * (1 + np.cos(np.pi * progress)) / 2)
