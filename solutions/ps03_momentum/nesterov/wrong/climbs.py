# family: sign
# line: 9
# about: the position moves along the velocity, uphill
def nesterov(grad_f, x0, lr, beta, steps):
    pos = x0
    vel = 0.0
    while steps > 0:
        vel = beta * vel + grad_f(pos - lr * beta * vel)
        pos = pos + lr * vel
        steps -= 1
    return pos
