# family: clamp
# line: 10
# about: the larger of 1 and the ratio is taken
import math


def clip_by_global_norm(grads, max_norm):
    total = math.sqrt(sum(float(x) ** 2 for g in grads for x in g.ravel()))
    candidates = (1.0, max_norm / (total + 1e-12))
    c = max(candidates)
    return [c * g for g in grads], total
