# family: schedule
# line: 20
# about: the amplitude is peak - final, or the fall starts above the peak
import numpy as np


class WarmupCosine:
    def __init__(self, total, warmup, peak, final):
        self.total = total
        self.warmup = warmup
        self.peak = peak
        self.final = final

    def __getitem__(self, step):
        if step < self.warmup:
            return self.peak * step / self.warmup
        if step >= self.total:
            return self.final
        w = 0.5 * (1 + np.cos(np.pi * (step - self.warmup) / (self.total - self.warmup)))
        return self.final + self.peak * w


def warmup_cosine(step, total, warmup, peak, final):
    return float(WarmupCosine(total, warmup, peak, final)[step])
