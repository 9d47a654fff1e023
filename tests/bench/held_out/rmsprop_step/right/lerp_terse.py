def rmsprop_step(theta, g, v, lr, rho, eps):
    v = v + (1 - rho) * (g * g - v)
    return theta - lr * g / (v**0.5 + eps), v
