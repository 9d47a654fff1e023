"""The whole way once, by the plain command lines; and both ways to grade, on the same submissions.

One student hands in through the exchange. Others are put beside it as collected, mangled in different ways.
"""

from __future__ import annotations

import csv
import json
import os
import pwd
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from test_gradebook import rows
from test_release import copy_course

from autograder.build import build_set
from autograder.course import load_course

pytestmark = [pytest.mark.command_line, pytest.mark.xdist_group("command_line")]

SET = "ps14_prox"
USER = pwd.getpwuid(os.getuid()).pw_name
NO_CLAMP = """import numpy as np


def soft_threshold(x, lam):
    size = np.abs(x)
    return np.sign(x) * (size - lam)
"""


@dataclass(frozen=True)
class Room:
    """A machine with a course, an exchange and one student."""

    course: Path
    home: Path
    said: dict[str, str]

    def run(self, *words: str, where: Path, code: int = 0) -> str:
        """A command line, such as run("nbgrader", "collect", SET); its output, which must end with `code`."""
        environment = {
            **os.environ,
            "HOME": str(self.home),
            "JUPYTER_DATA_DIR": str(self.home / "data"),
            "JUPYTER_CONFIG_DIR": str(self.home / "config"),
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        }
        module = {"nbgrader": "nbgrader", "autograder": "autograder.cli"}[words[0]]
        done = subprocess.run(
            [sys.executable, "-m", module, *words[1:]],
            cwd=where,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == code, f"{' '.join(words)}:\n{done.stdout}"
        self.said[words[1]] = done.stdout
        return done.stdout

    def as_staff(self, *words: str, code: int = 0) -> str:
        return self.run(*words, where=self.course, code=code)

    def as_student(self, *words: str, code: int = 0) -> str:
        return self.run(*words, where=self.home, code=code)


def is_of_an_item(cell: dict[str, Any]) -> bool:
    return "nbgrader" in cell["metadata"] or "autograder" in cell["metadata"]


def answer_cell(nb: dict[str, Any], item: str) -> dict[str, Any]:
    for cell in nb["cells"]:
        metadata = cell["metadata"]
        names = {
            metadata.get("nbgrader", {}).get("grade_id"),
            f"{metadata.get('autograder', {}).get('answer')}_answer",
        }
        if f"{item}_answer" in names:
            found: dict[str, Any] = cell
            return found
    raise AssertionError(item)


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Room:
    """Everything up to `collect`, and other students' work beside it."""
    root = tmp_path_factory.mktemp("command_line")
    course = copy_course(root / "course", lines="c.ExchangeCollect.check_owner = False\n")
    home = root / "home"
    home.mkdir()
    (home / "nbgrader_config.py").write_text(
        "c = get_config()\n"
        'c.CourseDirectory.course_id = "opt"\n'
        f"c.Exchange.root = {str(root / 'exchange')!r}\n"
    )
    room = Room(course, home, {})
    build_set(load_course(course), SET, course / "source")
    build_set(load_course(course), SET, course / "solved", solved=True)
    room.as_staff("nbgrader", "generate_assignment", SET)
    room.as_staff("nbgrader", "release_assignment", SET)

    room.as_student("nbgrader", "fetch_assignment", SET)
    notebook = home / SET / f"{SET}.ipynb"
    nb = json.loads((course / "solved" / SET / f"{SET}.ipynb").read_text())
    answer_cell(nb, "soft_threshold")["source"] = NO_CLAMP
    # What a student's notebook looks like: the released metadata, with nbgrader's checksums.
    released = json.loads(notebook.read_text())
    for cell, other in zip(released["cells"], nb["cells"], strict=True):
        cell["source"] = other["source"]
    notebook.write_text(json.dumps(released))
    room.as_student("nbgrader", "validate", f"{SET}/{SET}.ipynb")
    room.as_student("nbgrader", "submit", SET)
    room.as_staff("nbgrader", "collect", SET)
    return room


@pytest.fixture(scope="module")
def graded(room: Room) -> Room:
    """Grades and feedback by nbgrader's command lines; beside it a copy of the course as collected."""
    solved = json.loads((room.course / "solved" / SET / f"{SET}.ipynb").read_text())
    mangled = json.loads(json.dumps(solved))
    cells = mangled["cells"]
    answers = [cell for cell in cells if is_of_an_item(cell)]
    cells[:] = [cell for cell in cells if not is_of_an_item(cell)] + answers[::-1]
    cells += [{**cells[0], "id": "again"}, {**answer_cell(mangled, "ista_lasso"), "id": "twice"}]
    answer_cell(mangled, "prox_l2")["source"] = "while True:\n    pass"
    cells.remove(next(cell for cell in cells if cell["source"] == 'check("prox_l2", prox_l2)'))
    texts = {
        "mangled": json.dumps(mangled),
        "solved": json.dumps(solved),
        "unreadable": json.dumps(solved)[:5000],
    }
    for student, text in texts.items():
        folder = room.course / "submitted" / student / SET
        folder.mkdir(parents=True)
        (folder / f"{SET}.ipynb").write_text(text)
        (folder / "timestamp.txt").write_text("2026-03-01 12:00:00.000000 UTC")
        (folder / "submission_secret.txt").write_text(student * 8)
    (room.course / "course.toml").write_text("cell_time_limit_s = 2\n")
    shutil.copytree(room.course, room.course.parent / "other")

    room.as_staff("nbgrader", "autograde", SET, code=1)  # one submission cannot be read
    room.as_staff("nbgrader", "generate_feedback", SET)
    return room


def test_a_student_is_told_by_validate(room: Room) -> None:
    said = room.said["validate"]
    assert "VALIDATION FAILED ON 1 CELL(S)!" in said
    assert "soft_threshold: 0 of 3 public examples pass." in said
    assert "✗ both signs and a small entry: " in said
    assert "Traceback" not in said


def test_the_way_through_the_exchange(graded: Room) -> None:
    course, home = graded.course, graded.home
    (collected,) = (course / "submitted" / USER / SET).glob("*.ipynb")
    assert NO_CLAMP.splitlines()[-1].strip() in collected.read_text()

    graded.as_staff("nbgrader", "release_feedback", SET)
    graded.as_student("nbgrader", "fetch_feedback", SET)
    (page,) = home.glob(f"{SET}/feedback/*/{SET}.html")
    html = page.read_text()
    assert "soft_threshold" in html
    assert "Not right yet" in html
    assert "iterates" in html or "image/png" in html or "data:image" in html  # ISTA's path

    graded.as_staff("nbgrader", "export", "--to", "grades.csv")
    with (course / "grades.csv").open(newline="") as file:
        table = {row["student_id"]: row for row in csv.DictReader(file)}
    points = float(table["solved"]["max_score"])
    assert float(table["solved"]["score"]) == points
    assert points - 4.0 <= float(table[USER]["score"]) < points
    assert float(table["mangled"]["score"]) == points - 1.0


def test_a_submission_that_cannot_be_read_fails_alone(graded: Room) -> None:
    said = graded.said["autograde"]
    assert "unreadable" in said
    assert "is not valid JSON" in said
    students = {path.parent.name for path in graded.course.glob(f"autograded/*/{SET}")}
    assert students == {USER, "mangled", "solved"}


def content(path: Path) -> Any:
    """What a file says; nbgrader writes a notebook's texts as lists of lines."""
    if path.suffix != ".ipynb":
        return path.read_bytes()
    nb = json.loads(path.read_text())
    for cell in nb["cells"]:
        cell["source"] = "".join(cell["source"])
        for output in cell.get("outputs", ()):
            for holder in (output, output.get("data", {})):
                for key in ("text", "text/plain", "text/html", "image/png"):
                    if key in holder:
                        holder[key] = "".join(holder[key])
    return nb


def test_autograder_grade_does_what_nbgrader_autograde_does(graded: Room) -> None:
    """Gradebooks row by row, and feedback and graded notebooks word by word."""
    course, other = graded.course, graded.course.parent / "other"
    said = graded.run("autograder", "grade", "ps14", "-j", "2", where=other, code=1)
    assert re.search(r"^3 graded, 0 skipped, 1 failed in ", said, re.MULTILINE), said
    graded.run("nbgrader", "generate_feedback", SET, where=other)

    one, two = (rows(f"sqlite:///{root / 'gradebook.db'}") for root in (course, other))
    assert one == two
    assert len(one["students"]) == 4
    for tree, files in (("autograded", f"{SET}.ipynb"), ("feedback", f"{SET}.html")):
        paths = sorted(path.relative_to(course) for path in course.glob(f"{tree}/*/{SET}/*"))
        assert paths == sorted(p.relative_to(other) for p in other.glob(f"{tree}/*/{SET}/*"))
        assert sum(path.name == files for path in paths) == 3
        for path in paths:
            assert content(course / path) == content(other / path), path
