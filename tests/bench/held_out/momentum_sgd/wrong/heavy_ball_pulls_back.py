# family: sign
# line: 9
# about: the inertia term is taken off and not added
def momentum_sgd(grad_f, x0, lr, beta, steps):
    old = x0
    cur = x0
    for _ in range(steps):
        g = grad_f(cur)
        old, cur = cur, cur - lr * g - beta * (cur - old)
    return cur
