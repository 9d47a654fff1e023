"""Known bugs by what they do: the answers of a problem's named wrong answers to its hidden cases.

Each file in a problem's `wrong/` folder says in its first lines which bug it has. All of them run once, in the
sandbox, when a wrong function is first to be named. A function that answers every hidden case as just one
family of them does, to within the problem's tolerance, is suspected of that bug, however it is written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.compare import compare, describe
from autograder.model import Item, Problem
from autograder.oracle import ExpectedCase, Oracle, oracle
from autograder.sandbox.pool import CallResult, Child, ChildDied, Garbled
from autograder.source import SourcePart, heavy_imports

_FEWEST_TELLING = 3
_LONGEST_S = 0.5  # for all hidden cases of a file; one that hangs has an end
_MAX_LOST = 4
_MAX_KEPT = 256
_HEADER = re.compile(r"#\s*(family|line|about):\s*(.*?)\s*$")

Behaviour = Sequence[CallResult | None]
"""Answers to the hidden cases, group after group; None where the process gave none."""


@dataclass(frozen=True, slots=True)
class NamedBug:
    """A wrong answer as its file describes it; `line` is 0 where it names none of the file's."""

    path: Path
    family: str
    about: str
    line: int
    source: str

    @property
    def faulty(self) -> str:
        """The text of the faulty line."""
        lines = self.source.splitlines()
        return lines[self.line - 1].split("#")[0].strip() if 1 <= self.line <= len(lines) else ""


def named_bugs(item: Item) -> tuple[NamedBug, ...]:
    """The wrong answers of a problem that say their family, by file name."""
    found = []
    for path in sorted((item.file.parent / "wrong").glob("*.py")):
        try:
            source = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            continue
        fields = {name: text for name, (_, text) in header(source.splitlines()).items()}
        line = fields.get("line", "")
        if fields.get("family"):
            number = int(line) if line.isdecimal() else 0
            found.append(NamedBug(path, fields["family"], fields.get("about", ""), number, source))
    return tuple(found)


def header(lines: Sequence[str]) -> dict[str, tuple[int, str]]:
    """(line, text) of each field in the comments that a wrong answer begins with."""
    fields: dict[str, tuple[int, str]] = {}
    for number, line in enumerate(lines, 1):
        if not line.startswith("#"):
            break
        found = _HEADER.match(line)
        if found is not None:
            fields.setdefault(found[1], (number, found[2]))
    return fields


# ---------------------------------------------------------------------------------------------
# Behaviours


def behaviour(
    prepared: Oracle,
    source: str,
    cases: Sequence[ExpectedCase],
    child: Callable[[], Child],
    *,
    limit_s: float,
) -> list[CallResult | None]:
    """What a module's function answers to each case; None where it gave none.

    Args:
        prepared: the problem.
        source: the module.
        cases: what the function is called with.
        child: makes a process that has what the module imports.
        limit_s: wall-clock seconds for all cases; a process that they end or stop is made anew.
    """
    problem = prepared.problem
    found: list[CallResult | None] = []
    lost = 0
    while len(found) < len(cases) and lost < _MAX_LOST:
        with child() as process:
            try:
                if process.define(0, source, problem.time_limit_s) is not None:
                    break
            except (TimeoutError, ChildDied, Garbled):
                break
            results = process.call(
                prepared.name,
                [case.case.inputs for case in cases[len(found) :]],
                public_source=prepared.public_source,
                driver=problem.driver.__name__ if problem.driver else None,
                time_limit_s=limit_s,
            )
        found += results.results
        if results.missing is not None or results.uncallable is not None:
            break
        if len(found) < len(cases):
            found.append(None)
            lost += 1
    return (found + [None] * len(cases))[: len(cases)]


def behave_alike(
    problem: Problem,
    one: Iterable[CallResult | None],
    other: Iterable[CallResult | None],
) -> bool:
    """Whether two versions gave the same answers, as far as the problem's tolerance tells."""
    return all(_same(problem, a, b) for a, b in zip(one, other, strict=True))


def _same(problem: Problem, one: CallResult | None, other: CallResult | None) -> bool:
    if one is None or other is None:
        return one is other
    if one.error is not None or other.error is not None:
        return (
            one.error is not None
            and other.error is not None
            and (one.error.get("type") == other.error.get("type"))
        )
    if one.mutated != other.mutated:
        return False
    try:
        return compare(one.value, other.value, rtol=problem.rtol, atol=problem.atol) is None
    except TypeError:
        return describe(one.value, 2000) == describe(other.value, 2000)


# ---------------------------------------------------------------------------------------------
# Signatures

_kept: dict[tuple[int, frozenset[str]], tuple[Problem, Mapping[NamedBug, Behaviour]]] = {}


def signatures(
    item: Item, child: Callable[[], Child], loaded: Collection[str] = ()
) -> Mapping[NamedBug, Behaviour]:
    """What each named wrong answer says to the hidden cases; kept for the life of the process.

    Args:
        item: a code problem.
        child: makes a process in which nothing of a student's has run.
        loaded: the modules that it has. A file that imports a heavy one besides these is left out, because
            loading that would cost more than the name is worth.
    """
    assert isinstance(item.definition, Problem)
    heavy = frozenset(loaded) & {"torch", "sympy"}
    known = _kept.get((id(item.definition), heavy))
    if known is not None and known[0] is item.definition:
        return known[1]
    prepared = oracle(item)
    cases = [case for _, cases in prepared.groups for case in cases]
    found = {
        bug: behaviour(prepared, bug.source, cases, child, limit_s=_LONGEST_S)
        for bug in named_bugs(item)
        if heavy_imports([SourcePart(0, bug.source)]) <= heavy
    }
    if len(_kept) >= _MAX_KEPT:
        _kept.clear()
    _kept[id(item.definition), heavy] = item.definition, found
    return found


def named(
    item: Item,
    observed: Mapping[str, Sequence[CallResult]],
    child: Callable[[], Child],
    loaded: Collection[str] = (),
) -> NamedBug | None:
    """The bug that a wrong function behaves like on all hidden cases; None unless it is of one family.

    That it raises tells nothing, as many slips raise alike: at least three answers must be wrong.

    Args:
        item: a code problem.
        observed: the function's answers by group, shorter than the group where the process stopped.
        child: see `signatures`.
        loaded: see `signatures`.
    """
    prepared = oracle(item)
    problem = prepared.problem
    seen: list[tuple[int, CallResult | None]] = []
    telling = number = 0
    for group, cases in prepared.groups:
        answers = observed.get(group.name)
        for place, case in enumerate(cases):
            if answers is not None and place < len(answers):
                seen.append((number, answers[place]))
                telling += _is_wrong(problem, answers[place], case)
            elif answers is not None and place == len(answers):
                seen.append((number, None))
            number += 1
    if telling < _FEWEST_TELLING:
        return None
    alike = [
        bug
        for bug, answers in signatures(item, child, loaded).items()
        if all(_same(problem, answer, answers[number]) for number, answer in seen)
    ]
    return alike[0] if len({bug.family for bug in alike}) == 1 else None


def _is_wrong(problem: Problem, answer: CallResult, case: ExpectedCase) -> bool:
    if answer.error is not None:
        return False
    found = compare(answer.value, case.expected, rtol=problem.rtol, atol=problem.atol)
    return answer.mutated or found is not None
