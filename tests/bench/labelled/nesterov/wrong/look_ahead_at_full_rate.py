# family: look-ahead
# line: 11
# about: the look-ahead goes beta times the velocity, without the learning rate
import torch


def nesterov(grad_f, x0, lr, beta, steps):
    w = torch.tensor(x0, dtype=torch.float64)
    v = torch.zeros_like(w)
    for _ in range(steps):
        ahead = w.sub(v, alpha=beta)
        grad = grad_f(ahead.item() if ahead.ndim == 0 else ahead.numpy())
        v.mul_(beta).add_(torch.as_tensor(grad, dtype=torch.float64))
        w.sub_(v, alpha=lr)
    return w.item() if w.ndim == 0 else w.numpy()
