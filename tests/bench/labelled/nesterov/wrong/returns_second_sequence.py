# family: return
# line: 10
# about: y is the look-ahead point; x is asked for
def nesterov(grad_f, x0, lr, beta, steps):
    xk, yk = x0, x0
    for _ in range(steps):
        x_next = yk - lr * grad_f(yk)
        yk = x_next + beta * (x_next - xk)
        xk = x_next
    return yk
