# family: step-count
# line: 9
# about: the gradient is taken once, at the start, and used for every step
import torch


def grad_descent(grad_f, x0, lr, steps):
    w = torch.tensor(x0, dtype=torch.float64)
    grad = torch.as_tensor(grad_f(x0), dtype=torch.float64)
    for _ in range(steps):
        w = w.add(grad, alpha=-lr)
    return w.item() if w.ndim == 0 else w.numpy()
