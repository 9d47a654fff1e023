# family: schedule
# line: 10
# about: progress counts from step 0, so the rate jumps at the end of the ramp
import numpy as np


def warmup_cosine(step, total, warmup, peak, final):
    if step < warmup:
        return peak * step / warmup
    progress = min(step / total, 1.0)
    return final + 0.5 * (peak - final) * (1 + np.cos(np.pi * progress))
