# family: schedule
# line: 9
# about: the ramp is one step ahead: step 0 has rate zero
import math


def warmup_cosine(step, total, warmup, peak, final):
    def ramp():
        return (step + 1) / warmup * peak

    def cosine():
        frac = (step - warmup) / (total - warmup)
        return final + (peak - final) * (1 + math.cos(math.pi * frac)) / 2

    if step >= warmup:
        return final if step >= total else cosine()
    return ramp()
