import torch


def regression_gradient(w, X, y):
    weights = torch.nn.Parameter(w.clone())
    prediction = (X * weights).sum(dim=1)
    torch.nn.functional.mse_loss(prediction, y).backward()
    return weights.grad.clone()
