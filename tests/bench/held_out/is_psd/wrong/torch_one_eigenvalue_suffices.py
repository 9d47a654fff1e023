# family: comparison
# line: 10
# about: one non-negative eigenvalue is enough, where all of them must be
import torch


def is_psd(A):
    mat = torch.tensor(A, dtype=torch.float64)
    w = torch.linalg.eigvalsh(mat)
    return torch.any(w >= -1e-10).item()
