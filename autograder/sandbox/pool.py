"""The trusted side of the sandbox: starts zygotes, talks to their children, keeps every deadline."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import autograder
from autograder.model import Policy
from autograder.sandbox import wire

START_TIME_LIMIT_S = 60.0
MAX_ANSWERS = 96 << 20  # bytes of all answers to one request, which are kept until they are judged
# One thread each: a pool that exists before the fork hangs in the child, and two workers share two cores.
_ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "HOME": "/tmp",
    "LANG": "C.UTF-8",
    "LC_ALL": "C.UTF-8",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "NUMEXPR_NUM_THREADS": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONHASHSEED": "0",
    "CUDA_VISIBLE_DEVICES": "",
    "MPLBACKEND": "agg",
    "IPYTHONDIR": "/tmp",
    "NBGRADER_EXECUTION": "autograde",
}
_INHERITED = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE", "LD_LIBRARY_PATH")


class SandboxError(Exception):
    """The sandbox itself failed: the grader's fault, never the student's."""


class ChildDied(Exception):
    """The student's process ended by itself; the text says how."""


class Garbled(Exception):
    """The student's process answered with something that is no answer to the request."""


@dataclass(slots=True)
class CallResult:
    """One case's answer: a value, or an exception {"type", "text", "cell", "line"}."""

    value: Any = None
    error: dict[str, Any] | None = None
    mutated: bool = False


@dataclass(slots=True)
class CallResults:
    """Answers to a call. `stopped` says why later cases have none: "died: …", "late" or "garbled: …"."""

    results: list[CallResult] = field(default_factory=list)
    missing: list[str] | None = None
    uncallable: str | None = None
    stopped: str | None = None


class _Closing:
    """Closed at the end of a with statement."""

    def close(self) -> None:
        raise NotImplementedError

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


class Sandbox(_Closing):
    """One zygote with one set of imports; `child()` gives a fresh, walled-in process of it.

    Args:
        imports: modules that children have loaded.
        policy: memory and time limits; `allow_unsafe` permits the level "none".
        notebook: prepare an IPython shell, for cells and their outputs.
        workdir: directory whose files students' code finds beside it, read-only.
        without: layers to leave out ("namespaces", "landlock", "seccomp"), to try the lower levels.

    Raises:
        SandboxError: the zygote did not start, or this machine isolates nothing.
    """

    def __init__(
        self,
        imports: Sequence[str] = ("numpy",),
        *,
        policy: Policy | None = None,
        notebook: bool = False,
        workdir: Path | None = None,
        without: Sequence[str] = (),
    ) -> None:
        self.policy = policy or Policy()
        self.imports = tuple(dict.fromkeys(["numpy", *imports]))
        self._notebook = notebook
        self._workdir = workdir
        self._without = tuple(without)
        self._process: subprocess.Popen[bytes] | None = None
        self.level = "none"
        self.reasons: tuple[str, ...] = ()
        self.generation = 0
        self._begin()
        self._ready = False

    def _begin(self) -> None:
        """Start the zygote without waiting for it: its imports overlap with the caller's work."""
        self.generation += 1
        self._root = tempfile.mkdtemp(prefix="autograder-root-")
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        layers = ("namespaces", "landlock", "seccomp")
        settings: dict[str, Any] = {layer: layer not in self._without for layer in layers}
        settings |= {
            "control": theirs.fileno(),
            # Every notebook begins with `from autograder import check`.
            "imports": [*self.imports, *(["autograder.student"] if self._notebook else [])],
            "notebook": self._notebook,
            "root": self._root,
            "workdir": str(self._workdir) if self._workdir else None,
            "read_only": [str(path) for path in _readable_paths()],
            "memory_mib": self.policy.memory_mib,
            "scratch_mib": 64,
            "cpu_s": int(self.policy.notebook_time_limit_s) + 1,
        }
        environment = {name: os.environ[name] for name in _INHERITED if name in os.environ}
        environment |= _ENVIRONMENT | {"MPLCONFIGDIR": self._root}
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-s", "-m", "autograder.sandbox.zygote", json.dumps(settings)],
                pass_fds=[theirs.fileno()],
                env=environment,
                cwd=Path(autograder.__file__).parent.parent,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
            )

    def wait_until_ready(self) -> None:
        if self._ready:
            return
        self._control.settimeout(START_TIME_LIMIT_S)
        try:
            message = self._control.recv(65536)
        except TimeoutError:
            message = b""
        if not message:
            assert self._process is not None
            assert self._process.stderr is not None
            self._process.kill()
            said = self._process.stderr.read().decode(errors="replace").strip().splitlines()
            self.close()
            why = said[-1] if said else f"no answer within {START_TIME_LIMIT_S:.0f} s"
            raise SandboxError(f"the sandbox did not start: {why}")
        told = json.loads(message)
        self.level, self.reasons = told["level"], tuple(told["reasons"])
        if self.level == "none" and not self.policy.allow_unsafe:
            self.close()
            raise SandboxError(
                "this machine gives no isolation, so student code is not run: "
                + "; ".join(self.reasons)
                + ". Run `autograder doctor` for what would raise the level, or pass --unsafe to run it anyway."
            )
        self._ready = True

    def child(self) -> Child:
        """A fresh process. Restarts the zygote once if it has died.

        Raises:
            SandboxError: no process could be made.
        """
        for attempt in (1, 2):
            self.wait_until_ready()
            ours, theirs = socket.socketpair()
            bell, their_bell = socket.socketpair()
            child = Child(self, ours, bell)
            try:
                with theirs, their_bell:
                    sent = [theirs.fileno(), their_bell.fileno()]
                    socket.send_fds(self._control, [b"F"], sent)
                    answer = self._control.recv(4096)
                if not answer:
                    raise ConnectionError("the zygote has died")
                told = json.loads(answer)
                if "error" in told:
                    child.close()
                    raise SandboxError(f"the sandbox could not make a process: {told['error']}")
                walls = child.born(told["pid"])
            except (OSError, EOFError) as error:
                child.close()
                self.close()
                if attempt == 2:
                    raise SandboxError(f"the sandbox died twice: {error}") from error
                self._begin()
                self._ready = False
                continue
            # The first frame comes before anything of a student's runs; later ones cannot say such things.
            if walls is not True:
                child.close()
                raise SandboxError(f"a wall could not be built: {walls}")
            return child
        raise AssertionError("unreachable")

    def end(self, pid: int, generation: int) -> None:
        """Kill a child, without waiting for the kernel to take it apart."""
        if generation != self.generation:
            return  # it died with its zygote; the next one may have given its pid to another
        with contextlib.suppress(OSError):
            self._control.send(b"K%d" % pid)

    def how_it_ended(self, pid: int, generation: int) -> str:
        """Reap a child that closed its channel, and say in words how it ended.

        Raises:
            SandboxError: it ended with its zygote, by no fault of its own.
        """
        try:
            if generation != self.generation:
                raise ConnectionError("another zygote has taken its place")
            self._control.send(b"W%d" % pid)
            status = json.loads(self._control.recv(4096))["status"]
        except (OSError, ValueError) as error:
            raise SandboxError(f"the sandbox was killed: {error}") from error
        if status < 0:
            return "it ended"
        code = os.waitstatus_to_exitcode(status)
        if code == -9:
            return "it was killed (out of memory, or the time limit)"
        if code == -24:
            return "it used up its processor time"
        if code < 0:
            return f"it was stopped by signal {-code}"
        return f"it ended the process with exit code {code}"

    def close(self) -> None:
        self._control.close()
        if self._process is not None:
            try:
                self._process.wait(5)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            if self._process.stderr is not None:
                self._process.stderr.close()
            self._process = None
        shutil.rmtree(self._root, ignore_errors=True)


class Sandboxes(_Closing):
    """A sandbox for each import set that turns up, started when it is first needed.

    A process that has torch loaded costs three times as much to fork as one with numpy alone, so a
    submission gets the smallest that has what it imports.
    """

    def __init__(
        self,
        *,
        policy: Policy,
        notebook: bool,
        workdir: Path | None = None,
        without: Sequence[str] = (),
    ) -> None:
        self._policy, self._notebook, self._workdir = policy, notebook, workdir
        self._without = tuple(without)
        self._started: dict[frozenset[str], Sandbox] = {}

    def get(self, imports: Iterable[str]) -> Sandbox:
        wanted = frozenset(imports) | {"numpy"}
        if wanted not in self._started:
            self._started[wanted] = Sandbox(
                sorted(wanted),
                policy=self._policy,
                notebook=self._notebook,
                workdir=self._workdir,
                without=self._without,
            )
        return self._started[wanted]

    @property
    def level(self) -> str:
        """The isolation level of the sandboxes that have started."""
        return next((sandbox.level for sandbox in self._started.values()), "none")

    def close(self) -> None:
        for sandbox in self._started.values():
            sandbox.close()
        self._started.clear()


class Child(_Closing):
    """One student's process. After TimeoutError, ChildDied or Garbled it is gone for good."""

    def __init__(self, sandbox: Sandbox, channel: socket.socket, bell: socket.socket) -> None:
        self._sandbox, self._channel, self._bell = sandbox, channel, bell
        self._inbox = wire.Inbox(channel, bell)
        self._pid = 0
        self._generation = sandbox.generation
        self.alive = True

    def born(self, pid: int) -> Any:
        """Wait for the first frame, which says whether all walls stand."""
        self._pid = pid
        return self._inbox.receive(time.monotonic() + START_TIME_LIMIT_S)

    def close(self) -> None:
        if self.alive:
            self._hang_up()
            if self._pid:
                self._sandbox.end(self._pid, self._generation)

    def _hang_up(self) -> None:
        self.alive = False
        self._channel.close()
        self._bell.close()

    def run_cell(self, index: int, source: str, time_limit_s: float) -> tuple[list[Any], bool]:
        """Run a notebook cell. Returns its raw outputs (untrusted) and whether it failed."""
        request = {"op": "cell", "index": index, "source": source}
        answer = next(self._answers(request, time_limit_s))
        outputs = answer.get("outputs")
        return (outputs if type(outputs) is list else []), answer.get("failed") is not False

    def define(self, index: int, source: str, time_limit_s: float) -> dict[str, Any] | None:
        """Execute plain source; the exception it raised, or None."""
        request = {"op": "define", "index": index, "source": source}
        answer = next(self._answers(request, time_limit_s))
        return _checked_error(answer.get("error"))

    def value(self, name: str, time_limit_s: float) -> tuple[Any, list[str] | None]:
        """A variable's value, or (None, the names that exist) where there is none."""
        answer = next(self._answers({"op": "value", "name": name}, time_limit_s))
        if "missing" in answer:
            return None, _checked_names(answer["missing"])
        return answer.get("value"), None

    def formula(
        self, name: str, part: str, variables: dict[str, Any], time_limit_s: float
    ) -> CallResult | None:
        """Values of a formula's part at the points of `variables`; None where it was left blank."""
        request = {"op": "formula", "name": name, "part": part, "variables": variables}
        answer = next(self._answers(request, time_limit_s))
        return None if answer.get("blank") is True else _call_result(answer)

    def call(
        self,
        name: str,
        cases: Sequence[tuple[Any, ...]],
        *,
        public_source: str,
        driver: str | None,
        time_limit_s: float,
    ) -> CallResults:
        """Call the student's function on each case; never raises for what the student did."""
        request = {
            "op": "call",
            "name": name,
            "public": public_source,
            "driver": driver,
            "cases": list(cases),
        }
        found = CallResults()
        answers = self._answers(request, time_limit_s)
        try:
            while len(found.results) < len(cases):
                answer = next(answers)
                if "missing" in answer:
                    found.missing = _checked_names(answer["missing"])
                    break
                if "uncallable" in answer:
                    found.uncallable = _checked_text(answer["uncallable"], 100)
                    break
                index = answer.get("case")
                if type(index) is not int or index != len(found.results):
                    self.close()
                    raise Garbled("its answers came out of order")
                found.results.append(_call_result(answer))
        except TimeoutError:
            found.stopped = "late"
        except ChildDied as death:
            found.stopped = f"died: {death}"
        except Garbled as garbled:
            found.stopped = f"garbled: {garbled}"
        return found

    def repairs(
        self,
        name: str,
        statements: Sequence[str],
        edits: Sequence[Sequence[tuple[int, str]]],
        cases: Sequence[tuple[Any, ...]],
        *,
        public_source: str,
        driver: str | None,
        limit_s: float,
        mutation: bool,
    ) -> Iterator[list[CallResult]]:
        """Answers of versions of a module to the same cases: one list per edit, cut off where a case failed.

        Raises:
            TimeoutError, ChildDied, Garbled: the version whose answer would have come next did that.
        """
        request = {
            "op": "repairs",
            "name": name,
            "public": public_source,
            "driver": driver,
            "statements": list(statements),
            "edits": [[list(change) for change in edit] for edit in edits],
            "cases": list(cases),
            "limit_s": limit_s,
            "mutation": mutation,
        }
        answers = self._answers(request, 0.5 + limit_s * (2 + len(cases)), each=True)
        for number in range(len(edits)):
            answer = next(answers)
            told = answer.get("answers")
            if "unsendable" in answer:
                told = [answer]
            elif (
                answer.get("edit") != number or type(told) is not list or len(told) > len(cases) + 1
            ):
                self.close()
                raise Garbled("its answers came out of order")
            yield [_call_result(one if type(one) is dict else {"error": {}}) for one in told]

    def _answers(
        self, request: dict[str, Any], time_limit_s: float, *, each: bool = False
    ) -> Iterator[dict[str, Any]]:
        """Send a request and yield its answers, all within one deadline, or `each` within one of its own."""
        nonce = secrets.token_bytes(16)
        deadline = time.monotonic() + time_limit_s
        before = self._inbox.taken
        try:
            wire.send(self._channel, request | {"nonce": nonce}, deadline)
            while True:
                if each:
                    deadline = time.monotonic() + time_limit_s
                answer = self._inbox.receive(deadline)
                repeated = answer.get("nonce") if type(answer) is dict else None
                if type(repeated) is not bytes or repeated != nonce:
                    self.close()
                    raise Garbled("an answer does not belong to the request")
                if self._inbox.taken - before > MAX_ANSWERS:
                    self.close()
                    raise Garbled("its answers are too large together")
                yield answer
        except TimeoutError:
            self.close()
            raise
        except wire.WireError as error:
            self.close()
            raise Garbled(str(error)) from None
        except (EOFError, OSError):
            self._hang_up()
            how = self._sandbox.how_it_ended(self._pid, self._generation)
            raise ChildDied(how) from None


def _call_result(answer: dict[str, Any]) -> CallResult:
    if "unsendable" in answer:
        from autograder.model import Unsupported

        return CallResult(value=Unsupported("value", _checked_text(answer["unsendable"], 200)))
    error = _checked_error(answer.get("error"))
    return CallResult(answer.get("value"), error, answer.get("mutated") is True)


def _checked_error(error: Any) -> dict[str, Any] | None:
    """The exception a child describes, reduced to the four known fields."""
    if error is None:
        return None
    fields = error if type(error) is dict else {}
    cell, line = fields.get("cell"), fields.get("line")
    return {
        "type": _checked_text(fields.get("type"), 100) or "Exception",
        "text": _checked_text(fields.get("text"), 500),
        "cell": cell if type(cell) is int else -1,
        "line": line if type(line) is int else 0,
    }


def _checked_text(text: Any, length: int) -> str:
    return text[:length] if type(text) is str else ""


def _checked_names(names: Any) -> list[str]:
    return [name for name in names if type(name) is str][:500] if type(names) is list else []


def _readable_paths() -> list[Path]:
    """What Python and its packages need: the system's libraries, this environment, this package."""
    package = Path(autograder.__file__).resolve().parent
    candidates = [
        *(Path(name) for name in ("/usr", "/lib", "/lib64", "/bin", "/etc/ld.so.cache")),
        *(Path("/etc/fonts"), Path("/etc/localtime"), Path("/etc/ssl/openssl.cnf")),
        Path(sys.base_prefix),
        Path(sys.prefix),
        package,
        *(Path(name) for name in ("/dev/null", "/dev/zero", "/dev/urandom")),
    ]
    kept: list[Path] = []
    for path in candidates:
        inside = any(other == path or other in path.parents for other in kept)
        if path.exists() and not path.is_symlink() and not inside:
            kept.append(path)
        elif path.is_symlink() and path.exists() and str(path).count("/") == 1:
            kept.append(path)  # /lib -> usr/lib on merged-usr systems: the name must exist inside
    return kept
