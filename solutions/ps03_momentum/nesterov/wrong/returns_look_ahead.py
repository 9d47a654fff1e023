# family: return
# line: 10
# about: the point one would look at next comes back instead of x
def nesterov(grad_f, x0, lr, beta, steps):
    x = x0
    v = 0.0 * x0
    for _ in range(steps):
        v = beta * v + grad_f(x - lr * beta * v)
        x = x - lr * v
    return x - lr * beta * v
