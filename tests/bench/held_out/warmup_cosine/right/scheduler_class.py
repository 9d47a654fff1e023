import numpy as np


class CosineWithWarmup:
    def __init__(self, total, warmup, peak, final):
        self.total = total
        self.warmup = warmup
        self.peak = peak
        self.final = final

    def get_lr(self, step):
        if step < self.warmup:
            return self.peak / self.warmup * step
        if step >= self.total:
            return self.final
        decay_steps = self.total - self.warmup
        angle = np.pi * (step - self.warmup) / decay_steps
        return float(0.5 * (self.peak + self.final) + 0.5 * (self.peak - self.final) * np.cos(angle))


def warmup_cosine(step, total, warmup, peak, final):
    return CosineWithWarmup(total, warmup, peak, final).get_lr(step)
