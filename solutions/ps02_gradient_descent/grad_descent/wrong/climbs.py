# family: sign
# line: 7
# about: adds the gradient, so every step goes uphill
def grad_descent(grad_f, x0, lr, steps):
    x = x0
    for _ in range(steps):
        x = x + lr * grad_f(x)
    return x
