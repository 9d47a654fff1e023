# family: return
# line: 9
# about: returns the velocity instead of the position
def momentum_sgd(grad_f, x0, lr, beta, steps):
    x, v = x0, 0.0 * x0
    for _ in range(steps):
        v = beta * v + grad_f(x)
        x = x - lr * v
    return v
