# family: learning-rate
# line: 9
# about: the position moves by the whole velocity
def nesterov(grad_f, x0, lr, beta, steps):
    x = x0
    v = 0.0
    for _ in range(steps):
        v = beta * v + grad_f(x - lr * beta * v)
        x = x - v
    return x
