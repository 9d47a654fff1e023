# family: eps
# line: 12
# about: gradients that are all zero lead to a division by zero
import math


def clip_by_global_norm(grads, max_norm):
    sq = 0.0
    for g in grads:
        sq += float((g * g).sum())
    n = math.sqrt(sq)
    k = min(1.0, max_norm / n)
    return [g * k for g in grads], n
