"""How much hidden tests notice: mutants of every right answer, run against them in the sandbox.

A mutant that some hidden case fails is killed. One that passes them all meets further inputs: drawn with
another seed, and hidden inputs with a number moved; of these only such count as all the right answers of
the problem agree on. A mutant that a further input betrays has survived: the tests have a hole there. One
that none betrays is not told apart, which is no proof that it is right, and is counted apart.
"""

from __future__ import annotations

import ast
import contextlib
import copy
import inspect
import random
import time
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np

from autograder.compare import compare, describe
from autograder.course import Course, CourseError
from autograder.model import Case, Item, Problem, Public
from autograder.mutate import Mutant, mutants, normal_form, planted
from autograder.oracle import (
    ExpectedCase,
    Oracle,
    OracleError,
    draw_inputs,
    expected_value,
    oracle,
)
from autograder.sandbox.pool import CallResult, Child, ChildDied, Garbled, Sandboxes
from autograder.signatures import behave_alike, behaviour, header
from autograder.source import SourcePart, heavy_imports
from autograder.validate import Fault

DEFAULT_SHARE = 0.95
SETTINGS = "set.toml"
FURTHER_DRAWN = 300
_FURTHER_SEED = 20260417
_VARIANTS = 4  # of each hidden input
_MAX_VARIANTS = 240
_CHUNK = 64  # mutants in one request
_FIRST = 8  # cases of the second round
_SHORTEST_S, _LONGEST_S = 0.25, 2.0
_MAX_LOST = 200
_WORDS_OF_INPUT = 160


class Fate(StrEnum):
    """What became of a mutant."""

    KILLED = "killed"
    SURVIVED = "survived"
    ALIKE = "not told apart"
    EXCUSED = "excused"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A mutant and its fate.

    Attributes:
        path: the file it was made of.
        case: "group: name" of the hidden case that killed it, or of the input that betrays a survivor.
        how: "value", "raised", "late" or "mutated" where it was killed.
        told: the further input that betrays a survivor, as text.
        reason: why it is excused, in the author's words.
    """

    mutant: Mutant
    path: Path
    fate: Fate
    case: str = ""
    how: str = ""
    told: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Adequacy:
    """What the hidden tests of a problem notice.

    Attributes:
        further: how many inputs beyond the hidden ones mutants met that passed those.
        faults: (path, text) of files that are no right answers here.
        unused: keys of `unseen_bugs` that excuse nothing.
    """

    item: str
    verdicts: tuple[Verdict, ...]
    further: int
    faults: tuple[tuple[Path, str], ...] = ()
    unused: tuple[str, ...] = ()
    seconds: float = 0.0

    def of(self, fate: Fate, path: Path | None = None) -> tuple[Verdict, ...]:
        return tuple(one for one in self.verdicts if one.fate is fate and path in (None, one.path))

    def share(self, path: Path | None = None) -> float:
        """Killed mutants among those that can be told from right answers; 1 where there are none."""
        killed, survived = len(self.of(Fate.KILLED, path)), len(self.of(Fate.SURVIVED, path))
        return killed / (killed + survived) if killed + survived else 1.0


# ---------------------------------------------------------------------------------------------
# Running versions of a module in the sandbox


@dataclass(frozen=True, slots=True)
class RightAnswer:
    """A right answer's file and text; the reference's text keeps the line numbers of its file."""

    path: Path
    source: str


def right_answers(item: Item) -> tuple[RightAnswer, ...]:
    """The reference, with its imports on the first line, and the accepted files."""
    assert isinstance(item.definition, Problem)
    lines, first = inspect.getsourcelines(item.definition.reference)
    modules = ["math", *(name for name in item.definition.imports if name not in ("numpy", "math"))]
    imports = "; ".join([*(f"import {name}" for name in modules), "import numpy as np"])
    reference = imports + "\n" * max(1, first - 1) + "".join(lines)
    found = [RightAnswer(item.file, reference)]
    for path in sorted((item.file.parent / "accepted").glob("*.py")):
        found.append(RightAnswer(path, path.read_text(encoding="utf-8")))
    return tuple(found)


class Runner:
    """Runs versions of one module on cases, many in one process, which is made anew when one ends it."""

    def __init__(self, prepared: Oracle, source: str, sandboxes: Sandboxes) -> None:
        self._prepared = prepared
        self._source = source
        imports = heavy_imports([SourcePart(0, source)]) | set(prepared.problem.imports)
        self._sandbox = sandboxes.get(imports)
        self._child: Child | None = None
        self.limit_s = _LONGEST_S
        self.lost = 0

    def __enter__(self) -> Runner:
        return self

    def __exit__(self, *error: object) -> None:
        if self._child is not None:
            self._child.close()

    def answers(
        self, versions: Sequence[str], cases: Sequence[ExpectedCase]
    ) -> Iterator[list[CallResult]]:
        """The answers of each version, in order; the list ends with the first that raised or came late."""
        problem = self._prepared.problem
        done = 0
        while done < len(versions):
            if self._child is None or not self._child.alive:
                self._child = self._sandbox.child()
            chunk = versions[done : done + _CHUNK]
            answers = self._child.repairs(
                self._prepared.name,
                [self._source],
                [[(0, version)] for version in chunk],
                [case.case.inputs for case in cases],
                public_source=self._prepared.public_source,
                driver=problem.driver.__name__ if problem.driver else None,
                limit_s=self.limit_s,
                mutation=True,
            )
            try:
                for answer in answers:
                    done += 1
                    yield answer
            except (TimeoutError, ChildDied, Garbled):
                self.lost += 1
                done += 1
                yield [CallResult(error={"type": "late or dead"})]

    def measure(self, cases: Sequence[ExpectedCase]) -> str:
        """Set the time limit by the right answer's own time; says how it fails a case, "" where it does not."""
        list(self.answers([self._source], cases[:1]))  # the process is there, and its imports
        slowest = 0.0
        for begin in range(0, len(cases), _FIRST):
            some = cases[begin : begin + _FIRST]
            start = time.monotonic()
            (answers,) = self.answers([self._source], some)
            slowest = max(slowest, time.monotonic() - start)
            failed = first_failure(self._prepared.problem, answers, some)
            if failed is not None:
                number, how = failed
                return f"fails the hidden case {_named(some[number])} ({how})"
        self.limit_s = min(_LONGEST_S, max(_SHORTEST_S, 10 * slowest))
        return ""


def first_failure(
    problem: Problem, answers: Sequence[CallResult], cases: Sequence[ExpectedCase]
) -> tuple[int, str] | None:
    """Number of the first case that a version fails, and how; None where it passes all."""
    for number, case in enumerate(cases):
        if number >= len(answers):
            return number, "raised"
        how = _failure(problem, answers[number], case)
        if how:
            return number, how
    return None


def _failure(problem: Problem, answer: CallResult, case: ExpectedCase) -> str:
    if answer.error is not None:
        return "late" if "ate" in str(answer.error.get("type")) else "raised"
    if answer.mutated:
        return "mutated"
    found = compare(answer.value, case.expected, rtol=problem.rtol, atol=problem.atol)
    return "" if found is None else "value"


def _named(case: ExpectedCase) -> str:
    return f"{case.group}: {case.case.name}"


def hidden(prepared: Oracle) -> list[ExpectedCase]:
    """All hidden cases, those of different groups in turn, so that a wrong version fails soon."""
    columns = [list(cases) for _, cases in prepared.groups]
    longest = max(map(len, columns), default=0)
    return [column[row] for row in range(longest) for column in columns if row < len(column)]


# ---------------------------------------------------------------------------------------------
# Adequacy


def _made(source: str, name: str) -> tuple[Mutant, ...]:
    """All mutants of a right answer: the operators' own, then what the bug rules add to them."""
    own = mutants(source, name)
    known = {normal_form(ast.parse(mutant.source)) for mutant in own}
    added = [
        mutant
        for mutant in planted(source, name, name)
        if normal_form(ast.parse(mutant.source)) not in known
    ]
    return (*own, *added)


def adequacy(item: Item, sandboxes: Sandboxes) -> Adequacy:
    """Mutate the reference and every accepted file of a code item, and see what hidden cases notice."""
    begin = time.monotonic()
    prepared = oracle(item)
    cases = hidden(prepared)
    verdicts: list[Verdict] = []
    passed: list[tuple[RightAnswer, Mutant]] = []
    faults: list[tuple[Path, str]] = []
    rights = right_answers(item)
    for right in rights:
        made = _made(right.source, item.name)
        with Runner(prepared, right.source, sandboxes) as runner:
            fault = runner.measure(cases)
            if fault:
                faults.append((right.path, fault))
                continue
            for mutant, killer in _killers(prepared.problem, runner, made, cases):
                if killer is None:
                    passed.append((right, mutant))
                else:
                    case, how = killer
                    verdicts.append(Verdict(mutant, right.path, Fate.KILLED, _named(case), how))
    further: Sequence[ExpectedCase] = ()
    if passed:
        further = further_cases(item, sandboxes)
        verdicts += _second_trial(prepared, passed, further, sandboxes)
    excused = [one.mutant for one in verdicts if one.fate is Fate.EXCUSED]
    stems = {path.stem for path in (item.file.parent / "wrong").glob("*.py")}
    unused = [
        key
        for key in prepared.problem.unseen_bugs
        if not any(mutant.is_named_by(key) for mutant in excused)
        and not (" = " in key and stems.issuperset(map(str.strip, key.split(" = "))))
    ]
    places = [right.path for right in rights]
    verdicts.sort(key=lambda one: (places.index(one.path), one.mutant.line))
    return Adequacy(
        item.name,
        tuple(verdicts),
        len(further),
        tuple(faults),
        tuple(unused),
        time.monotonic() - begin,
    )


def _killers(
    problem: Problem,
    runner: Runner,
    made: Sequence[Mutant],
    cases: Sequence[ExpectedCase],
) -> Iterator[tuple[Mutant, tuple[ExpectedCase, str] | None]]:
    """Each mutant with the first case it fails and how, or None; most fall to the first few cases."""
    left = list(made)
    first = len({case.group for case in cases})
    for low, high in ((0, first), (first, first + _FIRST), (first + _FIRST, len(cases))):
        some = cases[low:high]
        if not some:
            continue
        still = []
        versions = [mutant.source for mutant in left]
        for mutant, answers in zip(left, runner.answers(versions, some), strict=True):
            failed = first_failure(problem, answers, some)
            if failed is None:
                still.append(mutant)
            else:
                yield mutant, (some[failed[0]], failed[1])
        left = still
    for mutant in left:
        yield mutant, None


def _second_trial(
    prepared: Oracle,
    passed: Sequence[tuple[RightAnswer, Mutant]],
    further: Sequence[ExpectedCase],
    sandboxes: Sandboxes,
) -> Iterator[Verdict]:
    """What further inputs say of mutants that pass all hidden cases."""
    excuses = prepared.problem.unseen_bugs
    by_file: dict[Path, list[tuple[RightAnswer, Mutant]]] = {}
    for right, mutant in passed:
        by_file.setdefault(right.path, []).append((right, mutant))
    for path, pairs in by_file.items():
        with Runner(prepared, pairs[0][0].source, sandboxes) as runner:
            runner.limit_s = _SHORTEST_S
            versions = [mutant.source for _, mutant in pairs]
            found = runner.answers(versions, further)
            for (_, mutant), answers in zip(pairs, found, strict=True):
                reason = next((r for key, r in excuses.items() if mutant.is_named_by(key)), "")
                if reason:
                    yield Verdict(mutant, path, Fate.EXCUSED, reason=reason)
                    continue
                failed = first_failure(prepared.problem, answers, further)
                if failed is None:
                    yield Verdict(mutant, path, Fate.ALIKE)
                    continue
                case, how = further[failed[0]], failed[1]
                told = describe(case.case.inputs, _WORDS_OF_INPUT)
                yield Verdict(mutant, path, Fate.SURVIVED, _named(case), how, told)


# ---------------------------------------------------------------------------------------------
# Further inputs


def further_cases(item: Item, sandboxes: Sandboxes) -> tuple[ExpectedCase, ...]:
    """Inputs beyond the hidden ones on which every right answer of the problem says the same."""
    prepared = oracle(item)
    problem = prepared.problem
    known = {_fingerprint(case.case.inputs) for case in hidden(prepared)}
    cases: list[ExpectedCase] = []
    for group, name, inputs in (*_drawn(prepared), *_moved(prepared)):
        mark = _fingerprint(inputs)
        if mark in known:
            continue
        known.add(mark)
        case = Case(name, inputs)
        with contextlib.suppress(OracleError, TypeError):
            expected = expected_value(item.name, problem, case)
            if _is_finite(expected):
                compare(expected, expected, rtol=problem.rtol, atol=problem.atol)
                cases.append(ExpectedCase(case, group, True, expected))
    for right in right_answers(item)[1:]:
        agreed = _behaviour(prepared, right.source, cases, sandboxes)
        cases = [
            case
            for case, answer in zip(cases, agreed, strict=True)
            if answer is not None and not _failure(problem, answer, case)
        ]
    return tuple(cases)


def _behaviour(
    prepared: Oracle, source: str, cases: Sequence[ExpectedCase], sandboxes: Sandboxes
) -> list[CallResult | None]:
    problem = prepared.problem
    imports = heavy_imports([SourcePart(0, source)]) | set(problem.imports)
    limit_s = max(10.0, problem.time_limit_s)
    return behaviour(prepared, source, cases, sandboxes.get(imports).child, limit_s=limit_s)


def _fingerprint(inputs: Any) -> str:
    """A text that equal inputs share."""
    if isinstance(inputs, np.ndarray):
        return f"{inputs.shape}{inputs.dtype}{inputs.tobytes().hex()}"
    if isinstance(inputs, Public):
        return f"{inputs.function}{_fingerprint(inputs.arguments)}"
    if isinstance(inputs, tuple | list):
        return f"{type(inputs).__name__}({','.join(map(_fingerprint, inputs))})"
    if isinstance(inputs, dict):
        return f"{{{','.join(f'{key}:{_fingerprint(one)}' for key, one in inputs.items())}}}"
    return repr(inputs)


def _is_finite(value: Any) -> bool:
    if isinstance(value, float | np.ndarray | np.generic):
        return bool(np.all(np.isfinite(value)))
    if isinstance(value, dict):
        return all(map(_is_finite, value.values()))
    return all(map(_is_finite, value)) if isinstance(value, tuple | list) else True


def _drawn(prepared: Oracle) -> Iterator[tuple[str, str, tuple[Any, ...]]]:
    groups = [group for group, _ in prepared.groups if group.strategy is not None]
    for group in groups:
        count = -(-FURTHER_DRAWN // len(groups))
        drawn = draw_inputs(group.strategy, count, _FURTHER_SEED)
        for number, inputs in enumerate(drawn, 1):
            yield group.name, f"further input {number}", inputs


def _moved(prepared: Oracle) -> Iterator[tuple[str, str, tuple[Any, ...]]]:
    """Hidden inputs with one part changed: scaled, zeroed, set to what stands there elsewhere."""
    cases = [*hidden(prepared), *prepared.examples]
    cases.sort(key=lambda case: "random input" in case.case.name)  # the named ones first
    seen: dict[tuple[Any, ...], list[float]] = {}
    for case in cases:
        for place, value in _leaves(case.case.inputs):
            numbers = np.ravel(value) if isinstance(value, np.ndarray) else [value]
            seen.setdefault(_kind(place), []).extend(float(number) for number in numbers)
    bounds = {place: (min(numbers), max(numbers)) for place, numbers in seen.items() if numbers}
    rng = random.Random(_FURTHER_SEED)
    made = 0
    for case in cases:
        places = list(_leaves(case.case.inputs))
        for number in range(_VARIANTS):
            if not places or made >= _MAX_VARIANTS:
                break
            place, value = rng.choice(places)
            low, high = bounds.get(_kind(place), (0.0, 0.0))
            pool = seen.get(_kind(place), [])
            changed = _changed(value, low, high, pool, rng)
            made += 1
            inputs = _put(copy.deepcopy(case.case.inputs), place, changed)
            yield case.group or "examples", f"{case.case.name}, moved ({number + 1})", inputs


def _leaves(value: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Numbers and arrays of numbers in inputs, each with the way to it."""
    if isinstance(value, bool | str):
        return
    if isinstance(value, int | float) or (
        isinstance(value, np.ndarray) and value.dtype.kind in "fi" and value.size
    ):
        yield place, value
    elif isinstance(value, Public):
        for index, one in enumerate(value.arguments or ()):
            yield from _leaves(one, (*place, (value.function, index)))
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from _leaves(one, (*place, key))
    elif isinstance(value, list | tuple):
        for index, one in enumerate(value):
            yield from _leaves(one, (*place, index))


def _kind(place: tuple[Any, ...]) -> tuple[Any, ...]:
    """Places that hold the same kind of number: the elements of a list are alike."""
    return place[:1] + tuple(step if isinstance(step, tuple | str) else "*" for step in place[1:])


def _put(value: Any, place: tuple[Any, ...], new: Any) -> Any:
    if not place:
        return new
    step, rest = place[0], place[1:]
    if isinstance(value, Public):
        arguments = list(value.arguments or ())
        arguments[step[1]] = _put(arguments[step[1]], rest, new)
        return Public(value.function, tuple(arguments))
    if isinstance(value, tuple):
        return tuple(
            _put(one, rest, new) if index == step else one for index, one in enumerate(value)
        )
    value[step] = _put(value[step], rest, new)
    return value


def _changed(value: Any, low: float, high: float, pool: Sequence[float], rng: random.Random) -> Any:
    """Another number, or array of the same shape, within what the problem's inputs suggest."""
    if isinstance(value, int):
        whole = [value + 1, value - 1, value + 2, int(low), *(int(x) for x in pool if x == int(x))]
        fitting = [one for one in whole if low <= one <= max(high, low + 3)]
        return rng.choice(fitting or [value])
    if isinstance(value, float):
        near = [value * 1.0625, value * 10, value * 0.01, value / 2, -value, 0.0, low, high, *pool]
        return float(np.clip(rng.choice(near), *_limits(low, high)))
    array = value.copy()
    way = rng.randrange(5)
    if way == 0 and array.dtype.kind == "f":
        array *= rng.choice([1.0625, 10.0, 0.01, -1.0])
    elif way == 1:
        array.flat[rng.randrange(array.size)] = 0
    elif way == 2:
        array.flat[rng.randrange(array.size)] = rng.choice(list(pool))
    elif way == 3:
        order = list(range(array.size))
        rng.shuffle(order)
        array = array.ravel()[order].reshape(array.shape)
    else:
        array.flat[rng.randrange(array.size)] *= -1
    return np.clip(array, *_limits(low, high)).astype(value.dtype)


def _limits(low: float, high: float) -> tuple[float, float]:
    """Numbers between 0 and 1 stay there, and those that are never negative stay so."""
    if low >= 0:
        return (0.0, 1.0) if high <= 1 else (0.0, np.inf)
    return -np.inf, np.inf


# ---------------------------------------------------------------------------------------------
# A set's validation


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table: one file of a problem, or with an empty file name the whole problem."""

    problem: str
    file: str
    killed: int
    survived: int
    excused: int
    alike: int
    share: float
    seconds: float = 0.0

    @property
    def mutants(self) -> int:
        return self.killed + self.survived + self.excused + self.alike


def wanted_share(course: Course, set_name: str) -> float:
    """The share of mutants that a set's hidden tests must kill: `adequacy` in its set.toml, or 0.95.

    Raises:
        CourseError: the file is wrong.
    """
    path = course.solutions / set_name / SETTINGS
    shown = course.shown(path)
    if not path.exists():
        return DEFAULT_SHARE
    try:
        settings = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CourseError([f"{shown}: {error}"]) from None
    faults = [
        f"{shown}: unknown key {key!r}; known is adequacy" for key in settings if key != "adequacy"
    ]
    share = settings.get("adequacy", DEFAULT_SHARE)
    if type(share) not in (int, float) or not 0 <= share <= 1:
        faults.append(
            f"{shown}: adequacy = {share!r}; it must be a number from 0 to 1, such as 0.95"
        )
    if faults:
        raise CourseError(faults)
    return float(share)


def validate_adequacy(
    course: Course,
    set_name: str,
    sandboxes: Sandboxes,
    progress: Callable[[str], None] | None = None,
) -> tuple[list[Row], list[Fault], list[Fault]]:
    """Whether a set's hidden tests notice enough.

    Returns:
        Table rows, faults, and notes: survivors of problems that hold the wanted share all the same.

    Raises:
        CourseError: the set, or its set.toml, cannot be read.
        OracleError: a reference fails.
        SandboxError: no code can be run on this machine.
    """
    share = wanted_share(course, set_name)
    rows: list[Row] = []
    faults: list[Fault] = []
    notes: list[Fault] = []
    for item in course.items(set_name).values():
        if not isinstance(item.definition, Problem):
            continue
        if progress is not None:
            progress(f"{course.shown(item.file.parent)}: mutants")
        found = adequacy(item, sandboxes)
        rows += _rows(found)
        held = found.share() >= share
        shown = course.shown(item.file)
        survivors = [
            Fault(course.shown(one.path), one.mutant.line, _survival(one))
            for one in found.of(Fate.SURVIVED)
        ]
        if not held:
            killed, all_told = len(found.of(Fate.KILLED)), len(survivors)
            text = (
                f"the hidden tests kill {killed} of {killed + all_told} mutants, {found.share():.1%}; "
                f"the set wants {share:.0%}. Add cases, or say in unseen_bugs why no case can"
            )
            faults.append(Fault(shown, 0, text))
        (notes if held else faults).extend(survivors)
        for path, text in found.faults:
            faults.append(Fault(course.shown(path), 0, f"a right answer {text}"))
        for key in found.unused:
            text = (
                f"unseen_bugs: {key!r} names no mutant that passes the hidden tests, nor two "
                "wrong answers (`one = other`); remove it"
            )
            faults.append(Fault(shown, 0, text))
        faults += indistinct(course, item, sandboxes)
    return rows, faults, notes


def _survival(one: Verdict) -> str:
    return f"no test notices that {one.mutant.said}; this input does: {one.told}"


def _rows(found: Adequacy) -> Iterator[Row]:
    def row(file: str, path: Path | None, seconds: float = 0.0) -> Row:
        killed, survived, excused, alike = (
            len(found.of(fate, path))
            for fate in (Fate.KILLED, Fate.SURVIVED, Fate.EXCUSED, Fate.ALIKE)
        )
        share = found.share(path)
        return Row(found.item, file, killed, survived, excused, alike, share, seconds)

    yield row("", None, found.seconds)
    for path in dict.fromkeys(one.path for one in found.verdicts):
        yield row(path.name, path)


def indistinct(course: Course, item: Item, sandboxes: Sandboxes) -> list[Fault]:
    """Named wrong answers of different families that no hidden input tells apart."""
    prepared = oracle(item)
    cases = hidden(prepared)
    known: list[tuple[Path, str, list[CallResult | None]]] = []
    told = _told_alike(prepared.problem)
    faults: list[Fault] = []
    for path in sorted((item.file.parent / "wrong").glob("*.py")):
        source = path.read_text(encoding="utf-8")
        family = header(source.splitlines()).get("family", (0, ""))[1]
        answers = _behaviour(prepared, source, cases, sandboxes)
        for other, name, others in known:
            if name == family or other.stem in told.get(path.stem, ()):
                continue
            if behave_alike(prepared.problem, answers, others):
                text = (
                    f"behaves like {other.name} on every hidden input, but its family is {family}, "
                    f"that one's {name}; add a case that tells them apart, or call them the same"
                )
                faults.append(Fault(course.shown(path), 0, text))
                break
        known.append((path, family, answers))
    return faults


def _told_alike(problem: Problem) -> dict[str, set[str]]:
    """Wrong answers that the author calls the same, by a key such as "any_for_all = largest"."""
    found: dict[str, set[str]] = {}
    for key in problem.unseen_bugs:
        one, equals, other = map(str.strip, key.partition(" = "))
        if equals and "->" not in key:
            found.setdefault(one, set()).add(other)
            found.setdefault(other, set()).add(one)
    return found
