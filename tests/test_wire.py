"""Frames: what goes through them unchanged, what is reduced, and what a hostile peer can send."""

from __future__ import annotations

import contextlib
import functools
import itertools
import math
import random
import socket
import struct
import subprocess
import sys
import textwrap
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

import msgpack
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from autograder.model import Public, Unsupported
from autograder.sandbox import wire

repeatable = settings(derandomize=True, deadline=None, database=None)

KEYS = st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text() | st.binary()
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(-(2**200), 2**200)
    | st.floats()
    | st.complex_numbers()
    | st.text()
    | st.binary()
)
ARRAYS = st.sampled_from(sorted(wire.DTYPES)).flatmap(
    lambda dtype: hnp.arrays(
        dtype, hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4)
    )
)
LEAVES = SCALARS | ARRAYS | ARRAYS.map(lambda array: array.dtype.type(1))
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(KEYS, inner, max_size=4)
        | st.builds(Public, st.text(), st.none() | st.lists(inner, max_size=3).map(tuple))
    ),
    max_leaves=12,
)


def through(value: Any) -> Any:
    return wire.decode(wire.encode(value))


def assert_same(actual: Any, expected: Any) -> None:
    """Equal in type and in every bit; nan is nan."""
    assert type(actual) is type(expected)
    if isinstance(expected, np.ndarray | np.generic):
        assert (actual.dtype, actual.shape) == (expected.dtype, expected.shape)
        assert actual.tobytes() == expected.tobytes()
    elif isinstance(expected, list | tuple):
        assert len(actual) == len(expected)
        for one, other in zip(actual, expected, strict=True):
            assert_same(one, other)
    elif isinstance(expected, dict):
        assert list(actual) == list(expected)
        for key in expected:
            assert_same(actual[key], expected[key])
    elif isinstance(expected, Public):
        assert actual.function == expected.function
        assert_same(actual.arguments, expected.arguments)
    elif isinstance(expected, float | complex):
        assert repr(actual) == repr(expected)
    else:
        assert actual == expected


@settings(repeatable, max_examples=300)
@given(VALUES)
def test_values_come_through_unchanged(value: Any) -> None:
    assert_same(through(value), value)


@pytest.mark.parametrize(
    "value",
    [
        -0.0,
        math.nan,
        2**63,
        -(2**63) - 1,
        2**11_999,
        np.arange(6).reshape(2, 3)[:, ::-1],
        np.zeros((0, 3)),
        np.bool_(True),
        {"a": {1: [(), [], {}]}, None: b"\x00", 2.5: "x", True: 0},
        {np.int64(3): 1, np.float32(0.5): 2},
        Public("f"),
        Public("f", (np.ones(2), [1.5])),
        Unsupported("Thing", "why"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_chosen_values_come_through_unchanged(value: Any) -> None:
    if isinstance(value, np.ndarray):
        value = np.ascontiguousarray(value)
    assert_same(through(value), value)


def test_arrays_of_a_frame_can_be_written_to_and_share_nothing() -> None:
    array = np.zeros(3)
    one, two = through([array, array])
    one[0] = 1.0
    assert two[0] == 0.0


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.int64, torch.bool])
def test_tensors_stay_tensors_without_their_graph(dtype: torch.dtype) -> None:
    tensor = torch.ones(2, 3, dtype=dtype)
    if dtype.is_floating_point:
        tensor = tensor.requires_grad_()
    came = through((tensor,))[0]
    assert type(came) is torch.Tensor
    assert came.dtype == dtype
    assert not came.requires_grad
    assert torch.equal(came, tensor.detach())


@pytest.mark.parametrize(
    ("value", "arrives"),
    [
        (np.arange(3, dtype=">f8"), np.arange(3, dtype="<f8")),
        (np.arange(3, dtype=">i2"), np.arange(3, dtype="<i2")),
        (np.longdouble(1.5), np.float64(1.5)),
        ("a\ud800b", "a?b"),
        (np.str_("cab"), "cab"),
        (np.ma.masked_array([1.0, 2.0], [True, False]), np.array([1.0, 2.0])),
    ],
    ids=[
        "big-endian",
        "big-endian integers",
        "longdouble",
        "surrogate",
        "str_",
        "masked",
    ],
)
def test_relatives_become_the_plain_kind(value: Any, arrives: Any) -> None:
    assert_same(through(value), arrives)


class LyingFloat(float):
    def __eq__(self, other: object) -> bool:
        return True

    def __float__(self) -> float:
        return 42.0

    __hash__ = float.__hash__
    __repr__ = __str__ = lambda self: "42.0"


class LyingInt(int):
    def __eq__(self, other: object) -> bool:
        return True

    def __int__(self) -> int:
        return 42

    __index__ = __int__
    __hash__ = int.__hash__


class LyingStr(str):
    __slots__ = ()

    def __str__(self) -> str:
        return "right"

    def encode(self, *arguments: Any) -> bytes:
        return b"right"


class LyingList(list):  # type: ignore[type-arg]
    def __iter__(self) -> Any:
        return iter([42.0])

    def __len__(self) -> int:
        return 1

    def __getitem__(self, index: Any) -> Any:
        return 42.0


class LyingTuple(tuple):  # type: ignore[type-arg]
    __slots__ = ()
    __iter__ = LyingList.__iter__  # type: ignore[assignment]
    __len__ = LyingList.__len__


class LyingDict(dict):  # type: ignore[type-arg]
    def items(self) -> Any:
        return [("right", 42.0)]

    __iter__ = LyingList.__iter__
    __len__ = LyingList.__len__


class LyingArray(np.ndarray):
    def __array__(self, *arguments: Any, **options: Any) -> Any:
        return np.array([42.0])

    def tobytes(self, *arguments: Any) -> bytes:
        return struct.pack("<d", 42.0)

    shape = property(lambda self: (1,))  # type: ignore[assignment]


@pytest.mark.parametrize(
    ("value", "arrives"),
    [
        (LyingFloat(1.5), 1.5),
        (LyingInt(7), 7),
        (LyingStr("wrong"), "wrong"),
        (LyingList([1.5, 2.5]), [1.5, 2.5]),
        (LyingTuple((1.5, 2.5)), (1.5, 2.5)),
        (LyingDict(wrong=1.5), {"wrong": 1.5}),
        (np.array([1.5, 2.5]).view(LyingArray), np.array([1.5, 2.5])),
        ([LyingFloat(1.5)], [1.5]),
    ],
    ids=lambda value: type(value).__name__,
)
def test_nothing_a_subclass_overrides_has_a_say(value: Any, arrives: Any) -> None:
    assert_same(through(value), arrives)


class ClaimsToBe:
    """Another class's instance, if it is asked."""

    def __init__(self, claimed: type) -> None:
        self.claimed = claimed

    @property
    def __class__(self) -> Any:
        return self.claimed

    def __array__(self, *arguments: Any, **options: Any) -> Any:
        return np.array([42.0])

    def __float__(self) -> float:
        return 42.0

    def detach(self) -> NoReturn:
        raise KeyError("detach")


@pytest.mark.parametrize(
    "claimed", [float, int, str, list, tuple, dict, np.ndarray, np.float64, torch.Tensor, Public]
)
def test_a_claimed_class_is_not_believed(claimed: type) -> None:
    assert through(ClaimsToBe(claimed)) == Unsupported("ClaimsToBe", "")


class RaisingTensor(torch.Tensor):
    def detach(self) -> NoReturn:
        raise KeyError("detach")


@pytest.mark.parametrize(
    ("value", "type_name"),
    [
        (object(), "object"),
        (len, "builtin_function_or_method"),
        ({1, 2}, "set"),
        (np.array([object()]), "array of dtype object"),
        (np.array(["a"]), "array of dtype str32"),
        (np.zeros(2, dtype=[("x", "f8")]), "array of dtype void64"),
        (np.datetime64("2026-01-01"), "array of dtype datetime64[D]"),
        (torch.ones(2, dtype=torch.bfloat16), "torch tensor"),
        (torch.ones(2).to_sparse(), "torch tensor"),
        (torch.ones(1).as_subclass(RaisingTensor), "torch tensor"),
        (2**12_001, "int"),
        ({(1, 2): 3}, "dict"),
        ({2**70: 3}, "dict"),
        ({1j: 3}, "dict"),
        ({Public("f"): 3}, "dict"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_what_cannot_travel_is_named(value: Any, type_name: str) -> None:
    came = through([value])[0]
    assert type(came) is Unsupported
    assert came.type_name == type_name


def nested(depth: int) -> Any:
    value: Any = 1.0
    for _ in range(depth):
        value = [value]
    return value


def cyclic() -> Any:
    value: list[Any] = []
    value.append(value)
    return value


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: nested(wire.MAX_DEPTH + 1), "nested more than 32 deep"),
        (lambda: nested(100_000), "nested more than 32 deep"),
        (cyclic, "nested more than 32 deep"),
        (lambda: "x" * (wire.MAX_HEADER + 1), "too large"),
        (lambda: np.broadcast_to(0.0, (10**6, 10**6)), "too large"),
        (lambda: [0] * wire.MAX_ELEMENTS, "too long"),
        (lambda: Unsupported(object(), ""), "cannot be sent"),  # type: ignore[arg-type]
        (lambda: Public("\ud800"), "cannot be sent"),
    ],
    ids=["33 levels", "100000 levels", "a cycle", "text", "array", "list", "object", "surrogate"],
)
def test_what_is_too_much_is_refused(make: Callable[[], Any], message: str) -> None:
    value = make()
    with pytest.raises(wire.WireError, match=message):
        wire.encode(value)
    while type(value) is list and value:  # else its destruction would recurse
        value = value.pop() if value[0] is not value else None


def test_the_deepest_value_comes_through() -> None:
    assert through(nested(wire.MAX_DEPTH)) == nested(wire.MAX_DEPTH)


# ---------------------------------------------------------------------------------------------
# A hostile peer


def frame(tree: Any, described: Any = (), body: bytes = b"") -> bytes:
    return raw_frame(msgpack.packb([tree, list(described)]), body)


def raw_frame(header: bytes, body: bytes = b"") -> bytes:
    return wire.PREFIX.pack(wire.MAGIC, len(header), len(body)) + header + body


BAD_FRAMES = {
    "empty": b"",
    "short prefix": b"AGW1\x00",
    "other magic": b"AGW0" + frame(1.0)[4:],
    "huge header claimed": wire.PREFIX.pack(wire.MAGIC, 2**32 - 1, 0),
    "huge body claimed": wire.PREFIX.pack(wire.MAGIC, 0, 2**64 - 1),
    "no msgpack": raw_frame(b"\xc1"),
    "empty header": raw_frame(b""),
    "bytes after msgpack": raw_frame(msgpack.packb([1.0, []]) + b"\x00"),
    "bytes after the frame": frame(1.0) + b"\x00",
    "no pair": raw_frame(msgpack.packb(1.0)),
    "no list of buffers": raw_frame(msgpack.packb([1.0, {}])),
    "too many elements": frame(["l", *[None] * wire.MAX_ELEMENTS]),
    "a map": frame({"a": 1}),
    "a map inside": frame(["l", {"a": 1}]),
    "an extension": frame(msgpack.ExtType(4, b"x")),
    "a timestamp": frame(["l", msgpack.Timestamp(0)]),
    "no tag": frame([]),
    "a number as tag": frame([1, 2]),
    "an unknown tag": frame(["x", 1]),
    "odd dict": frame(["d", 1]),
    "a list as key": frame(["d", ["l"], 1]),
    "a tuple as key": frame(["d", ["t", -1], 1]),
    "a long integer as key": frame(["d", ["i", "0x" + "f" * 40], 1]),
    "no such buffer": frame(["a", 0]),
    "a negative buffer": frame(["a", -1], [["<f8", []]], bytes(8)),
    "True as buffer": frame(["a", True], [["<f8", []], ["<f8", []]], bytes(16)),
    "an object array": frame(["a", 0], [["|O", [1]]], bytes(8)),
    "text as dtype": frame(["a", 0], [["<U1", [1]]], bytes(4)),
    "a list as dtype": frame(["a", 0], [[["<f8"], [1]]], bytes(8)),
    "a negative length": frame(["a", 0], [["<f8", [-1]]]),
    "True as length": frame(["a", 0], [["<f8", [True]]], bytes(8)),
    "huge shape": frame(["a", 0], [["<f8", [2**26] * 16]]),
    "huge empty shape": frame(["a", 0], [["<f8", [0, *[2**26] * 15]]]),
    "seventeen dimensions": frame(["a", 0], [["<f8", [1] * 17]], bytes(8)),
    "short body": frame(["a", 0], [["<f8", [2]]], bytes(8)),
    "long body": frame(["a", 0], [["<f8", [1]]], bytes(9)),
    "a scalar with a shape": frame(["s", 0], [["<f8", [1]]], bytes(8)),
    "an integer of words": frame(["i", "nine"]),
    "an integer too long": frame(["i", "0x" + "f" * 3100]),
    "complex of ints": frame(["c", 1, 2]),
    "public arguments as list": frame(["p", "f", ["l"]]),
    "unsupported of ints": frame(["u", 1, 2]),
    "deep msgpack": raw_frame(b"\x91" * 100_000),
    "forty levels": frame(functools.reduce(lambda tree, _: ["l", tree], range(40), 1.0)),
}


@pytest.mark.parametrize("bad", BAD_FRAMES.values(), ids=BAD_FRAMES)
def test_a_malformed_frame_is_a_wire_error(bad: bytes) -> None:
    with pytest.raises(wire.WireError):
        wire.decode(bad)


FUZZED = 300_000
GOOD = [
    frame(["d", "nonce", b"0123456789abcdef", "case", 3, "value", ["l", 1.5, ["t", None, True]]]),
    wire.encode({"value": [np.arange(6.0).reshape(2, 3), np.float32(1), 2**80, 1 + 2j]}),
    wire.encode((torch.ones(2, dtype=torch.float64), Public("f", (1, "x")), Unsupported("T"))),
    wire.encode([np.zeros((2, 0, 3), dtype="i1"), {"a": b"b", 2.5: None}, "text"]),
]


def mangled_frame(rng: random.Random) -> bytes:
    """A frame of random bytes, or a good one that is cut, or has bits flipped."""
    data = bytearray(rng.choice(GOOD))
    kind = rng.randrange(4)
    if kind == 0:
        return raw_frame(rng.randbytes(rng.randrange(40)), rng.randbytes(rng.randrange(9)))
    if kind == 1:
        del data[rng.randrange(len(data)) :]
    else:  # past the prefix, whose faults are soon found out
        for _ in range(rng.randrange(1, 4)):
            data[rng.randrange(wire.PREFIX.size, len(data))] ^= 1 << rng.randrange(8)
    return bytes(data)


ATOMS: list[Any] = [
    *(
        None,
        True,
        False,
        0,
        1,
        -1,
        2**63 - 1,
        -(2**63),
        0.0,
        math.nan,
        math.inf,
        "",
        "x",
        b"",
        b"x",
    ),
    *("l", "t", "d", "a", "s", "T", "i", "c", "p", "u", "0x1", "-0x", "0x" + "f" * 50, "<f8", "|O"),
    *({}, {"a": 1}, msgpack.ExtType(1, b"x"), msgpack.Timestamp(1)),
]


def hostile_tree(rng: random.Random, depth: int = 0) -> Any:
    """Something built of the format's own tags, mostly wrongly."""
    if depth > 5 or rng.random() < 0.3:
        return rng.choice(ATOMS)
    rest = [hostile_tree(rng, depth + 1) for _ in range(rng.randrange(4))]
    tag = rng.choice("lltddasTicpu")
    if rng.random() < 0.5:  # of the right form, so that the fault lies deeper
        number = rng.choice([0, 0, 1, -1, True, 2**40, "0"])
        text = rng.choice(["0x1f", "-0x2", "nine", "", "0x" + "f" * 5000, 7])
        pairs = [part for value in rest for part in (rng.choice(ATOMS), value)]
        forms = {
            "a": [number],
            "s": [number],
            "T": [number],
            "i": [text],
            "c": [1.0, rng.choice(ATOMS)],
        }
        forms |= {"p": ["f", rng.choice([None, ["t", *rest], rest])], "u": ["T", text], "d": pairs}
        rest = forms.get(tag, rest)
    return [tag, *rest]


def hostile_frame(rng: random.Random) -> bytes:
    dtypes = [*sorted(wire.DTYPES), "<f8", "|O", "<U1", "", ["<f8"], None]
    sizes = [0, 0, 1, 1, 2, 3, -1, True, 2**26, 2**40, 1.5, "1"]
    described: Any = [
        [rng.choice(dtypes), [rng.choice(sizes) for _ in range(rng.randrange(3))]]
        for _ in range(rng.randrange(3))
    ]
    if rng.random() < 0.05:
        described = rng.choice([None, 3, [[]], [["<f8"]], [["<f8", [], 1]], [["<f8", [1] * 40]]])
    return raw_frame(
        msgpack.packb([hostile_tree(rng), described]),
        rng.randbytes(rng.choice([0, 0, 8, 8, 16, 24])),
    )


@pytest.mark.parametrize(
    ("make", "count"),
    [(mangled_frame, FUZZED * 6 // 10), (hostile_frame, FUZZED * 4 // 10)],
    ids=["bytes", "trees"],
)
def test_fuzzed_frames_give_a_value_or_a_wire_error(
    make: Callable[[random.Random], bytes], count: int
) -> None:
    rng = random.Random(20260101)
    refused = 0
    begin = time.perf_counter()
    for _ in range(count):
        data = make(rng)
        try:
            wire.decode(data)
        except wire.WireError:
            refused += 1
        except Exception as error:
            pytest.fail(f"{type(error).__name__}: {error}, of {data!r}")
    assert count // 2 < refused < count * 99 // 100
    assert time.perf_counter() - begin < 120


TREES = st.recursive(
    st.sampled_from([atom for atom in ATOMS if type(atom) is not dict])
    | SCALARS.filter(
        lambda value: type(value) is not complex and (type(value) is not int or abs(value) < 2**62)
    ),
    lambda inner: st.lists(inner, max_size=5) | st.tuples(st.sampled_from("ltdasTicpu"), inner),
    max_leaves=20,
)


@settings(repeatable, max_examples=100)
@given(st.lists(TREES | TREES.map(lambda tree: ["l", tree]), min_size=2, max_size=8), st.binary())
def test_trees_of_any_form_give_a_value_or_a_wire_error(trees: list[Any], body: bytes) -> None:
    for tree in trees:
        try:
            header = msgpack.packb([tree, [["|u1", [len(body)]]]])
        except UnicodeEncodeError:  # a lone surrogate
            continue
        with contextlib.suppress(wire.WireError):
            wire.decode(raw_frame(header, body))


# Frames that cost their sender little. Each is decoded by a process that may take 256 MiB more.
def _nest(item: bytes, each: int, lists: int) -> bytes:
    """A header whose value is `lists` lists of `each` items."""
    inner = b"\xdd" + struct.pack(">I", each + 1) + b"\xa1l" + item * each
    outer = b"\xdd" + struct.pack(">I", lists + 1) + b"\xa1l" + inner * lists
    return b"\x92" + outer + b"\x90"


COSTLY = {
    "empty lists": _nest(b"\x90", 250_000, 33),
    "lists with a tag": _nest(b"\x91\xa1l", 250_000, 11),
    "maps": _nest(b"\x80", 250_000, 33),
    "empty texts": _nest(b"\xa0", 250_000, 33),
    "texts": _nest(b"\xa2xy", 250_000, 11),
    "floats": _nest(b"\xcb" + bytes(8), 250_000, 3),
    "nothing": _nest(b"\xc0", 250_000, 33),
    "deep lists": b"\x91" * wire.MAX_HEADER,
    "claimed lists": (b"\xdd" + struct.pack(">I", wire.MAX_ELEMENTS)) * 500
    + bytes(wire.MAX_ELEMENTS),
    "buffers": b"\x92\xc0\xdd" + struct.pack(">I", 250_000) + b"\x92\xa3|b1\x90" * 250_000,
    "a long text": b"\x92\xdb" + struct.pack(">I", 8_000_000) + b"x" * 8_000_000 + b"\x90",
}


@pytest.mark.parametrize("name", COSTLY)
def test_a_frame_s_memory_and_time_are_bounded(name: str, tmp_path: Path) -> None:
    header = COSTLY[name][: wire.MAX_HEADER]
    path = tmp_path / "frame"
    path.write_bytes(raw_frame(header, bytes(250_000 if name == "buffers" else 0)))
    script = """
        import resource, sys
        from pathlib import Path
        from autograder.sandbox import isolation, wire
        frame = Path(sys.argv[1]).read_bytes()
        limit = isolation.virtual_memory_bytes() + (256 << 20)
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
        try:
            wire.decode(frame)
        except wire.WireError as error:
            print(error)
    """
    words = [sys.executable, "-c", textwrap.dedent(script), str(path)]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr[-500:]
    assert "MemoryError" not in done.stdout


def test_array_lengths_that_a_header_claims_cost_no_memory() -> None:
    claim = b"\xdd" + struct.pack(">I", wire.MAX_ELEMENTS)
    header = claim * 500 + bytes(wire.MAX_ELEMENTS)
    too_long = (b"\xdd" + struct.pack(">I", 7_000_000)) * 500 + bytes(7_000_000)
    tracemalloc.start()
    try:
        for bad in (raw_frame(header), raw_frame(too_long)):
            begin = time.perf_counter()
            with pytest.raises(wire.WireError):
                wire.decode(bad)
            assert time.perf_counter() - begin < 30
        assert tracemalloc.get_traced_memory()[1] < 256 << 20
    finally:
        tracemalloc.stop()


def test_keys_that_collide_do_not_keep_the_grader_busy() -> None:
    keys = itertools.product((-1, -2), repeat=15)  # hash(-1) == hash(-2), so they all have one hash
    flat: list[Any] = ["d"]
    for key in keys:
        flat += [["t", *key], 0]
    begin = time.perf_counter()
    with pytest.raises(wire.WireError):
        wire.decode(frame(flat))
    assert time.perf_counter() - begin < 30  # a minute and more if they were hashed


# ---------------------------------------------------------------------------------------------
# On a socket


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def test_a_value_crosses_a_socket(pair: tuple[socket.socket, socket.socket]) -> None:
    value = {"array": np.arange(200_000.0)}
    sender = threading.Thread(target=wire.send, args=(pair[1], value, time.monotonic() + 10))
    sender.start()
    came = wire.Inbox(pair[0]).receive(time.monotonic() + 10)
    sender.join()
    assert_same(came, value)


def test_a_peer_that_stays_silent_or_drips_runs_into_the_deadline(
    pair: tuple[socket.socket, socket.socket],
) -> None:
    data = wire.encode("x" * 100)
    stop = threading.Event()

    def drip() -> None:
        for byte in data:
            pair[1].send(bytes([byte]))
            if stop.wait(0.02):
                return

    dripper = threading.Thread(target=drip)
    dripper.start()
    begin = time.monotonic()
    with pytest.raises(TimeoutError):
        wire.Inbox(pair[0]).receive(begin + 0.2)
    assert time.monotonic() - begin < 30
    stop.set()
    dripper.join()


def test_a_peer_that_does_not_read_runs_into_the_deadline(
    pair: tuple[socket.socket, socket.socket],
) -> None:
    with pytest.raises(TimeoutError):
        wire.send(pair[0], np.zeros(10**6), time.monotonic() + 0.1)


def test_a_closed_connection_is_an_end_of_file(pair: tuple[socket.socket, socket.socket]) -> None:
    pair[1].send(wire.encode(1.0)[:10])
    pair[1].close()
    with pytest.raises(EOFError):
        wire.Inbox(pair[0]).receive(time.monotonic() + 5)


def test_a_claimed_length_is_not_allocated_before_it_comes(
    pair: tuple[socket.socket, socket.socket],
) -> None:
    pair[1].send(wire.PREFIX.pack(wire.MAGIC, 0, wire.MAX_BODY))
    pair[1].close()
    tracemalloc.start()
    with pytest.raises(EOFError):
        wire.Inbox(pair[0]).receive(time.monotonic() + 5)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8 << 20
