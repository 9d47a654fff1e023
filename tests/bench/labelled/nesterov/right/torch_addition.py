import torch


def nesterov(grad_f, x0, lr, beta, steps):
    p = torch.tensor(x0, dtype=torch.float64)
    buf = torch.zeros_like(p)

    def evaluate(q):
        return torch.as_tensor(grad_f(q.item() if q.ndim == 0 else q.numpy()), dtype=torch.float64)

    for _ in range(steps):
        grad = evaluate(torch.add(p, buf, alpha=-lr * beta))
        buf.mul_(beta).add_(grad)
        p.sub_(lr * buf)
    return p.item() if p.ndim == 0 else p.numpy()
