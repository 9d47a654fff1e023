import torch


def is_psd(A):
    mat = torch.as_tensor(A, dtype=torch.float64)
    eigs = torch.linalg.eigvalsh(mat)
    return eigs.ge(-1e-10).all().item()
