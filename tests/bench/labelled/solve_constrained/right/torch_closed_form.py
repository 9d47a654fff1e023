import torch


def solve_constrained(a, b, c):
    weights = torch.tensor([b, a], dtype=torch.float64)
    return (c * weights / weights.sum()).tolist()
