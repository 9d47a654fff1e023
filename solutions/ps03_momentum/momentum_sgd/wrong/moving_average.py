# family: velocity
# line: 8
# about: the factor 1 - beta makes the velocity an average of gradients instead of their sum
def momentum_sgd(grad_f, x0, lr, beta, steps):
    x, velocity = x0, 0.0
    for _ in range(steps):
        g = grad_f(x)
        velocity = beta * velocity + (1 - beta) * g
        x = x - lr * velocity
    return x
