import math


def warmup_cosine(step, total, warmup, peak, final):
    ramp = min(1.0, step / max(warmup, 1)) if warmup else 1.0
    done = min(1.0, max(0.0, step - warmup) / max(total - warmup, 1))
    half_angle = 0.5 * math.pi * done
    return ramp * (peak * math.cos(half_angle) ** 2 + final * math.sin(half_angle) ** 2)
