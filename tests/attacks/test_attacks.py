"""Every attack against both ways to grade and both levels of isolation; and honest students among the attackers.

The class is graded once in each way. An attack's test then looks at what became of its submission: no points that
it does not deserve, nothing read, nothing left behind, no markup in a page, and a clear word to whom it may concern.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from attack import CATEGORIES, WAYS, Attack
from bs4 import BeautifulSoup
from graded import ALL, WITH_PAGES, Graded
from nbconvert.exporters import HTMLExporter
from nbgrader.server_extensions.formgrader import handlers
from room import BREACHED, FIRST, HIDDEN_EXPECTED, HIDDEN_INPUT, LAST, SET, Result, Room
from test_release import nbgrader_api

POINTS = {
    "choice": 1.0,
    "floor_at": 4.0,
    "hunt": 2.0,
    "length": 4.0,
    "measured": 2.0,
    "order": 1.0,
    "pair": 2.0,
    "root_of_two": 1.0,
    "slope": 1.0,
}
ATTACKS = [attack for attack in ALL if attack.category != "honest"]
HONEST = [attack for attack in ALL if attack.category == "honest"]

pytestmark = [
    pytest.mark.filterwarnings("ignore:Object of type <Submitted"),  # nbgrader's own
    pytest.mark.filterwarnings("ignore:No lexer found"),  # a language of an attacker's invention
]


def in_each_way(attacks: list[Attack]) -> pytest.MarkDecorator:
    """One test for each attack and way; a way's tests run in one process, so its class is graded once."""
    cases = []
    for way in WAYS:
        for attack in (attack for attack in attacks if way in attack.ways):
            marks: list[pytest.MarkDecorator] = [pytest.mark.xdist_group(f"attacks-{way}")]
            if attack.open:
                marks.append(pytest.mark.xfail(reason=attack.open, strict=True))
            cases.append(pytest.param(way, attack, id=f"{way}-{attack}", marks=marks))
    return pytest.mark.parametrize(("way", "attack"), cases)


def in_ways(*ways: str) -> pytest.MarkDecorator:
    marks = {way: pytest.mark.xdist_group(f"attacks-{way}") for way in ways}
    return pytest.mark.parametrize("way", [pytest.param(way, marks=marks[way]) for way in ways])


each_way = in_ways(*WAYS)


# ---------------------------------------------------------------------------------------------
# The collection itself


def test_there_are_many_attacks_of_every_kind() -> None:
    names = [str(attack) for attack in ALL]
    assert len(names) == len(set(names))
    assert len(ATTACKS) >= 60
    assert {attack.category for attack in ATTACKS} == set(CATEGORIES)
    assert len(HONEST) >= 10


@pytest.mark.parametrize("attack", ALL, ids=str)
def test_an_attack_names_its_wall_and_says_what_must_come_of_it(attack: Attack) -> None:
    assert attack.wall
    assert not attack.target or attack.target in POINTS
    assert set(attack.costs) <= set(POINTS)
    if attack.error:
        assert attack.says
    assert not (attack.category == "honest" and (attack.target or attack.costs or attack.error))


# ---------------------------------------------------------------------------------------------
# What becomes of attackers


@in_each_way(ATTACKS)
def test_an_attack(attack: Attack, graded: Graded) -> None:
    result = graded.results[attack.id]
    assert list(undeserved(attack, result)) == []
    assert list(secrets_in(result, graded)) == []
    assert graded.traces.get(attack.name, []) == []
    assert list(markup_in(result.page)) == []
    assert BREACHED not in result.texts
    assert len(result.notebook) < 40 << 20
    assert_told(attack, result, graded)


def undeserved(attack: Attack, result: Result) -> Iterator[str]:
    """Items whose points are not those that the answers deserve."""
    if attack.error:
        if any(result.scores.values()) or result.notebook:
            yield f"it was graded: {result.scores}"
        return
    for item, points in POINTS.items():
        score = result.scores.get(item)
        deserved = points * attack.score if item == attack.target else points
        if score is None or (score != deserved and not (item in attack.costs and score < deserved)):
            yield f"{item}: {score}, not {deserved}"
    if result.scores.get("reason") is not None:
        yield "a person did not grade the written answer"


def secrets_in(result: Result, graded: Graded) -> Iterator[str]:
    """Canaries, and numbers of hidden cases, in anything that a student or a TA is shown."""
    shown = {"graded": result.files, "said": result.said}
    for where, text in shown.items():
        for place, canary in graded.room.canaries.items():
            if canary in text:
                yield f"{where}: the canary of {place}"
        for number in (HIDDEN_INPUT, HIDDEN_EXPECTED):
            if f"{number:.6f}"[2:] in text:
                yield f"{where}: the hidden number {number}"


_HARMFUL_TAGS = (
    "iframe",
    "form",
    "object",
    "embed",
    "meta",
    "base",
    "link",
    "svg",
    "input",
    "applet",
)
_LINKS = ("href", "src", "action", "formaction", "xlink:href", "srcdoc", "data")


# What MathJax would set: a delimiter and a command, and no tag between them.
_FORMULA = re.compile(
    r"(?:\$|\\\(|\\\[|\\begin\{).*\\(?:href|style|class|cssId|require|unicode|data)\{.*injected",
    re.DOTALL,
)


def markup_in(page: str) -> Iterator[str]:
    """Whatever a student has put into a page that a browser or MathJax would obey.

    All that attacks inject holds the word "injected".
    """
    if "injected" not in page:
        return
    soup = BeautifulSoup(page, "html.parser")
    for tag in soup.find_all(True):
        yield from (f"<{tag.name} {name}>" for name in tag.attrs if name.lower().startswith("on"))
        for name in _LINKS:
            value = re.sub(r"\s", "", str(tag.attrs.get(name, ""))).lower()
            is_picture = tag.name == "img" and value.startswith("data:")  # runs nothing
            if value.startswith(("javascript:", "vbscript:", "data:")) and not is_picture:
                yield f"<{tag.name} {name}={value[:40]!r}>"
        if "injected" in str(tag.attrs.get("style", "")) or tag.attrs.get("id") == "injected":
            yield f"<{tag.name}> with a style or an id of the student's"
        if tag.name in _HARMFUL_TAGS and "injected" in str(tag):
            yield f"<{tag.name}>"
        if tag.name in ("script", "style") and "injected" in tag.get_text():
            yield f"<{tag.name}>"
    for tag in soup.find_all(["script", "style", "pre", "code"]):
        tag.decompose()  # MathJax leaves these alone
    for text in soup.find_all(string=_FORMULA):
        yield f"MathJax: {str(text).strip()[:60]}"


def assert_told(attack: Attack, result: Result, graded: Graded) -> None:
    """There is a clear word: to the student in the graded notebook, to the TA if it cannot be graded."""
    if attack.error:
        assert any(text in " ".join(result.said.split()) for text in attack.says), result.said
        return
    if attack.says:
        told = result.texts + " ".join(result.said.split())
        assert any(text in told for text in attack.says), told[:3000]
    if attack.target:
        verdict = verdict_on(attack.target, result)
        points = POINTS[attack.target]
        first, *reasons = verdict.splitlines()
        assert f" of {points:g} point" in first
        assert reasons, verdict


def verdict_on(item: str, result: Result) -> str:
    for cell in json.loads(result.notebook)["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == item:
            data: dict[str, Any] = cell["outputs"][0]["data"]
            text = data["text/plain"]
            return "".join(text) if isinstance(text, list) else text
    raise AssertionError(item)


# ---------------------------------------------------------------------------------------------
# What becomes of the others


@each_way
def test_honest_students_among_attackers_get_full_marks(way: str, graded: Graded) -> None:
    for student in (FIRST, LAST):
        assert graded.results[student].scores == {**POINTS, "reason": None}


@in_each_way(HONEST)
def test_an_honest_student_who_looks_like_an_attacker_gets_full_marks(
    attack: Attack, way: str, graded: Graded
) -> None:
    result = graded.results[attack.id]
    assert result.scores == {**POINTS, "reason": None}
    assert bool(result.page) is (way in WITH_PAGES)
    assert list(secrets_in(result, graded)) == []


@each_way
def test_no_process_survives(way: str, graded: Graded) -> None:
    assert graded.survivors == []


@each_way
def test_nothing_is_left_behind(way: str, graded: Graded) -> None:
    assert graded.traces == {}
    assert [path.name for path in (graded.room.root / "tmp").iterdir()] == ["notes.txt"]
    assert sorted(path.name for path in (graded.room.root / "home").iterdir()) == ["secret.txt"]


@each_way
def test_the_level_is_named(way: str, graded: Graded) -> None:
    if way != "nbgrader":
        assert f"isolation: {way}" in graded.room.said["autograder grade"]


@in_ways("full", "reduced")
def test_a_terminal_is_told_nothing_that_it_obeys(way: str, graded: Graded) -> None:
    """Names of students and files, and what a student's exceptions say, may hold any character."""
    room = graded.room
    path = f"submitted/injecting-direction_and_controls/{SET}/{SET}.ipynb"
    room.run("autograder", "try", "floor_at", path, codes=(1,))
    for command in ("autograder grade", "autograder try"):
        found = _OBEYED.search(room.said[command])
        assert found is None, (command, found)


# Controls but the newline, and marks that turn the direction of what follows.
_OBEYED = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@in_each_way([attack for attack in ATTACKS if attack.category == "injecting"])
def test_the_formgrader_s_page_obeys_nothing_of_a_student_s_notebook(
    attack: Attack, graded: Graded
) -> None:
    """It is what a TA opens, in the hub's origin and with a TA's rights."""
    page = BeautifulSoup(formgrader_page(graded.room, attack.id), "html.parser")
    notebook = page.select_one("#notebook")
    assert notebook is not None
    assert "floor_at" in notebook.get_text()
    assert list(markup_in(str(notebook))) == []


def formgrader_page(room: Room, student: str) -> str:
    """As nbgrader's SubmissionHandler renders it, with the course's configuration."""
    config = deepcopy(nbgrader_api(room.course).config)
    config.HTMLExporter.template_name = "formgrade"
    config.HTMLExporter.extra_template_basedirs = [handlers.template_path]
    path = room.course / "autograded" / student / SET / f"{SET}.ipynb"
    keys = (
        "assignment_id",
        "notebook_id",
        "submission_id",
        "last_name",
        "first_name",
        "notebook_path",
    )
    resources = dict.fromkeys(keys, "") | {
        "index": 0,
        "total": 1,
        "base_url": "",
        "student": student,
    }
    page: str = HTMLExporter(config=config).from_filename(str(path), resources=resources)[0]
    return page


@in_ways(*WITH_PAGES)
def test_a_student_reads_the_reason_in_the_page(way: str, graded: Graded) -> None:
    for attack in ATTACKS:
        if attack.target and not attack.error and way in attack.ways:
            page = graded.results[attack.id].page
            words = ("Not right yet", "Not attempted", "Stopped", "Out of time", "Partly right")
            assert any(word in page for word in words), attack


@each_way
def test_the_table_of_grades_is_safe_to_open(way: str, graded: Graded) -> None:
    """Each row is one student's, and no field is a formula to a spreadsheet."""
    rows = {row["student_id"]: row for row in graded.table}
    assert rows["ida, 100, 100, injected"]["score"] == "18.0"
    for row in graded.table:
        for value in row.values():
            assert not str(value).startswith(("=", "+", "-", "@", "\t", "\r"))
