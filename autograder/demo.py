"""`autograder demo`: a class of 24 hands in two problem sets through nbgrader's exchange and is graded.

All of it is real, and in this process: the exchange, the apps of nbgrader, the sandbox, the gradebook. Every
student hands in notebooks that are right in everything but one trick. What must come of a trick stands beside
it; a difference is printed, and the exit code is 1.

Right and wrong functions are the course's own accepted/ and wrong/ files, so the class knows no problem by name.
"""

from __future__ import annotations

import contextlib
import copy
import csv
import json
import logging
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from nbgrader.apps import NbGraderAPI
from nbgrader.apps.baseapp import NbGrader
from nbgrader.apps.exportapp import ExportApp
from nbgrader.coursedir import CourseDirectory
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from autograder import batch
from autograder import notebook as notebooks
from autograder.build import build_set
from autograder.course import Course, CourseError, load_course
from autograder.executors import local
from autograder.gradebook import GradebookError, find_tools
from autograder.model import Item, Numeric, Outcome, Problem

SETS = ("ps01", "ps14")
CELL_TIME_LIMIT_S = 4.0  # of the demo's course: a loop without end must not hold up a show

_CONFIG = """\
from autograder.nbgrader_plugin import configure

c = get_config()
c.CourseDirectory.course_id = "demo"
c.Exchange.root = {exchange!r}
c.ExchangeCollect.check_owner = False  # one user plays the whole class
configure(c)
"""


# ---------------------------------------------------------------------------------------------
# What must come of a hand-in


@dataclass(frozen=True, slots=True)
class _Verdict:
    """What an item must come to: one of the outcomes, and this share of its points (None: not all)."""

    outcomes: tuple[Outcome, ...]
    share: float | None

    def __str__(self) -> str:
        share = {1.0: "all points", 0.0: "no points", None: "not all points"}[self.share]
        return f"{' or '.join(self.outcomes)}, {share}"

    def fits(self, outcome: Outcome | None, score: float | None, points: float) -> bool:
        if outcome not in self.outcomes or score is None:
            return False
        return score < points if self.share is None else score == self.share * points


RIGHT = _Verdict((Outcome.PASSED,), 1.0)
WRONG = _Verdict((Outcome.FAILED, Outcome.RAISED), None)
USELESS = _Verdict((Outcome.FAILED,), 0.0)
STOPPED = _Verdict((Outcome.RAISED,), 0.0)
LATE = _Verdict((Outcome.TIMED_OUT,), 0.0)
BLANK = _Verdict((Outcome.NOT_ATTEMPTED,), 0.0)


@dataclass(frozen=True, slots=True)
class _Trick:
    """Something done to a notebook that is right in everything else.

    Attributes:
        did: what, in a few words for the table.
        play: does it.
        expected: verdicts by role (see `_Copy.names`); every other item must be RIGHT.
        notes: texts, one of which each note for the TA must hold, and each of which must be in some note.
        shown: texts that the graded notebook must hold, so that a TA sees what happened.
        error: a text in the reason why the submission could not be graded at all; "" where it can.
    """

    did: str
    play: Callable[[_Copy], None]
    expected: Mapping[str, _Verdict] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    error: str = ""


def _trick(
    did: str, expected: Mapping[str, _Verdict] | None = None, **more: Any
) -> Callable[[Callable[[_Copy], None]], _Trick]:
    return lambda play: _Trick(did, play, expected or {}, **more)


@dataclass(frozen=True, slots=True)
class _Student:
    """A student, and what they do to the first and to the second problem set."""

    id: str
    tricks: tuple[_Trick, _Trick]


# ---------------------------------------------------------------------------------------------
# A student's copy of a notebook


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A problem set as the class needs it.

    Attributes:
        items: in the order of the notebook, those that a person grades left out.
        right: source of a right answer cell by item.
        styles: right functions by problem, as different people write them.
        bugs: wrong ones: (name of the bug, source).
    """

    name: str
    items: tuple[Item, ...]
    right: Mapping[str, str]
    styles: Mapping[str, tuple[str, ...]]
    bugs: Mapping[str, tuple[tuple[str, str], ...]]


class _Copy:
    """A student's copy of the released notebook, right in everything until a trick is played on it.

    Args:
        sheet: the problem set.
        nb: JSON of the released notebook; changed in place.
        style: number of the student, whose way to write functions it picks.
        turn: how many students have played the same trick on this problem set before.
        elsewhere: right notebooks of other problem sets.
        secrets: files that no student may read.
    """

    def __init__(
        self,
        sheet: _Sheet,
        nb: dict[str, Any],
        *,
        style: int,
        turn: int,
        elsewhere: Sequence[dict[str, Any]] = (),
        secrets: Sequence[Path] = (),
    ) -> None:
        self.sheet, self.nb, self.turn = sheet, nb, turn
        self.elsewhere, self.secrets = elsewhere, secrets
        self.bugs: dict[str, str] = {}  # by item
        self.stubs: dict[str, str] = {}  # what stood in the answer cells
        self.text: str | None = None  # what is handed in instead of a notebook
        for cell in self.cells:
            cell["source"] = "".join(cell["source"])
            self.stubs[_answers(cell) or ""] = cell["source"]
        for item in sheet.items:
            styles = sheet.styles.get(item.name)
            self.write(item.name, styles[style % len(styles)] if styles else sheet.right[item.name])

    @property
    def cells(self) -> list[dict[str, Any]]:
        cells: list[dict[str, Any]] = self.nb["cells"]
        return cells

    def names(self, role: str) -> list[str]:
        """The items that a trick means by a word."""
        functions = [item.name for item in self.sheet.items if isinstance(item.definition, Problem)]
        numbers = [item.name for item in self.sheet.items if isinstance(item.definition, Numeric)]
        every = [item.name for item in self.sheet.items]
        roles = {
            "function": functions[:1],
            "other function": functions[1:2],
            "functions": functions,
            "number": numbers[:1],
            "functions with a bug": list(self.bugs),
            "the rest": [name for name in every if name not in functions],
            "later half": every[len(every) // 2 :],
            "everything": every,
        }
        return roles[role]

    def name(self, role: str) -> str:
        names = self.names(role)
        if not names:
            raise CourseError([f"{self.sheet.name}: the demo needs a {role} in this problem set"])
        return names[0]

    def answer(self, item: str) -> dict[str, Any]:
        """The cell that a student answers the item in."""
        return next(cell for cell in self.cells if _answers(cell) == item)

    def check(self, item: str) -> dict[str, Any]:
        """The locked cell that carries the item's points."""
        return next(cell for cell in self.cells if _grade_id(cell) == item)

    def write(self, item: str, source: str) -> None:
        self.answer(item)["source"] = source

    def read(self, item: str) -> str:
        return str(self.answer(item)["source"])

    def written(self) -> str:
        return json.dumps(self.nb, indent=1) if self.text is None else self.text


def _grade_id(cell: Mapping[str, Any]) -> str | None:
    grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id")
    return None if grade_id is None else str(grade_id)


def _answers(cell: Mapping[str, Any]) -> str | None:
    """The item that a cell of a released notebook is the answer to, if any."""
    marked = cell["metadata"].get("autograder", {}).get("answer")
    if marked is not None:
        return str(marked)
    grade_id = _grade_id(cell)
    is_answer = grade_id is not None and grade_id.endswith("_answer")
    return grade_id.removesuffix("_answer") if grade_id is not None and is_answer else None


# ---------------------------------------------------------------------------------------------
# Tricks, each with what must come of it


@_trick("all right")
def honest(copy: _Copy) -> None:
    pass


@_trick("a bug in each function", {"functions with a bug": WRONG})
def with_bugs(copy: _Copy) -> None:
    for name in copy.names("functions"):
        bugs = copy.sheet.bugs[name]
        if copy.turn < len(bugs):
            copy.bugs[name], source = bugs[copy.turn]
            copy.write(name, source)


@_trick("half-finished", {"later half": BLANK})
def stop_halfway(copy: _Copy) -> None:
    for name in copy.names("later half"):
        copy.write(name, copy.stubs[name])


@_trick("endless loop in a function", {"function": LATE})
def loop_in_function(copy: _Copy) -> None:
    name = copy.name("function")
    copy.write(name, f"def {name}(*arguments):\n    while True:\n        pass\n")


@_trick("endless loop in a cell", {"function": LATE})
def loop_in_cell(copy: _Copy) -> None:
    name = copy.name("function")
    copy.write(name, f"{copy.read(name)}\n\nn = 1\nwhile n:\n    n += 1\n")


@_trick("os._exit", {"function": STOPPED, "number": STOPPED})
def kill_the_process(copy: _Copy) -> None:
    function, number = copy.name("function"), copy.name("number")
    copy.write(function, f"import os\n\n\ndef {function}(*arguments):\n    os._exit(0)\n")
    copy.write(number, f"import os\n\n{copy.read(number)}\nos._exit(0)\n")


@_trick("syntax error", {"function": STOPPED})
def break_syntax(copy: _Copy) -> None:
    name = copy.name("function")
    copy.write(name, f"def {name}(*arguments)\n    return arguments[0]\n")


@_trick("deleted cells", {"number": BLANK}, notes=("was missing; it was put back",))
def delete_cells(copy: _Copy) -> None:
    copy.cells.remove(copy.check(copy.name("function")))
    copy.cells.remove(copy.answer(copy.name("number")))


@_trick("duplicated cells", notes=("is there 2 times",))
def duplicate_cells(copy: _Copy) -> None:
    name = copy.name("function")
    for cell in (copy.answer(name), copy.check(name)):
        twin = {**cell, "id": f"{cell['id']}-copy"}
        copy.cells.insert(copy.cells.index(cell) + 1, twin)


@_trick("renamed function", {"function": USELESS})
def rename_function(copy: _Copy) -> None:
    name = copy.name("function")
    copy.write(name, copy.read(name).replace(name, f"{name}_new"))


_SCORES = """

from IPython.display import display

print("{points} / {points}")
print('{{"score": {points}, "outcome": "passed"}}')
display({points})
get_ipython().user_ns["check"] = lambda *anything: {points}
{points}
"""


@_trick(
    "prints a score", {"function": BLANK}, notes=("was changed; the released text was put back",)
)
def print_a_score(copy: _Copy) -> None:
    name = copy.name("function")
    points = next(item.points for item in copy.sheet.items if item.name == name)
    copy.write(name, copy.stubs[name] + _SCORES.format(points=points))
    copy.check(name)["source"] = repr(points)


_LIAR = """
class Liar:
    __hash__ = None

    def __eq__(self, other):
        return True

    def __ne__(self, other):
        return False

    def __bool__(self):
        return True

    def __float__(self):
        raise SystemExit

    def __array__(self, *anything, **more):
        import inspect

        for frame in inspect.stack():
            if "expected" in frame.frame.f_locals:
                return frame.frame.f_locals["expected"]
        return None

    def __reduce__(self):
        return (print, ("score", 1.0))


def {name}(*arguments):
    return Liar()
"""

_LYING_FLOAT = """
class Agreeable(float):
    def __eq__(self, other):
        return True

    def __sub__(self, other):
        return 0.0

    def __rsub__(self, other):
        return 0.0

    def __abs__(self):
        return 0.0

    def __float__(self):
        return Agreeable(-12345.0)


{name} = Agreeable(-12345.0)
"""


@_trick("objects that lie", {"function": USELESS, "number": USELESS})
def return_liars(copy: _Copy) -> None:
    copy.write(copy.name("function"), _LIAR.format(name=copy.name("function")))
    copy.write(copy.name("number"), _LYING_FLOAT.format(name=copy.name("number")))


_BURGLAR = """
from pathlib import Path

loot = []
for place in {places!r}:
    try:
        loot.append(Path(place).read_bytes())
    except OSError as error:
        print(type(error).__name__)
print("read", len(loot), "of", {count})
"""


@_trick("reads files", shown=("read 0 of",))
def read_files(copy: _Copy) -> None:
    number = copy.name("number")
    places = [str(path) for path in copy.secrets]
    copy.write(number, _BURGLAR.format(places=places, count=len(places)) + copy.read(number))


_CALLER = """
import socket

reached = 0
for family, address in [(socket.AF_INET, ("127.0.0.1", 80)), (socket.AF_INET, ("1.1.1.1", 53))]:
    try:
        with socket.socket(family, socket.SOCK_STREAM) as connection:
            connection.settimeout(1)
            connection.connect(address)
            reached += 1
    except OSError as error:
        print(type(error).__name__)
print("reached", reached, "of 2")
"""


@_trick("opens sockets", shown=("reached 0 of 2",))
def open_sockets(copy: _Copy) -> None:
    number = copy.name("number")
    copy.write(number, _CALLER + copy.read(number))


_BREEDER = """
import os
import subprocess

born = 0
for _ in range(1000):
    try:
        if os.fork() == 0:
            while True:
                os.fork()
        born += 1
    except OSError as error:
        reason = type(error).__name__
        break
try:
    subprocess.run(["true"])
    born += 1
except OSError:
    pass
print("born", born, "because of", reason)
"""


@_trick("forks", shown=("born 0 because of",))
def fork(copy: _Copy) -> None:
    number = copy.name("number")
    copy.write(number, _BREEDER + copy.read(number))


@_trick("answers in reverse order")
def reverse_answers(copy: _Copy) -> None:
    moved = [cell for cell in copy.cells if _answers(cell) or _grade_id(cell)]
    copy.cells[:] = [cell for cell in copy.cells if cell not in moved] + moved[::-1]


@_trick(
    "retyped and emptied cells",
    {"other function": USELESS},
    notes=("was turned into a markdown cell; it is a code cell again",),
)
def retype_and_empty(copy: _Copy) -> None:
    cell = copy.answer(copy.name("function"))
    cell["cell_type"] = "markdown"
    del cell["outputs"], cell["execution_count"]
    copy.write(copy.name("other function"), "")


@_trick("another kernel")
def change_kernel(copy: _Copy) -> None:
    copy.nb["metadata"] = {
        "kernelspec": {"name": "ir", "display_name": "R", "language": "R"},
        "language_info": {"name": "R", "version": "4.4"},
    }


@_trick("not JSON", error="is not valid JSON")
def break_json(copy: _Copy) -> None:
    text = copy.written()
    copy.text = f"{text[: len(text) // 2]}\n<<<<<<< HEAD\n"


@_trick(
    "notebook of the other set",
    {"functions": USELESS, "the rest": BLANK},
    notes=("which the assignment does not have", "was missing; it was put back"),
)
def swap_notebook(copy: _Copy) -> None:
    copy.text = json.dumps(copy.elsewhere[0])


_WARNER = """
import sys
import warnings

import matplotlib.pyplot as plt
import numpy as np

warnings.warn("this answer is a wild guess")
print("a word on stderr", file=sys.stderr)
np.array([1.0]) / np.array([0.0])
plt.plot([0.0, 1.0], [1.0, 0.0])
plt.title("a plot of my own")
plt.show()
"""


@_trick("warnings and a plot", shown=("wild guess", "image/png"))
def warn_and_plot(copy: _Copy) -> None:
    name = copy.name("function")
    copy.write(name, _WARNER + copy.read(name))


@_trick("200 000 lines of output", shown=("and so on",))
def print_a_lot(copy: _Copy) -> None:
    name = copy.name("function")
    noise = 'for line in range(200_000):\n    print(line, "and so on" * 20)\n'
    copy.write(name, f"{copy.read(name)}\n\n{noise}")


# Between them they also make every bug that the course knows in these problem sets.
_CLASS = (
    _Student("ada", (honest, honest)),
    _Student("boris", (with_bugs, with_bugs)),
    _Student("chloe", (with_bugs, with_bugs)),
    _Student("dario", (with_bugs, with_bugs)),
    _Student("elsa", (with_bugs, loop_in_function)),
    _Student("femi", (stop_halfway, with_bugs)),
    _Student("gita", (break_syntax, with_bugs)),
    _Student("hugo", (delete_cells, with_bugs)),
    _Student("ines", (duplicate_cells, with_bugs)),
    _Student("jonas", (rename_function, with_bugs)),
    _Student("kofi", (print_a_score, with_bugs)),
    _Student("lena", (return_liars, with_bugs)),
    _Student("marco", (read_files, with_bugs)),
    _Student("nadia", (change_kernel, with_bugs)),
    _Student("oskar", (loop_in_cell, with_bugs)),
    _Student("priya", (with_bugs, kill_the_process)),
    _Student("quinn", (with_bugs, open_sockets)),
    _Student("rosa", (with_bugs, fork)),
    _Student("sven", (with_bugs, reverse_answers)),
    _Student("tala", (with_bugs, retype_and_empty)),
    _Student("uma", (with_bugs, break_json)),
    _Student("viktor", (with_bugs, swap_notebook)),
    _Student("wanda", (with_bugs, warn_and_plot)),
    _Student("yusuf", (with_bugs, print_a_lot)),
)


# ---------------------------------------------------------------------------------------------
# The show


def run_demo(course_root: Path, *, keep: Path | None, jobs: int, sets: Sequence[str] = ()) -> int:
    """Play the class in a copy of the course; 0 if all came out as expected, else 1.

    Args:
        course_root: the course.
        keep: a directory to do it in, new or empty; a new temporary one without it.
        jobs: submissions graded at once.
        sets: two problem sets, by name or its beginning; `SETS` without them.

    Raises:
        CourseError: the course or a set is broken, or `keep` holds something.
        GradebookError: nbgrader cannot do its part.
        SandboxError: this machine cannot run student code.
    """
    console = Console()
    root = _empty_directory(keep)
    try:
        show = _Show(load_course(course_root), root, sets or SETS, console)
        return show.run(jobs)
    finally:
        if not any(root.iterdir()):
            root.rmdir()


def _empty_directory(keep: Path | None) -> Path:
    if keep is None:
        return Path(tempfile.mkdtemp(prefix="autograder-demo-"))
    if keep.exists() and (not keep.is_dir() or any(keep.iterdir())):
        raise CourseError([f"{keep}: holds something already. Name a new or an empty directory"])
    keep.mkdir(parents=True, exist_ok=True)
    return keep.resolve()


@dataclass(frozen=True, slots=True)
class _HandIn:
    """What was handed in, and what came of it."""

    student: _Student
    sheet: _Sheet
    trick: _Trick
    copy: _Copy
    result: batch.SubmissionResult | None = None


class _Show:
    def __init__(self, course: Course, root: Path, sets: Sequence[str], console: Console) -> None:
        names = tuple(course.full_set_name(name) for name in sets)
        if len(set(names)) != 2:
            raise CourseError([f"the demo plays two problem sets, not {', '.join(names)}"])
        self._sets, self._root, self._console = names, root, console
        self._course_root = root / "course"
        self._course_root.mkdir()
        for folder in (course.solutions, course.assignments):
            ignored = shutil.ignore_patterns("__pycache__", ".*")
            shutil.copytree(folder, self._course_root / folder.name, ignore=ignored)
        exchange = root / "exchange"
        exchange.mkdir()
        exchange.chmod(0o777)  # nbgrader insists on it
        text = _CONFIG.format(exchange=str(exchange))
        (self._course_root / "nbgrader_config.py").write_text(text, encoding="utf-8")
        self._course = load_course(self._course_root)
        self._policy = replace(course.policy, cell_time_limit_s=CELL_TIME_LIMIT_S)

    def run(self, jobs: int) -> int:
        start = time.monotonic()
        with _quiet():
            self._start_nbgrader()
            with self._step("build and release") as told:
                sheets = [self._release(name) for name in self._sets]
                told(f"{' and '.join(self._sets)}: {sum(len(s.items) for s in sheets)} items")
            with self._step("fetch, answer, submit") as told:
                handed_in = self._play(sheets)
                told(f"{len(_CLASS)} students, {len(handed_in)} notebooks through the exchange")
            with self._step("collect") as told:
                for name in self._sets:
                    self._do(self._api.collect(name))
                told(f"into {self._course_root / 'submitted'}")
            with self._step("grade") as told:
                graded, isolation = self._grade(handed_in, jobs)
                told(f"{len(graded)} notebooks, {jobs} at once; isolation: {isolation}")
            with self._step("feedback") as told:
                student, pages, page = self._give_feedback(graded)
                told(f"{len(pages)} pages made and released; {student.id} fetched theirs")
            with self._step("export") as told:
                table = self._export()
                told(f"{len(table)} rows")
            faults = [fault for one in graded for fault in self._faults(one)]
            faults += _differences(graded, table, self._gradebook_scores())
        self._report(graded, faults, page, time.monotonic() - start)
        return 1 if faults else 0

    # -- steps

    @contextlib.contextmanager
    def _step(self, name: str) -> Iterator[Callable[[str], None]]:
        start = time.monotonic()
        told: list[str] = []
        yield told.append
        seconds = time.monotonic() - start
        self._console.print(
            f"[bold]{name:<22}[/]{seconds:>6.1f} s  {' '.join(told)}", soft_wrap=True
        )

    def _start_nbgrader(self) -> None:
        find_tools()
        app = NbGrader(raise_config_file_errors=True)
        app.initialize([], root=str(self._course_root))
        app.coursedir.root = str(self._course_root)
        self._api = NbGraderAPI(app.coursedir, parent=app)

    def _do(self, result: Mapping[str, Any]) -> None:
        if not result["success"]:
            said = str(result.get("log") or result.get("error")).strip().splitlines()
            raise GradebookError("nbgrader stopped: " + " ".join(said[-3:]))

    def _release(self, set_name: str) -> _Sheet:
        build_set(self._course, set_name, self._course_root / "source")
        build_set(self._course, set_name, self._root / "solved", solved=True)
        self._do(self._api.generate_assignment(set_name))
        self._do(self._api.release_assignment(set_name))
        solved = self._solved(set_name)
        right = {name: cell["source"] for cell in solved["cells"] if (name := _answers(cell))}
        items = self._course.items(set_name)
        found: dict[str, dict[str, tuple[tuple[str, str], ...]]] = {"accepted": {}, "wrong": {}}
        for item in items.values():
            for folder, files in found.items():
                if isinstance(item.definition, Problem):
                    files[item.name] = tuple(_read_functions(item.file.parent / folder))
        return _Sheet(
            set_name,
            items=tuple(items[name] for name in right),
            right=right,
            styles={
                name: (right[name], *(source for _, source in files))
                for name, files in found["accepted"].items()
            },
            bugs=found["wrong"],
        )

    def _play(self, sheets: Sequence[_Sheet]) -> list[_HandIn]:
        """Each student fetches each problem set, works on it and submits it."""
        right = {s.name: self._solved(s.name) for s in sheets}
        secrets = [
            Path("/etc/passwd"),
            self._course_root / "gradebook.db",
            self._course_root / "nbgrader_config.py",
            *(item.file for sheet in sheets for item in sheet.items),
        ]
        played = []
        for number, student in enumerate(_CLASS):
            for index, (sheet, trick) in enumerate(zip(sheets, student.tricks, strict=True)):
                home = self._home(student.id)
                nbgrader = self._exchange(student.id, sheet.name)
                nbgrader("FetchAssignment")
                file = home / sheet.name / f"{sheet.name}.ipynb"
                copied = _Copy(
                    sheet,
                    notebooks.read(file),
                    style=number,
                    turn=sum(other.tricks[index] is trick for other in _CLASS[:number]),
                    elsewhere=[copy.deepcopy(right[s.name]) for s in sheets if s is not sheet],
                    secrets=secrets,
                )
                trick.play(copied)
                file.write_text(copied.written(), encoding="utf-8")
                nbgrader("Submit")
                played.append(_HandIn(student, sheet, trick, copied))
        return played

    def _solved(self, name: str) -> dict[str, Any]:
        return notebooks.read(self._root / "solved" / name / f"{name}.ipynb")

    def _home(self, student: str) -> Path:
        return self._root / "students" / student

    def _exchange(self, student: str, assignment: str) -> Callable[[str], None]:
        """The exchange as a student uses it, with a home and a cache of their own."""
        home = self._home(student)
        home.mkdir(parents=True, exist_ok=True)

        def act(action: str) -> None:
            # What `nbgrader submit --student ID` sets, so that one user can act for many.
            directory = CourseDirectory(parent=self._api.parent)
            directory.student_id, directory.assignment_id = student, assignment
            acting = getattr(self._api.exchange, action)(
                coursedir=directory, authenticator=self._api.authenticator, parent=self._api
            )
            acting.assignment_dir, acting.cache = str(home), str(home / ".cache")
            acting.start()

        return act

    def _grade(self, handed_in: Sequence[_HandIn], jobs: int) -> tuple[list[_HandIn], str]:
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
        )
        results: dict[tuple[str, str], batch.SubmissionResult] = {}
        isolation = ""
        hidden = not self._console.is_terminal
        with Progress(*columns, console=self._console, transient=True, disable=hidden) as progress:
            task = progress.add_task("grading", total=len(handed_in))
            for name in self._sets:
                with local(self._course_root, name, jobs, self._policy) as executor:
                    graded = batch.grade_class(
                        self._course_root,
                        name,
                        executor,
                        progress=lambda result: progress.advance(task),
                    )
                results |= {(result.student, name): result for result in graded.results}
                isolation = graded.isolation
        return [
            replace(one, result=results[one.student.id, one.sheet.name]) for one in handed_in
        ], isolation

    def _give_feedback(self, graded: Sequence[_HandIn]) -> tuple[_Student, list[Path], Path]:
        """Who fetched feedback, all pages, and the fetched one."""
        for name in self._sets:
            self._do(self._api.generate_feedback(name))
            self._do(self._api.release_feedback(name))
        # The last set, because its pages have plots; a student with bugs, because there is more to read.
        one = next(one for one in graded if one.sheet.name == self._sets[-1] and one.copy.bugs)
        self._exchange(one.student.id, one.sheet.name)("FetchFeedback")
        fetched = self._home(one.student.id).glob(f"{one.sheet.name}/feedback/*/*.html")
        return (
            one.student,
            sorted((self._course_root / "feedback").glob("*/*/*.html")),
            next(fetched),
        )

    def _export(self) -> list[dict[str, str]]:
        path = self._root / "grades.csv"
        export = ExportApp()
        export.initialize(["--to", str(path)], root=str(self._course_root))
        export.start()
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def _gradebook_scores(self) -> dict[tuple[str, str, str], float | None]:
        """Scores by student, problem set and item, as nbgrader's gradebook has them."""
        with self._api.gradebook as gradebook:
            return {
                (submission.student.id, name, grade.name): grade.auto_score
                for name in self._sets
                for submission in gradebook.assignment_submissions(name)
                for notebook in submission.notebooks
                for grade in notebook.grades
            }

    # -- what came of it

    def _faults(self, one: _HandIn) -> Iterator[str]:
        """Where a submission came out otherwise than its trick says."""
        result, trick = one.result, one.trick
        assert result is not None
        where = f"{one.student.id}, {one.sheet.name} ({trick.did})"
        wanted = "failed" if trick.error else "graded"
        if result.status != wanted or trick.error not in result.error:
            yield f"{where}: expected {wanted} {trick.error!r}, came {result.status} {result.error!r}"
        if trick.error:
            return
        expected = {item.name: RIGHT for item in one.sheet.items}
        for role, verdict in trick.expected.items():
            expected |= dict.fromkeys(one.copy.names(role), verdict)
        for item in one.sheet.items:
            verdict = expected[item.name]
            outcome, score = result.outcomes.get(item.name), result.scores.get(item.name)
            if not verdict.fits(outcome, score, item.points):
                bug = (
                    f" with the bug {one.copy.bugs[item.name]}"
                    if item.name in one.copy.bugs
                    else ""
                )
                yield (
                    f"{where}: {item.name}{bug}: expected {verdict}; "
                    f"came {outcome}, {score} of {item.points:g} points"
                )
        for note in result.notes:
            if not any(text in note for text in trick.notes):
                yield f"{where}: an unexpected note: {note}"
        for text in trick.notes:
            if not any(text in note for note in result.notes):
                yield f"{where}: no note says {text!r}; the notes: {' '.join(result.notes) or 'none'}"
        name = one.sheet.name
        place = self._course_root / "autograded" / one.student.id / name / f"{name}.ipynb"
        graded = place.read_text(encoding="utf-8") if trick.shown else ""
        for text in trick.shown:
            if text not in graded:
                yield f"{where}: the graded notebook does not show {text!r}"

    def _report(
        self, graded: Sequence[_HandIn], faults: Sequence[str], page: Path, seconds: float
    ) -> None:
        self._console.print()
        self._console.print(self._table(graded, faults))
        bugs = [bug for one in graded for bug in one.copy.bugs.items()]
        known = sum(len(bugs) for one in graded[:2] for bugs in one.sheet.bugs.values())
        self._console.print(
            f"\n{len(set(bugs))} of the course's {known} known bugs in these problem sets were "
            f"handed in; {len(graded)} notebooks came out "
            + ("as expected." if not faults else f"with surprises ({len(faults)}):"),
            highlight=False,
        )
        for fault in faults:
            self._console.print(f"[red]✗[/] {escape(fault)}", highlight=False)
        places = {
            "gradebook": self._course_root / "gradebook.db",
            "a feedback page": page,
            "grades as CSV": self._root / "grades.csv",
        }
        self._console.print(f"\nAll in {seconds:.0f} s. Look at", highlight=False)
        for what, path in places.items():
            self._console.print(f"  {what:<16} {path}", soft_wrap=True, highlight=False)

    def _table(self, graded: Sequence[_HandIn], faults: Sequence[str]) -> Table:
        table = Table(box=None, header_style="bold", pad_edge=False)
        table.add_column("student")
        for name in self._sets:
            table.add_column(name)
            table.add_column("points", justify="right")
            table.add_column("time", justify="right")
        table.add_column("", justify="right")
        for student in _CLASS:
            row = [student.id]
            for one in graded:
                result = one.result
                if one.student is not student or result is None:
                    continue
                score = "–" if result.score is None else f"{result.score:.4g}"
                row += [one.trick.did, f"{score}/{result.max_score:g}", f"{result.seconds:.1f} s"]
            surprised = any(fault.startswith(f"{student.id},") for fault in faults)
            table.add_row(*row, "[red]✗[/]" if surprised else "[green]✓[/]")
        return table


def _read_functions(folder: Path) -> Iterator[tuple[str, str]]:
    """(name, source) of the functions in a folder, without the lines that say what is wrong with them."""
    for path in sorted(folder.glob("*.py")):
        lines = path.read_text(encoding="utf-8").splitlines()
        marks = ("# family:", "# line:", "# about:")
        yield path.stem, "\n".join(line for line in lines if not line.startswith(marks)).strip("\n")


def _differences(
    graded: Sequence[_HandIn],
    table: Sequence[Mapping[str, str]],
    scores: Mapping[tuple[str, str, str], float | None],
) -> Iterator[str]:
    """Where nbgrader's gradebook and its table of grades say something else than the grader."""
    rows = {(row["student_id"], row["assignment"]): row for row in table}
    for one in graded:
        result, place = one.result, (one.student.id, one.sheet.name)
        assert result is not None
        row = rows.get(place)
        if row is None or float(row["raw_score"]) != round(result.score or 0.0, 9):
            yield f"{one.student.id}, {one.sheet.name}: {result.score} points, in the CSV {row}"
        for item, score in result.scores.items():
            if scores.get((*place, item)) != score:
                found = scores.get((*place, item))
                yield f"{one.student.id}, {one.sheet.name}: {item}: {score}, in the gradebook {found}"


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep nbgrader's log out of the show; what stops it is told by the exception."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        yield
    finally:
        logging.disable(before)
