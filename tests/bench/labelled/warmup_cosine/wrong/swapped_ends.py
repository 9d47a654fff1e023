# family: schedule
# line: 16
# about: the cosine leads from final to peak
import math


def cosine_between(start, end, fraction):
    return end + (start - end) * (1 + math.cos(math.pi * fraction)) / 2


def warmup_cosine(step, total, warmup, peak, final):
    if step < warmup:
        return peak * step / warmup
    if step >= total:
        return final
    return cosine_between(final, peak, (step - warmup) / (total - warmup))
