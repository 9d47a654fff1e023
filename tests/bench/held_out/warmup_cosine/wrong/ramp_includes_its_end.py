# family: comparison
# line: 8
# about: step <= warmup divides by zero where there is no warm-up
import math


def warmup_cosine(step, total, warmup, peak, final):
    if step <= warmup:
        return peak * step / warmup
    if step > total:
        return final
    frac = (step - warmup) / (total - warmup)
    return final + (peak - final) * (math.cos(frac * math.pi) + 1) / 2
