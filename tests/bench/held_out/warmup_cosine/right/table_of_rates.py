import numpy as np


def warmup_cosine(step, total, warmup, peak, final):
    ramp = np.arange(warmup) * peak / max(warmup, 1)
    k = np.arange(total - warmup)
    cosine = final + 0.5 * (peak - final) * (1 + np.cos(np.pi * k / max(total - warmup, 1)))
    schedule = np.concatenate([ramp, cosine])
    if step < len(schedule):
        return float(schedule[step])
    return final
