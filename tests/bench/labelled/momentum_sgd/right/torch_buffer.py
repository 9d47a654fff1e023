import numpy as np
import torch


def momentum_sgd(grad_f, x0, lr, beta, steps):
    p = torch.tensor(np.array(x0, dtype=float))
    buf = None
    for _ in range(steps):
        here = p.item() if p.ndim == 0 else p.numpy()
        d_p = torch.as_tensor(grad_f(here), dtype=torch.float64)
        if buf is None:
            buf = d_p.clone()
        else:
            buf.mul_(beta).add_(d_p)
        p.add_(buf, alpha=-lr)
    return p.item() if p.ndim == 0 else p.numpy()
