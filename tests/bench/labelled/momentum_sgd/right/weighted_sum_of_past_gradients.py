def momentum_sgd(grad_f, x0, lr, beta, steps):
    # v_k = sum_j beta^(k-j) g_j, written out
    x = x0
    past = []
    for k in range(steps):
        past.append(grad_f(x))
        velocity = sum(beta ** (k - j) * g for j, g in enumerate(past))
        x = x - lr * velocity
    return x
