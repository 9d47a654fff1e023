import math


def clip_by_global_norm(grads, max_norm):
    entries = (float(x) for g in grads for x in g.flat)
    norm = math.hypot(*entries)
    factor = max_norm / max(norm, max_norm)
    return [factor * g for g in grads], norm
