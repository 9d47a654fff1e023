# family: comparison
# line: 10
# about: without a ramp, step 0 counts as part of it and divides by zero
import math


def warmup_cosine(step, total, warmup, peak, final):
    if step > total:
        return final
    if 0 <= step <= warmup:
        return peak * step / warmup
    phase = (step - warmup) / (total - warmup)
    return final + (peak - final) * (math.cos(math.pi * phase) + 1) / 2
