import torch


def grad_descent(grad_f, x0, lr, steps):
    w = torch.tensor(x0, dtype=torch.float64)
    scalar = w.dim() == 0
    for _ in range(steps):
        point = w.item() if scalar else w.numpy().copy()
        g = torch.as_tensor(grad_f(point), dtype=torch.float64)
        w.sub_(g, alpha=lr)
    return w.item() if scalar else w.numpy()
