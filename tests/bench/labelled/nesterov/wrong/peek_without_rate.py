# family: look-ahead
# line: 6
# about: lr is missing in the look-ahead
def nesterov(grad_f, x0, lr, beta, steps):
    def ahead(pos, vel):
        return pos - beta * vel

    pos = x0
    vel = 0 * x0
    for _ in range(steps):
        vel = grad_f(ahead(pos, vel)) + beta * vel
        pos = pos - lr * vel
    return pos
