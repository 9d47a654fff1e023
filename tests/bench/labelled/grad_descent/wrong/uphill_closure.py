# family: sign
# line: 7
# about: goes along the gradient, uphill
def make_stepper(grad, rate):
    def stepper(p):
        g = grad(p)
        return p + rate * g

    return stepper


def grad_descent(grad_f, x0, lr, steps):
    go = make_stepper(grad_f, lr)
    p = x0
    for _ in range(steps):
        p = go(p)
    return p
