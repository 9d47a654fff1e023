# family: bias-correction
# line: 17
# about: the update uses the raw second moment and not the corrected one
import numpy as np


def adam_step(theta, g, m, v, t, lr, beta1, beta2, eps):
    # update biased first and second moment
    vdw = beta1 * m + (1 - beta1) * g
    sdw = beta2 * v + (1 - beta2) * g**2

    # bias correction
    vdw_corr = vdw / (1 - beta1**t)
    sdw_corr = sdw / (1 - beta2**t)

    # update parameters
    theta = theta - lr * vdw_corr / (np.sqrt(sdw) + eps)
    return theta, vdw, sdw
