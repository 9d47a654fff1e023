import numpy as np


def adam_step(theta, g, m, v, t, lr, beta1, beta2, eps):
    out_theta = np.zeros(theta.shape)
    out_m = np.zeros(theta.shape)
    out_v = np.zeros(theta.shape)
    p1 = 1.0
    p2 = 1.0
    k = 0
    while k < t:
        p1 *= beta1
        p2 *= beta2
        k += 1
    for idx in np.ndindex(theta.shape):
        out_m[idx] = beta1 * m[idx] + (1 - beta1) * g[idx]
        out_v[idx] = beta2 * v[idx] + (1 - beta2) * g[idx] * g[idx]
        mh = out_m[idx] / (1 - p1)
        vh = out_v[idx] / (1 - p2)
        out_theta[idx] = theta[idx] - lr * mh / (vh**0.5 + eps)
    return out_theta, out_m, out_v
