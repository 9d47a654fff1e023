# family: look-ahead
# line: 8
# about: the look-ahead point forgets the learning rate
def nesterov(grad_f, x0, lr, beta, steps):
    x = x0
    v = 0
    for _ in range(steps):
        v = beta * v + grad_f(x - beta * v)
        x = x - lr * v
    return x
