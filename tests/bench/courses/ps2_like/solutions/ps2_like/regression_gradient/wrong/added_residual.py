# family: sign
# line: 6
# about: the residual adds the targets
def regression_gradient(w, X, y):
    w = w.clone().requires_grad_(True)
    loss = ((X @ w + y) ** 2).mean()
    loss.backward()
    return w.grad
