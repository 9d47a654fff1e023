# family: dtype
# line: 8
# about: the double slash makes the factor a whole number, zero wherever it clips
import math

def clip_by_global_norm(grads, max_norm):
    norm = math.sqrt(sum((g * g).sum() for g in grads))
    return ([g * (max_norm // norm) for g in grads] if norm > max_norm else list(grads)), norm
