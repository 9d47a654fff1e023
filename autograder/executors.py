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
import threading
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from itertools import chain
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from pathlib import Path
from queue import SimpleQueue
from types import TracebackType
from typing import Any, Protocol, Self

from autograder.model import Policy
from autograder.sandbox.isolation import die_with_parent
from autograder.sandbox.pool import SandboxError
from autograder.worker import Graded, Released, Task, Worker

# One task at work and one waiting, so that a worker need not wait while results are recorded.
_IN_FLIGHT = 2
_PATIENCE_S = 10.0  # for a worker to put out its sandboxes


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


@dataclass(frozen=True, slots=True)
class Attempt:
    """A task in a worker's hands; `is_alone` where it was so once before and the worker ended."""

    task: Task
    is_alone: bool = False


class Queue:
    """What is still to be graded: each task once, and once more where its worker ended; then alone, to see which task did it."""

    def __init__(self, tasks: Iterable[Task]) -> None:
        self._fresh: Iterator[Task] = iter(tasks)
        self._again: deque[Task] = deque()
        self._is_read = False

    @property
    def is_empty(self) -> bool:
        """Whether nobody need take anything any more."""
        return self._is_read and not self._again

    def next_for(self, held: Collection[Attempt]) -> Attempt | None:
        """What a worker may take that has `held` in its hands; read from the tasks only now."""
        if self._again:
            return None if held else Attempt(self._again.popleft(), is_alone=True)
        if len(held) >= _IN_FLIGHT or any(attempt.is_alone for attempt in held):
            return None
        task = next(self._fresh, None)
        self._is_read = task is None
        return None if task is None else Attempt(task)

    def give_back(self, attempt: Attempt) -> None:
        """Take back what a worker never began."""
        self._fresh, self._is_read = chain([attempt.task], self._fresh), False

    def worker_ended(self, held: Iterable[Attempt]) -> Iterator[Graded]:
        """Take back what an ended worker had in its hands; yields results of those that ended two."""
        for attempt in held:
            if attempt.is_alone:
                yield lost(attempt.task, "its grading ended the worker process twice")
            else:
                self._again.append(attempt.task)


def copy_files(files: Mapping[str, Path], directory: Path) -> None:
    """Put the released files where students' code finds them.

    Copies, because the directory they come from also holds the instructor's notebook with the solutions.
    """
    for name, path in files.items():
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, directory / name)


class _Local:
    """A directory of this machine's, and what closes at the end of a with statement.

    It holds the released files and whatever workers need, so that one that was killed leaves nothing behind.
    """

    def __init__(self) -> None:
        self._stack = ExitStack()
        place = tempfile.TemporaryDirectory(prefix="autograder-", ignore_cleanup_errors=True)
        self._place = Path(self._stack.enter_context(place))
        self._workdir = self._place / "files"
        self._workdir.mkdir()

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
        with ExitStack() as guard:
            guard.callback(self.close)
            self._processes = [self._started() for _ in range(count)]
            guard.pop_all()

    def _started(self) -> _Process:
        with _interrupts_held():
            process = _Process(self._arguments)
            self._stack.callback(process.close)
        return process

    def _replace(self, process: _Process) -> None:
        process.close()
        fresh = self._started()
        fresh.send(self._released)
        self._processes[self._processes.index(process)] = fresh

    def begin(self, released: Mapping[str, Released], files: Mapping[str, Path]) -> str:
        copy_files(files, self._workdir)
        self._released = released
        for process in self._processes:
            process.send(released)
        while True:
            # Whoever is ready first will do: the others may still be loading.
            for process in _answering(self._processes):
                answer = self._heard(process)
                if isinstance(answer, str):
                    return answer

    def grade(self, tasks: Iterable[Task]) -> Iterator[Graded]:
        queue = Queue(tasks)
        while True:
            for process in list(self._processes):
                if process.is_idle and not process.is_alive and not queue.is_empty:
                    self._replace(process)
                    continue
                while process.is_ready and (attempt := queue.next_for(process.attempts)):
                    process.take(attempt)
            if queue.is_empty and not any(process.attempts for process in self._processes):
                return
            expected = [process for process in self._processes if not process.is_idle]
            for process in _answering(expected):
                answer = self._heard(process)
                if isinstance(answer, Graded):
                    process.attempts.popleft()
                    yield answer
                elif answer is None and process.is_ready:
                    yield from queue.worker_ended(process.attempts)
                    self._replace(process)

    def _heard(self, process: _Process) -> str | Graded | None:
        """Its next answer; None where it has ended.

        One that ends while it loads is not replaced: the next would do the same.

        Raises:
            CourseError, SandboxError: what it was told to load cannot be graded, or it was the last one.
        """
        answer = process.receive()
        if isinstance(answer, Exception):
            raise answer
        if answer is None and not process.is_ready:
            process.close()
            self._processes.remove(process)
            if not self._processes:
                raise SandboxError(
                    "every worker process died while it loaded the course; there may be too little memory"
                )
        return answer


def local(
    course_root: Path, set_name: str, jobs: int, policy: Policy | None = None
) -> Here | Processes:
    """Grades `jobs` submissions at once on this machine."""
    if jobs == 1:
        return Here(course_root, set_name, policy)
    return Processes(course_root, set_name, jobs, policy)


class _Process:
    """A worker process at the other end of a channel.

    It is told what was released, and answers with the isolation level or with why it can grade nothing; then each
    task is answered, in order. Not a concurrent.futures pool: that waits for ever for the rest of an answer whose
    sender was killed.
    """

    def __init__(self, arguments: tuple[Path, str, Policy | None, Path]) -> None:
        # Spawned: a fork would inherit whatever threads and connections this process has by then.
        context = multiprocessing.get_context("spawn")
        self.channel, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, *arguments), daemon=True)
        self.attempts: deque[Attempt] = deque()
        self.is_ready = False
        with theirs:
            self._process.start()

    @property
    def is_alive(self) -> bool:
        return self._process.is_alive()

    @property
    def is_idle(self) -> bool:
        return self.is_ready and not self.attempts

    def send(self, message: Mapping[str, Released] | Task | None) -> None:
        with suppress(OSError):  # it has ended, which `receive` will find
            self.channel.send(message)

    def take(self, attempt: Attempt) -> None:
        self.attempts.append(attempt)
        self.send(attempt.task)

    def receive(self) -> str | Graded | Exception | None:
        """The next answer; None where the process has ended."""
        try:
            answer: str | Graded | Exception = self.channel.recv()
        except (EOFError, OSError):
            return None
        self.is_ready = True
        return answer

    def close(self) -> None:
        if self.channel.closed:
            return
        # One that is still at work, or loading, would keep us waiting.
        if not self.attempts and (self.is_ready or self.channel.poll()):
            self.send(None)
            self._process.join(_PATIENCE_S)
        self._process.kill()
        self._process.join()
        self.channel.close()


def _answering(processes: Sequence[_Process]) -> list[_Process]:
    """Those that have an answer, or have ended; waits for the first."""
    ready = wait([process.channel for process in processes])
    return [process for process in processes if process.channel in ready]


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Hold Ctrl-C back while a process starts, which is then not half started.

    The process inherits the block, so that Ctrl-C, which reaches it too, is left to this one.
    """
    resource_tracker.ensure_running()  # it would be started with the process, and lift the block
    blocked = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    late: list[int] = []
    # Another thread may take the signal, and its handler runs in the main one all the same.
    is_main = threading.current_thread() is threading.main_thread()
    handler = (
        signal.signal(signal.SIGINT, lambda number, _: late.append(number)) if is_main else None
    )
    try:
        yield
    finally:
        if is_main:
            signal.signal(signal.SIGINT, handler)
        signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
        for number in late[:1]:
            signal.raise_signal(number)


# ---------------------------------------------------------------------------------------------
# In a worker process


def _serve(
    channel: Connection, course_root: Path, set_name: str, policy: Policy | None, workdir: Path
) -> None:
    die_with_parent()
    # A terminal's Ctrl-C reaches this process too, but its parent closes it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})  # students' code may use it
    tempfile.tempdir = str(workdir.parent)
    messages: SimpleQueue[Any] = SimpleQueue()
    threading.Thread(target=_listen, args=(channel, messages), daemon=True).start()
    try:
        with Worker(course_root, set_name, policy, workdir) as worker:
            channel.send(worker.begin(messages.get()))
            while (task := messages.get()) is not None:
                channel.send(worker.grade(task))
    except Exception as error:
        channel.send(error)


def _listen(channel: Connection, messages: SimpleQueue[Any]) -> None:
    """Take in messages as they come: a parent that waits to send a large one cannot receive meanwhile."""
    while True:
        try:
            messages.put(channel.recv())
        except (EOFError, OSError):
            os._exit(1)  # the parent has died, perhaps before `die_with_parent` was called
