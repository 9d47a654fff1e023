# family: velocity
# line: 11
# about: the update follows the gradient and not the velocity
def nesterov(grad_f, x0, lr, beta, steps):
    pos = x0
    vel = 0.0
    for _ in range(steps):
        nxt = pos - lr * beta * vel
        slope = grad_f(nxt)
        vel = beta * vel + slope
        pos = pos - lr * slope
    return pos
