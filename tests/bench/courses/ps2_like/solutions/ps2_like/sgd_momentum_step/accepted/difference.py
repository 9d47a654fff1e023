import torch


def sgd_momentum_step(theta, g, v, lr, beta):
    with torch.no_grad():
        v_next = g + beta * v
        step = -lr * v_next
        return theta + step, v_next
