"""Which answers count as right, and the exact words for those that do not."""

import datetime
import decimal
import enum
import math
import subprocess
import sys
import time
from collections import OrderedDict, namedtuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from autograder.compare import compare, describe, explain, public_message
from autograder.model import Mismatch, Public, Unsupported

torch = pytest.importorskip("torch")

repeatable = settings(derandomize=True, deadline=None, max_examples=60, database=None)
finite = st.floats(-1e6, 1e6)
shapes = hnp.array_shapes(min_dims=1, max_dims=3, min_side=0, max_side=4)


def floats(shape=shapes, elements=finite):
    return hnp.arrays(np.float64, shape, elements=elements)


def find(actual, expected, rtol=1e-6, atol=1e-9):
    return compare(actual, expected, rtol=rtol, atol=atol)


GRID = np.arange(8.0).reshape(4, 2)
Pair = namedtuple("Pair", "theta m")


class Level(enum.IntEnum):
    TWO = 2


# ---------------------------------------------------------------------------------------------
# Right answers in other clothes

RIGHT = {
    "bool": (True, True),
    "numpy bool": (np.True_, True),
    "0-d bool array": (np.array(False), False),
    "bool tensor": (torch.tensor(True), True),
    "expected numpy bool": (False, np.False_),
    "int for float": (3, 3.0),
    "integral float for int": (3.0, 3),
    "numpy int": (np.int32(3), 3.0),
    "numpy float32": (np.float32(0.5), 0.5),
    "longdouble": (np.longdouble(2), 2.0),
    "0-d array": (np.array(2.5), 2.5),
    "tensor": (torch.tensor(2.5), 2.5),
    "tensor with gradient": (torch.tensor(2.5, requires_grad=True), 2.5),
    "float for a 0-d array": (2.5, np.array(2.5)),
    "enum of ints": (Level.TWO, 2),
    "within rtol": (1e6 + 0.9, 1e6),
    "within atol": (9e-10, 0.0),
    "negative zero": (-0.0, 0.0),
    "array": (GRID.copy(), GRID),
    "float32 array": (GRID.astype(np.float32), GRID),
    "big-endian array": (GRID.astype(">f8"), GRID),
    "Fortran order": (np.asfortranarray(GRID), GRID),
    "np.matrix": (np.ones((2, 2)).view(np.matrix), np.ones((2, 2))),
    "float tensor": (torch.arange(8.0).reshape(4, 2), GRID),
    "tensor parameter": (torch.nn.Parameter(torch.ones(2)), np.ones(2)),
    "negated view of a tensor": (torch.ones(2, dtype=torch.cfloat).conj().imag, np.zeros(2)),
    "nested list of ints": (GRID.astype(int).tolist(), GRID),
    "tuple of lists": (tuple(GRID.tolist()), GRID),
    "list of arrays": (list(GRID), GRID),
    "list of tensors": ([torch.tensor(1.0), torch.tensor(2.0)], np.array([1.0, 2.0])),
    "list of numpy scalars": ([np.float32(1), np.int64(2)], np.array([1.0, 2.0])),
    "rows as array and list": ([np.array([1, 2]), [3, 4]], np.array([[1.0, 2.0], [3.0, 4.0]])),
    "empty int array": (np.array([], dtype=int), np.array([])),
    "empty list": ([], np.array([])),
    "two empty rows": ([[], []], np.zeros((2, 0))),
    "float array for ints": (np.array([1.0, 2.0]), np.array([1, 2])),
    "list of bools": ([True, False], np.array([True, False])),
    "bool tensor for bool array": (torch.tensor([True]), np.array([True])),
    "real for complex": (np.array([1.0]), np.array([1 + 0j])),
    "complex": (1 + 2j, 1 + 2j),
    "list for tuple": ([1.0, GRID], (1.0, GRID)),
    "tuple for list": ((1.0, 2.0), [1.0, 2.0]),
    "named tuple": (Pair(GRID, 1.0), (GRID, 1.0)),
    "1-D array for a flat list": (np.array([1, 2]), [1.0, 2.0]),
    "1-D tensor for a flat tuple": (torch.tensor([1.0, 2.0]), (1.0, 2.0)),
    "empty tuple": ([], ()),
    "dict": ({"w": [1, 2], "b": 0}, {"b": 0.0, "w": np.array([1.0, 2.0])}),
    "ordered dict": (OrderedDict(b=1, a=2), {"a": 2, "b": 1}),
    "numpy key": ({np.int64(1): 2.0}, {1: 2.0}),
    "tuple key": ({(0, "a"): 2.0}, {(0, "a"): 2.0}),
    "text": ("abc", "abc"),
    "numpy text": (np.str_("abc"), "abc"),
    "bytes": (b"abc", b"abc"),
    "None": (None, None),
    "nan where nan belongs": (math.nan, math.nan),
    "infinity": (np.array([np.inf, -np.inf, np.nan]), np.array([np.inf, -np.inf, np.nan])),
    "huge ints": (10**400, 10**400),
    "huge ints within rtol": (10**400 + 1, 10**400),
    "expected tensor": ([1.0, 2.0], torch.tensor([1.0, 2.0])),
}


@pytest.mark.parametrize(("actual", "expected"), RIGHT.values(), ids=RIGHT)
def test_right(actual, expected):
    assert find(actual, expected) is None


# ---------------------------------------------------------------------------------------------
# Wrong answers: kind, the words for one who may see the numbers, and the words for a hidden case

OFF = GRID.copy()
OFF[1, 0] += 1.3e-3
OFF[2, 1] += 1e-4
INTEGERS = (
    "returned an array of integers; expected real numbers. "
    "Integers cannot hold fractions: was an integer array filled in place?"
)
CYCLE: list = []
CYCLE.append(CYCLE)

WRONG = {
    # type
    "None for a number": (
        (None, 1.0),
        "type",
        "returned None; is a `return` missing?",
        "returned None; is a `return` missing?",
    ),
    "None for a bool": (
        (None, True),
        "type",
        "returned None; is a `return` missing?",
        "returned None; is a `return` missing?",
    ),
    "None in a tuple": (
        ((GRID, None), (GRID, GRID)),
        "type",
        "`[1]` is None; expected an array of shape (4, 2).",
        "part of the returned value is None where an array is expected",
    ),
    "None in a list of numbers": (
        ([[1, 2], [3, None]], np.ones((2, 2))),
        "type",
        "`[1, 1]` is None; expected a number.",
        "part of the returned value is None where a number is expected",
    ),
    "int for bool": (
        (1, True),
        "type",
        "returned 1 (int); expected True or False.",
        "returned int where True or False is expected",
    ),
    "float for bool": (
        (np.float64(1), True),
        "type",
        "returned 1.0 (float); expected True or False.",
        "returned float where True or False is expected",
    ),
    "text for bool": (
        ("True", True),
        "type",
        "returned 'True' (str); expected True or False.",
        "returned str where True or False is expected",
    ),
    "bool for number": (
        (True, 1),
        "type",
        "returned True (bool); expected a number.",
        "returned bool where a number is expected",
    ),
    "bool for array": (
        (True, GRID),
        "type",
        "returned True (bool); expected an array of shape (4, 2).",
        "returned bool where an array is expected",
    ),
    "bool among the numbers": (
        ([1.0, True], np.ones(2)),
        "type",
        "`[1]` is True (bool); expected a number.",
        "part of the returned value is bool where a number is expected",
    ),
    "int among the bools": (
        ([True, 1], np.array([True, True])),
        "type",
        "`[1]` is 1 (int); expected True or False.",
        "part of the returned value is int where True or False is expected",
    ),
    "text for number": (
        ("1.0", 1.0),
        "type",
        "returned '1.0' (str); expected a number.",
        "returned str where a number is expected",
    ),
    "list for number": (
        ([1.0], 1.0),
        "type",
        "returned a list of length 1; expected a number.",
        "returned a list where a number is expected",
    ),
    "array for tuple": (
        (GRID, (GRID, 1.0)),
        "type",
        "returned an array of shape (4, 2); expected a list or tuple of length 2.",
        "returned an array where a list or tuple is expected",
    ),
    "number for dict": (
        (1.0, {"x": 1.0}),
        "type",
        "returned 1.0 (float); expected a dict.",
        "returned float where a dict is expected",
    ),
    "number for None": (
        (1, None),
        "type",
        "returned 1 (int); expected None.",
        "returned int where None is expected",
    ),
    "bytes for text": (
        (b"a", "a"),
        "type",
        "returned b'a' (bytes); expected a str.",
        "returned bytes where a str is expected",
    ),
    "text for bytes": (
        ("a", b"a"),
        "type",
        "returned 'a' (str); expected bytes.",
        "returned str where bytes are expected",
    ),
    "generator": (
        ((x for x in ()), GRID),
        "type",
        "returned a value of type generator; expected an array of shape (4, 2).",
        "returned a value of another type where an array is expected",
    ),
    "decimal": (
        (decimal.Decimal(1), 1.0),
        "type",
        "returned a value of type Decimal; expected a number.",
        "returned a value of another type where a number is expected",
    ),
    "timedelta": (
        (np.timedelta64(1), 1),
        "type",
        "returned a value of type timedelta64; expected a number.",
        "returned a value of another type where a number is expected",
    ),
    "what could not leave the sandbox": (
        (Unsupported("Adam", "no plain value"), 1.0),
        "type",
        "returned a value of type Adam (no plain value); expected a number.",
        "returned a value of another type where a number is expected",
    ),
    "a function of ours": (
        (Public("f", (object(),)), 1.0),
        "type",
        "returned a value of type Public; expected a number.",
        "returned a value of another type where a number is expected",
    ),
    # shape
    "column of one": (
        (GRID[:, :1], GRID),
        "shape",
        "returned an array of shape (4, 1); expected shape (4, 2). Values were not compared.",
        "returned an array of the wrong shape",
    ),
    "column for row": (
        (np.ones((3, 1)), np.ones(3)),
        "shape",
        "returned an array of shape (3, 1); expected shape (3,). Values were not compared.",
        "returned an array of the wrong shape",
    ),
    "array of one for number": (
        (np.array([1.0]), 1.0),
        "shape",
        "returned an array of shape (1,); expected a number. Values were not compared.",
        "returned an array where a number is expected",
    ),
    "array of one for bool": (
        (np.array([True]), True),
        "shape",
        "returned an array of shape (1,); expected True or False. Values were not compared.",
        "returned an array where True or False is expected",
    ),
    "number for array": (
        (1.5, np.ones(2)),
        "shape",
        "returned 1.5 (float); expected an array of shape (2,). Values were not compared.",
        "returned float where an array is expected",
    ),
    "number for array of one": (
        (1.0, np.ones(1)),
        "shape",
        "returned 1.0 (float); expected an array of shape (1,). Values were not compared.",
        "returned float where an array is expected",
    ),
    "one shape inside": (
        ((GRID, GRID.T), (GRID, GRID)),
        "shape",
        "`[1]` is an array of shape (2, 4); expected shape (4, 2). Values were not compared.",
        "part of the returned value is an array of the wrong shape",
    ),
    "list of another shape": (
        ([[1, 2], [3, 4]], np.ones(4)),
        "shape",
        "returned a list of shape (2, 2); expected shape (4,). Values were not compared.",
        "returned a list of the wrong shape",
    ),
    "ragged list": (
        ([[1, 2], [3]], np.ones((2, 2))),
        "shape",
        "returned a list whose rows differ in length; "
        "expected shape (2, 2). Values were not compared.",
        "returned a list of the wrong shape",
    ),
    "ragged tuple": (
        ((1, [2]), np.ones(2)),
        "shape",
        "returned a tuple whose rows differ in length; "
        "expected shape (2,). Values were not compared.",
        "returned a tuple of the wrong shape",
    ),
    "far too long a list": (
        ([0.0] * 20_000, np.ones(2)),
        "shape",
        "returned a list of length 20000; expected shape (2,). Values were not compared.",
        "returned a list of the wrong shape",
    ),
    "empty array": (
        (np.ones((0, 2)), np.ones((2, 0))),
        "shape",
        "returned an array of shape (0, 2); expected shape (2, 0). Values were not compared.",
        "returned an array of the wrong shape",
    ),
    "2-D array for a flat list": (
        (np.ones((2, 1)), [1.0, 1.0]),
        "shape",
        "returned an array of shape (2, 1); expected shape (2,). Values were not compared.",
        "returned an array of the wrong shape",
    ),
    # dtype
    "int array": (
        (GRID.astype(int), GRID),
        "dtype",
        INTEGERS,
        "returned an array of integers where real numbers are expected",
    ),
    "int tensor": (
        (torch.arange(3), np.arange(3.0)),
        "dtype",
        INTEGERS,
        "returned an array of integers where real numbers are expected",
    ),
    "bool array": (
        (np.ones(2, bool), np.ones(2)),
        "dtype",
        "returned an array of True and False; expected real numbers.",
        "returned an array of True and False where real numbers are expected",
    ),
    "number array for bools": (
        (np.ones(2), np.ones(2, bool)),
        "dtype",
        "returned an array of real numbers; expected True and False.",
        "returned an array of real numbers where True and False are expected",
    ),
    "complex array": (
        (GRID + 0j, GRID),
        "dtype",
        "returned an array of complex numbers; expected real numbers.",
        "returned an array of complex numbers where real numbers are expected",
    ),
    "complex number": (
        (1 + 0j, 1.0),
        "dtype",
        "returned 1+0j (complex); expected a real number.",
        "returned complex where a real number is expected",
    ),
    "object array": (
        (np.array([1.0, 2.0], object), np.ones(2)),
        "dtype",
        "returned an array of objects; expected real numbers.",
        "returned an array of objects where real numbers are expected",
    ),
    "0-d object array": (
        (np.array(None), 1.0),
        "dtype",
        "returned an array of objects; expected a real number.",
        "returned an array of objects where a real number is expected",
    ),
    # length
    "too short": (
        ((GRID,), (GRID, 1.0)),
        "length",
        "returned a tuple of length 1; expected length 2. Values were not compared.",
        "returned a tuple of the wrong length",
    ),
    "too long inside": (
        ([1, [1, 2, 3]], [1, [1, 2]]),
        "length",
        "`[1]` is a list of length 3; expected length 2. Values were not compared.",
        "part of the returned value is a list of the wrong length",
    ),
    "array too short for a list": (
        (np.ones(1), [1.0, 1.0]),
        "length",
        "returned an array of length 1; expected length 2. Values were not compared.",
        "returned an array of the wrong length",
    ),
    # keys
    "wrong keys": (
        ({"a": 1, "b": 2}, {"a": 1, "c": 2}),
        "keys",
        "the keys of the dict are wrong: missing 'c', extra 'b'; expected 'a', 'c'.",
        "the keys of the dict are wrong",
    ),
    "missing key inside": (
        ({"w": {}}, {"w": {1: 2}}),
        "keys",
        "the keys of `['w']` are wrong: missing 1; expected 1.",
        "the keys of the dict are wrong",
    ),
    "many keys": (
        (dict.fromkeys(range(9)), {0: None}),
        "keys",
        "the keys of the dict are wrong: extra 1, 2, 3, 4, 5 and 3 more; expected 0.",
        "the keys of the dict are wrong",
    ),
    # finite
    "nan": (
        (math.nan, 1.0),
        "finite",
        "got nan, expected 1.",
        "a value is nan or infinite where it should be finite",
    ),
    "infinity in an array": (
        (np.array([0.0, -np.inf, np.inf]), np.zeros(3)),
        "finite",
        "`[1]`: got -inf, expected 0. 2 of 3 values differ.",
        "a value is nan or infinite where it should be finite",
    ),
    "nan in a list": (
        ([0.5, math.nan], np.zeros(2)),
        "finite",
        "`[1]`: got nan, expected 0. 1 of 2 values differs.",
        "a value is nan or infinite where it should be finite",
    ),
    "finite for infinity": (
        (1e308, math.inf),
        "finite",
        "got 1e308, expected inf.",
        "nan or infinity is not where it should be",
    ),
    "huge int for infinity": (
        (10**400, math.inf),
        "finite",
        "got an integer of about 401 digits, expected inf.",
        "nan or infinity is not where it should be",
    ),
    "infinity of the other sign": (
        (np.array([-np.inf]), np.array([np.inf])),
        "finite",
        "`[0]`: got -inf, expected inf.",
        "nan or infinity is not where it should be",
    ),
    # value
    "two of eight": (
        (OFF, GRID),
        "value",
        "`[1, 0]`: got 2.0013, expected 2 (off by 1.3e-3, allowed 2e-6). 2 of 8 values differ.",
        "shape and type are right, 2 of 8 values are not",
    ),
    "one number": (
        (0.9812, 0.9799),
        "value",
        "got 0.9812, expected 0.9799 (off by 1.3e-3, allowed 9.8e-7).",
        "the type is right, the value is not",
    ),
    "wrong truth": (
        (np.True_, False),
        "value",
        "got True, expected False.",
        "the type is right, the value is not",
    ),
    "wrong truths": (
        ([True, True], np.array([True, False])),
        "value",
        "`[1]`: got True, expected False. 1 of 2 values differs.",
        "shape and type are right, 1 of 2 values is not",
    ),
    "wrong text": (
        ("abc", "abd"),
        "value",
        "got 'abc', expected 'abd'.",
        "the type is right, the value is not",
    ),
    "deep inside": (
        ([1.0, [OFF]], (1.0, (GRID,))),
        "value",
        "`[1][0][1, 0]`: got 2.0013, expected 2 (off by 1.3e-3, allowed 2e-6). "
        "2 of 9 values differ.",
        "shape and type are right, 2 of 9 values are not",
    ),
    "the worst of several": (
        ((1.1, 5.0, 2.0), (1.0, 4.0, 2.0)),
        "value",
        "`[1]`: got 5, expected 4 (off by 1, allowed 4e-6). 2 of 3 values differ.",
        "shape and type are right, 2 of 3 values are not",
    ),
    "worst by allowance, not by size": (
        (np.array([1e6 + 10, 1e-3]), np.array([1e6, 0.0])),
        "value",
        "`[1]`: got 0.001, expected 0 (off by 1e-3, allowed 1e-9). 2 of 2 values differ.",
        "shape and type are right, 2 of 2 values are not",
    ),
    "in a dict": (
        ({"w": {0: [1, 2]}}, {"w": {0: np.array([1.0, 3.0])}}),
        "value",
        "`['w'][0][1]`: got 2, expected 3 (off by 1, allowed 3e-6). 1 of 2 values differs.",
        "shape and type are right, 1 of 2 values is not",
    ),
    "just outside": (
        (1 + 1.0011e-6, 1.0),
        "value",
        "got 1.000001, expected 1 (off by 1.0011e-6, allowed 1.001e-6).",
        "the type is right, the value is not",
    ),
    "large": (
        (1234567.0, 1234000.0),
        "value",
        "got 1.23457e6, expected 1.234e6 (off by 567, allowed 1.23).",
        "the type is right, the value is not",
    ),
    "huge int": (
        (10**5000, 1.0),
        "value",
        "got an integer of about 5001 digits, expected 1.",
        "the type is right, the value is not",
    ),
    "complex value": (
        (1 + 2j, 1 + 1j),
        "value",
        "got 1+2j, expected 1+1j (off by 1, allowed 1.4e-6).",
        "the type is right, the value is not",
    ),
    # lists that never end
    "a list in itself": (
        (CYCLE, [[1.0]]),
        "type",
        "`[0][0]` is a list of length 1; expected a number.",
        "part of the returned value is a list where a number is expected",
    ),
    "a list in itself for an array": (
        (CYCLE, np.ones(1)),
        "shape",
        "returned a list whose rows differ in length; "
        "expected shape (1,). Values were not compared.",
        "returned a list of the wrong shape",
    ),
}


@pytest.mark.parametrize(("pair", "kind", "full", "public"), WRONG.values(), ids=WRONG)
def test_wrong(pair, kind, full, public):
    mismatch = find(*pair)
    assert mismatch is not None
    assert (mismatch.kind, mismatch.message) == (kind, full)
    assert explain(mismatch) == full
    assert public_message(mismatch) == public


def test_mutation_is_worded_here_too():
    mismatch = Mismatch("mutation", "x", "[0, 2]", "[1, 2]")
    assert explain(mismatch) == "your function changed its input `x`: [1, 2] became [0, 2]."
    assert public_message(mismatch) == "your function changed its input"
    nameless = Mismatch("mutation", "", "[0, 2]", "[1, 2]")
    assert explain(nameless) == "your function changed its input: [1, 2] became [0, 2]."
    bare = Mismatch("mutation", "", "", "")
    assert explain(bare) == "your function changed its input; work on a copy."


def test_the_fields_measure_the_worst_value():
    mismatch = find(OFF, GRID)
    assert (mismatch.where, mismatch.differing, mismatch.total) == ("[1, 0]", 2, 8)
    assert mismatch.error == pytest.approx(1.3e-3)
    assert mismatch.allowed == pytest.approx(1e-9 + 2e-6)


def test_large_integers_are_compared_exactly():
    big = 2**60
    for actual, expected in [(big + 1, big), (np.array([big + 1]), np.array([big]))]:
        assert find(actual, expected, rtol=0, atol=0.5).error == 1.0
        assert find(actual, expected, rtol=0, atol=1.0) is None
    assert find(10**400, 10**400, rtol=0, atol=0) is None
    unsigned, signed = np.array([2**64 - 1], np.uint64), np.array([-1])
    assert find(unsigned, signed).error == 2.0**64
    assert find([big + 1], np.array([big]), rtol=0, atol=0) is not None


@pytest.mark.parametrize(
    "expected", [object(), Public("f"), Unsupported("X"), np.array(["a"]), {1}]
)
def test_an_expected_value_of_another_kind_is_the_graders_fault(expected):
    with pytest.raises(TypeError, match="is nothing that answers are compared with"):
        find(1.0, expected)


@pytest.mark.parametrize(
    "tensor",
    [torch.ones(2, dtype=torch.bfloat16), torch.ones(2).to_sparse(), torch.ones(2, device="meta")],
    ids=["bfloat16", "sparse", "meta"],
)
def test_tensors_that_numpy_cannot_hold(tensor):
    assert find(tensor, np.ones(2)).actual == "a value of type Tensor"


# ---------------------------------------------------------------------------------------------
# Whatever comes back, the comparison neither raises nor calls it


OVERRIDES = (
    *("__eq__", "__ne__", "__lt__", "__le__", "__hash__", "__bool__", "__len__", "__iter__"),
    *("__getitem__", "__contains__", "__float__", "__int__", "__index__", "__complex__", "__abs__"),
    *("__str__", "__repr__", "__format__", "__bytes__", "__sub__", "__rsub__", "__length_hint__"),
    *("__array__", "__array_ufunc__", "__array_function__", "__array_finalize__"),
    *("__array_interface__", "__array_struct__", "__buffer__", "__torch_function__"),
    *("__getattribute__", "__getattr__", "items", "keys", "values", "copy", "tolist", "item"),
    *("numpy", "detach", "shape", "dtype", "ndim"),
)


def _hostile(*bases, metaclass=type):
    def refuse(self, *args, **kwargs):
        raise AssertionError("student code was called")

    body = dict.fromkeys(OVERRIDES, refuse) | {"__class__": property(refuse)}
    if np.ndarray in bases:
        del body[
            "__array_finalize__"
        ]  # numpy calls it where the array is made, in the student's code
    return metaclass("Hostile", bases, body)


class HostileMeta(type):
    def _refuse(cls, *args):
        raise AssertionError("student code was called")

    __hash__ = __eq__ = __subclasscheck__ = __instancecheck__ = __repr__ = _refuse
    __name__ = property(_refuse)


def _instances():
    with_numpy = _hostile(np.ndarray)
    for metaclass in (type, HostileMeta):
        yield object.__new__(_hostile(metaclass=metaclass))
        yield float.__new__(_hostile(float, metaclass=metaclass), 1.5)
        yield int.__new__(_hostile(int, metaclass=metaclass), 3)
        yield complex.__new__(_hostile(complex, metaclass=metaclass), 3)
        yield str.__new__(_hostile(str, metaclass=metaclass), "x" * 500)
        yield bytes.__new__(_hostile(bytes, metaclass=metaclass), b"x")
        yield tuple.__new__(_hostile(tuple, metaclass=metaclass), (1.0, 2.0))
        yield list.__new__(_hostile(list, metaclass=metaclass))
        yield dict.__new__(_hostile(dict, metaclass=metaclass))
        yield set.__new__(_hostile(set, metaclass=metaclass))
        yield np.float64.__new__(_hostile(np.float64, metaclass=metaclass), 1.5)
        yield _hostile(metaclass=metaclass)  # a class itself
    yield np.ones(2).view(with_numpy)
    yield np.array(1.5).view(with_numpy)
    objects = np.empty(2, object)
    objects[0] = object.__new__(_hostile())
    yield objects
    yield np.array((1, 2.0), dtype=[("a", int), ("b", float)])
    yield np.array(["2020-01-01"], "datetime64[D]")
    yield np.ma.masked_array([1.0, 2.0], [True, False])
    yield from (np.void(b"ab"), np.datetime64("2020-01-01"), np.str_("a"), np.bytes_(b"a"))
    yield from (np.longdouble("1e4000"), np.float16(1), np.uint64(2**64 - 1), np.clongdouble(1j))
    yield np.array([np.longdouble("1e4000"), 1])
    yield from (10**5000, -(10**400), [10**400, 1.0], [-(10**5000), 2], 1e308 * (1 + 1j))
    yield from (np.array([1e308, -1e308]), [1e308, -1e308], "\ud800\x00\n", "", b"\xff" * 10_000)
    yield from (CYCLE, [CYCLE, CYCLE], (CYCLE, 1.0), {"a": CYCLE}, ..., NotImplemented, print)
    yield from (lambda: 1, range(2), {1, 2}, iter(()), datetime.date(2020, 1, 1), np, torch)
    yield from (object.__new__(Unsupported), object.__new__(Public), Unsupported(object()))
    yield from ({}, {object(): 1.0}, {((), 1): 2.0})
    yield from (np.zeros((1,) * 32), np.zeros((0, 10**6)), np.broadcast_to(1.0, (10**6,)))
    shared = [1.0]
    for _ in range(40):
        shared = [shared, shared]
    yield shared


HOSTILE = list(_instances())
EXPECTED = [
    *(
        True,
        1,
        1.5,
        1j,
        "a",
        b"a",
        None,
        np.ones(2),
        np.ones(2, bool),
        np.arange(2),
        np.ones(2) * 1j,
    ),
    *(np.ones((2, 2)), np.zeros(0), [1.0, 2.0], [], (np.ones(2), [1.0]), {"a": 1.0}, {}, 10**400),
    *(math.inf, math.nan, -1e308, np.array([-1e308, 1e308]), [[1.0, 2.0], [3.0, 4.0]]),
]


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("i", range(len(HOSTILE)))
def test_nothing_raises_and_nothing_is_called(i):
    hostile = HOSTILE[i]
    for actual in (
        hostile,
        [hostile],
        (hostile, hostile),
        [[hostile, 1.0], [2, 3]],
        {"a": hostile},
    ):
        for expected in EXPECTED:
            mismatch = find(actual, expected)
            if mismatch is not None:
                assert mismatch.message
                assert len(mismatch.message) < 500
                assert not set("0123456789") & set(_without_counts(public_message(mismatch)))
        assert len(describe(actual)) <= 120


def _without_counts(text):
    return text.partition(", ")[0] if text.startswith("shape and type") else text


def test_hostile_keys_are_not_hashed():
    class Key:
        calls = 0

        def __hash__(self):
            Key.calls += 1
            return hash("a")

        def __eq__(self, other):
            Key.calls += 1
            return True

    answer = {Key(): 1.0}
    made = Key.calls
    assert find(answer, {"a": 1.0}).message == (
        "the keys of the dict are wrong: missing 'a', extra a value of type Key; expected 'a'."
    )
    assert Key.calls == made


def test_equal_to_everything_is_equal_to_nothing():
    class Yes:
        def __eq__(self, other):
            return True

        __hash__ = None

    for expected in EXPECTED:
        assert find(Yes(), expected) is not None
        assert find([Yes(), Yes()], expected) is not None


def test_a_module_that_only_calls_itself_torch(monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", object())
    assert find(object(), 1.0).kind == "type"


plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.complex_numbers()
    | st.text(max_size=5)
    | st.binary(max_size=5)
    | hnp.arrays(hnp.scalar_dtypes(), hnp.array_shapes(min_dims=0, max_side=3)),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.text(max_size=2), inner, max_size=2)
    ),
    max_leaves=8,
)


@settings(repeatable, max_examples=300)
@given(plain, st.sampled_from(EXPECTED), st.integers(1, 200))
def test_any_plain_value(actual, expected, limit):
    mismatch = find(actual, expected)
    assert mismatch is None or mismatch.message == explain(mismatch)
    assert len(describe(actual, limit)) <= limit


# ---------------------------------------------------------------------------------------------
# Laws


@repeatable
@given(floats(elements=st.floats()))
def test_every_array_equals_its_copies(array):
    for copy in (array.copy(), array.tolist(), torch.from_numpy(array.copy())):
        if array.size or not isinstance(copy, list):  # [] has no second dimension
            assert find(copy, array) is None


@repeatable
@given(floats(), shapes)
def test_shapes_are_strict(array, shape):
    other = np.zeros(shape)
    if array.shape != shape:
        assert find(other, array).kind == "shape"
        assert find(np.zeros((1, *array.shape)), array).kind == "shape"
        assert find(np.zeros((*array.shape, 1)), array).kind == "shape"


@repeatable
@given(floats(hnp.array_shapes(max_dims=2, max_side=4)), st.data())
def test_nan_never_passes(array, data):
    flat = data.draw(st.integers(0, array.size - 1))
    spoiled = array.copy()
    spoiled.flat[flat] = np.nan
    for rtol in (1e-6, 1e6, math.inf):
        for actual in (spoiled, spoiled.tolist(), torch.from_numpy(spoiled.copy())):
            assert find(actual, array, rtol=rtol).kind == "finite"


@repeatable
@given(st.integers(1, 6), st.data())
def test_permuting_both_never_changes_the_verdict(size, data):
    elements = st.sampled_from([0.0, 1.0, 1 + 1e-7, 1 + 1e-5, -2.0, math.nan, math.inf, -math.inf])
    actual, expected = (data.draw(floats(size, elements)) for _ in range(2))
    order = data.draw(st.permutations(range(size)))
    before, after = find(actual, expected), find(actual[order], expected[order])
    assert (before is None) == (after is None)
    if before is not None:
        assert (before.kind, before.differing, before.total) == (
            *(after.kind, after.differing, after.total),
        )


@repeatable
@given(floats(5), floats(5), st.floats(0, 1), st.floats(0, 10), st.floats(1, 1e6))
def test_more_tolerance_never_fails_what_passed(actual, expected, rtol, atol, factor):
    if find(actual, expected, rtol=rtol, atol=atol) is None:
        assert find(actual, expected, rtol=rtol * factor, atol=atol) is None
        assert find(actual, expected, rtol=rtol, atol=atol * factor) is None


@repeatable
@given(floats(4), floats(4, st.floats(-1, 1)))
def test_absolute_tolerance_is_symmetric(array, step):
    there, back = (
        find(*pair, rtol=0, atol=0.5) for pair in [(array + step, array), (array, array + step)]
    )
    assert (there is None) == (back is None)


@repeatable
@given(floats(4, st.floats()), floats(4, st.floats()))
def test_numbers_are_judged_alone_as_in_an_array(actual, expected):
    alone = [find(a, e) for a, e in zip(actual.tolist(), expected.tolist(), strict=True)]
    assert (find(actual, expected) is None) == (alone == [None] * 4)
    listed = find(actual.tolist(), expected.tolist())
    assert (listed is None) == (alone == [None] * 4)


@repeatable
@given(floats(3), floats(3))
def test_the_verdict_is_numpys(actual, expected):
    right = np.abs(actual - expected) <= 1e-9 + 1e-6 * np.abs(expected)
    mismatch = find(actual, expected)
    assert (mismatch is None) == bool(right.all())
    if mismatch is not None:
        assert mismatch.differing == 3 - right.sum()


# ---------------------------------------------------------------------------------------------
# Short texts of values

SHORT = {
    "None": (None, "None"),
    "bool": (np.True_, "True"),
    "int": (3, "3"),
    "float": (1.0, "1.0"),
    "rounded": (0.123456789, "0.123457"),
    "negative zero": (np.array([-0.0, 1.0]), "[0, 1]"),
    "small": (1.5e-7, "1.5e-7"),
    "large": (1e20, "1e20"),
    "huge int": (10**400, "an integer of about 401 digits"),
    "text": ("it's", '"it\'s"'),
    "matrix": (np.array([[1.0, 2.0], [3.0, 4.0]]), "[[1, 2], [3, 4]]"),
    "rounded vector": (np.array([1 / 3, 1e-7, np.nan]), "[0.333333, 1e-7, nan]"),
    "bools": (np.array([True, False]), "[True, False]"),
    "tensor": (torch.tensor([0.5, 1.0]), "[0.5, 1]"),
    "empty": (np.zeros(0), "[]"),
    "empty matrix": (np.zeros((0, 3)), "an array of shape (0, 3)"),
    "long vector": (np.arange(1000.0), "[0, 1, 2, …, 999] (shape (1000,))"),
    "large matrix": (
        np.eye(50),
        "[[1, 0, 0, …, 0], [0, 1, 0, …, 0], [0, 0, 1, …, 0], …, [0, 0, 0, …, 1]] (shape (50, 50))",
    ),
    "many dimensions": (np.zeros((9,) * 4), "an array of shape (9, 9, 9, 9)"),
    "objects": (np.array([None]), "an array of shape (1,)"),
    "public function": (Public("valley"), "valley"),
    "public call": (Public("quadratic", (np.eye(2), 3)), "quadratic([[1, 0], [0, 1]], 3)"),
    "inputs": ((np.array([1.0, -2.0]), 0.5, 3), "([1, -2], 0.5, 3)"),
    "one input": ((np.eye(1),), "([[1]],)"),
    "no input": ((), "()"),
    "list": ([1, 2.5, "a", None], "[1, 2.5, 'a', None]"),
    "dict": ({"w": np.ones(2), 1: 2}, "{'w': [1, 1], 1: 2}"),
    "long list": (list(range(10_000)), f"[{', '.join(map(str, range(28)))}, …] (length 10000)"),
    "object": (object(), "a value of type object"),
    "unprintable name": (Unsupported("a\nb\x1b[0m"), "a value of type a?b?[0m"),
}


@pytest.mark.parametrize(("value", "text"), SHORT.values(), ids=SHORT)
def test_describe(value, text):
    assert describe(value) == text


def test_inputs_share_the_room():
    rng = np.random.default_rng(0)
    inputs = (rng.normal(size=500), Public("f", (np.eye(2),)), 0.1, "x" * 1000)
    assert describe(inputs, 160) == (
        "([0.12573, -0.132105, 0.640423, …, 0.361254] (shape (500,)), f([[1, 0], [0, 1]]), 0.1, "
        "'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…')"
    )


# ---------------------------------------------------------------------------------------------
# Light and fast


def test_imports_no_torch():
    code = "import sys, autograder.compare; print({'torch', 'IPython'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout.strip(), done.stderr) == ("set()", "")


def test_a_million_values_take_less_than_a_second():
    array = np.random.default_rng(0).normal(size=10**6)
    start = time.perf_counter()
    assert find(array + 1e-12, array) is None
    assert find(array + 1, array).differing == 10**6
    assert time.perf_counter() - start < 30
