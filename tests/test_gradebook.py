"""The gradebook's rows, beside those that stock nbgrader writes from the same graded notebook."""

from __future__ import annotations

import shutil
import sqlite3
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbgrader import api
from nbgrader.preprocessors import AssignLatePenalties, SaveAutoGrades
from sqlalchemy import create_engine, text
from traitlets.config import Config

from autograder import gradebook as gradebooks
from autograder import notebook
from autograder.gradebook import GradebookError, Record
from autograder.model import Grade, NotebookGrade, Outcome, SourceCell

RELEASED = [
    SourceCell("imports", "code", "import numpy", "readonly", locked=True),
    SourceCell("f_answer", "code", "def f(x):\n    raise NotImplementedError", "solution"),
    SourceCell("f", "code", 'check("f", f)', "grade", 4.0, True),
    SourceCell("why", "markdown", "Your answer here.", "manual", 3.0),
    SourceCell("task", "markdown", "Plot it.", "task", 2.0, True),
]
MANIFEST = [replace(cell, checksum=gradebooks.checksum(cell)) for cell in RELEASED]
DUE = datetime(2026, 3, 1, 12)
ON_TIME = datetime(2026, 3, 1, 11)
LATE = datetime(2026, 3, 1, 14)


@pytest.fixture(scope="module")
def empty_db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    gradebooks.find_tools()
    path = tmp_path_factory.mktemp("gradebook") / "gradebook.db"
    with api.Gradebook(f"sqlite:///{path}") as gradebook:
        gradebook.add_assignment("ps1", duedate=DUE)
        for name in ("ps1", "second"):
            gradebook.add_notebook(name, "ps1", kernelspec='{"name": "python3"}')
        for cell in MANIFEST:
            place = (cell.grade_id, "ps1", "ps1")
            if cell.kind in ("grade", "manual"):
                gradebook.add_grade_cell(*place, max_score=cell.points, cell_type=cell.cell_type)
            if cell.kind in ("solution", "manual"):
                gradebook.add_solution_cell(*place)
            if cell.kind == "task":
                gradebook.add_task_cell(*place, max_score=cell.points, cell_type="markdown")
            gradebook.add_source_cell(
                *place,
                cell_type=cell.cell_type,
                locked=cell.locked,
                source=cell.source,
                checksum=gradebooks.checksum(cell),
            )
        gradebook.add_grade_cell("extra", "second", "ps1", max_score=1.0, cell_type="code")
    return path


@pytest.fixture
def db(empty_db: Path, tmp_path: Path) -> str:
    return f"sqlite:///{shutil.copy(empty_db, tmp_path)}"


@pytest.fixture
def gradebook(db: str) -> Iterator[Any]:
    with gradebooks.open_gradebook(db) as gradebook:
        yield gradebook


def graded(
    score: float | None = 3.0, *, why: str = "Because.", answer: str = "def f(x): return x"
) -> dict[str, Any]:
    """A graded notebook; score None is a fault of the grader."""
    sources = {"f_answer": answer, "why": why}
    cells = []
    for cell in MANIFEST:
        source = sources.get(cell.grade_id, cell.source)
        metadata = {"nbgrader": notebook.nbgrader_metadata(cell)}
        cells.append({"cell_type": cell.cell_type, "source": source, "metadata": metadata})
    nb, _ = notebook.sanitise({"cells": cells}, MANIFEST)
    outcome = Outcome.GRADER_ERROR if score is None else Outcome.FAILED
    grade = Grade("f", "code", outcome, score, 4.0)
    return notebook.with_grades(nb, NotebookGrade({"f": grade}, {}, "full", 0.0), {})


def rows(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """Everything that a submission has in the gradebook, without its random ids."""
    queries = {
        "students": "SELECT id, first_name, last_name, email, lms_user_id FROM student",
        "submissions": "SELECT student_id, timestamp, extension FROM submitted_assignment",
        "notebooks": "SELECT a.student_id, n.name, s.flagged, s.late_submission_penalty "
        "FROM submitted_notebook s JOIN submitted_assignment a ON s.assignment_id = a.id "
        "JOIN notebook n ON s.notebook_id = n.id",
        "grades": "SELECT a.student_id, c.name, c.type, g.auto_score, g.manual_score, "
        "g.extra_credit, g.needs_manual_grade FROM grade g JOIN base_cell c ON g.cell_id = c.id "
        "JOIN submitted_notebook s ON g.notebook_id = s.id "
        "JOIN submitted_assignment a ON s.assignment_id = a.id",
        "comments": "SELECT a.student_id, c.name, c.type, k.auto_comment, k.manual_comment "
        "FROM comment k JOIN base_cell c ON k.cell_id = c.id "
        "JOIN submitted_notebook s ON k.notebook_id = s.id "
        "JOIN submitted_assignment a ON s.assignment_id = a.id",
    }
    engine = create_engine(url)
    with engine.connect() as connection:
        result = {
            name: sorted(map(tuple, connection.execute(text(query))), key=str)
            for name, query in queries.items()
        }
    engine.dispose()
    return result


def record_as_stock(
    url: str, student: str, nb: dict[str, Any], timestamp: datetime, config: Config
) -> None:
    """What `nbgrader autograde` does to the gradebook around and in its preprocessors."""
    from autograder.nbgrader_plugin import SaveGrades

    with api.Gradebook(url) as gradebook:
        gradebook.update_or_create_student(student)
        gradebook.update_or_create_submission("ps1", student, timestamp=timestamp)
        for grade in gradebook.find_submission_notebook("second", "ps1", student).grades:
            grade.auto_score = 0
            grade.needs_manual_grade = False
        gradebook.db.commit()
    resources = {
        "nbgrader": {"student": student, "assignment": "ps1", "notebook": "ps1", "db_url": url}
    }
    node = nbformat.from_dict(nb)
    SaveGrades(config=config).preprocess(node, resources)
    AssignLatePenalties(config=config).preprocess(node, resources)


def zero_when_late() -> Config:
    config = Config()
    config.LateSubmissionPlugin.penalty_method = "zero"
    return config


def give_by_hand(url: str) -> None:
    with api.Gradebook(url) as gradebook:
        for name, points in (("f", 3.5), ("why", 2.0)):
            grade = gradebook.find_grade(name, "ps1", "ps1", "ada")
            grade.manual_score = points
            grade.needs_manual_grade = False
        gradebook.find_grade("why", "ps1", "ps1", "ada").extra_credit = 1.0
        gradebook.find_comment("why", "ps1", "ps1", "ada").manual_comment = "Well put."
        gradebook.db.commit()


CASES = {
    "partial credit": (graded(2.5), ON_TIME),
    "nothing answered": (graded(0.0, why=MANIFEST[3].source, answer=MANIFEST[1].source), ON_TIME),
    "grader error": (graded(None), ON_TIME),
    "late": (graded(4.0), LATE),
}


@pytest.mark.filterwarnings("ignore:Object of type <Submitted")  # nbgrader's own
@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("by_hand", [False, True])
def test_rows_are_those_of_stock_nbgrader(
    db: str, empty_db: Path, tmp_path: Path, name: str, by_hand: bool
) -> None:
    stock = f"sqlite:///{shutil.copy(empty_db, tmp_path / 'stock.db')}"
    nb, timestamp = CASES[name]
    config = zero_when_late()
    late = AssignLatePenalties(config=config)
    late.init_plugin()
    for _ in range(2):  # the second time it is a regrade
        record_as_stock(stock, "ada", nb, timestamp, config)
        with gradebooks.open_gradebook(db) as gradebook:
            entry = Record("ada", timestamp, {"ps1": nb["cells"]})
            penalty = late.plugin_inst.late_submission_penalty
            gradebooks.record(gradebook, "ps1", [entry], penalty)
        assert rows(db) == rows(stock)
        if by_hand:
            give_by_hand(stock)
            give_by_hand(db)


def test_a_penalty_goes_when_the_submission_is_late_no_more(db: str, gradebook: Any) -> None:
    def half(student: str, score: float, late_s: float) -> float:
        assert (student, score, late_s) == ("ada", 4.0, 7200.0)
        return score / 2

    def penalties() -> list[float | None]:
        return [row[3] for row in rows(db)["notebooks"] if row[1] == "ps1"]

    gradebooks.record(gradebook, "ps1", [Record("ada", LATE, {"ps1": graded(4.0)["cells"]})], half)
    assert penalties() == [2.0]
    gradebook.grant_extension("ps1", "ada", hours=2)
    gradebooks.record(gradebook, "ps1", [Record("ada", LATE, {"ps1": graded(4.0)["cells"]})], half)
    assert penalties() == [None]


def test_the_rows_themselves(db: str, gradebook: Any) -> None:
    gradebooks.record(gradebook, "ps1", [Record("ada", ON_TIME, {"ps1": graded(2.5)["cells"]})])
    found = rows(db)
    assert found["students"] == [("ada", None, None, None, None)]
    assert found["submissions"] == [("ada", "2026-03-01 11:00:00.000000", None)]
    assert found["grades"] == [
        ("ada", "extra", "GradeCell", 0.0, None, None, 0),
        ("ada", "f", "GradeCell", 2.5, None, None, 0),
        ("ada", "task", "TaskCell", None, None, None, 1),
        ("ada", "why", "GradeCell", None, None, None, 1),
    ]
    assert [row[3] for row in found["comments"]] == [None, None, None]


def test_a_grader_error_gives_no_score_and_asks_a_person(db: str, gradebook: Any) -> None:
    gradebooks.record(gradebook, "ps1", [Record("ada", None, {"ps1": graded(None)["cells"]})])
    assert ("ada", "f", "GradeCell", None, None, None, 1) in rows(db)["grades"]


def test_stock_nbgrader_gives_no_points_for_a_grader_error(db: str, gradebook: Any) -> None:
    gradebook.update_or_create_student("ada")
    gradebooks.record(gradebook, "ps1", [Record("ada", None, is_graded=False)])
    resources = {
        "nbgrader": {"student": "ada", "assignment": "ps1", "notebook": "ps1", "db_url": db}
    }
    with pytest.raises(KeyError):
        SaveAutoGrades().preprocess(nbformat.from_dict(graded(None)), resources)
    assert ("ada", "f", "GradeCell", None, None, None, 1) in rows(db)["grades"]


def test_an_ungraded_submission_leaves_the_grades_alone(db: str, gradebook: Any) -> None:
    gradebooks.record(gradebook, "ps1", [Record("ada", ON_TIME, {"ps1": graded(2.5)["cells"]})])
    before = rows(db)
    gradebooks.record(gradebook, "ps1", [Record("ada", None, is_graded=False)])
    assert rows(db) == before


def test_a_chunk_is_entered_whole_or_not_at_all(db: str, gradebook: Any) -> None:
    broken = graded(2.5)
    broken["cells"][2]["metadata"]["nbgrader"]["grade_id"] = "unknown"
    records = [
        Record("ada", None, {"ps1": graded()["cells"]}),
        Record("bob", None, {"ps1": broken["cells"]}),
    ]
    with pytest.raises(KeyError):
        gradebooks.record(gradebook, "ps1", records)
    assert rows(db)["students"] == []
    gradebooks.record(gradebook, "ps1", records[:1])
    assert [row[0] for row in rows(db)["students"]] == ["ada"]


def test_a_class_is_entered_in_one_go(db: str, gradebook: Any) -> None:
    nb = graded(1.0)
    records = [Record(f"s{i:03}", ON_TIME, {"ps1": nb["cells"]}) for i in range(60)]
    gradebooks.record(gradebook, "ps1", records)
    dicts = gradebook.submission_dicts("ps1")
    assert len(dicts) == 60
    assert {entry["score"] for entry in dicts} == {1.0}
    assert {entry["needs_manual_grade"] for entry in dicts} == {True}


def test_the_manifest(gradebook: Any, tmp_path: Path) -> None:
    assert gradebooks.manifest(gradebook, "ps1", "ps1") == MANIFEST
    assert gradebooks.kernelspec(gradebook, "ps1", "ps1") == {"name": "python3"}
    assert gradebooks.notebook_names(gradebook, "ps1") == ["ps1", "second"]
    source = tmp_path / "ps1.ipynb"
    nb = graded()
    nb["cells"].reverse()
    nbformat.write(nbformat.from_dict(nb), source)
    ordered = gradebooks.manifest(gradebook, "ps1", "ps1", source)
    assert ordered == MANIFEST[::-1]
    assert gradebooks.manifest(gradebook, "ps1", "ps1", tmp_path / "none.ipynb") == MANIFEST
    with pytest.raises(GradebookError, match=r"knows no notebook ps2 of ps1\. Run `nbgrader gen"):
        gradebooks.manifest(gradebook, "ps1", "ps2")
    with pytest.raises(GradebookError, match=r"knows no notebook of ps9\. Run `nbgrader gen"):
        gradebooks.notebook_names(gradebook, "ps9")
    with pytest.raises(GradebookError, match=r"knows no assignment ps9\. Run `nbgrader gen"):
        gradebooks.record(gradebook, "ps9", [Record("ada", None)])


# ---------------------------------------------------------------------------------------------


def test_a_missing_gradebook_is_not_made(tmp_path: Path) -> None:
    path = tmp_path / "gradebook.db"
    with pytest.raises(GradebookError) as error:
        gradebooks.open_gradebook(f"sqlite:///{path}")
    assert str(error.value) == (
        rf"{path}: there is no gradebook. Run `nbgrader generate_assignment SET` first; it makes one."
    )
    assert not path.exists()


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "gradebook.db"
    path.write_text("This is prose, and rather more of it than a header needs. " * 20)
    with pytest.raises(GradebookError) as error:
        gradebooks.open_gradebook(f"sqlite:///{path}")
    assert str(error.value) == f"The gradebook {path} is no SQLite database. Restore a backup."


def test_a_url_that_is_none() -> None:
    with pytest.raises(GradebookError, match=r"is no database URL: 'gradebook\.db'"):
        gradebooks.open_gradebook("gradebook.db")


def test_a_database_driver_that_is_not_installed() -> None:
    with pytest.raises(GradebookError) as error:
        gradebooks.open_gradebook("mysql+mysqldb://ta:secret@db.example.edu/grades")
    assert str(error.value) == (
        "The gradebook mysql+mysqldb://ta:***@db.example.edu/grades needs the Python package "
        "MySQLdb. Install it in this environment."
    )


def test_the_timeout_is_added_and_other_arguments_stay(db: str) -> None:
    with gradebooks.open_gradebook(db + "?isolation_level=IMMEDIATE") as gradebook:
        assert dict(gradebook.engine.url.query) == {
            "isolation_level": "IMMEDIATE",
            "timeout": "60",
        }
    with gradebooks.open_gradebook(db + "?timeout=3") as gradebook:
        assert dict(gradebook.engine.url.query) == {"timeout": "3"}


def test_a_locked_gradebook(db: str) -> None:
    path = db.removeprefix("sqlite:///")
    with gradebooks.open_gradebook(db + "?timeout=0.1") as gradebook:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(GradebookError, match="is locked by another program"):
            gradebooks.record(gradebook, "ps1", [Record("ada", None)])
        other.execute("ROLLBACK")
        other.close()
        gradebooks.record(gradebook, "ps1", [Record("ada", None)])


def test_recording_waits_for_a_lock(db: str) -> None:
    path = db.removeprefix("sqlite:///")
    held, seconds = threading.Event(), 0.6

    def hold() -> None:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        held.set()
        time.sleep(seconds)
        other.execute("ROLLBACK")
        other.close()

    with gradebooks.open_gradebook(db) as gradebook:
        thread = threading.Thread(target=hold)
        thread.start()
        held.wait()
        gradebooks.record(gradebook, "ps1", [Record("ada", None)])
        thread.join()


def test_wait_for_locks_spares_a_chosen_timeout(db: str) -> None:
    gradebooks.wait_for_locks()
    gradebooks.wait_for_locks()
    for url, timeout_ms in ((db, 60_000), (db + "?timeout=7", 7_000)):
        engine = create_engine(url)
        with engine.connect() as connection:
            assert connection.execute(text("PRAGMA busy_timeout")).scalar() == timeout_ms
        engine.dispose()
