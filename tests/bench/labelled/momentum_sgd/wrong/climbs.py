# family: sign
# line: 9
# about: the velocity is added to x, so the ball climbs
def momentum_sgd(grad_f, x0, lr, beta, steps):
    v = 0.0; x = x0
    for _ in range(steps):
        v *= beta
        v = v + grad_f(x)
        x = x + lr * v
    return x
