import numpy as np


def warmup_cosine(step, total, warmup, peak, final):
    if warmup > 0 and step < warmup:
        return peak * (step / warmup)
    progress = np.clip((step - warmup) / max(1, total - warmup), 0.0, 1.0)
    return final + 0.5 * (peak - final) * (1 + np.cos(np.pi * progress))
