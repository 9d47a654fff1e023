# family: schedule
# line: 12
# about: 2 pi makes a whole wave: the rate is back at the peak at the end
import math

def warmup_cosine(step, total, warmup, peak, final):
    if step < warmup:
        return peak * step / warmup
    if step >= total:
        return final
    q = (step - warmup) / (total - warmup)
    return final + (peak - final) * (1 + math.cos(2 * math.pi * q)) / 2
