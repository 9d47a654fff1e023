"""What changes a content key, and so costs a grading, and what does not."""

from __future__ import annotations

import copy
import dataclasses
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import small_course
from small_course import SET

import autograder
from autograder import keys
from autograder import notebook as notebooks
from autograder.course import load_course
from autograder.model import Policy, SourceCell

FOLDER = f"solutions/{SET}"
CODE = {"floor_at", "hunt"}  # a hunt is judged by its problem's tests
ANSWERS = {"root_of_two", "pair", "measured", "choice", "order", "slope", "hunt", "reason"}


# ---------------------------------------------------------------------------------------------
# Items


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """The small course with a second code problem, which nothing depends on."""
    root = small_course.write(tmp_path / "course")
    second = root / FOLDER / "floor_too"
    shutil.copytree(root / FOLDER / "floor_at", second)
    text = small_course.PROBLEM.replace("floor_at", "floor_too")
    (second / "problem.py").write_text(text)
    (root / FOLDER / "floor_at" / "inputs").mkdir()
    (root / FOLDER / "floor_at" / "inputs" / "data.csv").write_text("1,2\n")
    return root


def item_keys(root: Path) -> dict[str, str]:
    return keys.item_keys(load_course(root).items(SET))


def appended(text: str) -> Callable[[Path], Any]:
    return lambda path: path.write_text((path.read_text() if path.exists() else "") + text)


@pytest.mark.parametrize(
    ("path", "change", "expected"),
    [
        ("floor_at/problem.py", appended("\n"), CODE),
        ("floor_at/accepted/loop.py", appended("\n"), CODE),
        ("floor_at/accepted/new.py", appended(small_course.ACCEPTED["mask.py"]), CODE),
        ("floor_at/accepted/mask.py", Path.unlink, CODE),
        ("floor_at/accepted/mask.py", lambda path: path.rename(path.with_name("m.py")), CODE),
        ("floor_at/wrong/adds.py", appended("\n"), CODE),
        ("floor_at/inputs/data.csv", appended("3"), CODE),
        ("floor_too/problem.py", appended("\n"), {"floor_too"}),
        ("answers.py", appended("\n"), ANSWERS),
        ("tables.json", appended("{}"), ANSWERS),
        ("floor_at/__pycache__/problem.cpython-311.pyc", appended("x"), set()),
        ("floor_at/inputs/.ipynb_checkpoints/data.csv", appended("x"), set()),
        (f"../../assignments/{SET}/{SET}.md", appended("\nMore prose.\n"), set()),
        ("../ps02_other/answers.py", appended("\n"), set()),
    ],
)
def test_which_items_a_file_changes(
    course: Path, path: str, change: Callable[[Path], Any], expected: set[str]
) -> None:
    before = item_keys(course)
    assert before.keys() == {"floor_at", "floor_too", *ANSWERS}
    file = course / FOLDER / path
    file.parent.mkdir(parents=True, exist_ok=True)
    change(file)
    after = item_keys(course)
    assert {name for name in before if before[name] != after[name]} == expected


def test_when_a_file_was_written_does_not_matter(course: Path) -> None:
    before = item_keys(course)
    os.utime(course / FOLDER / "floor_at" / "problem.py", (1, 1))
    assert item_keys(course) == before


def test_names_and_contents_cannot_be_taken_for_each_other(tmp_path: Path) -> None:
    found = set()
    for number, files in enumerate(({"a": "bc"}, {"ab": "c"}, {"a": "b", "c": ""}, {"c/a": "bc"})):
        folder = tmp_path / str(number)
        for name, text in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text)
        found.add(keys.files_key(folder))
    assert len(found) == 4


# ---------------------------------------------------------------------------------------------
# Submissions

RELEASED = [
    SourceCell("f_answer", "code", "def f(x):\n    raise NotImplementedError", "solution"),
    SourceCell("f", "code", 'check("f", f)', "grade", 4.0, locked=True),
    SourceCell("why", "markdown", "Your answer here.", "manual", 3.0),
]


def handed_in() -> dict[str, Any]:
    """A notebook as JupyterLab saves it, run, with a picture in its prose."""
    answer, check, why = (
        {
            "cell_type": cell.cell_type,
            "id": cell.grade_id,
            "metadata": {"nbgrader": notebooks.nbgrader_metadata(cell)},
            "source": cell.source,
        }
        for cell in RELEASED
    )
    printed = {"output_type": "stream", "name": "stdout", "text": ["1\n"]}
    answer |= {"source": "def f(x):\n    return x", "execution_count": 7, "outputs": [printed]}
    check |= {"execution_count": 8, "outputs": []}
    why |= {"source": "![a](attachment:a.png)", "attachments": {"a.png": {"image/png": "aGk="}}}
    return {
        "cells": [answer, check, why],
        "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def submission_key(
    nb: dict[str, Any], released: list[SourceCell] = RELEASED, policy: Policy | None = None
) -> str:
    mended, submission = notebooks.sanitise(nb, released)
    return keys.submission_key(mended, submission, policy or Policy(), "files")


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("cells", 0, "source"), "def f(x):\n    return x "),
        (("cells", 0, "source"), "def f(x):\n    return x\n"),
        (("cells", 2, "source"), "Because."),
        (("cells", 2, "attachments", "a.png", "image/png"), "aGo="),
        (("cells", 2, "attachments"), {}),
        (("metadata", "kernelspec", "language"), "R"),
    ],
    ids=str,
)
def test_what_a_student_writes_counts(path: tuple[Any, ...], value: Any) -> None:
    assert submission_key(changed(path, value)) != submission_key(handed_in())


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("cells", 0, "outputs"), []),
        (("cells", 0, "outputs", 0, "text"), "2\n"),
        (("cells", 0, "execution_count"), None),
        (("cells", 0, "id"), "another"),
        (("cells", 0, "cell_type"), "raw"),
        (("cells", 0, "metadata", "collapsed"), True),
        (("cells", 0, "metadata", "tags"), ["important"]),
        (("cells", 0, "metadata", "autograder"), {"key": "0" * 32, "outcome": "passed"}),
        (("cells", 1, "source"), "print(4.0)"),
        (("cells", 1, "outputs"), [{"output_type": "stream", "name": "stdout", "text": "4.0"}]),
        (("cells", 1, "metadata", "nbgrader", "points"), 400),
        (("metadata", "widgets"), {"state": {}}),
        (("metadata", "autograder"), {"key": "0" * 32}),
        (("metadata", "kernelspec", "display_name"), "Python 3.12 (mine)"),
        (("nbformat_minor",), 4),
    ],
    ids=str,
)
def test_what_an_editor_or_a_forger_leaves_does_not(path: tuple[Any, ...], value: Any) -> None:
    assert submission_key(changed(path, value)) == submission_key(handed_in())


def changed(path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    nb = copy.deepcopy(handed_in())
    place: Any = nb
    for step in path[:-1]:
        place = place[step]
    assert place.get(path[-1]) != value
    place[path[-1]] = value
    return nb


def test_order_and_number_of_cells_count() -> None:
    cells = handed_in()["cells"]
    own: dict[str, Any] = {"cell_type": "code", "metadata": {}, "source": "f(1)", "outputs": []}
    unrun = own | {"metadata": {"tags": ["skip-execution"]}}
    versions = [cells, cells[::-1], [own, *cells], [*cells, own], [*cells, unrun]]
    assert len({submission_key({**handed_in(), "cells": cells}) for cells in versions}) == 5


def test_what_was_released_counts() -> None:
    nb = handed_in()
    points = dataclasses.replace(RELEASED[1], points=5.0)
    locked = dataclasses.replace(RELEASED[1], source='check("f", f)  # twice')
    versions = [RELEASED, [RELEASED[0], points], [RELEASED[0], locked], RELEASED[:2]]
    assert len({submission_key(nb, released) for released in versions}) == 4


@pytest.mark.parametrize("name", [field.name for field in dataclasses.fields(Policy)])
def test_every_limit_counts_and_no_permission(name: str) -> None:
    old = getattr(Policy(), name)
    other = dataclasses.replace(Policy(), **{name: not old if isinstance(old, bool) else old + 1})
    same = submission_key(handed_in()) == submission_key(handed_in(), policy=other)
    assert same is (name == "allow_unsafe")


def test_files_beside_the_notebook_count(tmp_path: Path) -> None:
    mended, submission = notebooks.sanitise(handed_in(), RELEASED)
    found = set()
    for text in ("1,2\n", "1,3\n"):
        (tmp_path / "data.csv").write_text(text)
        files = keys.files_key(tmp_path)
        found.add(keys.submission_key(mended, submission, Policy(), files))
    assert len(found) == 2


# ---------------------------------------------------------------------------------------------
# The grader


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A stand-in for the installed package."""
    folder = tmp_path / "autograder"
    (folder / "bug_rules").mkdir(parents=True)
    (folder / "__init__.py").touch()
    (folder / "bug_rules" / "rule.yaml").write_text("id: rule\n")
    monkeypatch.setattr(autograder, "__file__", str(folder / "__init__.py"))
    yield folder
    forget()


def forget() -> None:
    """A process has one grader, so it looks for it once."""
    keys.grader_key.cache_clear()
    keys.grader_parts.cache_clear()


def grader_key() -> str:
    forget()
    return keys.grader_key()


@pytest.mark.parametrize(
    ("path", "counts"),
    [("grade.py", True), ("bug_rules/rule.yaml", True), ("__pycache__/grade.pyc", False)],
)
def test_the_graders_own_files(package: Path, path: str, counts: bool) -> None:
    before = grader_key()
    (package / path).parent.mkdir(exist_ok=True)
    appended("\n")(package / path)
    assert (grader_key() != before) is counts


def test_a_package_that_decides_results(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = grader_key()
    version = keys.version
    monkeypatch.setattr(keys, "version", lambda name: version(name) + ".1" * (name == "numpy"))
    assert grader_key() != before


def test_another_grader_is_another_key(monkeypatch: pytest.MonkeyPatch) -> None:
    before = submission_key(handed_in())
    monkeypatch.setattr(keys, "grader_key", lambda: "another")
    assert submission_key(handed_in()) != before


def test_keys_are_the_same_in_another_process_and_place(course: Path, tmp_path: Path) -> None:
    shutil.copytree(course, tmp_path / "elsewhere")
    code = (
        "import json, sys; from pathlib import Path; import test_keys\n"
        "found = [test_keys.item_keys(Path(sys.argv[1])), test_keys.submission_key(test_keys.handed_in())]\n"
        "print(json.dumps(found))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "elsewhere")],
        cwd=Path(__file__).parent,
        env={**os.environ, "PYTHONHASHSEED": "77"},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    assert json.loads(done.stdout) == [item_keys(course), submission_key(handed_in())]
