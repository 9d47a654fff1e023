"""What one worker does: a submitted notebook in, a graded notebook out. It knows no gradebook and no course of nbgrader's.

Where a worker runs (in this process, in one beside it, on another machine) is the executor's business.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from autograder import keys
from autograder import notebook as notebooks
from autograder.course import load_course
from autograder.feedback import verdict
from autograder.grade import grade_notebook
from autograder.model import Item, Outcome, Policy, Problem, SourceCell
from autograder.oracle import oracle
from autograder.sandbox.pool import Sandboxes
from autograder.source import SourcePart, heavy_imports


@dataclass(frozen=True, slots=True)
class Released:
    """A notebook as it was released: its cells in the instructor's order, and its kernel if nbgrader noted one."""

    cells: tuple[SourceCell, ...]
    kernelspec: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """One student's submission.

    Attributes:
        notebooks: the submitted files by notebook name, as bytes.
        known: files graded before, by notebook name: what they hold stays where nothing it depends on has changed.
        places: what messages call the submitted files.
    """

    student: str
    notebooks: Mapping[str, bytes]
    known: Mapping[str, bytes] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Graded:
    """What a worker made of a task.

    Attributes:
        texts: the graded notebooks, JSON, by name; empty where there is an error.
        outcomes: by name of the autograded cell.
        cells: by notebook, the cells that nbgrader's gradebook has rows for, without what is only shown.
        notes: what was mended or needs a person, for a TA.
        is_fresh: False where all of it was known.
        error: why there is no grade, and what to do.
        is_our_fault: whether that is the grader's doing, so that an older grade stays.
        isolation: the sandbox's level.
    """

    student: str
    texts: Mapping[str, str] = field(default_factory=dict)
    outcomes: Mapping[str, Outcome] = field(default_factory=dict)
    cells: Mapping[str, list[dict[str, Any]]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    is_fresh: bool = True
    error: str = ""
    is_our_fault: bool = False
    isolation: str = "none"
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class GradedNotebook:
    """A graded notebook, and what a TA should know; `is_fresh` is False where all of it was known."""

    nb: dict[str, Any]
    notes: tuple[str, ...] = ()
    is_fresh: bool = True


class Worker:
    """A course's problem set and sandboxes, ready to grade; closed at the end of a with statement.

    Args:
        course_root: the course (solutions/, course.toml).
        set_name: the problem set.
        policy: in place of the course's.
        workdir: a directory that holds, by the first `grade`, the files released beside the notebooks.

    Raises:
        CourseError: the problem set is broken.
    """

    def __init__(
        self,
        course_root: Path,
        set_name: str,
        policy: Policy | None = None,
        workdir: Path | None = None,
    ) -> None:
        course = load_course(course_root)
        self.policy = policy or course.policy
        self._workdir = workdir
        self._sandboxes = Sandboxes(policy=self.policy, notebook=True, workdir=workdir)
        self._items: Mapping[str, Item] = {}
        self._released: Mapping[str, Released] = {}
        self._files_key = ""
        try:
            self._items = course.items(set_name)
            problems = {
                item.name: item.definition
                for item in self._items.values()
                if isinstance(item.definition, Problem)
            }
            wanted = {module for problem in problems.values() for module in problem.imports}
            sources = [path.read_text("utf-8") for path in course.notebook_sources(set_name)]
            wanted |= heavy_imports([SourcePart(0, text) for text in sources])
            # What most submissions will want; its imports overlap with the references' runs.
            self._first = self._sandboxes.get(wanted)
            for name in problems:
                with suppress(Exception):  # grading says so, item by item
                    oracle(self._items[name])
            self._item_keys = keys.item_keys(self._items)
        except BaseException:
            self.close()
            raise

    def begin(self, released: Mapping[str, Released]) -> str:
        """Take the set's notebooks as they were released, by name; returns the isolation level.

        Raises:
            SandboxError: this machine cannot run student code.
        """
        self._released = released
        self._files_key = "" if self._workdir is None else keys.files_key(self._workdir)
        self._first.wait_until_ready()
        return self._sandboxes.level

    @property
    def level(self) -> str:
        return self._sandboxes.level

    def drawn_keys(self) -> dict[str, str]:
        """Of each item of the set: its files, and the inputs that come of them here."""
        return keys.drawn_keys(self._items)

    def grade(self, task: Task) -> Graded:
        """Never raises for what is wrong with the submission, or with the grader at this one."""
        start = time.monotonic()
        graded = Graded(task.student)
        try:
            graded = self._grade(task)
        except notebooks.NotebookError as error:
            graded = replace(graded, error=str(error))
        except Exception as error:
            graded = replace(
                graded,
                error=f"The grader failed, not the student: {type(error).__name__}: {error}. "
                "No score was recorded; grade this submission again.",
                is_our_fault=True,
            )
        return replace(graded, isolation=self.level, seconds=time.monotonic() - start)

    def _grade(self, task: Task) -> Graded:
        texts: dict[str, str] = {}
        outcomes: dict[str, Outcome] = {}
        cells: dict[str, list[dict[str, Any]]] = {}
        notes: list[str] = []
        is_fresh = False
        for name, data in task.notebooks.items():
            nb = notebooks.parse(data, task.places.get(name, f"{name}.ipynb"))
            graded_before = task.known.get(name)
            known = None if graded_before is None else notebooks.parse_graded(graded_before)
            one = self.grade_one(nb, self._released[name], known)
            is_fresh |= one.is_fresh
            # Without indentation: it would take the slow encoder, 6 ms for a notebook with figures.
            texts[name] = json.dumps(one.nb, ensure_ascii=False, sort_keys=True) + "\n"
            cells[name] = notebooks.recorded_cells(one.nb)
            outcomes |= notebooks.outcomes(one.nb)
            notes += [note if len(self._released) == 1 else f"{name}: {note}" for note in one.notes]
        return Graded(task.student, texts, outcomes, cells, tuple(notes), is_fresh)

    def grade_one(
        self,
        nb: Mapping[str, Any],
        released: Released,
        known: Mapping[str, Any] | None = None,
    ) -> GradedNotebook:
        """Grade a submitted notebook, sanitised or not, with verdicts and scores in its test cells.

        This is the one way from a notebook to a graded notebook; nbgrader's Autograde takes it too.
        """
        if released.kernelspec is not None:
            metadata = nb.get("metadata")
            kept = metadata if isinstance(metadata, dict) else {}
            nb = {**nb, "metadata": {**kept, "kernelspec": dict(released.kernelspec)}}
        mended, submission = notebooks.sanitise(nb, released.cells)
        key = keys.submission_key(mended, submission, self.policy, self._files_key)
        verdicts = notebooks.known_verdicts(known, key, self._item_keys)
        if known is not None and verdicts.keys() == notebooks.graded_cells(submission).keys():
            return GradedNotebook(dict(known), submission.notes, is_fresh=False)
        graded = grade_notebook(
            submission, self._items, self._sandboxes, self.policy, known=verdicts.keys()
        )
        shown = {name: verdict(grade, self.policy) for name, grade in graded.grades.items()}
        result = notebooks.with_grades(mended, graded, shown, verdicts)
        notes = [
            f"{name} must be graded by a person ({one.message or f'ref {one.reference_number}'})."
            for name, one in graded.grades.items()
            if one.outcome is Outcome.GRADER_ERROR
        ]
        return GradedNotebook(
            notebooks.with_keys(result, key, self._item_keys), (*submission.notes, *notes)
        )

    def close(self) -> None:
        self._sandboxes.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()
