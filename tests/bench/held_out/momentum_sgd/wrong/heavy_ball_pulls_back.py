# family: sign
# line: 11
# about: the inertia term is taken off and not added
def momentum_sgd(grad_f, x0, lr, beta, steps):
    old = x0
    cur = x0
    for _ in range(steps):
        inertia = beta * (cur - old)
        descent = lr * grad_f(cur)
        old = cur
        cur = cur - descent - inertia
    return cur
