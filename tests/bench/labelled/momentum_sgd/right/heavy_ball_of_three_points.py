def momentum_sgd(grad_f, x0, lr, beta, steps):
    # Polyak's form: the last displacement, times beta, is carried along
    older, newer = x0, x0
    k = 0
    while k < steps:
        older, newer = newer, newer - lr * grad_f(newer) + beta * (newer - older)
        k += 1
    return newer
