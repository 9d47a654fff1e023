# family: schedule
# line: 13
# about: beyond total the rate is zero, where it should stay final
import math


def warmup_cosine(step, total, warmup, peak, final):
    if step < warmup:
        lr = peak * step / warmup
    elif step < total:
        lr = final + (peak - final) * (1 + math.cos(math.pi * (step - warmup) / (total - warmup))) / 2
    else:
        lr = 0.0
    return lr
