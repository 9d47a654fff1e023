# family: schedule
# line: 13
# about: pi is missing in the angle, so the floor is never reached
from math import cos, pi


def warmup_cosine(step, total, warmup, peak, final):
    if step < warmup:
        return step * peak / warmup
    if step >= total:
        return final
    x = (step - warmup) / (total - warmup)
    return final + (peak - final) * (1 + cos(x)) / 2
