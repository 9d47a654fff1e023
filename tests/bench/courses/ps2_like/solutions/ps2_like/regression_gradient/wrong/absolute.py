# family: abs
# line: 6
# about: absolute errors instead of squares
def regression_gradient(w, X, y):
    w = w.clone().requires_grad_(True)
    loss = (X @ w - y).abs().mean()
    loss.backward()
    return w.grad
