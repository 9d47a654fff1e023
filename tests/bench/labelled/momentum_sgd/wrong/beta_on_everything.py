# family: velocity
# line: 6
# about: beta multiplies the new gradient as well as the old velocity
def momentum_sgd(grad_f, x0, lr, beta, steps):
    def new_velocity(v, g):
        return beta * (v + g)

    x = x0
    v = x0 * 0
    for _ in range(steps):
        v = new_velocity(v, grad_f(x))
        x = x - lr * v
    return x
