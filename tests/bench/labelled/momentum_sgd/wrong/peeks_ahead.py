# family: look-ahead
# line: 8
# about: the slope is measured at a point ahead, which is Nesterov's method
def momentum_sgd(grad_f, x0, lr, beta, steps):
    step = 0.0
    p = x0
    for _ in range(steps):
        g = grad_f(p + beta * step)
        step = beta * step - lr * g
        p = p + step
    return p
