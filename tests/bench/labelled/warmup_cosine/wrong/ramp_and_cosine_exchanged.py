# family: comparison
# line: 12
# about: the comparison is the wrong way round, so the ramp serves the late steps
import numpy as np


def warmup_cosine(step, total, warmup, peak, final):
    ramp = lambda s: peak * s / max(warmup, 1)
    decay = lambda s: final + (peak - final) * (1 + np.cos(np.pi * (s - warmup) / max(total - warmup, 1))) / 2
    if step >= total:
        return final
    return float(ramp(step) if step > warmup else decay(step))
