from math import cos, pi


class WarmupCosine:
    def __init__(self, total, warmup, peak, final):
        self.total = total
        self.warmup = warmup
        self.peak = peak
        self.final = final

    def ramp(self, step):
        return self.peak * step / self.warmup

    def anneal(self, step):
        x = (step - self.warmup) / (self.total - self.warmup)
        a, b = (1 + cos(pi * x)) / 2, (1 - cos(pi * x)) / 2
        return a * self.peak + b * self.final

    def __getitem__(self, step):
        if step >= self.warmup:
            return self.final if step >= self.total else self.anneal(step)
        return self.ramp(step)


def warmup_cosine(step, total, warmup, peak, final):
    return WarmupCosine(total, warmup, peak, final)[step]
