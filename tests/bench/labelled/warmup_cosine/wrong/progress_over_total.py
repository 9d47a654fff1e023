# family: schedule
# line: 12
# about: the fall takes total - warmup steps and not total
import math


def warmup_cosine(step, total, warmup, peak, final):
    if step < warmup:
        return peak * step / warmup
    if step >= total:
        return final
    p = (step - warmup) / total
    return final + (peak - final) * 0.5 * (1 + math.cos(math.pi * p))
