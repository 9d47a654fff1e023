# family: algebra
# line: 6
# about: the squares are summed, not averaged
def regression_gradient(w, X, y):
    w = w.clone().requires_grad_(True)
    loss = ((X @ w - y) ** 2).sum()
    loss.backward()
    return w.grad
