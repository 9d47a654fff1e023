"""Named wrong answers known again by what they do, and what becomes of that in a diagnosis."""

from __future__ import annotations

import builtins
import dataclasses
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest
import small_course
from small_course import SET

from autograder.course import load_course
from autograder.diagnose import diagnose
from autograder.grade import grade_source
from autograder.model import CaseResult, Item, Outcome, Policy
from autograder.oracle import oracle
from autograder.sandbox.pool import CallResult, Child, Sandboxes
from autograder.signatures import NamedBug, behaviour, named, named_bugs, signatures
from autograder.source import SourcePart

WRONG = f"solutions/{SET}/floor_at/wrong"
HEAD = "import numpy as np\n\n\ndef floor_at(x, low):\n"
ADDS = "def floor_at(x, low):\n    total = x + low  # of both\n    return list(total)\n"


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return small_course.write(tmp_path)


def item_of(root: Path) -> Item:
    return load_course(root).problem("floor_at")


def wrong_file(root: Path, name: str, family: str, body: str, more: str = "") -> None:
    text = f"# family: {family}\n# line: 1\n# about: lr comes out wrong\n{more}{HEAD}{body}"
    (root / WRONG / f"{name}.py").write_text(text, encoding="utf-8")


def observed(item: Item, source: str, sandboxes: Sandboxes) -> Mapping[str, Sequence[CallResult]]:
    """What grading sees of a function: answers by group, up to where its process stopped."""
    prepared = oracle(item)
    found = {}
    for group, cases in prepared.groups:
        child = sandboxes.get(()).child
        answers = behaviour(prepared, source, cases, child, limit_s=1.0)
        stop = answers.index(None) if None in answers else len(answers)
        found[group.name] = [answer for answer in answers[:stop] if answer is not None]
    return found


@pytest.fixture
def name_of(small: Path, sandboxes: Sandboxes) -> Callable[[str], str | None]:
    def ask(source: str) -> str | None:
        item = item_of(small)
        bug = named(item, observed(item, source, sandboxes), sandboxes.get(()).child)
        return None if bug is None else bug.path.stem

    return ask


# ---------------------------------------------------------------------------------------------
# Names


def test_what_a_file_says_of_itself(small: Path) -> None:
    wrong_file(small, "no_family", "", "    return x\n")
    (small / WRONG / "latin.py").write_bytes(b"# family: sign\n# about: \xe9\n")
    bugs = {bug.path.stem: bug for bug in named_bugs(item_of(small))}
    assert set(bugs) == {"adds", "ceiling", "floor_returned", "unchanged"}
    assert (bugs["adds"].family, bugs["adds"].about) == ("algebra", "entries come out wrong")
    assert bugs["adds"].faulty == "return x + low"


def test_a_bug_is_known_however_it_is_written(name_of) -> None:
    assert name_of(ADDS) == "adds"
    assert (
        name_of(HEAD + "    return low + x * (1 + 1e-9)\n") == "adds"
    )  # rounding is no difference
    assert name_of(HEAD + "    return low - -x + 1e-3\n") is None


@pytest.mark.parametrize(
    "body", ["return np.maximum(x, low)", "return low + np.clip(x - low, 0, None)"]
)
def test_right_code_has_no_name(name_of, body: str) -> None:
    assert name_of(f"{HEAD}    {body}\n") is None


@pytest.mark.parametrize(
    "body", ["raise ValueError", "return", "return object()", "while True: pass", "import os; os._exit(1)"]
)  # fmt: skip
def test_behaviour_of_no_known_bug_has_no_name(name_of, body: str) -> None:
    assert name_of(f"{HEAD}    {body}\n") is None


def test_one_case_that_differs_is_enough(name_of) -> None:
    assert name_of(HEAD + "    return x + low if len(x) != 2 else x.copy()\n") is None


def test_two_families_that_behave_alike_have_no_name(small: Path, name_of) -> None:
    wrong_file(small, "twin", "algebra", "    return low + x\n")
    assert name_of(ADDS) == "adds"
    wrong_file(small, "twin", "sign", "    return low + x\n")
    assert name_of(ADDS) is None


def test_to_raise_tells_nothing(small: Path, name_of) -> None:
    wrong_file(small, "raises", "return", "    raise ValueError\n")
    assert name_of(HEAD + "    raise ValueError('of another kind')\n") is None


def test_where_it_raises_tells_something(small: Path, name_of) -> None:
    """A wrong answer that raises now and then is itself only where another does so too."""
    body = "    if low < -1:\n        raise ValueError\n    return 3 * x\n"
    wrong_file(small, "raises_low", "algebra", body)
    assert name_of(HEAD + body) == "raises_low"
    assert name_of(HEAD + body.replace("ValueError", "KeyError")) is None
    assert name_of(HEAD + "    return 3 * x\n") is None


def test_a_changed_input_tells_something(small: Path, name_of) -> None:
    wrong_file(small, "in_place", "mutation", "    x[x < low] = low\n    return x\n")
    assert name_of(HEAD + "    return np.maximum(x, low, out=x)\n") == "in_place"
    assert name_of(HEAD + "    return np.maximum(x, low)\n") is None


def test_too_few_wrong_answers_have_no_name(small: Path, name_of) -> None:
    body = "    return np.maximum(x, low) + (low == -2.0 and len(x) == 2 and x[0] == -3.0)\n"
    wrong_file(small, "once", "algebra", body)
    assert name_of(HEAD + body) is None


# ---------------------------------------------------------------------------------------------
# How they are made


def test_they_are_made_once(small: Path, sandboxes: Sandboxes) -> None:
    item = item_of(small)
    made = []

    def child() -> Child:
        made.append(1)
        return sandboxes.get(()).child()

    first = signatures(item, child)
    assert len(made) == len(first) == 4
    assert signatures(item, child) is first
    assert len(made) == 4


def test_none_is_made_for_code_that_is_right(small: Path, sandboxes: Sandboxes) -> None:
    item = item_of(small)
    right = observed(item, f"{HEAD}    return np.maximum(x, low)\n", sandboxes)

    def child() -> Child:
        raise AssertionError("nothing to run")

    assert named(item, right, child) is None


def test_they_run_in_the_sandbox_only(small: Path, sandboxes: Sandboxes) -> None:
    plant = "import builtins\nbuiltins.was_here = True\n"
    wrong_file(small, "plants", "algebra", "    return 2 * x\n", plant)
    found = {bug.path.stem: answers for bug, answers in signatures(item_of(small), sandboxes.get(()).child).items()}  # fmt: skip
    assert all(answer is not None for answer in found["plants"])
    assert not hasattr(builtins, "was_here")


def test_a_file_that_hangs_or_dies_costs_its_own_signature(
    small: Path, sandboxes: Sandboxes
) -> None:
    wrong_file(small, "hangs", "algebra", "    while True: pass\n")
    wrong_file(small, "dies", "algebra", "    import os; os._exit(3)\n")
    wrong_file(small, "broken", "algebra", "    return (\n")
    found = {bug.path.stem: answers for bug, answers in signatures(item_of(small), sandboxes.get(()).child).items()}  # fmt: skip
    for name in ("hangs", "dies", "broken"):
        assert set(found[name]) == {None}
    assert isinstance(found["adds"][0], CallResult)


def test_a_file_that_needs_a_heavy_module_is_left_out_where_it_is_not_loaded(
    small: Path, sandboxes: Sandboxes
) -> None:
    wrong_file(small, "torchy", "algebra", "    return 2 * x\n", "import torch\n")
    item = item_of(small)
    light = signatures(item, sandboxes.get(()).child, ("numpy",))
    assert "torchy" not in {bug.path.stem for bug in light}


# ---------------------------------------------------------------------------------------------
# In a diagnosis


def graded(item: Item, source: str, sandboxes: Sandboxes, seconds: float = 2.0):
    policy = Policy(diagnosis_time_limit_s=seconds)
    return grade_source(item, [SourcePart(0, source)], sandboxes, policy, shrink=False)[0]


def test_where_no_repair_is_proven_the_name_is_suspected(small: Path, sandboxes: Sandboxes) -> None:
    (found,) = graded(item_of(small), ADDS, sandboxes, seconds=0.0).diagnoses
    assert dataclasses.astuple(found) == (
        "like-adds",
        "algebra",
        2,
        2,
        "total = x + low  # of both",
        None,
        False,
        "Entries come out wrong",
        "",
    )


def test_the_line_is_the_one_that_uses_the_same_parameters(
    small: Path, sandboxes: Sandboxes
) -> None:
    source = "def floor_at(x, low):\n    out = []\n    for entry in x:\n        out.append(min(low, entry))\n    return out\n"
    (found,) = graded(item_of(small), source, sandboxes, seconds=0.0).diagnoses
    assert (found.rule, found.family, found.line) == ("like-ceiling", "clamp", 4)


def test_where_no_line_reads_like_it_the_first_of_the_function_is_named(
    small: Path, sandboxes: Sandboxes
) -> None:
    wrong_file(small, "tripled", "algebra", "    return 3 * x\n")  # its header names line 1
    source = "THREE = 3\n\n\ndef floor_at(x, low):\n    return [one * THREE for one in x]\n"
    (found,) = graded(item_of(small), source, sandboxes, seconds=0.0).diagnoses
    assert (found.rule, found.line, found.source) == ("like-tripled", 4, "def floor_at(x, low):")
    assert found.message == "Lr comes out wrong"


def test_a_name_with_dashes(small: Path, sandboxes: Sandboxes) -> None:
    source = "def floor_at(x, low):\n    y = 0 * x\n    return y + low\n"
    (found,) = graded(item_of(small), source, sandboxes, seconds=0.0).diagnoses
    assert found.rule == "like-floor-returned"


def test_code_that_is_right_has_no_cause(small: Path, sandboxes: Sandboxes) -> None:
    grade = graded(item_of(small), small_course.ACCEPTED["hinge.py"], sandboxes, seconds=0.0)
    assert (grade.outcome, grade.diagnoses) == (Outcome.PASSED, ())


def test_unknown_behaviour_has_no_cause(small: Path, sandboxes: Sandboxes) -> None:
    source = f"{HEAD}    return np.sin(x * low) - 7.0 * x**3\n"
    assert graded(item_of(small), source, sandboxes, seconds=0.0).diagnoses == ()


def test_messages_hold_nothing_of_the_answers(small: Path, sandboxes: Sandboxes) -> None:
    grade = graded(item_of(small), ADDS, sandboxes, seconds=0.0)
    said = " ".join([grade.message, *(result.public_message for result in grade.results[1:])])
    assert "array" not in said
    assert not any(isinstance(one, CallResult) for one in grade.results)


@pytest.fixture
def diagnosed(small: Path, sandboxes: Sandboxes):
    def ask(source: str, bug: Callable[[], NamedBug | None]):
        item = item_of(small)
        results: Sequence[CaseResult] = graded(item, source, sandboxes, seconds=0.0).results
        parts = [SourcePart(0, source)]
        child = sandboxes.get(()).child
        return diagnose(oracle(item), parts, results, child, named=bug, budget_s=5.0)

    return ask


def test_a_proven_repair_goes_before_a_name(diagnosed) -> None:
    bug = NamedBug(Path("other.py"), "norm", "something else", 0, "")
    first, *_ = diagnosed(f"{HEAD}    return np.minimum(x, low)\n", lambda: bug)
    assert first.confirmed
    assert not first.rule.startswith("like-")


def bug_of(family: str) -> Callable[[], NamedBug | None]:
    return lambda: NamedBug(Path("any.py"), family, "something", 0, "")


def test_among_proven_repairs_the_named_family_is_preferred(diagnosed) -> None:
    """`np.where(x < low, x, low)`: its condition or its arguments are the wrong way round."""
    source = f"{HEAD}    return np.where(x < low, x, low)\n"
    found = [diagnosed(source, ask)[0] for ask in (lambda: None, bug_of("algebra"), bug_of("abs"))]
    assert [one.family for one in found] == ["comparison", "algebra", "comparison"]
    assert [one.rule for one in found] == [
        "condition-inverted",
        "arguments-swapped",
        "condition-inverted",
    ]
    assert all(one.confirmed for one in found)


def test_behaviour_names_the_family_of_a_repair_that_does_not(diagnosed) -> None:
    source = f"{HEAD}    return np.maximum(x, low) * low\n"
    plain, other = (diagnosed(source, ask)[0] for ask in (lambda: None, bug_of("norm")))
    assert (plain.confirmed, plain.family) == (True, "algebra")
    assert other == dataclasses.replace(plain, family="norm")


def test_it_is_not_asked_where_the_change_says_what_was_wrong(diagnosed) -> None:
    def never() -> NamedBug | None:
        raise AssertionError("asked")

    assert diagnosed(f"{HEAD}    return np.minimum(x, low)\n", never)[0].confirmed


def test_a_bug_of_the_course_written_anew(course, sandboxes: Sandboxes) -> None:
    item = course.problem("soft_threshold")
    child = sandboxes.get(("numpy",)).child
    for path in sorted((item.file.parent / "accepted").glob("*.py")):
        source = path.read_text(encoding="utf-8")
        if "torch" not in source:
            assert named(item, observed(item, source, sandboxes), child) is None, path.name
    source = (
        "def soft_threshold(x, lam):\n    side = 1.0 * (x > 0) - (x < 0)\n"
        "    gap = abs(x) - lam\n    return gap * side\n"
    )
    bug = named(item, observed(item, source, sandboxes), child)
    assert bug is not None
    assert bug.family == "clamp"
