def momentum_sgd(grad_f, x0, lr, beta, steps):
    x = x0
    grads = []
    for _ in range(steps):
        grads.append(grad_f(x))
        n = len(grads)
        v = sum(beta ** (n - 1 - i) * grads[i] for i in range(n))
        x = x - lr * v
    return x
