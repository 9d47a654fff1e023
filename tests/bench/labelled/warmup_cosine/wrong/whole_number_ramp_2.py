# family: dtype
# line: 9
# about: whole-number division makes the ramp zero
import math


def warmup_cosine(step, total, warmup, peak, final):
    if step < warmup:
        return peak * (step // warmup)
    if step >= total:
        return final
    t = (step - warmup) / (total - warmup)
    return final + 0.5 * (peak - final) * (1 + math.cos(t * math.pi))
