"""TOML tables into frozen dataclasses, strictly: an unknown key or a wrong type is a fault with its line.

Faults are collected, so that one reading shows them all.
"""

from __future__ import annotations

import dataclasses
import difflib
import re
import types
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")


class Document:
    """A TOML file that is being read.

    Attributes:
        faults: what is wrong so far, one line each: `classroom.toml:7: courses.optml: …`.
    """

    def __init__(self, path: Path, text: str) -> None:
        self.path, self.faults = path, list[str]()
        self._lines = text.splitlines()

    def fault(self, table: str, text: str, key: str = "") -> None:
        """Add a fault of `table` ("courses.optml"; "" is the file itself), at `key` if one is named."""
        where = f"{self.path.name}:{self._line(table, key)}"
        self.faults.append(f"{where}: {table}: {text}" if table else f"{where}: {text}")

    def _line(self, table: str, key: str) -> int:
        """The line of a key, else of its table, else 1. Good for the ways people lay out such files."""
        header = re.compile(rf"\s*\[\[?\s*{re.escape(table)}\s*\]")
        starts = [n for n, line in enumerate(self._lines) if table and header.match(line)]
        first = starts[0] + 1 if starts else 0
        quoted = rf"\s*[\"']?{re.escape(key)}[\"']?\s*="
        for number, line in enumerate(self._lines[first:], first):
            if key and re.match(quoted, line):
                return number + 1
            if line.lstrip().startswith("["):
                break
        nested = re.compile(rf"\s*\[\[?\s*{re.escape(f'{table}.{key}' if table else key)}\s*[\].]")
        for number, line in enumerate(self._lines):
            if key and nested.match(line):
                return number + 1
        return max(first, 1)

    def tables(self, table: str, value: object) -> Mapping[str, Mapping[str, Any]]:
        """A table of tables; what is none is a fault and left out."""
        if not isinstance(value, dict):
            self.fault("", f"{table} must be tables: [{table}.NAME]", table)
            return {}
        good = {name: entry for name, entry in value.items() if isinstance(entry, dict)}
        for name in value.keys() - good.keys():
            self.fault(table, f"{name} must be a table: [{table}.{name}]", name)
        return good

    def read(self, cls: type[T], table: str, value: object, **given: object) -> T | None:
        """An object of the dataclass `cls` from a table; None if there was a fault.

        Args:
            cls: a dataclass of plain types, tuples of texts and dictionaries.
            table: name of the table, for faults.
            value: what stands in the file.
            given: fields that do not come from the table, such as its name.
        """
        if not isinstance(value, dict):
            self.fault("", f"{table} must be a table: [{table}]", table)
            return None
        before = len(self.faults)
        hints = get_type_hints(cls)
        fields = {f.name: f for f in dataclasses.fields(cls) if f.name not in given}  # type: ignore[arg-type]
        for key in value.keys() - fields.keys():
            self.fault(table, f"unknown key {key!r}{_suggestion(key, fields)}", key)
        read = {}
        for name, entry in fields.items():
            if name in value:
                try:
                    read[name] = self._convert(hints[name], value[name])
                except _Unfit as wanted:
                    self.fault(table, f"{name} = {value[name]!r}: it must be {wanted}", name)
            elif (
                entry.default is dataclasses.MISSING
                and entry.default_factory is dataclasses.MISSING
            ):
                self.fault(table, f"{name} is missing")
        return cls(**read, **given) if len(self.faults) == before else None

    def _convert(self, kind: Any, value: object) -> object:
        if get_origin(kind) in (Union, types.UnionType):  # optional: a value or left out
            (kind,) = (each for each in get_args(kind) if each is not type(None))
        origin, arguments = get_origin(kind), get_args(kind)
        if kind is bool:
            return _fit(value, type(value) is bool, "true or false")
        if kind is int:
            return _fit(value, type(value) is int and value > 0, "a whole number above 0")
        if kind is float:
            is_number = type(value) in (int, float)
            return float(_fit(value, is_number and value > 0, "a number above 0"))  # type: ignore[operator, arg-type]
        if kind is str:
            return _fit(value, isinstance(value, str) and value != "", "a text")
        if kind is Path:
            _fit(value, isinstance(value, str) and value != "", "a path")
            return (self.path.parent / str(value)).resolve()
        if origin is Literal:
            return _fit(value, value in arguments, f"one of {', '.join(arguments)}")
        if origin is tuple:
            wanted = "a list of texts"
            _fit(value, isinstance(value, list), wanted)
            assert isinstance(value, list)
            _fit(value, all(isinstance(entry, str) and entry for entry in value), wanted)
            return tuple(value)
        assert origin is dict, kind
        entries = {int: "whole numbers above 0", str: "texts"}.get(arguments[1], "lists of texts")
        wanted = f"a table of {entries}"
        _fit(value, isinstance(value, dict), wanted)
        assert isinstance(value, dict)
        try:
            return {name: self._convert(arguments[1], entry) for name, entry in value.items()}
        except _Unfit:
            raise _Unfit(wanted) from None


class _Unfit(Exception):
    """A value of another kind; the text says which kind is wanted."""


def _fit(value: object, is_fit: bool, wanted: str) -> object:
    if not is_fit:
        raise _Unfit(wanted)
    return value


def _suggestion(key: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(key, known, n=1)
    return f"; did you mean {close[0]!r}?" if close else f"; known are {', '.join(known)}"
