# family: algebra
# line: 6
# about: half of the mean squared error
def regression_gradient(w, X, y):
    w = w.clone().requires_grad_(True)
    loss = ((X @ w - y) ** 2).mean() / 2
    loss.backward()
    return w.grad
