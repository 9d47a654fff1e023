# family: clamp
# line: 11
# about: beyond total the cosine climbs again
import math


def warmup_cosine(step, total, warmup, peak, final):
    if step < warmup:
        return peak * step / warmup
    span = max(total - warmup, 1)
    haladas = (step - warmup) / span
    return final + (peak - final) * (1 + math.cos(math.pi * haladas)) / 2
