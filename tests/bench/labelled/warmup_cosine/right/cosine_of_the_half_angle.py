import math


def warmup_cosine(step, total, warmup, peak, final):
    if warmup > step:
        lr = step * peak / warmup
    elif step < total:
        angle = math.pi / 2 * (step - warmup) / (total - warmup)
        lr = final + (peak - final) * math.cos(angle) ** 2
    else:
        lr = final
    return lr
