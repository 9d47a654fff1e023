# family: learning-rate
# line: 8
# about: lr is in the velocity already, so it counts twice
def momentum_sgd(grad_f, x0, lr, beta, steps):
    x, delta = x0, 0.0
    for _ in range(steps):
        delta = beta * delta - lr * grad_f(x)
        x = x + lr * delta
    return x
