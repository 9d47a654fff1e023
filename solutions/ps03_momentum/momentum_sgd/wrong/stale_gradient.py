# family: step-count
# line: 5
# about: the gradient is measured once, before the loop
def momentum_sgd(grad_f, x0, lr, beta, steps):
    g = grad_f(x0)
    v = 0.0 * g
    x = x0
    for _ in range(steps):
        v = beta * v + g
        x = x - lr * v
    return x
