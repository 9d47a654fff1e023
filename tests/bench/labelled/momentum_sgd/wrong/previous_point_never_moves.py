# family: velocity
# line: 9
# about: the previous point stays at x0, so the push is from the start
def momentum_sgd(grad_f, x0, lr, beta, steps):
    x_prev = x0
    x = x0
    for _ in range(steps):
        x_next = x - lr * grad_f(x) + beta * (x - x_prev)
        x = x_next
    return x
