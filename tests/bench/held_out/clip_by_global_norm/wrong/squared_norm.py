# family: norm
# line: 5
# about: the root is missing: this is the square of the norm
def clip_by_global_norm(grads, max_norm):
    norm = sum((g**2).sum() for g in grads)
    if norm > max_norm:
        grads = [g * max_norm / norm for g in grads]
    return grads, norm
