# family: algebra
# line: 10
# about: the second if should be an elif: it overwrites the rate of the ramp
import math


def warmup_cosine(step, total, warmup, peak, final):
    if step < warmup:
        taux = peak * step / warmup
    if step >= total:
        taux = final
    else:
        avance = (step - warmup) / (total - warmup)
        taux = final + (peak - final) * (1 + math.cos(math.pi * avance)) / 2
    return taux
