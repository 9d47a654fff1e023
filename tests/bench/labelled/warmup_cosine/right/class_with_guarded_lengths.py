import math


class Schedule:
    def __init__(self, total: int, warmup: int, peak: float, final: float):
        self.total, self.warmup = total, warmup
        self.peak, self.final = peak, final

    def progress(self, step: int) -> float:
        length = max(self.total - self.warmup, 1)
        return min((step - self.warmup) / length, 1.0)

    def lr(self, step: int) -> float:
        if step < self.warmup:
            return self.peak * step / self.warmup
        middle = (self.peak + self.final) / 2
        amplitude = (self.peak - self.final) / 2
        return middle + amplitude * math.cos(math.pi * self.progress(step))


def warmup_cosine(step, total, warmup, peak, final):
    return Schedule(total, warmup, peak, final).lr(step)
