# family: comparison
# line: 8
# about: <= for <, which with warmup = 0 divides by zero at step 0
import math


def warmup_cosine(step, total, warmup, peak, final):
    if step <= warmup:
        return peak * step / warmup
    if step >= total:
        return final
    progress = (step - warmup) / (total - warmup)
    return final + (peak - final) * (1 + math.cos(math.pi * progress)) / 2
