# family: moment
# line: 6
# about: divides by the mean square, not by its root
def rmsprop_step(theta, g, v, lr, rho, eps):
    cache = rho * v + (1 - rho) * g * g
    return theta - lr * g / (cache + eps), cache
