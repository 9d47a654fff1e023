# family: moment
# line: 9
# about: divides by the second moment itself
def adam_step(theta, g, m, v, t, lr, beta1, beta2, eps):
    m = m + (1 - beta1) * (g - m)
    v = v + (1 - beta2) * (g * g - v)
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    delta = lr * m_hat / (v_hat + eps)
    return theta - delta, m, v
