# family: return
# line: 10
# about: the extrapolated point is returned and not the iterate
def nesterov(grad_f, x0, lr, beta, steps):
    x, y = x0, x0
    for _ in range(steps):
        x_next = y - lr * grad_f(y)
        y = x_next + beta * (x_next - x)
        x = x_next
    return y
