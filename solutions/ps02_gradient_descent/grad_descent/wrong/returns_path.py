# family: return
# line: 8
# about: returns all iterates where only the last is wanted
def grad_descent(grad_f, x0, lr, steps):
    xs = [x0]
    for _ in range(steps):
        xs.append(xs[-1] - lr * grad_f(xs[-1]))
    return xs
