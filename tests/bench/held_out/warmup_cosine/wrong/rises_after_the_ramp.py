# family: sign
# line: 13
# about: 1 - cos rises, where 1 + cos falls
import math


def warmup_cosine(step, total, warmup, peak, final):
    lr = final
    if step < warmup:
        lr = peak * step / warmup
    elif step < total:
        progress = (step - warmup) / (total - warmup)
        lr = final + 0.5 * (peak - final) * (1 - math.cos(math.pi * progress))
    return lr
