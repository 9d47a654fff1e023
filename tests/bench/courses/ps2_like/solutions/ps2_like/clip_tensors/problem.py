"""Clipping a list of tensors by their global norm."""

import numpy as np
import torch

from autograder.model import Case, Group, Problem
from autograder.strategies import decimals, st, vectors


def clip_tensors(grads, max_norm):
    norm = torch.sqrt(sum((g**2).sum() for g in grads))
    scale = min(1.0, max_norm / (float(norm) + 1e-12))
    return [g * scale for g in grads], norm


def clipped(clip_tensors, grads, max_norm):
    """The answer by name; the gradients come as tensors that share the arrays' memory."""
    answer, norm = clip_tensors([torch.from_numpy(g) for g in grads], max_norm)
    return {"grads": list(answer), "norm": float(norm)}


@st.composite
def _gradients(draw):
    shapes = draw(st.lists(st.sampled_from([(1,), (3,), (2, 2)]), min_size=1, max_size=4))
    sizes = [int(np.prod(shape)) for shape in shapes]
    entries = draw(vectors(0.5, 9.0, min_size=sum(sizes), max_size=sum(sizes)))
    parts = np.split(entries, np.cumsum(sizes)[:-1])
    return [part.reshape(shape) for part, shape in zip(parts, shapes, strict=True)]


problem = Problem(
    reference=clip_tensors,
    source="Pascanu, Mikolov and Bengio (2013), On the Difficulty of Training Recurrent Neural "
    "Networks, algorithm 1, over all tensors at once as torch.nn.utils.clip_grad_norm_ does",
    # 1e-5, because PyTorch divides by norm + 1e-6
    rtol=1e-5,
    atol=1e-9,
    examples=[
        Case("two tensors of norm 500", ([np.array([300.0]), np.array([400.0])], 5.0)),
        Case("a norm below the limit", ([np.array([0.3, -0.4])], 1.0)),
    ],
    groups=[
        Group(
            "random gradients",
            points=2,
            strategy=st.tuples(_gradients(), decimals(0.1, 2.0)),
            count=30,
        ),
        Group(
            "special gradients",
            points=2,
            cases=(
                Case("all gradients zero", ([np.zeros(2), np.zeros((2, 3))], 1.0)),
                Case("a norm far below the limit", ([np.array([0.01, -0.02])], 100.0)),
                Case(
                    "each below the limit, all together above",
                    ([np.array([3.0]), np.array([-3.0]), np.array([3.0, 3.0])], 4.0),
                ),
                Case("entries of one sign", ([np.array([-7.0, -24.0])], 2.0)),
                Case("entries above the limit of another", ([np.array([6.0]), np.ones(2)], 7.0)),
            ),
        ),
    ],
    public=(clipped,),
    driver=clipped,
    forbidden=("torch.nn.utils",),
    imports=("numpy", "torch"),
)
