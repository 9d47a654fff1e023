# family: norm
# line: 5
# about: norms do not add up
def clip_tensors(grads, max_norm):
    norm = sum(g.norm() for g in grads)
    scale = min(1.0, max_norm / (float(norm) + 1e-12))
    return [g * scale for g in grads], norm
