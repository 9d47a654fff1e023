# family: moment
# line: 11
# about: lerp gets beta1 as the weight of the gradient, where it is one minus beta1
import torch


def adam_step(theta, g, m, v, t, lr, beta1, beta2, eps):
    grad = torch.tensor(g)
    m = torch.tensor(m)
    v = torch.tensor(v)
    m.lerp_(grad, beta1)
    v.lerp_(grad * grad, 1 - beta2)
    m_hat = m.div(1 - beta1**t)
    v_hat = v.div(1 - beta2**t)
    theta = torch.tensor(theta).sub(lr * m_hat.div(v_hat.sqrt().add(eps)))
    return theta, m, v
