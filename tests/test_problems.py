"""Every problem of the course, found by being there: right answers pass, known wrong ones lose points."""

from __future__ import annotations

import ast
import copy
import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.compare import compare
from autograder.course import Course
from autograder.families import FAMILIES
from autograder.grade import grade_source
from autograder.model import Grade, Item, Outcome, Policy, Public
from autograder.oracle import oracle, resolve
from autograder.sandbox.pool import Sandboxes
from autograder.source import SourcePart

SOLUTIONS = Path(__file__).resolve().parent.parent / "solutions"
PROBLEMS = sorted(path.parent for path in SOLUTIONS.glob("*/*/problem.py"))
ACCEPTED = sorted(SOLUTIONS.glob("*/*/accepted/*.py"))
WRONG = sorted(SOLUTIONS.glob("*/*/wrong/*.py"))
HEADER = re.compile(
    r"# family: (?P<family>[a-z-]+)\n# line: (?P<line>\d+)\n# about: (?P<about>\S.*)\n"
)


def named(paths: list[Path]) -> Any:
    return pytest.mark.parametrize("path", paths, ids=["/".join(p.parts[-3:]) for p in paths])


@pytest.fixture(scope="session")
def problems(course: Course) -> dict[str, Item]:
    """Loaded once, since a problem's oracle is kept with it."""
    return {path.name: course.problem(path.name) for path in PROBLEMS}


def graded(
    problems: dict[str, Item], sandboxes: Sandboxes, policy: Policy, name: str, source: str
) -> Grade:
    grade, level = grade_source(
        problems[name], [SourcePart(0, source)], sandboxes, policy, shrink=False
    )
    assert level == "full"
    assert grade.outcome is not Outcome.GRADER_ERROR, grade.message
    return grade


def test_there_are_problems() -> None:
    assert PROBLEMS
    assert ACCEPTED
    assert WRONG


@named(PROBLEMS)
def test_every_problem_has_right_and_wrong_answers(path: Path) -> None:
    assert len([*path.glob("accepted/*.py")]) >= 3
    assert len([*path.glob("wrong/*.py")]) >= 5


@named(ACCEPTED)
def test_accepted_answers_get_full_marks(
    problems: dict[str, Item], sandboxes: Sandboxes, policy: Policy, path: Path
) -> None:
    grade = graded(problems, sandboxes, policy, path.parent.parent.name, path.read_text())
    bad = [r.message for r in grade.results if r.outcome is not Outcome.PASSED]
    assert not bad, bad[0]
    assert grade.score == grade.max_score


@named(WRONG)
def test_wrong_answers_lose_points(
    problems: dict[str, Item], sandboxes: Sandboxes, policy: Policy, path: Path
) -> None:
    grade = graded(problems, sandboxes, policy, path.parent.parent.name, path.read_text())
    assert grade.outcome in (Outcome.FAILED, Outcome.RAISED, Outcome.TIMED_OUT)
    assert grade.score is not None
    assert grade.score < grade.max_score
    # By a hidden case: the open examples earn nothing.
    assert any(r.hidden and r.outcome is not Outcome.PASSED for r in grade.results)


@named(WRONG)
def test_wrong_answers_say_what_is_wrong_and_where(path: Path) -> None:
    text = path.read_text()
    header = HEADER.match(text)
    assert header, "the file must open with # family:, # line: and # about:"
    assert header["family"] in FAMILIES
    line = text.split("\n")[int(header["line"]) - 1]
    assert line.strip(), "the line that is named is blank"
    assert not line.lstrip().startswith("#"), "the line that is named is a comment"
    tree = ast.parse(text)
    names = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    names |= {
        n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
    }
    assert path.parent.parent.name in names


@named(PROBLEMS)
def test_a_stub_is_not_attempted(
    problems: dict[str, Item], sandboxes: Sandboxes, policy: Policy, path: Path
) -> None:
    problem: Any = problems[path.name].definition
    signature = inspect.signature(problem.reference)
    source = (
        f'def {path.name}{signature}:\n    """To be written."""\n    raise NotImplementedError\n'
    )
    grade = graded(problems, sandboxes, policy, path.name, source)
    assert (grade.outcome, grade.score) == (Outcome.NOT_ATTEMPTED, 0.0)


def arrays_of(value: Any) -> Iterator[np.ndarray[Any, Any]]:
    if isinstance(value, np.ndarray):
        yield value
    elif isinstance(value, Public):
        yield from arrays_of(value.arguments)
    elif isinstance(value, dict):
        yield from arrays_of(tuple(value.values()))
    elif isinstance(value, list | tuple):
        for element in value:
            yield from arrays_of(element)


def all_cases(item: Item) -> list[Any]:
    prepared = oracle(item)
    return [*prepared.examples, *(case for _, cases in prepared.groups for case in cases)]


@named(PROBLEMS)
def test_the_reference_changes_no_input_and_repeats_itself(
    problems: dict[str, Item], path: Path
) -> None:
    item = problems[path.name]
    problem: Any = item.definition
    for case in all_cases(item):
        pristine = copy.deepcopy(case.case.inputs)
        inputs = resolve(case.case.inputs, problem.public)
        with np.errstate(all="ignore"):
            function = problem.reference
            value = problem.driver(function, *inputs) if problem.driver else function(*inputs)
        assert compare(value, case.expected, rtol=0.0, atol=0.0) is None
        for before, after in zip(arrays_of(pristine), arrays_of(case.case.inputs), strict=True):
            np.testing.assert_array_equal(before, after)


@named(PROBLEMS)
def test_no_input_holds_another_case_s_expected_value(
    problems: dict[str, Item], path: Path
) -> None:
    """Else a function that hands back what it was given earns points: the inputs of all cases are known to it."""
    cases = all_cases(problems[path.name])
    told = []
    for number, case in enumerate(cases):
        own = list(arrays_of(case.case.inputs))
        for array in arrays_of(case.expected):
            # What stays as it was (no step, nothing to clip) gives nothing away, nor do small plain arrays
            # such as [0, 0], which coincide.
            is_telling = np.unique(array).size >= 4 or (array.size >= 2 and np.any(array * 1e6 % 1))
            if is_telling and not any(np.array_equal(array, one) for one in own):
                told.append((number, array))
    for number, case in enumerate(cases):
        for given in arrays_of(case.case.inputs):
            for other, array in told:
                same = given.shape == array.shape and np.array_equal(given, array)
                assert not same or other == number, (
                    f"{case.case.name!r} is given what {cases[other].case.name!r} expects"
                )
