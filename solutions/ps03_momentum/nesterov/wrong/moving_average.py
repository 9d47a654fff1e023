# family: velocity
# line: 9
# about: weighs the gradient by 1 - beta, which makes the velocity an average
def nesterov(grad_f, x0, lr, beta, steps):
    x = x0
    v = 0.0
    for _ in range(steps):
        g = grad_f(x - lr * beta * v)
        v = beta * v + (1 - beta) * g
        x = x - lr * v
    return x
