"""The demo: its class is whole, a small class comes out right, and a surprise is told."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from autograder import demo
from autograder.batch import SubmissionResult
from autograder.course import CourseError, load_course
from autograder.model import Numeric, Outcome, Problem

REPOSITORY = Path(__file__).parent.parent

pytestmark = [
    pytest.mark.xdist_group("demo"),
    pytest.mark.filterwarnings("ignore:Object of type <Submitted"),  # nbgrader's own
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # the same
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


# ---------------------------------------------------------------------------------------------
# The class


def test_the_class_is_of_24_with_names_of_their_own() -> None:
    names = [student.id for student in demo._CLASS]
    assert len(names) == len(set(names)) == 24
    assert names == sorted(names)


def test_every_trick_is_played_once_and_every_known_bug_is_made() -> None:
    tricks = Counter(trick.did for student in demo._CLASS for trick in student.tricks)
    defined = {value.did for value in vars(demo).values() if isinstance(value, demo._Trick)}
    assert set(tricks) == defined
    assert {did for did, count in tricks.items() if count > 1} == {
        demo.honest.did,
        demo.with_bugs.did,
    }
    course = load_course(REPOSITORY)
    for index, name in enumerate(demo.SETS):
        turns = sum(student.tricks[index] is demo.with_bugs for student in demo._CLASS)
        folders = (course.solutions / course.full_set_name(name)).glob("*/wrong")
        assert turns >= max(len(list(folder.glob("*.py"))) for folder in folders)


def test_wrong_functions_are_handed_in_without_the_lines_that_say_so() -> None:
    folder = REPOSITORY / "solutions/ps14_prox/soft_threshold/wrong"
    found = dict(demo._read_functions(folder))
    assert set(found) == {path.stem for path in folder.glob("*.py")}
    assert all("# about:" not in source and "def soft_" in source for source in found.values())


# ---------------------------------------------------------------------------------------------
# What is noticed


def sheet_with(*definitions: Any) -> Any:
    items = [
        SimpleNamespace(name=f"item_{n}", points=float(definition.points), definition=definition)
        for n, definition in enumerate(definitions)
    ]
    return SimpleNamespace(name="ps99", items=items)


def faults(trick: demo._Trick, **result: Any) -> list[str]:
    """What the demo says of a set of two numbers that came out as `result`."""
    number = Numeric(points=2, value=1.0, rtol=0.0, atol=0.0)
    sheet = sheet_with(number, number)
    came = SubmissionResult("zoe", **{"status": "graded", **result})
    copy = SimpleNamespace(names=lambda role: {"number": ["item_0"]}[role], bugs={})
    student = demo._Student("zoe", (trick, trick))
    one = demo._HandIn(student, sheet, trick, copy, came)  # type: ignore[arg-type]
    show = SimpleNamespace(_course_root=Path("/nowhere"))
    return list(demo._Show._faults(show, one))  # type: ignore[arg-type]


RIGHT: dict[str, Any] = {
    "outcomes": {"item_0": Outcome.PASSED, "item_1": Outcome.PASSED},
    "scores": {"item_0": 2.0, "item_1": 2.0},
}


def trick(expected: dict[str, Any] | None = None, **more: Any) -> demo._Trick:
    return demo._Trick("a trick", lambda copy: None, expected or {}, **more)


def test_what_comes_as_expected_is_no_fault() -> None:
    assert faults(trick(), **RIGHT) == []
    assert faults(trick(notes=("put back",)), notes=('"a" was put back.',), **RIGHT) == []
    assert faults(trick(error="not JSON"), status="failed", error="x is not JSON at line 3") == []


def test_an_item_that_comes_otherwise_is_a_fault() -> None:
    assert faults(trick({"number": demo.BLANK}), **RIGHT) == [
        "zoe, ps99 (a trick): item_0: expected not_attempted, no points; "
        "came passed, 2.0 of 2 points"
    ]
    came = {**RIGHT, "scores": {"item_0": 2.0, "item_1": 1.5}}
    assert faults(trick(), **came) == [
        "zoe, ps99 (a trick): item_1: expected passed, all points; came passed, 1.5 of 2 points"
    ]
    came = {
        "outcomes": {"item_0": Outcome.FAILED, "item_1": Outcome.PASSED},
        "scores": {"item_0": None, "item_1": 2.0},
    }
    assert len(faults(trick({"number": demo.WRONG}), **came)) == 1
    came["scores"]["item_0"] = 1.0
    assert faults(trick({"number": demo.WRONG}), **came) == []


def test_a_note_or_a_status_that_comes_otherwise_is_a_fault() -> None:
    assert faults(trick(), notes=("Cell 3 is odd.",), **RIGHT) == [
        "zoe, ps99 (a trick): an unexpected note: Cell 3 is odd."
    ]
    assert faults(trick(notes=("put back",)), **RIGHT) == [
        "zoe, ps99 (a trick): no note says 'put back'; the notes: none"
    ]
    assert faults(trick(), status="failed", error="boom", **RIGHT) == [
        "zoe, ps99 (a trick): expected graded '', came failed 'boom'"
    ]


def test_a_gradebook_that_says_otherwise_is_a_fault() -> None:
    result = SubmissionResult("zoe", "graded", scores={"item_0": 2.0}, score=2.0)
    one: Any = SimpleNamespace(
        student=SimpleNamespace(id="zoe"), sheet=SimpleNamespace(name="ps99"), result=result
    )
    row = {"student_id": "zoe", "assignment": "ps99", "raw_score": "2.0"}
    right = {("zoe", "ps99", "item_0"): 2.0}
    assert list(demo._differences([one], [row], right)) == []
    assert list(demo._differences([one], [row], {})) == [
        "zoe, ps99: item_0: 2.0, in the gradebook None"
    ]
    assert len(list(demo._differences([one], [{**row, "raw_score": "1.0"}], right))) == 1
    assert len(list(demo._differences([one], [], right))) == 1


# ---------------------------------------------------------------------------------------------
# The show


def test_a_small_class(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The way through nbgrader whole, with three students, one of them otherwise than expected."""
    monkeypatch.setenv("COLUMNS", "100")
    numbers: list[str] = []
    wrong = demo._Trick(
        "nothing at all",
        lambda copy: numbers.append(copy.name("number")),
        {"number": demo.BLANK},
    )
    monkeypatch.setattr(
        demo,
        "_CLASS",
        (
            demo._Student("ines", (demo.duplicate_cells, demo.with_bugs)),
            demo._Student("uma", (demo.with_bugs, demo.break_json)),
            demo._Student("zoe", (wrong, demo.honest)),
        ),
    )
    assert demo.run_demo(REPOSITORY, keep=tmp_path / "show", jobs=2) == 1
    said = capsys.readouterr().out
    root = tmp_path / "show"
    steps = ["build and release", "fetch, answer, submit", "collect", "grade", "feedback", "export"]
    assert [line for line in said.splitlines() if line.startswith(tuple(steps))]
    assert "3 students, 6 notebooks through the exchange" in said
    assert "6 notebooks came out with surprises (1):" in " ".join(said.split())
    course = load_course(REPOSITORY)
    names = [course.full_set_name(name) for name in demo.SETS]
    surprise = (
        f"zoe, {names[0]} (nothing at all): {numbers[0]}: expected not_attempted, no points; "
        "came passed, 1.0 of 1 points"
    )
    assert f"✗ {surprise}" in " ".join(said.split())
    rows = [
        line.split() for line in said.splitlines() if line.startswith(("ines ", "uma ", "zoe "))
    ]
    assert [row[-1] for row in rows] == ["✓", "✓", "✗"]
    assert all(
        len(line) <= 100 for line in said.split("Look at")[0].split("submit")[-1].splitlines()
    )

    # Where to look, and that there is something to see.
    places = [
        line.split(None, 1)[1] for line in said.splitlines() if line.startswith("  gradebook")
    ]
    assert places == [str(root / "course/gradebook.db")]
    (page,) = (root / "students/ines" / names[1] / "feedback").glob("*/*.html")
    assert str(page) in said
    assert any(name in page.read_text() for name, _ in problems(course, names[1]))
    with (root / "grades.csv").open(newline="") as file:
        assert len(list(csv.DictReader(file))) == 6


def problems(course: Any, name: str) -> list[tuple[str, Problem]]:
    found = course.items(name).items()
    return [(n, i.definition) for n, i in found if isinstance(i.definition, Problem)]


def test_a_directory_in_use_and_other_sets_are_refused(tmp_path: Path) -> None:
    (tmp_path / "something").touch()
    with pytest.raises(CourseError) as caught:
        demo.run_demo(REPOSITORY, keep=tmp_path, jobs=1)
    assert str(caught.value) == (
        f"{tmp_path}: holds something already. Name a new or an empty directory"
    )
    with pytest.raises(CourseError, match="ps99: no such problem set"):
        demo.run_demo(REPOSITORY, keep=tmp_path / "new", jobs=1, sets=("ps01", "ps99"))
    assert not (tmp_path / "new").exists()
