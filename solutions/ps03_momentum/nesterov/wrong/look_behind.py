# family: sign
# line: 8
# about: adds the velocity, so the gradient is measured behind x and not ahead of it
def nesterov(grad_f, x0, lr, beta, steps):
    x = x0
    v = 0.0
    for _ in range(steps):
        look = x + lr * beta * v
        v = beta * v + grad_f(look)
        x = x - lr * v
    return x
