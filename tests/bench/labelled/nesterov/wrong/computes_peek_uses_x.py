# family: look-ahead
# line: 9
# about: the look-ahead point is computed, and the gradient is taken at x
def nesterov(grad_f, x0, lr, beta, steps):
    w = x0
    m = 0.0
    for t in range(steps):
        lookahead = w - lr * beta * m
        grad = grad_f(w)
        m = beta * m + grad
        w = w - lr * m
    return w
