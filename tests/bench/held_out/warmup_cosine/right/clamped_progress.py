import math


def warmup_cosine(step, total, warmup, peak, final):
    if step < warmup:
        return peak * (step / warmup)
    progress = (step - warmup) / max(1, total - warmup)
    progress = min(max(progress, 0.0), 1.0)
    if step >= total:
        progress = 1.0
    cosine = 0.5 * (1.0 + math.cos(math.pi * progress))
    return final + (peak - final) * cosine
