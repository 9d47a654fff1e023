# family: learning-rate
# line: 6
# about: the gradient goes into the velocity unscaled by the learning rate
def nesterov(grad_f, x0, lr, beta, steps):
    x, v = x0, 0.0
    for _ in range(steps): v = beta * v - grad_f(x + beta * v); x = x + v
    return x
