"""check() as students see it: every text, and how it behaves in a kernel."""

import functools
import subprocess
import sys
import textwrap
import types
import warnings

import numpy as np
import pytest

import autograder
from autograder import student
from autograder.model import Public
from autograder.sandbox import wire
from autograder.student import CheckFailed, check

PUBLIC = """\
import math
import numpy as np


def bowl_gradient(A):
    return lambda x: A @ x


def drive(step, theta, gradients):
    m = np.zeros_like(theta)
    for g in gradients:
        theta, m = step(theta, g, m)
    return theta, m
"""


def code(signature, *examples, driver=None, forbidden=()):
    return {
        "kind": "code",
        "public_source": PUBLIC,
        "driver": driver,
        "rtol": 1e-7,
        "atol": 1e-10,
        "signature": list(signature),
        "forbidden": list(forbidden),
        "examples": [
            {"name": name, "inputs": inputs, "expected": expected}
            for name, inputs, expected in examples
        ],
    }


BOWL = Public("bowl_gradient", (np.eye(2),))
ITEMS = {
    "soft_threshold": code(
        ["x", "lam"],
        ("both signs", (np.array([3.0, 0.5, -2.5]), 1.0), np.array([2.0, 0.0, -1.5])),
        ("a zero", (np.array([0.0]), 0.5), np.array([0.0])),
    ),
    "descend": code(["grad_f", "x0"], ("a bowl", (BOWL, np.array([1.0, 2.0])), np.zeros(2))),
    "heavy_step": code(
        ["theta", "g", "m"],
        (
            "two steps",
            (np.array([1.0]), [np.array([1.0]), np.array([2.0])]),
            (np.array([-3.0]), np.array([3.0])),
        ),
        driver="drive",
    ),
    "from_scratch": code(["x"], ("one", (2.0,), 2.0), forbidden=["numpy.linalg", "json"]),
    "lp_primal": {"kind": "numeric"},
    "kkt": {"kind": "multi_numeric", "keys": {"x": 1, "direction": 2}},
    "rates": {"kind": "experiment", "keys": {"gd": 1, "newton": 1}},
    "convex_square": {"kind": "multiple_choice", "options": "abcd"},
    "order_step": {"kind": "ordering", "letters": "abc"},
    "dual": {"kind": "symbolic", "parts": [""], "variables": ["mu"]},
    "entropy": {"kind": "symbolic", "parts": ["p", "H"], "variables": ["n", "k"]},
    "bug_clamp": {"kind": "bug_hunt", "lines": 9},
    "poem": {"kind": "poem"},
}


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write(tmp_path, {"version": 1, "set": "ps_demo", "items": ITEMS})
    return tmp_path


def write(folder, checks):
    (folder / "autograder.checks").write_bytes(wire.encode(checks))


def failure(name, value):
    with pytest.raises(CheckFailed) as caught:
        check(name, value)
    assert str(caught.value) == "\n".join(caught.value._render_traceback_())
    return str(caught.value)


def flat(text):
    """The message without its line breaks, which fall where the width wants them."""
    return " ".join(text.split())


def good(x, lam):
    return np.sign(x) * np.maximum(np.abs(x) - lam, 0.0)


def test_check_is_exported():
    assert autograder.check is check


# ---------------------------------------------------------------------------------------------
# Functions


@pytest.mark.parametrize(
    "function",
    [
        good,
        lambda x, lam: x - np.clip(x, -lam, lam),
        lambda x, lam, extra=None: list(good(x, lam)),
        functools.partial(lambda k, x, lam: good(x, lam), 1),
        lambda *args: good(*args),
    ],
)
def test_examples_pass(function, capsys):
    assert check("soft_threshold", function) is None
    out, err = capsys.readouterr()
    assert out == ("soft_threshold: all 2 public examples pass. Hidden tests decide the grade.\n")
    assert err == ""


def test_one_example_passes(capsys):
    check("descend", lambda grad_f, x0: x0 - grad_f(x0))
    out = capsys.readouterr().out
    assert out == "descend: the public example passes. Hidden tests decide the grade.\n"


def test_a_driver_runs_the_function(capsys):
    check("heavy_step", lambda theta, g, m: [theta - (m + g), m + g])
    assert "passes" in capsys.readouterr().out


def test_a_wrong_value():
    assert failure("soft_threshold", lambda x, lam: np.sign(x) * (np.abs(x) - lam)) == (
        "soft_threshold: 1 of 2 public examples passes.\n"
        "  ✗ both signs: `[1]`: got -0.5, expected 0 (off by 0.5, allowed 1e-10). 1 of 3\n"
        "    values differs.\n"
        "    Input: [3, 0.5, -2.5], 1.0\n"
        "  ✓ a zero"
    )


def test_nothing_returned():
    assert "✗ both signs: returned None; is a `return` missing?" in failure(
        "soft_threshold", lambda x, lam: None
    )


def test_not_written_yet():
    def soft_threshold(x, lam):
        raise NotImplementedError

    assert flat(failure("soft_threshold", soft_threshold)) == (
        "soft_threshold: not written yet. `soft_threshold` still raises NotImplementedError."
    )


def test_not_implemented_in_a_library_is_an_error_like_others():
    library = types.ModuleType("library")
    exec(
        compile("def missing():\n    raise NotImplementedError('no kernel')", "lib.py", "exec"),
        library.__dict__,
    )

    def soft_threshold(x, lam):
        return library.missing()

    assert "`NotImplementedError: no kernel`" in flat(failure("soft_threshold", soft_threshold))


def test_an_exception_names_the_students_line():
    def soft_threshold(x, lam):
        return 1 // 0

    line = soft_threshold.__code__.co_firstlineno + 1
    assert (
        f"✗ both signs: your code stopped on line {line}, `return 1 // 0`: "
        "`ZeroDivisionError: integer division or modulo by zero`."
    ) in flat(failure("soft_threshold", soft_threshold))


def test_an_exception_in_a_helper_of_another_cell(monkeypatch):
    cell = types.ModuleType("__main__")
    exec(compile("def helper(x):\n    raise KeyError('k')", "<cell 3>", "exec"), cell.__dict__)

    def soft_threshold(x, lam):
        return cell.helper(x)

    assert "stopped on line 2 of the cell that defines `helper`: `KeyError: 'k'`." in flat(
        failure("soft_threshold", soft_threshold)
    )


def test_a_result_that_the_driver_cannot_use():
    assert (
        "✗ two steps: what `heavy_step` returned could not be used: `TypeError: cannot unpack"
    ) in flat(failure("heavy_step", lambda theta, g, m: None))


class Rude(Exception):
    def __str__(self):
        raise ValueError


@pytest.mark.parametrize(
    "error", [Rude(), SystemExit(3), RecursionError("deep"), ValueError("A" * 10_000)]
)
def test_any_exception_is_told_shortly(error):
    def soft_threshold(x, lam):
        raise error

    text = failure("soft_threshold", soft_threshold)
    assert type(error).__name__ in text
    assert len(text) < 1200


def test_an_interrupt_goes_through():
    def soft_threshold(x, lam):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        check("soft_threshold", soft_threshold)


def test_changed_input():
    def soft_threshold(x, lam):
        answer = good(x, lam)
        x[:] = answer
        return answer

    text = flat(failure("soft_threshold", soft_threshold))
    assert (
        "✗ both signs: the answer is right, but your function changed its input `x`; work on a copy."
    ) in text
    assert "✓ a zero" in text


def test_changed_input_behind_a_driver():
    def heavy_step(theta, g, m):
        m = m + g
        theta = theta - m
        g *= 2
        return theta, m

    assert "changed its input `gradients`" in flat(failure("heavy_step", heavy_step))


def test_every_check_starts_from_the_same_inputs(capsys):
    def soft_threshold(x, lam):
        x[:] = 0.0
        return x

    first = failure("soft_threshold", soft_threshold)
    assert failure("soft_threshold", soft_threshold) == first
    check("soft_threshold", good)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "soft_threshold: not written yet. `soft_threshold` is None."),
        (
            3,
            "soft_threshold: `soft_threshold` is 3 (int); expected a function. Was the name used "
            "again for something else?",
        ),
    ],
)
def test_no_function(value, text):
    assert flat(failure("soft_threshold", value)) == text


def test_wrong_parameters():
    def soft_threshold(x):
        raise AssertionError("never called")

    assert flat(failure("soft_threshold", soft_threshold)) == (
        "soft_threshold: `soft_threshold(x)` takes 1 argument; it is called with 2, as "
        "`soft_threshold(x, lam)`."
    )


def test_warnings_become_notes_and_nothing_goes_to_stderr(capsys):
    def soft_threshold(x, lam):
        sys.stderr.write("busy\n")
        warnings.warn("careful", stacklevel=1)
        np.array([1.0]) / np.array([0.0])
        return good(x, lam)

    line = soft_threshold.__code__.co_firstlineno
    check("soft_threshold", soft_threshold)
    out, err = capsys.readouterr()
    assert err == ""
    assert f"  Note: line {line + 2}: UserWarning: careful\n" in out
    assert f"  Note: line {line + 3}: RuntimeWarning: divide by zero encountered in divide\n" in out
    assert out.count("Note:") == 2


def helper_of_mine(x):
    return np.linalg.norm(x)


def test_forbidden_names():
    def from_scratch(x):
        import json

        return json.loads(str(x))

    line = from_scratch.__code__.co_firstlineno + 3
    assert flat(failure("from_scratch", from_scratch)) == (
        f"from_scratch: `json.loads` on line {line} is not allowed here; this exercise asks you to "
        "write it from scratch."
    )


def test_forbidden_names_are_found_behind_helpers():
    def from_scratch(x):
        return helper_of_mine(x)

    line = helper_of_mine.__code__.co_firstlineno + 1
    assert f"`numpy.linalg.norm` on line {line} is not allowed" in flat(
        failure("from_scratch", from_scratch)
    )


def test_other_names_are_free(capsys):
    check("from_scratch", lambda x: np.abs(x))
    assert "passes" in capsys.readouterr().out


def test_tensors():
    torch = pytest.importorskip("torch")

    def soft_threshold(x, lam):
        x = torch.as_tensor(x)
        return torch.sign(x) * torch.relu(x.abs() - lam)

    check("soft_threshold", soft_threshold)


# ---------------------------------------------------------------------------------------------
# The form of other answers

FORMULA_HINT = "write * between factors, as in 2*x."
WRONG_FORMS = [
    ("lp_primal", None, "not answered yet. Set `lp_primal` to a number."),
    ("lp_primal", "3", "the answer is '3' (str); expected a number, without quotes."),
    ("lp_primal", True, "the answer is True (bool); expected a number."),
    ("lp_primal", float("nan"), "the answer is nan; expected a finite number."),
    ("lp_primal", np.float32("inf"), "the answer is inf; expected a finite number."),
    ("lp_primal", [3.0], "the answer is a list of length 1; expected a number."),
    ("lp_primal", np.ones(1), "the answer is an array of shape (1,); expected a number."),
    ("kkt", None, "not answered yet. Set `kkt` to a dict with the keys 'x', 'direction'."),
    (
        "kkt",
        {"x": None, "direction": [None, None]},
        "not answered yet. Set `kkt` to a dict with the keys 'x', 'direction'.",
    ),
    ("kkt", {"x": 1, "direction": None}, "not answered yet: `direction`."),
    (
        "kkt",
        {"x": 1, "dir": 2},
        "expected a dict with the keys 'x', 'direction': 'direction' is missing, 'dir' is not one "
        "of them.",
    ),
    ("kkt", [1, 2], "the answer is [1, 2]; expected a dict with the keys 'x', 'direction'."),
    (
        "kkt",
        {"x": 1, "direction": [1, 2, 3]},
        "`direction` is a list of shape (3,); expected 2 numbers in a list.",
    ),
    (
        "kkt",
        {"x": 1, "direction": np.array([1, 2])},
        "`direction` is an array of integers; expected 2 numbers in a list, with a decimal point.",
    ),
    (
        "kkt",
        {"x": 1, "direction": [1, float("nan")]},
        "`direction` is nan; expected a finite number.",
    ),
    ("rates", {"gd": 0.5, "newton": ""}, "not answered yet: `newton`."),
    ("rates", {"gd": 0.5, "newton": 1j}, "`newton` is 0+1j (complex); expected a number."),
    (
        "convex_square",
        "",
        'not answered yet. Set `convex_square` to one letter: "a", "b", "c" or "d".',
    ),
    (
        "convex_square",
        "e",
        'the answer is \'e\'; expected one letter: "a", "b", "c" or "d".',
    ),
    (
        "convex_square",
        "ab",
        'the answer is \'ab\'; expected one letter: "a", "b", "c" or "d".',
    ),
    (
        "order_step",
        " ",
        "not answered yet. Set `order_step` to the letters a, b, c in order, as one text.",
    ),
    ("order_step", "aab", "the answer is 'aab'; expected each of the letters a, b, c once."),
    ("order_step", [1, 2], "the answer is [1, 2]; expected each of the letters a, b, c once."),
    ("dual", "", "not answered yet. Set `dual` to a formula as text, in mu."),
    ("dual", "2mu", f"cannot read the formula (character 2: `mu`); {FORMULA_HINT}"),
    ("dual", "x + 1", "unknown name `x` (character 1); the variables here: mu."),
    ("dual", ["mu"], "expected a formula as text; got list."),
    (
        "dual",
        "log(-mu^2 - 1)",
        "the formula has no finite value at any point tried; look at its roots, logarithms and "
        "divisions.",
    ),
    (
        "entropy",
        None,
        "not answered yet. Set `entropy` to a dict of formulas with the keys 'p', 'H'.",
    ),
    ("entropy", {"p": "1/n", "H": ""}, "not answered yet: `H`."),
    ("entropy", {"p": "1/n", "H": "ln(n)"}, "`H`: unknown function `ln` (character 1); write log."),
    (
        "bug_clamp",
        {"line": None, "repair": ""},
        'not answered yet. Set `bug_clamp` to a dict {"line": …, "repair": "…"}.',
    ),
    ("bug_clamp", {"line": 4, "repair": ""}, "not answered yet: `repair`."),
    (
        "bug_clamp",
        {"line": 10, "repair": "x"},
        "`line` is 10; expected a whole number from 1 to 9.",
    ),
    (
        "bug_clamp",
        {"line": True, "repair": "x"},
        "`line` is True; expected a whole number from 1 to 9.",
    ),
    (
        "bug_clamp",
        {"line": 4, "repair": 5},
        "`repair` is 5; expected the new line as text.",
    ),
    (
        "bug_clamp",
        {"line": 4, "repair": "return max(x"},
        "`repair` does not read as a line of Python; look at its brackets and colon.",
    ),
    (
        "bug_clamp",
        {"line": 4},
        "expected a dict with the keys 'line', 'repair': 'repair' is missing.",
    ),
]


@pytest.mark.parametrize(("name", "value", "text"), WRONG_FORMS)
def test_wrong_form(name, value, text):
    assert flat(failure(name, value)) == f"{name}: {text}"


RIGHT_FORMS = [
    ("lp_primal", 3),
    ("lp_primal", -2.5),
    ("lp_primal", np.float32(1)),
    ("lp_primal", np.array(2.0)),
    ("kkt", {"x": 1, "direction": [1, -1]}),
    ("kkt", {"direction": np.array([0.5, 0.5]), "x": 0.0}),
    ("rates", {"gd": np.float64(0.1), "newton": 3}),
    ("convex_square", "a"),
    ("convex_square", " D "),
    ("order_step", "cab"),
    ("order_step", "c, a, b"),
    ("order_step", ["B", "a", "c"]),
    ("dual", "2*mu - mu^2/4"),
    ("dual", "sqrt(mu - 8)"),
    ("dual", 7),
    ("entropy", {"p": "1/n", "H": "log(n)*sqrt(k)"}),
    ("bug_clamp", {"line": 9, "repair": "    return np.maximum(x, 0)"}),
    ("bug_clamp", {"line": np.int64(1), "repair": "for i in range(3):"}),
    ("bug_clamp", {"line": 1, "repair": "    else:"}),
    ("bug_clamp", {"line": 1, "repair": "except ValueError:"}),
    ("bug_clamp", {"line": 1, "repair": "try:"}),
    ("bug_clamp", {"line": 1, "repair": "    a = 1\n    b = {}\n"}),
]


@pytest.mark.parametrize(("name", "value"), RIGHT_FORMS)
def test_right_form(name, value, capsys):
    check(name, value)
    out = capsys.readouterr().out
    assert out == f"{name}: the form is right; it will be graded after you submit.\n"


def test_sympy_formula(capsys):
    sympy = pytest.importorskip("sympy")
    mu = sympy.Symbol("mu")
    check("dual", 2 * mu - mu**2 / 4)
    assert "the form is right" in capsys.readouterr().out


# ---------------------------------------------------------------------------------------------
# The file of checks


def test_no_file(folder):
    (folder / "autograder.checks").unlink()
    assert flat(failure("lp_primal", 3)) == (
        f"There is no file autograder.checks in {folder}. It belongs beside the notebook: is the "
        "notebook still in its folder? Fetch the assignment again, or ask your TA."
    )


def test_damaged_file(folder):
    (folder / "autograder.checks").write_bytes(b"nonsense")
    assert flat(failure("lp_primal", 3)).startswith("autograder.checks is damaged: ")


@pytest.mark.parametrize("content", [{"version": 2, "items": {}}, {}, [1]])
def test_other_version(folder, content):
    write(folder, content)
    version = content.get("version") if isinstance(content, dict) else None
    assert flat(failure("lp_primal", 3)) == (
        f"autograder.checks has version {version}; this autograder reads version 1. Fetch the "
        "assignment again, or ask your TA."
    )


def test_unknown_item():
    text = flat(failure("lp_dual", 3))
    assert text.startswith(
        "There is no item 'lp_dual' in this assignment (ps_demo). Its items: soft"
    )
    assert text.endswith("put it back into its folder. Fetch the assignment again, or ask your TA.")


def test_unknown_kind():
    assert flat(failure("poem", 3)) == (
        "poem: items of kind 'poem' cannot be checked by this autograder. Fetch the assignment "
        "again, or ask your TA."
    )


def test_a_new_file_is_noticed(folder, capsys):
    check("lp_primal", 3)
    write(folder, {"version": 1, "set": "other", "items": {}})
    assert "(other)" in failure("lp_primal", 3)


def test_a_module_that_is_missing_here(folder):
    spec = ITEMS["soft_threshold"] | {"public_source": "import no_such_module_at_all\n"}
    write(folder, {"version": 1, "set": "ps_demo", "items": {"soft_threshold": spec}})
    assert flat(failure("soft_threshold", good)) == (
        "soft_threshold: this exercise needs a module that is not installed here: No module named "
        "'no_such_module_at_all'."
    )


# ---------------------------------------------------------------------------------------------
# In a kernel


def test_lines_fit_the_validator():
    for name, value, _ in WRONG_FORMS:
        assert max(map(len, failure(name, value).splitlines())) <= 80


def test_a_kernel_gets_a_display(monkeypatch, capsys):
    shown = []
    ipython = types.ModuleType("IPython")
    ipython.get_ipython = lambda: types.SimpleNamespace(kernel=object())
    display = types.ModuleType("IPython.display")
    display.display = lambda bundle, *, raw: shown.append((bundle, raw))
    monkeypatch.setitem(sys.modules, "IPython", ipython)
    monkeypatch.setitem(sys.modules, "IPython.display", display)
    check("lp_primal", 3)
    ((bundle, raw),) = shown
    assert raw
    assert bundle["text/plain"] == (
        "lp_primal: the form is right; it will be graded after you submit."
    )
    assert "The form is right; it will be graded after you submit." in bundle["text/html"]
    with pytest.raises(CheckFailed):
        check("lp_primal", None)
    assert len(shown) == 1
    assert capsys.readouterr() == ("", "")


def test_ipython_shows_the_lines_and_nothing_else(folder):
    pytest.importorskip("IPython")
    program = """
        from IPython.core.interactiveshell import InteractiveShell
        shell = InteractiveShell.instance(colors="NoColor")
        shell.run_cell("from autograder import check")
        shell.run_cell("def soft_threshold(x, lam):\\n    y = x / 2\\n    return y.wrong")
        shell.run_cell('check("soft_threshold", soft_threshold)')
    """
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", textwrap.dedent(program)],
        capture_output=True,
        text=True,
        check=True,
        env={"IPYTHONDIR": str(folder / "ipython"), "PYTHONPATH": ":".join(filter(None, sys.path))},
    )
    assert flat(done.stdout).startswith(
        "soft_threshold: 0 of 2 public examples pass. ✗ both signs: your code stopped on line 3, "
        "`return y.wrong`: `AttributeError: 'numpy.ndarray' object has no attribute 'wrong'`."
    )
    assert "Traceback" not in done.stdout + done.stderr


def test_import_is_light():
    heavy = ["torch", "nbgrader", "IPython", "matplotlib", "sympy", "hypothesis", "nbformat"]
    program = (
        "import sys; from autograder import check; "
        f"print([name for name in {heavy} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": ":".join(filter(None, sys.path))},
    )
    assert done.stdout == "[]\n"


def test_constants_match_the_file_that_build_writes():
    assert student.CHECKS_FILE == "autograder.checks"
    assert student.CHECKS_VERSION == 1
