import numpy as np


class SymmetricMatrix:
    def __init__(self, rows):
        self.data = np.matrix(rows, dtype=float)

    @property
    def spectrum(self) -> list[float]:
        return sorted(float(v.real) for v in np.linalg.eigvals(self.data))

    def is_positive_semidefinite(self, tol: float = 1e-10) -> bool:
        return all(v + tol >= 0 for v in self.spectrum)


def is_psd(A):
    return SymmetricMatrix(A).is_positive_semidefinite()
