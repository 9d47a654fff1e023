import torch


def regression_gradient(w, X, y):
    leaf = w.detach().clone()
    leaf.requires_grad = True
    residual = torch.matmul(X, leaf) - y
    (gradient,) = torch.autograd.grad(residual.pow(2).mean(), leaf)
    return gradient
