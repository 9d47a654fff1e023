# family: algebra
# line: 7
# about: lr and beta have changed places
def momentum_sgd(grad_f, x0, lr, beta, steps):
    x = x0
    v = 0.0
    beta, lr = lr, beta
    for _ in range(steps):
        v = beta * v + grad_f(x)
        x = x - lr * v
    return x
