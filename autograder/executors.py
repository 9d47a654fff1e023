"""Where submissions are graded: in this process or in processes beside it. Dask is the same on other machines.

An executor takes tasks and gives results in whatever order they are ready. A task that brings its worker down costs itself
alone: the worker is made anew.
"""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import tempfile
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from autograder.model import Policy
from autograder.sandbox.isolation import die_with_parent
from autograder.sandbox.pool import SandboxError
from autograder.worker import Graded, Released, Task, Worker

# One task at work and one waiting, so that a worker need not wait while results are recorded.
_IN_FLIGHT = 2


class Executor(Protocol):
    """Grades tasks somewhere.

    `begin` comes first: the set's notebooks by name as they were released, and the files released beside them (name: where
    each lies). It returns the isolation level, and raises CourseError or SandboxError where nothing can be graded.
    `grade` takes as many tasks as it can use at a time, and never raises for one of them.
    """

    def begin(self, released: Mapping[str, Released], files: Mapping[str, Path]) -> str: ...

    def grade(self, tasks: Iterable[Task]) -> Iterator[Graded]: ...


def lost(task: Task, how: str) -> Graded:
    """The result of a task whose grading came to no end."""
    return Graded(
        task.student,
        error=f"The grader failed, not the student: {how}. "
        "No score was recorded; grade this submission again.",
        is_our_fault=True,
    )


def copy_files(files: Mapping[str, Path], directory: Path) -> None:
    """Put the released files where students' code finds them.

    Copies, because the directory they come from also holds the instructor's notebook with the solutions.
    """
    for name, path in files.items():
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, directory / name)


class _Local:
    """A directory of released files, and what closes at the end of a with statement."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        place = tempfile.TemporaryDirectory(prefix="autograder-files-", ignore_cleanup_errors=True)
        self._workdir = Path(self._stack.enter_context(place))

    def close(self) -> None:
        self._stack.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


class Here(_Local):
    """Grades in this process, one submission after another."""

    def __init__(self, course_root: Path, set_name: str, policy: Policy | None = None) -> None:
        super().__init__()
        with ExitStack() as guard:
            guard.callback(self.close)
            worker = Worker(course_root, set_name, policy, self._workdir)
            self._worker = self._stack.enter_context(worker)
            guard.pop_all()

    def begin(self, released: Mapping[str, Released], files: Mapping[str, Path]) -> str:
        copy_files(files, self._workdir)
        return self._worker.begin(released)

    def grade(self, tasks: Iterable[Task]) -> Iterator[Graded]:
        return map(self._worker.grade, tasks)


class Processes(_Local):
    """Grades in `count` processes of their own, which start at once and load the course while the caller goes on."""

    def __init__(
        self, course_root: Path, set_name: str, count: int, policy: Policy | None = None
    ) -> None:
        super().__init__()
        self._arguments = (course_root, set_name, policy, self._workdir)
        self._released: Mapping[str, Released] = {}
        self._processes = [self._started() for _ in range(count)]

    def _started(self) -> _Process:
        process = _Process(self._arguments)
        self._stack.callback(process.close)
        return process

    def begin(self, released: Mapping[str, Released], files: Mapping[str, Path]) -> str:
        copy_files(files, self._workdir)
        self._released = released
        ready = {process.pool.submit(_begin, released): process for process in self._processes}
        # Whoever is ready first will do: the others may still be loading.
        done = wait(ready, return_when=FIRST_COMPLETED).done
        try:
            for future in done:
                ready[future].loaded.result()
                level = future.result()
        except BrokenProcessPool:
            raise SandboxError(
                "a worker process died while it loaded the course; there may be too little memory"
            ) from None
        return level

    def grade(self, tasks: Iterable[Task]) -> Iterator[Graded]:
        fresh = iter(tasks)
        again: deque[_Attempt] = (
            deque()
        )  # each alone in its process, to see which of them breaks it
        while True:
            for process in self._processes:
                self._feed(process, fresh, again)
            waiting = {future for process in self._processes for future in process.tasks}
            if not waiting:
                return
            wait(waiting, return_when=FIRST_COMPLETED)
            for place, process in enumerate(self._processes):
                yield from process.finished()
                if process.is_broken:
                    for attempt in process.tasks.values():
                        if attempt.is_alone:
                            yield lost(attempt.task, "its grading ended the worker process twice")
                        else:
                            again.append(attempt)
                    process.close()
                    process = self._processes[place] = self._started()
                    process.pool.submit(_begin, self._released)

    def _feed(self, process: _Process, fresh: Iterator[Task], again: deque[_Attempt]) -> None:
        if again and not process.tasks:
            process.submit(_Attempt(again.popleft().task, is_alone=True))
        while len(process.tasks) < _IN_FLIGHT and not process.is_testing and not again:
            task = next(fresh, None)
            if task is None:
                return
            process.submit(_Attempt(task))


def local(
    course_root: Path, set_name: str, jobs: int, policy: Policy | None = None
) -> Here | Processes:
    """Grades `jobs` submissions at once on this machine."""
    if jobs == 1:
        return Here(course_root, set_name, policy)
    return Processes(course_root, set_name, jobs, policy)


@dataclass(frozen=True, slots=True)
class _Attempt:
    task: Task
    is_alone: bool = False


class _Process:
    """A worker process: a pool of one, so that what breaks it is known."""

    def __init__(self, arguments: tuple[Path, str, Policy | None, Path]) -> None:
        # Spawned: a fork would inherit whatever threads and connections this process has by then.
        context = multiprocessing.get_context("spawn")
        self.pool = ProcessPoolExecutor(1, context)
        self.loaded = self.pool.submit(_load, *arguments)
        self.tasks: dict[Future[Graded], _Attempt] = {}
        self.is_broken = False

    @property
    def is_testing(self) -> bool:
        return any(attempt.is_alone for attempt in self.tasks.values())

    def submit(self, attempt: _Attempt) -> None:
        try:
            self.tasks[self.pool.submit(_grade, attempt.task)] = attempt
        except BrokenProcessPool as error:
            future: Future[Graded] = Future()
            future.set_exception(error)
            self.tasks[future] = attempt

    def finished(self) -> Iterator[Graded]:
        """Results that are ready. An exception means that the process is of no more use: workers raise none."""
        for future in [future for future in self.tasks if future.done()]:
            if future.exception() is not None:
                self.is_broken = True
                continue
            del self.tasks[future]
            yield future.result()

    def close(self) -> None:
        if self.loaded.done() and self.loaded.exception() is None:
            if self.tasks:  # an endless loop would keep us waiting
                with suppress(ProcessLookupError):
                    os.kill(self.loaded.result(), signal.SIGKILL)
            else:
                with suppress(BrokenProcessPool):
                    self.pool.submit(_end)
        self.pool.shutdown(wait=True, cancel_futures=False)


# ---------------------------------------------------------------------------------------------
# In a worker process

_worker: Worker | None = None


def _load(course_root: Path, set_name: str, policy: Policy | None, workdir: Path) -> int:
    """Returns the process's id."""
    global _worker
    die_with_parent()
    signal.signal(
        signal.SIGINT, signal.SIG_IGN
    )  # the main process gets it too, and closes this one
    _worker = Worker(course_root, set_name, policy, workdir)
    return os.getpid()


def _begin(released: Mapping[str, Released]) -> str:
    assert _worker is not None, "the course was not loaded"
    return _worker.begin(released)


def _grade(task: Task) -> Graded:
    assert _worker is not None, "the course was not loaded"
    return _worker.grade(task)


def _end() -> None:
    if _worker is not None:
        _worker.close()
