# family: velocity
# line: 6
# about: the step is taken with the gradient alone
def sgd_momentum_step(theta, g, v, lr, beta):
    v = beta * v + g
    return theta - lr * g, v
