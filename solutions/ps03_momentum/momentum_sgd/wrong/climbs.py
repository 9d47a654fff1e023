# family: sign
# line: 9
# about: the update adds the velocity although the velocity points uphill
def momentum_sgd(grad_f, x0, lr, beta, steps):
    x = x0
    v = 0
    for _ in range(steps):
        v = beta * v + grad_f(x)
        x = x + lr * v
    return x
