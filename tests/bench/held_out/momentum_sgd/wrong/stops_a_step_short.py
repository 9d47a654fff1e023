# family: step-count
# line: 7
# about: the loop makes steps - 1 steps
def momentum_sgd(grad_f, x0, lr, beta, steps):
    v = 0.0
    x = x0
    for epoch in range(steps - 1):
        v = beta * v + grad_f(x)
        x = x - lr * v
    return x
