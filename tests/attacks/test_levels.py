"""Where the kernel lacks something, the isolation level is lowered and named, or student code is not run.

What is lacking is really refused, by a filter around the command, as a container's profile or an older kernel does.
"""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from room import HERE, SET, Desk, Room, make_room

from autograder.model import Policy
from autograder.sandbox.pool import Sandbox

pytestmark = [
    pytest.mark.xdist_group("attacks-levels"),
    pytest.mark.filterwarnings("ignore:Object of type <Submitted"),  # nbgrader's own
]

RIGHT = "def floor_at(x, low):\n    return x.clip(low)\n"
LEAVES = "open({mark!r}, 'w').close()\n"


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Room:
    room = make_room(Path(tmp_path_factory.mktemp("levels")) / "room")
    desk = Desk(room)
    desk.hand_in(desk.copy("ada"))
    (room.course / "right.py").write_text(RIGHT)
    (room.course / "leaves.py").write_text(LEAVES.format(mark=str(room.root / "mark")) + RIGHT)
    return room


def told(room: Room, *words: str, lacking: str = "") -> tuple[int, str]:
    """Exit code and output of an `autograder` command on a machine that lacks something."""
    before = [sys.executable, str(HERE / "confined.py"), *lacking.split(), "--"] if lacking else []
    done = subprocess.run(
        [*before, sys.executable, "-m", "autograder.cli", *words],
        cwd=room.course,
        env=room.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
        check=False,
    )
    return done.returncode, " ".join(done.stdout.split())


@pytest.mark.parametrize(
    ("lacking", "level", "reason"),
    [
        ("", "full", ""),
        ("userns", "reduced", "user namespaces are refused here (unshare"),
        ("mount", "reduced", "user namespaces are refused here (mount"),
        ("landlock", "none", "the kernel has no Landlock"),
        ("seccomp", "none", "the kernel has no seccomp filters"),
        ("userns landlock", "none", "the kernel has no Landlock"),
        ("userns landlock seccomp", "none", "the kernel has no seccomp filters"),
    ],
)
def test_doctor_names_the_level_and_what_is_missing(
    room: Room, lacking: str, level: str, reason: str
) -> None:
    code, said = told(room, "doctor", lacking=lacking)
    assert said.startswith(f"isolation: {level} ")
    assert reason in said
    assert ("missing:" in said) is (level != "full")
    assert code == (1 if level == "none" else 0)


@pytest.mark.parametrize(
    ("lacking", "level"), [("", "full"), ("userns", "reduced"), ("mount", "reduced")]
)
def test_grading_names_the_level_and_gives_the_same_points(
    room: Room, lacking: str, level: str
) -> None:
    code, said = told(room, "grade", SET, "--force", lacking=lacking)
    assert code == 0, said
    assert f"isolation: {level}" in said
    assert "ada 18 20" in said


@pytest.mark.parametrize("lacking", ["landlock", "seccomp", "userns landlock seccomp"])
@pytest.mark.parametrize("words", [("grade", SET, "--force"), ("try", "floor_at", "leaves.py")])
def test_without_a_wall_no_student_code_runs(
    room: Room, lacking: str, words: tuple[str, ...]
) -> None:
    code, said = told(room, *words, lacking=lacking)
    assert code == 2
    assert "this machine gives no isolation, so student code is not run" in said
    assert "`autograder doctor`" in said
    assert "--unsafe" in said
    assert not (room.root / "mark").exists()


@pytest.mark.parametrize("lacking", ["landlock", "seccomp"])
def test_unsafe_must_be_asked_for_and_is_named(room: Room, lacking: str) -> None:
    code, said = told(room, "grade", SET, "--force", "--unsafe", lacking=lacking)
    assert code == 0, said
    assert "isolation: none" in said


def test_nbgrader_refuses_as_well(room: Room) -> None:
    before = [sys.executable, str(HERE / "confined.py"), "landlock", "--"]
    done = subprocess.run(
        [*before, sys.executable, "-m", "nbgrader", "autograde", SET, "--force"],
        cwd=room.course,
        env=room.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 1
    assert "this machine gives no isolation" in done.stdout
    assert not (room.course / "autograded" / "ada" / SET).exists()


def test_a_crowd_of_threads_ends_at_a_number(room: Room) -> None:
    """Root too: RLIMIT_NPROC does not hold it, the number of a pid namespace does, from Linux 6.14 on."""
    outer = Path("/proc/sys/kernel/pid_max").read_text()
    release = tuple(int(part) for part in os.uname().release.split(".")[:2])
    if os.getuid() == 0 and (release < (6, 14) or outer.strip() == "4194304"):
        pytest.skip("this kernel counts no processes of root's")
    source = """
        import threading, time
        threading.stack_size(1 << 16)
        started = 0
        try:
            for _ in range(3000):
                threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()
                started += 1
        except RuntimeError:
            pass
    """
    with Sandbox(policy=Policy()) as sandbox:
        with sandbox.child() as child:
            assert child.define(0, textwrap.dedent(source), 60.0) is None
            started, _ = child.value("started", 5.0)
        assert 100 < started < 1024
        with sandbox.child() as child:
            assert child.define(0, "x = 1", 5.0) is None
    assert Path("/proc/sys/kernel/pid_max").read_text() == outer
