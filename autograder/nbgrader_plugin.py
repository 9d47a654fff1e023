"""nbgrader's own Autograde, by command line or button, with this grader in it.

In nbgrader_config.py:

    from autograder.nbgrader_plugin import configure
    configure(c)

The preprocessors are thin: what they do is in `notebook`, `worker` and `gradebook`, the same as in
`autograder grade`.
"""

from __future__ import annotations

import atexit
import csv
import os
import threading
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import nbformat
import nbgrader
from jinja2 import pass_context
from nbconvert.exporters import NotebookExporter
from nbgrader.api import MissingEntry
from nbgrader.plugins.export import CsvExportPlugin
from nbgrader.preprocessors import NbGraderPreprocessor, SaveAutoGrades
from traitlets import Unicode

from autograder import gradebook as gradebooks
from autograder import notebook as notebooks
from autograder import pages
from autograder.executors import copy_files
from autograder.gradebook import CourseFolder
from autograder.mathml import latex_to_html
from autograder.model import SourceCell
from autograder.worker import GradedNotebook, Released, Worker

_NBGRADER_TEMPLATES = Path(nbgrader.__file__).parent / "server_extensions/formgrader/templates"


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
    # Of the feedback pages and of the formgrader's, which a TA opens.
    c.HTMLExporter.preprocessors = [f"{here}.SetFormulas"]
    c.HTMLExporter.filters = {"markdown2html": f"{here}.markdown_to_html"}
    c.HTMLExporter.extra_template_basedirs = [str(pages.TEMPLATES), str(_NBGRADER_TEMPLATES)]
    c.ExportApp.plugin_class = f"{here}.CsvExport"
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
        notebooks.refuse_link(path)
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
        mended, submission = notebooks.sanitise(nb, manifest)
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
            released = Released(tuple(_manifest(folder, resources)))
            root = Path(self.course or folder.root)
            workers = _workers_of_this_process()
            graded = workers.grade(nb, released, root, folder, assignment)
        except Exception as error:
            raise GradingError(
                f"{resources['nbgrader']['student']}'s {resources['nbgrader']['notebook']} could "
                f"not be graded, and no score was given: {error}"
            ) from error
        for note in graded.notes:  # what was mended, `Sanitise` has said
            self.log.warning("%s: %s", resources["nbgrader"]["student"], note)
        return _node(graded.nb), resources


class _Workers:
    """The workers that this process has started, one for each assignment, kept until it ends.

    A button in a browser grades one student at a time, for weeks on end: a worker is made anew when one
    of the files it has read has changed.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._workers: dict[tuple[Path, Path, str], tuple[Any, Worker, ExitStack]] = {}

    def grade(
        self,
        nb: Mapping[str, Any],
        released: Released,
        root: Path,
        folder: CourseFolder,
        assignment: str,
    ) -> GradedNotebook:
        with self._lock:
            return self._worker(root, folder, assignment).grade_one(nb, released)

    def _worker(self, root: Path, folder: CourseFolder, assignment: str) -> Worker:
        key = (root, folder.root, assignment)
        read = (root / "solutions", root / "assignments", root / "course.toml")
        stamp = _stamp(*read, folder.source(assignment))
        known = self._workers.get(key)
        if known is not None and known[0] == stamp:
            return known[1]
        if known is not None:
            del self._workers[key]
            known[2].close()
        source = folder.source(assignment)
        with ExitStack() as stack:
            place = TemporaryDirectory(prefix="autograder-files-", ignore_cleanup_errors=True)
            workdir = Path(stack.enter_context(place))
            copy_files({str(p): source / p for p in folder.released_files(assignment)}, workdir)
            worker = stack.enter_context(Worker(root, assignment, workdir=workdir))
            worker.begin({})
            self._workers[key] = (stamp, worker, stack.pop_all())
        return worker

    def close(self) -> None:
        while self._workers:
            _, (_, _, stack) = self._workers.popitem()
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


_workers: _Workers | None = None


def _workers_of_this_process() -> _Workers:
    global _workers
    if _workers is None:
        _workers = _Workers()
        atexit.register(_workers.close)
    return _workers


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


class SetFormulas(NbGraderPreprocessor):  # type: ignore[misc]
    """Sets the formulas of LaTeX that cells have put out; those of Markdown are a filter's work."""

    def preprocess_cell(self, cell: Any, resources: Any, index: int) -> tuple[Any, Any]:
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            if "text/latex" in data and "text/html" not in data:
                data["text/html"] = latex_to_html(data["text/latex"])
        return cell, resources


@pass_context
def markdown_to_html(context: Any, source: str) -> str:
    """A filter in the place of nbconvert's own."""
    return pages.markdown_to_html(source, context.get("cell", {}).get("attachments", {}))


# ---------------------------------------------------------------------------------------------
# The table of grades


class CsvExport(CsvExportPlugin):  # type: ignore[misc]
    """nbgrader's table of grades, with its columns, quoted, and without formulas.

    A spreadsheet takes a field that begins with `=`, `+`, `-` or `@` for a formula and runs it: names and ids
    that begin so get an apostrophe before them, which spreadsheets do not show.
    """

    def export(self, gradebook: Any) -> None:
        """Write a row for each student and assignment, the assignment's maximum in each; no submission scores 0."""
        chosen, students = set(self.assignment), set(map(str, self.student))
        path = Path(self.to or "grades.csv")
        self.log.info("Exporting grades to %s", path)
        with path.open("w", newline="", encoding="utf-8") as file:
            table = csv.DictWriter(file, _COLUMNS)
            table.writeheader()
            for assignment in gradebook.assignments:
                if chosen and assignment.name not in chosen:
                    continue
                for student in gradebook.students:
                    if not students or student.id in students:
                        table.writerow(_row(gradebook, assignment, student))


_COLUMNS = (
    "assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email",
    "raw_score", "late_submission_penalty", "score", "max_score",
)  # fmt: skip


def _row(gradebook: Any, assignment: Any, student: Any) -> dict[str, Any]:
    row: dict[str, Any] = {
        "assignment": assignment.name,
        "duedate": assignment.duedate,
        "student_id": student.id,
        "last_name": student.last_name,
        "first_name": student.first_name,
        "email": student.email,
    }
    row = {key: _no_formula(value) for key, value in row.items()}
    try:
        submission = gradebook.find_submission(assignment.name, student.id)
    except MissingEntry:
        score, penalty = 0.0, 0.0
    else:
        score, penalty = submission.score, submission.late_submission_penalty
        row["timestamp"] = submission.timestamp
    return row | {
        "raw_score": score,
        "late_submission_penalty": penalty,
        "score": max(0.0, score - (penalty or 0.0)),
        "max_score": assignment.max_score,
    }


def _no_formula(value: Any) -> Any:
    text = str(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else value
