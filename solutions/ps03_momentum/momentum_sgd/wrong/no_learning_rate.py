# family: learning-rate
# line: 8
# about: moves by the whole velocity, lr is never used
def momentum_sgd(grad_f, x0, lr, beta, steps):
    x, v = x0, 0.0
    for _ in range(steps):
        v = beta * v + grad_f(x)
        x = x - v
    return x
