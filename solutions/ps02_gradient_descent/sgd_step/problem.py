"""One step of plain gradient descent over a list of parameter arrays."""

import numpy as np

from autograder.model import Case, Group, Problem
from autograder.strategies import decimals, matrices, st, vectors


def sgd_step(params, grads, lr):
    return [p if g is None else p - lr * g for p, g in zip(params, grads, strict=True)]


def valley_height(x, y):
    return 0.5 * (100 * x**2 + y**2)


def valley_path(step):
    points = [np.array([1.0, 1.0])]
    for _ in range(8):
        w = points[-1]
        gradient = np.array([100.0, 1.0]) * w
        moved = step([w.copy()], [gradient], 0.018)
        points.append(np.array(moved[0], dtype=float))
    return np.array(points)


def tensors():
    """A parameter and its gradient, which has the same shape or is missing."""

    def pair(shape):
        array = (
            matrices(*shape) if len(shape) == 2 else vectors(min_size=shape[0], max_size=shape[0])
        )
        return st.tuples(array, st.one_of(array, array, array, st.none()))

    shapes = st.sampled_from([(1,), (3,), (4,), (2, 3), (3, 1), (1, 4)])
    return shapes.flatmap(pair)


def steps():
    """The list of parameters, the list of gradients and a learning rate."""
    pairs = st.lists(tensors(), min_size=1, max_size=4)
    return st.tuples(pairs, decimals(0.01, 2.0, places=2)).map(
        lambda drawn: ([p for p, _ in drawn[0]], [g for _, g in drawn[0]], drawn[1])
    )


problem = Problem(
    reference=sgd_step,
    source="Goodfellow, Bengio and Courville (2016), Deep Learning, section 8.3.1, algorithm 8.1",
    rtol=1e-6,
    atol=1e-9,
    examples=[
        Case(
            "a matrix and a vector",
            (
                [np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([0.5, -0.5])],
                [np.array([[1.0, 0.0], [-1.0, 2.0]]), np.array([5.0, 5.0])],
                0.1,
            ),
        ),
        Case(
            "a parameter without a gradient",
            ([np.array([1.0, 2.0]), np.array([3.0])], [None, np.array([10.0])], 0.5),
        ),
    ],
    groups=[
        Group("lists of parameters", points=2, strategy=steps(), count=30),
        Group(
            "special lists",
            points=2,
            cases=(
                Case("no parameters at all", ([], [], 0.1)),
                Case(
                    "a learning rate of zero",
                    ([np.array([1.0, -2.0])], [np.array([3.0, 4.0])], 0.0),
                ),
                Case(
                    "columns",
                    (
                        [np.array([[1.0], [2.0], [3.0]]), np.array([1.0, 1.0, 1.0])],
                        [np.array([[0.5], [-1.0], [2.0]]), np.array([3.0, 2.0, 1.0])],
                        0.2,
                    ),
                ),
                Case(
                    "a gradient missing in the middle",
                    (
                        [np.array([1.0]), np.array([[2.0, 3.0]]), np.array([4.0, 5.0])],
                        [np.array([0.5]), None, np.array([-1.0, 1.0])],
                        0.3,
                    ),
                ),
                Case(
                    "every gradient missing",
                    ([np.array([1.0, 2.0]), np.array([[3.0]])], [None, None], 0.1),
                ),
            ),
        ),
    ],
    public=(valley_path, valley_height),
    path=valley_path,
    landscape=valley_height,
    forbidden=("torch.optim",),
)
