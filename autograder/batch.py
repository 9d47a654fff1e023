"""A class of submissions: an executor grades them, one writer enters them into nbgrader's gradebook.

A run may end at any moment, by a fault or by kill -9, and the same command goes on where it stopped: a graded submission first
gets its files under a name that nbgrader overlooks, then its rows in the gradebook, then its files their place. Its files carry
the content keys of what they were graded from, so nothing is graded twice and nothing old is taken for new.
"""

from __future__ import annotations

import fcntl
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from autograder import gradebook as gradebooks
from autograder import notebook as notebooks
from autograder.executors import Executor
from autograder.gradebook import (
    CourseFolder,
    GradebookConflict,
    GradebookError,
    GradebookUnavailable,
    LatePenalty,
    Record,
)
from autograder.model import Outcome
from autograder.worker import Graded, Released, Task

# The gradebook takes many submissions at the price of one commit, but people watch the progress.
_CHUNK = 25
_CHUNK_S = 2.0
# Each time that others enter the same students at the same moment, more of them are there.
_TRIES = 10


@dataclass(frozen=True, slots=True)
class SubmissionResult:
    """What became of one student's submission.

    Attributes:
        status: "graded", "skipped" (nothing has changed since it was graded) or "failed".
        outcomes, scores: by name of the autograded cell; a score is None where a person must grade.
        awaiting: graded cells that wait for a person, including those.
        score: points so far; None unless graded.
        max_score: points of the assignment, whatever the status.
        notes: what was mended or missing, for a TA.
        error: why it failed and what to do.
    """

    student: str
    status: str
    outcomes: Mapping[str, Outcome] = field(default_factory=dict)
    scores: Mapping[str, float | None] = field(default_factory=dict)
    awaiting: tuple[str, ...] = ()
    score: float | None = None
    max_score: float = 0.0
    seconds: float = 0.0
    notes: tuple[str, ...] = ()
    error: str = ""


@dataclass(frozen=True, slots=True)
class ClassResult:
    """Results of all submissions, by student id; `isolation` is the sandbox's level."""

    results: tuple[SubmissionResult, ...]
    isolation: str
    seconds: float


def grade_class(
    course_root: Path,
    set_name: str,
    executor: Executor,
    *,
    student: str | None = None,
    force: bool = False,
    progress: Callable[[SubmissionResult], None] = lambda result: None,
    waiting: Callable[[], None] = lambda: None,
) -> ClassResult:
    """Grade what was collected of a problem set, as `nbgrader autograde` would, many at a time.

    A submission that cannot be graded costs nobody else anything: it comes back as "failed".

    Args:
        course_root: the course, which is also nbgrader's course directory.
        set_name: the problem set, which is also nbgrader's assignment.
        executor: where submissions are graded; made for this course and set.
        student: only this student's submission.
        force: also grade what is graded already.
        progress: called with each result as soon as it is recorded, in this thread.
        waiting: called once if another run is grading the same set, which is then waited for.

    Raises:
        CourseError: the problem set is broken.
        GradebookError: nothing was collected, or the gradebook cannot be used.
        SandboxError: no student code can be run.
    """
    start = time.monotonic()
    folder = CourseFolder.load(course_root)
    students = folder.students(set_name, student)
    if not students:
        where = folder.submitted(set_name, student or "*")
        raise GradebookError(
            f"{where}: nothing was collected. Run `nbgrader collect {set_name}`, "
            "or put the submissions there."
        )
    with ExitStack() as stack:
        gradebook = stack.enter_context(gradebooks.open_gradebook(folder.db_url, folder.course_id))
        released = {
            name: Released(
                tuple(gradebooks.manifest(gradebook, set_name, name, source)),
                gradebooks.kernelspec(gradebook, set_name, name),
            )
            for name in gradebooks.notebook_names(gradebook, set_name)
            for source in [folder.source(set_name) / f"{name}.ipynb"]
        }
        files = {str(p): folder.source(set_name) / p for p in folder.released_files(set_name)}
        level = executor.begin(released, files)
        stack.enter_context(_only_one(folder.root, set_name, waiting))
        submissions = _Submissions(folder, set_name, released, force)
        writer = _Writer(folder, gradebook, submissions, progress)
        known = [name for name in students if folder.may_be_graded(gradebook, name)]
        gradebooks.end_reading(gradebook)
        writer.take_all(executor.grade(submissions.tasks(known, writer.refuse)))
        for name in sorted(set(students) - set(known)):
            writer.refuse(
                name,
                f"The gradebook knows no student {name}, and c.Autograde.create_student is "
                f"off. Run `nbgrader db student add {name}`.",
            )
    return ClassResult(
        results=tuple(sorted(writer.results, key=lambda result: result.student)),
        isolation=level,
        seconds=time.monotonic() - start,
    )


@contextmanager
def _only_one(root: Path, set_name: str, waiting: Callable[[], None]) -> Iterator[None]:
    """Wait until no other run grades this set: both would write the same files."""
    path = root / f".autograder-{set_name}.lock"
    try:
        file = path.open("a")
    except OSError as error:
        raise GradebookError(
            f"{path} cannot be written ({error.strerror}). Check the permissions of the course's "
            "directory, and that the disk is not full."
        ) from None
    with file as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            waiting()
            fcntl.flock(lock, fcntl.LOCK_EX)
        except OSError:
            pass  # a file system without locks: then people have to agree
        yield


# ---------------------------------------------------------------------------------------------
# Files


class _Submissions:
    """The submitted and the graded files of a set."""

    def __init__(
        self,
        folder: CourseFolder,
        set_name: str,
        released: Mapping[str, Released],
        force: bool,
    ) -> None:
        self.folder, self.set_name, self.released = folder, set_name, released
        self._force = force
        self._released_files = folder.released_files(set_name)
        self.max_score = sum(
            cell.points or 0.0 for notebook in released.values() for cell in notebook.cells
        )

    def submitted(self, student: str) -> Path:
        return self.folder.submitted(self.set_name, student)

    def place(self, student: str) -> Path:
        """Where the graded files belong."""
        return self.folder.autograded(self.set_name, student)

    def partial(self, student: str) -> Path:
        """Where the graded files wait until their grades are recorded."""
        return self._beside(student, "partial")

    def _beside(self, student: str, stage: str) -> Path:
        """A name beside the place, which nbgrader overlooks."""
        return self.place(student).with_name(f".{self.set_name}.{stage}")

    def tasks(self, students: Sequence[str], refuse: Callable[[str, str], None]) -> Iterator[Task]:
        """What each student handed in, read when it is wanted; `refuse` is told who handed in nothing readable."""
        for student in students:
            try:
                yield self._task(student)
            except (notebooks.NotebookError, GradebookError) as error:
                refuse(student, str(error))
            except OSError as error:
                refuse(student, f"{self.submitted(student)} cannot be read ({error}).")

    def _task(self, student: str) -> Task:
        submitted = self.submitted(student)
        self.folder.timestamp(submitted)  # one that cannot be read is found before the work is done
        present, known = self._present(student)
        if not known:
            found = ", ".join(f"{name}.ipynb" for name in present) or "no notebook"
            expected = ", ".join(f"{name}.ipynb" for name in self.released)
            raise notebooks.NotebookError(
                f"{submitted}: expected {expected}, found {found}. "
                "Rename the notebook if it is the right one."
            )
        paths = {name: submitted / f"{name}.ipynb" for name in known}
        for path in paths.values():
            if path.is_symlink():
                raise notebooks.NotebookError(
                    f"{path} is a link, which may lead anywhere. Put the notebook itself there."
                )
        return Task(
            student,
            {name: notebooks.read_bytes(path) for name, path in paths.items()},
            {} if self._force else self._graded_before(student, known),
            {name: str(path) for name, path in paths.items()},
        )

    def _present(self, student: str) -> tuple[list[str], list[str]]:
        """Names of the notebooks that were handed in, and those of the assignment among them."""
        present = sorted(path.stem for path in self.submitted(student).glob("*.ipynb"))
        return present, [name for name in self.released if name in present]

    def _graded_before(self, student: str, names: Sequence[str]) -> dict[str, bytes]:
        """Graded notebooks of an earlier run: one that was stopped before it recorded them, or one that went well."""
        found: dict[str, bytes] = {}
        for folder in (self.place(student), self.partial(student)):
            for name in names:
                with suppress(OSError):
                    found[name] = (folder / f"{name}.ipynb").read_bytes()
        return found

    def notes(self, student: str) -> list[str]:
        """What a TA should know of the files handed in."""
        present, known = self._present(student)
        return [
            *(
                f"{name}.ipynb was not handed in; it has no points."
                for name in self.released
                if name not in known
            ),
            *(
                f"{name}.ipynb is no notebook of {self.set_name}; it was left alone."
                for name in present
                if name not in known
            ),
        ]

    def is_in_place(self, student: str) -> bool:
        """Whether the graded files are those of the last time the student handed in, and stand where they belong."""
        return not self.partial(student).exists() and self.folder.is_up_to_date(
            self.set_name, student
        )

    def write(self, graded: Graded) -> list[str]:
        """Write what nbgrader's autograded directory holds, as `partial`; returns notes."""
        partial = self.partial(graded.student)
        unfinished = self._beside(graded.student, "unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        try:
            notes = self._write(graded, unfinished)
        except OSError:
            shutil.rmtree(unfinished, ignore_errors=True)  # perhaps the disk is full
            raise
        shutil.rmtree(partial, ignore_errors=True)
        unfinished.rename(partial)
        return notes

    def _write(self, graded: Graded, unfinished: Path) -> list[str]:
        submitted = self.submitted(graded.student)
        unfinished.mkdir(parents=True)
        notes = []
        for path in self._released_files:
            _copy(self.folder.source(self.set_name) / path, unfinished / path)
        for path in self.folder.files(submitted):
            if path in self._released_files:
                continue
            try:
                (submitted / path).open("rb").close()
            except OSError as error:
                notes.append(f"{path} was not copied ({error.strerror}).")
            else:
                _copy(submitted / path, unfinished / path)
        for name, text in graded.texts.items():
            (unfinished / f"{name}.ipynb").write_text(text, encoding="utf-8")
        mode = self.folder.file_mode
        for path in unfinished.rglob("*"):
            if path.is_file():
                path.chmod(mode)
        return notes

    def publish(self, student: str) -> None:
        """Put the graded files in their place, if there are any: a submission that failed has none, as in nbgrader."""
        partial, place = self.partial(student), self.place(student)
        old = self._beside(student, "old")
        shutil.rmtree(old, ignore_errors=True)
        if place.exists():
            place.rename(old)
        if partial.exists():
            partial.rename(place)
            self.folder.share(self.set_name, student)
        shutil.rmtree(old, ignore_errors=True)

    def discard(self, student: str) -> None:
        """Remove what this run, or one that was stopped, has left beside the place."""
        for stage in ("partial", "unfinished", "old"):
            shutil.rmtree(self._beside(student, stage), ignore_errors=True)


def _copy(source: Path, destination: Path) -> None:
    destination.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, destination)


# ---------------------------------------------------------------------------------------------
# The gradebook


@dataclass(frozen=True, slots=True)
class _Entry:
    """A submission on its way into the gradebook.

    Attributes:
        record: None where the gradebook is not touched.
        replaces: whether the graded files that stand in their place are out of date.
    """

    result: SubmissionResult
    record: Record | None = None
    replaces: bool = False


class _Writer:
    """Enters graded submissions into the gradebook, in chunks, and gives their files their places."""

    def __init__(
        self,
        folder: CourseFolder,
        gradebook: Any,
        submissions: _Submissions,
        progress: Callable[[SubmissionResult], None],
    ) -> None:
        self._gradebook, self._submissions = gradebook, submissions
        self._folder, self._progress = folder, progress
        self._late_penalty: LatePenalty = folder.late_penalty()
        self._waiting: list[_Entry] = []
        self._last = time.monotonic()
        self.results: list[SubmissionResult] = []

    def take_all(self, graded: Iterator[Graded]) -> None:
        for one in graded:
            self._take(self._entry(one))
        self._flush()

    def refuse(self, student: str, error: str) -> None:
        """Enter that a submission exists which cannot be graded."""
        result = SubmissionResult(
            student, "failed", max_score=self._submissions.max_score, error=error
        )
        if not self._folder.may_be_graded(self._gradebook, student):
            self.results.append(result)
            self._progress(result)
            return
        self._submissions.discard(student)
        record = Record(student, self._timestamp(student), is_graded=False)
        self._take(_Entry(result, record, replaces=True))

    def _timestamp(self, student: str) -> datetime | None:
        with suppress(GradebookError):
            return self._folder.timestamp(self._submissions.submitted(student))
        return None

    def _entry(self, graded: Graded) -> _Entry:
        student = graded.student
        result = SubmissionResult(
            student,
            "failed",
            max_score=self._submissions.max_score,
            seconds=graded.seconds,
            error=graded.error,
        )
        failed = Record(student, self._timestamp(student), is_graded=False)
        if graded.error:
            self._submissions.discard(student)
            return _Entry(result, failed, replaces=not graded.is_our_fault)
        is_done = not graded.is_fresh and self._submissions.is_in_place(student)
        notes = [*self._submissions.notes(student), *graded.notes]
        try:
            if is_done:
                self._submissions.discard(student)
            else:
                notes += self._submissions.write(graded)
        except OSError as error:
            text = (
                "Graded, but its files could not be written "
                f"({error.strerror}: {error.filename2 or error.filename}). "
                "Make room, or check the permissions, and grade this submission again."
            )
            return _Entry(replace(result, error=text))
        result = self._summary(replace(result, notes=tuple(notes)), graded)
        record = Record(student, failed.timestamp, graded.cells, is_news=not is_done)
        return _Entry(replace(result, status="graded"), record, replaces=not is_done)

    def _summary(self, result: SubmissionResult, graded: Graded) -> SubmissionResult:
        scores: dict[str, float | None] = {}
        total, awaiting = 0.0, []
        for cells in graded.cells.values():
            for name, cell, score in gradebooks.scores_of(cells):
                total += score or 0.0
                if score is None:
                    awaiting.append(name)
                if notebooks.is_autograded(cell):
                    scores[name] = score
        return replace(
            result,
            outcomes=graded.outcomes,
            scores=scores,
            awaiting=tuple(awaiting),
            score=total,
        )

    def _take(self, entry: _Entry) -> None:
        self._waiting.append(entry)
        if len(self._waiting) >= _CHUNK or time.monotonic() - self._last >= _CHUNK_S:
            self._flush()

    def _flush(self) -> None:
        chunk, self._waiting = self._waiting, []
        self._last = time.monotonic()
        try:
            entered = self._record(chunk)
        except GradebookUnavailable:
            raise  # the files wait as `partial` for the next run
        except Exception:
            # Perhaps one of them is to blame: then only that one fails.
            results = [self._flush_one(entry) for entry in chunk]
        else:
            results = [self._publish(entry, entered) for entry in chunk]
        for result in results:
            self.results.append(result)
            self._progress(result)

    def _flush_one(self, entry: _Entry) -> SubmissionResult:
        try:
            entered = self._record([entry])
        except GradebookUnavailable:
            raise
        except Exception as error:
            return replace(
                entry.result, status="failed", error=f"Graded, but not recorded: {error}"
            )
        return self._publish(entry, entered)

    def _record(self, chunk: Sequence[_Entry]) -> set[str]:
        records = [entry.record for entry in chunk if entry.record is not None]
        if not records:
            return set()
        set_name = self._submissions.set_name
        for _ in range(_TRIES - 1):
            with suppress(GradebookConflict):
                return gradebooks.record(self._gradebook, set_name, records, self._late_penalty)
        return gradebooks.record(self._gradebook, set_name, records, self._late_penalty)

    def _publish(self, entry: _Entry, entered: set[str]) -> SubmissionResult:
        result = entry.result
        if not entry.replaces:
            is_old = result.status == "graded" and result.student not in entered
            return replace(result, status="skipped") if is_old else result
        try:
            self._submissions.publish(result.student)
        except OSError as error:
            place = self._submissions.place(result.student)
            return replace(
                result,
                status="failed",
                error=f"Recorded, but {place} could not be written ({error.strerror}). "
                "Check its permissions and grade this submission again.",
            )
        return result
