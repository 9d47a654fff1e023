# family: return
# line: 8
# about: the list of all iterates comes back, not the last one
def grad_descent(grad_f, x0, lr, steps):
    xs = [x0]
    for _ in range(steps):
        xs += [xs[-1] - lr * grad_f(xs[-1])]
    return xs
