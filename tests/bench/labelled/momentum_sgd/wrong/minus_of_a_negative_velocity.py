# family: sign
# line: 9
# about: the velocity already points downhill and is subtracted, so the step climbs
def momentum_sgd(grad_f, x0, lr, beta, steps):
    def sweep(x, v, left):
        if left == 0:
            return x
        v = beta * v - lr * grad_f(x)
        return sweep(x - v, v, left - 1)

    return sweep(x0, 0 * x0, steps)
