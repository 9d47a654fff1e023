"""Buggy-line hunts made of mutants: a right answer with one wrong line, which hidden tests notice.

The same seed makes the same hunt, so that each student may get a variant of their own and a regrade finds
it again. A hunt's fault changes what the function returns, raises nothing, and behaves unlike every fault
of another line, so that what a student observes points to one line.
"""

from __future__ import annotations

import ast
import hashlib
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.adequacy import Runner, first_failure, hidden, right_answers
from autograder.model import BugHunt, Item, Problem
from autograder.mutate import Mutant, mutants
from autograder.oracle import oracle
from autograder.sandbox.pool import CallResult, Sandboxes
from autograder.signatures import behave_alike

_FEWEST_LINES, _MOST_LINES = 4, 30
_LONGEST_LINE = 100
# Given to every listing when a repair is run.
_GIVEN = "import math; import numpy as np"
_GIVEN_LINES = ("import math", "import numpy as np")
# Slips that people make; others would show at a glance, or are no bug to hunt.
_OPERATORS = {
    "sign",
    "minus-dropped",
    "operands-swapped",
    "elements-swapped",
    "strictness",
    "direction",
    "compared-with-itself",
    "and-or",
    "condition-dropped",
    "operator",
    "factor-dropped",
    "term-dropped",
    "power-dropped",
    "brackets",
    "off-by-one",
    "number",
    "step-count",
    "name",
    "function",
    "call-dropped",
    "returned-name",
    "returned-order",
    "not-accumulated",
    "in-place",
    "eps-into-the-root",
    "eps-out-of-the-root",
}


_ODD = (
    re.compile(r"(?<![\w\])])\([\w.]+\)"),
    re.compile(r"(?<![\w\])] )[-+*/] -|[(=<>] ?-0(\.0)?\b|\*\* ?0\b|\*\* ?-"),
    re.compile(r"\bnot \("),
    re.compile(r"(?<![\w.])(\w+) (==|!=) \1(?![\w.(\[])"),
)


class HuntError(Exception):
    """No hunt can be made of a problem; the text says why."""


@dataclass(frozen=True, slots=True)
class Hunt:
    """A listing with one faulty line.

    Attributes:
        problem: name of the code problem whose function the listing claims to be.
        path: the right answer that it was made of.
        listing: Python source with the fault; numpy is there as np, and math.
        line: 1-based number of the faulty line.
        faulty, repair: that line as it stands there, and as it should be.
        family: guess at the family of the bug.
        said: the fault in words: "`x - g` becomes `x + g`".
    """

    problem: str
    path: Path
    listing: str
    line: int
    faulty: str
    repair: str
    family: str
    said: str

    def definition(self, points: float = 2.0) -> BugHunt:
        return BugHunt(
            points=points,
            problem=self.problem,
            listing=self.listing,
            lines=(self.line,),
            repair=self.repair,
        )

    def numbered(self) -> str:
        """The listing as students see it, with line numbers from 1."""
        lines = self.listing.splitlines()
        width = len(str(len(lines)))
        return "\n".join(f"{n:>{width}}  {line}".rstrip() for n, line in enumerate(lines, 1))

    def answer_source(self, name: str, points: float = 2.0) -> str:
        """What to write into answers.py for an item of this name."""
        listing = f'"""\\\n{self.listing}"""'
        if "\\" in self.listing or '"""' in self.listing:
            listing = repr(self.listing)
        repair = self.repair
        text = f'"{repair}"' if '"' not in repair and "\\" not in repair else repr(repair)
        return (
            f"# {self.said}\n"
            f"{name} = BugHunt(\n"
            f"    points={points:g},\n"
            f'    problem="{self.problem}",\n'
            f"    listing={listing},\n"
            f"    lines=({self.line},),\n"
            f"    repair={text},\n"
            ")\n"
        )

    @staticmethod
    def cell_source(name: str) -> str:
        """What to write into the notebook's text; build puts the numbered listing above it."""
        return (
            f"**Exercise `{name}`.** One line of the listing is wrong. Give its number, and write the "
            "line as it should\nbe, with its indentation.\n\n"
            "```{code-cell} ipython3\n"
            f":item: {name}\n\n"
            f'{name} = {{"line": None, "repair": ""}}\n'
            "```\n"
        )

    def record(self, name: str, seed: int | str) -> dict[str, Any]:
        """The hunt as plain data."""
        return {
            "item": name,
            "problem": self.problem,
            "seed": seed,
            "listing": self.listing,
            "lines": [self.line],
            "repair": self.repair,
            "family": self.family,
            "said": self.said,
            "file": self.path.name,
        }


def make_hunt(item: Item, seed: int | str, sandboxes: Sandboxes) -> Hunt:
    """The hunt of a code item for this seed.

    Raises:
        HuntError: no right answer of the problem is long enough, or gives a fault of its own.
    """
    return Hunts(item, sandboxes).make(seed)


def student_seed(item_name: str, student: str) -> int:
    """A seed for a student's own variant: the same on every machine, unlike others', telling nothing."""
    digest = hashlib.sha256(f"{item_name}\0{student}".encode()).digest()
    return int.from_bytes(digest[:6])


class Hunts:
    """Makes hunts of one code item; what a file gives is worked out once."""

    def __init__(self, item: Item, sandboxes: Sandboxes) -> None:
        self._item, self._sandboxes = item, sandboxes
        self._found: dict[Path, tuple[Hunt, ...]] = {}

    def files(self) -> list[tuple[Path, str]]:
        """Files that hunts can be made of, with their listings; the reference only if there is no other.

        Students see the reference after the deadline only.
        """
        problem = self._item.definition
        if not isinstance(problem, Problem):
            raise HuntError(f"{self._item.name} is no code problem")
        fit: list[tuple[Path, str]] = []
        for right in right_answers(self._item):
            listing = _listing(right.source, problem.imports)
            if listing and _FEWEST_LINES <= len(_code_lines(listing)) <= _MOST_LINES:
                fit.append((right.path, listing))
        others = [(path, listing) for path, listing in fit if path != self._item.file]
        return others or fit

    def make(self, seed: int | str) -> Hunt:
        """The hunt for a seed: a file by chance, of its families one, of that family's faults one."""
        chance = random.Random(f"{self._item.name}:{seed}")
        files = self.files()
        chance.shuffle(files)
        for path, listing in files:
            found = self.of_file(path, listing)
            if found:
                family = chance.choice(sorted({hunt.family for hunt in found}))
                return chance.choice([hunt for hunt in found if hunt.family == family])
        raise HuntError(
            f"{self._item.name}: no hunt can be made: no right answer of {_FEWEST_LINES} to "
            f"{_MOST_LINES} lines has a one-line fault that behaves like no other; "
            "add a longer file to accepted/"
        )

    def of_file(self, path: Path, listing: str) -> tuple[Hunt, ...]:
        """All hunts that a right answer gives, in the order of its lines."""
        if path not in self._found:
            self._found[path] = tuple(self._hunts(path, listing))
        return self._found[path]

    def _hunts(self, path: Path, listing: str) -> list[Hunt]:
        prepared = oracle(self._item)
        cases = hidden(prepared)
        made = [
            mutant for mutant in mutants(listing, self._item.name) if _is_one_line(listing, mutant)
        ]
        right = f"{_GIVEN}\n{listing}"
        with Runner(prepared, right, self._sandboxes) as runner:
            if runner.measure(cases):
                return []
            versions = [f"{_GIVEN}\n{mutant.source}" for mutant in made]
            answers = list(runner.answers(versions, cases))
        whole: list[tuple[Mutant, Sequence[CallResult]]] = [
            (mutant, some)
            for mutant, some in zip(made, answers, strict=True)
            if len(some) == len(cases) and all(answer.error is None for answer in some)
        ]
        found = []
        for mutant, some in whole:
            if mutant.operator not in _OPERATORS or _shows(listing, mutant):
                continue
            if first_failure(prepared.problem, some, cases) is None:
                continue
            twin = any(
                other.line != mutant.line and behave_alike(prepared.problem, some, theirs)
                for other, theirs in whole
            )
            if not twin:
                found.append(_hunt(self._item.name, path, listing, mutant))
        return found


def _hunt(problem: str, path: Path, listing: str, mutant: Mutant) -> Hunt:
    before, after = listing.splitlines(), mutant.source.splitlines()
    return Hunt(
        problem=problem,
        path=path,
        listing=mutant.source,
        line=mutant.line,
        faulty=after[mutant.line - 1],
        repair=before[mutant.line - 1],
        family=mutant.family,
        said=mutant.said,
    )


def _is_one_line(listing: str, mutant: Mutant) -> bool:
    before, after = listing.splitlines(), mutant.source.splitlines()
    differing = [one for one, other in zip(before, after, strict=False) if one != other]
    return (
        len(before) == len(after)
        and len(differing) == 1
        and len(after[mutant.line - 1]) <= _LONGEST_LINE
    )


def _shows(listing: str, mutant: Mutant) -> bool:
    """Whether the slip is written as nobody would write it: brackets around a name, two signs in a row."""
    before = listing.splitlines()[mutant.line - 1]
    after = mutant.source.splitlines()[mutant.line - 1]
    return any(pattern.search(after) and not pattern.search(before) for pattern in _ODD)


def _code_lines(listing: str) -> list[str]:
    return [line for line in listing.splitlines() if line.split("#")[0].strip()]


def _listing(source: str, imports: Sequence[str]) -> str:
    """A right answer without the imports that every listing is given; "" where it needs others."""
    known = {"math", "numpy", *imports}
    lines = source.splitlines()
    for node in ast.parse(source).body:
        if isinstance(node, ast.Import):
            names = [alias.name.partition(".")[0] for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [(node.module or "").partition(".")[0]]
        else:
            continue
        if not known.issuperset(names):
            return ""
        text = " ".join(lines[node.lineno - 1].split(";"))
        given = all(part.strip() in _GIVEN_LINES for part in lines[node.lineno - 1].split(";"))
        if given and text:
            lines[node.lineno - 1] = ""
    text = "\n".join(lines).strip("\n") + "\n"
    return re.sub(r"\n{3,}", "\n\n\n", text)
