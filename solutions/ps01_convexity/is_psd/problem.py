"""Is a symmetric 2x2 matrix positive semidefinite?

`is_psd(A)` is True where the smallest eigenvalue is at least -1e-10: a singular matrix counts, and
so does one that rounding has pushed a hair below zero. A is a nested list or an array.
"""

import numpy as np

from autograder.model import Case, Group, Problem
from autograder.strategies import matrices, st, symmetric_matrices, vectors


def is_psd(A):
    smallest = np.linalg.eigvalsh(A).min()
    return bool(smallest >= -1e-10)


def _gram(B):
    return np.round(B @ B.T, 2)


def _is_regular(A):
    return abs(A[0, 0] * A[1, 1] - A[0, 1] ** 2) > 1e-6


def _with_positive_diagonal(A):
    return np.where(np.eye(2) > 0, np.abs(A), A)


def _signed_square(sign, v):
    return np.round(sign * np.outer(v, v), 2) + 0.0


# Drawn entries have at most two decimal places, so an eigenvalue that is not exactly zero is at
# least 1e-6 away from it: whichever way one computes, the answer is the same.
_regular = st.one_of(
    symmetric_matrices(2),
    symmetric_matrices(2).map(_with_positive_diagonal),
    matrices(2, 2, -3.0, 3.0).map(_gram),
    matrices(2, 2, -3.0, 3.0).map(lambda B: 0.0 - _gram(B)),
).filter(_is_regular)
_singular = st.builds(
    _signed_square, st.sampled_from([1.0, -1.0]), vectors(-3.0, 3.0, min_size=2, max_size=2)
)


problem = Problem(
    reference=is_psd,
    source="Boyd and Vandenberghe (2004), Convex Optimization, appendix A.5.2",
    rtol=1e-6,
    atol=1e-9,
    examples=[
        Case("positive definite", ([[2.0, 1.0], [1.0, 2.0]],)),
        Case("indefinite", (np.array([[1.0, 2.0], [2.0, 1.0]]),)),
        Case("the zero matrix", (np.zeros((2, 2)),)),
    ],
    groups=[
        Group(
            "random regular matrices",
            points=2,
            strategy=st.tuples(st.one_of(_regular, _regular.map(lambda A: A.tolist()))),
            count=25,
        ),
        Group(
            "singular matrices and round-off",
            points=1,
            cases=(
                Case("a singular matrix", (np.array([[4.0, -2.0], [-2.0, 1.0]]),)),
                Case("a zero on the diagonal", ([[0.0, 0.0], [0.0, 3.0]],)),
                Case("an eigenvalue lost to rounding", ([[1.0, 1.0], [1.0, 1 - 2e-11]],)),
                Case("an eigenvalue too negative for that", ([[1.0, 1.0], [1.0, 1 - 2e-8]],)),
                Case("a round-off entry on the diagonal", (np.diag([-1e-11, 0.5]),)),
                Case("a negative entry too large for round-off", (np.diag([0.5, -5e-10]),)),
                Case("zeros on the diagonal only", ([[0.0, -1.5], [-1.5, 0.0]],)),
                Case("a zero above, but not beside it", ([[0.0, 0.4], [0.4, 3.0]],)),
                Case("nothing but a negative entry at the top", ([[-3.0, 0.0], [0.0, 0.0]],)),
                Case("nothing but one at the bottom", (np.diag([0.0, -2.0]),)),
            ),
            strategy=st.tuples(_singular),
            count=15,
        ),
        Group(
            "signs that mislead",
            points=1,
            cases=(
                Case("both eigenvalues negative", (np.array([[-2.0, 1.0], [1.0, -3.0]]),)),
                Case("a negative eigenvalue, a positive trace", (np.diag([7.0, -2.0]),)),
                Case("the same, the other way round", (np.diag([-2.0, 7.0]),)),
                Case("a positive diagonal, still indefinite", ([[1.0, -3.0], [-3.0, 5.0]],)),
                Case("off the diagonal larger than on it", ([[1.0, 1.2], [1.2, 1.0]],)),
                Case("a determinant below zero by a little", ([[0.6, -1.0], [-1.0, 1.5]],)),
                Case("negative off the diagonal, still definite", ([[3.0, -2.5], [-2.5, 4.0]],)),
                Case("whole numbers in a list", ([[2, -1], [-1, 1]],)),
                Case("a negative multiple of the identity", (-2.0 * np.eye(2),)),
            ),
        ),
    ],
    unseen_bugs={
        "strictness": "no float input has the eigenvalue -1e-10 exactly in every right way of "
        "computing it",
        "any_for_all = largest_eigenvalue": "some eigenvalue is large enough just where the largest is",
        "determinant_sign = diagonal_only": "a sum of two products that are not negative never is, so "
        "only the diagonal is left to decide",
    },
)
