# family: sign
# line: 8
# about: the correction of the second moment divides by 1 + beta2^t
def adam_step(theta, g, m, v, t, lr, beta1, beta2, eps):
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g * g
    c1 = 1 - beta1**t
    c2 = 1 + beta2**t
    return theta - lr * (m / c1) / ((v / c2) ** 0.5 + eps), m, v
