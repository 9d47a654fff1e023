"""The whole flow on small submissions: each outcome, what costs what, and what a student may never read."""

from __future__ import annotations

import base64
import dataclasses
import textwrap
import time
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from autograder.course import load_course
from autograder.grade import grade_notebook, grade_source
from autograder.model import (
    Cell,
    Diagnosis,
    Grade,
    Item,
    NotebookGrade,
    Outcome,
    Policy,
    Submission,
    Unsupported,
)
from autograder.outputs import MAX_HTML, MAX_OUTPUTS, MAX_TEXT, clean_outputs
from autograder.sandbox.pool import Sandboxes
from autograder.score import total
from autograder.source import SourcePart

HIDDEN = 987.654321  # a hidden input of `scale`, and of nothing else

PROBLEMS = {
    "scale": '''
        """lam times x."""
        import numpy as np
        from autograder.model import Case, Group, Problem

        def scale(x, lam):
            return lam * x

        problem = Problem(
            reference=scale, source="none", rtol=1e-6, atol=1e-9,
            examples=[Case("small", (np.array([1.0, 2.0]), 2.0))],
            groups=[
                Group("positive", points=3, cases=(
                    Case("a large entry", (np.array([987.654321, 1.0]), 3.0)),
                    Case("a column", (np.array([[1.0], [2.0]]), 0.5)))),
                Group("negative", points=1, cases=(
                    Case("a negative factor", (np.array([1.0, 5.0]), -2.0)),)),
            ],
        )
    ''',
    "drawn": '''
        """x + 1, with drawn inputs; torch.special is forbidden."""
        import numpy as np
        from autograder.model import Case, Group, Problem
        from autograder.strategies import st, vectors

        def drawn(x):
            return x + 1.0

        problem = Problem(
            reference=drawn, source="none", rtol=1e-6, atol=1e-9,
            examples=[Case("one", (np.array([1.0]),))],
            groups=[Group("random", points=2, strategy=st.tuples(vectors()), count=8)],
            forbidden=("numpy.linalg", "math.fsum"),
        )
    ''',
    "broken": '''
        """A reference that raises on a hidden case."""
        import numpy as np
        from autograder.model import Case, Group, Problem

        def broken(x):
            if x[0] > 1.0:
                raise ValueError("not ready")
            return x

        problem = Problem(
            reference=broken, source="none", rtol=1e-6, atol=1e-9,
            examples=[Case("one", (np.array([1.0]),))],
            groups=[Group("all", points=2, cases=(Case("two", (np.array([2.0]),)),))],
        )
    ''',
    "walk": '''
        """Steps of a descent, with a path to draw."""
        import numpy as np
        from autograder.model import Case, Group, Problem

        def walk(x, steps):
            for _ in range(steps):
                x = 0.5 * x
            return x

        def iterates(function):
            """Halving"""
            return np.array([function(np.array([4.0, 2.0]), n) for n in range(4)])

        def bowl(x, y):
            return x * x + y * y

        problem = Problem(
            reference=walk, source="none", rtol=1e-6, atol=1e-9,
            examples=[Case("one", (np.array([1.0]), 1))],
            groups=[Group("all", points=2, cases=(Case("two", (np.array([2.0]), 2)),))],
            public=(iterates, bowl), path=iterates, landscape=bowl, time_limit_s=0.5,
        )
    ''',
}
ANSWERS = """
    import numpy as np
    from autograder.model import (
        BugHunt, Experiment, MultiNumeric, MultipleChoice, Numeric, Ordering, ShortAnswer, Symbolic)

    number = Numeric(points=2, value=2.5, rtol=1e-6, atol=1e-9)
    numbers = MultiNumeric(
        points=4, values={"x": 1.0, "v": [0.6, -0.8]}, rtol=1e-6, atol=1e-9, up_to_sign=["v"])
    measured = Experiment(points=2, intervals={"rate": (0.4, 0.6), "steps": (10.0, 12.0)})
    choice = MultipleChoice(points=1, options="abcd", key="c")
    order = Ordering(points=1, keys=["cab", "acb"])
    formula = Symbolic(
        points=2, expressions={"f": "2*x + y**2", "c": "3"}, domain={"x": (-1.0, 1.0), "y": (-1.0, 1.0)})
    hunt = BugHunt(
        points=2, problem="scale", lines=[2], repair="    y = lam * x",
        listing="def scale(x, lam):\\n    y = lam + x\\n    return y\\n")
    prose = ShortAnswer(points=3, rubric="anything")
"""


@pytest.fixture(scope="module")
def items(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Item]:
    root = tmp_path_factory.mktemp("course")
    folder = root / "solutions" / "ps77_small"
    for name, source in PROBLEMS.items():
        (folder / name).mkdir(parents=True)
        (folder / name / "problem.py").write_text(textwrap.dedent(source))
    (folder / "answers.py").write_text(textwrap.dedent(ANSWERS))
    return load_course(root).items("ps77_small")


@pytest.fixture
def file(items: Mapping[str, Item], sandboxes: Sandboxes, policy: Policy) -> Any:
    """Grade a function in a file."""

    def grade(name: str, source: str) -> Grade:
        part = SourcePart(0, textwrap.dedent(source))
        verdict, level = grade_source(items[name], [part], sandboxes, policy)
        assert level == "full"
        return verdict

    return grade


@pytest.fixture
def book(items: Mapping[str, Item], notebook_sandboxes: Sandboxes, policy: Policy) -> Any:
    """Grade a notebook: its code cells, then check cells for the named items."""

    def grade(*sources: str, ask: str = "", policy: Policy = policy) -> NotebookGrade:
        cells = [Cell(n, "code", textwrap.dedent(text)) for n, text in enumerate(sources)]
        for n, name in enumerate(ask.split(), len(cells)):
            cells.append(Cell(n, "code", f'check("{name}", {name})', name, items[name].points))
        found = grade_notebook(Submission(tuple(cells)), items, notebook_sandboxes, policy)
        assert found.isolation == "full"
        assert list(found.grades) == ask.split()
        for verdict in found.grades.values():
            assert (verdict.score is None) == (verdict.outcome is Outcome.GRADER_ERROR)
            assert verdict.score is None or 0.0 <= verdict.score <= verdict.max_score
        return found

    return grade


def public_texts(grade: Grade) -> str:
    """All that a student may read of a grade."""
    texts = [grade.message, *(result.name + result.public_message for result in grade.results)]
    if grade.counterexample is not None:
        shown = grade.counterexample
        texts += [shown.inputs, shown.expected, shown.actual]
    return "\n".join(texts)


def scores(found: NotebookGrade) -> dict[str, float | None]:
    return {name: grade.score for name, grade in found.grades.items()}


RIGHT = "def scale(x, lam):\n    return lam * x\n"

# ---------------------------------------------------------------------------------------------
# Functions


@pytest.mark.parametrize(
    ("source", "outcome", "score", "said"),
    [
        (RIGHT, "passed", 4.0, ""),
        ("scale = lambda x, lam: [list(row) if row.ndim else row for row in lam * x]", "passed", 4.0, ""),
        ("def scale(x, lam):\n    return x + lam\n", "failed", 0.0, "shape and type are right, 2 of 2"),
        ("def scale(x, lam):\n    return abs(lam) * x\n", "failed", 3.0, "values are not"),
        ("def scale(x, lam):\n    return (lam * x).ravel()\n", "failed", 1.0, "of the wrong shape"),
        ("def scale(x, lam):\n    return lam * x[0] if lam < 0 else lam * x\n", "failed", 3.0, "returned float where an array is expected"),
        ("def scale(x, lam):\n    print(lam * x)\n", "failed", 0.0, "returned None; is a `return` missing?"),
        ("def scale(x, lam):\n    x *= lam\n    return x\n", "failed", 0.0, "your function changed its input"),
        ("def scale(x, lam):\n    raise NotImplementedError\n", "not_attempted", 0.0, "`scale` still raises"),
        ("def scale(x, lam):\n    return lam * y\n", "raised", 0.0, "stopped on line 2: NameError"),
        ("def scale(x, lam):\n    return x[7] * lam\n", "raised", 0.0, "stopped on line 2"),
        ("def scale(x):\n    return 2 * x\n", "raised", 0.0, "could not be called with the arguments"),
        ("def scale(x, lam, more):\n    return lam * x\n", "raised", 0.0, "could not be called"),
        ("Scale = lambda x, lam: lam * x", "failed", 0.0, "did you mean to name `Scale` so?"),
        ("def scael(x, lam):\n    return lam * x\n", "failed", 0.0, "did you mean to name `scael` so?"),
        ("unrelated = 1", "failed", 0.0, "there is no function named `scale`"),
        ("scale = 3.0", "failed", 0.0, "`scale` is no function but a float"),
        ("def scale(x, lam)\n    return x", "raised", 0.0, "did not run: line 1: SyntaxError"),
        (RIGHT + "raise ValueError('late')", "passed", 4.0, ""),
        ("def scale(x, lam):\n    raise SystemExit\n", "raised", 0.0, "SystemExit"),
    ],
)  # fmt: skip
def test_outcomes(file: Any, source: str, outcome: str, score: float, said: str) -> None:
    grade = file("scale", source)
    assert (grade.outcome, grade.score, grade.max_score) == (outcome, score, 4.0)
    assert said in public_texts(grade)


def test_a_group_earns_its_points_alone(file: Any) -> None:
    grade = file("scale", "def scale(x, lam):\n    return abs(lam) * x\n")
    assert grade.group_points == {"positive": (3.0, 3.0), "negative": (0.0, 1.0)}
    grade = file("scale", "def scale(x, lam):\n    return lam * x if x.ndim == 1 else x\n")
    assert grade.group_points == {"positive": (0.0, 3.0), "negative": (1.0, 1.0)}


def test_no_group_at_all_earns_nothing() -> None:
    assert total({}, 4.0) == 0.0


@pytest.mark.parametrize(
    ("body", "outcome", "said"),
    [
        ("while lam < 0: pass", Outcome.TIMED_OUT, "no answer within"),
        ("os._exit(3) if lam < 0 else None", Outcome.RAISED, "your code ended the process"),
    ],
)
def test_a_case_that_takes_the_process_with_it_costs_its_group(
    items: Mapping[str, Item], sandboxes: Sandboxes, body: str, outcome: Outcome, said: str
) -> None:
    source = f"import os\ndef scale(x, lam):\n    {body}\n    return lam * x\n"
    policy = Policy(notebook_time_limit_s=2.0)
    grade, _ = grade_source(items["scale"], [SourcePart(0, source)], sandboxes, policy)
    assert (grade.outcome, grade.score) == (outcome, 3.0)
    assert said in public_texts(grade)


def test_a_reference_that_raises_is_the_grader_s_fault(file: Any) -> None:
    grade = file("broken", "def broken(x):\n    return x\n")
    assert (grade.outcome, grade.score) == (Outcome.GRADER_ERROR, None)
    assert "broken: the reference raised ValueError: not ready on case 'two'" in grade.message
    assert grade.reference_number in grade.message


def test_a_fault_of_the_diagnosis_leaves_the_verdict(
    file: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def failing(*_: Any, **__: Any) -> Any:
        raise KeyError("slip")

    monkeypatch.setattr("autograder.grade.diagnose", failing)
    grade = file("scale", "def scale(x, lam):\n    return lam + x + 0.125")
    assert (grade.outcome, grade.score, grade.diagnoses) == (Outcome.FAILED, 0.0, ())
    assert "scale: no diagnosis: KeyError" in caplog.text


def test_the_same_function_gets_the_same_cause_and_is_diagnosed_once(
    file: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = file("scale", "def scale(x, lam):\n    return x - -x + lam * x")
    monkeypatch.setattr("autograder.grade.diagnose", None)
    again = file("scale", "print(1)\ndef scale(x, lam):\n    return x - -x + lam * x")
    assert again.diagnoses == ()  # on another line, so it had to be looked for, and could not
    again = file("scale", "def scale(x, lam):\n    return x - -x + lam * x\nprint(1)")
    assert again.diagnoses == first.diagnoses


def test_a_counterexample_is_the_smallest_one(file: Any) -> None:
    shown = file("drawn", "def drawn(x):\n    return abs(x) + 1.0\n").counterexample
    assert (shown.inputs, shown.expected, shown.actual) == ("([-0.1],)", "[0.9]", "[1.1]")


def test_iterates_are_drawn_beside_the_reference_s(file: Any) -> None:
    path = file("walk", "def walk(x, steps):\n    return x * 0.25**steps\n").path
    assert path.title == "Halving"
    assert path.actual.shape == path.expected.shape
    assert (path.actual[0] == path.expected[0]).all()
    assert (path.actual[1] == path.expected[1] / 2).all()
    assert path.landscape[2].shape == (60, 60)


@pytest.mark.parametrize(
    "returned",
    ["[10**400] * 2", "[1j, 1j]", "'ab'", "None", "{}", "[[1.0], [1.0, 2.0]]", "object()"],
)
def test_iterates_that_cannot_be_drawn_do_no_harm(file: Any, returned: str) -> None:
    source = f"def walk(x, steps):\n    return {returned} if x.size == 2 else x * 0.5**steps\n"
    grade = file("walk", source)
    assert (grade.outcome, grade.score) == (Outcome.PASSED, 2.0)
    wrong = file("walk", source.replace("0.5", "0.4"))
    assert (wrong.outcome, wrong.path) == (Outcome.FAILED, None)


@pytest.mark.parametrize(
    ("source", "name", "line"),
    [
        ("import numpy as np\ndef drawn(x):\n    return x + np.linalg.norm(1.0)", "numpy.linalg.norm", 3),
        ("import numpy\ndef drawn(x):\n    return x + numpy.linalg.norm(1)", "numpy.linalg.norm", 3),
        ("import numpy.linalg as la\ndef drawn(x):\n    return x + la.norm(1)", "numpy.linalg.norm", 3),
        ("from numpy import linalg\ndef drawn(x):\n    return linalg.norm(x)", "numpy.linalg.norm", 3),
        ("from numpy.linalg import norm as n\ndef drawn(x):\n    return x + n(1)", "numpy.linalg.norm", 3),
        ("def drawn(x):\n    from numpy import linalg as q\n    return x + q.norm(1)", "numpy.linalg.norm", 3),
        ("from math import fsum\ndef helper(x):\n    return fsum(x)\ndef drawn(x):\n    return helper(x)", "math.fsum", 3),
        ("import numpy as np\nla = np.linalg\ndef drawn(x):\n    return x + la.norm(1)", "numpy.linalg", 2),
        ("import numpy as np\nclass Tool:\n    f = np.linalg.norm\ndef drawn(x):\n    return Tool.f(x)", "numpy.linalg.norm", 3),
    ],
)  # fmt: skip
def test_forbidden_names_are_found_under_any_alias(
    file: Any, source: str, name: str, line: int
) -> None:
    grade = file("drawn", source)
    assert (grade.outcome, grade.score) == (Outcome.FAILED, 0.0)
    assert f"`{name}` on line {line} is not allowed here" in grade.message or (
        f"on line {line} is not allowed here" in grade.message and name in grade.message
    )


@pytest.mark.parametrize(
    "source",
    [
        "import numpy as np\nprint(np.linalg.norm(1.0))\ndef drawn(x):\n    return x + 1.0",
        "from numpy import linalg\ndef drawn(x):\n    linalg = 1.0\n    return x + linalg",
        "import numpy.linalg as p\ndef drawn(p):\n    return p + 1.0",
        "import math\ndef drawn(x):\n    return x + math.exp(0.0)",
        "import numpy as np\ndef other(x):\n    return np.linalg.norm(x)\ndef drawn(x):\n    return x + 1.0",
        "import numpy as np\ndef drawn(x):\n    'not np.linalg.norm'\n    return np.linalgebra if 0 else x + 1.0",
    ],
)
def test_what_only_looks_forbidden_is_allowed(file: Any, source: str) -> None:
    assert file("drawn", source).outcome is Outcome.PASSED


# ---------------------------------------------------------------------------------------------
# Notebooks: what costs what


def test_a_cell_that_fails_loops_or_dies_costs_only_what_it_defines(book: Any) -> None:
    policy = Policy(cell_time_limit_s=0.5, notebook_time_limit_s=30.0)
    found = book(
        "start = 2.0",
        "1 / 0",
        "while True: pass\nnumber = 2.5",
        "import os; os._exit(1)\nchoice = 'c'",
        "def scale(x, lam)\n    return x",
        "def drawn(x):\n    return x + start - 1.0",
        "order = 'cab'",
        ask="scale drawn number choice order",
        policy=policy,
    )
    assert scores(found) == {
        "scale": 0.0,
        "drawn": 2.0,
        "number": 0.0,
        "choice": 0.0,
        "order": 1.0,
    }
    assert "the cell that defines `scale` did not run" in found.grades["scale"].message
    assert found.grades["number"].outcome is Outcome.TIMED_OUT
    assert found.grades["choice"].outcome is Outcome.RAISED
    names = {
        n: [o.get("ename") for o in outputs] for n, outputs in found.outputs.items() if outputs
    }
    assert names == {
        1: ["ZeroDivisionError"],
        2: ["CellTimeoutError"],
        3: ["DeadKernelError"],
        4: ["SyntaxError"],
    }


def test_a_cause_names_its_cell(
    items: Mapping[str, Item], notebook_sandboxes: Sandboxes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By grade_id, or by its place among the code cells; the cause that a class shares is in each one's own cell."""
    wrong = "\n\ndef scale(x, lam):\n    return x - -(x * 1) + lam * x\n"
    check = Cell(9, "code", "check('scale', scale)", "scale", items["scale"].points)

    def graded(*cells: Cell) -> Diagnosis:
        book = Submission((*cells, check))
        found = grade_notebook(book, items, notebook_sandboxes, Policy())
        return found.grades["scale"].diagnoses[0]

    text = Cell(0, "markdown", "# Text")
    first = graded(text, Cell(1, "code", "a = 1"), Cell(2, "code", wrong, "scale_answer"))
    assert (first.cell, first.line) == ("scale_answer", 4)
    monkeypatch.setattr("autograder.grade.diagnose", None)
    again = graded(text, Cell(4, "code", "a = 1"), Cell(5, "code", "b = 1"), Cell(6, "code", wrong))
    assert again == dataclasses.replace(first, cell="code cell 3")


def test_many_functions_that_die_leave_the_others_their_points(book: Any) -> None:
    found = book(
        "import os",
        "def scale(x, lam): os._exit(1)",
        "def walk(x, steps): os._exit(1)",
        "def drawn(x): os._exit(1)",
        "def broken(x): os._exit(1)",
        *["os._exit(2)"] * 10,
        "number = 2.5",
        "hunt = {'line': 2, 'repair': 'y = lam * x'}",
        ask="scale walk drawn number hunt",
    )
    assert scores(found) == {"scale": 0.0, "walk": 0.0, "drawn": 0.0, "number": 2.0, "hunt": 2.0}


def test_the_state_at_the_end_counts_and_is_rebuilt_when_lost(book: Any) -> None:
    found = book(
        "factor = 1.0",
        "def drawn(x):\n    return x + factor",
        "def scale(x, lam):\n    import os\n    os._exit(1)",
        "factor = factor if 'counted' in globals() else 1.0\ncounted = True",
        ask="scale drawn",
    )
    assert scores(found) == {"scale": 0.0, "drawn": 2.0}


def test_a_notebook_in_another_language_is_not_run(
    items: Mapping[str, Item], notebook_sandboxes: Sandboxes, policy: Policy
) -> None:
    cells = (Cell(0, "code", "x <- 1", "number", 2.0), Cell(1, "code", "y", "own", 1.0))
    found = grade_notebook(Submission(cells, "R"), items, notebook_sandboxes, policy)
    assert scores(found) == {"number": 0.0, "own": 0.0}
    assert "the notebook's language is R" in found.grades["number"].message


def test_points_are_those_of_the_release(
    items: Mapping[str, Item], notebook_sandboxes: Sandboxes, policy: Policy
) -> None:
    source = "def scale(x, lam):\n    return abs(lam) * x"
    cells = (Cell(0, "code", source), Cell(1, "code", "check", "scale", 8.0))
    found = grade_notebook(Submission(cells), items, notebook_sandboxes, policy)
    assert (found.grades["scale"].score, found.grades["scale"].max_score) == (6.0, 8.0)


def test_a_grader_fault_costs_its_item_only(book: Any) -> None:
    found = book("def broken(x):\n    return x", "number = 2.5", ask="broken number")
    assert scores(found) == {"broken": None, "number": 2.0}


def test_a_person_s_cells_are_left_alone(
    items: Mapping[str, Item], notebook_sandboxes: Sandboxes, policy: Policy
) -> None:
    cells = (Cell(0, "markdown", "because", "prose", 3.0, is_manual=True),)
    assert grade_notebook(Submission(cells), items, notebook_sandboxes, policy).grades == {}


# ---------------------------------------------------------------------------------------------
# What a student may never read

LEAK = str(HIDDEN)
SPY = """
    import os, sys
    import numpy as np
    from autograder.sandbox import wire
    seen = []
    def request():
        frame = sys._getframe()
        while frame:
            if type(frame.f_locals.get("request")) is dict:
                return frame.f_locals["request"]
            frame = frame.f_back
    def forge(**fields):
        os.write(3, wire.encode({"nonce": request()["nonce"], "case": 0, **fields}))
        os._exit(int(abs(x_now[0]) * 1000) % 200 + 7)
    def secret(x):
        global x_now
        x_now = np.ravel(x)
        return "".join(f"{ord(c):03d}" for c in repr(x))
"""
WAYS = {
    "printed": "print(x)\nreturn lam * x",
    "kept": "seen.append(x)\nreturn lam * x",
    "text of an exception": "raise ValueError(repr(x))",
    "class of an exception": "raise type('E' + secret(x), (Exception,), {})()",
    "a builtin of another kind": "raise type('license', (Exception,), {})(repr(x))",
    "line of an exception": (
        "code = '\\n' * int(abs(np.ravel(x)[0]) * 1000) + 'raise ValueError'\n"
        "exec(compile(code, '<cell 1>', 'exec'))"
    ),
    "words of a call": (
        "exec(compile('raise TypeError(\"scale() got \" + repr(x))', 'made up', 'exec'), {'x': x})"
    ),
    "class of a value": "return type('V' + secret(x), (), {})()",
    "shape of a value": "return np.zeros((0, int(abs(np.ravel(x)[0]) * 1000)))",
    "length of a value": "return [0.0] * int(abs(np.ravel(x)[0]) * 100)",
    "keys of a value": "return {repr(x): 1.0}",
    "a word": "return repr(x)",
    "exit code": "secret(x); os._exit(int(abs(x_now[0]) * 1000) % 200 + 7)",
    "forged line": "secret(x); forge(error={'type': 'ValueError', 'text': '', 'cell': 1, 'line': int(secret(x)) % 10**18})",
    "forged call": "secret(x); forge(error={'type': 'TypeError', 'text': 'scale() ' + repr(x), 'cell': -1, 'line': 0})",
    "forged type": "secret(x); forge(error={'type': repr(x), 'text': '', 'cell': 1, 'line': 1})",
    "forged names": "secret(x); forge(missing=['scal' + 'e'.join(repr(x)), 'Scale'])",
    "forged class": "secret(x); forge(uncallable=repr(x))",
    "forged reason": "secret(x); forge(unsendable=repr(x))",
    "forged prefix": (
        "secret(x); os.write(3, wire.PREFIX.pack(wire.MAGIC, 987654321, 987654321)); os._exit(0)"
    ),
    "forged outputs": "secret(x); forge(outputs=[{'output_type': 'stream', 'text': repr(x)}])",
    "an answer of another item": "global number\nnumber = float(np.ravel(x)[0])\nreturn lam * x",
}  # fmt: skip
TRACES = (LEAK, "987654", "987.654", "057056055046054053", "license", "98765")


@pytest.mark.parametrize("way", WAYS)
def test_hidden_inputs_reach_nothing_that_a_student_reads(
    items: Mapping[str, Item], notebook_sandboxes: Sandboxes, way: str
) -> None:
    """The function behaves on public examples, and on a hidden input gives it away as best it can."""
    policy = Policy(cell_time_limit_s=5.0, notebook_time_limit_s=30.0, show_counterexample=True)
    body = textwrap.indent("if np.ravel(x)[0] < 900:\n    return lam * x\n" + WAYS[way], "    ")
    sources = [
        textwrap.dedent(SPY),
        f"def scale(x, lam):\n{body}\n",
        "def drawn(x):\n    return x + 1.0 if not seen else seen[0]",
        "number = 2.5",
        "print(seen)",
    ]
    cells = [Cell(n, "code", text) for n, text in enumerate(sources)]
    asked = ("scale", "drawn", "number")
    cells += [
        Cell(9 + n, "code", "check", name, items[name].points) for n, name in enumerate(asked)
    ]
    found = grade_notebook(Submission(tuple(cells)), items, notebook_sandboxes, policy)
    read = str(dict(found.outputs))
    for grade in found.grades.values():
        read += public_texts(grade)
    for trace in TRACES:
        assert trace not in read
    assert found.grades["number"].score == 2.0  # read before anything hidden ran
    # Staff see what happened.
    results = [result for result in found.grades["scale"].results if result.name == "a large entry"]
    assert results
    assert (results[0].outcome is Outcome.PASSED) == (found.grades["scale"].score == 4.0)


def test_an_exit_code_is_not_told(book: Any) -> None:
    source = "def scale(x, lam):\n    if lam == 3.0:\n        import os\n        os._exit(117)\n    return lam * x"
    grade = book(source, ask="scale").grades["scale"]
    assert "117" not in public_texts(grade)
    assert any("exit code 117" in result.message for result in grade.results)


def test_a_student_s_counterexample_comes_from_a_process_that_saw_nothing_hidden(book: Any) -> None:
    policy = Policy(show_counterexample=True)
    found = book(
        "seen = []",
        "def scale(x, lam):\n    seen.append(x.tolist())\n    return lam * x",
        "def drawn(x):\n    return [float(len(seen)), 7.0]",
        ask="scale drawn",
        policy=policy,
    )
    shown = found.grades["drawn"].counterexample
    assert shown is not None
    assert shown.actual == "[0.0, 7.0]"


def test_a_hidden_case_is_no_counterexample_for_students(
    book: Any, file: Any, items: Mapping[str, Item]
) -> None:
    source = "def scale(x, lam):\n    return x"
    shown = book(source, ask="scale", policy=Policy(show_counterexample=True)).grades["scale"]
    assert shown.counterexample is None
    assert file("scale", source).counterexample is not None  # for staff


# ---------------------------------------------------------------------------------------------
# Answers that are no functions

ANSWER_TABLE = [
    ("number", "2.5", "passed", 2.0),
    ("number", "5 / 2 + 1e-8", "passed", 2.0),
    ("number", "np.float32(2.5)", "passed", 2.0),
    ("number", "np.array(2.5)", "passed", 2.0),
    ("number", "2.51", "failed", 0.0),
    ("number", "'2.5'", "failed", 0.0),
    ("number", "float('nan')", "failed", 0.0),
    ("number", "True", "failed", 0.0),
    ("number", "[2.5]", "failed", 0.0),
    ("number", "object()", "failed", 0.0),
    ("number", "10**5000", "failed", 0.0),
    ("number", "type('F', (float,), {'__eq__': lambda a, b: True})(1.0)", "failed", 0.0),
    ("number", "None", "not_attempted", 0.0),
    ("numbers", "{'x': 1, 'v': [0.6, -0.8]}", "passed", 4.0),
    ("numbers", "{'x': 1, 'v': np.array([-0.6, 0.8])}", "passed", 4.0),
    ("numbers", "{'x': -1, 'v': (0.6, -0.8)}", "failed", 2.0),
    ("numbers", "{'x': 1, 'v': (0.6, 0.8)}", "failed", 2.0),
    ("numbers", "{'x': 1, 'v': None}", "failed", 2.0),
    ("numbers", "{'x': 1, 'v': [None, None]}", "failed", 2.0),
    ("numbers", "{'X': 1}", "not_attempted", 0.0),
    ("numbers", "[1, [0.6, -0.8]]", "failed", 0.0),
    ("numbers", "{'x': None, 'v': None}", "not_attempted", 0.0),
    ("numbers", "{('x', 1): 1}", "failed", 0.0),
    ("measured", "{'rate': 0.5, 'steps': 11}", "passed", 2.0),
    ("measured", "{'rate': 0.4, 'steps': np.int64(12)}", "passed", 2.0),
    ("measured", "{'rate': 0.7, 'steps': 11}", "failed", 1.0),
    ("measured", "{'rate': float('inf'), 'steps': 11}", "failed", 1.0),
    ("measured", "{'rate': '0.5', 'steps': True}", "failed", 0.0),
    ("measured", "{'rate': np.complex128(0.5), 'steps': [11]}", "failed", 0.0),
    ("measured", "{'rate': None, 'steps': None}", "not_attempted", 0.0),
    ("measured", "0.5", "failed", 0.0),
    ("choice", "'c'", "passed", 1.0),
    ("choice", "' C '", "passed", 1.0),
    ("choice", "np.str_('c')", "passed", 1.0),
    ("choice", "'b'", "failed", 0.0),
    ("choice", "'abcd'", "failed", 0.0),
    ("choice", "['c']", "failed", 0.0),
    ("choice", "np.array([1, 2])", "failed", 0.0),
    ("choice", "2", "failed", 0.0),
    ("choice", "''", "not_attempted", 0.0),
    ("order", "'cab'", "passed", 1.0),
    ("order", "'A, C, B'", "passed", 1.0),
    ("order", "['c', 'a', 'b']", "passed", 1.0),
    ("order", "'abc'", "failed", 0.0),
    ("order", "'ca'", "failed", 0.0),
    ("order", "'ccab'", "failed", 0.0),
    ("order", "[3, 1, 2]", "failed", 0.0),
    ("order", "np.array([3, 1, 2])", "failed", 0.0),
    ("order", "''", "not_attempted", 0.0),
    ("formula", "{'f': 'y*y + x + x', 'c': '9 / 3'}", "passed", 2.0),
    ("formula", "{'f': '2*x + y^2', 'c': 3}", "passed", 2.0),
    ("formula", "{'f': '2*x + y', 'c': '3'}", "failed", 1.0),
    ("formula", "{'f': '2x + y**2', 'c': '3'}", "failed", 1.0),
    ("formula", "{'f': '__import__(\"os\")', 'c': 'z'}", "failed", 0.0),
    ("formula", "{'f': '', 'c': ''}", "not_attempted", 0.0),
    ("formula", "{'f': 'x' * 10**6, 'c': '2**(9**9)'}", "failed", 0.0),
    ("formula", "object()", "failed", 0.0),
    ("hunt", "{'line': 2, 'repair': 'y = lam * x'}", "passed", 2.0),
    ("hunt", "{'line': 2, 'repair': '    y = x * lam  # so'}", "passed", 2.0),
    ("hunt", "{'line': 2, 'repair': 'y = 0 * x\\nfor _ in range(1):\\n    y = y + lam * x'}", "passed", 2.0),
    ("hunt", "{'line': 2, 'repair': '    y = 0 * x\\n    for _ in range(1):\\n        y = y + lam * x'}", "passed", 2.0),
    ("hunt", "{'line': 2, 'repair': 'y = lam - x'}", "failed", 1.0),
    ("hunt", "{'line': 2.0, 'repair': ''}", "failed", 1.0),
    ("hunt", "{'line': 3, 'repair': 'return lam * x'}", "failed", 1.0),
    ("hunt", "{'line': 1, 'repair': 'y = lam * x'}", "failed", 0.0),
    ("hunt", "{'line': 2, 'repair': 'y = (lam *'}", "failed", 1.0),
    ("hunt", "{'line': 99, 'repair': 'y = lam * x'}", "failed", 0.0),
    ("hunt", "{'line': True, 'repair': 'y = lam * x'}", "failed", 0.0),
    ("hunt", "{'line': None, 'repair': 'y = lam * x'}", "failed", 0.0),
    ("hunt", "[2, 'y = lam * x']", "failed", 0.0),
    ("hunt", "{'line': 2, 'repair': 7}", "failed", 1.0),
    ("hunt", "{'line': None, 'repair': ''}", "not_attempted", 0.0),
    ("hunt", "None", "not_attempted", 0.0),
]  # fmt: skip
SAME_OUTCOME = {"raised": "failed", "timed_out": "failed"}


@pytest.mark.parametrize(("name", "answer", "outcome", "score"), ANSWER_TABLE)
def test_answers(book: Any, name: str, answer: str, outcome: str, score: float) -> None:
    grade = book(f"import numpy as np\n{name} = {answer}", ask=name).grades[name]
    assert (SAME_OUTCOME.get(grade.outcome, grade.outcome), grade.score) == (outcome, score)
    if outcome == "failed":
        assert any(result.public_message for result in grade.results)


def test_the_key_is_not_told(book: Any) -> None:
    found = book(
        "number, choice, order = 1.0, 'a', 'bca'",
        "numbers = {'x': 7, 'v': [1, 1]}",
        "measured = {'rate': 9.0, 'steps': 99.0}",
        ask="number numbers measured choice order",
    )
    told = "\n".join(public_texts(grade) for grade in found.grades.values())
    for key in ("2.5", "0.6", "0.8", "0.4", "10", "12", "'c'", "cab", "acb"):
        assert key not in told


def test_a_variable_that_is_missing_gets_a_hint(book: Any) -> None:
    grade = book("Number = 2.5", ask="number").grades["number"]
    assert (grade.outcome, grade.score) == (Outcome.NOT_ATTEMPTED, 0.0)
    assert "there is no variable named `number`; did you mean to name `Number` so?" in grade.message


def test_a_repair_that_loops_or_dies_ends(
    book: Any, items: Mapping[str, Item], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = book("hunt = {'line': 2, 'repair': 'import os; os._exit(0)'}", ask="hunt")
    assert found.grades["hunt"].score == 1.0
    policy = Policy(notebook_time_limit_s=1.0)
    found = book("hunt = {'line': 2, 'repair': 'while True: pass'}", ask="hunt", policy=policy)
    assert found.grades["hunt"].score == 1.0


@pytest.mark.parametrize(
    "value",
    ["[[1.0], [1.0, 2.0]]", "'x'", "np.ones(3)", "np.ones(24) * 1j", "Unsupported('x')", "10**400"],
)
def test_a_forged_formula_is_only_wrong(book: Any, value: str) -> None:
    source = (
        SPY
        + f"""
    from autograder.model import Unsupported
    class Formula(dict):
        def get(self, key):
            os.write(3, wire.encode({{"nonce": request()["nonce"], "value": {value}}}))
            os._exit(0)
    formula = Formula()
    """
    )
    grade = book(source, ask="formula").grades["formula"]
    assert grade.score == 0.0


# ---------------------------------------------------------------------------------------------
# Ordinary nbgrader test cells

TEST_CELLS = [
    ("assert f(2) == 4", "passed", 3.0),
    ("assert f(2) == 5", "failed", 0.0),
    ("assert g(2) == 4", "failed", 0.0),
    ("print('fine')", "passed", 3.0),
    ("import sys; print('a warning', file=sys.stderr)", "passed", 3.0),
    ("import warnings; warnings.warn('old')\nassert f(2) == 4", "passed", 3.0),
    ("f(2) / 2 - 0.5", "failed", 1.5),
    ("3", "passed", 3.0),
    ("0", "failed", 0.0),
    ("import numpy as np\nnp.float64(1.5)", "failed", 1.5),
    ("import numpy as np\nnp.int64(3)", "passed", 3.0),
    ("import numpy as np\nnp.float64('nan')", "failed", 0.0),
    ("float('nan')", "failed", 0.0),
    ("float('inf')", "failed", 0.0),
    ("-1", "failed", 0.0),
    ("3.5", "failed", 0.0),
    ("f", "passed", 3.0),
    ("True", "passed", 3.0),
    ("raise SystemExit", "failed", 0.0),
    ("import os; os._exit(0)", "raised", 0.0),
    ("while True: pass", "timed_out", 0.0),
    ("", "failed", 0.0),
    ("# nothing", "passed", 3.0),
]


@pytest.mark.parametrize(("test", "outcome", "score"), TEST_CELLS)
def test_ordinary_test_cells(
    items: Mapping[str, Item], notebook_sandboxes: Sandboxes, test: str, outcome: str, score: float
) -> None:
    cells = (
        Cell(0, "code", "def f(x):\n    return 2 * x"),
        Cell(1, "code", test, "their_test", 3.0),
        Cell(2, "code", "assert f(1) == 2", "another", 1.0),
    )
    policy = Policy(cell_time_limit_s=0.5)
    found = grade_notebook(Submission(cells), items, notebook_sandboxes, policy)
    grade = found.grades["their_test"]
    assert (grade.outcome, grade.score, grade.max_score) == (outcome, score, 3.0)
    assert found.grades["another"].score == 1.0


# ---------------------------------------------------------------------------------------------
# Outputs


def test_outputs_are_kept_in_order_with_their_figures(book: Any) -> None:
    found = book(
        "print('before')\n1 + 1",
        "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()",
        "import sys\nprint('to stderr', file=sys.stderr)",
    )
    first, second, third = (found.outputs[n] for n in range(3))
    assert [output["output_type"] for output in first] == ["stream", "execute_result"]
    assert first[1]["data"] == {"text/plain": "2"}
    pictures = [o["data"]["image/png"] for o in second if "image/png" in o.get("data", {})]
    assert base64.b64decode(pictures[0])[:8] == b"\x89PNG\r\n\x1a\n"
    assert third[0]["name"] == "stderr"


def test_endless_printing_is_cut(book: Any) -> None:
    (output,) = book("for _ in range(300):\n    print('x' * 10_000)").outputs[0]
    assert len(output["text"]) < MAX_TEXT


def bundle(**data: Any) -> dict[str, Any]:
    named = {name.replace("_", "/"): content for name, content in data.items()}
    return {"output_type": "display_data", "data": named}


def cleaned_data(**data: Any) -> dict[str, str]:
    found = clean_outputs([bundle(**data)])
    return dict(found[0]["data"]) if found else {}


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<b onclick=alert(1)>x</b>",
        "<a href='javascript:alert(1)'>x</a>",
        "<iframe src='data:text/html,<script>alert(1)</script>'></iframe>",
        "<svg onload=alert(1)></svg>",
        "<style>body{display:none}</style>",
        "<form action=/hub><input name=q></form>",
        "<meta http-equiv=refresh content='0;url=x'>",
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
        "<td style='position:fixed'>x</td>",
        "<p id=clobbered>x</p>",
    ],
)
def test_html_keeps_no_script_no_style_no_link(html: str) -> None:
    kept = cleaned_data(text_html=html).get("text/html", "")
    for bad in (
        "<script",
        "<img",
        "onclick",
        "<a",
        "<iframe",
        "<svg",
        "<style",
        "style=",
        "<form",
        "<meta",
        "id=",
    ):
        assert bad not in kept  # fmt: skip


def test_a_table_keeps_its_form() -> None:
    html = '<table class="dataframe"><tr><td colspan="2">1</td></tr></table>'
    assert "<table" in cleaned_data(text_html=html)["text/html"]
    assert 'colspan="2"' in cleaned_data(text_html=html)["text/html"]


@pytest.mark.parametrize(
    "html",
    ["<div>" * 101, "<div>" * 15_000, "<b></i>" * 10_000, "<p><b>" * 9_000, "x" * (MAX_HTML + 1)],
    ids=["deep", "very deep", "misnested", "reopened", "long"],
)
def test_html_that_a_parser_would_be_slow_with_is_dropped(html: str) -> None:
    assert cleaned_data(text_html=html, text_plain="plain") == {"text/plain": "plain"}


@pytest.mark.parametrize(
    "html",
    ["<b><i></b></i>" * 7_000, "<" * MAX_HTML, "<b a=1 " * 12_000, "</p>" * 20_000],
    ids=["crossed", "brackets", "attributes", "closed"],
)
def test_html_made_to_be_slow_takes_seconds_at_most(html: str) -> None:
    begin = time.perf_counter()
    assert cleaned_data(text_html=html, text_plain="plain")["text/plain"] == "plain"
    assert time.perf_counter() - begin < 60


@pytest.mark.parametrize(
    "mime",
    [
        "application/javascript",
        "text/javascript",
        "image/svg+xml",
        "application/vnd.jupyter.widget-view+json",
        "application/pdf",
        "text/markdown",
        "x",
    ],
)
def test_other_mime_types_are_dropped(mime: str) -> None:
    output = {"output_type": "display_data", "data": {mime: "alert(1)", "text/plain": "p"}}
    assert clean_outputs([output])[0]["data"] == {"text/plain": "p"}


def test_latex_keeps_formulas_and_no_links() -> None:
    assert cleaned_data(text_latex="$a < b$")["text/latex"] == r"$a \lt  b$"
    for bad in (r"$\href{javascript:alert(1)}{x}$", r"$\style{color:red}{x}$", r"$\require{html}$"):
        assert cleaned_data(text_latex=bad) == {}


def test_pictures_are_base64_or_nothing() -> None:
    good = base64.encodebytes(bytes(range(256))).decode()
    assert cleaned_data(image_png=good) == {"image/png": good}
    for bad in ('"><script>', "%%%", "a", "é", "' onerror='x"):
        assert cleaned_data(image_png=bad) == {}


HOSTILE = [
    7,
    None,
    [],
    {},
    {"output_type": "unknown"},
    {"output_type": np.ones(2), "name": np.ones(2)},
    {"output_type": ["stream"]},
    {"output_type": "stream", "name": np.ones(2), "text": np.ones(2)},
    {"output_type": "stream", "text": ["a", "b"]},
    {"output_type": "error", "ename": 7, "evalue": None, "traceback": "text"},
    {"output_type": "error", "ename": "E" * 10**6, "evalue": "", "traceback": [7, np.ones(2)]},
    {"output_type": "display_data", "data": 7},
    {"output_type": "display_data", "data": {7: "x", b"text/plain": "x", np.float64(1): "x"}},
    {"output_type": "display_data", "data": {"text/plain": ["x"]}},
    {"output_type": "execute_result", "data": {"text/plain": "x"}, "metadata": {"a": 1}, "evil": 2},
    {"output_type": "stream", "text": Unsupported("x", "y")},
    {"output_type": "stream", "text": "x" * (MAX_TEXT + 1)},
]


@pytest.mark.parametrize("output", HOSTILE, ids=range(len(HOSTILE)))
def test_outputs_of_wrong_types_become_valid_or_vanish(output: Any) -> None:
    import nbformat

    found = clean_outputs([output])
    cell = nbformat.v4.new_code_cell("x", outputs=[nbformat.from_dict(one) for one in found])
    nbformat.validate(nbformat.v4.new_notebook(cells=[cell]))
    assert "evil" not in str(found)
    assert len(str(found)) < 2 * MAX_TEXT


def test_a_million_outputs_are_a_hundred() -> None:
    raw = [{"output_type": "stream", "text": "x"}] * 10**6
    assert len(clean_outputs(raw)) == MAX_OUTPUTS
