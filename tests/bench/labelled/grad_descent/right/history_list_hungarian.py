def grad_descent(grad_f, x0, lr, steps):
    pontok = [x0]  # az összes eddigi pont
    for lepes in range(1, steps + 1):
        irany = -grad_f(pontok[lepes - 1])
        pontok.append(pontok[-1] + lr * irany)
    return pontok[-1]
