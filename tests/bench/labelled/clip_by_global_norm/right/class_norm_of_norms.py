import numpy as np


class GlobalNormClipper:
    def __init__(self, max_norm: float):
        self.max_norm = max_norm

    @staticmethod
    def norm(grads) -> float:
        return np.linalg.norm([np.linalg.norm(g) for g in grads])

    def __call__(self, grads):
        norm = self.norm(grads)
        coef = np.clip(self.max_norm / (norm + 1e-12), None, 1.0)
        return list(map(lambda g: g * coef, grads)), norm


def clip_by_global_norm(grads, max_norm):
    return GlobalNormClipper(max_norm)(grads)
