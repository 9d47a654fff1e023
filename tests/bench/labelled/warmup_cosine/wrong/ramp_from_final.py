# family: schedule
# line: 10
# about: the ramp starts at final, where it should start at zero
import math


def warmup_cosine(step, total, warmup, peak, final):
    lerp = lambda a, b, s: a + (b - a) * s
    if step < warmup:
        return lerp(final, peak, step / warmup)
    if step >= total:
        return final
    s = (1 - math.cos(math.pi * (step - warmup) / (total - warmup))) / 2
    return lerp(peak, final, s)
