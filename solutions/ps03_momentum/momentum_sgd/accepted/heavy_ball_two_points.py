def momentum_sgd(grad_f, x0, lr, beta, steps):
    # no velocity at all: the last displacement plays its part
    prev = cur = x0
    for _ in range(steps):
        prev, cur = cur, cur - lr * grad_f(cur) + beta * (cur - prev)
    return cur
