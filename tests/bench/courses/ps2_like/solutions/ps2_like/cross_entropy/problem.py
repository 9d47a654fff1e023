"""Mean cross entropy of logits and integer labels, safe for logits up to 1000 in size."""

import numpy as np
import torch

from autograder.model import Case, Group, Problem
from autograder.strategies import matrices, st


def cross_entropy(logits, labels):
    chosen = logits[torch.arange(len(labels)), labels]
    return (torch.logsumexp(logits, dim=1) - chosen).mean()


def on_tensors(function, logits, labels):
    """The loss for tensors that share the arrays' memory."""
    return function(torch.from_numpy(logits), torch.from_numpy(labels))


@st.composite
def _batches(draw):
    rows, classes = draw(st.integers(1, 5)), draw(st.integers(2, 5))
    labels = draw(st.lists(st.integers(0, classes - 1), min_size=rows, max_size=rows))
    return draw(matrices(rows, classes)), np.array(labels)


problem = Problem(
    reference=cross_entropy,
    source="Goodfellow, Bengio and Courville (2016), Deep Learning, section 6.2.2.3",
    rtol=1e-6,
    atol=1e-9,
    examples=[
        Case("two rows", (np.array([[1.0, 2.0, 0.5], [0.0, 0.0, 3.0]]), np.array([1, 0]))),
        Case("one row", (np.array([[0.0, 0.0]]), np.array([1]))),
    ],
    groups=[
        Group("random batches", points=2, strategy=_batches(), count=30),
        Group(
            "large logits",
            points=1,
            cases=(
                Case("large and positive", (np.array([[1000.0, 999.0]]), np.array([1]))),
                Case("large and negative", (np.array([[-1000.0, -998.0]]), np.array([0]))),
                Case("a sure and wrong answer", (np.array([[800.0, 0.0, -5.0]]), np.array([2]))),
                Case("rows of all sizes", (np.diag([900.0, -900.0, 1.0]), np.array([0, 1, 1]))),
            ),
        ),
        Group(
            "special batches",
            points=1,
            cases=(
                Case("equal logits", (np.full((3, 4), 2.5), np.array([0, 3, 1]))),
                Case("a single class", (np.array([[1.5], [-2.0]]), np.array([0, 0]))),
                Case("a sure and right answer", (np.array([[40.0, 0.0]]), np.array([0]))),
                Case("many rows", (np.linspace(-3.0, 3.0, 60).reshape(20, 3), np.arange(20) % 3)),
            ),
        ),
    ],
    public=(on_tensors,),
    driver=on_tensors,
    forbidden=("torch.nn",),
    imports=("numpy", "torch"),
)
