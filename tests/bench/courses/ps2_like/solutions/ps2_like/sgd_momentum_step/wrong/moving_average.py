# family: velocity
# line: 5
# about: the gradient is weighted by 1 - beta
def sgd_momentum_step(theta, g, v, lr, beta):
    v = beta * v + (1 - beta) * g
    return theta - lr * v, v
