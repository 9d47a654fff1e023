"""A course, a class of attackers with honest students among them, and the real commands that grade it.

Secrets lie where an attacker would look for them; each is a canary of its own, made anew in each run, so that
no file of this repository holds one.
"""

from __future__ import annotations

import json
import os
import secrets
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import small_course
from attack import Attack, Copy, answered
from nbgrader import api
from test_gradebook import rows
from test_release import nbgrader_api

from autograder.build import build_set
from autograder.course import load_course

SET = small_course.SET
HERE = Path(__file__).parent
ROOT = HERE.parents[1]
CANARY = "birdsong"  # how each of them begins
BREACHED = "breached"  # what an attack prints when it came through
COURSE_TOML = """\
cell_time_limit_s = 3
notebook_time_limit_s = 25
memory_mib = 512
"""
FIRST, LAST = "ada", "zoe"

# A number of a hidden input and one of a hidden expected value, that no other input shows.
HIDDEN_INPUT = 0.7254013893371265
HIDDEN_EXPECTED = 1.2353975779692274  # sqrt(HIDDEN_INPUT**2 + 1)

LENGTH = f'''\
"""The Euclidean length of x, from scratch."""

import numpy as np

from autograder.model import Case, Group, Problem
from autograder.strategies import st, vectors

NOTE = "@REFERENCE@"


def length(x):
    return float(np.sqrt(np.sum(x**2)))


problem = Problem(
    reference=length,
    source="Any book on arrays, chapter 2",
    rtol=1e-9,
    atol=1e-12,
    time_limit_s=2.0,
    forbidden=("numpy.linalg",),
    examples=[Case("three and four", (np.array([3.0, 4.0]),))],
    groups=[
        Group(
            "special cases",
            points=2,
            cases=(
                Case("a unit vector", (np.array([0.0, 1.0, 0.0]),)),
                Case("of two odd numbers", (np.array([{HIDDEN_INPUT!r}, 1.0]),)),
            ),
        ),
        Group("random vectors", points=2, strategy=st.tuples(vectors()), count=8),
    ],
)
'''
LENGTH_CELLS = '''\
```{code-cell} ipython3
:item: length

def length(x):
    """The Euclidean length of x, without numpy.linalg."""
    raise NotImplementedError
```

```{code-cell} ipython3
:item: root_of_two
'''


@dataclass(frozen=True)
class Result:
    """What became of one submission.

    Attributes:
        scores: by item; None where a person must grade.
        texts: outputs of the graded notebook, as text.
        notebook: the graded notebook's JSON, "" where there is none.
        files: what stands in all files of the student's that grading and feedback made.
        page: the feedback page.
        said: what the command said of it.
    """

    scores: Mapping[str, float | None]
    texts: str
    notebook: str
    files: str
    page: str
    said: str


@dataclass
class Room:
    """A machine of its own: everything in it lies under `root`.

    Attributes:
        canaries: by the place where they lie.
        said: output of the commands, all of it.
        command: words before each command, such as those that take something from the machine.
    """

    root: Path
    canaries: dict[str, str]
    said: dict[str, str] = field(default_factory=dict)
    command: tuple[str, ...] = ()

    @property
    def course(self) -> Path:
        return self.root / "course"

    def run(self, *words: str, codes: Sequence[int] = (0,)) -> str:
        """A command line, such as run("nbgrader", "collect", SET), in the course's directory."""
        modules = {"nbgrader": "nbgrader", "autograder": "autograder.cli"}
        done = subprocess.run(
            [*self.command, sys.executable, "-m", modules[words[0]], *words[1:]],
            cwd=self.course,
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            text=True,
            errors="replace",
            timeout=900,
            check=False,
        )
        assert done.returncode in codes, f"{' '.join(words)}:\n{done.stdout}"
        self.said[" ".join(words[:2])] = done.stdout
        return done.stdout

    def environment(self) -> dict[str, str]:
        home = self.root / "home"
        return {
            **os.environ,
            "HOME": str(home),
            "TMPDIR": str(self.root / "tmp"),
            "JUPYTER_DATA_DIR": str(home / "data"),
            "JUPYTER_CONFIG_DIR": str(home / "config"),
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "COLUMNS": "200",
            "GRADER_TOKEN": self.canaries["environment"],
        }

    def places(self, name: str, listening: Mapping[str, str]) -> dict[str, str]:
        """What an attacker's cells know of the machine, by the word that stands for it."""
        return {
            "COURSE": str(self.course),
            "HOME": str(self.root / "home"),
            "TMP": str(self.root / "tmp"),
            "MARK": mark(name),
            "NAME": name,
            "SET": SET,
            "PID": str(os.getpid()),
            **listening,
        }


def mark(name: str) -> str:
    """Name of the file that an attack leaves wherever it can write."""
    return f"mark-of-{name}"


# ---------------------------------------------------------------------------------------------
# The course


def make_room(root: Path) -> Room:
    """A course that is built and released, and secrets around it."""
    places = ("reference", "gradebook", "sibling", "environment", "home", "temporary")
    room = Room(root, {place: f"{CANARY}-{place}-{secrets.token_hex(8)}" for place in places})
    for name in ("home", "tmp", "course"):
        (root / name).mkdir(parents=True)
    (root / "home" / "secret.txt").write_text(room.canaries["home"])
    (root / "tmp" / "notes.txt").write_text(room.canaries["temporary"])
    small_course.write(room.course)
    _extend(room)
    (room.course / "course.toml").write_text(COURSE_TOML)
    (room.course / "nbgrader_config.py").write_text(
        "from autograder.nbgrader_plugin import configure\n"
        "c = get_config()\n"
        'c.CourseDirectory.course_id = "opt"\n'
        f"c.Exchange.root = {str(root / 'exchange')!r}\n"
        "configure(c)\n"
    )
    build_set(load_course(room.course), SET, room.course / "source")
    build_set(load_course(room.course), SET, room.root / "solved", solved=True)
    result = nbgrader_api(room.course).generate_assignment(SET)
    assert result["success"], result
    with api.Gradebook(f"sqlite:///{room.course / 'gradebook.db'}") as gradebook:
        gradebook.add_student("mia", last_name=room.canaries["gradebook"])
    return room


def _extend(room: Room) -> None:
    """A second function, with a hidden expected value that no input shows."""
    solutions = room.course / "solutions" / SET
    (solutions / "length").mkdir()
    text = LENGTH.replace("@REFERENCE@", room.canaries["reference"])
    (solutions / "length" / "problem.py").write_text(text)
    problem = solutions / "floor_at" / "problem.py"
    spoiled = problem.read_text().replace("atol=1e-9,", "atol=1e-9,\n    time_limit_s=2.0,")
    hidden = f"np.array([-3.0, 1.0, {HIDDEN_INPUT!r}])"
    problem.write_text(spoiled.replace("np.array([-3.0, 1.0])", hidden))
    notebook = room.course / "assignments" / SET / f"{SET}.md"
    before = "```{code-cell} ipython3\n:item: root_of_two\n"
    text = notebook.read_text()
    assert before in text
    notebook.write_text(text.replace(before, LENGTH_CELLS))


# ---------------------------------------------------------------------------------------------
# The class


class Desk:
    """Makes copies of the released notebook."""

    def __init__(self, room: Room) -> None:
        self._room = room
        released = room.course / "release" / SET / f"{SET}.ipynb"
        solved = json.loads((room.root / "solved" / SET / f"{SET}.ipynb").read_text())
        self._released = json.loads(released.read_text())
        for cell in self._released["cells"]:
            cell["source"] = "".join(cell["source"])
        self.stubs = {
            name: cell["source"] for cell in self._released["cells"] if (name := answered(cell))
        }
        self.right = {
            name: "".join(cell["source"]) for cell in solved["cells"] if (name := answered(cell))
        }
        assert set(self.right) == set(self.stubs)

    def copy(self, student: str, places: Mapping[str, str] | None = None) -> Copy:
        """A right notebook, and the student's folder."""
        folder = self._room.course / "submitted" / student / SET
        folder.mkdir(parents=True)
        nb = json.loads(json.dumps(self._released))
        copy = Copy(nb, folder, places or {}, self.right, self.stubs)
        for item, source in self.right.items():
            copy.answer(item)["source"] = source
        copy.check("reason")["source"] = "Because no entry is."
        return copy

    def hand_in(self, copy: Copy) -> None:
        if not os.path.lexists(copy.notebook):
            data = json.dumps(copy.nb) if copy.text is None else copy.text
            data = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
            copy.notebook.write_bytes(data)


def seat(room: Room, attacks: Sequence[Attack], listening: Mapping[str, str]) -> None:
    """Put a class's submissions where `nbgrader collect` would: honest students first and last."""
    desk = Desk(room)
    for student in (FIRST, LAST):
        copy = desk.copy(student)
        copy.insert(f"My notes: {room.canaries['sibling']}", cell_type="markdown")
        desk.hand_in(copy)
    for attack in attacks:
        copy = desk.copy(attack.id, room.places(attack.name, listening))
        if attack.target:
            copy.forget(attack.target)
        attack.play(copy)
        desk.hand_in(copy)


# ---------------------------------------------------------------------------------------------
# What came of it


def results(room: Room, students: Sequence[str]) -> dict[str, Result]:
    scores = rows_of(room.course / "gradebook.db")
    found = {}
    for student in students:
        graded = room.course / "autograded" / student / SET / f"{SET}.ipynb"
        page = room.course / "feedback" / student / SET / f"{SET}.html"
        text = graded.read_text() if graded.exists() else ""
        found[student] = Result(
            scores.get(student, {}),
            "\n".join(_texts(json.loads(text))) if text else "",
            text,
            "\n".join(_files_of(room, student)),
            page.read_text() if page.exists() else "",
            "\n".join(_said_of(student, room.said.values())),
        )
    return found


def rows_of(gradebook: Path) -> dict[str, dict[str, float | None]]:
    """What was awarded without a person, by student and item."""
    scores: dict[str, dict[str, float | None]] = {}
    for student, item, _, auto, *_ in rows(f"sqlite:///{gradebook}")["grades"]:
        scores.setdefault(student, {})[item] = auto
    return scores


def _files_of(room: Room, student: str) -> Iterator[str]:
    for step in ("autograded", "feedback"):
        for path in (room.course / step / student).rglob("*"):
            if path.is_file():
                yield path.read_text(errors="replace")


def _texts(nb: Mapping[str, Any]) -> Iterator[str]:
    for cell in nb["cells"]:
        for output in cell.get("outputs", ()):
            for part in (
                output.get("text", ""),
                output.get("ename", ""),
                output.get("evalue", ""),
                output.get("traceback", []),
                *output.get("data", {}).values(),
            ):
                yield "".join(part) if isinstance(part, list) else part


def _said_of(student: str, texts: Any) -> Iterator[str]:
    """Lines that name the student, and what belongs to them: the rest of a table's cell, a traceback."""
    for text in texts:
        goes_on = False
        for line in text.splitlines():
            goes_on = student in line or (
                goes_on and (line.startswith("  ") or "Traceback (most recent" in line)
            )
            if goes_on:
                yield line


def traces(room: Room, names: Sequence[str]) -> dict[str, list[str]]:
    """Files that attacks left behind, by attack: anywhere in the room or in the machine's shared places."""
    wanted = {mark(name): name for name in names}
    found: dict[str, list[str]] = {}
    places = [
        room.root,
        Path("/tmp"),
        Path("/var/tmp"),
        Path("/dev/shm"),
        Path.home(),
        ROOT / "autograder",
    ]
    for place in places:
        depth = None if place == room.root else 2
        for path in _files(place, depth):
            for sign, name in wanted.items():
                if sign in path.name:
                    found.setdefault(name, []).append(str(path))
    return found


def _files(place: Path, depth: int | None) -> Iterator[Path]:
    for folder, folders, files in os.walk(place):
        inside = len(Path(folder).relative_to(place).parts)
        if depth is not None and inside >= depth:
            folders.clear()
        yield from (Path(folder, name) for name in (*files, *folders))


def survivors(room: Room) -> list[str]:
    """Command lines of processes that have to do with the room and are still there."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        if path.parent.name in (str(os.getpid()), "self"):
            continue
        try:
            line = path.read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
        except OSError:
            continue
        if str(room.root) in line or "outlives-" in line:
            found.append(line)
    return found


def listener() -> tuple[socket.socket, socket.socket, dict[str, str]]:
    """A TCP and an abstract socket that attackers try to reach, and what their cells call them."""
    tcp = socket.create_server(("127.0.0.1", 0))
    abstract = socket.socket(socket.AF_UNIX)
    name = f"{CANARY}-{secrets.token_hex(6)}"
    abstract.bind(f"\0{name}")
    abstract.listen()
    return tcp, abstract, {"PORT": str(tcp.getsockname()[1]), "ABSTRACT": name}
