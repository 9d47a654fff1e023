# family: return
# line: 6
# about: the loss is returned, not its gradient
def regression_gradient(w, X, y):
    w = w.clone().requires_grad_(True)
    return ((X @ w - y) ** 2).mean()
