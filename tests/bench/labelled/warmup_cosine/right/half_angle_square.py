from math import cos, pi


def warmup_cosine(step, total, warmup, peak, final):
    if step < warmup:
        return peak / warmup * step
    elif step < total:
        done = (step - warmup) / (total - warmup)
        return final + (peak - final) * cos(pi * done / 2) ** 2
    else:
        return final
