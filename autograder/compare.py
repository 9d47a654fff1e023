"""Returned value against expected value: how they differ, in words a student can use.

Judged by value, not by style: a tensor, an array, a nested list and a tuple all may carry the right
numbers. Never judged kindly: shapes are not broadcast, nan equals only nan, True is no number.

Whatever a student returns may come in here, so nothing of an unknown class is ever called: types
are asked with `type` and `issubclass`, and subclasses of plain types are reduced to plain values.
"""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Collection
from dataclasses import replace
from itertools import islice
from typing import Any

import numpy as np
import numpy.typing as npt

from autograder.model import Mismatch, Public, Unsupported

Array = npt.NDArray[Any]

_NUMPY_SCALARS = frozenset(
    kind for kind in np.sctypeDict.values() if np.dtype(kind).kind in "biufc"
)
_TINY = float(np.finfo(float).tiny)
_EXACT_INTEGERS = 2**53  # the integers up to here are float64 numbers
_MAX_ELEMENTS = 10_000  # of nested lists, where the expected array has fewer
_MAX_DEPTH = 32


def compare(actual: Any, expected: Any, *, rtol: float, atol: float) -> Mismatch | None:
    """None where `actual` is as good as `expected`, else how it differs.

    A wrong type, shape, dtype, length or key, or a nan or infinity in the wrong place, is reported
    where it is first met. Of wrong values all are counted and the worst one is reported, the one of
    the greatest error / allowed error.

    Args:
        actual: anything at all; never makes this function raise.
        expected: a bool, number, string, bytes, None, numeric array or tensor, or a list, tuple or
            dict of these. Lists and tuples stand for each other, and a 1-D array for a flat one.
        rtol: see atol.
        atol: |actual - expected| <= atol + rtol |expected| elementwise, in float64.

    Raises:
        TypeError: `expected` is of no such kind.

    >>> compare([1, 2.5], np.array([1.0, 2.0]), rtol=1e-6, atol=1e-9).message
    '`[1]`: got 2.5, expected 2 (off by 0.5, allowed 2e-6). 1 of 2 values differs.'
    """
    comparison = _Comparison(rtol, atol)
    found = comparison.check(actual, expected, "")
    if found is None and comparison.worst is not None:
        found = replace(comparison.worst, differing=comparison.differing, total=comparison.total)
    return None if found is None else replace(found, message=explain(found))


class _Comparison:
    """One walk through an expected value, with a tally of the wrong values met on the way."""

    def __init__(self, rtol: float, atol: float) -> None:
        self.rtol = float(rtol)
        self.atol = float(atol)
        self.total = 0
        self.differing = 0
        self.worst: Mismatch | None = None
        self._worst_ratio = -1.0

    def check(self, actual: Any, expected: Any, where: str) -> Mismatch | None:
        """The mismatch that ends the comparison, or None; wrong values only go into the tally."""
        actual, expected = _plain(actual), _plain(expected)
        kind = type(expected)
        if kind is np.ndarray and expected.dtype.kind in "biufc":
            return self._check_array(actual, expected, where)
        if kind is bool or kind is int or kind is float or kind is complex:
            return self._check_scalar(actual, expected, where)
        if kind is list or kind is tuple:
            return self._check_sequence(actual, expected, where)
        if kind is dict:
            return self._check_dict(actual, expected, where)
        if expected is None or kind is str or kind is bytes:
            if type(actual) is not kind:
                return Mismatch("type", where, _returned(actual), _wanted(expected))
            self.total += 1
            if actual != expected:
                self._count(where, describe(actual), describe(expected))
            return None
        raise TypeError(f"{describe(expected)} is nothing that answers are compared with")

    def _count(
        self,
        where: str,
        actual: str,
        expected: str,
        error: float | None = None,
        allowed: float | None = None,
        differing: int = 1,
    ) -> None:
        self.differing += differing
        ratio = math.inf if error is None or allowed is None else error / max(allowed, _TINY)
        if not ratio <= self._worst_ratio:
            self._worst_ratio = ratio
            self.worst = Mismatch("value", where, actual, expected, error, allowed)

    def _check_scalar(self, actual: Any, expected: Any, where: str) -> Mismatch | None:
        kind = np.dtype(type(expected)).kind
        fault = _scalar_mismatch(actual, kind, where)
        if fault is not None:
            return fault
        if kind == "c" or type(actual) is complex:
            numbers = [np.asarray(complex(_to_float(n))) for n in (actual, expected)]
            return self._check_values(numbers[0], numbers[1], where)
        self.total += 1
        if kind == "b":
            if actual != expected:
                self._count(where, str(actual), str(expected))
            return None
        a, e = _to_float(actual), _to_float(expected)
        # An integer beyond float64 is finite all the same.
        a_is_finite = type(actual) is int or math.isfinite(a)
        e_is_finite = type(expected) is int or math.isfinite(e)
        if not (a_is_finite and e_is_finite):
            same = not (a_is_finite or e_is_finite) and (a == e or (a != a and e != e))
            texts = _apart(actual, expected)
            return None if same else Mismatch("finite", where, *texts)
        exact = type(actual) is int and type(expected) is int
        error = _to_float(abs(actual - expected)) if exact else abs(a - e)
        allowed = self.atol + self.rtol * abs(e)
        # An error beyond float64 is infinite, and so may be the bound.
        if error != 0 and not (error <= allowed and error < math.inf):
            self._count(where, *_apart(actual, expected), error, allowed)
        return None

    def _check_array(self, actual: Any, expected: Array, where: str) -> Mismatch | None:
        if type(actual) is list or type(actual) is tuple:
            gathered = _gather(actual, expected, where)
            if isinstance(gathered, Mismatch):
                return gathered
            return self._check_values(gathered, expected, where)
        if type(actual) is not np.ndarray:
            is_number = type(actual) is int or type(actual) is float or type(actual) is complex
            kind = "shape" if is_number else "type"
            return Mismatch(kind, where, _returned(actual), _wanted(expected))
        if actual.shape != expected.shape:
            return Mismatch("shape", where, _returned(actual), f"shape {expected.shape}")
        if not _dtype_serves(actual, expected):
            wanted = "True and False" if expected.dtype.kind == "b" else "real numbers"
            return Mismatch("dtype", where, f"an array of {_elements(actual.dtype)}", wanted)
        return self._check_values(actual, expected, where)

    def _check_values(self, actual: Array, expected: Array, where: str) -> Mismatch | None:
        """Elementwise; both arrays are numeric, of one shape, and of dtypes that go together."""
        self.total += expected.size
        kinds = actual.dtype.kind + expected.dtype.kind
        if kinds == "bb":
            wrong = actual != expected
            if wrong.any():
                index = _index(wrong.argmax(), wrong)
                texts = str(actual[index]), str(expected[index])
                self._count(where + _place(index), *texts, differing=int(wrong.sum()))
            return None
        with np.errstate(all="ignore"):
            common = np.complex128 if "c" in kinds else np.float64
            a, e = actual.astype(common, copy=False), expected.astype(common, copy=False)
            error = np.abs(a - e)
            if "f" not in kinds and "c" not in kinds and _is_large(a, e):
                error = _exact_error(actual, expected)
            allowed = self.atol + self.rtol * np.abs(e)
            if (error <= allowed).all() and np.isfinite(error).all():
                return None
            finite = np.isfinite(a) & np.isfinite(e)
            odd = ~finite & ~((a == e) | (np.isnan(a) & np.isnan(e)))
            if odd.any():
                index = _index(odd.argmax(), odd)
                texts = _apart(_plain(actual[index]), _plain(expected[index]))
                count = int(odd.sum())
                place = where + _place(index)
                return Mismatch("finite", place, *texts, differing=count, total=expected.size)
            wrong = finite & ~((error <= allowed) & (error < math.inf))
            if wrong.any():
                ratio = np.where(wrong, error / np.maximum(allowed, _TINY), -1.0)
                index = _index(ratio.argmax(), ratio)
                texts = _apart(_plain(actual[index]), _plain(expected[index]))
                measures = float(error[index]), float(allowed[index])
                self._count(where + _place(index), *texts, *measures, int(wrong.sum()))
        return None

    def _check_sequence(self, actual: Any, expected: Any, where: str) -> Mismatch | None:
        if type(actual) is np.ndarray and all(_is_scalar(element) for element in expected):
            if actual.ndim != 1:
                return Mismatch("shape", where, _returned(actual), f"shape ({len(expected)},)")
            elements = actual.tolist()
        elif type(actual) is list or type(actual) is tuple:
            elements = actual
        else:
            return Mismatch("type", where, _returned(actual), _wanted(expected))
        if len(elements) != len(expected):
            noun = "an array" if type(actual) is np.ndarray else f"a {type(actual).__name__}"
            texts = f"{noun} of length {len(elements)}", f"length {len(expected)}"
            return Mismatch("length", where, *texts)
        for i, (a, e) in enumerate(zip(elements, expected, strict=True)):
            found = self.check(a, e, f"{where}[{i}]")
            if found is not None:
                return found
        return None

    def _check_dict(self, actual: Any, expected: dict[Any, Any], where: str) -> Mismatch | None:
        if type(actual) is not dict:
            return Mismatch("type", where, _returned(actual), _wanted(expected))
        values = {_plain_key(key): value for key, value in dict.items(actual)}
        missing = [key for key in expected if key not in values]
        extra = [key for key in values if key not in expected]
        if missing or extra:
            faults = [f"missing {_names(missing)}"] * bool(missing)
            faults += [f"extra {_names(extra)}"] * bool(extra)
            return Mismatch("keys", where, ", ".join(faults), _names(expected))
        for key, value in expected.items():
            found = self.check(values[key], value, f"{where}[{describe(key, 40)}]")
            if found is not None:
                return found
        return None


# ---------------------------------------------------------------------------------------------
# Values without surprises


def _plain(value: Any) -> Any:
    """The value as None, bool, int, float, complex, str, bytes, list, tuple, dict or array.

    Only the outermost layer: elements stay as they are. Arrays come back as numpy's own class,
    numpy scalars and numeric 0-d arrays as Python numbers, `Public` as itself, all else as
    `Unsupported`.
    """
    kind = type(value)
    if kind is float or kind is int or kind is bool or value is None or kind is str:
        return value
    if kind is np.ndarray and value.ndim > 0:
        return value
    if kind is list or kind is tuple or kind is dict or kind is complex or kind is bytes:
        return value
    if kind is Unsupported or kind is Public:
        return value
    # A metaclass may define __hash__ and __eq__, so a set is asked about ordinary classes only.
    if type(kind) is type and kind in _NUMPY_SCALARS:
        return _python_scalar(np.asarray(value))
    if issubclass(kind, np.ndarray):
        array = np.asarray(value)
        is_scalar = array.ndim == 0 and array.dtype.kind in "biufc"
        return _python_scalar(array) if is_scalar else array
    if issubclass(kind, float):
        return float.__float__(value)
    if issubclass(kind, int):
        return int.__int__(value)
    if issubclass(kind, complex):
        return complex.__complex__(value)
    if issubclass(kind, str):
        return str.__str__(value)
    if issubclass(kind, bytes):
        return bytes.__getitem__(value, slice(None))
    if issubclass(kind, list):
        return list.__getitem__(value, slice(None))
    if issubclass(kind, tuple):
        return tuple.__getitem__(value, slice(None))
    if issubclass(kind, dict):
        return dict.copy(value)
    tensor = _tensor_as_array(value)
    return Unsupported(_type_name(kind)) if tensor is None else _plain(tensor)


def _python_scalar(array: Array) -> bool | int | float | complex:
    make = {"b": bool, "i": int, "u": int, "f": float, "c": complex}[array.dtype.kind]
    scalar: bool | int | float | complex = make(array)
    return scalar


def _tensor_as_array(value: Any) -> Array | None:
    """None if it is no torch tensor, or one that numpy cannot hold."""
    try:
        torch: Any = sys.modules.get("torch")
        if torch is None or not issubclass(type(value), torch.Tensor):
            return None
        return np.asarray(value.detach().cpu().resolve_conj().resolve_neg().numpy())
    except Exception:  # sparse, quantised, bfloat16; or a module that only calls itself torch
        return None


def _type_name(kind: type) -> str:
    # Straight from `type`: a metaclass may give a class another __name__.
    name: str = type.__dict__["__name__"].__get__(kind)
    return name


def _plain_key(key: Any) -> Any:
    """A key that hashes and compares without running anyone's code."""
    plain = _plain(key)
    if _is_scalar(plain) or plain is None or type(plain) is str or type(plain) is bytes:
        return plain
    if type(plain) is tuple and all(
        _is_scalar(part) or type(_plain(part)) is str for part in plain
    ):
        return tuple(_plain(part) for part in plain)
    return Unsupported(_type_name(type(key)))


def _is_scalar(value: Any) -> bool:
    kind = type(_plain(value))
    return kind is float or kind is int or kind is bool or kind is complex


def _to_float(number: Any) -> Any:
    """float64, or complex of it; integers beyond it become infinite."""
    if type(number) is not int:
        return number
    try:
        return float(number)
    except OverflowError:
        return math.inf if number > 0 else -math.inf


def _scalar_mismatch(actual: Any, kind: str, where: str) -> Mismatch | None:
    """None if the plain value can stand where a scalar of dtype kind `kind` belongs."""
    given = type(actual)
    if (given is bool) if kind == "b" else (given is int or given is float):
        return None
    if given is complex and kind == "c":
        return None
    wanted = "True or False" if kind == "b" else "a number"
    if given is np.ndarray and actual.ndim > 0:
        return Mismatch("shape", where, _returned(actual), wanted)
    if given is np.ndarray or (given is complex and kind != "b"):
        wanted = "True or False" if kind == "b" else "a real number"
        return Mismatch("dtype", where, _returned(actual), wanted)
    return Mismatch("type", where, _returned(actual), wanted)


def _dtype_serves(actual: Array, expected: Array) -> bool:
    given, wanted = actual.dtype.kind, expected.dtype.kind
    if wanted == "b":
        return given == "b"
    if given in "iu":
        # Right by luck: the next input makes fractions, and an integer array drops them.
        return wanted in "iu" or actual.size == 0
    return given == "f" or (given == "c" and wanted == "c")


def _gather(nested: Any, expected: Array, where: str) -> Array | Mismatch:
    """The array of `expected`'s shape that nested lists and tuples of numbers form."""
    noun = "a list" if type(nested) is list else "a tuple"
    wanted = f"shape {expected.shape}"
    shape: list[int] = []
    level = [nested]
    while level:
        level = [_plain(element) for element in level]
        lengths = {len(element) if _is_nested(element) else -1 for element in level}
        if lengths == {-1}:
            break
        if len(lengths) > 1 or len(shape) == _MAX_DEPTH:
            return Mismatch("shape", where, f"{noun} whose rows differ in length", wanted)
        shape += lengths
        if len(level) * shape[-1] > max(expected.size, _MAX_ELEMENTS):
            return Mismatch("shape", where, f"{noun} of length {len(nested)}", wanted)
        level = [element for row in level for element in row]
    if tuple(shape) != expected.shape:
        return Mismatch("shape", where, f"{noun} of shape {tuple(shape)}", wanted)
    kind = expected.dtype.kind
    for i, element in enumerate(level):
        fault = _scalar_mismatch(element, kind, "")
        if fault is not None:
            return replace(fault, where=where + _place(_index(i, expected)))
    if kind in "iu" and all(type(n) is int and -(2**63) <= n < 2**63 for n in level):
        return np.array(level, np.int64).reshape(expected.shape)
    dtype = {"b": np.bool_, "c": np.complex128}.get(kind, np.float64)
    return np.array([_to_float(number) for number in level], dtype).reshape(expected.shape)


def _is_nested(element: Any) -> bool:
    kind = type(element)
    return kind is list or kind is tuple or (kind is np.ndarray and element.ndim > 0)


def _is_large(a: Array, e: Array) -> bool:
    return bool((np.abs(a) >= _EXACT_INTEGERS).any() or (np.abs(e) >= _EXACT_INTEGERS).any())


def _exact_error(actual: Array, expected: Array) -> Array:
    error: Array = np.abs(actual.astype(object) - expected.astype(object)).astype(np.float64)
    return error


def _index(flat: Any, array: Array) -> tuple[int, ...]:
    return tuple(int(i) for i in np.unravel_index(int(flat), array.shape))


def _place(index: tuple[int, ...]) -> str:
    return f"[{', '.join(map(str, index))}]" if index else ""


# ---------------------------------------------------------------------------------------------
# Words


def explain(mismatch: Mismatch) -> str:
    """The message of a mismatch, made of its other fields, for one who may see the numbers."""
    place = f"`{mismatch.where}`" if mismatch.where else ""
    returned = f"{place} is" if place else "returned"
    actual, expected = mismatch.actual, mismatch.expected
    if mismatch.kind == "mutation":
        changed = f"its input {place}" if place else "its input"
        change = f": {expected} became {actual}." if actual else "; work on a copy."
        return f"your function changed {changed}{change}"
    if mismatch.kind == "keys":
        return f"the keys of {place or 'the dict'} are wrong: {actual}; expected {expected}."
    if mismatch.kind in ("value", "finite"):
        got = f"{place}: got" if place else "got"
        text = f"{got} {actual}, expected {expected}{_measure(mismatch)}."
        if mismatch.total > 1:
            text += f" {_count_of(mismatch, 'differs', 'differ')}."
        return text
    if mismatch.kind == "type" and actual == "None" and not place:
        return "returned None; is a `return` missing?"
    text = f"{returned} {actual}; expected {expected}."
    if mismatch.kind in ("shape", "length"):
        text += " Values were not compared."
    if mismatch.kind == "dtype" and actual.endswith("of integers") and expected == "real numbers":
        text += " Integers cannot hold fractions: was an integer array filled in place?"
    return text


def public_message(mismatch: Mismatch) -> str:
    """What a student may read of a hidden case: the kind of difference, in words of our own.

    The returned value may be made to spell out hidden inputs, so neither a number of it nor the
    name of its class is repeated here.
    """
    kind, actual = mismatch.kind, mismatch.actual
    returned = "part of the returned value is" if mismatch.where else "returned"
    if kind == "mutation":
        return "your function changed its input"
    if kind == "keys":
        return "the keys of the dict are wrong"
    if kind == "value":
        if mismatch.total == 1:
            return "the type is right, the value is not"
        return f"shape and type are right, {_count_of(mismatch, 'is not', 'are not')}"
    if kind == "finite":
        if mismatch.expected in ("nan", "inf", "-inf"):
            return "nan or infinity is not where it should be"
        return "a value is nan or infinite where it should be finite"
    if kind == "type" and actual == "None" and not mismatch.where:
        return "returned None; is a `return` missing?"
    noun = _public_noun(actual)
    if mismatch.expected.startswith(("shape", "length")):
        return f"{returned} {noun} of the wrong {kind}"
    wanted = _public_noun(mismatch.expected)
    verb = "are" if wanted in _PLURALS else "is"
    return f"{returned} {noun} where {wanted} {verb} expected"


_PLURALS = ("real numbers", "True and False", "bytes")
_NOUNS = (
    "an array of integers",
    "an array of real numbers",
    "an array of complex numbers",
    "an array of True and False",
    "an array of objects",
    "an array",
    "a list or tuple",
    "a list",
    "a tuple",
    "a dict",
    "a number",
    "a real number",
    "a str",
    "True or False",
    "None",
    *_PLURALS,
)
_SCALAR = re.compile(r".* \((bool|int|float|complex|str|bytes)\)", re.DOTALL)
_EXPONENT = re.compile(r"e(?:\+|(-))0*(?=\d)")


def _public_noun(text: str) -> str:
    scalar = _SCALAR.fullmatch(text)
    if scalar:
        return scalar.group(1)
    return next((noun for noun in _NOUNS if text.startswith(noun)), "a value of another type")


def _returned(value: Any) -> str:
    """A plain value as a returned one is called in a sentence: "1 (int)", "a list of length 2"."""
    kind = type(value)
    if value is None:
        return "None"
    if kind is np.ndarray:
        if value.ndim == 0:
            return f"an array of {_elements(value.dtype)}"
        return f"an array of shape {value.shape}"
    if kind is list or kind is tuple:
        return f"a {kind.__name__} of length {len(value)}"
    if kind is dict:
        return "a dict"
    if kind is Unsupported:
        return describe(value)
    if (
        kind is Public
    ):  # an input of ours can only come back by mischief; its fields may be anything
        return "a value of type Public"
    return f"{describe(value, 40)} ({kind.__name__})"


def _wanted(value: Any) -> str:
    kind = type(value)
    if value is None or kind is bytes:
        return "None" if value is None else "bytes"
    if kind is bool:
        return "True or False"
    if kind is str:
        return "a str"
    if kind is list or kind is tuple:
        return f"a list or tuple of length {len(value)}"
    return _returned(value) if kind is np.ndarray or kind is dict else "a number"


def _elements(dtype: np.dtype[Any]) -> str:
    names = {"b": "True and False", "f": "real numbers", "c": "complex numbers"}
    return "integers" if dtype.kind in "iu" else names.get(dtype.kind, "objects")


def _count_of(mismatch: Mismatch, singular: str, plural: str) -> str:
    verb = singular if mismatch.differing == 1 else plural
    return f"{mismatch.differing} of {mismatch.total} values {verb}"


def _measure(mismatch: Mismatch) -> str:
    error, allowed = mismatch.error, mismatch.allowed
    if error is None or allowed is None or not math.isfinite(error + allowed):
        return ""
    for digits in (2, 4, 8, 17):
        off, bound = _size(error, digits), _size(allowed, digits)
        if off != bound:
            break
    return f" (off by {off}, allowed {bound})"


def _size(number: float, digits: int) -> str:
    """A number >= 0, rounded: 0.25, 1.3e-3, 4e7."""
    if number == 0 or 0.01 <= number < 1000:
        return _digits(number, digits + 1)
    mantissa, exponent = f"{number:.{digits - 1}e}".split("e")
    return f"{mantissa.rstrip('0').rstrip('.')}e{int(exponent)}"


def _apart(actual: Any, expected: Any) -> tuple[str, str]:
    """Texts of two numbers, with as many digits as it takes to tell them apart."""
    for digits in (6, 9, 12, 17):
        texts = _digits(actual, digits), _digits(expected, digits)
        if texts[0] != texts[1]:
            break
    return texts


def _digits(number: Any, digits: int = 6) -> str:
    if type(number) is bool:
        return str(number)
    if type(number) is int:
        return _integer(number)
    return _EXPONENT.sub(r"e\1", f"{number:z.{digits}g}")


def _integer(number: int) -> str:
    if number.bit_length() <= 128:
        return str(number)
    # str() of an integer refuses more than 4,300 digits, and nobody reads forty.
    return f"an integer of about {int(number.bit_length() * math.log10(2)) + 1} digits"


def describe(value: Any, limit: int = 120) -> str:
    """A short text of a value or of a tuple of inputs, at most `limit` characters long.

    >>> describe((np.eye(2), Public("valley_gradient"), 0.1))
    '([[1, 0], [0, 1]], valley_gradient, 0.1)'
    >>> describe(np.arange(1000.0))
    '[0, 1, 2, …, 999] (shape (1000,))'
    """
    text = _text(value, limit)
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _text(value: Any, limit: int) -> str:
    value = _plain(value)
    kind = type(value)
    if kind is str or kind is bytes:
        shown = repr(value[:limit])
        return shown if len(value) <= limit else shown[:-1] + "…" + shown[-1]
    if kind is float:
        text = _digits(value)
        return f"{text}.0" if text.lstrip("-").isdigit() else text
    if kind is np.ndarray:
        return _array_text(value, limit)
    if kind is list or kind is tuple or kind is dict or kind is Public:
        return _container_text(value, limit)
    if kind is Unsupported:
        name, reason = (_printable(getattr(value, field, "")) for field in ("type_name", "reason"))
        return f"a value of type {name} ({reason})" if reason else f"a value of type {name}"
    return "None" if value is None else _digits(value)


def _printable(text: Any) -> str:
    return "".join(c if c.isprintable() else "?" for c in text[:100]) if type(text) is str else "?"


def _array_text(array: Array, limit: int) -> str:
    bare = f"an array of shape {array.shape}"
    if array.dtype.kind not in "biufc":
        return bare
    if array.size == 0:
        return "[]" if array.ndim == 1 else bare
    if array.size * 3 <= limit and len(text := _rows(array, 0)) <= limit:
        return text
    for shown in (3, 1) if array.ndim <= 3 else ():
        text = f"{_rows(array, shown)} (shape {array.shape})"
        if len(text) <= limit:
            return text
    return bare


def _rows(array: Any, shown: int) -> str:
    """Nested brackets; with `shown` > 0 only so many first elements of each axis, and the last."""
    if np.ndim(array) == 0:
        return _digits(_plain(array))
    if not 0 < shown < len(array) - 2:
        return f"[{', '.join(_rows(row, shown) for row in array)}]"
    first = ", ".join(_rows(row, shown) for row in array[:shown])
    return f"[{first}, …, {_rows(array[-1], shown)}]"


def _container_text(value: Any, limit: int) -> str:
    if type(value) is Public:
        # A student may have made this one, with anything in it or nothing.
        name = _printable(getattr(value, "function", None))
        arguments = getattr(value, "arguments", None)
        if type(arguments) is not tuple:
            return name
        size = len(arguments)
        parts = [("", argument) for argument in arguments[: limit // 3]]
        brackets = f"{name}(", ")"
    elif type(value) is dict:
        size = len(value)
        first = islice(dict.items(value), limit // 6)
        parts = [(f"{_text(_plain_key(key), 40)}: ", element) for key, element in first]
        brackets = "{", "}"
    else:
        size = len(value)
        parts = [("", element) for element in value[: limit // 3]]
        one = ",)" if size == 1 else ")"
        brackets = ("[", "]") if type(value) is list else ("(", one)
    texts = _shared_out(parts, limit - len(brackets[0] + brackets[1]))
    joined = ", ".join(texts)
    if len(texts) == size and len(joined) + len(brackets[0] + brackets[1]) <= limit:
        return brackets[0] + joined + brackets[1]
    ending = f"…{brackets[1]} (length {size})"
    while texts and len(brackets[0] + joined + ", " + ending) > limit:
        texts.pop()
        joined = ", ".join(texts)
    return brackets[0] + joined + (", " if texts else "") + ending


def _shared_out(parts: list[tuple[str, Any]], limit: int) -> list[str]:
    """Texts of labelled elements: numbers in full; the rest share the room that these leave.

    Every level of nesting has less room than the one above it, so lists that hold themselves, or
    each other many times over, come to an end.
    """
    elements = [_plain(element) for _, element in parts]
    large = [_is_nested(e) or type(e) is dict or type(e) is Public for e in elements]
    texts = [
        label + ("" if is_large else _text(element, min(limit, 40)))
        for (label, _), element, is_large in zip(parts, elements, large, strict=True)
    ]
    room = limit - len(", ".join(texts))
    # The smallest come first, because they leave some of their share to those that need more.
    waiting = sorted(
        (i for i, is_large in enumerate(large) if is_large), key=lambda i: _extent(elements[i])
    )
    for done, i in enumerate(waiting):
        share = room // (len(waiting) - done)
        text = _text(elements[i], share) if share >= 8 else "…"
        texts[i] += text
        room -= len(text)
    return texts


def _extent(value: Any) -> int:
    if type(value) is Public:
        return 0
    return int(value.size) if type(value) is np.ndarray else len(value)


def _names(keys: Collection[Any]) -> str:
    more = f" and {len(keys) - 5} more" if len(keys) > 5 else ""
    return ", ".join(describe(key, 30) for key in islice(keys, 5)) + more
