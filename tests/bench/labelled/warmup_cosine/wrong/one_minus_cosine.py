# family: sign
# line: 13
# about: one minus the cosine climbs where one plus the cosine falls
import torch


def warmup_cosine(step, total, warmup, peak, final):
    if step < warmup:
        return peak * step / warmup
    if step >= total:
        return final
    angle = torch.tensor(torch.pi * (step - warmup) / (total - warmup), dtype=torch.float64)
    weight = (1 - torch.cos(angle)) / 2
    return final + (peak - final) * weight.item()
