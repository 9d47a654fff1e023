"""A class of submissions: sandboxes at work side by side, one writer to nbgrader's gradebook.

`grade_one` is the one way from a notebook to a graded notebook; nbgrader's Autograde takes it too.
"""

from __future__ import annotations

import json
import queue
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from autograder import gradebook as gradebooks
from autograder import notebook as notebooks
from autograder.course import load_course
from autograder.feedback import verdict
from autograder.grade import grade_notebook
from autograder.gradebook import CourseFolder, GradebookError, LatePenalty, Record
from autograder.model import (
    Item,
    NotebookGrade,
    Outcome,
    Policy,
    Problem,
    SourceCell,
    Submission,
)
from autograder.oracle import oracle
from autograder.sandbox.pool import Sandboxes

# The gradebook takes many submissions at the price of one commit, but people watch the progress.
_CHUNK = 25
_CHUNK_S = 2.0


@dataclass(frozen=True, slots=True)
class SubmissionResult:
    """What became of one student's submission.

    Attributes:
        status: "graded", "skipped" (graded before, not handed in anew) or "failed".
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


# ---------------------------------------------------------------------------------------------
# One notebook


def grade_one(
    nb: Mapping[str, Any],
    manifest: Sequence[SourceCell],
    items: Mapping[str, Item],
    sandboxes: Sandboxes,
    policy: Policy,
) -> tuple[dict[str, Any], NotebookGrade]:
    """The graded notebook, with verdicts and scores in its test cells, and the grades themselves.

    `nb` is a submitted notebook, sanitised or not, and `items` are those of its problem set.
    """
    mended, submission = notebooks.sanitise(nb, manifest, gradebooks.checksum)
    return _grade_mended(mended, submission, items, sandboxes, policy)


def _grade_mended(
    mended: Mapping[str, Any],
    submission: Submission,
    items: Mapping[str, Item],
    sandboxes: Sandboxes,
    policy: Policy,
) -> tuple[dict[str, Any], NotebookGrade]:
    graded = grade_notebook(submission, items, sandboxes, policy)
    verdicts = {grade_id: verdict(grade, policy) for grade_id, grade in graded.grades.items()}
    return notebooks.with_grades(mended, graded, verdicts), graded


@contextmanager
def released_files(folder: CourseFolder, assignment: str) -> Iterator[Path | None]:
    """A directory of what was released beside the notebooks, or None if nothing was.

    A copy, because the source directory also holds the instructor's notebook with the solutions.
    """
    paths = folder.released_files(assignment)
    if not paths:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="autograder-files-") as name:
        for path in paths:
            _copy(folder.source(assignment) / path, Path(name) / path)
        yield Path(name)


def _copy(source: Path, destination: Path) -> None:
    destination.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, destination)


# ---------------------------------------------------------------------------------------------
# A class


def grade_class(
    course_root: Path,
    set_name: str,
    *,
    jobs: int,
    student: str | None = None,
    force: bool = False,
    progress: Callable[[SubmissionResult], None] = lambda result: None,
    policy: Policy | None = None,
) -> ClassResult:
    """Grade what was collected of a problem set, as `nbgrader autograde` would, many at a time.

    A submission that cannot be graded costs nobody else anything: it comes back as "failed".

    Args:
        course_root: the course, which is also nbgrader's course directory.
        set_name: the problem set, which is also nbgrader's assignment.
        jobs: number of submissions graded at once, each in a sandbox of its own.
        student: only this student's submission.
        force: also grade what is graded already.
        progress: called with each result as soon as it is recorded, in this thread.
        policy: in place of the course's.

    Raises:
        CourseError: the problem set is broken.
        GradebookError: nothing was collected, or the gradebook cannot be used.
        SandboxError: this machine cannot run student code.
    """
    start = time.monotonic()
    course = load_course(course_root)
    items = course.items(set_name)
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
        grader = _Grader(folder, gradebook, set_name, items, policy or course.policy, force)
        workdir = stack.enter_context(released_files(folder, set_name))
        workers = max(1, min(jobs, len(students)))
        pool = ThreadPoolExecutor(workers)
        stack.callback(pool.shutdown)
        idle: queue.SimpleQueue[Sandboxes] = queue.SimpleQueue()
        for _ in range(workers):
            sandboxes = Sandboxes(policy=grader.policy, notebook=True, workdir=workdir)
            idle.put(stack.enter_context(sandboxes))
        ready = sandboxes.get({"numpy"})
        _prepare(items)
        ready.wait_until_ready()  # a machine that cannot run student code says so once
        stack.callback(pool.shutdown, wait=False, cancel_futures=True)  # before the sandboxes close

        def work(name: str) -> _Graded:
            mine = idle.get()
            try:
                return grader.grade(name, mine)
            finally:
                idle.put(mine)

        known = [name for name in students if folder.may_be_graded(gradebook, name)]
        writer = _Writer(folder, gradebook, set_name, progress)
        results = writer.write([pool.submit(work, name) for name in known])
        for name in set(students) - set(known):
            results.append(grader.refuse(name))
            progress(results[-1])
        level = sandboxes.level
    return ClassResult(
        results=tuple(sorted(results, key=lambda result: result.student)),
        isolation=level,
        seconds=time.monotonic() - start,
    )


def _prepare(items: Mapping[str, Item]) -> None:
    """Compute the expected values once, before many threads want them at the same time."""
    for item in items.values():
        if isinstance(item.definition, Problem):
            with suppress(Exception):  # grading says so, item by item
                oracle(item)


@dataclass(frozen=True, slots=True)
class _Graded:
    """A submission on its way into the gradebook.

    Attributes:
        record: None where the gradebook is not touched.
        partial: the directory with its graded files, not yet under its final name, or None.
        replaces: whether an older graded directory is out of date.
    """

    result: SubmissionResult
    record: Record | None = None
    partial: Path | None = None
    replaces: bool = True


class _Grader:
    """Everything that grading a submission of one set needs; `grade` runs in many threads."""

    def __init__(
        self,
        folder: CourseFolder,
        gradebook: Any,
        set_name: str,
        items: Mapping[str, Item],
        policy: Policy,
        force: bool,
    ) -> None:
        self._folder, self._set, self._items = folder, set_name, items
        self.policy, self._force = policy, force
        source = folder.source(set_name)
        self._manifests: dict[str, list[SourceCell]] = {}
        self._kernels: dict[str, dict[str, Any] | None] = {}
        for name in gradebooks.notebook_names(gradebook, set_name):
            path = source / f"{name}.ipynb"
            self._manifests[name] = gradebooks.manifest(gradebook, set_name, name, path)
            self._kernels[name] = gradebooks.kernelspec(gradebook, set_name, name)
        self._max_score = sum(
            cell.points or 0.0 for manifest in self._manifests.values() for cell in manifest
        )

    def refuse(self, student: str) -> SubmissionResult:
        return SubmissionResult(
            student,
            "failed",
            max_score=self._max_score,
            error=f"The gradebook knows no student {student}, and c.Autograde.create_student is "
            f"off. Run `nbgrader db student add {student}`.",
        )

    def grade(self, student: str, sandboxes: Sandboxes) -> _Graded:
        """Never raises for what is wrong with the submission, or with the grader at this one."""
        start = time.monotonic()
        result = SubmissionResult(student, "failed", max_score=self._max_score)
        partial, timestamp, replaces = None, None, True
        try:
            if not self._force and self._folder.is_up_to_date(self._set, student):
                return _Graded(replace(result, status="skipped"), replaces=False)
            timestamp = self._folder.timestamp(self._folder.submitted(self._set, student))
            graded, result = self._grade_notebooks(student, sandboxes, result)
            partial, notes = self._write_files(student, graded)
            result = replace(result, status="graded", notes=(*result.notes, *notes))
            record = Record(student, timestamp, graded)
        except (notebooks.NotebookError, GradebookError) as error:
            result = replace(result, status="failed", error=str(error))
            record = Record(student, timestamp, is_graded=False)
        except Exception as error:
            result = replace(
                result,
                status="failed",
                error=f"The grader failed, not the student: {type(error).__name__}: {error}. "
                "No score was recorded; grade this submission again.",
            )
            record = Record(student, timestamp, is_graded=False)
            replaces = False
        result = replace(result, seconds=time.monotonic() - start)
        return _Graded(result, record, partial, replaces)

    def _grade_notebooks(
        self, student: str, sandboxes: Sandboxes, result: SubmissionResult
    ) -> tuple[dict[str, dict[str, Any]], SubmissionResult]:
        submitted = self._folder.submitted(self._set, student)
        present = sorted(path.stem for path in submitted.glob("*.ipynb"))
        known = [name for name in self._manifests if name in present]
        if not known:
            found = ", ".join(f"{name}.ipynb" for name in present) or "no notebook"
            expected = ", ".join(f"{name}.ipynb" for name in self._manifests)
            raise notebooks.NotebookError(
                f"{submitted}: expected {expected}, found {found}. "
                "Rename the notebook if it is the right one."
            )
        notes = [
            f"{name}.ipynb was not handed in; it has no points."
            for name in self._manifests
            if name not in known
        ]
        notes += [
            f"{name}.ipynb is no notebook of {self._set}; it was left alone."
            for name in present
            if name not in known
        ]
        graded_notebooks: dict[str, dict[str, Any]] = {}
        outcomes: dict[str, Outcome] = {}
        for name in known:
            nb = self._read(submitted, name)
            mended, submission = notebooks.sanitise(nb, self._manifests[name], gradebooks.checksum)
            graded_nb, grade = _grade_mended(
                mended, submission, self._items, sandboxes, self.policy
            )
            graded_notebooks[name] = graded_nb
            notes += [
                note if len(self._manifests) == 1 else f"{name}: {note}"
                for note in submission.notes
            ]
            notes += [
                f"{grade_id} must be graded by a person ({one.message or 'no reason is known'})."
                for grade_id, one in grade.grades.items()
                if one.outcome is Outcome.GRADER_ERROR
            ]
            outcomes |= {grade_id: one.outcome for grade_id, one in grade.grades.items()}
        return graded_notebooks, self._summary(result, graded_notebooks, outcomes, notes)

    def _read(self, submitted: Path, name: str) -> dict[str, Any]:
        path = submitted / f"{name}.ipynb"
        if path.is_symlink():
            raise notebooks.NotebookError(
                f"{path} is a link, which may lead anywhere. Put the notebook itself there."
            )
        nb = notebooks.read(path)
        if self._kernels[name] is not None:
            metadata = nb.get("metadata")
            known = metadata if isinstance(metadata, dict) else {}
            nb["metadata"] = {**known, "kernelspec": self._kernels[name]}
        return nb

    def _summary(
        self,
        result: SubmissionResult,
        graded: Mapping[str, Mapping[str, Any]],
        outcomes: Mapping[str, Outcome],
        notes: Sequence[str],
    ) -> SubmissionResult:
        scores: dict[str, float | None] = {}
        total, awaiting = 0.0, []
        for nb in graded.values():
            for name, cell, score in gradebooks.scores_of(nb):
                total += score or 0.0
                if score is None:
                    awaiting.append(name)
                if notebooks.is_autograded(cell):
                    scores[name] = score
        return replace(
            result,
            outcomes=outcomes,
            scores=scores,
            awaiting=tuple(awaiting),
            score=total,
            notes=tuple(notes),
        )

    def _write_files(
        self, student: str, graded: Mapping[str, Mapping[str, Any]]
    ) -> tuple[Path, list[str]]:
        """Write what nbgrader's autograded directory holds, under a name that nbgrader overlooks."""
        submitted = self._folder.submitted(self._set, student)
        destination = self._folder.autograded(self._set, student)
        partial = destination.with_name(f".{destination.name}.partial")
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        notes = []
        released = self._folder.released_files(self._set)
        for path in released:
            _copy(self._folder.source(self._set) / path, partial / path)
        for path in self._folder.files(submitted):
            if path in released:
                continue
            try:
                _copy(submitted / path, partial / path)
            except OSError as error:
                notes.append(f"{path} was not copied ({error.strerror}).")
        for name, nb in graded.items():
            # Without indentation: it would take the slow encoder, 6 ms for a notebook with figures.
            text = json.dumps(nb, ensure_ascii=False, sort_keys=True)
            (partial / f"{name}.ipynb").write_text(text + "\n", encoding="utf-8")
        mode = self._folder.file_mode
        for path in partial.rglob("*"):
            if path.is_file():
                path.chmod(mode)
        return partial, notes


class _Writer:
    """Enters graded submissions into the gradebook, in chunks, and gives their files their names.

    In this order, so that a run that is killed leaves no graded directory without its grades.
    """

    def __init__(
        self,
        folder: CourseFolder,
        gradebook: Any,
        set_name: str,
        progress: Callable[[SubmissionResult], None],
    ) -> None:
        self._folder, self._gradebook, self._set = folder, gradebook, set_name
        self._progress = progress
        self._late_penalty: LatePenalty = folder.late_penalty()

    def write(self, futures: Sequence[Future[_Graded]]) -> list[SubmissionResult]:
        results: list[SubmissionResult] = []
        waiting: list[_Graded] = []
        last = time.monotonic()
        for future in as_completed(futures):
            waiting.append(future.result())
            if len(waiting) >= _CHUNK or time.monotonic() - last >= _CHUNK_S:
                results += self._flush(waiting)
                waiting, last = [], time.monotonic()
        return results + self._flush(waiting)

    def _flush(self, chunk: Sequence[_Graded]) -> list[SubmissionResult]:
        try:
            self._record(chunk)
        except Exception:
            # Perhaps one of them is to blame: then only that one fails.
            results = [self._flush_one(graded) for graded in chunk]
        else:
            results = [self._publish(graded) for graded in chunk]
        for result in results:
            self._progress(result)
        return results

    def _flush_one(self, graded: _Graded) -> SubmissionResult:
        try:
            self._record([graded])
        except Exception as error:
            if graded.partial is not None:
                shutil.rmtree(graded.partial, ignore_errors=True)
            return replace(
                graded.result, status="failed", error=f"Graded, but not recorded: {error}"
            )
        return self._publish(graded)

    def _record(self, chunk: Sequence[_Graded]) -> None:
        records = [graded.record for graded in chunk if graded.record is not None]
        if records:
            gradebooks.record(self._gradebook, self._set, records, self._late_penalty)

    def _publish(self, graded: _Graded) -> SubmissionResult:
        """Put the graded directory in its place; a submission that failed has none, as in nbgrader."""
        result = graded.result
        if not graded.replaces:
            return result
        destination = self._folder.autograded(self._set, result.student)
        old = destination.with_name(f".{destination.name}.old")
        try:
            shutil.rmtree(old, ignore_errors=True)
            if destination.exists():
                destination.rename(old)
            if graded.partial is not None:
                graded.partial.rename(destination)
                self._folder.share(self._set, result.student)
            shutil.rmtree(old, ignore_errors=True)
        except OSError as error:
            return replace(
                result,
                status="failed",
                error=f"Recorded, but {destination} could not be written ({error.strerror}). "
                "Check its permissions and grade this submission again.",
            )
        return result
