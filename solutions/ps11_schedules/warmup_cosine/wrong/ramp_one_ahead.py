# family: schedule
# line: 9
# about: the ramp uses step + 1 and so reaches the peak one step too soon
import math


def warmup_cosine(step, total, warmup, peak, final):
    if step < warmup:
        return peak * (step + 1) / warmup
    p = min(1.0, (step - warmup) / max(1, total - warmup))
    return final + 0.5 * (peak - final) * (1 + math.cos(p * math.pi))
