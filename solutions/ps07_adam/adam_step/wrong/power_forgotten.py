# family: bias-correction
# line: 12
# about: divides by 1 - beta2 at every step instead of by 1 - beta2**t
import torch


def adam_step(theta, g, m, v, t, lr, beta1, beta2, eps):
    theta, g, m, v = map(torch.tensor, (theta, g, m, v))
    m = torch.lerp(m, g, 1 - beta1)
    v = torch.lerp(v, g * g, 1 - beta2)
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2)
    theta = theta - lr * m_hat / (v_hat.sqrt() + eps)
    return theta.numpy(), m.numpy(), v.numpy()
