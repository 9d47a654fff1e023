# family: decay
# line: 9
# about: the decay is added to the gradient and vanishes in the sign
import torch


def lion_step(theta, g, m, lr, beta1, beta2, wd):
    theta, g, m = torch.tensor(theta), torch.tensor(g), torch.tensor(m)
    g = g.add(theta, alpha=wd)
    update = torch.sign(m * beta1 + g * (1 - beta1))
    theta = theta - lr * update
    m = m * beta2 + g * (1 - beta2)
    return theta.numpy(), m.numpy()
