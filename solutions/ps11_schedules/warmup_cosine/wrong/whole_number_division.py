# family: dtype
# line: 9
# about: // cuts the ramp down to whole numbers
import math


def warmup_cosine(step, total, warmup, peak, final):
    if step < warmup:
        return peak * (step // warmup)
    progress = min((step - warmup) / max(total - warmup, 1), 1)
    return final + (peak - final) * 0.5 * (1 + math.cos(math.pi * progress))
