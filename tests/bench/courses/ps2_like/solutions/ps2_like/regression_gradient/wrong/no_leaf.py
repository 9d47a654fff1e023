# family: algebra
# line: 5
# about: the weights require no gradient
def regression_gradient(w, X, y):
    w = w.clone()
    loss = ((X @ w - y) ** 2).mean()
    loss.backward()
    return w.grad
