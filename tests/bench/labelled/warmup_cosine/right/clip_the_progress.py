import numpy as np


def warmup_cosine(step, total, warmup, peak, final):
    if step < warmup:
        return peak * (step / warmup)
    progress = np.clip((step - warmup) / max(total - warmup, 1), 0.0, 1.0)
    if step >= total:
        progress = 1.0
    return float(final + 0.5 * (peak - final) * (1.0 + np.cos(np.pi * progress)))
