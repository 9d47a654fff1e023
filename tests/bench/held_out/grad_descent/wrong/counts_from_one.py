# family: step-count
# line: 6
# about: the loop counts from 1 to steps - 1, which is a step too few
def grad_descent(grad_f, x0, lr, steps):
    theta = x0
    for t in range(1, steps):
        g_t = grad_f(theta)
        theta = theta - lr * g_t
    return theta
