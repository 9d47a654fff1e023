"""Says which line of a wrong function is wrong, and proves it: the cause is what the repair undoes.

Small changes of the student's own source are tried in the sandbox, likeliest first, against a few telling
cases; what survives meets every hidden case, and then inputs that no test uses. Only a change that passes
all of them is a confirmed cause, and only where no change of another place explains as much and none of the
student's code has lost its use by it. The trusted side sends source and inputs and compares what comes back;
it runs nothing of a student's, and no expected value leaves it.
"""

from __future__ import annotations

import ast
import contextlib
import copy
import difflib
import functools
import inspect
import itertools
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import numpy as np

from autograder.compare import compare
from autograder.edits import Edit, Module, Reference, Space, Spoiled
from autograder.edits.words import words
from autograder.model import Case, CaseResult, Diagnosis, Outcome, Public
from autograder.oracle import (
    ExpectedCase,
    Oracle,
    OracleError,
    draw_inputs,
    expected_value,
)
from autograder.sandbox.pool import CallResult, Child, ChildDied, Garbled
from autograder.signatures import NamedBug, behave_alike
from autograder.source import SourcePart, without_magics

_HELD_OUT_SEED = 20260731
_HELD_OUT_COUNT = 20  # inputs for each group
_FIRST_BATCH = 24
_LARGEST_BATCH = 192
_WINDOW = 0.7  # cost beyond the first repair's within which others are looked at
_WINDOW_S = 0.08
_MAX_REPAIRS = 6
_SEARCHING = 0.85  # of the time is for finding repairs; the rest is for choosing among them
# What speaks for a repair and against it, in cost.
_BY_A_RULE = 0.3
_FAVOURED = 0.3  # of the family of the bug that the function behaves like
_PASSED_ON = 0.3  # on a line that only hands on what another function of the student's computes
_ONE_OF_MANY = 0.9  # writes through another name for the caller's array, which is made in one place
_IDLE = 0.35  # for each computation that would then be needless
_RIVAL = 0.2  # repairs of two places that are so close are both named
_FAR_BEHIND = 1.0
_MAX_FINALISTS = 4
_MAX_SPOILED = 60
_LIKELY = 1.4  # cost of the slips of which two are looked for
_MAX_LIKELY = 60
_LOST_CHILDREN = 4
_MAX_QUOTED = 600
_MAX_LINES = 20_000
# A change of these says itself what was wrong; the others' family is read off the place, and may mislead.
_PLAIN_FAMILIES = frozenset({"sign", "comparison", "clamp"})
_LIKE = 0.3  # of two lines that are to be the same one
_MAX_COMPARED = 1_000
_STOPPED_ON = re.compile(r"your code stopped on line (\d+)")

Version = tuple[tuple[int, str], ...]
"""The edited statements by number."""


def diagnose(
    prepared: Oracle,
    parts: Sequence[SourcePart],
    results: Sequence[CaseResult],
    child: Callable[[], Child],
    *,
    cells: Mapping[int, str] = MappingProxyType({}),
    named: Callable[[], NamedBug | None] = lambda: None,
    budget_s: float = 2.0,
) -> tuple[Diagnosis, ...]:
    """The cause of a function's failing cases, best first; empty where none is known.

    Args:
        prepared: the problem with its expected values.
        parts: the student's source, in the order in which it ran.
        results: what became of the cases.
        child: makes a process in which nothing of the student's has run; it has the modules that the
            submission imports.
        cells: names of the parts, by index.
        named: says which known bug the function behaves like; asked only where the search leaves it open.
        budget_s: wall-clock seconds for the search.
    """
    begin = time.monotonic()
    failing = [
        r for r in results if r.outcome in (Outcome.FAILED, Outcome.RAISED, Outcome.TIMED_OUT)
    ]
    if not failing or any(r.outcome is Outcome.GRADER_ERROR for r in results):
        return ()
    if all(
        r.outcome is not Outcome.PASSED and r.mismatch is None and r.inputs is None for r in results
    ) and not any(r.outcome is Outcome.TIMED_OUT for r in results):
        return ()  # nothing to call, or nothing that ran
    document = _document(parts, prepared.name, cells)
    if document is None:
        return ()
    try:
        reference = _reference(prepared)
        held = held_out(prepared)
    except (OSError, TypeError, ValueError, SyntaxError, OracleError):
        return ()
    symptoms = frozenset(r.mismatch.kind for r in failing if r.mismatch is not None) | frozenset(
        r.outcome.value for r in failing if r.outcome is not Outcome.FAILED
    )
    lines = frozenset(
        int(match[1])
        for r in failing
        if r.outcome is Outcome.RAISED and len(parts) == 1
        for match in [_STOPPED_ON.search(r.message)]
        if match
    )
    with contextlib.ExitStack() as stack:
        bench = _Bench(
            prepared,
            document.module,
            child,
            begin + _SEARCHING * budget_s,
            mutation="mutation" in symptoms,
        )
        stack.callback(bench.close)
        hunt = _Hunt(prepared, document, reference, bench, results, held, functools.cache(named))
        hunt.end = begin + budget_s
        try:
            found = hunt.run(symptoms, lines)
        except (RecursionError, MemoryError):
            return ()
    return tuple(found)


@functools.lru_cache(maxsize=64)
def _reference_of(source: str, name: str) -> Reference:
    return Reference(source, name)


def _reference(prepared: Oracle) -> Reference:
    return _reference_of(inspect.getsource(prepared.problem.reference), prepared.name)


# ---------------------------------------------------------------------------------------------
# The student's source as one module


@dataclass(frozen=True, slots=True)
class _Document:
    """All cells in one text, with the way back to a cell's own lines."""

    module: Module
    starts: tuple[tuple[int, str], ...]  # first line in the text, name of the cell

    def place(self, line: int) -> tuple[str, int]:
        """(cell, line in it) of a line of the text."""
        first, name = self.starts[0]
        for start, cell in self.starts:
            if start > line:
                break
            first, name = start, cell
        return name, line - first + 1


def _document(
    parts: Sequence[SourcePart], function: str, cells: Mapping[int, str]
) -> _Document | None:
    texts: list[str] = []
    starts: list[tuple[int, str]] = []
    line = 1
    for part in parts:
        text = _readable(part.text)
        if text is None:
            continue
        starts.append((line, cells.get(part.index, "")))
        texts.append(text)
        line += len(re.findall(r"\r\n|\r|\n", text)) + 1
    if not texts or line > _MAX_LINES:
        return None
    source = "\n".join(texts)
    try:
        module = Module(source, ast.parse(source), function)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    bound = {n.id for s in module.kept for n in ast.walk(s) if isinstance(n, ast.Name)} | {
        getattr(s, "name", "") for s in module.kept
    }
    if not module.editable or not (
        function in bound
        or any(getattr(n, "name", "") == function for s in module.kept for n in ast.walk(s))
    ):
        return None
    return _Document(module, tuple(starts))


def _readable(text: str) -> str | None:
    """A cell's text as Python: magics and shell lines blanked; None where it is none."""
    for candidate in (text, without_magics(text)):
        try:
            ast.parse(candidate)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        return candidate
    return None


# ---------------------------------------------------------------------------------------------
# Inputs that no test uses


def held_out(prepared: Oracle) -> tuple[ExpectedCase, ...]:
    """Cases disjoint from the hidden ones: drawn with another seed, or named cases moved a little."""
    return _held_out(_Same(prepared))


class _Same:
    """Lets lru_cache key on an oracle by identity."""

    def __init__(self, prepared: Oracle) -> None:
        self.prepared = prepared

    def __hash__(self) -> int:
        return id(self.prepared.problem)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.prepared.problem is self.prepared.problem


@functools.lru_cache(maxsize=64)
def _held_out(key: _Same) -> tuple[ExpectedCase, ...]:
    prepared = key.prepared
    problem = prepared.problem
    drawn: list[tuple[Any, ...]] = []
    for group in problem.groups:
        if group.strategy is not None:
            drawn += draw_inputs(group.strategy, _HELD_OUT_COUNT, _HELD_OUT_SEED)
    if not drawn:
        for _, cases in prepared.groups:
            drawn += [_moved(case.case.inputs) for case in cases]
    found: list[ExpectedCase] = []
    for number, inputs in enumerate(drawn):
        case = Case(f"held out {number}", inputs)
        with contextlib.suppress(OracleError):
            found.append(ExpectedCase(case, "", True, expected_value(prepared.name, problem, case)))
    return tuple(found)


def _moved(value: Any) -> Any:
    """Inputs like these with every fractional number a little larger."""
    kind = type(value)
    if kind is float:
        return value * 1.0625
    if kind is np.ndarray and value.dtype.kind == "f":
        return value * 1.0625
    if kind is tuple:
        return tuple(_moved(element) for element in value)
    if kind is list:
        return [_moved(element) for element in value]
    if kind is Public:
        return Public(value.function, None if value.arguments is None else _moved(value.arguments))
    return copy.deepcopy(value)


# ---------------------------------------------------------------------------------------------
# Trying versions in the sandbox


class _OutOfTime(Exception):
    pass


class _Bench:
    """Runs versions of the module in one warm process, which is made anew when a version ends it."""

    def __init__(
        self,
        prepared: Oracle,
        module: Module,
        child: Callable[[], Child],
        deadline: float,
        *,
        mutation: bool,
    ) -> None:
        self._prepared, self._module, self._make = prepared, module, child
        self._child: Child | None = None
        self._lost = 0
        self.deadline = deadline
        self.statements = [text for _, _, text in module.statements]
        self.limit_s = 0.1
        self.mutation = mutation

    def close(self) -> None:
        if self._child is not None:
            self._child.close()

    def version(self, edit: Edit) -> Version | None:
        """The edited statements by number; None where a change lies outside them."""
        changed: dict[int, list[tuple[int, int, str]]] = {}
        for start, end, text in edit.changes:
            for number, (a, b, _) in enumerate(self._module.statements):
                if a <= start and end <= b:
                    changed.setdefault(number, []).append((start - a, end - a, text))
                    break
            else:
                return None
        from autograder.edits import apply

        return tuple((n, apply(self.statements[n], changes)) for n, changes in changed.items())

    def run(
        self,
        versions: Sequence[Version],
        cases: Sequence[ExpectedCase],
        *,
        mutation: bool | None = None,
    ) -> Iterator[list[CallResult]]:
        """Answers of each version, in order; an empty list where it ended or stopped the process.

        Raises:
            _OutOfTime: the budget is used up.
        """
        problem = self._prepared.problem
        done = 0
        while done < len(versions):
            if time.monotonic() > self.deadline or self._lost > _LOST_CHILDREN:
                raise _OutOfTime
            if self._child is None or not self._child.alive:
                self._child = self._make()
            answers = self._child.repairs(
                self._prepared.name,
                self.statements,
                versions[done:],
                [case.case.inputs for case in cases],
                public_source=self._prepared.public_source,
                driver=problem.driver.__name__ if problem.driver else None,
                limit_s=self.limit_s,
                mutation=self.mutation if mutation is None else mutation,
            )
            try:
                for answer in answers:
                    done += 1
                    yield answer
                    if time.monotonic() > self.deadline:
                        self._child.close()
                        raise _OutOfTime
            except (TimeoutError, ChildDied, Garbled):
                self._lost += 1
                done += 1
                yield []

    def passes(self, answers: Sequence[CallResult], cases: Sequence[ExpectedCase]) -> bool:
        if len(answers) != len(cases):
            return False
        return all(self.right(a, c) for a, c in zip(answers, cases, strict=True))

    def right(self, answer: CallResult, case: ExpectedCase) -> bool:
        if answer.error is not None or answer.mutated:
            return False
        problem = self._prepared.problem
        return compare(answer.value, case.expected, rtol=problem.rtol, atol=problem.atol) is None


# ---------------------------------------------------------------------------------------------
# The hunt


@dataclass(frozen=True, slots=True)
class _Repair:
    edit: Edit
    version: Version
    rule_match: Any = None


@dataclass(frozen=True, slots=True)
class _Finalist:
    """The likeliest repair of its place.

    Attributes:
        rank: how unlikely it is.
        around: whether it may go around the fault.
    """

    repair: _Repair
    rank: float
    around: bool = False

    def rivals(self, first: _Finalist) -> bool:
        """Whether it is about as likely as the first."""
        return (
            not self.around
            and self.rank - first.rank <= _RIVAL
            # What the student's own words repair needs none of the reference's.
            and self.repair.edit.borrowed <= first.repair.edit.borrowed
        )


class _Hunt:
    def __init__(
        self,
        prepared: Oracle,
        document: _Document,
        reference: Reference,
        bench: _Bench,
        results: Sequence[CaseResult],
        held: Sequence[ExpectedCase],
        named: Callable[[], NamedBug | None],
    ) -> None:
        self.prepared, self.document, self.reference, self.bench = (
            prepared,
            document,
            reference,
            bench,
        )
        self.held = held
        self.named = named
        outcomes = {(r.group, r.name): r for r in results}
        cases = [*prepared.examples, *(c for _, group in prepared.groups for c in group)]
        self.failing: list[ExpectedCase] = []
        self.others: list[ExpectedCase] = []
        for case in cases:
            result = outcomes.get((case.group, case.case.name))
            bad = result is not None and result.outcome is not Outcome.PASSED
            (self.failing if bad else self.others).append(case)
        telling = {
            (r.group, r.name): (r.outcome is not Outcome.FAILED, "random" not in r.name)
            for r in results
        }
        self.failing.sort(key=lambda case: telling[case.group, case.case.name])
        # Of the drawn inputs a small one, which runs fast, but not the smallest, which tells little.
        drawn = [c for c in self.failing if c.case.name.startswith("random")]
        if len(drawn) > 3:
            drawn.sort(key=lambda case: _size(case.case.inputs))
            first = drawn[len(drawn) // 4]
            self.failing.sort(key=lambda case: case is not first)
        self.all = [*self.failing, *self.others]
        self.end = bench.deadline
        self.space: Space | None = None
        self.cheap: list[Edit] = []

    def probes(self) -> list[ExpectedCase]:
        """The cases that a version meets first: few where values are rich, more where they are True or False."""
        first = self.failing[0]
        if not isinstance(first.expected, bool | np.bool_):
            return [first]
        right_ones = [c for c in self.others if c.hidden][:3]
        wanted = {bool(c.expected) for c in self.failing[:3]} | {
            bool(c.expected) for c in right_ones
        }
        extra = [c for c in self.others if c.hidden and bool(c.expected) not in wanted][:2]
        return [*self.failing[:3], *right_ones, *extra]

    def run(self, symptoms: frozenset[str], lines: frozenset[int]) -> list[Diagnosis]:
        if not self.failing:
            return []
        bench = self.bench
        self.space = Space(self.document.module, self.reference, symptoms=symptoms, lines=lines)
        probes = self.probes()
        try:
            begin = time.monotonic()
            (answers,) = bench.run([()], probes)
            took = time.monotonic() - begin
            if bench.passes(answers, probes):
                return []  # it is not this source alone that fails
            bench.limit_s = min(0.1, max(0.015, 20 * self._reference_time(probes)))
            if answers and answers[-1].error is None:
                bench.limit_s = min(0.1, max(bench.limit_s, 2 * took))
        except _OutOfTime:
            return self._like((), ())
        found: list[_Repair] = []
        nearly: list[_Repair] = []
        matches = list(_rule_repairs(self.document.module, self.prepared.name))
        with contextlib.suppress(_OutOfTime):
            self._search(matches, probes, found, nearly)
        bench.deadline = self.end
        if found:
            chosen, sure = self._chosen(found)
            named = [
                self._diagnosis(one, confirmed=sure, family=self._family_told(one))
                for one in chosen
            ]
            if len(named) > 1:
                return [_either(named[0], named[1]), _either(named[1], named[0])]
            if sure:
                return named
            # The repair and the behaviour are two witnesses: each may be wrong, but hardly both alike.
            like = self._like(matches, nearly)
            agree = like and (like[0].family, like[0].line) == (named[0].family, named[0].line)
            return [replace(named[0], confirmed=True)] if agree else like or named
        suspected: list[_Repair] = []
        with contextlib.suppress(_OutOfTime):
            both = self._two_faults(matches, probes)
            if both is not None:
                return [self._diagnosis(repair, confirmed=True) for repair in both]
            if self.named() is None:
                suspected = [r for r in nearly if r.rule_match is not None]
                suspected = suspected or self._helpful(matches)
        like = self._like(matches, nearly)
        return like or [self._diagnosis(r, confirmed=False) for r in suspected[:1]]

    def _reference_time(self, cases: Sequence[ExpectedCase]) -> float:
        begin = time.monotonic()
        for case in cases:
            with contextlib.suppress(OracleError):
                expected_value(self.prepared.name, self.prepared.problem, case.case)
        return (time.monotonic() - begin) / len(cases)

    def _search(
        self,
        matches: Sequence[_Repair],
        probes: Sequence[ExpectedCase],
        found: list[_Repair],
        nearly: list[_Repair],
    ) -> None:
        assert self.space is not None
        seen: set[Version] = set()
        size = _FIRST_BATCH
        stop_at: float | None = None
        stop_time = float("inf")
        batch: list[_Repair] = []

        def flush() -> None:
            nonlocal stop_at, stop_time
            survivors = [
                repair
                for repair, answers in zip(
                    batch, self.bench.run([r.version for r in batch], probes), strict=True
                )
                if self.bench.passes(answers, probes)
            ]
            batch.clear()
            for repair in survivors:
                verdict = self._proven(repair.version)
                if verdict == "proven":
                    found.append(repair)
                    if stop_at is None:
                        stop_at = repair.edit.cost + _WINDOW
                        stop_time = time.monotonic() + _WINDOW_S
                elif verdict == "tests only":
                    nearly.append(repair)
                if len(found) >= _MAX_REPAIRS:
                    return

        stream = self._stream(matches)
        for repair in stream:
            if stop_at is not None and (repair.edit.cost > stop_at or time.monotonic() > stop_time):
                break
            if not repair.version or repair.version in seen:
                continue
            seen.add(repair.version)
            batch.append(repair)
            if len(batch) >= size:
                flush()
                size = min(2 * size, _LARGEST_BATCH)
                if len(found) >= _MAX_REPAIRS:
                    return
        if batch:
            flush()

    def _two_faults(
        self, matches: Sequence[_Repair], probes: Sequence[ExpectedCase]
    ) -> list[_Repair] | None:
        """Two slips of the commonest kinds on different lines, which only together make it right."""
        likely = [
            *matches,
            *(_Repair(edit, ()) for edit in sorted(self.cheap, key=lambda e: e.cost)),
        ]
        pairs: list[tuple[_Repair, _Repair, Version]] = []
        for a, b in itertools.combinations(likely[:_MAX_LIKELY], 2):
            if a.edit.line == b.edit.line or not a.edit.is_apart(b.edit):
                continue
            version = self.bench.version(
                replace(a.edit, changes=(*a.edit.changes, *b.edit.changes))
            )
            if version is not None:
                pairs.append((a, b, version))
        pairs.sort(key=lambda pair: pair[0].edit.cost + pair[1].edit.cost)
        for begin in range(0, len(pairs), _LARGEST_BATCH):
            batch = pairs[begin : begin + _LARGEST_BATCH]
            answers = list(self.bench.run([version for _, _, version in batch], probes))
            for (a, b, version), answer in zip(batch, answers, strict=True):
                if self.bench.passes(answer, probes) and self._proven(version) == "proven":
                    return sorted((a, b), key=lambda repair: repair.edit.line)
        return None

    def _helpful(self, matches: Sequence[_Repair]) -> list[_Repair]:
        """Rules whose repair makes more cases right, though not all."""
        before = len(self.others)
        found = []
        for match in matches[:8]:
            version = self.bench.version(match.edit)
            if version is None:
                continue
            right = 0
            for case, answers in (
                (case, next(self.bench.run([version], [case], mutation=True))) for case in self.all
            ):
                right += self.bench.passes(answers, [case])
            if right > before:
                found.append(match)
        return found

    def _stream(self, matches: Sequence[_Repair]) -> Iterator[_Repair]:
        assert self.space is not None
        for match in matches:
            version = self.bench.version(match.edit)
            if version:
                yield replace(match, version=version)
        for edit in self.space:
            if edit.cost <= _LIKELY:
                self.cheap.append(edit)
            version = self.bench.version(edit)
            if version is not None:
                yield _Repair(edit, version)

    def _proven(self, version: Version) -> str:
        for cases, last in ((self.all[:8], False), (self.all, False), (self.held, True)):
            if not cases:
                continue
            (answers,) = self.bench.run([version], cases, mutation=True)
            if not self.bench.passes(answers, cases):
                return "tests only" if last else "no"
        return "proven"

    # -----------------------------------------------------------------------------------------
    # What the function behaves like

    def _like(self, matches: Sequence[_Repair], nearly: Sequence[_Repair]) -> list[Diagnosis]:
        """The known bug that the function behaves like, on the line that looks most like it."""
        bug = self.named()
        if bug is None:
            return []
        edits = [*matches, *nearly]
        line = next(
            (one.edit.line for one in edits if self._family(one) == bug.family),
            self._likest_line(bug.faulty),
        )
        source = self.document.module.source.splitlines()[line - 1].strip()
        cell, place = self.document.place(line)
        rule = "like-" + bug.path.stem.replace("_", "-")
        message = bug.about[:1].upper() + bug.about[1:]
        return [Diagnosis(rule, bug.family, place, place, _cut(source), None, False, message, cell)]

    def _family(self, repair: _Repair) -> str:
        assert self.space is not None
        if repair.rule_match is not None:
            return str(repair.rule_match[0].family)
        return self.space.named(repair.edit).family

    def _likest_line(self, faulty: str) -> int:
        """The line of the student's that reads most like a known bug's, else the function's first."""
        module = self.document.module
        statements = module.editable
        functions = [n for n in statements if getattr(n, "name", "") == self.prepared.name]
        first = (functions or statements)[-1].lineno
        lines = module.source.splitlines()
        best, likeness = first, _LIKE
        wanted = _tokens(faulty)
        spans = (range(s.lineno, (s.end_lineno or s.lineno) + 1) for s in statements)
        heads = {
            node.lineno
            for statement in statements
            for node in ast.walk(statement)
            if isinstance(node, ast.FunctionDef | ast.ClassDef)
        }
        for line in itertools.islice(itertools.chain.from_iterable(spans), _MAX_COMPARED):
            if line in heads:
                continue  # it has all parameters
            found = self._likeness_of_lines(wanted, _tokens(lines[line - 1]))
            if found > likeness:
                best, likeness = line, found
        return best

    def _likeness_of_lines(self, wanted: Sequence[str], tokens: Sequence[str]) -> float:
        """From 0 to 1: the mean of likeness as texts, and in the parameters and numbers that they use."""
        as_texts = difflib.SequenceMatcher(None, wanted, tokens).ratio()
        assert self.space is not None
        roles = self.space.roles
        ours, theirs = (
            {
                roles.get(word, word)
                for word in words
                if word[0].isdigit() or roles.get(word, word) in self.reference.parameters
            }
            for words in (wanted, tokens)
        )
        return (as_texts + (len(ours & theirs) / len(ours | theirs) if ours else as_texts)) / 2

    def _family_told(self, repair: _Repair) -> str:
        """A repair's family: behaviour says what is wrong where the change alone does not."""
        family = self._family(repair)
        if repair.rule_match is not None or family in _PLAIN_FAMILIES:
            return family
        bug = self.named()
        return family if bug is None else bug.family

    # -----------------------------------------------------------------------------------------
    # Which of several repairs

    def _chosen(self, found: Sequence[_Repair]) -> tuple[list[_Repair], bool]:
        """The repairs to name, the likeliest first, and whether the first is sure to undo the fault.

        Two are named where repairs of two places are about as likely. An expression of the reference may pass
        because it goes around the fault: it is sure only where all that the student computes is still needed.
        """
        assert self.space is not None
        finalists = self._finalists(found)
        if len(finalists) > 1 or finalists[0].repair.edit.borrowed:
            finalists = sorted(
                map(self._weighed, finalists), key=lambda one: (one.around, one.rank)
            )
        first, *others = finalists
        if first.around:
            return [first.repair], False
        rivals = [one.repair for one in others if one.rivals(first)][:1]
        sure = not rivals and not self.space.is_another_way(first.repair.edit)
        return [first.repair, *rivals], sure

    def _finalists(self, found: Sequence[_Repair]) -> list[_Finalist]:
        """The likeliest repair of each place; none that is far behind the likeliest."""
        assert self.space is not None
        favoured = self._favoured_family(found)
        ranked = [(self._rank(repair, favoured), repair) for repair in found]
        ranked.sort(key=lambda one: one[0])
        best: list[_Finalist] = []
        taken: set[object] = set()
        for (rank, *_), repair in ranked:
            edit = repair.edit
            # What is put between two lines may stand between the next two as well: that is one repair.
            places: set[object] = {self.space.place(edit)}
            if not edit.old:
                places.add((edit.rule, edit.new.strip()))
            if self._family(repair) == "mutation":
                places.add("the caller's array")  # copied in one place or written to in another
            if not places & taken and (not best or rank - best[0].rank <= _FAR_BEHIND):
                best.append(_Finalist(self._as_it_behaves(repair, ranked, favoured), rank))
            taken |= places
        return best[:_MAX_FINALISTS]

    def _as_it_behaves(
        self, repair: _Repair, ranked: Sequence[tuple[object, _Repair]], favoured: str
    ) -> _Repair:
        """Of the repairs of one place the likeliest of the favoured family, if there is any."""
        assert self.space is not None
        place = self.space.place(repair.edit)
        of_the_family = (
            one
            for _, one in ranked
            if self.space.place(one.edit) == place
            and one.edit.borrowed <= repair.edit.borrowed
            and self._family(one) == favoured
        )
        return next(of_the_family, repair) if repair.rule_match is None else repair

    def _weighed(self, one: _Finalist) -> _Finalist:
        """The finalist with what it leaves without a use."""
        idle = 1  # until the opposite is shown
        with contextlib.suppress(_OutOfTime):
            idle = self._idle(one.repair)
        cost = 0.0 if one.repair.rule_match is not None else _IDLE * idle
        return replace(one, rank=one.rank + cost, around=idle > 0 and one.repair.edit.borrowed)

    def _rank(self, repair: _Repair, favoured: str) -> tuple[float, float, int]:
        assert self.space is not None
        edit = repair.edit
        gained = self.space.likeness.gained(edit)
        rank = edit.cost - gained
        if repair.rule_match is not None:
            rank = edit.cost - max(gained, 0.0) - _BY_A_RULE
        if self.space.passes_on(edit) or self.space.only_names(edit):
            rank += _PASSED_ON
        if self._family(repair) == "mutation" and self.space.is_one_write_of_many(edit):
            rank += _ONE_OF_MANY
        if favoured and self._family(repair) == favoured:
            rank -= _FAVOURED
        # What is missing is mostly missing where it would be used last.
        return (round(rank, 3), edit.cost, -edit.line)

    def _idle(self, repair: _Repair) -> int:
        """How many statements of the student's have lost their use by a repair, or have none after it."""
        assert self.space is not None
        edit, bench = repair.edit, self.bench
        tried: list[tuple[Spoiled, Version]] = []
        for one in self.space.spoiled[:_MAX_SPOILED]:
            if edit.leaves(one.change):
                version = bench.version(replace(edit, changes=(*edit.changes, one.change)))
                if version is not None:
                    tried.append((one, version))
        for cases in (self.all[:2], self.all[:8], self.all):
            answers = list(bench.run([version for _, version in tried], cases))
            tried = [
                pair
                for pair, answer in zip(tried, answers, strict=True)
                if bench.passes(answer, cases)
            ]
        removed = set(words(edit.old)) - set(words(edit.new))
        return sum(
            # What was used only by the text that is gone, or stands in the new text itself, is accounted for.
            not (one.names & removed and not edit.borrowed)
            and not (one.computes and one.value and one.value in edit.new)
            and (one.computes or self._had_use(edit, one))
            for one, _ in tried
        )

    def _had_use(self, edit: Edit, statement: Spoiled) -> bool:
        """Whether the student's own function answers otherwise without a statement."""
        cases = self.failing[:2]
        version = self.bench.version(replace(edit, changes=(statement.change,)))
        before, after = self.bench.run([(), version or ()], cases)
        return len(before) != len(after) or not behave_alike(self.prepared.problem, before, after)

    def _favoured_family(self, found: Sequence[_Repair]) -> str:
        """The family of the bug that the function behaves like, where repairs of several families compete."""
        if len({self._family(repair) for repair in found}) < 2:
            return ""
        bug = self.named()
        return "" if bug is None else bug.family

    def _diagnosis(self, repair: _Repair, *, confirmed: bool, family: str = "") -> Diagnosis:
        assert self.space is not None
        edit = self.space.named(repair.edit)
        module = self.document.module
        cell, line = self.document.place(edit.line)
        end_line = line + edit.end_line - edit.line
        source = "\n".join(module.source.splitlines()[edit.line - 1 : edit.end_line]).strip()
        rule, fix = edit.rule, _fixed_lines(edit)
        message = f"Line {line} {edit.what}"
        if repair.rule_match is not None:
            which, match = repair.rule_match
            rule, message = which.id, match.message
            fix = match.fix or fix
            if len(self.document.starts) > 1:
                message = re.sub(rf"\b[Ll]ine {match.line}\b", f"Line {line}", message)
        message += self._other_place(edit)
        family = family or self._family(repair)
        return Diagnosis(
            rule, family, line, end_line, _cut(source), _cut(fix), confirmed, message, cell
        )

    def _other_place(self, edit: Edit) -> str:
        """Where the caller's array is changed through another name: the line that makes the name, or the writes."""
        assert self.space is not None
        alias = self.space.alias(edit) if edit.family == "mutation" else None
        if alias is None:
            return ""
        made, *written = (self.document.place(n)[1] for n in (alias.line, *alias.writes))
        if edit.line == alias.line:
            one = len(written) == 1
            where = f"line {written[0]} changes" if one else f"lines {_listed(written)} change"
            return f" Through it {where} `{alias.parameter}`."
        return f" `{alias.name}` is the caller's `{alias.parameter}` since line {made}; a copy there would do as well."


def _either(one: Diagnosis, other: Diagnosis) -> Diagnosis:
    """The cause with word of another that explains as much."""
    where = f"line {other.line}" + (" of another cell" if other.cell != one.cell else "")
    rest = f" It is that or {where}: corrected at one of the two, your code passes."
    return replace(one, message=one.message + rest)


def _listed(numbers: Sequence[int]) -> str:
    *first, last = map(str, numbers)
    return f"{', '.join(first)} and {last}" if first else last


def _tokens(text: str) -> list[str]:
    return re.findall(r"\w+|[^\w\s]", text.split("#")[0])[:80]


def _cut(text: str) -> str:
    return text if len(text) <= _MAX_QUOTED else text[:_MAX_QUOTED] + " …"


def _size(value: Any) -> int:
    if type(value) in (list, tuple):
        return sum(_size(element) for element in value)
    if type(value) is int:
        return abs(value)
    return int(value.size) if isinstance(value, np.ndarray) else 1


def _fixed_lines(edit: Edit) -> str:
    """The lines that a change touches, as they should read, without their common indentation."""
    import textwrap

    source, changed = edit.source, edit.new_source
    start = min(change[0] for change in edit.changes)
    end = max(change[1] for change in edit.changes)
    first = source.rfind("\n", 0, start) + 1
    last = source.find("\n", end)
    tail = 0 if last < 0 else len(source) - last
    text = textwrap.dedent(changed[first : len(changed) - tail] if tail else changed[first:])
    lines = [line for line in text.splitlines() if line.strip() and line.strip() != "pass"]
    return "\n".join(lines[:12])


# ---------------------------------------------------------------------------------------------
# Rules: what is known by its shape comes first


def _rule_repairs(module: Module, problem: str) -> Iterable[_Repair]:
    try:
        from autograder import rules

        pairs = rules.find_all(rules.rules_for(problem), module.source)
    except (
        Exception
    ):  # a rule that cannot be read is the course's fault and must not cost a diagnosis
        return
    for rule, match in pairs:
        if match.fix_source is None:
            continue
        old, new = module.source, match.fix_source
        start = next(
            (i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b),
            min(len(old), len(new)),
        )
        tail = 0
        while tail < min(len(old), len(new)) - start and old[-1 - tail] == new[-1 - tail]:
            tail += 1
        change = (start, len(old) - tail, new[start : len(new) - tail])
        if change[0] == change[1] and not change[2]:
            continue
        edit = Edit(
            old, (change,), match.line, match.end_line, match.source, match.fix or "", rule.id, rule.family,
            1.0, match.message,
        )  # fmt: skip
        yield _Repair(edit, (), (rule, match))
