"""Hypothesis strategies for the inputs of numerical exercises; what fails shrinks to round numbers.

Numbers lie on a decimal grid, so that a counterexample reads "x = [0.5, -2.0]" and never
"x = [1.1125369292536007e-308]". Import this module only in `problem.py` files.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

__all__ = ["decimals", "matrices", "public_calls", "st", "symmetric_matrices", "vectors"]


def decimals(low: float, high: float, places: int = 1) -> st.SearchStrategy[float]:
    """Floats in [low, high] with at most `places` decimal places; shrinks towards 0."""
    scale = 10**places
    return st.integers(round(low * scale), round(high * scale)).map(lambda k: k / scale)


def vectors(
    low: float = -5.0, high: float = 5.0, *, min_size: int = 1, max_size: int = 6, places: int = 1
) -> st.SearchStrategy[NDArray[np.float64]]:
    """1-D float64 arrays of decimals; shrinks towards few elements and zeros."""
    numbers = st.lists(decimals(low, high, places), min_size=min_size, max_size=max_size)
    return numbers.map(lambda values: np.array(values, dtype=np.float64))


def matrices(
    rows: int, columns: int, low: float = -5.0, high: float = 5.0, places: int = 1
) -> st.SearchStrategy[NDArray[np.float64]]:
    """float64 arrays of shape (rows, columns)."""
    size = rows * columns
    return vectors(low, high, min_size=size, max_size=size, places=places).map(
        lambda values: values.reshape(rows, columns)
    )


def symmetric_matrices(
    size: int, low: float = -5.0, high: float = 5.0, places: int = 1
) -> st.SearchStrategy[NDArray[np.float64]]:
    """Symmetric float64 arrays of shape (size, size)."""
    return matrices(size, size, low, high, places).map(lambda a: np.tril(a) + np.tril(a, -1).T)


def public_calls(
    function: Callable[..., Any], *arguments: st.SearchStrategy[Any]
) -> st.SearchStrategy[Any]:
    """`Public` inputs: the public `function` applied to drawn arguments."""
    from autograder.model import public

    return st.builds(lambda *values: public(function, *values), *arguments)
