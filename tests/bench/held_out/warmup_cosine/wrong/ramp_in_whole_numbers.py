# family: dtype
# line: 9
# about: integer division makes the whole ramp zero
import math


def warmup_cosine(step, total, warmup, peak, final):
    if step < warmup:
        fraction = step // warmup
        return peak * fraction
    if step >= total:
        return final
    theta = math.pi * (step - warmup) / (total - warmup)
    amplitude = (peak - final) / 2
    return final + amplitude * (1 + math.cos(theta))
