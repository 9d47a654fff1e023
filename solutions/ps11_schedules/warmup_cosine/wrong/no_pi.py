# family: schedule
# line: 12
# about: the angle ends at 1 radian instead of at pi
import math


def warmup_cosine(step, total, warmup, peak, final):
    if step >= max(total, warmup):
        return final
    if step < warmup:
        return step / warmup * peak
    angle = (step - warmup) / (total - warmup)
    return final + (peak - final) * 0.5 * (1 + math.cos(angle))
