"""The whole loop in a real browser, with Node's proxy in front; `classroom_story` has what everybody does."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import classroom_story
import psutil
import pytest
from classroom_story import SET, Story
from live_classroom import open_classroom
from nbgrader.api import Gradebook
from playwright.sync_api import sync_playwright

from hub_config.classroom import proxy


def proxy_is_missing() -> bool:
    try:
        proxy.command("node")
    except proxy.ProxyMissingError:
        return True
    return False


pytestmark = [
    pytest.mark.command_line,
    pytest.mark.needs("chromium", "node"),
    pytest.mark.xdist_group("browser"),
    pytest.mark.skipif(proxy_is_missing(), reason="make proxy"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """Played once. The pictures are kept where AUTOGRADER_ARTEFACTS says, if it does."""
    place = os.environ.get("AUTOGRADER_ARTEFACTS")
    pictures = Path(place) if place else tmp_path_factory.mktemp("pictures")
    root, spare = tmp_path_factory.mktemp("classroom"), tmp_path_factory.mktemp("spare")
    with (
        open_classroom(root, classroom_story.SETTINGS) as classroom,
        sync_playwright() as playwright,
    ):
        yield classroom_story.play(playwright, classroom, pictures, spare)


def test_check_refuses_a_sign_bug_with_the_numbers_and_accepts_the_correction(
    story: Story,
) -> None:
    said = story.record.said
    # Five steps on 3x² + 2x + 1 from 5 with rate 0.1: each multiplies the error by 0.4, or uphill by 1.6.
    minimum = -1 / 3
    uphill, downhill = (minimum + factor**5 * (5 - minimum) for factor in (1.6, 0.4))
    assert said["student-refused"].startswith("grad_descent: 1 of 3 public examples passes.")
    assert f"got {uphill:.6g}, expected {downhill:.5g}" in said["student-refused"]
    assert said["student-accepted"] == (
        "✓ Examples passgrad_descent\nAll 3 public examples pass. Hidden tests decide the grade."
    )


def test_validate_shows_what_check_says(story: Story) -> None:
    said = story.record.said
    assert 'check("grad_descent", grad_descent)' in said["student-validate-refused"]
    assert said["student-refused"].splitlines()[1] in said["student-validate-refused"]
    assert "Success! Your notebook passes all the tests." in said["student-validate"]


def scores(course: Path) -> dict[str, tuple[float, float]]:
    """Score and points of each graded cell of ada's."""
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        (notebook,) = gradebook.find_submission(SET, "ada").notebooks
        return {grade.name: (grade.auto_score, grade.max_score) for grade in notebook.grades}


def test_the_formgraders_button_and_the_command_give_the_same_scores(story: Story) -> None:
    config = story.collected / "nbgrader_config.py"
    text = config.read_text()
    assert text.count(str(story.course)) == 1
    config.write_text(text.replace(str(story.course), str(story.collected)))
    program = Path(sys.executable).with_name("autograder")
    command = [str(program), "grade", SET, "--course", str(story.collected)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    by_button = scores(story.course)
    assert scores(story.collected) == by_button
    lost = {name for name, (score, points) in by_button.items() if score < points}
    assert lost == {"gd_five_steps", "valley"}
    total = sum(points for _, points in by_button.values())
    assert story.record.said["ta-score"] == f"{total - 1 - 4:g} / {total:g}"


def test_feedback_names_the_cause_to_the_student(story: Story) -> None:
    page = story.record.said["student-feedback"]
    total = story.record.said["ta-score"].replace(" / ", ".0 / ")
    assert page.startswith(f"{SET} (Score: {total}.0)")
    graded = page.partition('check("valley", valley)')[2]
    assert re.match(r"\s*✗ Not right yet\s*valley\s*0 of 4 points\s*Cause, confirmed", graded)


def test_formulas_are_set_on_every_page(story: Story) -> None:
    """By MathJax in the notebook, as MathML in the other two."""
    formulas = story.record.formulas
    assert set(formulas) == {"student-notebook", "ta-formgrade", "student-feedback"}
    ((number, without_room),) = set(formulas.values())
    assert number > 100
    assert without_room == 0


def test_nothing_is_loaded_from_elsewhere(story: Story) -> None:
    assert len(story.record.loaded) > 100
    assert story.record.elsewhere == set()


def test_no_page_complains(story: Story) -> None:
    # The policy of a feedback page, which loads nothing, refuses Bootstrap's font of icons; the page has none.
    known = re.compile(r"ada: Loading the font '[^']*/fonts/glyphicons-[^']*' violates")
    assert [text for text in story.record.complaints if not known.match(text)] == []


def test_only_what_can_be_used_is_offered(story: Story) -> None:
    offered = story.record.said["student-sizes"]
    assert "A share of a GPU (not on this machine)" in offered
    assert "If no GPU is free" not in offered


def test_the_proxy_is_nodes_and_listens_on_this_machine_only(story: Story) -> None:
    (node,) = [p for p in story.classroom.processes() if Path(p.exe()).name == "node"]
    assert "configurable-http-proxy" in " ".join(node.cmdline())
    listening = {
        connection.laddr.ip
        for process in story.classroom.processes()
        for connection in process.net_connections("inet")
        if connection.status == psutil.CONN_LISTEN
    }
    assert listening == {"127.0.0.1"}
