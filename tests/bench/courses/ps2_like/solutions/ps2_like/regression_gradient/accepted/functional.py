import torch


def regression_gradient(w, X, y):
    def loss(weights):
        return torch.mean((torch.mv(X, weights) - y) ** 2)

    return torch.func.grad(loss)(w)
