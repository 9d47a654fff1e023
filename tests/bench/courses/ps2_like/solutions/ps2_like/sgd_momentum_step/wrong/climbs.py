# family: sign
# line: 6
# about: the step climbs
def sgd_momentum_step(theta, g, v, lr, beta):
    v = beta * v + g
    return theta + lr * v, v
