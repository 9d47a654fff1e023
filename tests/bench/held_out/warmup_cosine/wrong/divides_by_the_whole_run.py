# family: schedule
# line: 22
# about: the cosine is stretched over total steps and not over the steps after the warm-up
import math


class LRScheduler:
    def __init__(self, total_iters, warmup_iters, max_lr, min_lr):
        self.total_iters = total_iters
        self.warmup_iters = warmup_iters
        self.max_lr = max_lr
        self.min_lr = min_lr

    def __call__(self, it):
        # 1) linear warmup
        if it < self.warmup_iters:
            return self.max_lr * it / self.warmup_iters
        # 2) after the end: min learning rate
        if it >= self.total_iters:
            return self.min_lr
        # 3) cosine in between
        decay_ratio = (it - self.warmup_iters) / self.total_iters
        coeff = 0.5 * (1.0 + math.cos(math.pi * decay_ratio))
        return self.min_lr + coeff * (self.max_lr - self.min_lr)


def warmup_cosine(step, total, warmup, peak, final):
    return LRScheduler(total, warmup, peak, final)(step)
