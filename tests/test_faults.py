"""A run that is disturbed, and the same command again: the gradebook and the graded files of an undisturbed run.

The real command, on a small course of its own. Every submission prints a number that is drawn when it is run, so a
graded notebook shows which grading it came from: what was graded when the fault struck must not be graded again.

A class of 200, disturbed at more moments:

    AUTOGRADER_FAULTS_CLASS=200 AUTOGRADER_FAULTS_SEEDS=5 pytest -n0 tests/test_faults.py
"""

from __future__ import annotations

import fcntl
import json
import os
import random
import re
import resource
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, ClassVar

import psutil
import pytest
import small_course
from nbgrader import api
from small_course import SET
from test_gradebook import rows
from test_release import nbgrader_api

from autograder import batch, worker
from autograder import notebook as notebooks
from autograder.build import build_set
from autograder.course import load_course
from autograder.executors import Here
from autograder.gradebook import GradebookError
from autograder.model import NotebookGrade
from autograder.worker import Graded, Task

pytestmark = pytest.mark.xdist_group("faults")

CLASS = int(os.environ.get("AUTOGRADER_FAULTS_CLASS", "32"))
SEEDS = range(int(os.environ.get("AUTOGRADER_FAULTS_SEEDS", "1")))
DEADLINE_S = 120.0 + 2.0 * CLASS
NOTEBOOK = f"{SET}.ipynb"
BROKEN = "s007"  # whose notebook cannot be read

PROBLEMS = ("floor_at", "floor_two", "floor_three")
ANSWERS = '''\
"""Answers of the floors."""

from autograder.model import MultipleChoice, ShortAnswer

choice = MultipleChoice(points=1, options="abc", key="b")
reason = ShortAnswer(points=2, rubric="names the largest entry")
'''
# A search for causes that is cut short finds another cause, or none.
POLICY = (
    "diagnosis_time_limit_s = 300.0\ncell_time_limit_s = 100.0\nnotebook_time_limit_s = 300.0\n"
)
CONFIG = """\
from autograder.nbgrader_plugin import configure
c = get_config()
configure(c)
c.CourseDirectory.course_id = "opt"
"""
STAMP = "import os\nprint('stamp', os.urandom(8).hex())"
_STAMP = re.compile(rb"stamp ([0-9a-f]{16})")

RIGHT = "return np.maximum(x, low)"
# Right in all cases but one that `one_case_more` adds.
LATENT = "return np.maximum(x, low) if low > -100 else x"
BODIES = (RIGHT, RIGHT, LATENT, "return x + low", "raise NotImplementedError", "return x[99]")


# ---------------------------------------------------------------------------------------------
# A course and a class


def write_course(root: Path) -> None:
    folder = root / "solutions" / SET
    for name in PROBLEMS:
        (folder / name).mkdir(parents=True)
        text = small_course.PROBLEM.replace("floor_at", name)
        (folder / name / "problem.py").write_text(text)
    (folder / "answers.py").write_text(ANSWERS)
    head, _ = small_course.NOTEBOOK.split("```{code-cell} ipython3\nimport numpy as np")
    cells = ["```{code-cell} ipython3\nimport numpy as np\n```"]
    for name in PROBLEMS:
        stub = f"def {name}(x, low):\n    raise NotImplementedError"
        cells.append(f"```{{code-cell}} ipython3\n:item: {name}\n\n{stub}\n```")
    cells.append('```{code-cell} ipython3\n:item: choice\n\nchoice = ""\n```')
    cells.append('+++ {"item": "reason"}\n\nWhy?\n')
    (root / "assignments" / SET).mkdir(parents=True)
    (root / "assignments" / SET / f"{SET}.md").write_text(head + "\n\n".join(cells))
    (root / "assignments" / SET / "table.csv").write_text("1,2\n")
    (root / "course.toml").write_text(POLICY)
    (root / "nbgrader_config.py").write_text(CONFIG)


def one_case_more(root: Path, name: str = "floor_two") -> None:
    """Change the hidden tests of one problem; points stay."""
    path = root / "solutions" / SET / name / "problem.py"
    old = '                Case("a negative floor", (np.array([-3.0, 1.0]), -2.0)),\n'
    new = '                Case("far below", (np.array([-300.0, 1.0]), -200.0)),\n'
    assert path.read_text().count(old) == 1
    path.write_text(path.read_text().replace(old, old + new))


def answer(name: str, body: str) -> str:
    return f"def {name}(x, low):\n    {body}"


def notebook(released: Mapping[str, Any], number: int) -> dict[str, Any]:
    """What the student of that number makes of the released notebook."""
    nb = json.loads(json.dumps(released))
    for position, name in enumerate(PROBLEMS):
        body = BODIES[(number + 2 * position) % len(BODIES)]
        cell_of(nb, f"{name}_answer")["source"] = answer(name, body)
    for cell in nb["cells"]:
        if "".join(cell["source"]).startswith("choice ="):
            cell["source"] = f"choice = {'abc'[number % 3]!r}"
    if number % 2:
        picture = {"picture.png": {"image/png": "aGk="}}
        text = f"Because of {number}. ![](attachment:picture.png)"
        cell_of(nb, "reason").update(source=text, attachments=picture)
    own = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    nb["cells"].insert(1, {**own, "id": "own", "source": STAMP})
    return nb


def cell_of(nb: Mapping[str, Any], grade_id: str) -> dict[str, Any]:
    for cell in nb["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == grade_id:
            found: dict[str, Any] = cell
            return found
    raise AssertionError(grade_id)


def hand_in(root: Path, number: int, nb: Any = None, *, minute: int = 0) -> str:
    released = json.loads((root / "release" / SET / NOTEBOOK).read_text())
    student = f"s{number:03}"
    folder = root / "submitted" / student / SET
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(nb or notebook(released, number), indent=1)
    (folder / NOTEBOOK).write_text("{" if student == BROKEN else text)
    (folder / "timestamp.txt").write_text(f"2026-03-01 11:{minute:02}:00 UTC")
    (folder / "table.csv").write_text("forged\n")
    (folder / "notes").mkdir(exist_ok=True)
    (folder / "notes" / "mine.txt").write_text(f"{student}\n" * 8000)
    return student


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A released set, and no submission."""
    root = tmp_path_factory.mktemp("released") / "course"
    write_course(root)
    build_set(load_course(root), SET, root / "source")
    result = nbgrader_api(root).generate_assignment(SET)
    assert result["success"], result
    return root


@pytest.fixture(scope="module")
def collected(released: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("collected") / "course"
    shutil.copytree(released, root)
    for number in range(CLASS):
        hand_in(root, number)
    return root


@dataclass(frozen=True)
class Undisturbed:
    course: Path
    state: dict[str, Any]


@pytest.fixture(scope="module")
def undisturbed(collected: Path, tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    """What one run makes of the class when nothing happens to it."""
    root = tmp_path_factory.mktemp("undisturbed") / "course"
    shutil.copytree(collected, root)
    run = Run(root)
    assert run.ended() == 1, run.said
    assert f"{CLASS - 1} graded, 0 skipped, 1 failed" in run.said
    assert len(stamps(root)) == CLASS - 1
    assert len(set(stamps(root).values())) == CLASS - 1
    return Undisturbed(root, state(root))


@pytest.fixture
def course(collected: Path, tmp_path: Path) -> Path:
    root = tmp_path / "course"
    shutil.copytree(collected, root)
    return root


@pytest.fixture(autouse=True)
def no_run_is_left() -> Iterator[None]:
    yield
    while Run.started:
        process = Run.started.pop()
        process.kill()
        process.wait()


# ---------------------------------------------------------------------------------------------
# What is compared


def database(root: Path) -> str:
    return f"sqlite:///{root}/gradebook.db"


def state(root: Path) -> dict[str, Any]:
    """The gradebook's rows, and all that lies in autograded/: modes and bytes, without the stamps."""
    files = {}
    for path in sorted((root / "autograded").rglob("*")):
        name = str(path.relative_to(root))
        if path.is_file():
            data = _STAMP.sub(b"stamp", path.read_bytes())
            files[name] = (stat.S_IMODE(path.stat().st_mode), data)
        elif not any(path.iterdir()):
            files[name] = (0, b"empty")
    return {"rows": rows(database(root)), "files": files}


def assert_same(found: Mapping[str, Any], expected: Mapping[str, Any]) -> None:
    assert found["rows"] == expected["rows"]
    assert found["files"].keys() == expected["files"].keys()
    different = [name for name in found["files"] if found["files"][name] != expected["files"][name]]
    assert different == []


def stamps(root: Path) -> dict[str, bytes]:
    """By student, the grading that a finished notebook came from, in its place or on its way there."""
    found = {}
    for student in (path.name for path in (root / "autograded").glob("*")):
        for folder in (SET, f".{SET}.partial"):
            with suppress(FileNotFoundError):
                data = (root / "autograded" / student / folder / NOTEBOOK).read_bytes()
                (found[student],) = _STAMP.findall(data)
    return found


def assert_kept(root: Path, earlier: Mapping[str, bytes]) -> None:
    """Nothing that was finished then has been graded again."""
    now = stamps(root)
    assert {student: now[student] for student in earlier} == earlier


# ---------------------------------------------------------------------------------------------
# Runs and faults


class Run:
    """`autograder grade` at work in a process group of its own, as a terminal starts it."""

    started: ClassVar[list[subprocess.Popen[bytes]]] = []

    def __init__(self, course: Path, *, jobs: int = 2) -> None:
        self.course = course
        self.temporary = course.parent / "temporary"
        self.temporary.mkdir(exist_ok=True)
        with (course.parent / "output.txt").open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "autograder.cli", "grade", SET, "-j", str(jobs)],
                cwd=course,
                env={**os.environ, "TMPDIR": str(self.temporary), "COLUMNS": "200"},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.started.append(self.process)

    @property
    def said(self) -> str:
        return (self.course.parent / "output.txt").read_text()

    def ended(self) -> int:
        """Wait for the end; the exit code."""
        return self.process.wait(DEADLINE_S)

    def when(self, condition: Callable[[], Any]) -> Any:
        """What `condition` gives as soon as it is true; it must become so while the run is at work."""
        deadline = time.monotonic() + DEADLINE_S
        while not (value := condition()):
            assert self.process.poll() is None, f"it was over before:\n{self.said}"
            assert time.monotonic() < deadline, self.said
            time.sleep(0.002)
        return value

    def family(self) -> list[psutil.Process]:
        with suppress(psutil.NoSuchProcess):
            return psutil.Process(self.process.pid).children(recursive=True)
        return []

    def workers(self) -> list[psutil.Process]:
        return [process for process in self.family() if "spawn_main" in command(process)]

    def zygotes(self) -> list[psutil.Process]:
        """Templates and what is forked of them, students' processes too."""
        return [process for process in self.family() if "sandbox.zygote" in command(process)]

    def survivors(self) -> list[psutil.Process]:
        """Processes that this run or one before it in the same place has left behind."""
        found = []
        for process in psutil.process_iter():
            with suppress(psutil.Error):
                # Zygotes have an environment of their own, and are told the place.
                if str(self.temporary) in f"{process.environ()} {process.cmdline()}":
                    found.append(process)
        return found

    def leaves_nobody(self) -> None:
        deadline = time.monotonic() + DEADLINE_S
        while left := self.survivors():
            assert time.monotonic() < deadline, left
            time.sleep(0.01)


def command(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


def finished(root: Path) -> int:
    """Submissions that have been graded and written, recorded or not."""
    names = (f"autograded/*/{name}/{NOTEBOOK}" for name in (SET, f".{SET}.partial"))
    return sum(len(list(root.glob(name))) for name in names)


def graded_again(course: Path, undisturbed: Undisturbed) -> None:
    """The same command once more completes what a disturbed one has left."""
    earlier = stamps(course)
    run = Run(course)
    assert run.ended() == 1, run.said
    assert " 1 failed in " in run.said
    assert_same(state(course), undisturbed.state)
    assert_kept(course, earlier)


def test_a_second_run_has_nothing_to_do(undisturbed: Undisturbed) -> None:
    everyone = stamps(undisturbed.course)
    run = Run(undisturbed.course)
    assert run.ended() == 1
    assert f"0 graded, {CLASS - 1} skipped, 1 failed" in run.said
    assert_same(state(undisturbed.course), undisturbed.state)
    assert stamps(undisturbed.course) == everyone


@pytest.mark.parametrize("seed", SEEDS)
def test_kill_9_of_the_main_process(course: Path, undisturbed: Undisturbed, seed: int) -> None:
    """Three runs in turn, at its start or while it works."""
    rng = random.Random(f"main {seed}")
    kept: dict[str, bytes] = {}
    for _ in range(3):
        goal = finished(course) + rng.choice((0, 1, rng.randrange(CLASS // 4)))
        run = Run(course, jobs=rng.choice((1, 2)))
        run.when(lambda run=run, goal=goal: run.family() and finished(course) >= goal)
        run.process.kill()
        assert run.ended() == -signal.SIGKILL
        run.leaves_nobody()
        assert_kept(course, kept)
        kept = stamps(course)
    graded_again(course, undisturbed)
    assert_kept(course, kept)


@pytest.mark.parametrize("seed", SEEDS)
def test_kill_9_of_workers(course: Path, undisturbed: Undisturbed, seed: int) -> None:
    """The run replaces them and goes on: nothing need be done again."""
    rng = random.Random(f"worker {seed}")
    run = Run(course)
    # Not so close to each other that the same submission is hit twice, which would be given up.
    for goal in sorted(rng.sample(range(0, CLASS - 8, 8), 3)):
        run.when(lambda goal=goal: finished(course) >= goal)
        rng.choice(run.when(run.workers)).kill()
    assert run.ended() == 1, run.said
    assert f"{CLASS - 1} graded, 0 skipped, 1 failed" in run.said
    assert_same(state(course), undisturbed.state)
    run.leaves_nobody()
    assert list(run.temporary.iterdir()) == []
    graded_again(course, undisturbed)


@pytest.mark.parametrize("seed", SEEDS)
def test_kill_9_of_zygotes_and_what_they_forked(
    course: Path, undisturbed: Undisturbed, seed: int
) -> None:
    """Those at work fail or must be looked at by a person; the next run grades them."""
    rng = random.Random(f"zygote {seed}")
    run = Run(course)
    killed = 0
    for goal in sorted(rng.randrange(1, CLASS // 2) for _ in range(3)):
        # What fails is not finished: the class may be at its end before so many are.
        run.when(lambda goal=goal: finished(course) >= goal or run.process.poll() is not None)
        templates = [zygote for zygote in run.zygotes() if "spawn_main" in command(parent(zygote))]
        with suppress(IndexError, psutil.NoSuchProcess):
            rng.choice(templates).kill()
            killed += 1
    assert killed > 0
    assert run.ended() in (1, 2), run.said
    assert "Traceback" not in run.said
    run.leaves_nobody()
    graded_again(course, undisturbed)


def parent(process: psutil.Process) -> psutil.Process:
    with suppress(psutil.NoSuchProcess):
        return process.parent() or process
    return process


@pytest.mark.parametrize("goal", [0, CLASS // 3])
def test_an_interrupt(course: Path, undisturbed: Undisturbed, goal: int) -> None:
    """Ctrl-C, which the terminal sends to all processes of the run."""
    run = Run(course)
    run.when(run.workers)
    run.when(lambda: finished(course) >= goal)
    os.killpg(run.process.pid, signal.SIGINT)
    # Where it hits the import of a compiled module, Python ends itself by the same signal.
    assert run.ended() in (1, -signal.SIGINT), run.said
    assert "Traceback" not in run.said
    assert "Aborted!" in run.said
    run.leaves_nobody()
    assert list(run.temporary.iterdir()) == []
    graded_again(course, undisturbed)


def test_two_runs_at_once(course: Path, undisturbed: Undisturbed) -> None:
    """The second waits for the first, and then has nothing to do."""
    other = course.parent / "other" / "course"
    other.parent.mkdir()
    other.symlink_to(course)  # the same directory, and another place for its output
    with (course / f".autograder-{SET}.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # until both wait
        runs = [Run(course), Run(other)]
        for run in runs:
            run.when(lambda run=run: "is at work here; waiting for it" in run.said)
        assert finished(course) == 0
    assert [run.ended() for run in runs] == [1, 1]
    said = sorted(re.findall(r"\d+ graded, \d+ skipped", run.said)[0] for run in runs)
    assert said == [f"0 graded, {CLASS - 1} skipped", f"{CLASS - 1} graded, 0 skipped"]
    assert_same(state(course), undisturbed.state)
    graded_again(course, undisturbed)


# ---------------------------------------------------------------------------------------------
# The gradebook


def test_a_gradebook_that_is_locked_for_a_while(course: Path, undisturbed: Undisturbed) -> None:
    with closing(sqlite3.connect(course / "gradebook.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        run = Run(course)
        run.when(lambda: has_open(run, course / "gradebook.db"))
        other.execute("ROLLBACK")
        assert run.ended() == 1
    assert f"{CLASS - 1} graded, 0 skipped, 1 failed" in run.said
    assert_same(state(course), undisturbed.state)


def has_open(run: Run, path: Path) -> bool:
    with suppress(psutil.Error):
        return str(path) in {file.path for file in psutil.Process(run.process.pid).open_files()}
    return False


def use_gradebook(course: Path, url: str) -> None:
    with (course / "nbgrader_config.py").open("a") as file:
        file.write(f"c.CourseDirectory.db_url = {url!r}\n")


def test_a_gradebook_that_stays_locked(course: Path, undisturbed: Undisturbed) -> None:
    """The run ends at once, and what it has graded is not graded again."""
    use_gradebook(course, database(course) + "?timeout=0.5")
    run = Run(course)
    run.when(lambda: finished(course) >= 1)
    with closing(sqlite3.connect(course / "gradebook.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert run.ended() == 2
    assert run.said == (
        f"autograder: The gradebook {course}/gradebook.db is locked by another program for over "
        "0.5 s. Close what has it open (another nbgrader, a database viewer) and run this again.\n"
    )
    assert finished(course) >= 1
    graded_again(course, undisturbed)


GARBAGE = random.Random(8).randbytes(1 << 14)


def test_a_gradebook_that_is_damaged_during_a_run(course: Path, undisturbed: Undisturbed) -> None:
    """All but its first page, which says that it is a database."""
    shutil.copy(course / "gradebook.db", course / "backup.db")
    run = Run(course)
    run.when(lambda: finished(course) >= 1)
    with (course / "gradebook.db").open("r+b") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(4096)
        file.write((GARBAGE * (size // len(GARBAGE) + 1))[: size - 4096])
    assert run.ended() == 2, run.said
    assert run.said == (
        f"autograder: The gradebook {course}/gradebook.db is a damaged SQLite database. "
        "Restore a backup.\n"
    )
    shutil.move(course / "backup.db", course / "gradebook.db")
    (course / "gradebook.db-journal").unlink(missing_ok=True)
    graded_again(course, undisturbed)


# ---------------------------------------------------------------------------------------------
# A full disk


@pytest.mark.needs("unshare")
@pytest.mark.parametrize("full", ["autograded", "book"])
def test_a_full_disk(course: Path, undisturbed: Undisturbed, full: str) -> None:
    """A small file system for the graded files or for the gradebook, which then grows."""
    (course / "book").mkdir()
    shutil.copy(course / "gradebook.db", course.parent / "book.db")
    use_gradebook(course, f"sqlite:///{course}/book/gradebook.db")
    (course / "autograded").mkdir()
    size = (course / "gradebook.db").stat().st_size
    kib = {"autograded": CLASS * 40, "book": (size >> 10) + 48}[full]
    script = f"""
        set -u
        mount -t tmpfs -o size={kib}k tmpfs {full} || exit 77
        cp ../book.db book/gradebook.db
        grade() {{ {sys.executable} -m autograder.cli grade {SET} -j 2 > ../$1.txt 2>&1; echo $? > ../$1.code; }}
        grade first
        cp -a autograded ../autograded_then
        mount -o remount,size=1g {full}
        grade second
        cp -a autograded ../autograded_now
        cp book/gradebook.db ../book_now.db
        grade third
    """
    environment = {**os.environ, "COLUMNS": "200"}
    done = subprocess.run(
        ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", textwrap.dedent(script)],
        cwd=course,
        env=environment,
        capture_output=True,
        text=True,
        timeout=DEADLINE_S * 2,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said = {
        name: (course.parent / f"{name}.txt").read_text() for name in ("first", "second", "third")
    }
    codes = {name: int((course.parent / f"{name}.code").read_text()) for name in said}
    assert "Traceback" not in said["first"], said["first"]
    if full == "book":
        assert codes["first"] == 2
        assert said["first"] == (
            f"autograder: The gradebook {course}/book/gradebook.db cannot grow: the disk is full. "
            "Make room and run this again.\n"
        )
    else:
        assert codes["first"] == 1
        assert (
            "Graded, but its files could not be written (No space left on device: " in said["first"]
        )
        failed = int(re.findall(r"(\d+) failed in", said["first"])[0])
        assert 1 < failed < CLASS
    assert codes["second"] == codes["third"] == 1
    then, now = (stamps_in(course.parent / f"autograded_{when}") for when in ("then", "now"))
    assert {student: now[student] for student in then} == then
    assert then
    assert f"0 graded, {CLASS - 1} skipped, 1 failed" in said["third"]
    shutil.rmtree(course / "autograded")
    (course.parent / "autograded_now").rename(course / "autograded")
    shutil.copy(course.parent / "book_now.db", course / "gradebook.db")
    assert_same(state(course), undisturbed.state)


def stamps_in(autograded: Path) -> dict[str, bytes]:
    autograded_root = autograded.with_name(f"{autograded.name}_root")
    autograded_root.mkdir()
    (autograded_root / "autograded").symlink_to(autograded)
    return stamps(autograded_root)


# ---------------------------------------------------------------------------------------------
# Every moment of the writing


class Killed(BaseException):
    """The end of this process, as far as the files and the gradebook can tell."""


class Countdown:
    """Ends a run before its n-th change of the course directory; nothing changes afterwards."""

    _CHANGES = frozenset(
        ("os.rename", "os.mkdir", "os.rmdir", "os.remove", "os.chmod", "shutil.copyfile")
    )

    def __init__(self) -> None:
        self.left: float = float("inf")
        self.root = ""
        sys.addaudithook(self._hear)  # for the life of this process

    def _hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self.root:
            return
        is_writing = event == "open" and isinstance(arguments[1], str) and "w" in arguments[1]
        is_change = event in self._CHANGES or is_writing
        if is_change and any(str(one).startswith(self.root) for one in arguments[:2]):
            self.step()

    def step(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise Killed


@pytest.fixture(scope="module")
def countdown() -> Countdown:
    return Countdown()


class Spy(Here):
    """Keeps what was graded, and what of it was known."""

    def __init__(self, root: Path) -> None:
        super().__init__(root, SET)
        self.graded: dict[str, Collection[str]] = {}

    def grade(self, tasks: Iterable[Task]) -> Iterator[Graded]:
        """As `Here`; a submission all of which is known is not graded."""
        grade_notebook = worker.grade_notebook
        for task in tasks:

            def note(*arguments: Any, known: Collection[str], task: Task = task) -> NotebookGrade:
                self.graded[task.student] = sorted(known)
                return grade_notebook(*arguments, known=known)

            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(worker, "grade_notebook", note)
                graded = self._worker.grade(task)
            yield graded


@pytest.fixture(scope="module")
def spy(released: Path) -> Iterator[Spy]:
    """Ready for every copy of the course."""
    with Spy(released) as executor:
        yield executor


def graded_by(spy: Spy, course: Path, **options: Any) -> dict[str, str]:
    """The status of each submission."""
    spy.graded.clear()
    result = batch.grade_class(course, SET, spy, **options)
    return {one.student: one.status for one in result.results}


def test_a_run_that_ends_at_any_moment(
    released: Path, tmp_path: Path, spy: Spy, countdown: Countdown, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One new submission, one handed in again with other work, one that can no longer be read."""
    start = tmp_path / "start"
    shutil.copytree(released, start)
    for number in (0, 1, 2):
        hand_in(start, number)
    assert set(graded_by(spy, start).values()) == {"graded"}
    nb = json.loads((start / "release" / SET / NOTEBOOK).read_text())
    hand_in(start, 1, notebook(nb, 4), minute=1)
    hand_in(start, 2, {"cells": 7}, minute=1)
    hand_in(start, 3)
    expected = tmp_path / "expected"
    shutil.copytree(start, expected)
    after = {"s000": "skipped", "s001": "graded", "s002": "failed", "s003": "graded"}
    assert graded_by(spy, expected) == after

    def ends_itself(root: Path, moment: int) -> bool:
        """Whether a run has come to its end before that moment."""
        countdown.left, countdown.root = moment, str(root)
        try:
            graded_by(spy, root)
        except Killed:
            return False
        finally:
            countdown.left, countdown.root = float("inf"), ""
        return True

    record = batch.gradebooks.record

    def counted(*arguments: Any) -> set[str]:
        countdown.step()
        entered = record(*arguments)
        countdown.step()
        return entered

    monkeypatch.setattr(batch.gradebooks, "record", counted)
    rng = random.Random("moments")
    for moment in count():
        once, twice = tmp_path / f"once{moment}", tmp_path / f"twice{moment}"
        shutil.copytree(start, once)
        if ends_itself(once, moment):
            break
        shutil.copytree(once, twice)
        kept = stamps(once)
        for path in once.glob(f"autograded/*/{SET}/{NOTEBOOK}"):
            assert path.read_bytes().endswith(b"}\n"), "half of a notebook in its place"
        graded_by(spy, once)
        assert_same(state(once), state(expected))
        # Only what had not been finished.
        assert spy.graded.keys() == {"s001", "s003"} - finished_with(start, kept), moment
        assert_kept(once, {name: kept[name] for name in kept.keys() - {*spy.graded, "s002"}})

        ends_itself(twice, rng.randrange(20))
        graded_by(spy, twice)
        assert_same(state(twice), state(expected))
        shutil.rmtree(once)
        shutil.rmtree(twice)
    assert moment > 40


def finished_with(start: Path, kept: Mapping[str, bytes]) -> set[str]:
    """Students of whom there is a grading that was not there at the start."""
    earlier = stamps(start)
    return {student for student, stamp in kept.items() if earlier.get(student) != stamp}


# ---------------------------------------------------------------------------------------------
# What a rerun costs


@pytest.fixture
def twelve(released: Path, tmp_path: Path, spy: Spy) -> Path:
    """A graded class in which every answer occurs in every problem."""
    root = tmp_path / "course"
    shutil.copytree(released, root)
    for number in range(12):
        if number != int(BROKEN[1:]):
            hand_in(root, number)
    assert set(graded_by(spy, root).values()) == {"graded"}
    return root


def graded_cells(root: Path) -> dict[tuple[str, str], dict[str, Any]]:
    """By student and name, the test cells of the graded notebooks."""
    found = {}
    for path in root.glob(f"autograded/*/{SET}/{NOTEBOOK}"):
        for cell in json.loads(path.read_text())["cells"]:
            data = cell["metadata"].get("nbgrader", {})
            if data.get("grade") and not data["solution"]:
                found[path.parts[-3], data["grade_id"]] = cell
    return found


def scores(root: Path) -> dict[tuple[str, str], float | None]:
    return {(row[0], row[1]): row[3] for row in rows(database(root))["grades"]}


def test_one_changed_test_regrades_its_item_alone(twelve: Path) -> None:
    before, old = graded_cells(twelve), scores(twelve)
    handed_in = {student for student, _ in before}
    assert len(handed_in) == 11
    one_case_more(twelve)
    with Spy(twelve) as spy:
        assert set(graded_by(spy, twelve).values()) == {"graded"}
        unchanged = ["choice", "floor_at", "floor_three"]
        assert spy.graded == dict.fromkeys(handed_in, unchanged)
        after, new = graded_cells(twelve), scores(twelve)
        assert {name for (_, name), cell in after.items() if cell != before[_, name]} == {
            "floor_two"
        }
        latent = {
            student
            for student in handed_in
            if BODIES[(int(student[1:]) + 2) % len(BODIES)] == LATENT
        }
        assert latent
        changed = {key: (old[key], new[key]) for key in old if old[key] != new[key]}
        # A group of special cases has 2 points, of which a wrong case leaves none.
        assert changed == {(student, "floor_two"): (4.0, 2.0) for student in latent}
        assert set(graded_by(spy, twelve).values()) == {"skipped"}
        assert spy.graded == {}


def test_a_change_of_the_answers_leaves_the_functions(twelve: Path) -> None:
    path = twelve / "solutions" / SET / "answers.py"
    path.write_text(path.read_text().replace('key="b"', 'key="c"'))
    with Spy(twelve) as spy:
        graded_by(spy, twelve)
        assert set(map(tuple, spy.graded.values())) == {tuple(sorted(PROBLEMS))}
    found = scores(twelve)
    assert {key[0] for key, score in found.items() if key[1] == "choice" and score == 1.0} == {
        f"s{number:03}" for number in range(12) if number % 3 == 2
    }


def test_handed_in_again_unchanged(twelve: Path, spy: Spy) -> None:
    everyone, before = stamps(twelve), rows(database(twelve))
    hand_in(twelve, 3, minute=30)
    (twelve / "submitted" / "s003" / SET / "notes" / "mine.txt").write_text("another\n")
    status = graded_by(spy, twelve)
    assert {student for student in status if status[student] == "graded"} == {"s003"}
    assert spy.graded == {}
    assert stamps(twelve) == everyone
    folder = twelve / "autograded" / "s003" / SET
    assert (folder / "timestamp.txt").read_text() == "2026-03-01 11:30:00 UTC"
    assert (folder / "notes" / "mine.txt").read_text() == "another\n"
    after = rows(database(twelve))
    times = {row[0]: row[1] for row in after.pop("submissions")}
    assert times.pop("s003") == "2026-03-01 11:30:00.000000"
    assert set(times.values()) == {"2026-03-01 11:00:00.000000"}
    del before["submissions"]
    assert after == before


def test_a_file_for_which_there_is_no_room(twelve: Path, spy: Spy) -> None:
    """A limit on the size of files, as a quota may have: the submission is not done without its file."""
    hand_in(twelve, 3, minute=30)
    (twelve / "submitted" / "s003" / SET / "notes" / "mine.txt").write_bytes(bytes(5 << 20))
    before = stamps(twelve), rows(database(twelve))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4 << 20, hard))
    try:
        (result,) = batch.grade_class(twelve, SET, spy, student="s003").results
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert result.status == "failed"
    place = twelve / "autograded" / "s003"
    assert result.error == (
        "Graded, but its files could not be written (File too large: "
        f"{place}/.{SET}.unfinished/notes/mine.txt). "
        "Make room, or check the permissions, and grade this submission again."
    )
    assert (stamps(twelve), rows(database(twelve))) == before
    assert [path.name for path in place.iterdir()] == [SET]
    assert graded_by(spy, twelve)["s003"] == "graded"
    assert (place / SET / "notes" / "mine.txt").stat().st_size == 5 << 20


def test_a_gradebook_of_an_earlier_day_is_filled_up(twelve: Path, spy: Spy) -> None:
    """It is overwritten, and its backup knows neither the last submissions nor the last work of one student."""
    shutil.copy(twelve / "gradebook.db", twelve / "backup.db")
    released = json.loads((twelve / "release" / SET / NOTEBOOK).read_text())
    hand_in(twelve, 0, notebook(released, 4), minute=1)
    new = {"s000", *(hand_in(twelve, number) for number in (12, 13, 14))}
    status = graded_by(spy, twelve)
    assert {student for student in status if status[student] == "graded"} == new
    everyone, expected = stamps(twelve), state(twelve)

    (twelve / "gradebook.db").write_bytes(GARBAGE)
    with pytest.raises(GradebookError) as error:
        graded_by(spy, twelve)
    assert str(error.value) == (
        f"The gradebook {twelve}/gradebook.db is no SQLite database. Restore a backup."
    )
    shutil.move(twelve / "backup.db", twelve / "gradebook.db")
    assert graded_by(spy, twelve) == status
    assert spy.graded == {}
    assert stamps(twelve) == everyone
    assert_same(state(twelve), expected)


def test_a_gradebook_that_is_made_anew(twelve: Path, spy: Spy) -> None:
    everyone, expected = stamps(twelve), state(twelve)
    (twelve / "gradebook.db").unlink()
    with pytest.raises(GradebookError) as error:
        graded_by(spy, twelve)
    assert str(error.value) == (
        f"{twelve}/gradebook.db: there is no gradebook. "
        "Run `nbgrader generate_assignment SET` first; it makes one."
    )
    result = nbgrader_api(twelve).generate_assignment(SET)
    assert result["success"], result
    assert set(graded_by(spy, twelve).values()) == {"graded"}
    assert spy.graded == {}
    assert stamps(twelve) == everyone
    assert_same(state(twelve), expected)


def test_other_work_is_graded_in_full(twelve: Path, spy: Spy) -> None:
    released = json.loads((twelve / "release" / SET / NOTEBOOK).read_text())
    hand_in(twelve, 3, notebook(released, 4), minute=30)
    graded_by(spy, twelve)
    assert spy.graded == {"s003": []}
    assert [key for key in scores(twelve) if scores(twelve)[key] != scores(twelve)["s004", key[1]]]


def test_force_grades_everything(twelve: Path, spy: Spy) -> None:
    earlier, before = stamps(twelve), state(twelve)
    assert set(graded_by(spy, twelve, force=True).values()) == {"graded"}
    assert spy.graded == {student: [] for student in earlier}
    assert not set(stamps(twelve).values()) & set(earlier.values())
    assert_same(state(twelve), before)


def test_a_person_who_has_looked_is_not_asked_again(twelve: Path, spy: Spy) -> None:
    with api.Gradebook(database(twelve)) as gradebook:
        grade = gradebook.find_grade("floor_at", SET, SET, "s003")
        grade.manual_score, grade.needs_manual_grade = 1.5, False
        gradebook.db.commit()
    before = rows(database(twelve))
    assert set(graded_by(spy, twelve).values()) == {"skipped"}
    assert rows(database(twelve)) == before


def test_what_nbgrader_has_graded_is_not_graded_again(twelve: Path, spy: Spy) -> None:
    """Its button and its command leave the same keys, and the same notebook but for how nbformat writes it."""
    ours = {
        path: json.loads(path.read_text()) for path in twelve.glob(f"autograded/*/*/{NOTEBOOK}")
    }
    expected = rows(database(twelve))
    nbgrader = nbgrader_api(twelve)
    for student in ("s001", "s003"):
        result = nbgrader.autograde(SET, student, force=True)
        assert result["success"], result
    theirs = stamps(twelve)
    for path, nb in ours.items():
        again = notebooks.parse_graded(path.read_bytes())
        assert json.loads(_STAMP.sub(b"", json.dumps(again).encode())) == json.loads(
            _STAMP.sub(b"", json.dumps(nb).encode())
        ), path
    assert rows(database(twelve)) == expected
    assert set(graded_by(spy, twelve).values()) == {"skipped"}
    assert spy.graded == {}
    assert stamps(twelve) == theirs
    hand_in(twelve, 3, minute=30)
    graded_by(spy, twelve)
    assert spy.graded == {}
    assert json.loads(
        (twelve / "autograded" / "s003" / SET / NOTEBOOK).read_text()
    ) == notebooks.parse_graded((twelve / "autograded" / "s003" / SET / NOTEBOOK).read_bytes())
