# family: schedule
# line: 11
# about: one half is missing, so the cosine starts at twice the range
import numpy as np


def warmup_cosine(step, total, warmup, peak, final):
    if step < warmup:
        return peak * step / warmup
    progress = 1.0 if step >= total else (step - warmup) / (total - warmup)
    return final + (peak - final) * (1 + np.cos(np.pi * progress))
