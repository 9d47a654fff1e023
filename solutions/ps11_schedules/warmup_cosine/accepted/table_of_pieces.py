import numpy as np


def warmup_cosine(step, total, warmup, peak, final):
    k = np.float64(step)
    length = np.float64(total - warmup)
    with np.errstate(divide="ignore", invalid="ignore"):
        ramp = peak * k / np.float64(warmup)
        wave = final + (peak - final) / 2 * (1 + np.cos((k - warmup) / length * np.pi))
    lr = np.where(k < warmup, ramp, np.where(k < total, wave, final))
    return float(lr)
