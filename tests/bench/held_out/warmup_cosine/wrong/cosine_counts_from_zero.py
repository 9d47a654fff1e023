# family: schedule
# line: 11
# about: progress is not counted from the end of the warm-up
import math


def warmup_cosine(step, total, warmup, peak, final):
    if step < warmup:
        return peak * step / warmup
    elif step < total:
        t = step / total
        return final + 0.5 * (peak - final) * (1 + math.cos(math.pi * t))
    else:
        return final
