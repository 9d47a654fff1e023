"""Frames between the trusted and the untrusted side: a msgpack header and raw buffers.

A frame is `<4s magic><u32 header length><u64 body length><header><body>`. The header holds the tree of
the value and the dtype and shape of each buffer; the body holds the buffers, one after the other. Nothing
in a frame is ever executed: no pickle, no dtype beyond the list below, bounded sizes and depth.

Plain values stand for themselves in the tree; everything else is a list whose first element is a tag.
"""

from __future__ import annotations

import contextlib
import math
import select
import socket
import struct
import sys
import time
from typing import Any

import msgpack
import numpy as np

from autograder.model import Public, Unsupported

MAGIC = b"AGW1"
PREFIX = struct.Struct("<4sIQ")
MAX_HEADER = 8 << 20
MAX_BODY = 64 << 20
MAX_DEPTH = 32
MAX_DIMENSIONS = 16
MAX_ELEMENTS = 1 << 18  # of one list, whatever a header claims
# Lists and elements of one header: an empty list costs its sender a byte, and us 60.
MAX_NODES = 1 << 20
DTYPES = frozenset(
    [
        "<f2",
        "<f4",
        "<f8",
        "|b1",
        "|i1",
        "<i2",
        "<i4",
        "<i8",
        "|u1",
        "<u2",
        "<u4",
        "<u8",
        "<c8",
        "<c16",
    ]
)
_INT64 = range(-(1 << 63), 1 << 63)
_MAX_INT_BITS = 12_000  # str() refuses an int of more than 4300 digits, and messages hold numbers


class WireError(Exception):
    """A frame that breaks the format, or a value that does not fit into one."""


def encode(value: Any) -> bytes:
    """The frame of a value.

    Numbers, strings, bytes, None, lists, tuples, dicts, numpy arrays and scalars, torch tensors and
    `Public` keep their type. Subclasses are reduced to the plain type's data, so that nothing a class
    overrides has a say. Anything else becomes `Unsupported`.

    Raises:
        WireError: the value is too deep or too large.
    """
    buffers: list[np.ndarray[Any, Any]] = []
    tree = _tree(value, buffers, 0)
    described = [[array.dtype.str, list(array.shape)] for array in buffers]
    size = sum(array.nbytes for array in buffers)
    if size > MAX_BODY:  # known before a broadcast array is written out
        raise WireError(f"the value is too large to send ({size} bytes)")
    try:
        header: bytes = msgpack.packb([tree, described])
    except (ValueError, OverflowError, TypeError) as error:
        raise WireError(f"the value cannot be sent: {error}") from None
    if len(header) > MAX_HEADER:
        raise WireError(f"the value is too large to send ({len(header)} bytes)")
    body = b"".join(array.tobytes() for array in buffers)
    return PREFIX.pack(MAGIC, len(header), len(body)) + header + body


def _tree(value: Any, buffers: list[np.ndarray[Any, Any]], depth: int) -> Any:
    if depth > MAX_DEPTH:
        raise WireError(f"the value is nested more than {MAX_DEPTH} deep")
    kind = type(value)
    if value is None or kind is bool or kind is float:
        return value
    if kind is str or kind is bytes:
        if len(value) > MAX_HEADER:
            raise WireError("the value is too large to send")
        # Lone surrogates cannot be UTF-8; they come back as question marks.
        return value.encode("utf-8", "replace").decode() if kind is str else value
    if kind is int:
        if value in _INT64:
            return value
        if value.bit_length() > _MAX_INT_BITS:
            return ["u", "int", f"an integer of {value.bit_length()} bits is too large to send"]
        return ["i", hex(value)]
    if kind is complex:
        return ["c", value.real, value.imag]
    if (kind is list or kind is tuple or kind is dict) and len(value) >= MAX_ELEMENTS // 2:
        raise WireError(f"a {kind.__name__} of {len(value)} elements is too long to send")
    if kind is list:
        return ["l", *(_tree(element, buffers, depth + 1) for element in value)]
    if kind is tuple:
        return ["t", *(_tree(element, buffers, depth + 1) for element in value)]
    if kind is dict:
        flat: list[Any] = ["d"]
        for key, element in value.items():
            if not _is_key(key):
                return ["u", "dict", f"a key of it is a {type(key).__name__[:100]}"]
            flat += (_tree(key, buffers, depth + 1), _tree(element, buffers, depth + 1))
        return flat
    if kind is Public:
        arguments = value.arguments
        sent = None if arguments is None else _tree(tuple(arguments), buffers, depth + 1)
        return ["p", value.function, sent]
    if kind is Unsupported:
        return ["u", value.type_name, value.reason]
    return _tree_of_other(value, kind, buffers, depth)


def _is_key(value: Any) -> bool:
    """Whether a value may be a dict's key: one whose hash a student cannot make collide.

    All tuples of -1 and -2 have one hash, so a small frame of them would keep the grader busy for hours.
    """
    kind = type(value)
    if issubclass(kind, int):
        return value in _INT64
    if issubclass(kind, np.generic) and not issubclass(kind, str | bytes):
        return np.dtype(kind).kind in "biuf"
    return value is None or issubclass(kind, str | bytes | float)


def _tree_of_other(value: Any, kind: type, buffers: list[np.ndarray[Any, Any]], depth: int) -> Any:
    """Arrays, tensors, and subclasses of the plain types."""
    # issubclass, not isinstance: an object may claim another __class__.
    torch = sys.modules.get("torch")
    if torch is not None and issubclass(kind, torch.Tensor):
        try:
            array = torch.Tensor.numpy(value.detach().cpu().resolve_conj().resolve_neg())
        except (
            Exception
        ) as error:  # sparse, quantised, bfloat16, or a subclass that overrides these
            return ["u", "torch tensor", str(error)[:200]]
        return _tree_of_array("T", np.asarray(array), buffers)
    if issubclass(kind, str):
        return _tree(str.__str__(value), buffers, depth)
    if issubclass(kind, np.generic):
        return _tree_of_array("s", np.asarray(value), buffers)
    if issubclass(kind, np.ndarray):
        return _tree_of_array("a", np.ndarray.view(value, np.ndarray), buffers)
    if issubclass(kind, tuple):
        return _tree(tuple.__getitem__(value, slice(None)), buffers, depth)
    if issubclass(kind, list):
        return _tree(list.__getitem__(value, slice(None)), buffers, depth)
    if issubclass(kind, dict):
        return _tree(dict(dict.items(value)), buffers, depth)
    if issubclass(kind, float):
        return float.__float__(value)
    if issubclass(kind, int):
        return _tree(int.__int__(value), buffers, depth)
    return ["u", kind.__name__[:100], ""]


def _tree_of_array(
    tag: str, array: np.ndarray[Any, Any], buffers: list[np.ndarray[Any, Any]]
) -> Any:
    if array.dtype.str not in DTYPES:
        if array.dtype.kind in "fiuc" and array.dtype.newbyteorder("<").str in DTYPES:
            array = array.astype(array.dtype.newbyteorder("<"))
        elif array.dtype.kind == "f":  # longdouble
            array = array.astype("<f8")
        else:
            return ["u", f"array of dtype {array.dtype.name[:60]}", "its elements are not numbers"]
    buffers.append(array)
    return [tag, len(buffers) - 1]


def decode(frame: bytes | bytearray | memoryview) -> Any:
    """The value of a whole frame.

    Raises:
        WireError: the frame breaks the format in any way; no other exception.
    """
    view = memoryview(frame)
    header_length, body_length = lengths(view[: PREFIX.size])
    if len(view) != PREFIX.size + header_length + body_length:
        raise WireError("the frame is cut or has bytes after its end")
    return decode_parts(
        view[PREFIX.size : PREFIX.size + header_length], view[PREFIX.size + header_length :]
    )


def lengths(prefix: bytes | bytearray | memoryview) -> tuple[int, int]:
    """Header and body length of a frame from its first `PREFIX.size` bytes."""
    if len(prefix) != PREFIX.size:
        raise WireError("the frame is cut")
    magic, header_length, body_length = PREFIX.unpack(prefix)
    if magic != MAGIC:
        raise WireError("not a frame of this version")
    if header_length > MAX_HEADER or body_length > MAX_BODY:
        raise WireError(f"the frame is too large ({header_length} + {body_length} bytes)")
    return header_length, body_length


def decode_parts(header: memoryview, body: memoryview) -> Any:
    """The value of a frame's header and body; see `decode`."""
    nodes = 0

    def counted(found: list[Any]) -> list[Any]:
        nonlocal nodes
        nodes += 1 + len(found)
        if nodes > MAX_NODES:
            raise WireError(f"the header holds more than {MAX_NODES} elements")
        return found

    try:
        top = msgpack.unpackb(
            header,
            raw=False,
            use_list=True,
            strict_map_key=True,
            max_array_len=MAX_ELEMENTS,
            list_hook=counted,
            object_hook=_refuse,
        )
    except WireError:
        raise
    except Exception as error:  # msgpack raises ValueError, its own, and UnicodeDecodeError
        raise WireError(f"the header is not msgpack: {type(error).__name__}") from None
    if type(top) is not list or len(top) != 2 or type(top[1]) is not list:
        raise WireError("the header has another form")
    arrays = _arrays(top[1], body)
    return _value(top[0], arrays, 0)


def _refuse(found: dict[Any, Any]) -> None:
    """No header holds msgpack's own maps; a million empty ones would take half a gigabyte."""
    raise WireError("the header has another form")


def _arrays(described: list[Any], body: memoryview) -> list[np.ndarray[Any, Any]]:
    arrays: list[np.ndarray[Any, Any]] = []
    offset = 0
    for entry in described:
        if type(entry) is not list or len(entry) != 2:
            raise WireError("a buffer is described wrongly")
        dtype, shape = entry
        if type(dtype) is not str or dtype not in DTYPES:
            raise WireError("a buffer has a dtype that is not allowed")
        if type(shape) is not list or len(shape) > MAX_DIMENSIONS:
            raise WireError("a buffer has too many dimensions")
        if not all(type(n) is int and 0 <= n <= MAX_BODY for n in shape):
            raise WireError("a buffer has an impossible shape")
        count = math.prod(shape)
        size = count * np.dtype(dtype).itemsize
        if offset + size > len(body):
            raise WireError("the body is too short for its buffers")
        # Copied: frombuffer would keep the whole frame alive, and read-only.
        array = np.frombuffer(body, dtype, count, offset).copy()
        try:
            arrays.append(array.reshape(shape))
        except ValueError:
            raise WireError("a buffer has an impossible shape") from None
        offset += size
    if offset != len(body):
        raise WireError("the body is longer than its buffers")
    return arrays


def _value(node: Any, arrays: list[np.ndarray[Any, Any]], depth: int) -> Any:
    if type(node) is not list:
        if type(node) is dict or isinstance(node, msgpack.ExtType | msgpack.Timestamp):
            raise WireError("the header has another form")
        return node
    if depth > MAX_DEPTH + 1:
        raise WireError("the value is nested too deep")
    if not node or type(node[0]) is not str:
        raise WireError("a value has no tag")
    tag, rest = node[0], node[1:]
    if tag == "l":
        return [_value(element, arrays, depth + 1) for element in rest]
    if tag == "t":
        return tuple([_value(element, arrays, depth + 1) for element in rest])
    if tag == "d" and len(rest) % 2 == 0:
        keys = [_value(key, arrays, depth + 1) for key in rest[::2]]
        if not all(map(_is_key, keys)):
            raise WireError("a dict has a key of a type that is not allowed")
        return dict(zip(keys, [_value(v, arrays, depth + 1) for v in rest[1::2]], strict=True))
    if tag in ("a", "s", "T") and len(rest) == 1:
        if type(rest[0]) is not int or not 0 <= rest[0] < len(arrays):
            raise WireError("a value refers to a buffer that is not there")
        array = arrays[rest[0]]
        if tag == "s":
            if array.shape != ():
                raise WireError("a scalar has a shape")
            return array[()]
        torch = sys.modules.get("torch") if tag == "T" else None
        try:
            return array if torch is None else torch.from_numpy(array)
        except (TypeError, RuntimeError):  # a dtype that this torch does not know
            raise WireError("a tensor has a dtype that is not allowed") from None
    if tag == "i" and len(rest) == 1 and type(rest[0]) is str:
        if len(rest[0]) > _MAX_INT_BITS // 4 + len("-0x"):
            raise WireError("an integer is too long")
        try:
            return int(rest[0], 16)
        except ValueError:
            raise WireError("an integer is malformed") from None
    if tag == "c" and len(rest) == 2 and all(type(part) is float for part in rest):
        return complex(rest[0], rest[1])
    if tag == "p" and len(rest) == 2 and type(rest[0]) is str:
        arguments = _value(rest[1], arrays, depth + 1)
        if arguments is None or type(arguments) is tuple:
            return Public(rest[0], arguments)
    if tag == "u" and len(rest) == 2 and all(type(part) is str for part in rest):
        return Unsupported(rest[0][:200], rest[1][:300])
    raise WireError("a value is malformed")


def send(channel: socket.socket, value: Any, deadline: float | None = None) -> None:
    """Send a value's frame. `deadline` is a time.monotonic() value.

    Raises:
        TimeoutError: the peer did not read it in time.
        OSError: the peer is gone.
    """
    _set_timeout(channel, deadline)
    channel.sendall(encode(value))


class Inbox:
    """Frames that arrive on a socket, read in large pieces.

    With a `bell`, a second socket, nothing is read until the peer has rung it: a process that is woken for each of
    three hundred small frames spends more time on waking than on reading. The peer's end of the channel shows whether it is alive.
    """

    def __init__(self, channel: socket.socket, bell: socket.socket | None = None) -> None:
        self._channel, self._bell = channel, bell
        self._data = bytearray()
        self.taken = 0  # bytes of all frames so far
        self._is_hung_up = False
        self._poll = select.poll()
        # No POLLIN for the channel: the kernel reports its hang-up whether asked or not.
        self._poll.register(channel, 0 if bell else select.POLLIN)
        if bell is not None:
            self._poll.register(bell, select.POLLIN)

    def receive(self, deadline: float | None = None) -> Any:
        """The next value.

        Raises:
            WireError: what came is no frame.
            EOFError: the peer is gone, and no whole frame of its is left.
            TimeoutError: `deadline` (a time.monotonic() value) passed before the frame was complete.
        """
        while True:
            size = self._frame_size()
            if size is not None:
                frame = bytes(memoryview(self._data)[:size])
                del self._data[:size]
                self.taken += size
                return decode(frame)
            if not self._read():
                if self._is_hung_up:
                    raise EOFError("the peer closed its bell")
                self._wait(deadline)

    def _frame_size(self) -> int | None:
        """Bytes of the first frame; None while it is not complete."""
        if len(self._data) < PREFIX.size:
            return None
        size = PREFIX.size + sum(lengths(memoryview(self._data)[: PREFIX.size]))
        return size if len(self._data) >= size else None

    def _read(self) -> bool:
        """Take what has arrived; False where there is nothing yet.

        Grown as bytes arrive: a prefix that claims 64 MiB does not make us allocate them.
        """
        self._channel.setblocking(
            False
        )  # `send` may have left a timeout, which recv would wait for
        try:
            part = self._channel.recv(1 << 20)
        except BlockingIOError:
            return False
        except ConnectionResetError:
            part = b""
        if not part:
            raise EOFError("the peer closed the connection")
        self._data += part
        return True

    def _wait(self, deadline: float | None) -> None:
        left_ms = None
        if deadline is not None:
            left_ms = (deadline - time.monotonic()) * 1000
            if left_ms <= 0:
                raise TimeoutError
        self._poll.poll(left_ms)
        if self._bell is not None:
            with contextlib.suppress(BlockingIOError):
                # A closed bell would be reported again and again, and keep us busy until the deadline.
                self._is_hung_up = not self._bell.recv(4096, socket.MSG_DONTWAIT)


class Outbox:
    """Frames to a peer that reads when the `bell` is rung."""

    def __init__(self, channel: socket.socket, bell: socket.socket) -> None:
        self._channel, self._bell = channel, bell

    def post(self, frame: bytes) -> None:
        """Leave a frame for the peer, without waking it unless there is no room."""
        self._channel.setblocking(False)
        rest = memoryview(frame)
        while rest:
            try:
                rest = rest[self._channel.send(rest) :]
            except BlockingIOError:
                self.ring()
                select.select([], [self._channel], [])

    def ring(self) -> None:
        with contextlib.suppress(BlockingIOError):  # it is ringing already
            self._bell.send(b"!", socket.MSG_DONTWAIT)


def _set_timeout(channel: socket.socket, deadline: float | None) -> None:
    if deadline is None:
        channel.settimeout(None)
        return
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    channel.settimeout(left)
