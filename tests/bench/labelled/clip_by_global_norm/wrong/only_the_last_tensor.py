# family: norm
# line: 7
# about: the sum is overwritten, so only the last tensor counts
def clip_by_global_norm(grads, max_norm):
    osszeg = 0.0
    for g in grads:
        osszeg = float((g**2).sum())
    norma = osszeg**0.5
    if norma <= max_norm:
        return [g.copy() for g in grads], norma
    return [g / norma * max_norm for g in grads], norma
