# family: learning-rate
# line: 11
# about: the scaled gradient is subtracted without the learning rate
import torch


def rmsprop_step(theta, g, v, lr, rho, eps):
    g_t = torch.from_numpy(g)
    v_t = torch.from_numpy(v) * rho + g_t * g_t * (1 - rho)
    th = torch.from_numpy(theta).clone()
    th.addcdiv_(g_t, v_t.sqrt() + eps, value=-1.0)
    return th, v_t
