# family: velocity
# line: 13
# about: lerp makes a moving average, with one minus beta on the gradient
import torch


def momentum_sgd(grad_f, x0, lr, beta, steps):
    w = torch.tensor(x0, dtype=torch.float64)
    buf = torch.zeros_like(w)
    for _ in range(steps):
        here = w.item() if w.ndim == 0 else w.numpy()
        grad = torch.as_tensor(grad_f(here), dtype=torch.float64)
        buf.lerp_(grad, 1 - beta)
        w.add_(buf, alpha=-lr)
    return w.item() if w.ndim == 0 else w.numpy()
