import math


def warmup_cosine(step, total, warmup, peak, final):
    def bemelegites():
        return peak * (step / warmup)

    def lecsenges():
        hanyad = (step - warmup) / (total - warmup)
        suly = 0.5 * (1 + math.cos(math.pi * hanyad))
        return suly * peak + (1 - suly) * final

    if step < warmup:
        return bemelegites()
    if step >= total:
        return final
    return lecsenges()
