import torch


def warmup_cosine(step, total, warmup, peak, final):
    s = torch.tensor(float(step), dtype=torch.float64)
    span = float(max(total - warmup, 1))
    x = torch.clamp((s - warmup) / span, 0.0, 1.0) if step < total else torch.ones_like(s)
    cosine = final + (peak - final) * (1 + torch.cos(torch.pi * x)) * 0.5
    ramp = peak * s / max(warmup, 1)
    return torch.where(s < warmup, ramp, cosine).item()
