# family: mutation
# line: 5
# about: the helper changes the array it is given, which is the caller's start
def update_parameters(w, dw, learning_rate):
    w -= learning_rate * dw
    return w


def grad_descent(grad_f, x0, lr, steps):
    for _ in range(steps):
        x0 = update_parameters(x0, grad_f(x0), lr)
    return x0
