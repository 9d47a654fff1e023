# family: norm
# line: 5
# about: the norm lacks its root
def clip_tensors(grads, max_norm):
    norm = sum((g**2).sum() for g in grads)
    scale = min(1.0, max_norm / (float(norm) + 1e-12))
    return [g * scale for g in grads], norm
