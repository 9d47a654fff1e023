# family: sign
# line: 9
# about: the difference is the wrong way round, so y lies behind x
def nesterov(grad_f, x0, lr, beta, steps):
    regi = x0
    y = x0
    for _ in range(steps):
        uj = y - lr * grad_f(y)
        y = uj + beta * (regi - uj)
        regi = uj
    return regi
