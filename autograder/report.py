"""What a class made of a problem set: for each item the outcomes, the mean score, and the bugs found.

Read from the graded notebooks, so it says what was recorded and needs no grading.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from autograder import gradebook as gradebooks
from autograder.gradebook import CourseFolder, GradebookError
from autograder.model import Outcome
from autograder.notebook import NAMESPACE, is_autograded


@dataclass(slots=True)
class ItemReport:
    """One item over the class.

    Attributes:
        bugs: how often each diagnosis (rule, family) was the best one.
        confirmed: how often it was confirmed, by the same key.
    """

    name: str
    points: float
    scores: list[float] = field(default_factory=list)
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    bugs: Counter[tuple[str, str]] = field(default_factory=Counter)
    confirmed: Counter[tuple[str, str]] = field(default_factory=Counter)

    @property
    def mean(self) -> float | None:
        """Mean score of those that have one; None if nobody has."""
        return sum(self.scores) / len(self.scores) if self.scores else None


def class_report(folder: CourseFolder, set_name: str) -> tuple[list[ItemReport], int]:
    """The items of a set in the notebook's order, and the number of graded submissions.

    Raises:
        GradebookError: nothing of the set has been graded.
    """
    reports: dict[str, ItemReport] = {}
    count = 0
    for student in folder.students(set_name):
        notebooks = sorted(folder.autograded(set_name, student).glob("*.ipynb"))
        count += bool(notebooks)
        for path in notebooks:
            for _, cell, score in gradebooks.scores_of(
                json.loads(path.read_text("utf-8"))["cells"]
            ):
                if is_autograded(cell):
                    _add(reports, cell, score)
    if not count:
        raise GradebookError(
            f"{set_name}: nothing has been graded; run `autograder grade {set_name}`."
        )
    return list(reports.values()), count


def _add(reports: dict[str, ItemReport], cell: Any, score: float | None) -> None:
    data, mark = cell["metadata"]["nbgrader"], cell["metadata"].get(NAMESPACE, {})
    name = data["grade_id"]
    report = reports.setdefault(name, ItemReport(name, float(data["points"])))
    report.outcomes[Outcome(mark.get("outcome", Outcome.GRADER_ERROR.value))] += 1
    if score is not None:
        report.scores.append(score)
    found = mark.get("diagnosis")
    if found:
        bug = (found["rule"], found["family"])
        report.bugs[bug] += 1
        report.confirmed[bug] += bool(found["confirmed"])
