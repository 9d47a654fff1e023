"""The walls, each attacked from inside by code such as a student might hand in.

Every attack is a piece of source whose function `attack` returns what it got hold of. After each one the same
sandbox must still serve a fresh process.
"""

from __future__ import annotations

import os
import platform
import signal
import socket
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import autograder
from autograder.model import Policy, Unsupported
from autograder.sandbox import zygote
from autograder.sandbox.pool import CallResults, Child, ChildDied, Garbled, Sandbox, SandboxError

ROOT = Path(__file__).resolve().parent.parent
POLICY = Policy(memory_mib=512, notebook_time_limit_s=30.0)
SECRET = 0.7254013893371265  # the expected value of a hidden case, held by the grader's process


@pytest.fixture(scope="module")
def workdir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files that an assignment hands out."""
    folder = tmp_path_factory.mktemp("files")
    (folder / "data.csv").write_text("1,2\n")
    return folder


@pytest.fixture(scope="module")
def sandbox(workdir: Path) -> Iterator[Sandbox]:
    with Sandbox(policy=POLICY, workdir=workdir) as found:
        found.wait_until_ready()
        yield found


@pytest.fixture(scope="module")
def reduced() -> Iterator[Sandbox]:
    with Sandbox(policy=POLICY, without=["namespaces"]) as found:
        found.wait_until_ready()
        yield found


def run(sandbox: Sandbox, source: str, *, cases: int = 1, time_limit_s: float = 5.0) -> CallResults:
    """Call the source's `attack` in a fresh process, and see that the next process is well."""
    with sandbox.child() as child:
        error = child.define(0, textwrap.dedent(source), 5.0)
        assert error is None, error
        found = call(child, cases=cases, time_limit_s=time_limit_s)
    assert_serves(sandbox)
    return found


def call(child: Child, *, cases: int = 1, time_limit_s: float = 5.0) -> CallResults:
    inputs = [(np.array([float(n), 2.0]),) for n in range(cases)]
    return child.call("attack", inputs, public_source="", driver=None, time_limit_s=time_limit_s)


def assert_serves(sandbox: Sandbox) -> None:
    with sandbox.child() as child:
        assert child.define(0, "def attack(x):\n    return x * 2", 5.0) is None
        found = call(child)
    assert found.results[0].value.tolist() == [0.0, 4.0]


def value(found: CallResults) -> Any:
    assert found.stopped is None, found.stopped
    assert found.results[0].error is None, found.results[0].error
    return found.results[0].value


def error_type(found: CallResults) -> str:
    assert found.stopped is None, found.stopped
    assert found.results[0].error is not None, found.results[0].value
    return str(found.results[0].error["type"])


def test_the_levels_are_stated(sandbox: Sandbox, reduced: Sandbox) -> None:
    assert (sandbox.level, sandbox.reasons) == ("full", ())
    assert reduced.level == "reduced"


@pytest.mark.parametrize("layer", ["landlock", "seccomp"])
def test_without_a_wall_no_student_code_runs(layer: str) -> None:
    with Sandbox(without=[layer]) as sandbox, pytest.raises(SandboxError, match="no isolation"):
        sandbox.child()


@pytest.mark.parametrize("layer", ["landlock", "seccomp"])
def test_unsafe_has_to_be_asked_for(layer: str) -> None:
    policy = Policy(allow_unsafe=True)
    with Sandbox(policy=policy, without=["namespaces", layer]) as sandbox:
        assert_serves(sandbox)
        assert sandbox.level == "none"
        assert len(sandbox.reasons) == 1


# ---------------------------------------------------------------------------------------------
# Files

READABLE_BY_THE_GRADER = [
    "/etc/passwd",
    "/etc/hostname",
    str(ROOT / "pyproject.toml"),
    str(ROOT / "solutions/ps14_prox/soft_threshold/problem.py"),
    str(Path(__file__)),
]


@pytest.mark.parametrize("level", ["full", "reduced"])
@pytest.mark.parametrize("path", READABLE_BY_THE_GRADER)
def test_files_of_the_machine_and_the_course_cannot_be_read(
    sandbox: Sandbox, reduced: Sandbox, level: str, path: str
) -> None:
    assert Path(path).read_text()  # the wall is not that the file is missing
    source = f"def attack(x):\n    return open({path!r}).read()"
    found = run(sandbox if level == "full" else reduced, source)
    assert error_type(found) == ("FileNotFoundError" if level == "full" else "PermissionError")


@pytest.mark.parametrize("level", ["full", "reduced"])
@pytest.mark.parametrize(
    "folder", ["/", "/home", "/root", "/tmp", "/proc", "/etc", "/var", str(ROOT)]
)
def test_folders_cannot_be_listed(
    sandbox: Sandbox, reduced: Sandbox, level: str, folder: str
) -> None:
    source = f"""
        import os
        def attack(x):
            return os.listdir({folder!r})
    """
    found = run(sandbox if level == "full" else reduced, source)
    if found.results[0].error is None:
        # An empty stand-in, or the way down to the environment and the package.
        assert level == "full"
        package = [ROOT / ".venv", ROOT / "autograder", Path(autograder.__file__).parent]
        for name in value(found):
            path = Path(folder, name)
            assert any(
                path in (*other.parents, other)
                for other in [
                    *package,
                    Path("/etc/fonts"),
                    Path("/etc/localtime"),
                    Path("/etc/ssl/openssl.cnf"),
                    Path("/etc/ld.so.cache"),
                ]
            ), path
    else:
        assert error_type(found) in ("PermissionError", "FileNotFoundError")


def test_the_root_holds_what_python_needs_and_no_process_list(sandbox: Sandbox) -> None:
    source = """
        import os
        def attack(x):
            names = ("/proc", "/proc/self", "/sys", "/run", "/var", "/etc/passwd")
            return [name for name in names if os.path.lexists(name)]
    """
    assert value(run(sandbox, source)) == []


@pytest.mark.parametrize("level", ["full", "reduced"])
@pytest.mark.parametrize("path", ["/tmp/x", "/x", "/dev/shm/x", "/usr/x", "/etc/passwd"])
def test_nothing_outside_the_work_folder_can_be_written(
    sandbox: Sandbox, reduced: Sandbox, level: str, path: str
) -> None:
    source = f"def attack(x):\n    open({path!r}, 'w').write('x')"
    found = run(sandbox if level == "full" else reduced, source)
    assert error_type(found) in ("OSError", "PermissionError", "FileNotFoundError")


def test_the_package_itself_cannot_be_changed(sandbox: Sandbox) -> None:
    package = str(Path(autograder.__file__))
    source = f"""
        import os
        def attack(x):
            failed = 0
            for attempt in (
                lambda: open({package!r}, "a"),
                lambda: os.chmod({package!r}, 0o777),
                lambda: os.unlink({package!r}),
                lambda: os.rename({package!r}, {package!r} + "x"),
                lambda: os.symlink("x", os.path.dirname({package!r}) + "/x"),
                lambda: os.utime({package!r}),
            ):
                try:
                    attempt()
                except OSError:
                    failed += 1
            return failed
    """
    assert value(run(sandbox, source)) == 6


@pytest.mark.parametrize("device", ["/dev/null", "/dev/zero", "/dev/urandom"])
@pytest.mark.parametrize("level", ["full", "reduced"])
def test_the_machine_s_devices_keep_their_mode(
    sandbox: Sandbox, reduced: Sandbox, level: str, device: str
) -> None:
    # As root the child's user owns them, so only a read-only mount keeps them from a chmod.
    before = Path(device).stat().st_mode
    source = f"import os\ndef attack(x):\n    os.chmod({device!r}, {before & 0o7777})"
    found = run(sandbox if level == "full" else reduced, source)
    assert error_type(found) in ("OSError", "PermissionError")
    assert Path(device).stat().st_mode == before


def test_output_can_be_thrown_away(sandbox: Sandbox) -> None:
    source = """
        def attack(x):
            with open("/dev/null", "w") as sink:
                return sink.write("x")
    """
    assert value(run(sandbox, source)) == 1


def test_the_work_folder_is_writable_and_each_child_s_own(sandbox: Sandbox) -> None:
    source = """
        import os
        def attack(x):
            seen = sorted(os.listdir("."))
            text = open("data.csv").read()
            np.save("own.npy", x)
            os.mkdir("folder")
            return seen, text, np.load("own.npy")
        import numpy as np
    """
    for _ in range(2):
        seen, text, saved = value(run(sandbox, source))
        assert (seen, text, saved.tolist()) == (["data.csv"], "1,2\n", [0.0, 2.0])


def test_handed_out_files_cannot_be_changed(sandbox: Sandbox, workdir: Path) -> None:
    found = run(sandbox, "def attack(x):\n    open('data.csv', 'w').write('9')")
    assert error_type(found) in ("OSError", "PermissionError")
    assert (workdir / "data.csv").read_text() == "1,2\n"


def test_the_work_folder_has_room_for_64_mib_only(sandbox: Sandbox) -> None:
    source = """
        def attack(x):
            written = 0
            try:
                for n in range(4):
                    with open(f"big{n}", "wb", buffering=0) as file:
                        for _ in range(60):
                            written += file.write(bytes(1 << 20))
            except OSError:
                pass
            return written >> 20
    """
    assert value(run(sandbox, source)) <= 64


def test_nothing_in_the_work_folder_can_be_executed(sandbox: Sandbox) -> None:
    source = """
        import ctypes, os, shutil
        def attack(x):
            shutil.copyfile(numpy._core._multiarray_umath.__file__, "lib.so")
            os.chmod("lib.so", 0o755)
            ctypes.CDLL("./lib.so")
        import numpy
    """
    found = run(sandbox, source)
    assert error_type(found) == "OSError"
    assert found.results[0].error is not None
    assert "failed to map segment" in found.results[0].error["text"]


# ---------------------------------------------------------------------------------------------
# The machine: network, processes, kernel

REFUSED = {
    "tcp": "socket.create_connection(('127.0.0.1', PORT), 1)",
    "udp": "socket.socket(socket.AF_INET, socket.SOCK_DGRAM)",
    "netlink": "socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)",
    "abstract unix socket": "socket.socket(socket.AF_UNIX).connect(b'\\0NAME')",
    "unix socket in the file system": "socket.socket(socket.AF_UNIX).bind('s')",
    "fork": "os.fork()",
    "spawn": "os.posix_spawn('/bin/true', ['true'], {})",
    "exec": "os.execv('/bin/true', ['true'])",
    "subprocess": "subprocess.run(['/bin/true'])",
    "system": "check(-1 if os.system('true') else 0)",
    "kill the parent": "os.kill(os.getppid(), 9)",
    "kill the grader": "os.kill(PID, 9)",
    "kill everything": "os.kill(-1, 9)",
    "kill the group": "os.killpg(0, 9)",
    "signals by fcntl": "fcntl.fcntl(3, fcntl.F_SETOWN, 1)",
    "ptrace": "check(libc.ptrace(16, PID, 0, 0))",
    "process_vm_readv": "check(libc.syscall(310, PID, 0, 0, 0, 0, 0))",
    "pidfd_open": "check(libc.syscall(434, PID, 0))",
    "unshare": "check(libc.unshare(0x10000000))",
    "setns": "check(libc.setns(3, 0))",
    "mount": "check(libc.mount(b'none', b'/tmp', b'tmpfs', 0, None))",
    "umount": "check(libc.umount2(b'/autograder-work', 2))",
    "chroot": "os.chroot('.')",
    "mknod": "os.mknod('device', 0o600 | stat.S_IFCHR, os.makedev(1, 1))",
    "link": "os.link('/usr/bin/env', 'env')",
    "bpf": "check(libc.syscall(321, 0, 0, 0))",
    "io_uring": "check(libc.syscall(425, 1, 0))",
    "userfaultfd": "check(libc.syscall(323, 0))",
    "keyctl": "check(libc.syscall(250, 0, 0))",
    "perf_event_open": "check(libc.syscall(298, 0, 0, -1, -1, 0))",
    "memfd_create": "os.memfd_create('x')",
    "setuid": "os.setuid(0)",
    "setrlimit": "resource.setrlimit(resource.RLIMIT_CORE, (0, 0))",
    "nice": "os.setpriority(os.PRIO_PROCESS, 0, 5)",
    "ioctl TIOCSTI": "fcntl.ioctl(0, 0x5412, b'x')",
    "a fork by clone": "check(libc.syscall(56, 17, 0, 0, 0, 0))",
    "clone3": "check(libc.syscall(435, 0, 0))",
}


@pytest.mark.parametrize("level", ["full", "reduced"])
def test_the_kernel_refuses(sandbox: Sandbox, reduced: Sandbox, level: str) -> None:
    """All in one process: each must fail with OSError, and leave it alive."""
    listener = socket.create_server(("127.0.0.1", 0))
    abstract = socket.socket(socket.AF_UNIX)
    name = f"autograder-test-{os.getpid()}-{level}"
    abstract.bind(f"\0{name}")
    abstract.listen()
    with listener, abstract:
        attempts = {
            attack: text.replace("PORT", str(listener.getsockname()[1]))
            .replace("NAME", name)
            .replace("PID", str(os.getpid()))
            for attack, text in REFUSED.items()
        }
        lines = [f"    {attack!r}: lambda: {text}," for attack, text in attempts.items()]
        source = "\n".join(
            [
                "import ctypes, fcntl, os, resource, socket, stat, subprocess",
                "libc = ctypes.CDLL(None, use_errno=True)",
                "def check(result):",
                "    if result < 0:",
                "        raise OSError(ctypes.get_errno(), 'refused')",
                "ATTEMPTS = {",
                *lines,
                "}",
                "def attack(x):",
                "    came_through = []",
                "    for name, attempt in ATTEMPTS.items():",
                "        try:",
                "            attempt()",
                "        except (OSError, ValueError):  # ValueError: setrlimit's words for EPERM",
                "            continue",
                "        came_through.append(name)",
                "    return came_through",
            ]
        )
        found = run(sandbox if level == "full" else reduced, source)
        assert value(found) == []


@pytest.mark.skipif(platform.machine() != "x86_64", reason="x32 is x86-64's")
def test_another_architecture_s_calls_end_the_process(sandbox: Sandbox) -> None:
    source = "import ctypes\ndef attack(x):\n    return ctypes.CDLL(None).syscall(0x40000000 + 39)"
    assert run(sandbox, source).stopped == "died: it was stopped by signal 31"


def test_a_child_sees_no_other_process(sandbox: Sandbox) -> None:
    source = "import os\ndef attack(x):\n    return os.getpid(), os.getppid()"
    assert value(run(sandbox, source)) == (1, 0)


def test_the_environment_holds_nothing_of_the_grader_s(
    monkeypatch: pytest.MonkeyPatch, workdir: Path
) -> None:
    monkeypatch.setenv("JUPYTERHUB_API_TOKEN", "token-of-the-hub")
    source = """
        import os, sys
        def attack(x):
            return dict(os.environ), sys.argv, sys.orig_argv, sys.path, os.getcwd()
    """
    with Sandbox(workdir=workdir) as sandbox:
        environment, argv, _, _, cwd = value(run(sandbox, source))
    assert "token-of-the-hub" not in str(environment)
    assert set(environment) <= {
        *("PATH", "HOME", "LANG", "LC_ALL", "IPYTHONDIR", "MPLBACKEND", "MPLCONFIGDIR"),
        *("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMEXPR_NUM_THREADS"),
        *(
            "PYTHONDONTWRITEBYTECODE",
            "PYTHONHASHSEED",
            "CUDA_VISIBLE_DEVICES",
            "NBGRADER_EXECUTION",
        ),
        *("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE", "LD_LIBRARY_PATH"),
    }
    assert argv == [""]
    assert cwd == "/autograder-work"


def test_no_descriptor_but_the_channel_and_its_bell_is_open(sandbox: Sandbox) -> None:
    source = """
        import os
        def attack(x):
            is_open = []
            for n in range(128):
                try:
                    os.fstat(n)
                except OSError:
                    continue
                is_open.append(n)
            return is_open
    """
    assert value(run(sandbox, source)) == [0, 1, 2, 3, 4]


# ---------------------------------------------------------------------------------------------
# Answers

HUNT = """
    import ctypes, gc, struct, sys

    def objects():
        # Frozen objects are hidden from the collector until they are thawed.
        gc.unfreeze()
        seen, waiting = set(), [*gc.get_objects(), *sys._current_frames().values()]
        while waiting and len(seen) < 400_000:
            thing = waiting.pop()
            if id(thing) in seen:
                continue
            seen.add(id(thing))
            yield thing
            waiting.extend(gc.get_referents(thing))

    def memory():
        # /proc/self/maps is not there: walk outwards from objects that live in each arena.
        import numpy as np
        for start in {id(thing) & ~0xFFFFF for thing in gc.get_objects()[:20_000]}:
            yield ctypes.string_at(start, 0x1000) if mapped(start) else b""

    def mapped(address):
        libc = ctypes.CDLL(None)
        return libc.mincore(ctypes.c_void_p(address), 0x1000, ctypes.create_string_buffer(1)) == 0

    def attack(x):
        pattern = struct.pack("<d", NEEDLE)
        hits = 0
        count = 0
        for thing in objects():
            count += 1
            if type(thing) is float and thing == NEEDLE and thing is not NEEDLE_OBJECT:
                hits += 1
            elif type(thing).__name__ == "ndarray" and thing.dtype.kind == "f":
                hits += pattern in thing.tobytes()
        return hits, count, sorted(name for name in sys.modules if "autograder" in name)
"""


def test_no_expected_value_is_anywhere_in_the_child(sandbox: Sandbox) -> None:
    expected = [SECRET, np.array([SECRET])]  # alive in this process, as an oracle's are
    digits = "".join(
        str(int(bit)) for bit in np.frombuffer(np.float64(SECRET).tobytes(), "u1") >= 0
    )
    assert digits == "11111111"
    # The needle is written as a difference, so that only the search makes it.
    prologue = f"\n    NEEDLE = {SECRET - 0.5!r} + 0.5\n    NEEDLE_OBJECT = NEEDLE\n"
    assert SECRET - 0.5 + 0.5 == SECRET
    hits, count, modules = value(run(sandbox, HUNT + prologue, time_limit_s=20))
    assert count > 10_000
    assert hits == 0
    assert modules == [
        "autograder",
        "autograder.model",
        "autograder.sandbox",
        "autograder.sandbox.isolation",
        "autograder.sandbox.wire",
    ]
    assert expected[0] == SECRET


def test_the_hunt_would_find_a_value_that_is_there(sandbox: Sandbox) -> None:
    prologue = f"\n    NEEDLE = {SECRET - 0.5!r} + 0.5\n    NEEDLE_OBJECT = NEEDLE\n"
    prologue += "    import numpy as np\n    planted = [[np.array([1.0, NEEDLE])]]\n"
    hits, _, _ = value(run(sandbox, HUNT + prologue, time_limit_s=20))
    assert hits > 0


@pytest.mark.parametrize(
    "name",
    [
        "solutions",
        "solutions.ps14_prox.soft_threshold.problem",
        "soft_threshold",
        "problem",
        "tests",
    ],
)
def test_references_cannot_be_imported(sandbox: Sandbox, name: str) -> None:
    source = f"import importlib\ndef attack(x):\n    importlib.import_module({name!r})"
    assert error_type(run(sandbox, source)) == "ModuleNotFoundError"


# ---------------------------------------------------------------------------------------------
# Time and memory


def test_a_loop_ends_at_its_limit_and_costs_its_own_process(sandbox: Sandbox) -> None:
    source = """
        def attack(x):
            while x[0] == 1.0:
                pass
            return x[0]
    """
    begin = time.monotonic()
    found = run(sandbox, source, cases=3, time_limit_s=0.5)
    assert 0.5 <= time.monotonic() - begin < 30
    assert found.stopped == "late"
    assert [result.value for result in found.results] == [0.0]


def test_a_process_that_ignores_all_signals_ends_at_the_limit(sandbox: Sandbox) -> None:
    source = """
        import signal, threading, time
        def attack(x):
            signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
            for number in set(range(1, 65)) - {9, 19, 32, 33}:
                signal.signal(number, signal.SIG_IGN)
            threading.Thread(target=time.sleep, args=(1000,)).start()
            while True:
                try:
                    time.sleep(1000)
                except BaseException:
                    pass
    """
    assert run(sandbox, source, time_limit_s=0.3).stopped == "late"


def test_a_cell_that_loops_is_a_timeout(sandbox: Sandbox) -> None:
    with sandbox.child() as child:
        with pytest.raises(TimeoutError):
            child.define(0, "while True: pass", 0.2)
        assert not child.alive
        with pytest.raises(ChildDied):
            child.value("x", 1.0)
    assert_serves(sandbox)


@pytest.mark.parametrize(
    "bomb", ["np.ones(1 << 30)", "bytearray(4 << 30)", "[0] * (1 << 30)", "'x' * (8 << 30)"]
)
def test_a_memory_bomb_is_the_student_s_own_memory_error(sandbox: Sandbox, bomb: str) -> None:
    found = run(sandbox, f"import numpy as np\ndef attack(x):\n    return len({bomb})")
    assert error_type(found) in ("MemoryError", "_ArrayMemoryError")


def test_memory_that_grows_bit_by_bit_ends_too(sandbox: Sandbox) -> None:
    source = """
        def attack(x):
            kept = []
            while True:
                kept.append(bytearray(1 << 24))
    """
    found = run(sandbox, source, time_limit_s=20)
    assert found.stopped is not None or error_type(found) == "MemoryError"
    assert found.stopped != "late"


@pytest.mark.parametrize(
    ("ending", "how"),
    [
        ("os._exit(0)", "it ended the process with exit code 0"),
        ("os._exit(7)", "it ended the process with exit code 7"),
        ("ctypes.string_at(0)", "it was stopped by signal 11"),
    ],
)
def test_a_process_that_ends_itself_is_told_apart(sandbox: Sandbox, ending: str, how: str) -> None:
    source = f"""
        import ctypes, os
        def attack(x):
            if x[0] == 1.0:
                {ending}
            return x[0]
    """
    found = run(sandbox, source, cases=3)
    assert [result.value for result in found.results] == [0.0]
    assert found.stopped == f"died: {how}"


def test_a_process_that_closes_its_channel_is_gone(sandbox: Sandbox) -> None:
    found = run(sandbox, "import os\ndef attack(x):\n    os.close(3)\n    return x")
    assert found.stopped is not None
    assert found.stopped.startswith("died: it ")


def test_exit_is_an_exception_like_others(sandbox: Sandbox) -> None:
    assert error_type(run(sandbox, "def attack(x):\n    raise SystemExit(0)")) == "SystemExit"


def test_recursion_is_an_exception_and_a_recursion_bomb_a_death(sandbox: Sandbox) -> None:
    source = "def attack(x):\n    return attack(x)"
    assert error_type(run(sandbox, source)) == "RecursionError"
    source = """
        import sys
        class Deep:
            def __getattr__(self, name):
                return getattr(self, name + "x")
        def attack(x):
            sys.setrecursionlimit(10**9)
            return Deep().x
    """
    found = run(sandbox, source, time_limit_s=10)
    assert found.stopped is not None or found.results[0].error is not None


def test_a_crowd_of_threads_is_gone_with_its_process(sandbox: Sandbox) -> None:
    source = """
        import threading, time
        def attack(x):
            threading.stack_size(32768)
            try:
                for _ in range(2000):
                    threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()
            except (RuntimeError, MemoryError):
                pass
            return 1.0
    """
    found = run(sandbox, source, time_limit_s=10)
    assert found.stopped is None or found.stopped.startswith(("late", "died"))


def test_a_thread_left_running_ends_with_its_process(sandbox: Sandbox) -> None:
    source = """
        import threading
        def spin():
            while True:
                pass
        def attack(x):
            threading.Thread(target=spin).start()
            return 1.0
    """
    assert value(run(sandbox, source, time_limit_s=10)) == 1.0


# ---------------------------------------------------------------------------------------------
# The channel

CHANNEL = """
    import os, sys
    from autograder.sandbox import wire

    def request():
        frame = sys._getframe()
        while frame:
            if type(frame.f_locals.get("request")) is dict:
                return frame.f_locals["request"]
            frame = frame.f_back

    def forge(**fields):
        os.write(3, wire.encode(fields))

    import numpy as np
"""


@pytest.mark.parametrize(
    "forgery",
    [
        "os.write(3, b'x' * 100)",
        "os.write(3, wire.PREFIX.pack(wire.MAGIC, 1 << 31, 1 << 40))",
        "os.write(3, wire.encode(42))",
        "os.write(3, wire.encode(True))",
        "os.write(3, wire.encode('a wall'))",
        "forge(wall='could not be built')",
        "forge(case=0, value=1.0)",
        "forge(nonce=b'0' * 16, case=0, value=1.0)",
        "forge(nonce=np.array([1, 2]), case=0, value=1.0)",
        "forge(nonce=request()['nonce'], case=1, value=1.0)",
        "forge(nonce=request()['nonce'], case=np.array([0, 0]), value=1.0)",
        "forge(nonce=request()['nonce'], case=False, value=1.0)",
        "forge(nonce=request()['nonce'], value=1.0)",
    ],
)
def test_a_forged_frame_is_garbled_and_nobody_else_s_fault(sandbox: Sandbox, forgery: str) -> None:
    source = CHANNEL + f"\n    def attack(x):\n        {forgery}\n        return 2.0\n"
    found = run(sandbox, source, cases=2)
    assert found.stopped is not None
    assert found.stopped.startswith("garbled")
    assert found.results == []


@pytest.mark.parametrize(
    "forgery",
    [
        "error={'type': 1 << 4000, 'text': np.ones(3), 'cell': 1.5, 'line': 'x'}",
        "error=np.ones(3)",
        "error=[1]",
        "value=1.0, mutated=np.ones(3)",
        "unsendable=1 << 4000",
        "missing={'a': 1}",
        "uncallable=np.ones(2)",
    ],
)
def test_forged_fields_of_other_types_are_harmless(sandbox: Sandbox, forgery: str) -> None:
    source = CHANNEL + textwrap.indent(
        textwrap.dedent(f"""
            def attack(x):
                forge(nonce=request()["nonce"], case=0, {forgery})
                os._exit(0)
        """),
        "    ",
    )
    found = run(sandbox, source)
    assert found.results or found.missing is not None or found.uncallable is not None
    for result in found.results:
        assert not result.mutated
        if result.error is not None:
            assert result.error == {"type": "Exception", "text": "", "cell": -1, "line": 0}


def test_a_forged_cell_answer_is_reduced_to_its_types(sandbox: Sandbox) -> None:
    source = textwrap.dedent(CHANNEL) + textwrap.dedent("""
        forge(nonce=request()["nonce"], outputs=np.ones(3), failed=np.ones(3), error=3)
        os._exit(0)
    """)
    with sandbox.child() as child:
        assert child.define(0, source, 5.0) == {
            "type": "Exception",
            "text": "",
            "cell": -1,
            "line": 0,
        }
    with Sandbox(policy=POLICY, notebook=True) as notebooks, notebooks.child() as child:
        assert child.run_cell(0, source, 5.0) == ([], True)


def test_a_slow_drip_of_a_frame_ends_at_the_limit(sandbox: Sandbox) -> None:
    source = CHANNEL + textwrap.indent(
        textwrap.dedent("""
            import time
            def attack(x):
                for byte in wire.encode({"value": 1.0}):
                    os.write(3, bytes([byte]))
                    time.sleep(0.1)
                time.sleep(100)
        """),
        "    ",
    )
    assert run(sandbox, source, time_limit_s=0.5).stopped == "late"


def test_a_closed_bell_is_an_end_and_one_that_never_stops_is_late(sandbox: Sandbox) -> None:
    source = "import os\ndef attack(x):\n    {}\n    while True: pass\n"
    stopped = run(sandbox, source.format("os.close(4)"), time_limit_s=30.0).stopped
    assert stopped is not None
    assert stopped.startswith("died")
    ringing = source.format("while True: os.write(4, b'!')")
    assert run(sandbox, ringing, time_limit_s=0.5).stopped in ("late", "died: it ended")


def test_a_flood_of_frames_is_not_read(sandbox: Sandbox) -> None:
    source = CHANNEL + "\n    def attack(x):\n        while True: os.write(3, wire.encode(1))\n"
    found = run(sandbox, source, time_limit_s=2)
    assert found.stopped == "garbled: an answer does not belong to the request"


@pytest.mark.parametrize(
    "giant",
    [
        "np.zeros(9_000_000)",
        "np.broadcast_to(0.0, (10**6, 10**6))",
        "'x' * (9 << 20)",
        "[0.0] * 300_000",
        "deep()",
    ],
)
def test_giant_values_cannot_be_sent_and_the_process_goes_on(sandbox: Sandbox, giant: str) -> None:
    source = f"""
        import numpy as np
        def deep():
            value = []
            for _ in range(100):
                value = [value]
            return value
        def attack(x):
            return {giant} if x[0] == 0.0 else 5.0
    """
    found = run(sandbox, source, cases=2)
    assert type(found.results[0].value) is Unsupported
    assert found.results[1].value == 5.0


def test_large_answers_are_kept_up_to_a_sum(sandbox: Sandbox) -> None:
    """Each of them may be sent; all of them together would fill the grader's memory."""
    source = "import numpy as np\ndef attack(x):\n    return np.zeros(3_000_000)"
    found = run(sandbox, source, cases=8, time_limit_s=30)
    assert found.stopped == "garbled: its answers are too large together"
    assert 3 <= len(found.results) <= 5


def test_a_closed_bell_does_not_keep_the_grader_busy(sandbox: Sandbox) -> None:
    source = "import os, time\ndef attack(x):\n    os.close(4)\n    time.sleep(1000)"
    begin = time.process_time()
    assert run(sandbox, source, time_limit_s=3).stopped is not None
    assert time.process_time() - begin < 2


def test_a_value_that_multiplies_itself_ends(sandbox: Sandbox) -> None:
    source = """
        def attack(x):
            value = [1.0]
            for _ in range(30):
                value = [value, value]
            return value
    """
    found = run(sandbox, source, time_limit_s=1)
    assert found.stopped == "late" or type(found.results[0].value) is Unsupported


def test_classes_of_one_s_own_do_not_leave(sandbox: Sandbox) -> None:
    source = """
        class Anything:
            def __eq__(self, other):
                return True
            def __reduce__(self):
                return eval, ("1 / 0",)
        def attack(x):
            return Anything()
    """
    assert value(run(sandbox, source)) == Unsupported("Anything", "")


def test_a_changed_input_is_told(sandbox: Sandbox) -> None:
    source = "def attack(x):\n    x += 1\n    return x"
    assert run(sandbox, source).results[0].mutated


def test_a_frame_before_its_request_is_garbled(sandbox: Sandbox) -> None:
    with sandbox.child() as child:
        source = textwrap.dedent(CHANNEL) + "\nforge(nonce=b'0' * 16, case=0, value=1.0)\n"
        with pytest.raises(Garbled):
            child.define(0, source, 5.0)
    assert_serves(sandbox)


# ---------------------------------------------------------------------------------------------
# The sandbox's own health


def zygote_pid(sandbox: Sandbox) -> int:
    """The template's process: a child of the one that was started, where that only waits for it."""
    assert sandbox._process is not None
    outer = sandbox._process.pid
    children = Path(f"/proc/{outer}/task/{outer}/children").read_text().split()
    return int(children[0]) if sandbox.level == "full" else outer


@pytest.mark.parametrize("without", [(), ("namespaces",)], ids=["full", "reduced"])
def test_a_killed_zygote_is_started_again(without: tuple[str, ...]) -> None:
    with Sandbox(policy=POLICY, without=without) as sandbox:
        first = sandbox.child()
        assert first.define(0, "y = 1", 5.0) is None
        before = zygote_pid(sandbox)
        os.kill(before, signal.SIGKILL)
        assert_serves(sandbox)
        assert zygote_pid(sandbox) != before
        # The first child died with its zygote, by no fault of its own; its end must not reach a child
        # of the new zygote that bears its pid.
        with sandbox.child() as second:
            assert second.define(0, "y = 2", 5.0) is None
            first._pid = second._pid
            if without:
                first.close()  # without a pid namespace it lives on
            else:
                with pytest.raises(SandboxError, match="the sandbox was killed"):
                    first.value("y", 5.0)
            assert second.value("y", 5.0) == (2, None)


def test_a_zygote_that_dies_again_and_again_is_the_grader_s_fault(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with Sandbox(policy=POLICY) as sandbox:
        sandbox.wait_until_ready()
        wait = sandbox.wait_until_ready

        def wait_and_kill() -> None:
            wait()
            os.kill(zygote_pid(sandbox), signal.SIGKILL)

        monkeypatch.setattr(sandbox, "wait_until_ready", wait_and_kill)
        with pytest.raises(SandboxError, match="the sandbox died twice"):
            sandbox.child()


def test_a_fork_that_fails_does_not_spoil_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    """The kernel unshares no pid namespace while the next child would be born in another one."""
    calls: list[str] = []
    monkeypatch.setattr(zygote.isolation, "unshare", lambda flags: calls.append("unshare"))
    monkeypatch.setattr(zygote.isolation, "enter_pid_namespace", lambda fd: calls.append("home"))

    def refuse() -> int:
        raise OSError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(os, "fork", refuse)
    descriptor = os.open(os.devnull, os.O_RDONLY)
    template: Any = SimpleNamespace(jailed=True, home=9)
    answer = zygote._fork(template, [descriptor])
    assert answer == {"error": "[Errno 11] Resource temporarily unavailable"}
    assert calls == ["unshare", "home"]
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(descriptor)


def test_a_wall_that_cannot_be_built_is_the_grader_s_fault(tmp_path: Path) -> None:
    # The folder of files vanishes after the start.
    with Sandbox(policy=POLICY, workdir=tmp_path, without=["namespaces"]) as sandbox:
        sandbox.wait_until_ready()
        tmp_path.rmdir()
        with pytest.raises(SandboxError, match="a wall could not be built: FileNotFoundError"):
            sandbox.child()


def test_a_module_that_is_missing_is_named() -> None:
    with (
        Sandbox(["no_such_module"]) as sandbox,
        pytest.raises(SandboxError, match="no_such_module"),
    ):
        sandbox.child()


def test_nothing_is_left_behind(workdir: Path) -> None:
    with Sandbox(policy=POLICY, workdir=workdir) as sandbox:
        assert_serves(sandbox)
        root, pid = Path(sandbox._root), zygote_pid(sandbox)
        assert root.is_dir()
    assert not root.exists()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_children_die_with_the_grader(tmp_path: Path) -> None:
    """A grader that is killed leaves no student's code running."""
    script = tmp_path / "grader.py"
    script.write_text(
        textwrap.dedent("""
            import sys, time
            from autograder.sandbox.pool import Sandbox
            with Sandbox() as sandbox:
                child = sandbox.child()
                child.define(0, "x = 1", 5.0)
                print(sandbox._process.pid, flush=True)
                child.define(0, "while True: pass", 60.0)
        """)
    )
    with subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, cwd=ROOT) as grader:
        assert grader.stdout is not None
        pid = int(grader.stdout.readline())
        grader.kill()
        grader.wait()
    deadline = time.monotonic() + 10
    while Path(f"/proc/{pid}").exists() and time.monotonic() < deadline:
        if Path(f"/proc/{pid}/stat").read_text().split(")")[1].split()[0] == "Z":
            break
        time.sleep(0.05)
    assert time.monotonic() < deadline
