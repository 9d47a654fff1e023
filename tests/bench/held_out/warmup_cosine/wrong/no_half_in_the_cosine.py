# family: schedule
# line: 12
# about: one half is missing, so the cosine starts at twice the height
import numpy as np


def warmup_cosine(step, total, warmup, peak, final):
    if step >= total:
        return final
    if step >= warmup:
        ratio = (step - warmup) / (total - warmup)
        coeff = 1.0 + np.cos(np.pi * ratio)
        return float(final + coeff * (peak - final))
    return peak * step / warmup
