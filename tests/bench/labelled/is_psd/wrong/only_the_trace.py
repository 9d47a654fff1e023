# family: comparison
# line: 10
# about: the trace alone decides, so a large entry hides a negative eigenvalue
import torch


def is_psd(A):
    matrix = torch.tensor(A, dtype=torch.float64)
    total = torch.trace(matrix)
    return bool(total >= -1e-10)
