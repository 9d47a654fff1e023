def adam_step(theta, g, m, v, t, lr, beta1, beta2, eps):
    ema = lambda old, new, b: b * old + (1 - b) * new
    debias = lambda mom, b: mom / (1 - b**t)
    m, v = ema(m, g, beta1), ema(v, g**2, beta2)
    return theta - lr * debias(m, beta1) / (debias(v, beta2) ** 0.5 + eps), m, v
