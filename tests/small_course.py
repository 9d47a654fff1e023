"""A small course with one item of every kind and nothing wrong in it, for tests to spoil."""

from pathlib import Path

SET = "ps01_floors"

PROBLEM = '''\
"""Entries of x, none of them below low."""

import numpy as np

from autograder.model import Case, Group, Problem
from autograder.strategies import decimals, st, vectors


def floor_at(x, low):
    return np.maximum(x, low)


problem = Problem(
    reference=floor_at,
    source="Any book on arrays, chapter 1",
    rtol=1e-6,
    atol=1e-9,
    examples=[Case("an entry below", (np.array([3.0, -1.0]), 0.5))],
    groups=[
        Group(
            "special cases",
            points=2,
            cases=(
                Case("nothing below", (np.array([3.0, 4.0]), 1.0)),
                Case("everything below", (np.array([-3.0, -4.0, -5.0]), 1.0)),
                Case("a negative floor", (np.array([-3.0, 1.0]), -2.0)),
            ),
        ),
        Group(
            "random vectors",
            points=2,
            strategy=st.tuples(vectors(), decimals(-2.0, 2.0)),
            count=10,
        ),
    ],
)
'''

ACCEPTED = {
    "loop.py": """\
import numpy as np


def floor_at(x, low):
    return np.array([max(entry, low) for entry in x])
""",
    "mask.py": """\
def floor_at(x, low):
    y = x.copy()
    y[y < low] = low
    return y
""",
    "hinge.py": """\
def floor_at(x, low):
    gap = x - low
    return low + (gap + abs(gap)) / 2
""",
}

_WRONG = {
    "ceiling.py": ("clamp", "return np.minimum(x, low)"),
    "adds.py": ("algebra", "return x + low"),
    "unchanged.py": ("clamp", "return x.copy()"),
    "floor_returned.py": ("return", "return np.full(x.shape, low)"),
}
WRONG = {
    name: f"""\
# family: {family}
# line: 8
# about: entries come out wrong
import numpy as np


def floor_at(x, low):
    {statement}
"""
    for name, (family, statement) in _WRONG.items()
}

ANSWERS = '''\
"""Answers of the floors."""

from autograder.model import (
    BugHunt,
    Experiment,
    MultiNumeric,
    MultipleChoice,
    Numeric,
    Ordering,
    ShortAnswer,
    Symbolic,
)

root_of_two = Numeric(points=1, value=2.0**0.5, rtol=1e-3, atol=0.0)
pair = MultiNumeric(points=2, values={"low": 1.0, "ends": [0.5, 2.0]}, rtol=0.0, atol=1e-9)
measured = Experiment(points=2, intervals={"rate": (0.85, 0.95)})
choice = MultipleChoice(points=1, options="abc", key="b")
order = Ordering(points=1, keys=["cab", "acb"])
slope = Symbolic(points=1, expressions={"": "2*x"}, domain={"x": (-2.0, 2.0)})
hunt = BugHunt(
    points=2,
    problem="floor_at",
    listing="""\\
def floor_at(x, low):
    lowest = np.min(x)
    return np.maximum(x, lowest)
""",
    lines=(3,),
    repair="    return np.maximum(x, low)",
)
reason = ShortAnswer(points=2, rubric="names the largest entry")
'''

NOTEBOOK = '''\
---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
kernelspec:
  display_name: Python 3
  language: python
  name: python3
---

# Floors

Some prose.

```{code-cell} ipython3
import numpy as np
```

```{code-cell} ipython3
:item: floor_at

def floor_at(x, low):
    """Entries of x, none of them below low."""
    raise NotImplementedError
```

```{code-cell} ipython3
:item: root_of_two

root_of_two = None
```

```{code-cell} ipython3
:item: pair

pair = {"low": None, "ends": None}
```

```{code-cell} ipython3
:item: measured

measured = {"rate": None}
```

```{code-cell} ipython3
:item: choice

choice = ""  # "a", "b" or "c"
```

```{code-cell} ipython3
:item: order

order = ""
```

```{code-cell} ipython3
:item: slope

slope = ""
```

```{code-cell} ipython3
:item: hunt

hunt = {"line": None, "repair": ""}
```

+++ {"item": "reason"}

Why is the floor never above the largest entry of the answer?

+++

The end.
'''


def texts() -> dict[str, str]:
    """The course's files by path."""
    folder = f"solutions/{SET}/floor_at"
    return {
        f"assignments/{SET}/{SET}.md": NOTEBOOK,
        f"solutions/{SET}/answers.py": ANSWERS,
        f"{folder}/problem.py": PROBLEM,
        **{f"{folder}/accepted/{name}": text for name, text in ACCEPTED.items()},
        **{f"{folder}/wrong/{name}": text for name, text in WRONG.items()},
    }


def write(root: Path) -> Path:
    """Write the course into `root`; returns `root`."""
    for path, text in texts().items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return root
