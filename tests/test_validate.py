"""What `validate_set` says: one fault per test, in its exact words, and nothing besides."""

import re
from pathlib import Path

import pytest
import small_course
from small_course import SET

from autograder.course import load_course
from autograder.families import FAMILIES
from autograder.model import Policy
from autograder.sandbox.pool import Sandboxes
from autograder.validate import Fault, validate_set

REPOSITORY = Path(__file__).parent.parent
MD = f"assignments/{SET}/{SET}.md"
ANSWERS = f"solutions/{SET}/answers.py"
FOLDER = f"solutions/{SET}/floor_at"
PROBLEM = f"{FOLDER}/problem.py"
ACCEPTED = f"{FOLDER}/accepted"
WRONG = f"{FOLDER}/wrong"


@pytest.fixture(scope="module")
def sandboxes():
    with Sandboxes(policy=Policy(), notebook=True) as made:
        yield made


def faults(root, sandboxes, set_name=SET):
    return [str(fault) for fault in validate_set(load_course(root), set_name, sandboxes)]


def spoil(root, path, old, new):
    """Replace `old`, which stands once in the file, or all of it if `old` is None; None removes it."""
    file = root / path
    if new is None:
        file.unlink()
        return
    if old is not None:
        text = file.read_text()
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path}"
        new = text.replace(old, new)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(new)


# ---------------------------------------------------------------------------------------------
# Nothing wrong


def test_a_whole_set_with_every_kind_of_item_has_no_fault(tmp_path, sandboxes):
    told = []
    small_course.write(tmp_path)
    assert validate_set(load_course(tmp_path), SET, sandboxes, progress=told.append) == []
    assert told == [MD, FOLDER, f"{ANSWERS}: hunt"]


@pytest.mark.parametrize("set_name", load_course(REPOSITORY).set_names())
def test_this_repositorys_sets_have_no_fault(set_name, sandboxes):
    assert faults(REPOSITORY, sandboxes, set_name) == []


def test_a_fault_prints_its_place():
    assert str(Fault(Path("a/b.py"), 3, "is odd")) == "a/b.py:3: is odd"
    assert str(Fault(Path("a/accepted"), 0, "is empty")) == "a/accepted: is empty"


def test_a_set_without_a_notebook_folder_is_checked_by_its_problems_alone(tmp_path, sandboxes):
    small_course.write(tmp_path)
    (tmp_path / MD).unlink()
    (tmp_path / MD).parent.rmdir()
    (tmp_path / ANSWERS).unlink()
    told = []
    assert validate_set(load_course(tmp_path), SET, sandboxes, progress=told.append) == []
    assert told[0] == f"{MD}: no notebook yet; the problems are checked alone"


# ---------------------------------------------------------------------------------------------
# One fault

STEPS = '''\
def run(function, x, low):
    """Two floors, one after the other."""
    return function(function(x, low), low + 1.0)


problem = Problem(
    public=(run,),
    driver=run,
'''

NOTEBOOK_FAULTS = {
    "kernel": (
        [(MD, "name: python3", "name: ir")],
        [
            f"{MD}:6: the front matter names the kernel ir; it must be `kernelspec:` with `name: python3`"
        ],
    ),
    "no front matter": (
        [(MD, small_course.NOTEBOOK.partition("# Floors")[0], "")],
        [
            f"{MD}:1: the front matter names no kernel; it must be `kernelspec:` with `name: python3`"
        ],
    ),
    "no cell": (
        [(MD, "```{code-cell} ipython3\n:item: choice\n", "```{code-cell} ipython3\n")],
        [f"{MD}: has no answer cell for choice; give one the option `:item: choice`"],
    ),
    "two cells": (
        [(MD, "The end.\n", '```{code-cell} ipython3\n:item: choice\n\nchoice = ""\n```\n')],
        [f"{MD}:79: second answer cell of choice; the first is {MD}:49"],
    ),
    "unknown item": (
        [(MD, "The end.\n", '```{code-cell} ipython3\n:item: chioce\n\nchioce = ""\n```\n')],
        [
            f"{MD}:79: there is no item 'chioce'; solutions/{SET} has no problem or answer so named",
        ],
    ),
    "late option": (
        [(MD, "ipython3\n:item: choice\n", "ipython3\n\n:item: choice\n")],
        [
            f"{MD}: has no answer cell for choice; give one the option `:item: choice`",
            f"{MD}:48: the option `:item:` must follow directly on the line that opens the cell",
        ],
    ),
    "own check": (
        [(MD, "root_of_two = None\n", 'root_of_two = None\ncheck("root_of_two", root_of_two)\n')],
        [f"{MD}:32: calls check(); build adds that cell after every answer, so leave it out"],
    ),
    "metadata": (
        [(MD, '+++ {"item": "reason"}', '+++ {"item": "reason"')],
        [f"{MD}:1: cannot be read as MyST Markdown: …"],
    ),
    "todo in prose": (
        [(MD, "Some prose.", "TODO: some prose.")],
        [f"{MD}:14: still to do: some prose."],
    ),
    "todo in a docstring": (
        [(MD, '"""Entries of x, none of them below low."""', '"""TODO"""')],
        [f"{MD}:24: still to do: what stands here"],
    ),
    "short answer in code": (
        [
            (
                MD,
                '+++ {"item": "reason"}\n\nWhy',
                "```{code-cell} ipython3\n:item: reason\n```\n\nWhy",
            )
        ],
        [f'{MD}:70: reason: a short answer is a text cell, opened by `+++ {{"item": "reason"}}`'],
    ),
    "answer in text": (
        [
            (MD, '```{code-cell} ipython3\n:item: slope\n\nslope = ""\n```\n', ""),
            (MD, "The end.", '+++ {"item": "slope"}\n\nThe slope?'),
        ],
        [f"{MD}:73: slope: the answer cell must be a code cell"],
    ),
    "syntax error": (
        [(MD, "root_of_two = None", "root_of_two = ")],
        [f"{MD}:31: root_of_two: the answer cell has a syntax error"],
    ),
    "stub's name": (
        [(MD, "def floor_at", "def floor")],
        [f"{MD}:23: floor_at: the stub must define the function floor_at once; it does 0 times"],
    ),
    "stub's parameters": (
        [(MD, "def floor_at(x, low)", "def floor_at(low, x)")],
        [f"{MD}:23: floor_at: the stub takes (low, x), the reference (x, low)"],
    ),
    "stub's docstring": (
        [(MD, '    """Entries of x, none of them below low."""\n', "")],
        [
            f"{MD}:23: floor_at: the stub has no docstring; say what goes in and what comes out",
        ],
    ),
    "stub's body": (
        [(MD, "    raise NotImplementedError", "    y = x\n    raise NotImplementedError")],
        [
            f"{MD}:25: floor_at: the stub must be its docstring and `raise NotImplementedError`, "
            "nothing else"
        ],
    ),
    "variable": (
        [(MD, "root_of_two = None", "root_of_2 = None")],
        [f"{MD}:31: root_of_two: the answer cell must assign the variable root_of_two"],
    ),
    "keys": (
        [(MD, '"ends": None}', '"end": None}')],
        [
            f"{MD}:37: pair: the answer needs a dict with the keys 'low', 'ends'; it has 'low', 'end'"
        ],
    ),
    "no keys": (
        [(MD, 'hunt = {"line": None, "repair": ""}', "hunt = None")],
        [f"{MD}:67: hunt: the answer needs a dict with the keys 'line', 'repair'; it has none"],
    ),
    "answered": (
        [(MD, "root_of_two = None", "root_of_two = 1.41421")],
        [
            f"{MD}:31: root_of_two: as released the answer is passed with 1 points; "
            "it must be not attempted with 0 points"
        ],
    ),
    "cell that stops": (
        [(MD, "import numpy as np\n", "import numpy as np\n\nnp.zeros(3)[5]\n")],
        [
            f"{MD}:17: with nothing answered this cell stops: IndexError: index 5 is out of bounds "
            "for axis 0 with size 3"
        ],
    ),
}

ANSWER_FAULTS = {
    "key not finite": (
        [(ANSWERS, "2.0**0.5", 'float("inf")')],
        [f"{ANSWERS}:14: root_of_two: the key is inf; it must be finite"],
    ),
    "part not finite": (
        [(ANSWERS, "[0.5, 2.0]", '[0.5, float("nan")]')],
        [f"{ANSWERS}:15: pair: the key of 'ends' is [0.5, nan]; it must be finite"],
    ),
    "interval not finite": (
        [(ANSWERS, "(0.85, 0.95)", '(0.85, float("inf"))')],
        [f"{ANSWERS}:16: measured: the interval of 'rate' is (0.85, inf); it must be finite"],
    ),
    "up_to_sign": (
        [(ANSWERS, "rtol=0.0, atol=1e-9)", 'rtol=0.0, atol=1e-9, up_to_sign=["end"])')],
        [f"{ANSWERS}:15: pair: up_to_sign names 'end', which is none of the parts"],
    ),
    "no parts": (
        [(ANSWERS, '{"rate": (0.85, 0.95)}', "{}"), (MD, '{"rate": None}', "{}")],
        [
            f"{ANSWERS}:16: measured: asks for nothing: it has no parts",
        ],
    ),
    "no points": (
        [(ANSWERS, "Ordering(points=1", "Ordering(points=0")],
        [f"{ANSWERS}:18: order: gives no points"],
    ),
    "key that does not count": (
        [(ANSWERS, 'options="abc", key="b"', 'options="ABC", key="B"')],
        [
            f"{ANSWERS}:17: choice: its own key 'B' does not count as right: the answer must be "
            "one of the letters A, B, C"
        ],
    ),
    "rubric": (
        [(ANSWERS, '"names the largest entry"', '""')],
        [
            f"{ANSWERS}:31: reason: the rubric is empty; say what the person who grades must look for"
        ],
    ),
    "variable without a domain": (
        [(ANSWERS, '"2*x"', '"2*y"')],
        [
            f"{ANSWERS}:19: slope: the key, 2*y, cannot be evaluated: unknown name `y` …",
        ],
    ),
    "formula not finite": (
        [(ANSWERS, '"2*x"', '"log(x)"')],
        [f"{ANSWERS}:19: slope: the key, log(x), is not finite on the whole domain"],
    ),
    "domain": (
        [(ANSWERS, '{"x": (-2.0, 2.0)}', '{"x": (2.0, 2.0)}')],
        [f"{ANSWERS}:19: slope: the domain of x is (2.0, 2.0); it must be an interval"],
    ),
    "hunt of no problem": (
        [(ANSWERS, 'problem="floor_at"', 'problem="floor"')],
        [f"{ANSWERS}:20: hunt: solutions/{SET} has no problem floor, so no repair can be tried"],
    ),
    "hunt without a fault": (
        [(ANSWERS, "np.maximum(x, lowest)", "np.maximum(x, low)")],
        [f"{ANSWERS}:20: hunt: the listing passes the hidden tests of floor_at: it has no fault"],
    ),
    "hunt's repair": (
        [(ANSWERS, 'repair="    return np.maximum(x, low)"', 'repair="    return x"')],
        [
            f"{ANSWERS}:20: hunt: the repair of line 3 is not right: with this line the code is "
            "still wrong: …",
        ],
    ),
    "hunt's empty line": (
        [
            (ANSWERS, "    lowest = np.min(x)\n", "    lowest = np.min(x)\n\n"),
            (ANSWERS, "(3,)", "(4, 3)"),
        ],
        [f"{ANSWERS}:20: hunt: line 3 of the listing is empty"],
    ),
    "todo": (
        [(ANSWERS, '"""Answers of the floors."""', '"""TODO: answers."""')],
        [f"{ANSWERS}:1: still to do: answers."],
    ),
    "loading": (
        [(ANSWERS, 'key="b"', 'key="d"')],
        [f"{ANSWERS}:17: choice: key 'd' is none of the options 'abc'"],
    ),
}

PROBLEM_FAULTS = {
    "loading": (
        [(PROBLEM, "    atol=1e-9,\n", "")],
        [
            f"{PROBLEM}:13: TypeError: Problem(…) is missing 1 required keyword-only argument: 'atol'"
        ],
    ),
    "todo": (
        [(PROBLEM, '"Any book on arrays, chapter 1"', '"TODO: a book"')],
        [f"{PROBLEM}:15: still to do: a book"],
    ),
    "no points": (
        [
            (
                PROBLEM,
                "            points=2,\n            cases",
                "            points=0,\n            cases",
            ),
            (PROBLEM, "points=2", "points=0"),
        ],
        [f"{PROBLEM}:19: the groups give no points at all"],
    ),
    "helper": (
        [
            (PROBLEM, "    return np.maximum(x, low)", "    return highest(x, low)"),
            (PROBLEM, "def floor_at", "highest = np.maximum\n\n\ndef floor_at"),
        ],
        [
            f"{PROBLEM}:12: the reference uses highest; students see its body alone, so write it "
            "with np, math, its arguments and the problem's imports"
        ],
    ),
    "unwritten": (
        [(PROBLEM, "    return np.maximum(x, low)", "    raise NotImplementedError")],
        [f"{PROBLEM}:9: the reference raises NotImplementedError; write it"],
    ),
    "raises": (
        [(PROBLEM, "(np.array([3.0, 4.0]), 1.0)", "(np.array([3.0, 4.0]),)")],
        [
            f"{PROBLEM}:24: case 'nothing below': the reference raises TypeError: floor_at() "
            "missing 1 required positional argument: 'low'"
        ],
    ),
    "mutates": (
        [(PROBLEM, "    return np.maximum(x, low)", "    x[x < low] = low\n    return x")],
        [
            f"{PROBLEM}:{line}: case {case!r}: the reference changes its input; let it work on a copy"
            for line, case in (
                (19, "an entry below"),
                (26, "everything below"),
                (27, "a negative floor"),
                (31, "random input 2"),
            )
        ],
    ),
    "random": (
        [(PROBLEM, "    return np.maximum(x, low)", "    return np.random.default_rng().normal()")],
        [
            f"{PROBLEM}:{line}: case {case!r}: the reference gives another answer each time; seed "
            "its generator"
            for line, case in (
                (18, "an entry below"),
                (24, "nothing below"),
                (25, "everything below"),
                (26, "a negative floor"),
                (30, "random input 1"),
            )
        ],
    ),
    "not finite": (
        [(PROBLEM, "    return np.maximum(x, low)", "    return np.maximum(x, low) - np.inf")],
        [
            f"{PROBLEM}:{line}: case {case!r}: the reference's answer is not finite; if that is "
            "meant, say so in the case's name (overflow, nan, infinite)"
            for line, case in (
                (18, "an entry below"),
                (24, "nothing below"),
                (25, "everything below"),
                (26, "a negative floor"),
                (30, "random input 1"),
            )
        ],
    ),
    "answer of no kind": (
        [(PROBLEM, "    return np.maximum(x, low)", "    return {1, 2}")],
        [
            f"{PROBLEM}:{line}: case {case!r}: the reference's answer: …"
            for line, case in (
                (18, "an entry below"),
                (24, "nothing below"),
                (25, "everything below"),
                (26, "a negative floor"),
                (30, "random input 1"),
            )
        ],
    ),
    "lambda": (
        [(PROBLEM, "(np.array([3.0, 4.0]), 1.0)", "(lambda x: x, 1.0)")],
        [
            f"{PROBLEM}:24: case 'nothing below': its input 1 cannot be sent to the sandbox: "
            "function; write a public function and pass public(…)"
        ],
    ),
    "strategy": (
        [(PROBLEM, "decimals(-2.0, 2.0)", "decimals(2.0, -2.0)")],
        [
            f"{PROBLEM}:30: group 'random vectors': no inputs can be drawn: InvalidArgument: "
            "Cannot have max_value=-20 < min_value=20"
        ],
    ),
    "one-sided": (
        [(PROBLEM, "    return np.maximum(x, low)", "    return bool(np.all(x > -100.0))")],
        [
            f"{PROBLEM}:{line}: group {group!r}: every right answer is True; mix in cases with "
            "False, or `return True` earns its points"
            for line, group in ((21, "special cases"), (30, "random vectors"))
        ],
    ),
    "leak": (
        [
            (
                PROBLEM,
                "(np.array([-3.0, 1.0]), -2.0)",
                "(np.array([-3.0, 1.0]), -2.0)),\n"
                '                Case("a second floor", (np.array([-2.0, 1.0]), 0.0)',
            )
        ],
        [
            f"{PROBLEM}:27: case 'a second floor': an input is what case 'a negative floor' must "
            "return; drive the steps from the start point, or change the numbers"
        ],
    ),
    "public helper": (
        [
            (PROBLEM, "problem = Problem(\n", STEPS.replace("low + 1.0", "low + STEP")),
            (PROBLEM, "def floor_at", "STEP = 1.0\n\n\ndef floor_at"),
        ],
        [
            f"{PROBLEM}:16: run is public and uses STEP, which is not; add it to public or do without it"
        ],
    ),
    "public reference": (
        [
            (
                PROBLEM,
                "problem = Problem(\n",
                STEPS.replace(
                    "    return function(function(x, low), low + 1.0)",
                    "    def right(values, limit):\n        return np.maximum(values, limit)\n\n"
                    "    return function(x, low)",
                ),
            )
        ],
        [f"{PROBLEM}:13: run is public and holds the reference; students would read it"],
    ),
    "public default": (
        [
            (PROBLEM, "problem = Problem(\n", STEPS.replace("x, low):", "x, low=STEP):")),
            (PROBLEM, "def floor_at", "STEP = 1.0\n\n\ndef floor_at"),
        ],
        [
            f"{PROBLEM}:22: the public functions do not run alone: NameError: name 'STEP' is not defined"
        ],
    ),
    "accepted missing": (
        [(f"{ACCEPTED}/mask.py", None, None), (f"{ACCEPTED}/hinge.py", None, None)],
        [
            f"{ACCEPTED}: right answer 2 of 3 is missing; add a file that does it in another way, "
            "such as with np.where, or masks on a copy",
            f"{ACCEPTED}: right answer 3 of 3 is missing; add a file that does it in another way, "
            "such as with a class, a closure or torch",
        ],
    ),
    "accepted is a template": (
        [(f"{ACCEPTED}/mask.py", None, "# to be written\n")],
        [f"{ACCEPTED}/mask.py:1: is still a template; write floor_at in it, or remove it"],
    ),
    "wrong missing": (
        [(f"{WRONG}/unchanged.py", None, None)],
        [
            f"{WRONG}: wrong answer 4 of 4 is missing; add a file with one classic slip, such as "
            "one of the family …"
        ],
    ),
    "accepted in other names": (
        [
            (
                f"{ACCEPTED}/mask.py",
                None,
                "import numpy as np\n\n\ndef floor_at(a, b):\n"
                '    """Mine."""\n    return np.maximum(a, b)  # easy\n',
            )
        ],
        [f"{ACCEPTED}/mask.py: is the reference in other names; write it in another way"],
    ),
    "accepted is wrong": (
        [(f"{ACCEPTED}/mask.py", "y[y < low] = low", "y[y < low] = 1.0")],
        [
            f"{ACCEPTED}/mask.py: a right answer is failed on an entry below: `[1]`: got 1, "
            "expected 0.5 …"
        ],
    ),
    "accepted with a syntax error": (
        [(f"{ACCEPTED}/mask.py", "return y", "return y]")],
        [f"{ACCEPTED}/mask.py: has a syntax error"],
    ),
    "wrong is right": (
        [(f"{WRONG}/unchanged.py", "return x.copy()", "return np.maximum(low, x)")],
        [
            f"{WRONG}/unchanged.py: earns full points; add a hidden case that tells it from the reference"
        ],
    ),
    "wrong does not run": (
        [(f"{WRONG}/unchanged.py", "import numpy as np", "import numpyy as np")],
        [
            f"{WRONG}/unchanged.py: does not run: the cell that defines `floor_at` did not run: "
            "ModuleNotFoundError: No module named 'numpyy'"
        ],
    ),
    "wrong without the function": (
        [(f"{WRONG}/unchanged.py", "def floor_at", "def floor")],
        [f"{WRONG}/unchanged.py: defines no function named floor_at"],
    ),
    "wrong unwritten": (
        [(f"{WRONG}/unchanged.py", "return x.copy()", "raise NotImplementedError")],
        [f"{WRONG}/unchanged.py: raises NotImplementedError; a wrong answer must have a slip"],
    ),
    "header": (
        [(f"{WRONG}/adds.py", "# about: entries come out wrong\n", "#\n")],
        [f"{WRONG}/adds.py:1: the comments at the top lack `# about: …`"],
    ),
    "family": (
        [(f"{WRONG}/adds.py", "# family: algebra", "# family: maths")],
        [f"{WRONG}/adds.py:1: family 'maths' is unknown; known are {', '.join(FAMILIES)}"],
    ),
    "line outside": (
        [(f"{WRONG}/adds.py", "# line: 8", "# line: 9")],
        [f"{WRONG}/adds.py:2: line 9 is not in the file, which has lines 1 to 8"],
    ),
    "line without code": (
        [(f"{WRONG}/adds.py", "# line: 8", "# line: 5")],
        [
            f"{WRONG}/adds.py:2: line 5 holds no code; name the faulty line, or that which lacks something"
        ],
    ),
}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param(*one, id=f"{kind}: {name}")
        for kind, table in (
            ("notebook", NOTEBOOK_FAULTS),
            ("answers", ANSWER_FAULTS),
            ("problem", PROBLEM_FAULTS),
        )
        for name, one in table.items()
    ],
)
def test_each_fault_in_its_words(tmp_path, sandboxes, changes, expected):
    small_course.write(tmp_path)
    for path, old, new in changes:
        spoil(tmp_path, path, old, new)
    found = faults(tmp_path, sandboxes)
    # Words of another room may follow where an expected text ends in an ellipsis.
    shortened = [
        one[: len(wanted) - 1] + "…" if wanted.endswith("…") else one
        for one, wanted in zip(found, expected, strict=False)
    ]
    assert shortened + found[len(shortened) :] == expected


def test_an_infinite_input_may_have_an_infinite_answer(tmp_path, sandboxes):
    small_course.write(tmp_path)
    spoil(tmp_path, PROBLEM, "np.array([3.0, 4.0]), 1.0", "np.array([3.0, np.inf]), 1.0")
    assert faults(tmp_path, sandboxes) == []


def test_faults_come_all_at_once_notebook_first_and_in_order_of_lines(tmp_path, sandboxes):
    small_course.write(tmp_path)
    spoil(tmp_path, f"{WRONG}/adds.py", "# line: 8", "# line: 80")
    spoil(tmp_path, PROBLEM, '"Any book on arrays, chapter 1"', '"TODO"')
    spoil(tmp_path, ANSWERS, 'key="b"', 'key="d"')
    spoil(tmp_path, MD, "name: python3", "name: ir")
    spoil(tmp_path, MD, "root_of_two = None", "root = None")
    places = [re.match(r".*?:\d+", one)[0] for one in faults(tmp_path, sandboxes)]
    assert places == [f"{MD}:6", f"{ANSWERS}:17", f"{PROBLEM}:15", f"{WRONG}/adds.py:2"]


def test_an_unreadable_problem_leaves_the_other_checks(tmp_path, sandboxes):
    small_course.write(tmp_path)
    spoil(tmp_path, PROBLEM, "import numpy as np", "import numpyy as np")
    spoil(tmp_path, MD, "The end.", "TODO: the end.")
    assert faults(tmp_path, sandboxes) == [
        f"{MD}:76: still to do: the end.",
        f"{PROBLEM}:3: ModuleNotFoundError: No module named 'numpyy'",
    ]
