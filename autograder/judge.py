"""Judges the answers that are no functions: numbers, choices, orders, formulas, measurements, hunts.

Everything here compares plain values on the trusted side. What a student may read never holds the key.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.compare import compare, public_message
from autograder.model import (
    Answer,
    CaseResult,
    Experiment,
    MultiNumeric,
    MultipleChoice,
    Numeric,
    Ordering,
    Outcome,
    Symbolic,
)

SAMPLE_POINTS = 24
_SEED = 20260102


def judge(answer: Answer, value: Any) -> tuple[CaseResult, ...]:
    """One result per part of an answer that is a plain value (not for Symbolic, BugHunt, ShortAnswer)."""
    if isinstance(answer, Numeric):
        return (_number("", value, answer.value, answer.rtol, answer.atol),)
    if isinstance(answer, MultiNumeric):
        return tuple(_parts(answer, value))
    if isinstance(answer, Experiment):
        return tuple(_measurements(answer, value))
    if isinstance(answer, MultipleChoice):
        return (_choice(answer, value),)
    if isinstance(answer, Ordering):
        return (_order(answer, value),)
    raise TypeError(f"{type(answer).__name__} is not judged by value")


def _result(
    name: str, outcome: Outcome, message: str = "", public: str | None = None
) -> CaseResult:
    return CaseResult(name, name, True, outcome, message, message if public is None else public)


def not_attempted(name: str = "") -> CaseResult:
    return _result(name, Outcome.NOT_ATTEMPTED, "not answered")


def _number(name: str, value: Any, expected: Any, rtol: float, atol: float) -> CaseResult:
    if _is_blank(value):
        return not_attempted(name)
    mismatch = compare(value, expected, rtol=rtol, atol=atol)
    if mismatch is None:
        return _result(name, Outcome.PASSED)
    said = public_message(mismatch)
    if mismatch.kind == "value":
        said = "the answer is not the right number"
    return _result(name, Outcome.FAILED, mismatch.message, said)


def _is_blank(value: Any) -> bool:
    return value is None or (type(value) in (str, list, tuple, dict) and not value)


def _dict_faults(value: Any, names: Sequence[str]) -> str | None:
    if type(value) is not dict:
        return f"the answer must be a dict with the keys {', '.join(map(repr, names))}"
    return None


def _parts(answer: MultiNumeric, value: Any) -> Iterator[CaseResult]:
    names = list(answer.values)
    fault = None if _is_blank(value) else _dict_faults(value, names)
    for name in names:
        if fault is not None:
            yield _result(name, Outcome.FAILED, fault)
            continue
        part = value.get(name) if type(value) is dict else None
        expected = answer.values[name]
        is_vector = not isinstance(expected, int | float | np.generic)
        if is_vector:
            expected = np.asarray(expected, dtype=np.float64)
            if type(part) in (list, tuple) and part and all(x is None for x in part):
                part = None
        result = _number(name, part, expected, answer.rtol, answer.atol)
        if result.outcome is Outcome.FAILED and name in answer.up_to_sign:
            flipped = _number(name, part, -expected, answer.rtol, answer.atol)
            result = flipped if flipped.outcome is Outcome.PASSED else result
        yield result


def _measurements(answer: Experiment, value: Any) -> Iterator[CaseResult]:
    fault = None if _is_blank(value) else _dict_faults(value, list(answer.intervals))
    for name, (low, high) in answer.intervals.items():
        if fault is not None:
            yield _result(name, Outcome.FAILED, fault)
            continue
        part = value.get(name) if type(value) is dict else None
        if _is_blank(part):
            yield not_attempted(name)
            continue
        number = _as_float(part)
        if number is None:
            said = "a measured quantity must be one finite number"
            yield _result(name, Outcome.FAILED, said)
        elif low <= number <= high:
            yield _result(name, Outcome.PASSED)
        else:
            told = f"{name} = {number:.6g}; an honest run gives {low:.6g} to {high:.6g}"
            yield _result(name, Outcome.FAILED, told, "the measured value is outside its range")


def _as_float(value: Any) -> float | None:
    try:
        array = np.asarray(value)
    except (TypeError, ValueError, OverflowError, RuntimeError):
        return None
    if array.shape != () or array.dtype.kind not in "iuf" or not math.isfinite(float(array)):
        return None
    return float(array)


def _choice(answer: MultipleChoice, value: Any) -> CaseResult:
    if _is_blank(value):
        return not_attempted()
    letter = value.strip().lower() if type(value) is str else None
    if letter == answer.key:
        return _result("", Outcome.PASSED)
    if letter is None or letter not in list(answer.options):
        said = f"the answer must be one of the letters {', '.join(answer.options)}"
        return _result("", Outcome.FAILED, said)
    return _result(
        "", Outcome.FAILED, f"chose {letter!r}; right is {answer.key!r}", "not the right choice"
    )


def _order(answer: Ordering, value: Any) -> CaseResult:
    if _is_blank(value):
        return not_attempted()
    letters: str | None = None
    if type(value) is str:
        letters = "".join(character for character in value.lower() if character.isalnum())
    elif type(value) in (list, tuple) and all(type(letter) is str for letter in value):
        letters = "".join(letter.strip().lower() for letter in value)
    if letters in answer.keys:
        return _result("", Outcome.PASSED)
    wanted = sorted(answer.keys[0])
    if letters is None or sorted(letters) != wanted:
        said = f"the answer must use each of the letters {', '.join(wanted)} once"
        return _result("", Outcome.FAILED, said)
    told = f"the order {letters!r} is wrong; right: {', '.join(answer.keys)}"
    return _result("", Outcome.FAILED, told, "not the right order")


# ---------------------------------------------------------------------------------------------
# Formulas


def sample_points(answer: Symbolic) -> dict[str, NDArray[np.float64]]:
    """Random points of the domain, the same for everyone: variable name -> array, shape (SAMPLE_POINTS,)."""
    rng = np.random.default_rng(_SEED)
    return {
        name: rng.uniform(low, high, SAMPLE_POINTS) for name, (low, high) in answer.domain.items()
    }


def key_values(answer: Symbolic) -> dict[str, NDArray[np.float64]]:
    """The right formulas' values at the sample points, by part."""
    from autograder.formula import evaluate_formula

    points = sample_points(answer)
    return {
        part: np.broadcast_to(evaluate_formula(str(text), points), (SAMPLE_POINTS,))
        for part, text in answer.expressions.items()
    }


def judge_formula(
    part: str, actual: Any, expected: NDArray[np.float64], answer: Symbolic
) -> CaseResult:
    """Judge one part by its values at the sample points; a constant stands for all of them."""
    constant = _as_float(actual)
    if constant is not None:
        actual = np.full(expected.shape, constant)
    mismatch = compare(actual, np.asarray(expected), rtol=answer.rtol, atol=answer.atol)
    if mismatch is None:
        return _result(part, Outcome.PASSED)
    return _result(
        part,
        Outcome.FAILED,
        f"at random points: {mismatch.message}",
        "the formula has another value than the right one at random points",
    )


def formula_fault(part: str, text: str) -> CaseResult:
    return _result(part, Outcome.FAILED, text)


# ---------------------------------------------------------------------------------------------
# Hunts


def repaired_listing(listing: str, line: int, repair: str) -> str:
    """The listing with one line replaced.

    The repair keeps its own indentation if it has any; else it takes that of the line it replaces. Several
    lines are welcome.
    """
    lines = listing.splitlines()
    old = lines[line - 1]
    indent = old[: len(old) - len(old.lstrip())]
    new = repair.rstrip("\n").splitlines() or [""]
    if new[0][:1] not in (" ", "\t"):
        new = [indent + text for text in new]
    return "\n".join([*lines[: line - 1], *new, *lines[line:]]) + "\n"


def hunt_answer(value: Any, line_count: int) -> tuple[int | None, str, str | None]:
    """(line, repair, what is wrong with the form) of a hunt's answer."""
    if type(value) is not dict:
        return None, "", 'the answer must be a dict {"line": …, "repair": "…"}'
    return _hunt_fields(value, line_count)


def _hunt_fields(value: Mapping[Any, Any], line_count: int) -> tuple[int | None, str, str | None]:
    line, repair = value.get("line"), value.get("repair")
    if isinstance(line, np.integer) or (type(line) is float and line.is_integer()):
        line = int(line)
    text = repair if type(repair) is str else ""
    if line is None:
        return None, text, None
    if type(line) is not int or not 1 <= line <= line_count:
        return None, text, f"the line must be a whole number from 1 to {line_count}"
    return line, text, None
