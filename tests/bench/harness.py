"""What the benchmarks share: commands measured whole, courses with a class of submissions, rows of a table."""

from __future__ import annotations

import itertools
import json
import os
import resource
import select
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
from rich.console import Console
from rich.table import Table

from autograder.build import build_set
from autograder.course import load_course
from autograder.model import Item

ROOT = Path(__file__).parents[2]
COURSES = Path(__file__).parent / "courses"
CONSOLE = Console(width=140)
AUTOGRADER = Path(sys.executable).with_name("autograder")
# What a course in tests/bench/courses takes from the real one.
_BORROWED = {
    "ps1_like": (
        "ps01_convexity/is_psd",
        "ps02_gradient_descent/grad_descent",
        "ps14_prox/soft_threshold",
        "ps15_newton/newton_step",
    )
}
_PLUGIN = "from autograder.nbgrader_plugin import configure\nc = get_config()\nconfigure(c)\n"
_STOCK = "c = get_config()\n"
_LABELS = ("# family:", "# line:", "# about:")


# ---------------------------------------------------------------------------------------------
# Commands


@dataclass(frozen=True)
class Cost:
    """Of one command and all its descendants: seconds, and bytes at the highest point seen.

    Attributes:
        trusted_peak: PSS (a shared page counts once) of the tree without the sandbox's processes.
        tree_peak: PSS of the whole tree.
    """

    wall_s: float
    cpu_s: float
    trusted_peak: int = 0
    tree_peak: int = 0


def measure(
    command: Sequence[str | Path],
    cwd: Path,
    *,
    interval_s: float | None = 0.02,
    environment: Mapping[str, str] | None = None,
) -> Cost:
    """Run a command to its end; memory is looked at every `interval_s`, and not at all for None.

    Processor time is that of the whole tree, from the kernel's accounting of finished children.
    """
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with tempfile.TemporaryFile() as said:
        begin = time.monotonic()
        process = subprocess.Popen(
            [str(part) for part in command],
            cwd=cwd,
            env=None if environment is None else {**os.environ, **environment},
            stdout=subprocess.DEVNULL,
            stderr=said,
        )
        peaks = (0, 0)
        ended = select.poll()
        descriptor = os.pidfd_open(process.pid)
        ended.register(descriptor, select.POLLIN)
        while not ended.poll(None if interval_s is None else interval_s * 1e3):
            seen = _memory(process.pid)
            peaks = tuple(max(pair) for pair in zip(peaks, seen, strict=True))  # type: ignore[assignment]
        wall = time.monotonic() - begin
        os.close(descriptor)
        process.wait()
        said.seek(0)
        if process.returncode not in (0, 1):
            raise SystemExit(f"{command} failed:\n{said.read().decode()[-2000:]}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(wall, cpu, *peaks)


def _memory(pid: int) -> tuple[int, int]:
    """Of a process and its descendants: trusted, and all, as in `Cost`."""
    trusted, tree = 0, 0
    try:
        watched = psutil.Process(pid)
        for member in [watched, *watched.children(recursive=True)]:
            pss = _pss(member)
            tree += pss
            trusted += 0 if _is_sandbox(member) else pss
    except psutil.Error:
        pass
    return trusted, tree


def _pss(process: psutil.Process) -> int:
    try:
        return int(process.memory_full_info().pss)
    except psutil.Error:
        return 0


def _is_sandbox(process: psutil.Process) -> bool:
    try:
        return "autograder.sandbox.zygote" in process.cmdline()
    except psutil.Error:
        return False


@contextmanager
def on_one_core() -> Iterator[None]:
    """Keep this process, and all that it starts, on one core."""
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(cores)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, cores)


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` of them do not exceed; the nearest that occurs."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def spread_ms(seconds: Sequence[float]) -> str:
    """Median and 95th percentile, in milliseconds."""
    return f"{statistics.median(seconds) * 1e3:.1f} / {percentile(seconds, 0.95) * 1e3:.1f} ms"


# ---------------------------------------------------------------------------------------------
# Courses


@dataclass(frozen=True)
class Course:
    """A course in a folder of its own, released by nbgrader; students hand in through `hand_in`.

    Attributes:
        solved: the instructor's notebook, with every answer filled in.
        items: by name.
    """

    folder: Path
    set_name: str
    solved: dict[str, Any]
    items: Mapping[str, Item]

    def hand_in(self, number: int, sources: Mapping[str, str]) -> None:
        """The solved notebook with these functions in place of the references."""
        notebook = with_answers(self.solved, sources)
        target = self.folder / "submitted" / student(number) / self.set_name
        target.mkdir(parents=True)
        (target / f"{self.set_name}.ipynb").write_text(json.dumps(notebook))
        (target / "timestamp.txt").write_text("2026-01-01 12:00:00.000000 UTC")
        for path in (self.folder / "source" / self.set_name).iterdir():
            if path.suffix != ".ipynb":
                shutil.copy(path, target)

    def is_graded_by(self, configuration: str) -> None:
        """What `nbgrader autograde` uses here: "plugin" or "stock"."""
        text = _PLUGIN if configuration == "plugin" else _STOCK
        (self.folder / "nbgrader_config.py").write_text(text)

    def diagnoses(self, wanted: bool) -> None:
        (self.folder / "course.toml").write_text(f"diagnose = {str(wanted).lower()}\n")

    def forget(self) -> None:
        """Nothing is graded any more, and the gradebook is as it was after the release."""
        shutil.rmtree(self.folder / "autograded", ignore_errors=True)
        shutil.rmtree(self.folder / ".autograder", ignore_errors=True)
        shutil.copy(self.folder / "released.db", self.folder / "gradebook.db")

    def scores(self) -> dict[str, float]:
        """Points by student, from nbgrader's gradebook."""
        from nbgrader.api import Gradebook

        with Gradebook(f"sqlite:///{self.folder / 'gradebook.db'}") as gradebook:
            found = gradebook.assignment_submissions(self.set_name)
            return {one.student.id: one.score for one in found}

    def cadence_s(self) -> list[float]:
        """Seconds from each graded notebook to the next, as their files were written."""
        pattern = f"autograded/*/{self.set_name}/*.ipynb"
        times = sorted(path.stat().st_mtime_ns for path in self.folder.glob(pattern))
        return [(b - a) / 1e9 for a, b in itertools.pairwise(times)]


def student(number: int) -> str:
    return f"student{number:04d}"


def make_course(folder: Path, set_name: str) -> Course:
    """Copy a course, build a set of it and generate its assignment.

    `set_name` is one of tests/bench/courses, or a set of the real course.
    """
    if (COURSES / set_name).is_dir():
        shutil.copytree(COURSES / set_name, folder, dirs_exist_ok=True)
        for problem in _BORROWED.get(set_name, ()):
            source = ROOT / "solutions" / problem
            shutil.copytree(source, folder / "solutions" / set_name / source.name)
    else:
        for name in ("assignments", "solutions"):
            shutil.copytree(ROOT / name, folder / name, dirs_exist_ok=True)
    loaded = load_course(folder)
    build_set(loaded, set_name, folder / "source")
    build_set(loaded, set_name, folder / "solved", solved=True)
    solved = json.loads((folder / "solved" / set_name / f"{set_name}.ipynb").read_text())
    course = Course(folder, set_name, solved, loaded.items(set_name))
    course.is_graded_by("plugin")
    release(course)
    return course


def release(course: Course) -> None:
    run_nbgrader(course.folder, "generate_assignment", course.set_name, "--force")
    shutil.copy(course.folder / "gradebook.db", course.folder / "released.db")


def with_answers(solved: Mapping[str, Any], sources: Mapping[str, str]) -> dict[str, Any]:
    """A notebook with these sources in the answer cells of the functions they are named by."""
    notebook: dict[str, Any] = json.loads(json.dumps(solved))
    for cell in notebook["cells"]:
        about = cell["metadata"].get("nbgrader", {})
        name = about.get("grade_id", "").removesuffix("_answer")
        if about.get("solution") and name in sources:
            cell["source"] = sources[name]
    return notebook


def run_nbgrader(folder: Path, *arguments: str) -> None:
    command = [sys.executable, "-m", "nbgrader", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"nbgrader {' '.join(arguments)} failed:\n{done.stderr[-2000:]}")


# ---------------------------------------------------------------------------------------------
# What students hand in


@dataclass(frozen=True)
class Answers:
    """Sources of one function: right ones, and wrong ones."""

    right: tuple[str, ...]
    wrong: tuple[str, ...]


def labelled_answers(course: Course) -> dict[str, Answers]:
    """The course's own right and wrong answers, by function.

    Items that are no functions have none.
    """
    found = {}
    for name, item in course.items.items():
        folder = course.folder / "solutions" / course.set_name / name
        right, wrong = sources(folder / "accepted", item), sources(folder / "wrong", item)
        if right:
            found[name] = Answers(tuple(right), tuple(wrong))
    return found


def sources(folder: Path, item: Item) -> list[str]:
    """Answers to an item in a folder, without the lines that say what is wrong with them.

    None to a numpy item uses torch: others would pay seconds for each import.
    """
    texts = [path.read_text() for path in sorted(folder.glob("*.py"))]
    plain = [
        "".join(line for line in text.splitlines(keepends=True) if not line.startswith(_LABELS))
        for text in texts
    ]
    return [text for text in plain if needs_torch(item) or "torch" not in text]


def needs_torch(item: Item) -> bool:
    return "torch" in getattr(item.definition, "imports", ())


def hand_in_all(course: Course, answers: Mapping[str, Answers], count: int) -> None:
    """Students 0 to `count` - 1 hand in, and nobody else."""
    shutil.rmtree(course.folder / "submitted", ignore_errors=True)
    for number in range(count):
        course.hand_in(number, handed_in(answers, number))


def handed_in(answers: Mapping[str, Answers], number: int) -> dict[str, str]:
    """What a student hands in: a third of the functions wrong, in turn, and each text their own."""
    functions = {}
    for position, (name, pool) in enumerate(answers.items()):
        turn, place = divmod(number + position, 3)
        texts = pool.wrong if place == 0 else pool.right
        # Else a grader that keeps what it found about a text would grade a class of copies.
        functions[name] = f"{texts[turn % len(texts)].rstrip()}\n\n# {student(number)}\n"
    return functions


# ---------------------------------------------------------------------------------------------
# Costs of a submission


@dataclass(frozen=True)
class PerSubmission:
    """Marginal cost of a submission, start-up left out.

    Attributes:
        wall_s: mean of `each_s`. What a class takes beyond its first submission would hold the difference of two
            start-ups, seconds each.
        cpu_s: what a class takes beyond its first submission.
        start_s: what a class of one takes.
        each_s: seconds between one graded notebook and the next, as their files were written.
    """

    wall_s: float
    cpu_s: float
    start_s: float
    each_s: tuple[float, ...]


def per_submission(course: Course, command: Sequence[str | Path], count: int) -> PerSubmission:
    """Run a command that grades a class of `count`, and again for its first student alone."""
    course.forget()
    one = measure([*command, f"--student={student(0)}"], course.folder, interval_s=None)
    course.forget()
    everyone = measure(command, course.folder, interval_s=None)
    each = course.cadence_s()
    if not each:
        raise SystemExit(f"{command} graded nobody in {course.folder}")
    cpu = (everyone.cpu_s - one.cpu_s) / (count - 1)
    return PerSubmission(statistics.fmean(each), cpu, one.wall_s, tuple(each))


def grade_command(set_name: str, jobs: int) -> list[str | Path]:
    return [AUTOGRADER, "grade", set_name, "--force", "-j", str(jobs)]


def autograde_command(set_name: str) -> list[str | Path]:
    return [sys.executable, "-m", "nbgrader", "autograde", set_name, "--force"]


# ---------------------------------------------------------------------------------------------
# Results


@dataclass(frozen=True)
class Sizes:
    """How many submissions each measurement takes."""

    ours: int = 100
    stock: int = 8
    drop_in: int = 30
    otter: int = 3
    children: int = 200
    scaling: tuple[int, ...] = (10, 30, 100, 300, 1000, 3000)
    whole_class: int = 300
    repeats: int = 5


QUICK = Sizes(
    ours=30,
    stock=3,
    drop_in=10,
    otter=1,
    children=60,
    scaling=(10, 30, 100),
    whole_class=60,
    repeats=3,
)


@dataclass(frozen=True)
class Figure:
    """A row of the table; `is_met` is None where there is no target, or where this run says nothing about it."""

    part: str
    what: str
    measured: str
    target: str = ""
    is_met: bool | None = None
    dominated_by: str = ""


def show(figures: Sequence[Figure]) -> None:
    table = Table(title="Side by side", title_justify="left")
    for column in ("", "", "measured", "target", "met", "dominated by"):
        table.add_column(column, overflow="fold")
    for figure in figures:
        table.add_row(*_cells(figure))
    CONSOLE.print(table)


def markdown(figures: Sequence[Figure]) -> str:
    lines = ["| | | measured | target | met | dominated by |", "|---|---|---|---|---|---|"]
    lines += ["| " + " | ".join(_cells(figure)) + " |" for figure in figures]
    return "\n".join(lines) + "\n"


def _cells(figure: Figure) -> tuple[str, ...]:
    met = "" if figure.is_met is None else "yes" if figure.is_met else "**no**"
    return figure.part, figure.what, figure.measured, figure.target, met, figure.dominated_by
