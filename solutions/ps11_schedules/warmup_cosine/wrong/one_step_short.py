# family: schedule
# line: 10
# about: the cosine reaches final one step before total
import math


def warmup_cosine(step, total, warmup, peak, final):
    if step < warmup:
        return peak * step / warmup
    progress = min(1.0, (step - warmup) / max(1, total - warmup - 1))
    return final + 0.5 * (peak - final) * (1 + math.cos(math.pi * progress))
