# family: moment
# line: 6
# about: the gradient is divided by the mean square and not by its root
def rmsprop_step(theta, g, v, lr, rho, eps):
    atlag = rho * v + (1 - rho) * g * g
    oszto = atlag + eps
    return theta - lr * (g / oszto), atlag
