# family: clamp
# line: 11
# about: the progress is not held at one, so the rate climbs again after the end
import math


def progress_after_warmup(step, total, warmup):
    length = total - warmup
    if length < 1:
        length = 1
    return (step - warmup) / length


def warmup_cosine(step, total, warmup, peak, final):
    if step < warmup:
        return peak * step / warmup
    fortschritt = progress_after_warmup(step, total, warmup)
    return final + (peak - final) * 0.5 * (1 + math.cos(math.pi * fortschritt))
