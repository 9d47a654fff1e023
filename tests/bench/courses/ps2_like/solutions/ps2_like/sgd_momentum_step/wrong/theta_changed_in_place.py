# family: mutation
# line: 5
# about: the parameter that was handed in is changed
def sgd_momentum_step(theta, g, v, lr, beta):
    theta.sub_(lr * (beta * v + g))
    return theta, beta * v + g
