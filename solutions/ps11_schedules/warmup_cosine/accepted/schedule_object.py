import math


class WarmupCosine:
    def __init__(self, total, warmup, peak, final):
        self.total, self.warmup, self.peak, self.final = total, warmup, peak, final

    def __call__(self, step):
        step = min(step, max(self.total, self.warmup))
        if step < self.warmup:
            return self.peak * step / self.warmup
        if step == self.total:
            return self.final
        angle = math.pi * (step - self.warmup) / (self.total - self.warmup)
        mean, amplitude = (self.peak + self.final) / 2, (self.peak - self.final) / 2
        return mean + amplitude * math.cos(angle)


def warmup_cosine(step, total, warmup, peak, final):
    return WarmupCosine(total, warmup, peak, final)(step)
