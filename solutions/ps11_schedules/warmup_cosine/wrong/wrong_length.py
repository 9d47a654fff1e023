# family: schedule
# line: 10
# about: the cosine is as long as the whole run, so it has not reached final at total
import math


def warmup_cosine(step, total, warmup, peak, final):
    if step < warmup:
        return peak * step / warmup
    t = min((step - warmup) / total, 1.0)
    return final + (peak - final) * (1 + math.cos(math.pi * t)) / 2
