"""Both ways to grade, `nbgrader autograde` and `autograder grade`, over one small course.

nbgrader, its database and its files are real; what runs and judges student code is not: the text of
the answer cell says what becomes of it.
"""

from __future__ import annotations

import json
import os
import shutil
import stat
from collections.abc import Collection, Iterator
from contextlib import ExitStack
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbformat
import pytest
from nbgrader import api
from nbgrader.apps import AutogradeApp, NbGraderAPI
from nbgrader.apps.baseapp import NbGrader
from test_gradebook import rows
from traitlets.config import Config

from autograder import batch, nbgrader_plugin, worker
from autograder.executors import Here
from autograder.gradebook import CourseFolder, GradebookError
from autograder.model import Grade, NotebookGrade, Outcome, Policy, Submission

pytestmark = pytest.mark.filterwarnings("ignore:Object of type <Submitted")  # nbgrader's own

CONFIG = """
from autograder.nbgrader_plugin import configure
c = get_config()
c.CourseDirectory.course_id = "opt"
c.Exchange.root = "{root}/exchange"
c.LateSubmissionPlugin.penalty_method = "zero"
configure(c)
"""
STUB = "def f(x):\n    # YOUR CODE HERE\n    raise NotImplementedError()"


# ---------------------------------------------------------------------------------------------
# A grader that believes what it reads


class FakeSandboxes:
    level = "full"
    started: list[FakeSandboxes] = []  # noqa: RUF012
    fault = ""

    def __init__(self, *, policy: Policy, notebook: bool, workdir: Path) -> None:
        assert notebook
        self.is_open = True
        self._workdir = workdir
        self.files: list[str] = []
        self.started.append(self)

    def close(self) -> None:
        self.is_open = False

    def get(self, imports: Any) -> Any:
        return SimpleNamespace(wait_until_ready=self._look)

    def _look(self) -> None:
        self.files = sorted(path.name for path in self._workdir.iterdir())


GRADED: list[str] = []  # answers, in the order in which they were graded


def fake_grade_notebook(
    submission: Submission,
    items: Any,
    sandboxes: FakeSandboxes,
    policy: Policy,
    known: Collection[str] = (),
) -> NotebookGrade:
    assert sandboxes.is_open
    cells = {cell.grade_id: cell for cell in submission.cells}
    assert cells["f"].points == 4.0
    answer = cells["f_answer"].source
    GRADED.append(answer)
    if "boom" in answer:
        raise RuntimeError("the sandbox died twice")
    if "cannot judge" in answer:
        grade = Grade("f", "code", Outcome.GRADER_ERROR, None, 4.0, reference_number="7f3a")
    elif "return" in answer:
        score = float(answer.split("return")[1].split()[0])
        grade = Grade("f", "code", Outcome.PASSED if score == 4 else Outcome.FAILED, score, 4.0)
    else:
        grade = Grade("f", "code", Outcome.NOT_ATTEMPTED, 0.0, 4.0)
    test = Grade("other", "test_cell", Outcome.PASSED, 1.0, 1.0)
    printed = {"output_type": "stream", "name": "stdout", "text": "printed"}
    outputs = {cells["f_answer"].index: (printed,)}
    grades = {name: one for name, one in {"f": grade, "other": test}.items() if name not in known}
    return NotebookGrade(grades, outputs, "full", 0.01)


def fake_verdict(grade: Grade, policy: Policy) -> list[dict[str, Any]]:
    text = f"verdict on {grade.item}: {grade.outcome}"
    data = {"text/html": f"<p>{text}</p>", "text/plain": text}
    return [{"output_type": "display_data", "data": data, "metadata": {}}]


@pytest.fixture(autouse=True)
def grader(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def load_course(root: Path) -> Any:
        return SimpleNamespace(
            root=root,
            policy=Policy(),
            items=lambda name: {},
            notebook_sources=lambda name: [],
        )

    monkeypatch.setattr(worker, "load_course", load_course)
    monkeypatch.setattr(worker, "Sandboxes", FakeSandboxes)
    monkeypatch.setattr(worker, "grade_notebook", fake_grade_notebook)
    monkeypatch.setattr(worker, "verdict", fake_verdict)
    monkeypatch.setattr(nbgrader_plugin, "_workers", None)
    FakeSandboxes.started.clear()
    GRADED.clear()
    yield
    if nbgrader_plugin._workers is not None:
        nbgrader_plugin._workers.close()
    assert not any(sandboxes.is_open for sandboxes in FakeSandboxes.started)


def grade_class(root: Path, **options: Any) -> batch.ClassResult:
    with Here(root, "ps1") as executor:
        return batch.grade_class(root, "ps1", executor, **options)


# ---------------------------------------------------------------------------------------------
# A course


def cell(source: str, cell_type: str = "code", **flags: Any) -> Any:
    known = {"schema_version": 3, "grade": False, "solution": False, "locked": False, "task": False}
    make = nbformat.v4.new_code_cell if cell_type == "code" else nbformat.v4.new_markdown_cell
    return make(source, metadata={"nbgrader": known | flags})


def source_notebook() -> Any:
    solution = "def f(x):\n    ### BEGIN SOLUTION\n    return 4\n    ### END SOLUTION"
    nb = nbformat.v4.new_notebook(
        metadata={
            "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}
        }
    )
    nb.cells = [
        cell("import numpy as np", grade_id="imports", locked=True),
        cell(solution, grade_id="f_answer", solution=True),
        cell('check("f", f)', grade_id="f", grade=True, locked=True, points=4),
        cell("assert True", grade_id="other", grade=True, locked=True, points=1),
        cell("A rubric.", "markdown", grade_id="why", grade=True, solution=True, points=3),
    ]
    return nb


def session(root: Path) -> NbGraderAPI:
    app = NbGrader(raise_config_file_errors=True, log_level=50)
    app.initialize([], root=str(root))
    return NbGraderAPI(coursedir=app.coursedir, parent=app)


def edited(nb: Any, answer: str = "", why: str = "") -> Any:
    nb = nbformat.from_dict(nb)
    for cell in nb.cells:
        name = cell.metadata.nbgrader.grade_id
        cell.source = {"f_answer": answer, "why": why}.get(name, "") or cell.source
    return nb


def hand_in(root: Path, student: str, nb: Any, name: str = "ps1.ipynb") -> None:
    folder = root / "submitted" / student / "ps1"
    folder.mkdir(parents=True, exist_ok=True)
    text = nb if isinstance(nb, str) else json.dumps(nb)
    (folder / name).write_text(text)
    (folder / "timestamp.txt").write_text("2026-03-01 11:00:00 UTC")


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("course")
    (root / "source" / "ps1").mkdir(parents=True)
    nbformat.write(source_notebook(), root / "source" / "ps1" / "ps1.ipynb")
    (root / "source" / "ps1" / "data.csv").write_text("1,2\n")
    (root / "nbgrader_config.py").write_text(CONFIG.format(root=root))
    result = session(root).generate_assignment("ps1")
    assert result["success"], result
    return root


@pytest.fixture
def course(released: Path, tmp_path: Path) -> Path:
    root = tmp_path / "course"
    shutil.copytree(released, root)
    (root / "nbgrader_config.py").write_text(CONFIG.format(root=root))
    return root


def with_class(root: Path) -> Path:
    nb = json.loads((root / "release" / "ps1" / "ps1.ipynb").read_text())
    hand_in(root, "ada", edited(nb, "def f(x): return 4", "Because."))
    hand_in(root, "bob", edited(nb, "def f(x): return 2.5"))
    deleted = edited(nb, "def f(x): return 3 # deleted")
    del deleted.cells[2]
    deleted.cells.append(deleted.cells[1])
    hand_in(root, "cal", deleted)
    hand_in(root, "dan", '{"cells": [<<<<<<< HEAD')
    hand_in(root, "eve", edited(nb, "boom"))
    hand_in(root, "fay", nb, "ps1 (1).ipynb")
    malformed = json.loads(json.dumps(edited(nb, "def f(x): return 1")))
    malformed["cells"] += [None, 3, {"cell_type": "code", "metadata": 1, "source": {}}]
    del malformed["cells"][0]["outputs"]
    malformed["metadata"] = {"kernelspec": "R"}
    hand_in(root, "gus", malformed)
    hand_in(root, "hal", nb)
    hand_in(root, "ivy", edited(nb, "cannot judge"))
    (root / "submitted" / "ada" / "ps1" / "data.csv").write_text("forged\n")
    (root / "submitted" / "ada" / "ps1" / "notes").mkdir()
    (root / "submitted" / "ada" / "ps1" / "notes" / "mine.txt").write_text("mine\n")
    return root


STUDENTS = ["ada", "bob", "cal", "dan", "eve", "fay", "gus", "hal", "ivy"]
FAILED = {"dan", "eve", "fay"}


def database(root: Path) -> str:
    return f"sqlite:///{root}/gradebook.db"


def graded_notebook(root: Path, student: str) -> Any:
    return nbformat.read(root / "autograded" / student / "ps1" / "ps1.ipynb", as_version=4)


def files(root: Path) -> dict[str, tuple[int, str]]:
    """Mode and (but for notebooks) text of each graded file."""
    found = {}
    for path in sorted((root / "autograded").rglob("*")):
        if path.is_file():
            text = "" if path.suffix == ".ipynb" else path.read_text()
            name = str(path.relative_to(root))
            found[name] = (stat.S_IMODE(path.stat().st_mode), text)
    return found


# ---------------------------------------------------------------------------------------------


def test_both_ways_leave_the_same(course: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(with_class(course), other)
    (other / "nbgrader_config.py").write_text(CONFIG.format(root=other))

    stock = session(course)
    for student in STUDENTS:
        result = stock.autograde("ps1", student)
        assert result["success"] is (student not in FAILED), result
    seen = []
    ours = grade_class(other, progress=seen.append)

    assert [result.student for result in ours.results] == STUDENTS
    assert {r.student for r in ours.results if r.status == "failed"} == FAILED
    assert sorted(seen, key=lambda result: result.student) == list(ours.results)
    assert rows(database(other)) == rows(database(course))
    assert files(other) == files(course)
    for student in sorted(set(STUDENTS) - FAILED):
        assert graded_notebook(other, student) == graded_notebook(course, student), student


def test_what_a_class_gets(course: Path) -> None:
    result = grade_class(with_class(course))
    by_student = {one.student: one for one in result.results}
    scores = {name: by_student[name].scores.get("f") for name in STUDENTS}
    assert scores == {
        "ada": 4.0,
        "bob": 2.5,
        "cal": 3.0,
        "dan": None,
        "eve": None,
        "fay": None,
        "gus": 1.0,
        "hal": 0.0,
        "ivy": None,
    }
    assert result.isolation == "full"
    ada = by_student["ada"]
    assert (ada.score, ada.max_score, ada.awaiting) == (5.0, 8.0, ("why",))
    assert ada.outcomes["f"] is Outcome.PASSED
    assert by_student["ivy"].awaiting == ("f",)
    assert by_student["ivy"].score == 1.0
    assert '"f" was missing; it was put back.' in by_student["cal"].notes
    assert "not valid JSON at line 1" in by_student["dan"].error
    assert by_student["eve"].error == (
        "The grader failed, not the student: RuntimeError: the sandbox died twice. "
        "No score was recorded; grade this submission again."
    )
    assert by_student["fay"].error.endswith(
        "expected ps1.ipynb, found ps1 (1).ipynb. Rename the notebook if it is the right one."
    )
    grades = {(r[0], r[1]): r[3:] for r in rows(database(course))["grades"]}
    assert grades["ivy", "f"] == (None, None, None, 1)
    assert grades["eve", "f"] == (None, None, None, 1)
    assert grades["hal", "why"] == (0.0, None, None, 0)


def test_released_files_reach_the_sandbox_without_the_solutions(course: Path) -> None:
    grade_class(with_class(course), student="ada")
    assert [sandboxes.files for sandboxes in FakeSandboxes.started] == [["data.csv"]]
    folder = course / "autograded" / "ada" / "ps1"
    assert (folder / "data.csv").read_text() == "1,2\n"
    assert (folder / "notes" / "mine.txt").read_text() == "mine\n"


def test_only_what_is_new_is_graded_again(course: Path) -> None:
    with_class(course)
    first = grade_class(course)
    GRADED.clear()
    again = grade_class(course)
    status = {result.student: result.status for result in again.results}
    # What the grader could not judge, it tries again.
    expected = {name: "failed" if name in FAILED else "skipped" for name in STUDENTS}
    assert status == expected | {"ivy": "graded"}
    assert sorted(GRADED) == ["boom", "cannot judge"]
    assert [r.score for r in again.results] == [r.score for r in first.results]

    nb = json.loads((course / "release" / "ps1" / "ps1.ipynb").read_text())
    hand_in(course, "bob", edited(nb, "def f(x): return 4"))
    (course / "submitted" / "bob" / "ps1" / "timestamp.txt").write_text("2026-03-02 11:00:00 UTC")
    again = grade_class(course)
    assert [r.student for r in again.results if r.status == "graded"] == ["bob", "ivy"]
    assert ("bob", "f", "GradeCell", 4.0, None, None, 0) in rows(database(course))["grades"]
    forced = grade_class(course, student="ada", force=True)
    assert [(r.student, r.status) for r in forced.results] == [("ada", "graded")]


def test_a_fault_of_the_grader_leaves_an_older_grading(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    grade_class(with_class(course), student="ada")
    before = rows(database(course)), files(course)

    def fail(*arguments: Any) -> None:
        raise RuntimeError("the sandbox died twice")

    monkeypatch.setattr(worker, "grade_notebook", fail)
    (result,) = grade_class(course, student="ada", force=True).results
    assert result.status == "failed"
    assert (rows(database(course)), files(course)) == before


def test_a_run_that_is_killed_before_recording_leaves_no_graded_directory(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*arguments: Any) -> None:
        raise KeyboardInterrupt

    with_class(course)
    with monkeypatch.context() as patch:
        patch.setattr(batch.gradebooks, "record", die)
        with pytest.raises(KeyboardInterrupt):
            grade_class(course, student="ada")
    assert not (course / "autograded" / "ada" / "ps1").exists()
    (result,) = grade_class(course, student="ada").results
    assert result.status == "graded"
    assert [path.name for path in (course / "autograded" / "ada").iterdir()] == ["ps1"]


def test_one_submission_that_cannot_be_recorded_costs_only_itself(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = batch.gradebooks.record

    def picky(gradebook: Any, assignment: str, records: Any, penalty: Any) -> Any:
        if any(entry.student == "bob" for entry in records):
            raise GradebookError("no room for bob")
        return record(gradebook, assignment, records, penalty)

    monkeypatch.setattr(batch.gradebooks, "record", picky)
    result = grade_class(with_class(course))
    errors = {one.student: one.error for one in result.results if one.status == "failed"}
    assert set(errors) == {*FAILED, "bob"}
    assert errors["bob"] == "Graded, but not recorded: no room for bob"
    assert not (course / "autograded" / "bob" / "ps1").exists()


@pytest.mark.parametrize(
    ("stamp", "status"), [("2026-03-01 11:00:00 UTC", "graded"), ("", "graded"), ("soon", "failed")]
)
def test_timestamps(course: Path, stamp: str, status: str) -> None:
    with_class(course)
    (course / "submitted" / "ada" / "ps1" / "timestamp.txt").write_text(stamp)
    (result,) = grade_class(course, student="ada").results
    assert result.status == status
    assert ("timestamp.txt holds no time." in result.error) is (status == "failed")


def test_a_link_is_not_followed(course: Path) -> None:
    with_class(course)
    folder = course / "submitted" / "ada" / "ps1"
    (folder / "secret.txt").symlink_to("/etc/hostname")
    grade_class(course, student="ada")
    assert not (course / "autograded" / "ada" / "ps1" / "secret.txt").exists()
    (folder / "ps1.ipynb").unlink()
    (folder / "ps1.ipynb").symlink_to(course / "source" / "ps1" / "ps1.ipynb")
    (result,) = grade_class(course, student="ada", force=True).results
    assert "is a link, which may lead anywhere" in result.error


def test_nothing_collected_and_broken_configuration(course: Path) -> None:
    with pytest.raises(GradebookError, match=r"nothing was collected\. Run `nbgrader collect ps1`"):
        grade_class(course)
    (course / "nbgrader_config.py").write_text("c = get_config(\n")
    with pytest.raises(GradebookError, match=r"nbgrader_config\.py cannot be loaded: SyntaxError"):
        CourseFolder.load(course)
    (course / "nbgrader_config.py").write_text("c.CourseDirectory.root = 3\n")
    with pytest.raises(GradebookError, match=r"nbgrader_config\.py sets an option wrongly"):
        CourseFolder.load(course)


def test_the_configured_directories_are_used(course: Path) -> None:
    with (course / "nbgrader_config.py").open("a") as file:
        file.write('c.CourseDirectory.submitted_directory = "collected"\n')
        file.write(
            'c.CourseDirectory.directory_structure = "{nbgrader_step}/{assignment_id}/{student_id}"\n'
        )
        file.write('c.CourseDirectory.student_id_exclude = "bob"\n')
    nb = json.loads((course / "release" / "ps1" / "ps1.ipynb").read_text())
    for student in ("ada", "bob"):
        folder = course / "collected" / "ps1" / student
        folder.mkdir(parents=True)
        (folder / "ps1.ipynb").write_text(json.dumps(edited(nb, "def f(x): return 4")))
    result = grade_class(course)
    assert [(one.student, one.status) for one in result.results] == [("ada", "graded")]
    assert (course / "autograded" / "ps1" / "ada" / "ps1.ipynb").exists()


def test_unknown_students_where_none_may_be_added(course: Path) -> None:
    with (course / "nbgrader_config.py").open("a") as file:
        file.write("c.Autograde.create_student = False\n")
    with_class(course)
    with api.Gradebook(database(course)) as gradebook:
        gradebook.add_student("ada")
    result = grade_class(course)
    assert [one.student for one in result.results if one.status == "graded"] == ["ada"]
    assert "knows no student bob" in result.results[1].error
    assert [row[0] for row in rows(database(course))["students"]] == ["ada"]


# ---------------------------------------------------------------------------------------------
# nbgrader's own ways


def test_the_command_line_goes_on_after_a_failure(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_class(course)
    monkeypatch.chdir(course)
    app = AutogradeApp(log_level=50)
    app.initialize(["ps1"])
    with pytest.raises(SystemExit) as exit_:
        app.start()
    assert exit_.value.code == 1
    graded = sorted(path.name for path in (course / "autograded").iterdir() if any(path.iterdir()))
    assert graded == sorted(set(STUDENTS) - FAILED)
    assert len(FakeSandboxes.started) == 1, "one sandbox for the whole class"


def test_what_the_log_says(course: Path) -> None:
    stock = session(with_class(course))
    assert 'cal: "f" was missing; it was put back.' in stock.autograde("ps1", "cal")["log"]
    assert "Cell 6 is no cell but null; it was left out." in stock.autograde("ps1", "gus")["log"]
    assert "f must be graded by a person (ref 7f3a)" in stock.autograde("ps1", "ivy")["log"]
    assert (
        "could not be graded, and no score was given: the sandbox died twice"
        in (stock.autograde("ps1", "eve")["log"])
    )


def test_a_changed_file_restarts_the_sandbox(course: Path) -> None:
    stock = session(with_class(course))
    stock.autograde("ps1", "ada")
    stock.autograde("ps1", "bob")
    assert len(FakeSandboxes.started) == 1
    (course / "source" / "ps1" / "more.csv").write_text("3\n")
    assert stock.autograde("ps1", "ada")["success"]
    assert [one.is_open for one in FakeSandboxes.started] == [False, True]
    assert FakeSandboxes.started[1].files == ["data.csv", "more.csv"]


def test_feedback_shows_the_verdict_and_no_bare_number(course: Path) -> None:
    stock = session(with_class(course))
    assert stock.autograde("ps1", "bob")["success"]
    assert stock.generate_feedback("ps1", "bob")["success"]
    page = (course / "feedback" / "bob" / "ps1" / "ps1.html").read_text()
    assert "<p>verdict on f: failed</p>" in page
    assert "jp-OutputArea-executeResult" not in page
    assert "Score: 2.5" in page or "2.5 / 4.0" in page


def test_configure_sets_and_never_appends() -> None:
    config = Config()
    nbgrader_plugin.configure(config, course="/srv/opt")
    first = json.dumps(config, default=str)
    nbgrader_plugin.configure(config, course="/srv/opt")
    assert json.dumps(config, default=str) == first
    assert config.GradeNotebook.course == "/srv/opt"
    assert "db_url" not in config.CourseDirectory


def test_a_notebook_that_is_a_link_is_graded_neither_way(course: Path) -> None:
    with_class(course)
    path = course / "submitted" / "bob" / "ps1" / "ps1.ipynb"
    path.unlink()
    path.symlink_to(course / "submitted" / "ada" / "ps1" / "ps1.ipynb")
    result = session(course).autograde("ps1", "bob")
    assert not result["success"]
    assert "is a link, which may lead anywhere" in result["log"]
    assert not (course / "autograded" / "bob" / "ps1").exists()


# ---------------------------------------------------------------------------------------------
# Markdown in pages


def shown(source: str) -> str:
    return nbgrader_plugin.markdown_to_html({}, source)


@pytest.mark.parametrize(
    ("source", "page"),
    [
        ("<script>evil()</script>", "evil()"),
        ("<b onclick=evil()>x</b>", "<p><b>x</b></p>"),
        ("[x](javascript:evil())", "<p><a>x</a></p>"),
        ('<a href="data:text/html,evil">x</a>', "<p><a>x</a></p>"),
        ("![x](https://evil.example/hub/logout)", '<p><img alt="x"></p>'),
        ("<img src=data:image/svg+xml;base64,AA onerror=evil()>", "<img>"),
        ("<iframe src=//evil></iframe><form action=//evil><input></form>", ""),
        ("<b style='position:fixed' id=evil>x</b>", "<p><b>x</b></p>"),
    ],
)
def test_markdown_does_nothing_in_a_page(source: str, page: str) -> None:
    assert shown(source).strip() == page


def test_group_shared_courses_get_their_permissions(course: Path) -> None:
    with_class(course)
    with (course / "nbgrader_config.py").open("a") as file:
        file.write("c.CourseDirectory.groupshared = True\n")
    with ExitStack() as stack:
        old = os.umask(0o022)
        stack.callback(os.umask, old)
        grade_class(course, student="ada")
    folder = course / "autograded" / "ada" / "ps1"
    assert stat.S_IMODE((folder / "ps1.ipynb").stat().st_mode) == 0o664
    assert folder.stat().st_mode & 0o2770 == 0o2770


def test_a_persons_score_survives_both_ways(course: Path) -> None:
    with_class(course)
    stock = session(course)
    assert stock.autograde("ps1", "ada")["success"]
    with api.Gradebook(database(course)) as gradebook:
        grade = gradebook.find_grade("f", "ps1", "ps1", "ada")
        grade.manual_score, grade.needs_manual_grade = 1.5, False
        gradebook.db.commit()
    expected = ("ada", "f", "GradeCell", 4.0, 1.5, None, 1)
    grade_class(course, student="ada", force=True)
    assert expected in rows(database(course))["grades"]
    assert stock.autograde("ps1", "ada")["success"]
    assert expected in rows(database(course))["grades"]
