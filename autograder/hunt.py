"""Buggy-line hunts made of mutants: a right answer with one wrong line, which hidden tests notice.

The same seed makes the same hunt, so that each student may get a variant of their own and a regrade finds
it again. A hunt's fault changes what the function returns, raises nothing, and behaves unlike every fault
of another line, so that what a student observes points to one line.

A course's own hunts name their change in answers.py, so they stay what they are when mutants change;
`validate_hunts` holds them to the same rules.
"""

from __future__ import annotations

import ast
import contextlib
import hashlib
import random
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from autograder.adequacy import Runner, first_failure, hidden
from autograder.course import ACCEPTED, PROBLEM, Course
from autograder.edits.module import Module, apply
from autograder.judge import repaired_listing
from autograder.listings import GIVEN, ListingError, changed, completed, numbered, right_listing
from autograder.model import BugHunt, Item, Problem
from autograder.mutate import Mutant, mutants
from autograder.oracle import oracle
from autograder.sandbox.pool import CallResult, Sandboxes
from autograder.signatures import behave_alike
from autograder.validate import Fault, line_of_answer

_FEWEST_LINES, _MOST_LINES = 4, 30
_LONGEST_LINE = 100
_POINTS = 2.0
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
    """A right answer with one faulty line.

    Attributes:
        declared: what to write into answers.py, with what follows from it.
        family: guess at the family of the bug.
        said: the fault in words: "`x - g` becomes `x + g`".
    """

    declared: BugHunt
    family: str
    said: str

    @property
    def line(self) -> int:
        """1-based number of the faulty line."""
        return self.declared.lines[0]

    def numbered(self) -> str:
        """The listing as students see it, with line numbers from 1."""
        return numbered(self.declared.listing)

    def answer_source(self, name: str) -> str:
        """What to write into answers.py for an item of this name."""
        hunt = self.declared
        fields = {"points": f"{hunt.points:g}", "problem": _quoted(hunt.problem)}
        if hunt.answer:
            fields["answer"] = _quoted(hunt.answer)
        fields["change"] = _quoted(hunt.change)
        if hunt.other_repairs:
            fields["other_repairs"] = f"[{', '.join(map(_quoted, hunt.other_repairs))}]"
        lines = "".join(f"    {field}={text},\n" for field, text in fields.items())
        return f"{name} = BugHunt(\n{lines})\n"

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
            "problem": self.declared.problem,
            "seed": seed,
            "answer": self.declared.answer,
            "change": self.declared.change,
            "listing": self.declared.listing,
            "lines": list(self.declared.lines),
            "repair": self.declared.repair,
            "family": self.family,
            "said": self.said,
        }


def _quoted(text: str) -> str:
    return repr(text) if '"' in text or "\\" in text else f'"{text}"'


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
        folder = self._item.file.parent
        fit: list[tuple[Path, str]] = []
        for path in (folder / PROBLEM, *sorted((folder / ACCEPTED).glob("*.py"))):
            try:
                listing = right_listing(path, self._item.name)
            except ListingError:
                continue
            length = len(_code_lines(listing))
            if _needs_only(listing, problem.imports) and _FEWEST_LINES <= length <= _MOST_LINES:
                fit.append((path, listing))
        return [(path, listing) for path, listing in fit if path.name != PROBLEM] or fit

    def make(self, seed: int | str) -> Hunt:
        """The hunt for a seed: a file by chance, of its families one, of that family's faults one."""
        chance = random.Random(f"{self._item.name}:{seed}")
        files = self.files()
        chance.shuffle(files)
        for path, listing in files:
            found = self.of_file(path, listing)
            if found:
                family = chance.choice(sorted({hunt.family for hunt in found}))
                hunt = chance.choice([hunt for hunt in found if hunt.family == family])
                others = _other_repairs(hunt.declared, self._item, self._sandboxes)
                declared = replace(hunt.declared, other_repairs=tuple(others.values()))
                return replace(hunt, declared=completed(declared, listing))
        raise HuntError(
            f"{self._item.name}: no hunt can be made: no right answer of {_FEWEST_LINES} to "
            f"{_MOST_LINES} lines has a one-line fault that behaves like no other; "
            "add a longer file to accepted/"
        )

    def of_file(self, path: Path, listing: str) -> tuple[Hunt, ...]:
        """All hunts that a right answer gives, in the order of its lines; other repairs are not looked for."""
        if path not in self._found:
            self._found[path] = tuple(self._hunts(path, listing))
        return self._found[path]

    def _hunts(self, path: Path, listing: str) -> Iterator[Hunt]:
        prepared = oracle(self._item)
        cases = hidden(prepared)
        made = _one_line_mutants(listing, self._item.name)
        answers = _answers(self._item, listing, [m.source for m in made], self._sandboxes)
        whole = [
            (mutant, some)
            for mutant, some in zip(made, answers, strict=True)
            if len(some) == len(cases) and all(answer.error is None for answer in some)
        ]
        answer = "" if path.name == PROBLEM else f"{ACCEPTED}/{path.name}"
        for mutant, some in whole:
            if mutant.operator not in _OPERATORS or _shows(listing, mutant):
                continue
            if first_failure(prepared.problem, some, cases) is None:
                continue
            change = _change(listing, mutant.source, f"{mutant.old} -> {mutant.new}")
            twin = any(
                other.line != mutant.line and behave_alike(prepared.problem, some, theirs)
                for other, theirs in whole
            )
            if change and not twin:
                declared = BugHunt(
                    points=_POINTS, problem=self._item.name, answer=answer, change=change
                )
                yield Hunt(completed(declared, listing), mutant.family, mutant.said)


def _answers(
    item: Item, right: str, versions: Sequence[str], sandboxes: Sandboxes
) -> list[list[CallResult]]:
    """What versions of a right listing answer to the hidden cases.

    A list ends with the first answer that raised or came late; all are empty where the right one fails.
    """
    prepared = oracle(item)
    cases = hidden(prepared)
    with Runner(prepared, GIVEN + right, sandboxes) as runner:
        if runner.measure(cases):
            return [[] for _ in versions]
        return list(runner.answers([GIVEN + version for version in versions], cases))


def _differing(listing: str, other: str) -> list[tuple[int, str, str]]:
    """(number, line, other line) where two listings of the same length differ."""
    pairs = zip(listing.splitlines(), other.splitlines(), strict=True)
    return [(n, one, two) for n, (one, two) in enumerate(pairs, 1) if one.rstrip() != two.rstrip()]


def _change(listing: str, other: str, words: str = "") -> str:
    """The "old -> new" that makes one listing of the other; "" where it cannot be said.

    `words` are tried first; else the whole line is named, unless it is there twice.
    """
    ((_, before, after),) = _differing(listing, other)
    for change in (words, f"{before.strip()} -> {after.strip()}"):
        with contextlib.suppress(ListingError):
            if not _differing(changed(listing, change)[0], other):
                return change
    return ""


def _one_line_mutants(listing: str, function: str) -> list[Mutant]:
    length = len(listing.splitlines())
    return [
        mutant
        for mutant in mutants(listing, function)
        if len(mutant.source.splitlines()) == length
        and len(differing := _differing(listing, mutant.source)) == 1
        and len(differing[0][2]) <= _LONGEST_LINE
    ]


def _shows(listing: str, mutant: Mutant) -> bool:
    """Whether the slip is written as nobody would write it: brackets around a name, two signs in a row."""
    ((_, before, after),) = _differing(listing, mutant.source)
    return any(pattern.search(after) and not pattern.search(before) for pattern in _ODD)


def _code_lines(listing: str) -> list[str]:
    return [line for line in listing.splitlines() if line.split("#")[0].strip()]


def _needs_only(listing: str, imports: Collection[str]) -> bool:
    """Whether a listing imports nothing but what its problem has for every student."""
    named: set[str] = set()
    for node in ast.walk(ast.parse(listing)):
        if isinstance(node, ast.Import):
            named.update(alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            named.add((node.module or "").partition(".")[0])
    return named <= {"math", "numpy", *imports}


# ---------------------------------------------------------------------------------------------
# What else a student could rightly answer


def validate_hunts(course: Course, set_name: str, sandboxes: Sandboxes) -> list[Fault]:
    """Where a set's hunts point to a line that does not count: its repair, or a fault of it, would do.

    Raises:
        CourseError: the set cannot be read.
        OracleError: a reference fails.
        SandboxError: no code can be run on this machine.
    """
    items = course.items(set_name)
    faults = []
    for item in items.values():
        hunt = item.definition
        if isinstance(hunt, BugHunt):
            place = course.shown(item.file), line_of_answer(item)
            found = _ambiguities(hunt, items[hunt.problem], sandboxes)
            faults += [Fault(*place, f"{item.name}: {text}") for text in found]
    return faults


def _ambiguities(hunt: BugHunt, problem: Item, sandboxes: Sandboxes) -> Iterator[str]:
    repairs = _other_repairs(hunt, problem, sandboxes)
    for line, change in repairs.items():
        add = (
            f"add {change!r} to other_repairs" if hunt.change else f"add {line} to lines ({change})"
        )
        yield f"line {line} can be repaired as well; {add}"
    for line, twin in _twins(hunt, problem, sandboxes).items():
        if line not in repairs:
            yield (
                f"a fault of line {line} does the same, and so points there too: {twin.said}. "
                "Choose another fault, or count that line as well"
            )


def _other_repairs(hunt: BugHunt, problem: Item, sandboxes: Sandboxes) -> dict[int, str]:
    """Changes of lines that do not count yet, each of which makes the listing right, by line."""
    candidates = [mutant.source for mutant in _one_line_mutants(hunt.listing, problem.name)]
    candidates += _with_the_loss_elsewhere(hunt, problem.name)
    answers = _answers(problem, _right(hunt), candidates, sandboxes)
    prepared = oracle(problem)
    cases = hidden(prepared)
    found: dict[int, str] = {}
    for source, some in zip(candidates, answers, strict=True):
        if first_failure(prepared.problem, some, cases) is None:
            ((line, _, _),) = _differing(hunt.listing, source)
            change = _change(hunt.listing, source)
            if change and line not in hunt.lines:
                found.setdefault(line, change)
    return found


def _with_the_loss_elsewhere(hunt: BugHunt, function: str) -> Iterator[str]:
    """Listings with what the faulty line has lost, such as a clamp, put around another expression."""
    faulty = hunt.listing.splitlines()[hunt.lines[0] - 1]
    steps = SequenceMatcher(None, faulty, hunt.repair).get_opcodes()
    lost = [hunt.repair[begin:end] for kind, _, _, begin, end in steps if kind == "insert"]
    if not 1 <= len(lost) <= 2 or any(kind in ("replace", "delete") for kind, *_ in steps):
        return
    arounds = [("", *lost), (*lost, "")] if len(lost) == 1 else [tuple(lost)]
    module = Module(hunt.listing, ast.parse(hunt.listing), function)
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.expr) or node.lineno != node.end_lineno:
            continue
        for before, after in arounds:
            # Of `b + ` lost before an operand, the comparison of lines may see ` b +`.
            before = f"{before[1:]} " if before[:1] == " " else before
            after = f" {after[:-1]}" if after[-1:] == " " else after
            text = f"{before}{module.text(node)}{after}"
            source = apply(hunt.listing, [(*module.span(node), text)])
            with contextlib.suppress(SyntaxError):
                ast.parse(source)
                yield source


def _twins(hunt: BugHunt, problem: Item, sandboxes: Sandboxes) -> dict[int, Mutant]:
    """Faults of lines that do not count, each of which does what the hunt's fault does, by line."""
    right = _right(hunt)
    if len(right.splitlines()) != len(hunt.listing.splitlines()):
        return {}  # a repair of several lines moves those below it
    made = _one_line_mutants(right, problem.name)
    versions = [hunt.listing, *(mutant.source for mutant in made)]
    mine, *others = _answers(problem, right, versions, sandboxes)
    definition = oracle(problem).problem
    found: dict[int, Mutant] = {}
    for mutant, theirs in zip(made, others, strict=True):
        alike = len(mine) == len(theirs) > 0 and behave_alike(definition, mine, theirs)
        if alike and mutant.line not in hunt.lines:
            found.setdefault(mutant.line, mutant)
    return found


def _right(hunt: BugHunt) -> str:
    return repaired_listing(hunt.listing, hunt.lines[0], hunt.repair)
