import torch


def is_psd(A):
    mat = torch.as_tensor(A, dtype=torch.float64)
    eigenvalues = torch.linalg.eigvalsh(mat)
    return bool(torch.all(eigenvalues >= -1e-10))
