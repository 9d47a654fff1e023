# family: velocity
# line: 9
# about: the old velocity is dropped, only the look-ahead remembers it
def nesterov(grad_f, x0, lr, beta, steps):
    from math import prod
    x, v = x0, 0.0
    for _ in range(steps):
        coefficient = prod([lr, beta])
        v = grad_f(x - coefficient * v)
        x = x - lr * v
    return x
