"""What a submission's source says without being run."""

import time

import pytest

from autograder.source import (
    SourcePart,
    forbidden_uses,
    heavy_imports,
    relevant,
    without_magics,
)


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


def test_magics_that_give_a_variable_its_value_leave_a_value() -> None:
    text = "files = !ls\nhere, = %pwd\n    t = %timeit -o 1\nf?\nnp.sum??\nr = 7 % 2\ns = '100 %'\nb = a != 2"
    assert without_magics(text) == (
        "files = None\nhere, = None\n    t = None\n\n\nr = 7 % 2\ns = '100 %'\nb = a != 2"
    )


# ---------------------------------------------------------------------------------------------
# Forbidden names


def forbidden(source: str, *names: str) -> list[tuple[str, int]]:
    """(name, line) of the uses of numpy.linalg in `f`."""
    uses = forbidden_uses([SourcePart(0, source)], "f", names or ("numpy.linalg",))
    return [(use.name, use.line) for use in uses]


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("from numpy.linalg import *\ndef f(x):\n    return norm(x)", "numpy.linalg.norm"),
        ("from numpy import *\ndef f(x):\n    return linalg.norm(x)", "numpy.linalg.norm"),
        ("import numpy as np\ndef f(x):\n    return getattr(np, 'linalg').norm(x)", "numpy.linalg.norm"),
        ("import numpy as np\ndef f(x):\n    return vars(np)['linalg'].norm(x)", "numpy.linalg.norm"),
        ("import numpy as np\ndef f(x):\n    return np.__dict__['linalg'].norm(x)", "numpy.linalg.norm"),
        ("import numpy as np\ndef f(x):\n    return eval('np.linalg.norm(x)')", "numpy.linalg.norm"),
        ("import importlib as i\ndef f(x):\n    return i.import_module('numpy.linalg').norm(x)", "numpy.linalg.norm"),
        ("def f(x):\n    np = __import__('numpy')\n    return np.linalg.norm(x)", "numpy.linalg.norm"),
        ("import numpy\ndef f(x):\n    n = numpy\n    return n.linalg.norm(x)", "numpy.linalg.norm"),
        ("import numpy\nn = numpy\ndef f(x): return (\n    n.linalg.norm(x))", "numpy.linalg.norm"),
        ("import sys\ndef f(x):\n    return sys.modules['numpy.linalg'].norm(x)", "numpy.linalg"),
        ("name = 1\ndef f(x, m='numpy.linalg'):\n    return get(m).norm(x)", "numpy.linalg"),
        ("import numpy as np\nx = !ls\ndef f(x): return np.linalg.norm(x)", "numpy.linalg.norm"),
    ],
)  # fmt: skip
def test_a_forbidden_name_is_found_however_it_is_written(source: str, name: str) -> None:
    assert name in [found for found, _ in forbidden(source)]
    assert forbidden(source)[0][1] in (2, 3, 4)


@pytest.mark.parametrize(
    "source",
    [
        "from numpy import *\nfrom numpy.linalg import *\ndef f(x):\n    return sqrt(x)",
        "from numpy.linalg import *\nprint(norm([1]))\ndef norm(x):\n    return x\ndef f(x):\n    return norm(x)",
        "from numpy.linalg import *\ndef f(norm):\n    return norm * len(norm)",
        "def f(x):\n    'Without numpy.linalg.'\n    return getattr(x, 'linalg', x)",
        "import numpy as np\ndef f(x):\n    return vars(np)['sum'](x) + eval('np.sum(x)')",
        "import numpy as np\ndef f(np):\n    return np.linalg.norm(1)",
        "table = {'linalg': 1}\ndef f(x):\n    return table['linalg']",
    ],
)
def test_what_only_looks_forbidden_is_none(source: str) -> None:
    assert forbidden(source) == []


def test_names_that_stand_for_each_other_are_followed_to_an_end() -> None:
    assert forbidden("def f(x):\n    a = b\n    b = a\n    return a.linalg") == []


# ---------------------------------------------------------------------------------------------
# Sources made to keep their reader busy; each took hours, or would have grown with the square of its length


@pytest.mark.parametrize(
    "text",
    [
        "\n" * 1_000_000,
        " " * 1_000_000,
        "import " + "x" * 1_000_000,
        "x " * 500_000 + "%",
        "\n".join(f"def a{n}(x): return a{n + 1}(x)" for n in range(20_000)) + "\ndef f(x): return a0(x)",
        "def f(x):\n return " + "-" * 100_000 + "x",
        "f = " + "[" * 100_000,
        "def f(x):\n" + "\n".join(f" a{n} = a{n + 1}" for n in range(20_000)) + "\n return a0.x",
    ],
    ids=["newlines", "blanks", "a long import", "no magic", "helpers", "signs", "brackets", "aliases"],
)  # fmt: skip
def test_the_time_to_read_a_source_is_bounded(text: str) -> None:
    begin = time.perf_counter()
    parts = [SourcePart(0, text)]
    heavy_imports(parts)
    without_magics(text)
    relevant(parts, "f")
    forbidden_uses(parts, "f", ["numpy.linalg"])
    assert time.perf_counter() - begin < 30
