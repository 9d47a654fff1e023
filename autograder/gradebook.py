"""Grades -> nbgrader's database, a class at a time; and what nbgrader knows about a course.

The rows are those that `nbgrader autograde` would leave: the score of a cell is read from the graded
notebook by nbgrader's own rule, so both ways agree by construction.
"""

from __future__ import annotations

import glob
import json
import logging
import os
import re
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from nbformat.notebooknode import NotebookNode, from_dict
from nbgrader import api
from nbgrader.apps.baseapp import NbGrader
from nbgrader.converters import Autograde
from nbgrader.preprocessors import AssignLatePenalties
from nbgrader.utils import compute_checksum, determine_grade, find_all_files, is_grade, is_solution
from nbgrader.utils import is_task as is_task_cell
from sqlalchemy import event, select
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.exc import (
    ArgumentError,
    DatabaseError,
    IntegrityError,
    OperationalError,
    SQLAlchemyError,
)
from sqlalchemy.orm import load_only

from autograder import notebook as notebooks
from autograder.model import SourceCell

LOCK_TIMEOUT_S = 60
_DRIVER_TIMEOUT_MS = 5000

# (student, score, seconds late) -> penalty or None, as nbgrader's late penalty plugins have it.
LatePenalty = Callable[[str, float, float], float | None]


class GradebookError(Exception):
    """The gradebook or the course directory cannot be used; the text says why and what to do."""


class GradebookUnavailable(GradebookError):
    """The gradebook takes nothing at all for now: locked, damaged, full, read-only or out of reach."""


class GradebookConflict(GradebookError):
    """Another program has entered the same rows at the same moment; a second try finds them."""


# ---------------------------------------------------------------------------------------------
# Opening


def open_gradebook(db_url: str, course_id: str = "default_course") -> Any:
    """A Gradebook of nbgrader's, itself a context manager, that waits for locks up to a minute.

    Raises:
        GradebookError: a SQLite file that is missing, locked, read-only, damaged or of an older
            nbgrader; a URL that is none; a server that does not answer.
    """
    try:
        url = make_url(db_url)
    except ArgumentError:
        raise GradebookError(
            f"c.CourseDirectory.db_url is no database URL: {db_url!r}. "
            "It looks like sqlite:////srv/course/gradebook.db."
        ) from None
    if url.get_backend_name() == "sqlite":
        if url.database and url.database != ":memory:" and not url.database.startswith("file:"):
            path = Path(url.database)
            if not path.exists():
                raise GradebookError(
                    f"{path}: there is no gradebook. "
                    "Run `nbgrader generate_assignment SET` first; it makes one."
                )
        if "timeout" not in url.query:
            url = url.update_query_dict({"timeout": str(LOCK_TIMEOUT_S)})
    with _explained(url.render_as_string(hide_password=False)):
        try:
            return api.Gradebook(url.render_as_string(hide_password=False), course_id)
        except ImportError as error:
            raise GradebookError(
                f"The gradebook {url.render_as_string()} needs the Python package {error.name}. "
                "Install it in this environment."
            ) from None


def wait_for_locks() -> None:
    """Let every SQLite connection of this process wait for locks, nbgrader's own included.

    Stock nbgrader stops the whole batch when another program holds the file for five seconds.
    """
    if not event.contains(Engine, "connect", _raise_busy_timeout):
        event.listen(Engine, "connect", _raise_busy_timeout)


def _raise_busy_timeout(connection: Any, record: Any) -> None:
    if not isinstance(connection, sqlite3.Connection):
        return
    (timeout_ms,) = connection.execute("PRAGMA busy_timeout").fetchone()
    if timeout_ms == _DRIVER_TIMEOUT_MS:  # not what somebody chose in the URL
        connection.execute(f"PRAGMA busy_timeout = {LOCK_TIMEOUT_S * 1000}")


def find_tools() -> None:
    """Let nbgrader find the `alembic` command with which it makes a new gradebook.

    It looks in PATH, where the directory of an environment that is not activated is missing.
    """
    if shutil.which("alembic") is None:
        here = str(Path(sys.executable).parent)
        os.environ["PATH"] = os.pathsep.join([os.environ.get("PATH", os.defpath), here])


@contextmanager
def _explained(db_url: str) -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        raise _kind_of(error)(_explanation(error, db_url)) from error


def _kind_of(error: SQLAlchemyError) -> type[GradebookError]:
    # PostgreSQL ends one of two transactions that wait for each other.
    state = getattr(getattr(error, "orig", None), "sqlstate", "")
    if isinstance(error, IntegrityError) or state == _DEADLOCK:
        return GradebookConflict
    # What is wrong with one row has a class of its own (IntegrityError, DataError).
    is_database = isinstance(error, OperationalError) or type(error) is DatabaseError
    return GradebookUnavailable if is_database else GradebookError


_DEADLOCK = "40P01"


def _explanation(error: SQLAlchemyError, db_url: str) -> str:
    url = make_url(db_url)
    place = url.database if url.get_backend_name() == "sqlite" else url.render_as_string()
    text = str(getattr(error, "orig", None) or error)
    timeout_s = url.query.get("timeout", LOCK_TIMEOUT_S)
    for sign, meaning in (
        (
            "locked",
            f"is locked by another program for over {timeout_s} s. "
            "Close what has it open (another nbgrader, a database viewer) and run this again.",
        ),
        ("readonly", "cannot be written. Check the permissions of the file and its directory."),
        ("disk is full", "cannot grow: the disk is full. Make room and run this again."),
        ("unable to open", "cannot be opened. Check the permissions of the file."),
        ("not a database", "is no SQLite database. Restore a backup."),
        ("malformed", "is a damaged SQLite database. Restore a backup."),
        (
            "no such column",
            "was made by an older nbgrader. Back it up, then run `nbgrader db upgrade`.",
        ),
    ):
        if sign in text:
            return f"The gradebook {place} {meaning}"
    reason = text.partition("\n")[0].rstrip(".")  # PostgreSQL's drivers add advice
    return (
        f"The gradebook {place} cannot be used: {reason}. Once that is mended, run the same command "
        "again; what was graded is kept."
    )


def end_reading(gradebook: Any) -> None:
    """Close the transaction in which was read: an open one stops `nbgrader db upgrade`, and servers may end it.

    Raises:
        GradebookError: the gradebook is out of reach.
    """
    with _explained(str(gradebook.engine.url)):
        gradebook.db.rollback()


# ---------------------------------------------------------------------------------------------
# What was released


def manifest(
    gradebook: Any, assignment: str, notebook: str, source: Path | None = None
) -> list[SourceCell]:
    """The released cells of a notebook, ordered as in the instructor's notebook `source` if given.

    Raises:
        GradebookError: the gradebook does not know the notebook.
    """
    released = _find_notebook(gradebook, assignment, notebook)
    with _explained(str(gradebook.engine.url)):
        points = {cell.name: float(cell.max_score) for cell in released.grade_cells}
        tasks = {cell.name: float(cell.max_score) for cell in released.task_cells}
        solutions = {cell.name for cell in released.solution_cells}
        cells = [
            SourceCell(
                grade_id=cell.name,
                cell_type=cell.cell_type,
                source=cell.source or "",
                kind=_kind(cell.name in points, cell.name in solutions, cell.name in tasks),
                points=points.get(cell.name, tasks.get(cell.name)),
                locked=bool(cell.locked),
            )
            for cell in released.source_cells
        ]
    cells = [replace(cell, checksum=checksum(cell)) for cell in cells]
    position = _positions(source)
    return sorted(cells, key=lambda cell: position.get(cell.grade_id, len(position)))


def _kind(graded: bool, solution: bool, task: bool) -> str:
    if task:
        return "task"
    if graded:
        return "manual" if solution else "grade"
    return "solution" if solution else "readonly"


def _positions(source: Path | None) -> dict[str, int]:
    if source is None:
        return {}
    try:
        cells = notebooks.read(source)["cells"]
    except notebooks.NotebookError:
        return {}  # the gradebook holds the cells; only their order is lost
    names = []
    for cell in notebooks.well_formed({"cells": cells})[0]["cells"]:
        data = cell["metadata"].get("nbgrader")
        if isinstance(data, dict) and data.get("grade_id"):
            names.append(data["grade_id"])
    return {name: index for index, name in enumerate(names)}


def kernelspec(gradebook: Any, assignment: str, notebook: str) -> dict[str, Any] | None:
    """The kernel the notebook was released with, or None where nbgrader noted none."""
    text = _find_notebook(gradebook, assignment, notebook).kernelspec
    return json.loads(text) or None if text else None


def _find_notebook(gradebook: Any, assignment: str, notebook: str) -> Any:
    with _explained(str(gradebook.engine.url)):
        try:
            return gradebook.find_notebook(notebook, assignment)
        except api.MissingEntry:
            raise GradebookError(
                f"The gradebook knows no notebook {notebook} of {assignment}. "
                f"Run `nbgrader generate_assignment {assignment}` first."
            ) from None


def notebook_names(gradebook: Any, assignment: str) -> list[str]:
    """Names of the assignment's notebooks, sorted.

    Raises:
        GradebookError: the gradebook does not know the assignment, or no notebook of it.
    """
    with _explained(str(gradebook.engine.url)):
        try:
            names = sorted(entry.name for entry in gradebook.find_assignment(assignment).notebooks)
        except api.MissingEntry:
            names = []
    if not names:
        raise GradebookError(
            f"The gradebook knows no notebook of {assignment}. "
            f"Run `nbgrader generate_assignment {assignment}` first."
        )
    return names


def checksum(source: SourceCell) -> str:
    """The checksum by which nbgrader sees whether a released cell was changed."""
    cell = {
        "cell_type": source.cell_type,
        "source": source.source,
        "metadata": {"nbgrader": notebooks.nbgrader_metadata(source)},
    }
    return str(compute_checksum(from_dict(cell)))  # type: ignore[no-untyped-call]


# ---------------------------------------------------------------------------------------------
# Recording


@dataclass(frozen=True, slots=True)
class Record:
    """A submission to enter into the gradebook.

    Attributes:
        timestamp: when it was handed in, UTC without time zone; None leaves what the gradebook has.
        cells: nbgrader's cells of the graded notebooks by name, outputs that are only shown left out. A notebook
            of the assignment that is absent was not handed in and gets zero points.
        is_graded: False enters that the submission exists and touches no grade.
        is_news: False touches nothing where the gradebook says the same already, so that a cell which a
            person has looked at since does not ask for it again.
    """

    student: str
    timestamp: datetime | None
    cells: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    is_graded: bool = True
    is_news: bool = True


def record(
    gradebook: Any,
    assignment: str,
    records: Sequence[Record],
    late_penalty: LatePenalty | None = None,
) -> set[str]:
    """Enter submissions in one transaction: all of them or, with GradebookError, none.

    Scores given by hand stay, and their cells ask for a person's look again. Returns the students for whom there was
    something to enter.
    """
    entered = set()
    db = gradebook.db
    try:
        with _explained(str(gradebook.engine.url)):
            released = gradebook.find_assignment(assignment)
            rows = _Rows(db, released, [entry.student for entry in records])
            for entry in records:
                if not entry.is_news and rows.agree(entry):
                    continue
                entered.add(entry.student)
                submission = rows.submission(entry.student)
                if entry.timestamp is not None:
                    submission.timestamp = entry.timestamp
                late_s = _seconds_late(submission, released.duedate)
                for notebook in rows.notebooks:
                    _record_notebook(rows, submission, notebook, entry, late_s, late_penalty)
            db.commit()
    except api.MissingEntry:
        raise GradebookError(
            f"The gradebook knows no assignment {assignment}. "
            f"Run `nbgrader generate_assignment {assignment}` first."
        ) from None
    finally:
        db.rollback()  # does nothing after a commit
    return entered


def _record_notebook(
    rows: _Rows,
    submission: Any,
    notebook: _ReleasedNotebook,
    entry: Record,
    late_s: float,
    late_penalty: LatePenalty | None,
) -> None:
    handed_in = rows.notebook(submission, notebook)
    grades = {name: rows.grade(handed_in, cell) for name, cell in notebook.graded.items()}
    comments = {name: rows.comment(handed_in, cell) for name, cell in notebook.commented.items()}
    if not entry.is_graded:
        return
    cells = entry.cells.get(notebook.name)
    if cells is None:
        for grade in grades.values():
            grade.auto_score = 0.0
            grade.needs_manual_grade = False
        return
    for cell in cells:
        node = from_dict(cell)  # type: ignore[no-untyped-call]
        name = node.metadata.nbgrader.grade_id
        if is_grade(node):
            grade = grades[name]
            grade.auto_score = auto_score(node)
            grade.needs_manual_grade = grade.manual_score is not None or grade.auto_score is None
        if is_solution(node) or is_task_cell(node):
            unchanged = node.metadata.nbgrader.get("checksum") == compute_checksum(node)
            silent = unchanged and not is_task_cell(node)
            comments[name].auto_comment = "No response." if silent else None
    handed_in.late_submission_penalty = None
    if late_s > 0 and late_penalty is not None:
        score = sum(_score(grade) for grade in grades.values())
        penalty = late_penalty(entry.student, score, late_s)
        if penalty is not None:
            handed_in.late_submission_penalty = min(max(penalty, 0.0), score)


def auto_score(cell: NotebookNode) -> float | None:
    """The score of a grade cell by nbgrader's rule; None where `with_grades` left it to a person."""
    if notebooks.is_autograded(cell) and notebooks.needs_a_person(cell):
        return None
    score, _ = determine_grade(cell)
    return None if score is None else float(score)


def scores_of(
    cells: Iterable[Mapping[str, Any]],
) -> Iterator[tuple[str, Mapping[str, Any], float | None]]:
    """(name, cell, score) of each graded one among a graded notebook's cells; None waits for a person."""
    for cell in cells:
        data = cell["metadata"].get("nbgrader", {})
        if data.get("grade") or data.get("task"):
            node = from_dict(cell)  # type: ignore[no-untyped-call]
            yield data["grade_id"], cell, auto_score(node) if data["grade"] else None


def _score(grade: Any) -> float:
    given = grade.auto_score if grade.manual_score is None else grade.manual_score
    return 0.0 if given is None else float(given) + float(grade.extra_credit or 0.0)


def _seconds_late(submission: Any, due: datetime | None) -> float:
    if submission.timestamp is None or due is None:
        return 0.0
    late: timedelta = submission.timestamp - (due + (submission.extension or timedelta()))
    return max(0.0, late.total_seconds())


@dataclass(frozen=True, slots=True)
class _ReleasedNotebook:
    """Ids of the rows that a submitted notebook mirrors, by cell name."""

    id: str
    name: str
    graded: Mapping[str, str]
    commented: Mapping[str, str]


class _Rows:
    """The rows of some students' submissions, read in five queries; missing ones are made."""

    def __init__(self, db: Any, assignment: Any, students: Sequence[str]) -> None:
        self._db = db
        self._assignment_id = assignment.id
        self.notebooks = [
            _ReleasedNotebook(
                notebook.id,
                notebook.name,
                graded={c.name: c.id for c in [*notebook.grade_cells, *notebook.task_cells]},
                commented={c.name: c.id for c in [*notebook.solution_cells, *notebook.task_cells]},
            )
            for notebook in assignment.notebooks
        ]
        # load_only: nbgrader's classes compute every sum of points in each query otherwise.
        submitted, in_notebook = api.SubmittedAssignment, api.SubmittedNotebook
        self._students = set(db.scalars(select(api.Student.id).where(api.Student.id.in_(students))))
        self._submissions = {
            row.student_id: row
            for row in db.scalars(
                select(submitted)
                .where(submitted.assignment_id == assignment.id, submitted.student_id.in_(students))
                .options(load_only(submitted.student_id, submitted.timestamp, submitted.extension))
            )
        }
        ids = [row.id for row in self._submissions.values()]
        self._notebooks = {
            (row.assignment_id, row.notebook_id): row
            for row in db.scalars(
                select(in_notebook)
                .where(in_notebook.assignment_id.in_(ids))
                .options(load_only(in_notebook.assignment_id, in_notebook.notebook_id))
            )
        }
        ids = [row.id for row in self._notebooks.values()]
        wanted = ("auto_score", "manual_score", "extra_credit", "needs_manual_grade")
        self._grades = self._by_cell(api.Grade, ids, wanted)
        self._comments = self._by_cell(api.Comment, ids, ("auto_comment",))

    def _by_cell(
        self, table: Any, ids: Sequence[str], columns: Sequence[str]
    ) -> dict[tuple[str, str], Any]:
        loaded = [getattr(table, name) for name in ("notebook_id", "cell_id", *columns)]
        query = select(table).where(table.notebook_id.in_(ids)).options(load_only(*loaded))
        return {(row.notebook_id, row.cell_id): row for row in self._db.scalars(query)}

    def agree(self, entry: Record) -> bool:
        """Whether the gradebook holds the submission's time and its automatic scores."""
        submission = self._submissions.get(entry.student)
        if submission is None or entry.timestamp not in (None, submission.timestamp):
            return False
        for notebook in self.notebooks:
            handed_in = self._notebooks.get((submission.id, notebook.id))
            if handed_in is None:
                return False
            scores: dict[str, float | None] = dict.fromkeys(notebook.graded, 0.0)
            if notebook.name in entry.cells:
                scores = {name: score for name, _, score in scores_of(entry.cells[notebook.name])}
            for name, score in scores.items():
                grade = self._grades.get((handed_in.id, notebook.graded.get(name, "")))
                if grade is None or grade.auto_score != score:
                    return False
        return True

    def submission(self, student: str) -> Any:
        if student not in self._students:
            self._students.add(student)
            self._db.add(api.Student(id=student))
        return self._get(
            self._submissions,
            student,
            api.SubmittedAssignment,
            assignment_id=self._assignment_id,
            student_id=student,
        )

    def notebook(self, submission: Any, notebook: _ReleasedNotebook) -> Any:
        return self._get(
            self._notebooks,
            (submission.id, notebook.id),
            api.SubmittedNotebook,
            assignment_id=submission.id,
            notebook_id=notebook.id,
        )

    def grade(self, handed_in: Any, cell_id: str) -> Any:
        key = (handed_in.id, cell_id)
        return self._get(self._grades, key, api.Grade, notebook_id=handed_in.id, cell_id=cell_id)

    def comment(self, handed_in: Any, cell_id: str) -> Any:
        key = (handed_in.id, cell_id)
        return self._get(
            self._comments, key, api.Comment, notebook_id=handed_in.id, cell_id=cell_id
        )

    def _get(self, known: dict[Any, Any], key: Any, table: Any, **values: str) -> Any:
        if key not in known:
            known[key] = table(id=api.new_uuid(), **values)
            self._db.add(known[key])
        return known[key]


# ---------------------------------------------------------------------------------------------
# The course directory


class _App(NbGrader):  # type: ignore[misc]
    """Reads a course's configuration, whatever lies in the current directory."""

    load_cwd_config = False


class CourseFolder:
    """An nbgrader course directory, as its configuration describes it.

    `converter` is nbgrader's Autograde, which knows all that grading needs to know of it.
    """

    def __init__(self, converter: Any) -> None:
        self._converter = converter
        self._directory = converter.coursedir
        self.root = Path(self._directory.root).resolve()

    @classmethod
    def load(cls, root: Path) -> CourseFolder:
        """The course directory `root`, configured by the nbgrader_config.py in it.

        Raises:
            GradebookError: the configuration cannot be loaded.
        """
        root = root.resolve()
        find_tools()
        app = _App(raise_config_file_errors=True, log_level=logging.ERROR)
        try:
            app.initialize([], root=str(root))
        except SystemExit:
            raise GradebookError(f"{root}/nbgrader_config.py sets an option wrongly.") from None
        except Exception as error:
            raise GradebookError(
                f"{root}/nbgrader_config.py cannot be loaded: {type(error).__name__}: {error}"
            ) from error
        app.coursedir.root = str(root)
        return cls(Autograde(coursedir=app.coursedir, parent=app))

    @property
    def db_url(self) -> str:
        return str(self._directory.db_url)

    @property
    def course_id(self) -> str:
        return str(self._directory.course_id) or "default_course"

    def source(self, assignment: str) -> Path:
        return self._path(self._directory.source_directory, ".", assignment)

    def submitted(self, assignment: str, student: str) -> Path:
        return self._path(self._directory.submitted_directory, student, assignment)

    def autograded(self, assignment: str, student: str) -> Path:
        return self._path(self._directory.autograded_directory, student, assignment)

    def _path(self, step: str, student: str, assignment: str) -> Path:
        return Path(os.path.normpath(self._directory.format_path(step, student, assignment)))

    def students(self, assignment: str, student: str | None = None) -> list[str]:
        """Ids of the students whose submission of the assignment was collected, sorted."""
        step = self._directory.submitted_directory
        structure = self._directory.directory_structure.format(
            nbgrader_step=step,
            student_id="*" if student is None else glob.escape(student),
            assignment_id=glob.escape(assignment),
        )
        pattern = re.compile(
            self._directory.format_path(step, "(?P<student>.*)", re.escape(assignment), escape=True)
        )
        excluded = str(self._directory.student_id_exclude).split(",")
        found = []
        for path in glob.glob(os.path.join(glob.escape(str(self.root)), structure)):  # noqa: PTH118, PTH207
            match = pattern.fullmatch(path)
            if match and match["student"] not in excluded and Path(path).is_dir():
                found.append(match["student"])
        return sorted(found)

    def is_up_to_date(self, assignment: str, student: str) -> bool:
        """Whether nbgrader would skip the submission: graded, and not handed in anew since."""
        destination = self.autograded(assignment, student)
        if not destination.exists():
            return False
        new = self.timestamp(self.submitted(assignment, student))
        old = self.timestamp(destination)
        return new is None or old is None or new <= old

    def timestamp(self, folder: Path) -> datetime | None:
        """When the submission in `folder` was handed in, UTC; None where nothing says so.

        Raises:
            GradebookError: timestamp.txt holds something else.
        """
        try:
            stamp: datetime | None = self._directory.get_existing_timestamp(str(folder))
        except Exception as error:  # nbgrader calls a method here that does not exist
            raise GradebookError(
                f"{folder}/timestamp.txt holds no time. "
                "Correct it, such as 2026-03-01 17:00:00 UTC, or remove it."
            ) from error
        return stamp

    def files(self, folder: Path) -> list[Path]:
        """Regular files under `folder` that go with a notebook, relative to it; no links."""
        found = find_all_files(str(folder), [*self._directory.ignore, "*.ipynb"])
        paths = [Path(name) for name in found]
        return sorted(
            path.relative_to(folder) for path in paths if path.is_file() and not path.is_symlink()
        )

    def released_files(self, assignment: str) -> list[Path]:
        """Files of the source directory that replace a student's, relative to it."""
        kept = {Path(name) for name in self._converter.exclude_overwriting.get(assignment, [])}
        return [path for path in self.files(self.source(assignment)) if path not in kept]

    def may_be_graded(self, gradebook: Any, student: str) -> bool:
        """False for a student whom the gradebook does not know, where nbgrader may not add one."""
        if self._converter.create_student:
            return True
        with _explained(self.db_url):
            return gradebook.db.get(api.Student, student) is not None

    @property
    def file_mode(self) -> int:
        return int(str(self._converter.permissions), 8)

    def share(self, assignment: str, student: str) -> None:
        """Give a graded submission the permissions of a group's course directory, if it is one."""
        if self._directory.groupshared:
            self._converter.set_permissions(assignment, student)

    def late_penalty(self) -> LatePenalty:
        """The configured rule for late submissions."""
        preprocessor = AssignLatePenalties(parent=self._converter)
        preprocessor.init_plugin()

        def penalty(student: str, score: float, late_s: float) -> float | None:
            value = preprocessor.plugin_inst.late_submission_penalty(student, score, late_s)
            if value is None:
                return None
            checked = preprocessor._check_late_penalty(SimpleNamespace(score=score), value)
            return float(checked)

        return penalty
