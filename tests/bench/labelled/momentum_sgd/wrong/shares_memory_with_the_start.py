# family: mutation
# line: 9
# about: the tensor shares its memory with x0, which the in-place steps change
import numpy as np
import torch


def momentum_sgd(grad_f, x0, lr, beta, steps):
    params = torch.from_numpy(np.asarray(x0, dtype=np.float64))
    momentum_buffer = torch.zeros_like(params)
    for _ in range(steps):
        grads = torch.as_tensor(grad_f(params.numpy()), dtype=torch.float64)
        momentum_buffer.mul_(beta).add_(grads)
        params.add_(momentum_buffer, alpha=-lr)
    return params.item() if params.ndim == 0 else params.numpy()
