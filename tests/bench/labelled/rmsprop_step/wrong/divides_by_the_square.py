# family: moment
# line: 6
# about: the root of the mean square is missing
def rmsprop_step(theta, g, v, lr, rho, eps):
    v = rho*v + (1-rho)*g*g
    return theta - lr*g/(v + eps), v
