# family: velocity
# line: 7
# about: the velocity is set to zero inside the loop
def nesterov(grad_f, x0, lr, beta, steps):
    x = x0
    for _ in range(steps):
        v = 0.0
        v = beta * v + grad_f(x - lr * beta * v)
        x = x - lr * v
    return x
