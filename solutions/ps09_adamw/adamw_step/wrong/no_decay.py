# family: decay
# line: 9
# about: wd is never used: this is plain Adam
def adamw_step(theta, g, m, v, t, lr, beta1, beta2, eps, wd):
    m = m + (1 - beta1) * (g - m)
    v = v + (1 - beta2) * (g * g - v)
    a = m / (1 - beta1**t)
    b = v / (1 - beta2**t)
    return theta - lr * a / (b**0.5 + eps), m, v
