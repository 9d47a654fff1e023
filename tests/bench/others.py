"""The hidden tests of a set in the words of nbgrader and of otter: the same inputs, values and tolerances.

Expected values stand in the tests as numbers, so that nobody spends time on references.
"""

from __future__ import annotations

import inspect
import json
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from harness import Course

from autograder.build import CHECKS_FILE
from autograder.model import Item, Problem, Public
from autograder.oracle import ExpectedCase, oracle


# Written out wherever tests run, so it needs nothing but numpy.
def assert_agree(function, cases, rtol, atol, driver=None):
    """Call the function on each (inputs, expected) and compare; arguments must stay as they were."""
    import copy

    import numpy as np

    def agree(actual, expected, rtol, atol):
        if callable(expected):
            return
        if isinstance(expected, dict):
            assert set(actual) == set(expected)
            for key in expected:
                agree(actual[key], expected[key], rtol, atol)
        elif isinstance(expected, (list, tuple)):
            assert len(actual) == len(expected)
            for one, other in zip(actual, expected, strict=True):
                agree(one, other, rtol, atol)
        else:
            actual = np.asarray(actual.detach() if hasattr(actual, "detach") else actual)
            expected = np.asarray(expected)
            assert actual.shape == expected.shape, f"shape {actual.shape}, not {expected.shape}"
            assert (actual.dtype.kind == "b") == (expected.dtype.kind == "b")
            np.testing.assert_allclose(actual, expected, rtol=rtol, atol=atol)

    for inputs, expected in cases:
        kept = copy.deepcopy(inputs)
        actual = driver(function, *inputs) if driver else function(*inputs)
        agree(actual, expected, rtol, atol)
        agree(inputs, kept, 0, 0)


HELPER = inspect.getsource(assert_agree)


def literal(value: Any) -> str:
    """Python source of a value, for where np and the problem's public functions are known."""
    if isinstance(value, Public):
        if value.arguments is None:
            return value.function
        return f"{value.function}({', '.join(map(literal, value.arguments))})"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{literal(k)}: {literal(v)}" for k, v in value.items()) + "}"
    if isinstance(value, tuple):
        return "(" + "".join(f"{literal(element)}, " for element in value) + ")"
    if isinstance(value, list):
        return "[" + ", ".join(map(literal, value)) + "]"
    if value is None or isinstance(value, str | bool | int):
        return repr(value)
    array = np.asarray(value)
    if array.ndim == 0:
        number = array.item()
        return repr(number) if np.isfinite(number) else f'float("{number}")'
    text = json.dumps(array.tolist()).replace("NaN", "np.nan").replace("Infinity", "np.inf")
    if array.dtype.kind == "b":
        text = text.replace("true", "True").replace("false", "False")
    shape = "" if array.size else f".reshape{array.shape}"
    return f"np.array({text}, dtype=np.{array.dtype}){shape}"


def parts(item: Item) -> Iterator[tuple[str, float, str]]:
    """(name, points, test) of the public examples, which earn nothing, and of each hidden group."""
    prepared = oracle(item)
    yield "examples", 0.0, _test(item, prepared.examples)
    for number, (group, cases) in enumerate(prepared.groups, 1):
        yield f"group{number}", float(group.points), _test(item, cases)


def _test(item: Item, cases: Sequence[ExpectedCase]) -> str:
    problem = item.definition
    assert isinstance(problem, Problem)
    driver = problem.driver.__name__ if problem.driver else "None"
    rows = "".join(
        f"    ({literal(case.case.inputs)}, {literal(case.expected)}),\n" for case in cases
    )
    settings = f"rtol={problem.rtol}, atol={problem.atol}, driver={driver}"
    return (
        f"{oracle(item).public_source.strip()}\n\n"
        f"cases = [\n{rows}]\nassert_agree({item.name}, cases, {settings})\n"
    )


# ---------------------------------------------------------------------------------------------
# nbgrader


def use_test_cells(course: Course) -> Course:
    """Replace check() by test cells in the course's source; returns the course as others grade it."""
    source = course.folder / "source" / course.set_name
    path = source / f"{course.set_name}.ipynb"
    path.write_text(json.dumps(_with_test_cells(json.loads(path.read_text()), course.items)))
    (source / CHECKS_FILE).unlink()
    solved = _with_test_cells(course.solved, course.items)
    # A submission holds what was released: without hidden tests.
    for cell in solved["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade"):
            cell["source"] = cell["source"].partition("### BEGIN HIDDEN TESTS")[0].rstrip()
    return Course(course.folder, course.set_name, solved, course.items)


def _with_test_cells(notebook: Mapping[str, Any], items: Mapping[str, Item]) -> dict[str, Any]:
    cells: list[dict[str, Any]] = []
    for cell in json.loads(json.dumps(notebook["cells"])):
        name = cell["metadata"].get("nbgrader", {}).get("grade_id", "")
        if name in items:
            cells += [_test_cell(name, *part) for part in parts(items[name])]
            continue
        is_first = cell["cell_type"] == "code" and "from autograder import check" in cell["source"]
        if is_first:
            cell["source"] = cell["source"].replace("from autograder import check", "").rstrip()
        cells.append(cell)
        if is_first:
            cells.append(_cell("helper", HELPER, grade=False, points=None))
    return {**notebook, "cells": cells}


def _test_cell(name: str, part: str, points: float, test: str) -> dict[str, Any]:
    hidden = f"### BEGIN HIDDEN TESTS\n{test}### END HIDDEN TESTS"
    source = test if part == "examples" else f"# {part} of {name}\n{hidden}"
    return _cell(f"{name}_{part}", source, grade=True, points=points)


def _cell(grade_id: str, source: str, *, grade: bool, points: float | None) -> dict[str, Any]:
    about: dict[str, Any] = {
        "schema_version": 3,
        "grade_id": grade_id,
        "grade": grade,
        "solution": False,
        "locked": True,
        "task": False,
    }
    if points is not None:
        about["points"] = points
    return {
        "cell_type": "code",
        "id": grade_id.replace("_", "-"),
        "metadata": {"nbgrader": about},
        "source": source,
        "outputs": [],
        "execution_count": None,
    }


# ---------------------------------------------------------------------------------------------
# otter


def otter_tests(items: Mapping[str, Item]) -> dict[str, str]:
    """Exception-based test files by name, one for each function."""
    files = {}
    for name, item in items.items():
        text = f"from otter.test_files import test_case\n\nOK_FORMAT = False\nname = {name!r}\n\n\n"
        text += HELPER
        for part, points, test in parts(item):
            text += f"\n\n@test_case(points={points}, hidden={part != 'examples'})\n"
            text += f"def test_{part}({name}):\n{textwrap.indent(test, '    ')}"
        files[f"{name}.py"] = text
    return files


def otter_assignment(items: Mapping[str, Item], folder: Path) -> None:
    """Write tests/ into `folder`, for `otter generate -t`; an empty one is a test without a case."""
    tests = folder / "tests"
    tests.mkdir(parents=True)
    files = otter_tests(items) or {"none.py": "OK_FORMAT = False\nname = 'none'\npoints = 0\n"}
    for name, text in files.items():
        (tests / name).write_text(text)


def otter_score(results: Path) -> float:
    """Points in a results.json of `otter run`."""
    return sum(test.get("score", 0.0) for test in json.loads(results.read_text())["tests"])
