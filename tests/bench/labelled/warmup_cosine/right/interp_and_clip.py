import numpy as np


def warmup_cosine(step, total, warmup, peak, final):
    if step < warmup:
        return float(np.interp(step, [0, warmup], [0.0, peak]))
    if warmup == total:
        return float(final)
    angle = np.clip((step - warmup) / (total - warmup), 0, 1) * np.pi
    return float(final + 0.5 * (peak - final) * (1 + np.cos(angle)))
