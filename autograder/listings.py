"""Listings of buggy-line hunts: a right answer as students see it, with one line changed.

A hunt that names a right answer and a change to it is completed here, when a course is loaded. Nothing is
run: whether the change is a fault, and can be taken for no other, `validate` and `hunt` find out.
"""

from __future__ import annotations

import ast
import dataclasses
import re
from pathlib import Path

from autograder.model import BugHunt
from autograder.source import SourcePart, relevant

# What every listing may use without saying so.
GIVEN = "import math\nimport numpy as np\n"
_GIVEN_NAMES = {("math", None), ("numpy", "np")}
_ARROW = "->"


class ListingError(Exception):
    """A listing cannot be made as a hunt declares it; the text says why."""


def completed(hunt: BugHunt, right: str) -> BugHunt:
    """A hunt declared by a change, with its listing, lines and repair worked out.

    Args:
        hunt: as it stands in answers.py.
        right: the listing of the right answer that it names.

    Raises:
        ListingError: the change, or the repair of another line, cannot be made.
    """
    listing, line = changed(right, hunt.change)
    lines = [line]
    for repair in hunt.other_repairs:
        _, other = changed(listing, repair)
        if other in lines:
            raise ListingError(
                f"{repair!r} in other_repairs is on line {other}, which counts already"
            )
        lines.append(other)
    repair = right.splitlines()[line - 1]
    return dataclasses.replace(hunt, listing=listing, lines=tuple(lines), repair=repair)


def right_listing(path: Path, function: str) -> str:
    """A right answer's function and what it uses, without the imports that every listing is given.

    Raises:
        ListingError: there is no such file, or it holds no such function.
    """
    try:
        text = path.read_text(encoding="utf-8")
        ast.parse(text)
    except FileNotFoundError:
        have = ", ".join(sorted(file.name for file in path.parent.glob("*.py"))) or "no file"
        raise ListingError(f"{path.parent.name}/ has no {path.name}; it has {have}") from None
    except SyntaxError as error:
        raise ListingError(f"{path.name} has a syntax error on its line {error.lineno}") from None
    parts = relevant([SourcePart(0, text)], function)
    if not parts:
        raise ListingError(f"{path.name} defines no function {function}")
    (part,) = parts
    lines = part.text.splitlines()
    statements = ast.parse(part.text).body
    needed = {node.lineno for node in statements if not _is_given(node)}
    for node in statements:
        if node.lineno not in needed:
            lines[node.lineno - 1] = ""
    return re.sub(r"\n{3,}", "\n\n\n", "\n".join(lines).strip("\n") + "\n")


def _is_given(node: ast.stmt) -> bool:
    return isinstance(node, ast.Import) and _GIVEN_NAMES.issuperset(
        (alias.name, alias.asname) for alias in node.names
    )


def changed(listing: str, change: str) -> tuple[str, int]:
    """The listing with "old -> new" done to one of its lines, and the number of that line, from 1.

    Raises:
        ListingError: `old` is on no line or on several, or what comes out is no Python, or does the same.
    """
    sides = [text.strip() for text in change.split(_ARROW)]
    if len(sides) != 2 or not all(sides) or "\n" in change:
        raise ListingError(f'{change!r} must be one change on one line, written "old {_ARROW} new"')
    old, new = sides
    # `x` is not in `x1`, nor `lam` in `lambda`.
    start, end = (r"(?<!\w)" if old[0].isalnum() else ""), (r"(?!\w)" if old[-1].isalnum() else "")
    pattern = re.compile(start + re.escape(old) + end)
    lines = listing.splitlines()
    places = [(n, found) for n, line in enumerate(lines, 1) for found in pattern.finditer(line)]
    if not places:
        raise ListingError(f"`{old}` is on no line of the listing, letter by letter")
    if len(places) > 1:
        where = ", ".join(str(n) for n, _ in places)
        raise ListingError(
            f"`{old}` is there {len(places)} times, on lines {where}; write more of the line"
        )
    ((number, found),) = places
    line = lines[number - 1]
    lines[number - 1] = (line[: found.start()] + new + line[found.end() :]).rstrip()
    text = "\n".join(lines) + "\n"
    try:
        does_the_same = ast.dump(ast.parse(text)) == ast.dump(ast.parse(listing))
    except SyntaxError as error:
        raise ListingError(f"{change!r} makes a syntax error: {error.msg}") from None
    if does_the_same:
        raise ListingError(f"{change!r} changes nothing that runs")
    return text, number


def numbered(listing: str) -> str:
    """The listing as students see it, with line numbers from 1."""
    lines = listing.rstrip().splitlines()
    width = len(str(len(lines)))
    return "\n".join(f"{n:>{width}}  {line}".rstrip() for n, line in enumerate(lines, 1))
