"""assignments/ + solutions/ -> an nbgrader source directory, on which stock nbgrader commands work.

A set's Markdown becomes `source/<set>/<set>.ipynb`; beside it go the files of assignments/<set>/ and
`autograder.checks`, the public half of the checks: examples with their values, tolerances, forms of answers. The
only hidden things in source/ are the reference's body and the rubrics, between the marks that
`nbgrader generate_assignment` removes.
"""

from __future__ import annotations

import ast
import inspect
import json
import re
import shutil
import tempfile
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from autograder.course import Course, CourseError
from autograder.listings import numbered
from autograder.model import (
    BugHunt,
    Experiment,
    Item,
    MultiNumeric,
    MultipleChoice,
    Ordering,
    Problem,
    ShortAnswer,
    Symbolic,
)
from autograder.oracle import oracle
from autograder.sandbox import wire

CHECKS_FILE = "autograder.checks"
CHECKS_VERSION = 1
_BEGIN, _END = "### BEGIN SOLUTION", "### END SOLUTION"
_STUB = re.compile(r"^(?P<indent>[ \t]*)raise NotImplementedError(\(\))?[ \t]*$", re.MULTILINE)
_KERNELSPEC = {"display_name": "Python 3", "language": "python", "name": "python3"}


def build_set(
    course: Course, set_name: str, destination: Path, *, solved: bool = False
) -> list[Path]:
    """Write a set's notebooks and files to `destination`/<set>; the directory appears whole or not at all.

    Args:
        course: where from.
        set_name: whole name of the set.
        destination: nbgrader's source directory.
        solved: fill in every answer, references and keys, instead of leaving marks for nbgrader: a
            notebook for the instructor's eyes, which hands in full marks.

    Returns:
        The files written.

    Raises:
        CourseError: everything wrong with the set's notebooks, line by line.
        OracleError: a reference fails on a public example.
    """
    items = course.items(set_name)
    sources = course.notebook_sources(set_name)
    if not sources:
        folder = course.shown(course.assignments / set_name)
        raise CourseError([f"{folder}: no notebook; write {folder / set_name}.md"])
    faults: list[str] = []
    notebooks = {}
    placed: set[str] = set()
    for source in sources:
        notebooks[source.stem] = _notebook(course, source, items, placed, faults, solved)
    missing = sorted(set(items) - placed)
    shown = course.shown(sources[0])
    faults += [f"{shown}: no answer cell for the item {name} of solutions/" for name in missing]
    if faults:
        raise CourseError(faults)
    destination.mkdir(parents=True, exist_ok=True)
    # Inside the destination's parent: a rename does not cross file systems.
    with tempfile.TemporaryDirectory(prefix=".autograder-build-", dir=destination.parent) as name:
        fresh = Path(name) / set_name
        fresh.mkdir()
        for stem, notebook in notebooks.items():
            text = json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True)
            (fresh / f"{stem}.ipynb").write_text(text + "\n", encoding="utf-8")
        (fresh / CHECKS_FILE).write_bytes(checks(set_name, items))
        _copy_files(course.assignments / set_name, fresh)
        return _replace(fresh, destination / set_name, Path(name) / "old")


def _copy_files(source: Path, target: Path) -> None:
    """Figures and data beside the Markdown, for the students."""
    for path in sorted(source.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(source).parts)
        if path.is_file() and path.suffix != ".md" and not hidden:
            copy = target / path.relative_to(source)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)


def _replace(fresh: Path, target: Path, aside: Path) -> list[Path]:
    if target.exists():
        target.replace(aside)
    fresh.replace(target)
    return sorted(path for path in target.rglob("*") if path.is_file())


# ---------------------------------------------------------------------------------------------
# Notebooks


def _notebook(
    course: Course,
    source: Path,
    items: Mapping[str, Item],
    placed: set[str],
    faults: list[str],
    solved: bool,
) -> dict[str, Any]:
    import jupytext

    shown = course.shown(source)
    text = source.read_text(encoding="utf-8")
    try:
        read = jupytext.reads(text, fmt="md:myst")
    except Exception as error:  # jupytext raises its own, yaml's and others
        faults.append(f"{shown}: cannot be read as MyST Markdown: {str(error).splitlines()[0]}")
        return {}
    cells: list[dict[str, Any]] = []
    for index, cell in enumerate(read.cells):
        name = cell.metadata.get("item")
        if name is None:
            cells.append(_cell(cell.cell_type, cell.source, f"cell-{index}", dict(cell.metadata)))
            continue
        line = _line_of_item(text, str(name))
        if name not in items:
            faults.append(f"{shown}:{line}: {name} is no item of solutions/{source.parent.name}")
            continue
        if name in placed:
            faults.append(f"{shown}:{line}: a second answer cell for {name}")
            continue
        placed.add(name)
        for made in _item_cells(items[name], cell.cell_type, cell.source, solved):
            if isinstance(made, str):
                faults.append(f"{shown}:{line}: {name}: {made}")
            else:
                cells.append(made)
    return {
        "cells": cells,
        "metadata": {"kernelspec": _KERNELSPEC, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def _line_of_item(text: str, name: str) -> int:
    pattern = re.compile(rf"^(:item:\s*|\+\+\+.*\"item\":\s*\"){re.escape(name)}\b", re.MULTILINE)
    found = pattern.search(text)
    return text.count("\n", 0, found.start()) + 1 if found else 1


def _cell(
    cell_type: str, source: str, cell_id: str, metadata: dict[str, Any] | None = None
) -> dict[str, Any]:
    cell: dict[str, Any] = {
        "cell_type": cell_type,
        "id": cell_id[:64],
        "metadata": metadata or {},
        "source": source,
    }
    if cell_type == "code":
        cell |= {"execution_count": None, "outputs": []}
    return cell


def _nbgrader(grade_id: str, **fields: Any) -> dict[str, Any]:
    """Nbgrader's cell metadata, schema 3."""
    base = {"grade": False, "solution": False, "locked": False, "task": False}
    return {"nbgrader": {"schema_version": 3, "grade_id": grade_id, **base, **fields}}


def _item_cells(
    item: Item, cell_type: str, stub: str, solved: bool
) -> Iterator[dict[str, Any] | str]:
    """The cells of an item: what stands before the answer, the answer, and the cell that is graded.

    A text among them is a fault of the author's.
    """
    definition = item.definition
    if isinstance(definition, ShortAnswer):
        yield from _manual_cell(item, definition, cell_type, stub)
        return
    if cell_type != "code":
        yield "its answer cell must be a code cell"
        return
    if isinstance(definition, Problem):
        answer = _solved_function(definition, stub, marks=not solved)
        if answer is None:
            yield "its answer cell must define the function, with a body that ends in `raise NotImplementedError`"
            return
        metadata = _nbgrader(f"{item.name}_answer", solution=True)
        yield _cell("code", answer, f"{item.name}-answer", metadata)
    else:
        if not re.search(rf"^{re.escape(item.name)}\s*=", stub, re.MULTILINE):
            yield f"its answer cell must assign the variable `{item.name}`"
            return
        if isinstance(definition, BugHunt):
            yield _listing_cell(item, definition)
        source = _solved_assignment(item, stub) if solved else stub
        # No solution mark: nbgrader would replace the whole cell by `raise NotImplementedError()`.
        metadata = {"autograder": {"answer": item.name}, "deletable": False}
        yield _cell("code", source, f"{item.name}-answer", metadata)
    check = f'check("{item.name}", {item.name})'
    graded = _nbgrader(item.name, grade=True, locked=True, points=item.points)
    yield _cell("code", check, f"{item.name}-check", graded)


def _manual_cell(
    item: Item, definition: ShortAnswer, cell_type: str, stub: str
) -> Iterator[dict[str, Any] | str]:
    if cell_type != "markdown":
        yield 'its answer cell must be a Markdown cell, opened by `+++ {"item": …}`'
        return
    rubric = textwrap.dedent(definition.rubric).strip()
    source = f"{stub}\n\n{_BEGIN}\nRubric ({item.points:g} points)\n\n{rubric}\n{_END}"
    metadata = _nbgrader(item.name, grade=True, solution=True, points=item.points)
    yield _cell("markdown", source, f"{item.name}-answer", metadata)


def _listing_cell(item: Item, definition: BugHunt) -> dict[str, Any]:
    metadata = _nbgrader(f"{item.name}_listing", locked=True)
    text = f"```text\n{numbered(definition.listing)}\n```"
    return _cell("markdown", text, f"{item.name}-listing", metadata)


def _solved_function(problem: Problem, stub: str, *, marks: bool) -> str | None:
    """The stub with the reference's body in the place of `raise NotImplementedError`."""
    found = _STUB.search(stub)
    if found is None:
        return None
    indent = found["indent"]
    body = textwrap.indent(_body(problem), indent)
    if marks:
        body = f"{indent}{_BEGIN}\n{body}\n{indent}{_END}"
    return stub[: found.start()] + body + stub[found.end() :]


def _body(problem: Problem) -> str:
    """Source of the reference's body, without its docstring, dedented."""
    source = textwrap.dedent(inspect.getsource(problem.reference))
    function = ast.parse(source).body[0]
    assert isinstance(function, ast.FunctionDef)
    statements = function.body
    if ast.get_docstring(function) is not None and len(statements) > 1:
        statements = statements[1:]
    first = statements[0].lineno
    lines = source.splitlines()
    # A comment above the first statement belongs to the body.
    while lines[first - 2].lstrip().startswith("#"):
        first -= 1
    return textwrap.dedent("\n".join(lines[first - 1 : function.end_lineno]))


def _solved_assignment(item: Item, stub: str) -> str:
    """The stub with the right answer assigned; what stands around it is used by later cells."""
    solved = f"{item.name} = {solved_value(item)!r}"
    for node in ast.parse(stub).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == item.name:
            lines = stub.splitlines()
            return "\n".join([*lines[: node.lineno - 1], solved, *lines[node.end_lineno :]])
    return solved


def solved_value(item: Item) -> Any:
    """The right answer of an item that is no function, as the plain value a student would assign."""
    definition = item.definition
    if isinstance(definition, MultipleChoice):
        return definition.key
    if isinstance(definition, Ordering):
        return definition.keys[0]
    if isinstance(definition, BugHunt):
        return {"line": definition.lines[0], "repair": definition.repair}
    if isinstance(definition, Symbolic):
        texts = {part: str(text) for part, text in definition.expressions.items()}
        return texts[""] if list(texts) == [""] else texts
    if isinstance(definition, MultiNumeric):
        return {name: _plain_number(value) for name, value in definition.values.items()}
    if isinstance(definition, Experiment):
        return {
            name: (float(low) + float(high)) / 2
            for name, (low, high) in definition.intervals.items()
        }
    return _plain_number(getattr(definition, "value", None))


def _plain_number(value: Any) -> Any:
    return np.asarray(value, dtype=np.float64).tolist()


# ---------------------------------------------------------------------------------------------
# The public half of the checks


def checks(set_name: str, items: Mapping[str, Item]) -> bytes:
    """What `check()` needs in a student's notebook; holds nothing hidden. See `student`."""
    known = {name: spec for name, item in items.items() if (spec := _spec(item)) is not None}
    return wire.encode({"version": CHECKS_VERSION, "set": set_name, "items": known})


def _spec(item: Item) -> dict[str, Any] | None:
    definition = item.definition
    spec: dict[str, Any] = {"kind": item.kind}
    if isinstance(definition, ShortAnswer):
        return None
    if isinstance(definition, Problem):
        return spec | _code_spec(item, definition)
    if isinstance(definition, MultiNumeric):
        spec["keys"] = {name: int(np.size(value)) for name, value in definition.values.items()}
    elif isinstance(definition, Experiment):
        spec["keys"] = dict.fromkeys(definition.intervals, 1)
    elif isinstance(definition, MultipleChoice):
        spec["options"] = definition.options
    elif isinstance(definition, Ordering):
        spec["letters"] = "".join(sorted(definition.keys[0]))
    elif isinstance(definition, Symbolic):
        spec |= {"parts": list(definition.expressions), "variables": list(definition.domain)}
    elif isinstance(definition, BugHunt):
        spec["lines"] = len(definition.listing.splitlines())
    return spec


def _code_spec(item: Item, problem: Problem) -> dict[str, Any]:
    prepared = oracle(item)
    return {
        "public_source": prepared.public_source,
        "driver": problem.driver.__name__ if problem.driver else None,
        "rtol": problem.rtol,
        "atol": problem.atol,
        "signature": list(inspect.signature(problem.reference).parameters),
        "forbidden": list(problem.forbidden),
        "examples": [
            {"name": case.case.name, "inputs": case.case.inputs, "expected": case.expected}
            for case in prepared.examples
        ],
    }
