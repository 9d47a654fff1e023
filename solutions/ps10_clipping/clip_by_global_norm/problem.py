"""Clipping by global norm: all gradients shrink by one factor, so their direction stays.

clip_by_global_norm(grads, max_norm) -> (grads, norm): a list of arrays of any shapes, and the norm
of all their entries together, as it was before clipping. Gradients of norm at most max_norm stay
as they are. max_norm is above 0.
"""

import math

import numpy as np

from autograder.model import Case, Group, Problem
from autograder.strategies import decimals, st, vectors


def clip_by_global_norm(grads, max_norm):
    norm = math.sqrt(sum(np.sum(g**2) for g in grads))
    scale = min(1.0, max_norm / (norm + 1e-12))
    return [g * scale for g in grads], norm


def clipped(clip_by_global_norm, grads, max_norm):
    """The answer by name; the gradients may come in a tuple or as tensors."""
    answer, norm = clip_by_global_norm(grads, max_norm)
    return {"grads": [np.array(g) for g in answer], "norm": float(norm)}


@st.composite
def _gradients(draw, minimum):
    shapes = draw(st.lists(st.sampled_from([(1,), (2,), (3,), (2, 2)]), min_size=1, max_size=4))
    size = sum(math.prod(shape) for shape in shapes)
    numbers = draw(
        vectors(-9, 9, min_size=size, max_size=size).filter(lambda x: np.linalg.norm(x) > minimum)
    )
    parts = np.split(numbers, np.cumsum([math.prod(shape) for shape in shapes])[:-1])
    return [part.reshape(shape) for part, shape in zip(parts, shapes, strict=True)]


problem = Problem(
    reference=clip_by_global_norm,
    source="Pascanu, Mikolov and Bengio (2013), On the Difficulty of Training Recurrent Neural "
    "Networks, algorithm 1, over all tensors at once as torch.nn.utils.clip_grad_norm_ does",
    # 1e-5, because PyTorch divides by norm + 1e-6
    rtol=1e-5,
    atol=1e-9,
    examples=[
        Case(
            "two tensors of norm 500 together, clipped at 5",
            ([np.array([300.0]), np.array([400.0])], 5.0),
        ),
        Case("a norm below the limit", ([np.array([0.3, -0.4])], 1.0)),
    ],
    groups=[
        Group(
            "clipping one tensor",
            points=1,
            cases=(
                Case("a vector", ([np.array([3.0, 4.0, 12.0])], 6.5)),
                Case("a matrix", ([np.array([[2.0, -1.0], [4.0, 2.0]])], 0.5)),
                Case("a norm just above the limit", ([np.array([0.6, -0.8])], 0.9)),
                Case("entries of one sign only", ([np.array([-7.0, -24.0])], 2.0)),
            ),
        ),
        Group(
            "one norm for all tensors",
            points=2,
            cases=(
                Case(
                    "each tensor below the limit, all together above it",
                    ([np.array([3.0]), np.array([-3.0]), np.array([3.0, 3.0])], 4.0),
                ),
                Case(
                    "a large and a small tensor",
                    ([np.array([100.0, -50.0]), np.array([[0.01, 0.02]])], 1.0),
                ),
                Case(
                    "a tensor of zeros among others",
                    ([np.zeros(3), np.array([[6.0], [8.0]])], 5.0),
                ),
            ),
            strategy=st.tuples(_gradients(4.5), decimals(0.5, 4.0)),
            count=25,
        ),
        Group(
            "nothing to clip",
            points=1,
            cases=(
                Case("all gradients zero", ([np.zeros(2), np.zeros((2, 3))], 1.0)),
                Case("a norm at the limit", ([np.array([3.0]), np.array([4.0])], 5.0)),
                Case("a norm far below the limit", ([np.array([0.01, -0.02])], 100.0)),
                Case("entries above the limit of another", ([np.array([6.0]), np.ones(2)], 7.0)),
            ),
            strategy=st.tuples(_gradients(0.0), decimals(40, 60)),
            count=20,
        ),
    ],
    public=(clipped,),
    driver=clipped,
    forbidden=("torch.nn.utils",),
    unseen_bugs={
        "norm + 1e-12 -> norm …1e-12": "it only keeps 0 / 0 away, which either sign does",
        "norm + 1e-12 -> norm + 1e-05": "PyTorch adds 1e-6 there; any small number will do",
    },
)
