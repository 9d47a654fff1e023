# family: clamp
# line: 9
# about: nothing stops the shrunk size at zero
import torch


def soft_threshold(x, lam):
    t = torch.as_tensor(x).double()
    magnitude = t.abs().sub(lam)
    return t.sign().mul(magnitude).numpy()
