# family: sign
# line: 14
# about: 1 - cos rises from 0 to 2, so the rate climbs
import math


def warmup_cosine(step, total, warmup, peak, final):
    """lr(step)"""
    if step < warmup:
        return step * peak / warmup
    if step >= total:
        return final
    decay_steps = total - warmup
    cosine_decay = 0.5 * (1 - math.cos(math.pi * (step - warmup) / decay_steps))
    return (peak - final) * cosine_decay + final
