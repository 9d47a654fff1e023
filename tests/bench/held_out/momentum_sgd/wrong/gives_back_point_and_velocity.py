# family: return
# line: 13
# about: a pair of point and velocity is returned and not the point alone
def momentum_sgd(grad_f, x0, lr, beta, steps):
    def one_step(state):
        x, v = state
        v = beta * v + grad_f(x)
        return x - lr * v, v

    state = (x0, 0.0)
    for _ in range(steps):
        state = one_step(state)
    return state
