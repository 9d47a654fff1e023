"""What a submission's source says without being run."""

import pytest

from autograder.source import SourcePart, relevant, without_magics


def kept(*texts: str, function: str = "f") -> str:
    """The lines of all parts that the function needs, blank ones left out."""
    parts = relevant([SourcePart(n, text) for n, text in enumerate(texts)], function)
    return "\n".join(line for part in parts for line in part.text.split("\n") if line.strip())


def test_a_function_needs_its_imports_and_helpers_and_nothing_else() -> None:
    text = (
        "import numpy as np\nimport os\nRATE = 0.1\n\n"
        "def helper(x):\n    return RATE * x\n\n"
        "def f(x, os):\n    y = np.abs(x)\n    return helper(y)\n\n"
        "y = f(1, 2)\nprint(y)"
    )
    assert kept(text) == (
        "import numpy as np\nRATE = 0.1\ndef helper(x):\n    return RATE * x\n"
        "def f(x, os):\n    y = np.abs(x)\n    return helper(y)"
    )


def test_local_names_draw_in_no_globals_of_the_same_name() -> None:
    assert kept("x = 5\nlam = slow()", "def f(x, lam):\n    z = x - lam\n    return z") == (
        "def f(x, lam):\n    z = x - lam\n    return z"
    )


@pytest.mark.parametrize(
    "text",
    [
        "if True:\n    def f(x):\n        return x",
        "f = lambda x: x",
        "def g(x):\n    return x\nf = g",
        "class O:\n    def step(self, x):\n        return x\nf = O().step",
        "from numpy import *\ndef f(x):\n    return sqrt(x)",
        "table = {}\ntable['k'] = 1\ndef f(x):\n    return table['k'] * x",
        "import functools\n@functools.cache\ndef f(x):\n    return x",
        "try:\n    import torch\nexcept ImportError:\n    torch = None\ndef f(x):\n    return torch",
        "def f(x):\n    return [later(y) for y in x]\ndef later(y):\n    return y",
    ],
)
def test_everything_a_function_rests_on_stays(text: str) -> None:
    assert kept(text) == text


def test_lines_keep_their_numbers() -> None:
    text = "%matplotlib inline\nprint(1)\n\ndef f(x):\n    return x"
    [part] = relevant([SourcePart(7, text)], "f")
    assert part == SourcePart(7, "\n\n\ndef f(x):\n    return x")


def test_a_cell_that_is_no_python_is_left_out() -> None:
    assert kept("def g(:", "def f(x):\n    return x") == "def f(x):\n    return x"


def test_magics_are_blanked() -> None:
    assert without_magics("%time\nx = 1\n!ls\n?x") == "\nx = 1\n\n"
