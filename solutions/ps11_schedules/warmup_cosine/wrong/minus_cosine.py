# family: sign
# line: 18
# about: 1 - cos climbs from final to peak
import math


class Schedule:
    def __init__(self, total, warmup, peak, final):
        self.total, self.warmup = total, warmup
        self.peak, self.final = peak, final

    def at(self, step):
        if step < self.warmup:
            return self.peak * step / self.warmup
        if step >= self.total:
            return self.final
        done = (step - self.warmup) / (self.total - self.warmup)
        return self.final + (self.peak - self.final) * (1 - math.cos(math.pi * done)) / 2


def warmup_cosine(step, total, warmup, peak, final):
    return Schedule(total, warmup, peak, final).at(step)
