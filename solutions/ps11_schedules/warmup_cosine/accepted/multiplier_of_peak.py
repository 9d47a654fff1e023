import math


def multiplier(step, total, warmup, floor):
    if step >= total and step >= warmup:
        return floor
    if step >= warmup:
        fraction = (total - step) / (total - warmup)
        return floor + (1 - floor) * 0.5 * (1 - math.cos(math.pi * fraction))
    return step / warmup


def warmup_cosine(step, total, warmup, peak, final):
    return peak * multiplier(step, total, warmup, final / peak)
