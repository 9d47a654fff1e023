"""Bad input through the command line: what is said, the exit code, and that nothing is left half-written."""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from test_gradebook import rows
from test_release import nbgrader_api

from autograder import gradebook as gradebooks
from autograder.cli import main

pytestmark = [
    pytest.mark.xdist_group("cli_errors"),
    pytest.mark.filterwarnings("ignore:Object of type <Submitted"),  # nbgrader's own
]

SET = "ps1_small"
PROBLEM = '''"""Twice a number."""

from autograder.model import Case, Group, Problem


def double(x):
    return 2 * x


problem = Problem(
    reference=double,
    source="Any book of arithmetic",
    rtol=1e-9,
    atol=0.0,
    examples=[Case("three", (3.0,))],
    groups=[
        Group("small numbers", points=3, cases=(Case("minus two", (-2.0,)),)),
        Group("zero", points=1, cases=(Case("nothing at all", (0.0,)),)),
    ],
)
'''
ANSWERS = """
from autograder.model import Numeric

half = Numeric(points=1, value=7.0 / 2.0, rtol=0.0, atol=1e-9)
"""
NOTEBOOK = '''---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
kernelspec:
  display_name: Python 3
  language: python
  name: python3
---

```{code-cell} ipython3
from autograder import check
```

```{code-cell} ipython3
:item: double

def double(x):
    """Twice x."""
    raise NotImplementedError
```

What is half of seven?

```{code-cell} ipython3
:item: half

half = None  # a number
```
'''
CONFIG = """
from autograder.nbgrader_plugin import configure

c = get_config()
configure(c)
"""


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course of one set, built and released."""
    root = tmp_path_factory.mktemp("small") / "course"
    (root / f"solutions/{SET}/double").mkdir(parents=True)
    (root / f"assignments/{SET}").mkdir(parents=True)
    (root / f"solutions/{SET}/double/problem.py").write_text(PROBLEM)
    (root / f"solutions/{SET}/answers.py").write_text(ANSWERS)
    (root / f"assignments/{SET}/{SET}.md").write_text(NOTEBOOK)
    (root / "nbgrader_config.py").write_text(CONFIG)
    assert CliRunner().invoke(main, ["build", "--course", str(root)]).exit_code == 0
    result = nbgrader_api(root).generate_assignment(SET)
    assert result["success"], result
    return root


@pytest.fixture
def course(released: Path, tmp_path: Path) -> Path:
    root = tmp_path / "course"
    shutil.copytree(released, root)
    return root


@pytest.fixture
def problem(course: Path) -> Path:
    return course / f"solutions/{SET}/double/problem.py"


def autograder(*words: str | Path) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words], catch_exceptions=False)


def refused(result: Result, text: str, code: int = 2) -> None:
    """The one thing said is `text`, after the name of the program, and the exit code is `code`."""
    assert (result.stderr.strip(), result.exit_code) == (f"autograder: {text}", code)
    assert "Traceback" not in result.output


def submit(
    course: Path, student: str, change: Callable[[dict[str, Any]], Any] = lambda nb: None
) -> Path:
    """Put a released notebook, changed, where collected ones are; `change` may return a text instead."""
    nb = json.loads((course / f"release/{SET}/{SET}.ipynb").read_text())
    text = change(nb)
    path = course / f"submitted/{student}/{SET}/{SET}.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text(text if isinstance(text, str) else json.dumps(nb))
    return path


def write_double(source: str) -> Callable[[dict[str, Any]], None]:
    def change(nb: dict[str, Any]) -> None:
        for cell in nb["cells"]:
            if cell["metadata"].get("nbgrader", {}).get("grade_id") == "double_answer":
                cell["source"] = source

    return change


def files(root: Path) -> dict[str, bytes]:
    """Every file below `root`, hidden ones too."""
    paths = [path for path in root.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    return {str(path.relative_to(root)): path.read_bytes() for path in paths}


def words(text: str) -> str:
    """A table's text, whatever its columns' widths."""
    return " ".join(text.split())


# ---------------------------------------------------------------------------------------------
# No such thing


@pytest.mark.parametrize(
    "command",
    [
        ("try", "double", "x.py"),
        ("build",),
        ("grade", "ps1"),
        ("validate",),
        ("demo",),
        ("report", "ps1"),
    ],
)
def test_no_course(tmp_path: Path, command: tuple[str, ...]) -> None:
    refused(
        autograder(*command, "--course", tmp_path),
        f"{tmp_path}: no course here: neither solutions/ nor assignments/. "
        "Go to the course's directory or name it with --course DIR",
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "command", [("build", "ps2"), ("grade", "ps2"), ("validate", "ps2"), ("report", "ps2")]
)
def test_no_such_set(course: Path, command: tuple[str, ...]) -> None:
    refused(
        autograder(*command, "--course", course),
        f"ps2: no such problem set; the course has: {SET}",
    )


def test_no_such_problem(course: Path, tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_text("def triple(x): return 3 * x\n")
    refused(
        autograder("try", "triple", file, "--course", course),
        "triple: no such problem; the course has: double",
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nonsense",), "No such command 'nonsense'"),
        (("grade",), "Missing argument 'SET'"),
        (("grade", "ps1", "-j", "0"), "0 is not in the range x>=1"),
        (("try", "double"), "Missing argument 'FILES...'"),
        (("build", "--solve", "x"), "No such option '--solve'"),
    ],
)
def test_usage(arguments: tuple[str, ...], said: str) -> None:
    result = autograder(*arguments)
    assert result.exit_code == 2
    assert said in result.stderr.replace(": --solve", " '--solve'")  # click's quotes came later
    assert "--help" in result.stderr


# ---------------------------------------------------------------------------------------------
# What a student handed in


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.py", None, "a.py: no such file"),
        ("a.ipynb", None, "a.ipynb: no such file. Collect the assignment again."),
        ("a.py", b"x = '\xff'\n", "a.py: is not UTF-8 text (invalid start byte at byte 5)"),
        ("a.ipynb", b"", "a.ipynb is empty. Ask the student to hand in again."),
        (
            "a.ipynb",
            b'{"cells": [',
            "a.ipynb is not valid JSON at line 1, column 12 (Expecting value). A cut-off download "
            "or a merge conflict looks like this.",
        ),
        ("a.ipynb", b"[1]", "a.ipynb is JSON but not a notebook: no object at the top."),
        ("a.ipynb", b"{}", 'a.ipynb is JSON but not a notebook: its "cells" is no list.'),
    ],
)
def test_a_file_that_cannot_be_read_does_not_stop_the_others(
    course: Path, tmp_path: Path, name: str, data: bytes | None, said: str
) -> None:
    bad, good = tmp_path / name, tmp_path / "good.py"
    if data is not None:
        bad.write_bytes(data)
    good.write_text("def double(x):\n    return x + x\n")
    result = autograder("try", "double", bad, good, "--course", course)
    refused(result, f"{tmp_path}/{said}")
    assert f"✓ {good}  passed, 4 of 4 points" in result.stdout


def test_a_directory_for_a_file(course: Path, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    refused(
        autograder("try", "double", tmp_path / "a", "--course", course),
        f"{tmp_path}/a: is a directory; name .py or .ipynb files",
    )


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (
            "def dubble(x): return 2 * x",
            "there is no function named `double`; did you mean to name `dubble` so?",
        ),
        ("double = 2", "`double` is no function but an int"),
        (
            "def double(x, y): return 2 * x",
            "could not be called with the arguments it is given: double() missing 1 required "
            "positional argument: 'y'",
        ),
        (
            "def double(x:\n    return 2 * x",
            "the cell that defines `double` did not run: line 1: SyntaxError",
        ),
        (
            "import no_such_module\n\n\ndef double(x):\n    return 2 * x",
            "the cell that defines `double` did not run: line 1: ModuleNotFoundError: "
            "No module named 'no_such_module'",
        ),
        ("def double(x): raise NotImplementedError", "`double` still raises NotImplementedError"),
    ],
)
def test_a_function_that_is_missing_or_another(
    course: Path, tmp_path: Path, source: str, said: str
) -> None:
    file = tmp_path / "a.py"
    file.write_text(source + "\n")
    result = autograder("try", "double", file, "--course", course)
    assert result.exit_code == 1
    assert f"\n    {said}" in result.stdout
    assert "0 of 4 points" in result.stdout
    assert result.stderr == ""


def test_a_batch_goes_on_after_bad_notebooks(course: Path) -> None:
    other = {
        "cells": [
            {
                "cell_type": "code",
                "source": "def triple(x): return 3 * x",
                "metadata": {"nbgrader": {"grade_id": "triple", "grade": True, "points": 5}},
                "outputs": [],
            }
        ],
        "metadata": {},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    right = write_double("def double(x):\n    return 2 * x\n")

    def in_another_language(nb: dict[str, Any]) -> None:
        right(nb)
        nb["metadata"] = {"kernelspec": {"name": "ir", "display_name": "R", "language": "R"}}

    submit(course, "ann", right)
    submit(course, "bob", lambda nb: json.dumps(nb)[:-300])
    submit(course, "cid", lambda nb: json.dumps(other))
    submit(course, "dan", in_another_language)
    misnamed = submit(course, "eve", right)
    misnamed.rename(misnamed.with_name("mine.ipynb"))
    submit(course, "fay", write_double("def double(x, y):\n    return 2 * x\n"))

    def markup(nb: dict[str, Any]) -> None:
        named = {"nbgrader": {"grade_id": "[/bold]", "grade": True}}
        nb["cells"] += [{"source": "x", "metadata": 3}, {"source": "y", "metadata": named}]

    submit(course, "gil", markup)
    result = autograder("grade", "ps1", "-j", "2", "--course", course)
    assert result.exit_code == 1
    said = words(result.stdout)
    folder = course / "submitted"
    squeezed = said.replace(" ", "")
    for text in (
        f"{folder}/bob/{SET}/{SET}.ipynb is not valid JSON at line 1",
        f"{folder}/eve/{SET}: expected {SET}.ipynb, found mine.ipynb. "
        "Rename the notebook if it is the right one.",
        'marked for nbgrader with the name "triple", which the assignment does not have',
        "has no metadata; it counts as the student's own",
        'marked for nbgrader with the name "[/bold]"',
    ):
        assert text.replace(" ", "") in squeezed
    assert "5 graded, 0 skipped, 2 failed" in said
    found = rows(f"sqlite:///{course / 'gradebook.db'}")
    scores = {row[0]: row[3] for row in found["grades"] if row[1] == "double"}
    assert scores == {
        "ann": 4.0,
        "bob": None,
        "cid": 0.0,
        "dan": 4.0,
        "eve": None,
        "fay": 0.0,
        "gil": 0.0,
    }
    graded = {path.name for path in (course / "autograded").iterdir() if any(path.iterdir())}
    assert graded == {"ann", "cid", "dan", "fay", "gil"}

    # Handed in again, the two are graded and the others left alone.
    misnamed.with_name("mine.ipynb").rename(misnamed)
    (folder / f"bob/{SET}/{SET}.ipynb").write_bytes(
        (folder / f"ann/{SET}/{SET}.ipynb").read_bytes()
    )
    result = autograder("grade", "ps1", "-j", "2", "--course", course)
    assert result.exit_code == 0
    assert "2 graded, 5 skipped, 0 failed" in words(result.stdout)


# ---------------------------------------------------------------------------------------------
# What an author wrote


def with_text(old: str, new: str) -> Callable[[str], str]:
    def change(source: str) -> str:
        assert source.count(old) == 1
        return source.replace(old, new)

    return change


BROKEN: list[tuple[str, Callable[[str], str], str]] = [
    (
        "negative points",
        with_text("points=3", "points=-3"),
        "17: group 'small numbers': points = -3; they must lie between 0 and 1000",
    ),
    (
        "absent tolerance",
        with_text("    atol=0.0,\n", ""),
        "10: TypeError: Problem(…) is missing 1 required keyword-only argument: 'atol'",
    ),
    (
        "negative tolerance",
        with_text("rtol=1e-9", "rtol=-1"),
        "13: rtol = -1; it must lie in [0, 1)",
    ),
    ("syntax error", lambda source: "def f(\n", "1: syntax error: '(' was never closed"),
    ("no problem", lambda source: "", "1: defines no `problem = Problem(…)`"),
    (
        "name of another",
        with_text("def double", "def twice"),
        "11: NameError: name 'double' is not defined",
    ),
]


@pytest.mark.parametrize(
    ("change", "said"), [(c, s) for _, c, s in BROKEN], ids=[b[0] for b in BROKEN]
)
def test_a_broken_problem_stops_everything_before_anything_is_written(
    course: Path, problem: Path, change: Callable[[str], str], said: str
) -> None:
    submit(course, "ann")
    problem.write_text(change(PROBLEM))
    before = files(course)
    file = course / "a.py"
    place = f"solutions/{SET}/double/problem.py:{said}"
    refused(autograder("try", "double", file, "--course", course), place)
    refused(autograder("build", "--course", course), place)
    refused(autograder("grade", "ps1", "--course", course), place)
    assert files(course) == before


def test_all_faults_at_once(course: Path, problem: Path) -> None:
    problem.write_text(with_text("points=3", "points=-3")(PROBLEM))
    answers = course / f"solutions/{SET}/answers.py"
    answers.write_text(ANSWERS.replace("points=1", "points=-1").replace("atol=1e-9", "atol=-1"))
    result = autograder("build", "--course", course)
    refused(
        result,
        "3 faults in the course:\n"
        f"solutions/{SET}/double/problem.py:17: group 'small numbers': points = -3; "
        "they must lie between 0 and 1000\n"
        f"solutions/{SET}/answers.py:4: half: points = -1; they must lie between 0 and 1000\n"
        f"solutions/{SET}/answers.py:4: half: atol = -1; it must be a number of at least 0",
    )


def test_two_problems_of_one_name(course: Path, problem: Path, tmp_path: Path) -> None:
    twin = course / "solutions/ps2_other/double/problem.py"
    twin.parent.mkdir(parents=True)
    shutil.copy(problem, twin)
    refused(
        autograder("try", "double", tmp_path / "a.py", "--course", course),
        f"two problems are named double: solutions/{SET}/double and solutions/ps2_other/double; "
        "rename one",
    )
    refused(
        autograder("build", "ps1", "--course", course),
        f"solutions/{SET}/double/problem.py: two items are named double; "
        "the other is solutions/ps2_other/double/problem.py",
    )


def test_a_reference_that_raises(course: Path, problem: Path, tmp_path: Path) -> None:
    """It costs no student anything, and staff learn why, where, and what to do."""
    problem.write_text(with_text("return 2 * x", "return 2 * x / x")(PROBLEM))
    said = (
        "double: the reference raised ZeroDivisionError: float division by zero on case "
        f"'nothing at all' ({problem}:7)"
    )
    file = tmp_path / "a.py"
    file.write_text("def double(x):\n    return 2 * x\n")
    result = autograder("try", "double", file, "--course", course)
    assert result.exit_code == 2
    assert re.search(rf"ref [0-9a-f]{{4}}: {re.escape(said)}", result.stdout)
    assert "grader error, not graded" in result.stdout

    submit(course, "ann", write_double("def double(x):\n    return 2 * x\n"))
    result = autograder("grade", "ps1", "--course", course)
    refused(
        result,
        "the course or the grader failed, not the students: `autograder validate ps1_small` says "
        "more. Correct it and grade again, or grade those items by hand",
    )
    assert said.replace(" ", "") in words(result.stdout).replace(" ", "")
    found = rows(f"sqlite:///{course / 'gradebook.db'}")
    (grade,) = [row for row in found["grades"] if row[1] == "double"]
    assert (grade[3], bool(grade[6])) == (None, True)  # no score, a person's look

    problem.write_text(PROBLEM)
    result = autograder("grade", "ps1", "--force", "--course", course)
    assert result.exit_code == 0
    found = rows(f"sqlite:///{course / 'gradebook.db'}")
    (grade,) = [row for row in found["grades"] if row[1] == "double"]
    assert (grade[3], bool(grade[6])) == (4.0, False)


def test_a_notebook_that_does_not_fit_its_items(course: Path) -> None:
    before = files(course / "source")
    text = NOTEBOOK.replace(":item: half", ":item: halv").replace(
        "raise NotImplementedError", "pass"
    )
    (course / f"assignments/{SET}/{SET}.md").write_text(text)
    place = f"assignments/{SET}/{SET}.md"
    refused(
        autograder("build", "--course", course),
        "3 faults in the course:\n"
        f"{place}:17: double: its answer cell must define the function, with a body that ends in "
        "`raise NotImplementedError`\n"
        f"{place}:27: halv is no item of solutions/{SET}\n"
        f"{place}: no answer cell for the item half of solutions/",
    )
    assert files(course / "source") == before


def test_a_course_toml_that_is_wrong(course: Path) -> None:
    (course / "course.toml").write_text("cell_time_limit = 3\nmemory_mib = -1\n")
    result = autograder("build", "--course", course)
    assert result.exit_code == 2
    assert "2 faults in the course:" in result.stderr
    assert (
        "course.toml: unknown key 'cell_time_limit'; known are cell_time_limit_s" in result.stderr
    )
    assert "course.toml: memory_mib = -1; it must be a number above 0" in result.stderr


# ---------------------------------------------------------------------------------------------
# Disks and gradebooks


DISKS = pytest.mark.parametrize(
    "number",
    [errno.EROFS, errno.ENOSPC, errno.EACCES],
    ids=["read-only", "full", "denied"],
)


def break_disk(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """From now on no notebook can be written; half of its text may be on the disk when it fails."""
    stock = Path.write_text

    def write_text(self: Path, data: str, **more: Any) -> int:
        if self.suffix != ".ipynb":
            return stock(self, data, **more)
        if number == errno.ENOSPC:
            stock(self, data[: len(data) // 2], **more)
        raise OSError(number, os.strerror(number), str(self))

    monkeypatch.setattr(Path, "write_text", write_text)


@DISKS
def test_build_on_a_broken_disk_leaves_what_was(
    course: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    before = files(course)
    break_disk(monkeypatch, number)
    result = autograder("build", "--course", course)
    assert result.exit_code == 2
    wanted = {
        errno.EROFS: "Read-only file system",
        errno.ENOSPC: "No space left on device",
        errno.EACCES: "permission denied; check the owner and mode of that path",
    }
    assert re.fullmatch(rf"autograder: .*{SET}\.ipynb: {wanted[number]}\n", result.stderr)
    assert files(course) == before
    assert not list(course.glob(".autograder-build-*"))


@DISKS
def test_grade_on_a_broken_disk_loses_nothing(
    course: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    submit(course, "ann", write_double("def double(x):\n    return 2 * x\n"))
    assert autograder("grade", "ps1", "--course", course).exit_code == 0
    url = f"sqlite:///{course / 'gradebook.db'}"
    before, graded = rows(url), files(course / "autograded")

    break_disk(monkeypatch, number)
    result = autograder("grade", "ps1", "--force", "--course", course)
    monkeypatch.undo()
    assert result.exit_code == 1
    said = words(result.stdout)
    assert os.strerror(number).replace(" ", "") in said.replace(" ", "")
    assert "Graded, but its files could not be written" in said
    assert "grade this submission again" in said
    assert rows(url) == before
    shown = {name: data for name, data in files(course / "autograded").items() if "/." not in name}
    assert shown == graded
    # The next run, with a whole disk, leaves nothing of it behind.
    assert autograder("grade", "ps1", "--force", "--course", course).exit_code == 0
    assert files(course / "autograded") == graded


def test_no_gradebook_and_nothing_collected(course: Path) -> None:
    refused(
        autograder("grade", "ps1", "--course", course),
        f"{course}/submitted/*/{SET}: nothing was collected. Run `nbgrader collect {SET}`, "
        "or put the submissions there.",
    )
    submit(course, "ann")
    refused(
        autograder("grade", "ps1", "--student", "bob", "--course", course),
        f"{course}/submitted/bob/{SET}: nothing was collected. Run `nbgrader collect {SET}`, "
        "or put the submissions there.",
    )
    (course / "gradebook.db").unlink()
    refused(
        autograder("grade", "ps1", "--course", course),
        f"{course}/gradebook.db: there is no gradebook. Run `nbgrader generate_assignment SET` "
        "first; it makes one.",
    )
    assert not (course / "gradebook.db").exists()
    assert not (course / "autograded").exists()


def test_a_damaged_gradebook(course: Path) -> None:
    submit(course, "ann")
    database = course / "gradebook.db"
    whole = database.read_bytes()
    database.write_bytes(b"This is no database, only a text. " * 100)
    refused(
        autograder("grade", "ps1", "--course", course),
        f"The gradebook {database} is no SQLite database. Restore a backup.",
    )
    # The header is whole, the rest is not.
    broken = whole[:4096] + b"\xff" * (len(whole) - 4096)
    database.write_bytes(broken)
    result = autograder("grade", "ps1", "--course", course)
    refused(result, f"The gradebook {database} is a damaged SQLite database. Restore a backup.")
    assert database.read_bytes() == broken
    assert not (course / "autograded").exists()


def test_a_locked_gradebook(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gradebooks, "LOCK_TIMEOUT_S", 0.2)
    submit(course, "ann")
    database = course / "gradebook.db"
    holder = sqlite3.connect(database, isolation_level=None)
    try:
        holder.execute("BEGIN EXCLUSIVE")
        refused(
            autograder("grade", "ps1", "--course", course),
            f"The gradebook {database} is locked by another program for over 0.2 s. Close what has "
            "it open (another nbgrader, a database viewer) and run this again.",
        )
    finally:
        holder.close()
    assert not (course / "autograded").exists()
    assert autograder("grade", "ps1", "--course", course).exit_code == 0


def test_a_configuration_that_is_wrong(course: Path) -> None:
    submit(course, "ann")
    config = course / "nbgrader_config.py"
    config.write_text("c = get_config(\n")
    refused(
        autograder("grade", "ps1", "--course", course),
        f"{config} cannot be loaded: SyntaxError: '(' was never closed (nbgrader_config.py, line 1)",
    )
    config.write_text('c = get_config()\nc.CourseDirectory.db_url = "nonsense"\n')
    refused(
        autograder("grade", "ps1", "--course", course),
        "c.CourseDirectory.db_url is no database URL: 'nonsense'. "
        "It looks like sqlite:////srv/course/gradebook.db.",
    )
