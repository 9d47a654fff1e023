# family: velocity
# line: 10
# about: the velocity is computed, but the update uses the plain gradient
def momentum_sgd(grad_f, x0, lr, beta, steps):
    x = x0
    v = 0.0
    for _ in range(steps):
        g = grad_f(x)
        v = beta * v + g
        x = x - lr * g
    return x
