def mse_gradient(w, X, y):
    # expand the square: w'Gw - 2 w'h + const, with the Gram matrix G
    n = len(X)
    G = X.T @ X / n
    h = X.T @ y / n
    return 2 * (G @ w - h)
