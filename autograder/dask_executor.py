"""Grades on the workers of a Dask scheduler: other machines, with sandboxes of their own.

Each task is pinned to one worker, and none goes to a worker that has not been examined: it must run this very grader, draw the
same hidden inputs and isolate student code. A task whose worker has gone is graded again elsewhere, as in `Processes`. Grading a task twice
does no harm: the result depends on its content alone, and one writer takes each student's once.

Dask moves pickles between its machines, so all of them belong to the staff; students' code runs in the workers' sandboxes only.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import multiprocessing.util
import pickle
import shutil
import socket
import tempfile
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Set
from concurrent.futures import CancelledError
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder import keys
from autograder.course import CourseError, load_course
from autograder.executors import Attempt, Queue, lost
from autograder.model import Policy
from autograder.sandbox.pool import Sandbox, SandboxError
from autograder.worker import Graded, Released, Task, Worker

if TYPE_CHECKING:
    from distributed import Client, Future

_CONNECT_S = 10
_LOOK_S = 1.0  # between two looks at which workers there are
_IDLE_S = 600  # after which a worker closes its sandboxes and removes the course
_MAX_ENDED = 3  # workers, one after another, in whose place a nanny of Dask's puts a new one
_MAX_DESKS = 2  # two people may grade on one cluster without sending the course each time
_LEVELS = ("none", "reduced", "full")


class DaskError(Exception):
    """The scheduler or its workers cannot be used; the text says why and what to do."""


class _GoneError(Exception):
    """A worker has gone, and what it had ready with it."""


@dataclass(frozen=True, slots=True)
class _Bundle:
    """What a worker needs to grade one set.

    Attributes:
        items: what the set's items are here (`keys.drawn_keys`).
        course: the course's files by path, as far as the set needs them.
        files: the released files that lie beside the notebooks.
    """

    set_name: str
    policy: Policy
    items: Mapping[str, str]
    course: Mapping[str, bytes]
    released: Mapping[str, Released]
    files: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class _Examined:
    """What is known of a worker: its isolation level, or why it is refused."""

    level: str = ""
    refusal: str = ""


@dataclass(slots=True)
class _Place:
    """A worker process of Dask's, as this side sees it.

    Attributes:
        exam: what it will be judged by; None once it is.
        level: of its isolation; empty unless it may grade.
    """

    address: str
    host: str
    exam: Future | None = None
    level: str = ""
    tasks: dict[Future, Attempt] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.address} on {self.host}"


class Dask(AbstractContextManager["Dask"]):
    """Grades on the workers of the scheduler at `address`; closed at the end of a with statement.

    Args:
        course_root: the course (solutions/, assignments/, course.toml).
        set_name: the problem set.
        address: the scheduler's, such as "tcp://10.0.0.7:8786".
        policy: in place of the course's.
        tell: is told, line by line, which worker is refused or differs, and why.
        patience_s: how long to do without any worker.

    Raises:
        CourseError: the problem set is broken.
        DaskError: Dask is not installed, or no scheduler answers.
    """

    def __init__(
        self,
        course_root: Path,
        set_name: str,
        address: str,
        policy: Policy | None = None,
        *,
        tell: Callable[[str], None] = lambda text: None,
        patience_s: float = 60.0,
    ) -> None:
        course = load_course(course_root)
        self._set_name, self._address = set_name, address
        self._policy = policy or course.policy
        self._tell, self._patience_s = tell, patience_s
        self._items = keys.drawn_keys(course.items(set_name))
        folders = (course.solutions / set_name, course.assignments / set_name)
        self._course = dict(_contents(course.root, folders))
        self._bundle, self._key = b"", ""
        self._places: dict[str, _Place] = {}
        self._untold: list[str] = []
        self._looked = self._last_useful = 0.0
        self._own_level = "none"
        self._client = _connected(address)

    def begin(self, released: Mapping[str, Released], files: Mapping[str, Path]) -> str:
        """See `Executor`; the level is the lowest of all workers.

        Raises:
            DaskError: no worker can grade, or the scheduler was lost.
        """
        bundle = _Bundle(
            self._set_name,
            self._policy,
            self._items,
            self._course,
            released,
            {name: path.read_bytes() for name, path in files.items()},
        )
        self._bundle = pickle.dumps(bundle)
        self._key = hashlib.sha256(self._bundle).hexdigest()
        self._check_scheduler()
        self._own_level = _level_here()
        self._wait_for_workers()
        return min((place.level for place in self._fit()), key=_LEVELS.index)

    def grade(self, tasks: Iterable[Task]) -> Iterator[Graded]:
        """See `Executor`.

        Raises:
            DaskError: the scheduler was lost, or every worker that can grade.
        """
        queue = Queue(tasks)
        while True:
            for gone in self._look():
                yield from queue.worker_ended(gone.tasks.values())
            self._judge()
            self._tell_all()
            for place in self._fit():
                while attempt := queue.next_for(place.tasks.values()):
                    future = self._submit(place.address, _grade, self._key, attempt.task)
                    place.tasks[future] = attempt
            if queue.is_empty and not any(place.tasks for place in self._places.values()):
                return
            self._check_patience(self._fit())
            self._wait()
            for place in self._places.values():
                yield from self._finished(place, queue)

    def close(self) -> None:
        if self._key and self._client.status == "running":
            fit = [place.address for place in self._fit()]
            with suppress(Exception):  # they also put it away by themselves, later
                self._client.run(_put_away, self._key, workers=fit, on_error="ignore")
        self._client.close()

    def __exit__(self, *exception: object) -> None:
        self.close()

    # -- Workers

    def _wait_for_workers(self) -> None:
        """Until all workers are judged; a slow one keeps nobody waiting for long once another can grade."""
        self._last_useful = start = time.monotonic()
        ended = 0
        while True:
            ended += sum(gone.exam is not None for gone in self._look())
            self._judge()
            is_asking = any(place.exam for place in self._places.values())
            is_late = time.monotonic() - start > self._patience_s
            if self._fit() and (is_late or not is_asking):
                self._tell_all()
                return
            if self._places and not self._fit() and not is_asking:
                listed = "\n".join(self._untold)
                raise DaskError(f"{self._address}: no worker can grade {self._set_name}:\n{listed}")
            if ended > _MAX_ENDED:
                raise DaskError(
                    f"{self._address}: {ended} workers have ended while they loaded the course. There may "
                    "be too little memory; their logs say more."
                )
            self._check_patience(self._places.values())
            self._wait()

    def _fit(self) -> list[_Place]:
        return [place for place in self._places.values() if place.level]

    def _check_patience(self, useful: Collection[_Place]) -> None:
        now = time.monotonic()
        if useful:
            self._last_useful = now
        elif now - self._last_useful > self._patience_s:
            raise DaskError(
                f"{self._address}: the scheduler has had no worker that can grade for "
                f"{self._patience_s:g} s. Start some with `dask worker` and run the same command "
                "again; what was graded is kept."
            )

    def _look(self) -> list[_Place]:
        """Meet the workers that have joined; returns those that have gone."""
        if time.monotonic() - self._looked < _LOOK_S:
            return []
        with self._reaching():
            present = set(self._client.nthreads())
        self._looked = time.monotonic()
        if strangers := present - self._places.keys():
            self._meet(strangers)
        return [self._places.pop(address) for address in self._places.keys() - present]

    def _meet(self, addresses: Set[str]) -> None:
        """Examine workers, if they run this grader: one that cannot load what a task names would die of it."""
        with self._reaching():
            hosts, parts = (
                self._client.run(function, workers=list(addresses), on_error="return")
                for function in (socket.gethostname, keys.grader_parts)
            )
        for address in addresses:
            if isinstance(parts[address], OSError):
                continue  # it has gone already
            place = self._places[address] = _Place(address, str(hosts[address]))
            refusal = _differences(parts[address])
            if refusal:
                self._untold.append(f"worker {place} is refused: {refusal}")
            else:
                self._examine(place)

    def _examine(self, place: _Place) -> None:
        place.level = ""
        place.exam = self._submit(place.address, _examine, self._key, self._bundle)

    def _judge(self) -> None:
        """Decide on the workers that have been examined."""
        for place in self._places.values():
            if place.exam is None or not place.exam.done():
                continue
            found = self._answer(place.exam)
            place.exam = None
            if isinstance(found, _GoneError):
                self._examine(place)
            elif isinstance(found, Exception):
                self._untold.append(f"worker {place} is refused: {_text(found)}")
            elif found.refusal:
                self._untold.append(f"worker {place} is refused: {found.refusal}")
            else:
                place.level = found.level
                if _LEVELS.index(place.level) < _LEVELS.index(self._own_level):
                    self._untold.append(
                        f"worker {place} isolates students' code less than this machine: its level is "
                        f"{place.level}, here it is {self._own_level}. `autograder doctor` there says why."
                    )

    def _tell_all(self) -> None:
        for text in self._untold:
            self._tell(text)
        self._untold.clear()

    # -- Results

    def _finished(self, place: _Place, queue: Queue) -> Iterator[Graded]:
        from distributed import KilledWorker

        for future in [future for future in place.tasks if future.done()]:
            answer = self._answer(future)
            attempt = place.tasks.pop(future)
            if isinstance(answer, Graded):
                yield answer
            elif answer is None:  # another process has taken its place, or it was idle for long
                queue.give_back(attempt)
                if place.exam is None:
                    self._examine(place)
            elif isinstance(answer, _GoneError | KilledWorker):
                yield from queue.worker_ended([attempt])
            else:
                yield lost(attempt.task, f"worker {place}: {_text(answer)}")

    # -- The scheduler

    def _submit(self, address: str, function: Callable[..., Any], *arguments: Any) -> Future:
        with self._reaching():
            return self._client.submit(
                function, *arguments, workers=[address], allow_other_workers=False, pure=False
            )

    def _answer(self, future: Future) -> Any:
        """What a future gave; or, as an object, the exception that its function raised, or _GoneError."""
        with self._reaching():
            if future.status == "finished":
                # Not `result`, which would wait until another worker has done it again: none is allowed to.
                response = self._client.sync(self._client.scheduler.gather, keys=[future.key])
                return response["data"][future.key] if response["status"] == "OK" else _GoneError()
            error = future.exception()
            if isinstance(error, CancelledError):
                raise error
            return error

    def _wait(self) -> None:
        """Until an answer comes, or it is time to look again."""
        from distributed import wait

        places = self._places.values()
        futures = [
            future
            for place in places
            for future in (place.exam, *place.tasks)
            if future is not None and not future.done()
        ]
        if not futures:
            time.sleep(_LOOK_S)
            return
        with self._reaching(), self._client.as_current(), suppress(TimeoutError):
            wait(futures, timeout=_LOOK_S, return_when="FIRST_COMPLETED")

    @contextmanager
    def _reaching(self) -> Iterator[None]:
        """Dask has many ways to say that the connection is lost."""
        try:
            yield
        except Exception as error:
            is_running = self._client.status == "running"
            if is_running and not isinstance(error, OSError | CancelledError):
                raise
            raise DaskError(
                f"The Dask scheduler at {self._address} was lost. What was graded is kept: start the "
                "scheduler and its workers again, and run the same command again."
            ) from error

    def _check_scheduler(self) -> None:
        """It opens what it passes on, so it needs this package too."""
        with self._reaching():
            try:
                parts = self._client.run_on_scheduler(keys.grader_parts)
            except ImportError as error:
                parts = error
        refusal = _differences(parts)
        if refusal:
            raise DaskError(f"The Dask scheduler at {self._address} cannot be used: {refusal}")


def _connected(address: str) -> Client:
    try:
        import dask
        from distributed import Client, Security
        from distributed.core import connect
    except ImportError:
        raise DaskError(
            "To grade with --dask, run `pip install 'autograder[dask]'` in this environment."
        ) from None
    dask.config.set({"distributed.admin.large-graph-warning-threshold": "1 TiB"})
    for name in ("distributed", "distributed.client"):  # we say it ourselves
        logging.getLogger(name).setLevel(logging.CRITICAL)

    async def try_once() -> None:
        # A Client that finds nobody leaves tracebacks behind.
        security = Security().get_connection_args("client")
        comm = await connect(address, timeout=_CONNECT_S, **security)
        await comm.close()

    try:
        asyncio.run(try_once())
        return Client(address, timeout=_CONNECT_S, set_as_default=False, name="autograder")
    except Exception as error:
        why, _, _ = str(error).partition("\n")
        raise DaskError(
            f"{address}: no Dask scheduler answers ({why}). The address is the one that `dask scheduler` "
            "prints, such as tcp://10.0.0.7:8786; this machine must reach it."
        ) from error


def _contents(root: Path, folders: Iterable[Path]) -> Iterator[tuple[str, bytes]]:
    """The files under folders, by path relative to `root`."""
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not any(part in keys.IGNORED for part in path.parts):
                yield str(path.relative_to(root)), path.read_bytes()


def _level_here() -> str:
    try:
        with Sandbox(policy=Policy(allow_unsafe=True)) as sandbox:
            sandbox.wait_until_ready()
            return sandbox.level
    except SandboxError:
        return "none"


def _differences(parts: Mapping[str, str] | Exception) -> str:
    """In which parts another grader differs from this one, and what to do; empty where in none."""
    if isinstance(parts, Exception):
        return (
            f"it cannot load this package ({parts}). Install there what is installed here, and start it "
            "again."
        )
    found = [
        f"its {name} is {parts.get(name, 'absent')}, here it is {version}"
        for name, version in keys.grader_parts().items()
        if parts.get(name) != version
    ]
    if not found:
        return ""
    return f"{'; '.join(found)}. Install there what is installed here, and start it again."


def _text(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


# ---------------------------------------------------------------------------------------------
# In a worker process of Dask's. Nothing is raised to Dask: an exception whose traceback it cannot pickle never arrives.


class _Desk:
    """A course as it came, unpacked, and a worker on it."""

    def __init__(self, bundle: _Bundle) -> None:
        from distributed import get_worker

        # Sandboxes have their places there too: Dask removes its own directory, after a kill as well.
        tempfile.tempdir = get_worker().local_directory
        self._directory = Path(tempfile.mkdtemp(prefix="autograder-"))  # for this user alone
        self._worker: Worker | None = None
        try:
            for name, contents in (("course", bundle.course), ("files", bundle.files)):
                (self._directory / name).mkdir()
                for path, data in contents.items():
                    file = self._directory / name / path
                    file.parent.mkdir(parents=True, exist_ok=True)
                    file.write_bytes(data)
            self._worker = Worker(
                self._directory / "course",
                bundle.set_name,
                bundle.policy,
                self._directory / "files",
            )
            self.examined = self._examine(self._worker, bundle)
        except BaseException:
            self.close()
            raise

    def _examine(self, worker: Worker, bundle: _Bundle) -> _Examined:
        found = worker.drawn_keys()
        other = [name for name, key in bundle.items.items() if found.get(name) != key]
        if other:
            return _Examined(
                refusal=f"its version of {', '.join(other)} is not that of this machine: the files, "
                "or the hidden inputs that are drawn from them, differ."
            )
        return _Examined(worker.begin(bundle.released))

    def grade(self, task: Task) -> Graded:
        assert self._worker is not None
        return self._worker.grade(task)

    def close(self) -> None:
        if self._worker is not None:
            self._worker.close()
        shutil.rmtree(self._directory, ignore_errors=True)


_desks: OrderedDict[str, _Desk] = OrderedDict()  # by key of what came; the last used is the last
_lock = threading.Lock()  # sandboxes serve one thread, and drawing inputs has state of its own
_timer: threading.Timer | None = None


@contextmanager
def _at_work() -> Iterator[None]:
    """One thread at a time; and desks at which nobody works for long are put away."""
    global _timer
    with _lock:
        if _timer is not None:
            _timer.cancel()
        try:
            yield
        finally:
            _timer = threading.Timer(_IDLE_S, _put_away)
            _timer.daemon = True
            _timer.start()


def _examine(key: str, data: bytes) -> _Examined:
    """Make ready for what comes under `key`, if this worker can grade it."""
    with _at_work():
        if key in _desks:
            return _desks[key].examined
        while len(_desks) >= _MAX_DESKS:
            _desks.popitem(last=False)[1].close()
        try:
            desk = _Desk(pickle.loads(data))
        except (CourseError, SandboxError) as error:
            return _Examined(refusal=str(error))
        except Exception as error:
            return _Examined(refusal=_text(error))
        if desk.examined.refusal:
            desk.close()
        else:
            _desks[key] = desk
        return desk.examined


def _grade(key: str, task: Task) -> Graded | None:
    """None where this process was not examined for `key`, or has put it away."""
    with _at_work():
        if key not in _desks:
            return None
        _desks.move_to_end(key)
        try:
            return _desks[key].grade(task)
        except Exception as error:
            return lost(task, _text(error))


def _put_away(key: str | None = None) -> None:
    """Close the desk for `key`, or all; one at which somebody works stays."""
    if not _lock.acquire(blocking=False):
        return
    try:
        for known in [known for known in _desks if key in (None, known)]:
            _desks.pop(known).close()
    finally:
        _lock.release()


# Processes that a nanny of Dask's started do not run what atexit has.
multiprocessing.util.Finalize(None, _put_away, exitpriority=0)
