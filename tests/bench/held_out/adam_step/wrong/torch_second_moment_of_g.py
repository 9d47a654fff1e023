# family: moment
# line: 10
# about: the second moment collects the gradient and not its square
import torch


def adam_step(theta, g, m, v, t, lr, beta1, beta2, eps):
    theta, g, m, v = [torch.tensor(a, dtype=torch.float64) for a in (theta, g, m, v)]
    m.mul_(beta1).add_(g, alpha=1 - beta1)
    v.mul_(beta2).add_(g, alpha=1 - beta2)
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    theta -= lr * m_hat / (torch.sqrt(v_hat) + eps)
    return theta.numpy(), m.numpy(), v.numpy()
