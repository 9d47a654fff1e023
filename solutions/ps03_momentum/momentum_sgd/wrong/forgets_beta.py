# family: velocity
# line: 8
# about: without beta old gradients never fade
def momentum_sgd(grad_f, x0, lr, beta, steps):
    v = 0.0 * x0
    x = x0
    for _ in range(steps):
        v = v + grad_f(x)
        x = x - lr * v
    return x
