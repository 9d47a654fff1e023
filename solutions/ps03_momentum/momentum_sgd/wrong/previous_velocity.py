# family: velocity
# line: 8
# about: moves with the velocity of the step before, because both are assigned at once
def momentum_sgd(grad_f, x0, lr, beta, steps):
    x = x0
    v = 0.0 * x0
    for _ in range(steps):
        v, x = beta * v + grad_f(x), x - lr * v
    return x
