# family: dtype
# line: 10
# about: the double slash leaves the ramp at zero until it is over
import math


def warmup_cosine(step, total, warmup, peak, final):
    lr = final
    if step < warmup:
        lr = peak * (step // warmup)
    elif step < total:
        p = (step - warmup) / (total - warmup)
        lr = final + (peak - final) * (math.cos(p * math.pi) + 1) / 2
    return lr
