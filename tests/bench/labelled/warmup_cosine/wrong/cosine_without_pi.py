# family: schedule
# line: 10
# about: the angle lacks pi, so the cosine never comes down
from math import cos


def warmup_cosine(step, total, warmup, peak, final):
    return (peak * step / warmup if step < warmup
            else final if step >= total
            else final + (peak - final) * (1 + cos((step - warmup) / (total - warmup))) / 2)
