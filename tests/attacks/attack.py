"""What an attack is: what is handed in, and what must come of it; read from a file, or made in `mangled`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

NOTEBOOKS = Path(__file__).parent / "notebooks"
WAYS = ("full", "reduced", "nbgrader")  # to grade; see `graded`
CATEGORIES = ("escaping", "exhausting", "forging", "injecting", "outliving", "reading")

_HEADER = re.compile(r"# (\w+): (.*)")
_CELL = re.compile(r"^# %%(.*)\n", re.MULTILINE)
PLACE = re.compile(r"@([A-Z]+)@")


@dataclass(frozen=True)
class Attack:
    """A submission, and what must come of it.

    Attributes:
        name: of the attack.
        category: a folder of notebooks/.
        wall: what stops it, in words.
        play: changes a right notebook into what is handed in.
        target: the item it wants undeserved points for. Without one the attack wants something
            else, its own answers are right, and they must earn all their points.
        score: the share of the target's points that the answer deserves.
        costs: items that the attack destroys for itself.
        says: texts of which one must be in the graded notebook's outputs or, where the submission
            cannot be graded, in what the grader says about it.
        error: whether the submission cannot be graded at all.
        bites: what the same cells do without walls: "canary" (they show one), "mark" (they leave a
            file) or "breached" (they say so); "" where that would harm the machine, or is no matter of walls.
        open: why this attack comes through today.
        student: the student's id, where it matters.
        ways: those in which it is graded; what waits for a deadline again and again is left out where
            submissions are graded one after the other.
    """

    name: str
    category: str
    wall: str
    play: Callable[[Copy], None]
    target: str = ""
    score: float = 0.0
    costs: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    error: bool = False
    bites: str = ""
    open: str = ""
    student: str = ""
    ways: tuple[str, ...] = WAYS

    @property
    def id(self) -> str:
        """The student's id."""
        return self.student or str(self)

    def __str__(self) -> str:
        return f"{self.category}-{self.name}"


@dataclass
class Copy:
    """A student's copy of the released notebook, right in everything until an attack changes it.

    Attributes:
        nb: JSON of the notebook.
        folder: what is handed in besides it goes here.
        places: what stands for @COURSE@, @HOME@ and so on in the cells.
        text: what is handed in instead of the notebook's JSON, if anything.
        right: the right answer cells' sources by item.
        stubs: the released ones.
    """

    nb: dict[str, Any]
    folder: Path
    places: Mapping[str, str]
    right: Mapping[str, str]
    stubs: Mapping[str, str]
    name: str = "ps01_floors"
    text: str | bytes | None = None

    @property
    def cells(self) -> list[dict[str, Any]]:
        cells: list[dict[str, Any]] = self.nb["cells"]
        return cells

    @property
    def notebook(self) -> Path:
        """Where the notebook is put, unless something stands there already."""
        return self.folder / f"{self.name}.ipynb"

    def answer(self, item: str) -> dict[str, Any]:
        """The cell that the item is answered in."""
        return next(cell for cell in self.cells if answered(cell) == item)

    def check(self, item: str) -> dict[str, Any]:
        """The locked cell that carries the item's points."""
        return next(cell for cell in self.cells if grade_id(cell) == item)

    def write(self, item: str, source: str) -> None:
        self.answer(item)["source"] = self.filled(source)

    def forget(self, item: str) -> None:
        """Leave the item as it was released."""
        self.answer(item)["source"] = self.stubs[item]

    def insert(self, source: str, *, cell_type: str = "code", **more: Any) -> dict[str, Any]:
        """A new cell before the first answer."""
        cell: dict[str, Any] = {
            "cell_type": cell_type,
            "metadata": {},
            "source": self.filled(source),
        }
        if cell_type == "code":
            cell |= {"execution_count": None, "outputs": []}
        cell |= more
        first = next(n for n, other in enumerate(self.cells) if answered(other))
        self.cells.insert(first, cell)
        return cell

    def filled(self, source: str) -> str:
        return PLACE.sub(lambda found: self.places[found[1]], source)


def grade_id(cell: Mapping[str, Any]) -> str | None:
    found: str | None = cell["metadata"].get("nbgrader", {}).get("grade_id")
    return found


def answered(cell: Mapping[str, Any]) -> str | None:
    """The item that a cell of a released notebook is the answer to, if any."""
    marked: str | None = cell["metadata"].get("autograder", {}).get("answer")
    name = grade_id(cell) or ""
    return marked or (name.removesuffix("_answer") if name.endswith("_answer") else None)


# ---------------------------------------------------------------------------------------------
# Attacks that are cells


@dataclass(frozen=True)
class Cells:
    """Cells to hand in: (where, source); where is an item, "" (a new cell), "markdown" or "raw"."""

    cells: Sequence[tuple[str, str]]

    def __call__(self, copy: Copy) -> None:
        for where, source in self.cells:
            if where in copy.right:
                copy.write(where, source)
            else:
                copy.insert(source, cell_type=where or "code")

    def script(self) -> str:
        """The code cells one after the other."""
        return "\n".join(text for where, text in self.cells if where not in ("markdown", "raw"))


def read_attack(path: Path) -> Attack:
    """The attack in a file: headers, and after each line `# %% where` a cell.

    Without such a line the whole file is the target's answer or, where there is no target, a new cell.
    """
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    headers: dict[str, str] = {}
    while lines and (found := _HEADER.fullmatch(lines[0])):
        if found[1] not in _FIELDS:
            raise ValueError(f"{path}: unknown header {found[1]!r}; known are {', '.join(_FIELDS)}")
        headers[found[1]] = found[2].strip()
        lines.pop(0)
    body = "\n".join(lines).strip("\n") + "\n"
    first, *rest = _CELL.split(body)
    target = headers.get("target", "")
    cells = [(target, first)] if first.strip() else []
    cells += [(where.strip(), source) for where, source in zip(rest[::2], rest[1::2], strict=True)]
    # New cells are each put before the first answer, so the last one that is put there runs last.
    values = {name: _FIELDS[name](value) for name, value in headers.items()}
    return Attack(name=path.stem, category=path.parent.name, play=Cells(cells), **values)


def _words(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(" | "))


_FIELDS: Mapping[str, Callable[[str], Any]] = {
    "wall": str,
    "target": str,
    "score": float,
    "costs": lambda text: tuple(text.split()),
    "says": _words,
    "bites": str,
    "open": str,
    "student": str,
    "ways": lambda text: tuple(text.split()),
}


def attacks_in_files() -> Iterator[Attack]:
    for category in (*CATEGORIES, "honest"):
        for path in sorted((NOTEBOOKS / category).glob("*.ipy")):
            yield read_attack(path)
