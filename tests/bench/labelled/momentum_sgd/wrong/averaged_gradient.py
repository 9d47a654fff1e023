# family: velocity
# line: 9
# about: the gradient enters with 1 - beta, as in a moving average
def momentum_sgd(grad_f, x0, lr, beta, steps):
    ema = 0.0
    pos = x0
    for _ in range(steps):
        grad = grad_f(pos)
        ema = ema + (1 - beta) * (grad - ema)
        pos = pos - lr * ema
    return pos
