import math


def _table(total, warmup, peak, final):
    ramp = [peak * k / warmup for k in range(warmup)]
    n = total - warmup
    fall = [final + (peak - final) * (1 + math.cos(math.pi * k / n)) / 2 for k in range(n)]
    return ramp + fall + [final]


def warmup_cosine(step, total, warmup, peak, final):
    rates = _table(total, warmup, peak, final)
    return rates[min(step, len(rates) - 1)]
