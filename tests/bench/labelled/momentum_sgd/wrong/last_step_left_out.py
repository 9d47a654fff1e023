# family: step-count
# line: 7
# about: the loop ends one step early
def momentum_sgd(grad_f, x0, lr, beta, steps):
    x = x0; v = 0.0
    k = 0
    while k < steps - 1:
        v = beta*v + grad_f(x)
        x = x - lr*v
        k += 1
    return x
