"""Wrong functions in as many ways as a class has students: the course's, the labelled ones, and mutants."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

from harness import Answers, Course, labelled_answers, sources

from autograder.grade import grade_source
from autograder.model import Item, Outcome, Policy
from autograder.mutate import mutants
from autograder.sandbox.pool import Sandboxes
from autograder.source import SourcePart

_LABELLED = Path(__file__).parent / "labelled"


def varied_answers(course: Course, wanted: int) -> dict[str, Answers]:
    """The course's answers with `wanted` different wrong ones for each function, where there are so many.

    Mutants that the hidden tests do not reject, and those that run late, are left out.
    """
    found = {}
    policy = Policy(diagnose=False)
    with Sandboxes(policy=policy, notebook=False) as sandboxes:
        for name, pool in labelled_answers(course).items():
            item = course.items[name]
            wrong = list(dict.fromkeys([*pool.wrong, *sources(_LABELLED / name / "wrong", item)]))
            for source in _mutants(name, pool):
                if len(wrong) >= wanted:
                    break
                if source not in wrong and _is_wrong(item, source, sandboxes, policy):
                    wrong.append(source)
            random.Random(name).shuffle(wrong)
            found[name] = Answers(pool.right, tuple(wrong[:wanted]))
    return found


def _mutants(name: str, pool: Answers) -> Iterator[str]:
    made = [
        mutant.source
        for source in pool.right
        if "while" not in source  # many would never end
        for mutant in mutants(source, name)
    ]
    random.Random(name).shuffle(made)
    yield from dict.fromkeys(made)


def _is_wrong(item: Item, source: str, sandboxes: Sandboxes, policy: Policy) -> bool:
    parts = [SourcePart(0, source)]
    grade, _ = grade_source(item, parts, sandboxes, policy, shrink=False)
    return grade.outcome in (Outcome.FAILED, Outcome.RAISED)
