"""The attacks bite: without walls the same cells read the canaries, leave their marks and get their points.

Only attacks that do no harm to the machine are run so, in a plain IPython and in a room of their own. Landlock keeps
them from changing a file anywhere else: a startup file that one of them left in a real home would end every
kernel of its owner. Without Landlock they are not run.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import nbformat
import pytest
from attack import PLACE, Attack, Cells
from graded import ALL
from room import BREACHED, HERE, SET, Room, listener, make_room, mark, rows_of
from test_release import nbgrader_api

BITING = [attack for attack in ALL if attack.bites]

pytestmark = [
    pytest.mark.xdist_group("attacks-controls"),
    pytest.mark.filterwarnings("ignore:Object of type <Submitted"),  # nbgrader's own
]


# ---------------------------------------------------------------------------------------------
# In a plain IPython


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Room:
    """With somebody's work, and a gradebook, and a process whose memory and environment hold a canary."""
    room = make_room(Path(tmp_path_factory.mktemp("controls")) / "room")
    work = room.course / "submitted" / "ada" / SET
    work.mkdir(parents=True)
    (work / f"{SET}.ipynb").write_text(json.dumps({"cells": [room.canaries["sibling"]]}))
    return room


@pytest.mark.parametrize("attack", BITING, ids=str)
def test_without_walls_an_attack_comes_through(attack: Attack, room: Room, tmp_path: Path) -> None:
    said, marks = played(attack, room, tmp_path)
    if attack.bites == "canary":
        assert any(canary in said for canary in room.canaries.values()), said
    elif attack.bites == "mark":
        assert marks, said
    else:
        assert attack.bites == BREACHED
        assert BREACHED in said


# A grader, with a secret in its memory. Landlock lets nobody look into a process outside of the same fence.
PARENT = """
import subprocess, sys
sys.exit(subprocess.call([sys.executable, "-m", "IPython", "--colors=NoColor", sys.argv[1]]))
"""


def played(attack: Attack, room: Room, scratch: Path) -> tuple[str, list[Path]]:
    """What the attack's cells print in a plain IPython, and the marks that they leave in the room."""
    assert isinstance(attack.play, Cells)
    tcp, abstract, listening = listener()
    places = room.places(attack.name, listening)
    script = scratch / "cells.ipy"
    script.write_text(PLACE.sub(lambda found: places[found[1]], attack.play.script()))
    environment = room.environment() | {"IPYTHONDIR": str(scratch / "ipython"), "TERM": "dumb"}
    with tcp, abstract:
        done = subprocess.run(
            [*only_in(room.root, scratch), "-c", PARENT, str(script)],
            cwd=scratch,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            text=True,
            errors="replace",
            timeout=300,
            check=False,
        )
    marks = [path for path in room.root.rglob("*") if mark(attack.name) in path.name]
    for path in marks:
        path.unlink()
    return done.stdout, marks


def only_in(*folders: Path) -> list[str]:
    """Words before a Python command that may change files in these folders and nowhere else."""
    words = [f"writes-in:{folder}" for folder in folders]
    return [sys.executable, str(HERE / "confined.py"), *words, "--", sys.executable]


def test_what_is_run_without_walls_cannot_write_outside_of_its_room(tmp_path: Path) -> None:
    """Before any attack is."""
    room, outside = tmp_path / "room", tmp_path / "outside"
    room.mkdir()
    outside.mkdir()
    script = "import sys\nfor place in sys.argv[1:]:\n    open(place + '/x', 'w').write('x')\n"
    for folder, code in ((room, 0), (outside, 1)):
        words = [*only_in(room), "-c", script, str(folder)]
        done = subprocess.run(words, stderr=subprocess.DEVNULL, timeout=300, check=False)
        assert done.returncode == code
    assert (room / "x").exists()
    assert list(outside.iterdir()) == []


# ---------------------------------------------------------------------------------------------
# In stock nbgrader, whose tests run in the student's kernel

TEST = "assert f(2) == 4\nassert f(3) == 9\n### BEGIN HIDDEN TESTS\nassert f(5) == 25  # @CANARY@\n### END HIDDEN TESTS"
TRICKS = {
    "honest": "def f(x):\n    return x**2",
    "wrong": "def f(x):\n    return 0",
    "syntax_transformer": """
        import ast

        class NoAsserts(ast.NodeTransformer):
            def visit_Assert(self, node):
                return ast.copy_location(ast.Pass(), node)

        get_ipython().ast_transformers.append(NoAsserts())

        def f(x):
            return 0
    """,
    "input_transformer": """
        get_ipython().input_transformers_cleanup.append(lambda lines: ["pass"])

        def f(x):
            return 0
    """,
    "equal_to_anything": """
        class Liar:
            def __eq__(self, other):
                return True

        def f(x):
            return Liar()
    """,
    "reads_the_tests": """
        import sqlite3

        with sqlite3.connect("../../../gradebook.db") as gradebook:
            print(gradebook.execute("select source from source_cell").fetchall())

        def f(x):
            return 0
    """,
    "leaves_a_mark": """
        import subprocess

        subprocess.run(["touch", "../../../mark-of-stock"])

        def f(x):
            return 0
    """,
}


@pytest.fixture(scope="module")
def stock(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course of stock nbgrader's, and a class of it graded by its own Autograde, kernels and all."""
    root = tmp_path_factory.mktemp("stock")
    (root / "source" / "ps1").mkdir(parents=True)
    nb = nbformat.v4.new_notebook(
        metadata={
            "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}
        }
    )
    nb.cells = [
        _cell("f_answer", "### BEGIN SOLUTION\npass\n### END SOLUTION", solution=True),
        _cell(
            "f", TEST.replace("@CANARY@", "birdsong-hidden-test"), grade=True, locked=True, points=4
        ),
    ]
    nbformat.write(nb, root / "source" / "ps1" / "ps1.ipynb")
    (root / "nbgrader_config.py").write_text(
        'c = get_config()\nc.CourseDirectory.course_id = "x"\n'
    )
    result = nbgrader_api(root).generate_assignment("ps1")
    assert result["success"], result
    released = json.loads((root / "release" / "ps1" / "ps1.ipynb").read_text())
    for name, trick in TRICKS.items():
        folder = root / "submitted" / name / "ps1"
        folder.mkdir(parents=True)
        released["cells"][0]["source"] = textwrap.dedent(trick)
        (folder / "ps1.ipynb").write_text(json.dumps(released))
    (root / "home").mkdir()
    environment = {
        **os.environ,
        **dict.fromkeys(("HOME", "TMPDIR", "JUPYTER_RUNTIME_DIR"), str(root / "home")),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
    subprocess.run(
        [*only_in(root), "-m", "nbgrader", "autograde", "ps1"],
        cwd=root,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        timeout=900,
        check=True,
    )
    return root


def _cell(name: str, source: str, **flags: object) -> nbformat.NotebookNode:
    known = {"schema_version": 3, "grade": False, "solution": False, "locked": False, "task": False}
    metadata = {"nbgrader": known | flags | {"grade_id": name}}
    cell: nbformat.NotebookNode = nbformat.v4.new_code_cell(source, metadata=metadata)
    return cell


def test_stock_nbgrader_gives_points_to_tricks(stock: Path) -> None:
    scores = {student: items["f"] for student, items in rows_of(stock / "gradebook.db").items()}
    assert scores == {
        "honest": 4.0,
        "wrong": 0.0,
        "syntax_transformer": 4.0,
        "input_transformer": 4.0,
        "equal_to_anything": 4.0,
        "reads_the_tests": 0.0,
        "leaves_a_mark": 0.0,
    }


def test_stock_nbgrader_shows_hidden_tests_to_a_student_s_code(stock: Path) -> None:
    graded = stock / "autograded" / "reads_the_tests" / "ps1" / "ps1.ipynb"
    outputs = [cell.get("outputs") for cell in json.loads(graded.read_text())["cells"]]
    assert "birdsong-hidden-test" in json.dumps(outputs)


def test_stock_nbgrader_lets_a_student_s_code_write_beside_the_gradebook(stock: Path) -> None:
    assert (stock / "mark-of-stock").exists()
