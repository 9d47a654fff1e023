def nesterov(grad_f, x0, lr, beta, steps):
    theta, mu = x0, beta
    move = 0.0
    i = 0
    while i < steps:
        peek = theta + mu * move
        move = mu * move - lr * grad_f(peek)
        theta = theta + move
        i += 1
    return theta
