# family: schedule
# line: 16
# about: the cosine's progress counts from step zero, not from the end of the ramp
import numpy as np


def warmup_cosine(step, total, warmup, peak, final):
    # linear warmup
    if step < warmup:
        fraction = step / warmup
        return peak * fraction
    # after the end
    if step >= total:
        return final
    # cosine decay
    fraction = step / total
    cosine_factor = 0.5 * (1 + np.cos(np.pi * fraction))
    return float(final + (peak - final) * cosine_factor)
