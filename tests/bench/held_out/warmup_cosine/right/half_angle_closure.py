from math import cos, pi


def warmup_cosine(step, total, warmup, peak, final):
    def ramp():
        return peak * step / warmup

    def fall():
        # (1 + cos x) / 2 = cos(x / 2)^2
        return final + (peak - final) * cos(0.5 * pi * (step - warmup) / (total - warmup)) ** 2

    return ramp() if step < warmup else fall() if step < total else final
