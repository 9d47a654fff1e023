# family: schedule
# line: 16
# about: the ramp is one step ahead: it counts from one
import math


class Schedule:
    def __init__(self, total_steps, warmup_steps, max_lr, min_lr):
        self.total_steps = total_steps
        self.warmup_steps = warmup_steps
        self.max_lr = max_lr
        self.min_lr = min_lr

    def get_lr(self, it):
        if it < self.warmup_steps:
            return self.max_lr * (it + 1) / self.warmup_steps
        if it >= self.total_steps:
            return self.min_lr
        decay_ratio = (it - self.warmup_steps) / (self.total_steps - self.warmup_steps)
        coeff = 0.5 * (1.0 + math.cos(math.pi * decay_ratio))
        return self.min_lr + coeff * (self.max_lr - self.min_lr)


def warmup_cosine(step, total, warmup, peak, final):
    return Schedule(total, warmup, peak, final).get_lr(step)
