# family: step-count
# line: 7
# about: counting from 0 up to and including steps is one step too many
def grad_descent(grad_f, x0, lr, steps):
    n = 0
    pont = x0
    while n <= steps:
        pont = pont - lr * grad_f(pont)
        n = n + 1
    return pont
