# family: return
# line: 11
# about: the extrapolated point is returned, not the iterate
def nesterov(grad_f, x0, lr, beta, steps):
    x_prev = x0
    y = x0
    for t in range(steps):
        x_next = y - lr * grad_f(y)
        y = x_next + beta * (x_next - x_prev)
        x_prev = x_next
    return y
