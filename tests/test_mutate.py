"""Mutants by kind, spelling that makes no difference, and what `validate_adequacy` says of a small course."""

import ast
import re
from pathlib import Path

import pytest
import small_course
from small_course import SET

from autograder.adequacy import (
    Fate,
    adequacy,
    further_cases,
    hidden,
    indistinct,
    right_answers,
    validate_adequacy,
    wanted_share,
)
from autograder.course import CourseError, load_course
from autograder.families import FAMILIES
from autograder.mutate import Mutant, is_same, mutants
from autograder.oracle import oracle
from autograder.sandbox.pool import CallResult
from autograder.signatures import behave_alike

FOLDER = f"solutions/{SET}/floor_at"
PROBLEM = f"{FOLDER}/problem.py"


def said(body: str, head: str = "def f(x, lr, beta1, beta2, t, grad_f, steps):") -> list[str]:
    lines = "\n".join(f"    {line}" for line in body.splitlines())
    return [mutant.said for mutant in mutants(f"{head}\n{lines}\n", "f")]


# ---------------------------------------------------------------------------------------------
# Slips, one of each kind at least


@pytest.mark.parametrize(
    ("body", "slip"),
    [
        ("return x - lr * t", "`x - lr * t` becomes `x + lr * t`"),
        ("return x - lr * t", "`lr * t` becomes `t`"),
        ("return x - lr * t", "`lr * t` becomes `lr / t`"),
        ("return x - lr * t", "`x - lr * t` becomes `(lr * t) - x`"),
        ("return x / (1 - t)", "`x / (1 - t)` becomes `x / 1 - t`"),
        ("return x / 2 + t", "`x / 2 + t` becomes `(x + t) / 2`"),
        ("return x * 2 + t", "`x * 2 + t` becomes `x * (2 + t)`"),
        ("return np.array([x, t])", "`[x, t]` becomes `[t, x]`"),
        (
            "return np.array(x, dtype=float)",
            "`np.array(x, dtype=float)` becomes `np.array(x, dtype=int)`",
        ),
        ("return abs(x) < 1e-12", "`abs(x) < 1e-12` becomes `abs(x) < 1e-05`"),
        ("return -x + lr", "`-x + lr` becomes `x + lr`"),
        ("return -abs(lr)", "`-abs(lr)` becomes `abs(lr)`"),
        ("return 1 - beta1**t", "`beta1**t` becomes `beta1`"),
        ("return 1 - beta1**t", "`beta1**t` becomes `beta1**(t - 1)`"),
        ("return 1 - beta1**t", "`beta1**t` becomes `beta2**t`"),
        ("return (x + lr) ** 2", "`(x + lr) ** 2` becomes `x + lr`"),
        ("return np.sqrt(x) + lr", "`np.sqrt(x) + lr` becomes `np.sqrt(x + lr)`"),
        ("return np.sqrt(x + lr)", "`np.sqrt(x + lr)` becomes `np.sqrt(x) + lr`"),
        ("return np.sqrt(x) + lr", "`np.sqrt(x)` becomes `x`"),
        ("return np.maximum(x, 0.0)", "`np.maximum(x, 0.0)` becomes `x`"),
        ("return np.maximum(x, 0.0)", "`np.maximum(x, 0.0)` becomes `np.minimum(x, 0.0)`"),
        ("return np.maximum(x, 0.0)", "`np.maximum(x, 0.0)` becomes `np.max(x, 0.0)`"),
        ("return np.maximum(x, 0.5)", "`np.maximum(x, 0.5)` becomes `np.maximum(x, 0.0)`"),
        ("return np.maximum(x, 0.5)", "`np.maximum(x, 0.5)` becomes `np.maximum(x, -0.5)`"),
        ("return x + 1 <= lr", "`x + 1 <= lr` becomes `x + 1 < lr`"),
        ("return x + 1 <= lr", "`x + 1 <= lr` becomes `x + 1 >= lr`"),
        ("return x + 1 <= lr", "`x + 1 <= lr` becomes `x + 1 <= x + 1`"),
        ("return x > 0 and t > 0", "`x > 0 and t > 0` becomes `x > 0 or t > 0`"),
        ("return x > 0 and t > 0", "`x > 0 and t > 0` becomes `t > 0`"),
        ("return x if t else lr", "`x if t else lr` becomes `lr`"),
        ("if x > 0:\n    return x\nreturn lr", "`x > 0` becomes `False`"),
        ("if x > 0:\n    return x\nreturn lr", "`x > 0` becomes `x >= 0`"),
        (
            "return [k for k in x if k > 0]",
            "`k > 0` becomes `True`",
        ),
        ("m = x + t\nreturn x", "`return x` becomes `return m`"),
        ("return x, t", "`return x, t` becomes `return t, x`"),
        ("return x + t", "`return x + t` becomes `return`"),
        ("return grad_f(x)", "`grad_f(x)` becomes `abs(grad_f(x))`"),
        ("x = x - lr\nreturn x", "`x = x - lr` becomes `x -= lr`"),
        ("v = x.copy()\nv += lr\nreturn v", "`x.copy()` becomes `x`"),
        ("v = x.copy()\nv += lr\nreturn v", "`v += lr` becomes `v = lr`"),
        ("v = x.copy()\nv += lr\nreturn v", "`v += lr` is left out"),
        ("g = grad_f(x)\nx = x - g\nreturn x", "`g = grad_f(x)` comes after `x = x - g`"),
        ("return np.sum(x, axis=1)", "`np.sum(x, axis=1)` becomes `np.sum(x)`"),
        ("return np.dot(x, t)", "`np.dot(x, t)` becomes `np.dot(t, x)`"),
        ("new = x - lr\nreturn new - lr * x", "`lr * x` becomes `lr * new`"),
    ],
)
def test_a_slip_is_made(body, slip):
    assert slip in said(body)


LOOP = """\
v = 0
for _ in range(steps):
    g = grad_f(x)
    v = beta1 * v + g
    x = x - lr * v
return x"""


@pytest.mark.parametrize(
    "slip",
    [
        "`range(steps)` becomes `range(steps - 1)`",
        "`range(steps)` becomes `range(steps + 1)`",
        "`range(steps)` becomes `range(1, steps)`",
        "`g = grad_f(x)` moves before the loop",
        "`x = x - lr * v` moves after the loop",
        "`return x` moves into the loop",
        "`v = 0` is done anew in each round of the loop",
        "`lr * v` becomes `lr * g`",
        "`grad_f(x)` becomes `x`",
        "`v = beta1 * v + g` is left out",
    ],
)
def test_a_slip_of_a_loop_is_made(slip):
    assert slip in said(LOOP)


def test_moved_statements_keep_the_code_whole():
    made = mutants(f"def f(x, n):\n{_indented(LOOP)}\n", "f")
    (moved,) = (mutant for mutant in made if mutant.operator == "after-the-loop")
    assert moved.source.splitlines()[-3:] == [
        "        v = beta1 * v + g",
        "    x = x - lr * v",
        "    return x",
    ]


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.splitlines())


@pytest.mark.parametrize(
    "body",
    [
        '"""2 - 1, x < 1."""',
        'raise ValueError("n - 1")',
        "assert x > 1",
        'print("a" * 2)',
        "pass",
    ],
)
def test_what_no_test_can_notice_is_left_alone(body):
    assert said(body) == []


def test_modules_and_called_functions_keep_their_names():
    texts = said("m = grad_f(x)\nv = np.abs(m)\nreturn m + v")
    assert texts
    assert not [text for text in texts if re.search(r"`[mv]\.abs|`[mv]\(x\)", text)]


def test_code_that_nothing_calls_is_left_alone():
    source = "def other(a):\n    return a + 1\n\n\ndef f(x):\n    return helper(x)\n\n\ndef helper(y):\n    return y * 3\n"
    lines = {mutant.line for mutant in mutants(source, "f")}
    assert lines == {6, 10}


@pytest.mark.parametrize("source", ["def f(x:\n", "", "x = 1\n", "f = 3\x00"])
def test_no_function_no_mutant(source):
    assert [m for m in mutants(source, "f") if "f(" in m.source] == []


def test_mutants_are_ordered_distinct_and_compile(course):
    made = []
    for right in right_answers(course.problem("momentum_sgd")):
        found = mutants(right.source, "momentum_sgd")
        assert found == mutants(right.source, "momentum_sgd")
        assert [m.line for m in found] == sorted(m.line for m in found)
        assert len({m.source for m in found}) == len(found) > 30
        assert not any(is_same(m.source, right.source) for m in found)
        made += found
    for mutant in made:
        compile(ast.parse(mutant.source), "<mutant>", "exec")
        assert mutant.family in FAMILIES
        assert mutant.old != mutant.new
        assert "\n" not in mutant.said


def test_the_references_lines_are_those_of_its_file(course):
    item = course.problem("momentum_sgd")
    reference = right_answers(item)[0]
    lines = item.file.read_text().splitlines()
    assert reference.source.splitlines()[0] == "import math; import numpy as np"
    slips = [m for m in mutants(reference.source, item.name) if m.operator == "sign"]
    assert slips
    for mutant in slips:
        assert mutant.old in lines[mutant.line - 1]


# ---------------------------------------------------------------------------------------------
# Keys of unseen_bugs


@pytest.mark.parametrize(
    ("key", "meant"),
    [
        ("strictness", True),
        ("sign", False),
        ("a[0] <= -1e-10 -> a[0] < -1e-10", True),
        ("a[0]  <=  -1e-10->a[0] < -1e-10", True),
        ("… <= -1e-10 -> … < -1e-10", True),
        ("… -> …", True),
        ("a[0] <= -1e-10 -> a[0] > -1e-10", False),
        ("… < -1e-10 -> … <= -1e-10", False),
        (".… <= -1e-10 -> … < -1e-10", False),
        ("a[0] -> a[0]", False),
    ],
)
def test_a_key_names_a_mutant(key, meant):
    old, new = "a[0] <= -1e-10", "a[0] < -1e-10"
    mutant = Mutant("", 1, old, new, "strictness", "comparison", f"`{old}` becomes `{new}`")
    assert mutant.is_named_by(key) is meant


# ---------------------------------------------------------------------------------------------
# Spelling that makes no difference


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("a + b", "b + a", True),
        ("a + b + c", "c + (a + b)", True),
        ("a * b", "b * a", True),
        ("a - b", "b - a", False),
        ("a @ b", "b @ a", False),
        ("[a] + [b]", "[b] + [a]", False),
        ("a < b", "b > a", True),
        ("a <= b", "b >= a", True),
        ("a < b", "a <= b", False),
        ("max(a, b)", "max(b, a)", True),
        ("np.maximum(a, b)", "np.maximum(b, a)", True),
        ("max(*a, b)", "max(b, *a)", False),
        ("(a - b) ** 2", "(b - a) ** 2", True),
        ("(a - b) ** 3", "(b - a) ** 3", False),
        ("abs(a - b)", "abs(b - a)", True),
        ("abs(-a)", "abs(a)", True),
        ("math.sin(-a)", "math.sin(a)", False),
        ("range(0, a)", "range(a)", True),
        ("range(1, a)", "range(a)", False),
        ("a**1", "a", True),
        ("a + 0", "a", True),
        ("a + 0.0", "a", False),  # an integer would become a float
        ("-(-a)", "a", True),
    ],
)
def test_spelling(one, other, same):
    assert is_same(f"x = {one}\n", f"x = {other}\n") is same


# ---------------------------------------------------------------------------------------------
# Adequacy of a small course


@pytest.fixture
def small(tmp_path):
    return small_course.write(tmp_path)


def edit(root: Path, path: str, old: str, new: str) -> None:
    file = root / path
    text = file.read_text()
    assert text.count(old) == 1
    file.write_text(text.replace(old, new))


def weaken(root: Path) -> None:
    """Leave one case only, in which everything lies below the floor."""
    text = (root / PROBLEM).read_text()
    begin, end = (
        text.index('                Case("nothing'),
        text.index("            ),\n        ),"),
    )
    case = '                Case("everything below", (np.array([-3.0, -4.0]), 1.0)),\n'
    text = text[:begin] + case + text[end:]
    begin, end = text.index('        Group(\n            "random'), text.index("    ],\n)")
    (root / PROBLEM).write_text(text[:begin] + text[end:])


def test_a_small_course_is_adequate(small, sandboxes):
    told = []
    rows, faults, notes = validate_adequacy(load_course(small), SET, sandboxes, told.append)
    assert (faults, notes) == ([], [])
    assert told == [f"{FOLDER}: mutants"]
    whole, *files = rows
    assert (whole.problem, whole.file, whole.share, whole.survived) == ("floor_at", "", 1.0, 0)
    assert [row.file for row in files] == ["problem.py", "hinge.py", "loop.py", "mask.py"]
    assert sum(row.killed for row in files) == whole.killed > 50
    assert sum(row.mutants for row in files) == whole.mutants


def test_survivors_are_named_with_an_input_that_betrays_them(small, sandboxes):
    weaken(small)
    course = load_course(small)
    _, faults, notes = validate_adequacy(course, SET, sandboxes)
    assert notes == []
    texts = [str(fault) for fault in faults]
    assert re.fullmatch(
        rf"{PROBLEM}: the hidden tests kill \d+ of \d+ mutants, \d\d\.\d%; the set wants 95%\. "
        "Add cases, or say in unseen_bugs why no case can",
        texts[0],
    )
    shown = [text for text in texts if f"{FOLDER}/accepted/loop.py:5: no test notices" in text]
    assert any("`max(entry, low)` becomes `low`; this input does: ([" in text for text in shown)


def test_a_lower_wish_makes_notes_of_survivors(small, sandboxes):
    weaken(small)
    (small / f"solutions/{SET}/set.toml").write_text("adequacy = 0.5\n")
    _, faults, notes = validate_adequacy(load_course(small), SET, sandboxes)
    assert faults == []
    assert notes


def test_an_excuse_takes_a_mutant_out(small, sandboxes):
    weaken(small)
    edit(small, PROBLEM, "    ],\n)", '    ],\n    unseen_bugs={"call-dropped": "so it is"},\n)')
    found = adequacy(load_course(small).problem("floor_at"), sandboxes)
    assert {one.reason for one in found.of(Fate.EXCUSED)} == {"so it is"}
    assert not [v for v in found.of(Fate.SURVIVED) if v.mutant.operator == "call-dropped"]
    assert found.unused == ()


def test_an_excuse_for_nothing_is_a_fault(small, sandboxes):
    edit(small, PROBLEM, "    ],\n)", '    ],\n    unseen_bugs={"eps-into-the-root": "none"},\n)')
    _, faults, _ = validate_adequacy(load_course(small), SET, sandboxes)
    assert list(map(str, faults)) == [
        f"{PROBLEM}: unseen_bugs: 'eps-into-the-root' names no mutant that passes the hidden tests, "
        "nor two wrong answers (`one = other`); remove it"
    ]


def test_a_right_answer_that_fails_is_a_fault(small, sandboxes):
    (small / FOLDER / "accepted/hinge.py").write_text("def floor_at(x, low):\n    return x\n")
    _, faults, _ = validate_adequacy(load_course(small), SET, sandboxes)
    assert str(faults[0]).startswith(
        f"{FOLDER}/accepted/hinge.py: a right answer fails the hidden case special cases: "
    )


def test_a_mutant_that_never_ends_is_killed(small, sandboxes):
    source = (
        "def floor_at(x, low):\n    y, k = x.copy(), len(x)\n    while k > 0:\n"
        "        y[k - 1] = max(y[k - 1], low)\n        k -= 1\n    return y\n"
    )
    (small / FOLDER / "accepted/while_loop.py").write_text(source)
    found = adequacy(load_course(small).problem("floor_at"), sandboxes)
    endless = [one for one in found.verdicts if one.mutant.said == "`k -= 1` is left out"]
    assert [(one.fate, one.how) for one in endless] == [(Fate.KILLED, "late")]
    assert found.seconds < 20


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("adequate = 0.9\n", "unknown key 'adequate'; known is adequacy"),
        ("adequacy = 95\n", "adequacy = 95; it must be a number from 0 to 1, such as 0.95"),
        ("adequacy = true\n", "adequacy = True; it must be a number from 0 to 1, such as 0.95"),
        ("adequacy =\n", "Invalid value (at line 1, column 11)"),
    ],
)
def test_a_wrong_set_file(small, text, fault):
    (small / f"solutions/{SET}/set.toml").write_text(text)
    with pytest.raises(CourseError) as error:
        wanted_share(load_course(small), SET)
    assert str(error.value) == f"solutions/{SET}/set.toml: {fault}"


def test_without_a_set_file_the_share_is_the_usual_one(small):
    assert wanted_share(load_course(small), SET) == 0.95


def test_wrong_answers_that_behave_alike_need_one_family(small, sandboxes):
    twin = small_course.WRONG["adds.py"].replace("family: algebra", "family: sign")
    (small / FOLDER / "wrong/twin.py").write_text(twin.replace("x + low", "low + x"))
    course = load_course(small)
    item = course.problem("floor_at")
    assert list(map(str, indistinct(course, item, sandboxes))) == [
        f"{FOLDER}/wrong/twin.py: behaves like adds.py on every hidden input, but its family is sign, "
        "that one's algebra; add a case that tells them apart, or call them the same"
    ]
    edit(small, PROBLEM, "    ],\n)", '    ],\n    unseen_bugs={"twin = adds": "the same sum"},\n)')
    course = load_course(small)
    item = course.problem("floor_at")
    assert indistinct(course, item, sandboxes) == []
    assert adequacy(item, sandboxes).unused == ()


def test_further_inputs_are_new_and_all_right_answers_agree_on_them(small, sandboxes):
    item = load_course(small).problem("floor_at")
    known = {repr(case.case.inputs) for case in hidden(oracle(item))}
    found = further_cases(item, sandboxes)
    assert len(found) > 200
    assert not known & {repr(case.case.inputs) for case in found}
    assert [repr(c.case.inputs) for c in found] == [
        repr(c.case.inputs) for c in further_cases(item, sandboxes)
    ]


def test_behaviours(course):
    problem = course.problem("momentum_sgd").definition
    one, near, far = (CallResult(value=x) for x in (1.0, 1.0 + 1e-9, 1.1))
    died, other = CallResult(error={"type": "ValueError"}), CallResult(error={"type": "KeyError"})
    assert behave_alike(problem, [one, died, None], [near, died, None])
    assert not behave_alike(problem, [one], [far])
    assert not behave_alike(problem, [died], [other])
    assert not behave_alike(problem, [one], [died])
    assert not behave_alike(problem, [one], [None])
    assert not behave_alike(problem, [one], [CallResult(value=1.0, mutated=True)])


# ---------------------------------------------------------------------------------------------
# This repository: the quick sets here, all of them with `autograder validate`


@pytest.mark.parametrize("set_name", ["ps11", "ps13", "ps15"])
def test_a_set_of_this_repository_holds_its_share(course, sandboxes, set_name):
    rows, faults, _ = validate_adequacy(course, course.full_set_name(set_name), sandboxes)
    assert list(map(str, faults)) == []
    assert all(row.share >= 0.95 for row in rows if not row.file)
