# family: velocity
# line: 6
# about: the step is taken with the velocity from before
def sgd_momentum_step(theta, g, v, lr, beta):
    new_v = beta * v + g
    return theta - lr * v, new_v
