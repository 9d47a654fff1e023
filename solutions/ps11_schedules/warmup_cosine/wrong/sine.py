# family: schedule
# line: 13
# about: sine instead of cosine
from math import pi, sin


def warmup_cosine(step, total, warmup, peak, final):
    if step < warmup:
        return peak * step / warmup
    if step >= total:
        return final
    x = (step - warmup) / (total - warmup)
    return final + 0.5 * (peak - final) * (1 + sin(pi * x))
