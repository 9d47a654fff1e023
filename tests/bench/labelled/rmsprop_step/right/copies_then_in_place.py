def rmsprop_step(theta, g, v, lr, rho, eps):
    theta, v = theta.copy(), v.copy()
    v *= rho
    v += (1.0 - rho) * (g * g)
    nevezo = v**0.5
    nevezo += eps
    theta -= lr * g / nevezo
    return theta, v
