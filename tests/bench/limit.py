"""Student calls and comparisons alone, in one warm process: what no grader of these submissions can be faster than.

    python tests/bench/limit.py COURSE SET SUBMISSIONS

Nothing else of them is timed: not the cells, not the inputs and their copies, not the expected values. They run without
a sandbox, so the course's own labelled answers only. In turn with them, `grade_notebook` grades the same submissions
in the sandbox, warm too. Prints JSON: "alone" and "graded", seconds for each submission.
"""

from __future__ import annotations

import contextlib
import copy
import dataclasses
import io
import json
import statistics
import sys
import time
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from harness import Course, handed_in, labelled_answers, needs_torch, student

from autograder.compare import compare
from autograder.course import load_course
from autograder.grade import grade_notebook
from autograder.model import Cell, Item, Policy, Problem, Submission
from autograder.oracle import ExpectedCase, oracle, resolve
from autograder.sandbox.pool import Sandboxes

_ROUNDS = 4


def seconds_alone(item: Item, function: Callable[..., Any]) -> float:
    """Seconds in the function and in comparing what it returns, over all cases of an item."""
    prepared = oracle(item)
    cases = [*prepared.examples, *(case for _, group in prepared.groups for case in group)]
    return sum(_seconds_of(item.definition, function, case) for case in cases)


def _seconds_of(problem: Any, function: Callable[..., Any], case: ExpectedCase) -> float:
    assert isinstance(problem, Problem)
    inputs = resolve(copy.deepcopy(case.case.inputs), problem.public)
    begin = time.perf_counter()
    try:
        actual = problem.driver(function, *inputs) if problem.driver else function(*inputs)
        compare(actual, case.expected, rtol=problem.rtol, atol=problem.atol)
    except Exception:  # some wrong answers raise
        pass
    return time.perf_counter() - begin


def defined(sources: Mapping[str, str], lead: str) -> dict[str, Callable[..., Any]]:
    """The functions of a submission, each defined in a namespace of its own that begins with `lead`."""
    found = {}
    for name, source in sources.items():
        namespace: dict[str, Any] = {}
        exec(lead + source, namespace)
        found[name] = namespace[name]
    return found


def submission(course: Course, number: int) -> Submission:
    folder = course.folder / "submitted" / student(number) / course.set_name
    cells = json.loads((folder / f"{course.set_name}.ipynb").read_text())["cells"]
    return Submission(tuple(_cell(index, cell) for index, cell in enumerate(cells)))


def _cell(index: int, cell: Mapping[str, Any]) -> Cell:
    about = cell["metadata"].get("nbgrader", {})
    points = about.get("points") if about.get("grade") else None
    return Cell(index, cell["cell_type"], cell["source"], about.get("grade_id"), points)


def main() -> None:
    folder, set_name, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    loaded = load_course(folder)
    items = loaded.items(set_name)
    course = Course(folder, set_name, {}, items)
    policy = dataclasses.replace(loaded.policy, diagnose=False)
    lead = "import numpy as np\n"
    if any(map(needs_torch, items.values())):
        import torch

        torch.set_num_threads(1)
        lead += "import torch\n"
    answers = labelled_answers(course)
    functions = [defined(handed_in(answers, number), lead) for number in range(count)]
    submissions = [submission(course, number) for number in range(count)]
    print(json.dumps(_rounds(items, functions, submissions, policy)))


def _rounds(
    items: Mapping[str, Item],
    functions: list[dict[str, Callable[..., Any]]],
    submissions: list[Submission],
    policy: Policy,
) -> dict[str, list[float]]:
    alone: list[list[float]] = [[] for _ in submissions]
    graded: list[list[float]] = [[] for _ in submissions]
    with (
        Sandboxes(policy=policy, notebook=True) as sandboxes,
        contextlib.redirect_stdout(io.StringIO()),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")
        for _ in range(_ROUNDS):
            for number, of_one in enumerate(functions):
                seconds = [seconds_alone(items[name], f) for name, f in of_one.items()]
                alone[number].append(sum(seconds))
                grade = grade_notebook(submissions[number], items, sandboxes, policy)
                graded[number].append(grade.seconds)
    # The first round warms everything up.
    return {
        "alone": [statistics.median(seconds[1:]) for seconds in alone],
        "graded": [statistics.median(seconds[1:]) for seconds in graded],
    }


if __name__ == "__main__":
    main()
