# family: schedule
# line: 14
# about: 1 + cos runs from 2 to 0 and has to be halved
from math import cos, pi


def warmup_cosine(step, total, warmup, peak, final):
    if step < warmup:
        return peak * step / warmup
    if step >= total:
        return final
    x = pi * (step - warmup) / (total - warmup)
    swing = peak - final
    return final + swing * (1 + cos(x))
