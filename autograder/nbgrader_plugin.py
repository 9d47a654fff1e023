"""nbgrader's own Autograde, by command line or button, with this grader in it.

In nbgrader_config.py:

    from autograder.nbgrader_plugin import configure
    configure(c)

The preprocessors are thin: what they do is in `notebook`, `batch` and `gradebook`, the same as in
`autograder grade`.
"""

from __future__ import annotations

import atexit
import os
import threading
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbgrader.preprocessors import NbGraderPreprocessor, SaveAutoGrades
from traitlets import Unicode

from autograder import batch
from autograder import gradebook as gradebooks
from autograder import notebook as notebooks
from autograder.course import Course, load_course
from autograder.gradebook import CourseFolder
from autograder.model import NotebookGrade, Policy, SourceCell
from autograder.sandbox.pool import Sandboxes


class GradingError(Exception):
    """The grader cannot grade a submission, through no fault of the student's.

    nbgrader then marks the submission as failed, gives no score and goes on with the next.
    """


def configure(c: Any, *, course: str | Path | None = None) -> None:
    """Put this grader into nbgrader's configuration `c`.

    Args:
        c: the configuration object of nbgrader_config.py.
        course: the course's directory (solutions/, assignments/, course.toml); without it,
            nbgrader's course directory.
    """
    here = "autograder.nbgrader_plugin"
    theirs = "nbgrader.preprocessors"
    c.Autograde.exporter_class = f"{here}.MendingExporter"
    c.Autograde.sanitize_preprocessors = [
        f"{theirs}.OverwriteKernelspec",
        f"{here}.Sanitise",
        f"{theirs}.CheckCellMetadata",
    ]
    c.Autograde.autograde_preprocessors = [
        f"{here}.GradeNotebook",
        f"{here}.SaveGrades",
        f"{theirs}.AssignLatePenalties",
        f"{theirs}.CheckCellMetadata",
    ]
    c.GenerateFeedback.preprocessors = [
        f"{theirs}.GetGrades",
        f"{here}.HideScores",
        "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
    ]
    if course is not None:
        c.GradeNotebook.course = str(Path(course).resolve())
    gradebooks.wait_for_locks()
    gradebooks.find_tools()


# ---------------------------------------------------------------------------------------------
# Sanitising


class MendingExporter(NotebookExporter):  # type: ignore[misc]
    """Reads a submission as `autograder grade` does: nbformat stops at many a malformed cell."""

    def from_filename(
        self, filename: str, resources: dict[str, Any] | None = None, **kwargs: Any
    ) -> Any:
        path = Path(filename)
        nb, notes = notebooks.well_formed(notebooks.read(path))
        for note in notes:
            self.log.warning("%s: %s", filename, note)
        resources = {} if resources is None else dict(resources)
        resources["metadata"] = {
            **resources.get("metadata", {}),
            "name": path.stem,
            "path": os.path.dirname(filename),  # noqa: PTH120 - what nbconvert hands on, as text
        }
        return self.from_notebook_node(_node(nb), resources, **kwargs)


def _node(nb: dict[str, Any]) -> Any:
    return nbformat.from_dict(nb)  # type: ignore[no-untyped-call]


class Sanitise(NbGraderPreprocessor):  # type: ignore[misc]
    """Mends a submitted notebook; says in the log what was mended."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        manifest = _manifest(_folder(self), resources)
        mended, submission = notebooks.sanitise(nb, manifest, gradebooks.checksum)
        for note in submission.notes:
            self.log.warning("%s: %s", resources["nbgrader"]["student"], note)
        return _node(mended), resources


def _manifest(folder: CourseFolder, resources: Any) -> list[SourceCell]:
    assignment, name = resources["nbgrader"]["assignment"], resources["nbgrader"]["notebook"]
    source = folder.source(assignment) / f"{name}.ipynb"
    with gradebooks.open_gradebook(resources["nbgrader"]["db_url"]) as gradebook:
        return gradebooks.manifest(gradebook, assignment, name, source)


def _folder(preprocessor: NbGraderPreprocessor) -> CourseFolder:
    # A preprocessor belongs to the exporter, and that to the converter.
    return CourseFolder(preprocessor.parent.parent)


# ---------------------------------------------------------------------------------------------
# Grading


class GradeNotebook(NbGraderPreprocessor):  # type: ignore[misc]
    """Runs and grades a sanitised notebook in a sandbox; writes verdicts and scores into it."""

    course = Unicode("", help="Directory of the course; nbgrader's course directory if empty.").tag(
        config=True
    )

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        folder = _folder(self)
        assignment = resources["nbgrader"]["assignment"]
        try:
            manifest = _manifest(folder, resources)
            root = Path(self.course or folder.root)
            graders = _graders_of_this_process()
            graded, grade = graders.grade(nb, manifest, root, folder, assignment)
        except Exception as error:
            raise GradingError(
                f"{resources['nbgrader']['student']}'s {resources['nbgrader']['notebook']} could "
                f"not be graded, and no score was given: {error}"
            ) from error
        for name, one in grade.grades.items():
            if one.score is None:
                self.log.warning(
                    "%s: %s must be graded by a person (%s)",
                    resources["nbgrader"]["student"],
                    name,
                    one.message or f"ref {one.reference_number}",
                )
        return _node(graded), resources


class _Graders:
    """The course and the sandboxes that this process has started, kept until it ends.

    A button in a browser grades one student at a time, for weeks on end: a course is loaded anew
    when one of its files has changed.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._courses: dict[Path, tuple[Any, Course]] = {}
        self._sandboxes: dict[tuple[Path, str], tuple[Any, Sandboxes, ExitStack]] = {}

    def grade(
        self,
        nb: Mapping[str, Any],
        manifest: list[SourceCell],
        root: Path,
        folder: CourseFolder,
        assignment: str,
    ) -> tuple[dict[str, Any], NotebookGrade]:
        with self._lock:
            course = self._course(root)
            sandboxes = self._sandboxes_for(course.policy, folder, assignment)
            items = course.items(assignment)
            return batch.grade_one(nb, manifest, items, sandboxes, course.policy)

    def _course(self, root: Path) -> Course:
        stamp = _stamp(root / "solutions", root / "assignments", root / "course.toml")
        known = self._courses.get(root)
        if known is None or known[0] != stamp:
            self._courses[root] = known = (stamp, load_course(root))
        return known[1]

    def _sandboxes_for(self, policy: Policy, folder: CourseFolder, assignment: str) -> Sandboxes:
        key = (folder.root, assignment)
        wanted = (policy, _stamp(folder.source(assignment)))
        known = self._sandboxes.get(key)
        if known is None or known[0] != wanted:
            if known is not None:
                del self._sandboxes[key]
                known[2].close()
            with ExitStack() as stack:
                workdir = stack.enter_context(batch.released_files(folder, assignment))
                sandboxes = stack.enter_context(
                    Sandboxes(policy=policy, notebook=True, workdir=workdir)
                )
                self._sandboxes[key] = known = (wanted, sandboxes, stack.pop_all())
        return known[1]

    def close(self) -> None:
        while self._sandboxes:
            _, (_, _, stack) = self._sandboxes.popitem()
            stack.close()


def _stamp(*places: Path) -> tuple[tuple[str, int], ...]:
    """What changes when a file in these places does."""
    paths = [path for place in places for path in (place, *place.rglob("*"))]
    return tuple(
        sorted(
            (str(path), path.stat().st_mtime_ns)
            for path in paths
            if path.is_file() and path.parent.name != "__pycache__"
        )
    )


_graders: _Graders | None = None


def _graders_of_this_process() -> _Graders:
    global _graders
    if _graders is None:
        _graders = _Graders()
        atexit.register(_graders.close)
    return _graders


# ---------------------------------------------------------------------------------------------
# Recording and feedback


class SaveGrades(SaveAutoGrades):  # type: ignore[misc]
    """Stock SaveAutoGrades, save that a cell without a score waits for a person."""

    def _add_score(self, cell: Any, resources: Any) -> None:
        if not (notebooks.is_autograded(cell) and notebooks.needs_a_person(cell)):
            super()._add_score(cell, resources)
            return
        grade = self.gradebook.find_grade(
            cell.metadata.nbgrader.grade_id, self.notebook_id, self.assignment_id, self.student_id
        )
        grade.auto_score = None
        grade.needs_manual_grade = True
        self.gradebook.db.commit()


class HideScores(NbGraderPreprocessor):  # type: ignore[misc]
    """Takes the bare number out of a feedback page's test cells; the verdict stands above it."""

    def preprocess_cell(self, cell: Any, resources: Any, index: int) -> tuple[Any, Any]:
        if notebooks.is_autograded(cell) and notebooks.NAMESPACE in cell.metadata:
            cell.outputs = [
                output for output in cell.outputs if output.output_type != "execute_result"
            ]
        return cell, resources
