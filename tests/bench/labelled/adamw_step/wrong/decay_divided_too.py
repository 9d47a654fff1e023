# family: decay
# line: 11
# about: the decay stands in the numerator and is divided by the root like a gradient
import numpy as np


def adamw_step(theta, g, m, v, t, lr, beta1, beta2, eps, wd):
    m = beta1*m + (1-beta1)*g
    v = beta2*v + (1-beta2)*g**2
    mh = m/(1-beta1**t); vh = v/(1-beta2**t)
    theta = theta - lr*(mh + wd*theta)/(np.sqrt(vh) + eps)
    return theta, m, v
