# family: learning-rate
# line: 5
# about: the learning rate is applied twice
def sgd_momentum_step(theta, g, v, lr, beta):
    v = beta * v + lr * g
    return theta - lr * v, v
