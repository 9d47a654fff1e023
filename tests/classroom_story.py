"""A problem set's way through a classroom, in a real browser: built, released, solved, graded, read.

Everybody has a browser of their own, which notes what its pages load and what goes wrong in them. Each station leaves a
picture.
"""

from __future__ import annotations

import json
import re
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from live_classroom import ROOT, Classroom
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Locator,
    Page,
    Playwright,
    Request,
    WebError,
    expect,
)

from autograder.build import build_set
from autograder.course import load_course

COURSE = "optml"
SET = "ps02_gradient_descent"
TITLE = "Gradient descent and conditioning"
TIMEOUT_S = 120  # on a busy machine

SETTINGS = f"""\
[hub]
state = "state"
proxy = "node"

[login]
kind = "passwords"

[spawner]
kind = "local"

[courses.{COURSE}]
title = "Optimisation for machine learning"
directory = {str(ROOT)!r}
instructors = ["ines"]
assistants = ["tomas"]
students = ["ada"]

[profiles.cpu-small]
title = "Small"
groups = ["everyone"]
cpus = 1
memory_gib = 1

[profiles.gpu-shared]
title = "A share of a GPU"
groups = ["nbgrader-{COURSE}"]
cpus = 2
memory_gib = 8
gpu = "shared"
"""

CLIMBS = '''\
def grad_descent(grad_f, x0, lr, steps):
    """Gradient descent with a fixed learning rate."""
    x = x0
    for _ in range(steps):
        x = x + lr * grad_f(x)
    return x'''
DESCENDS = CLIMBS.replace("x + lr", "x - lr")
_NUMBER = re.compile(r"\[\d+\]")


@dataclass
class Record:
    """What the browsers have seen.

    Attributes:
        folder: of the pictures.
        loaded: addresses of everything that pages loaded.
        complaints: errors in the console, and exceptions of scripts that nothing caught.
        said: what a person was told, by station.
        formulas: how many were set, by station, and how many of them take up no room.
    """

    folder: Path
    loaded: set[str] = field(default_factory=set)
    complaints: list[str] = field(default_factory=list)
    said: dict[str, str] = field(default_factory=dict)
    formulas: dict[str, tuple[int, int]] = field(default_factory=dict)

    @property
    def elsewhere(self) -> set[str]:
        """What was loaded, or was to be loaded, from another machine."""
        far = {address for address in self.loaded if urlsplit(address).hostname != "127.0.0.1"}
        return {address for address in far if urlsplit(address).scheme not in ("data", "blob")}


@dataclass
class Person:
    """Somebody at a browser."""

    name: str
    context: BrowserContext
    page: Page
    record: Record

    def picture(self, station: str) -> None:
        self.page.screenshot(path=self.record.folder / f"{station}.png", animations="disabled")

    def count_formulas(self, station: str, formulas: Locator) -> None:
        boxes = formulas.evaluate_all(
            "all => all.map(f => f.getBoundingClientRect()).map(b => b.width * b.height)"
        )
        self.record.formulas[station] = (len(boxes), sum(area < 20 for area in boxes))


@dataclass
class Story:
    """What a test may ask after the story has been played.

    Attributes:
        collected: a copy of the course as it was when everything was collected and nothing graded.
    """

    classroom: Classroom
    record: Record
    collected: Path

    @property
    def course(self) -> Path:
        return self.classroom.state.course(COURSE)

    @property
    def home(self) -> Path:
        return self.classroom.state.homes / "ada"


def play(playwright: Playwright, classroom: Classroom, folder: Path, spare: Path) -> Story:
    """Play the whole story.

    Args:
        playwright: with Chromium in PATH.
        classroom: of SETTINGS, with its hub running.
        folder: for pictures.
        spare: an empty directory, for a copy of the course.
    """
    story = Story(classroom, Record(folder), spare / "course")
    chromium = shutil.which("chromium")
    options = ["--disable-gpu", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]
    browser = playwright.chromium.launch(executable_path=chromium, args=options)
    expect.set_options(timeout=TIMEOUT_S * 1000)
    try:
        with _person(story, browser, "ines") as ines:
            _build_and_release(story, ines)
        with _person(story, browser, "ada") as ada:
            _fetch(story, ada)
            _answer(story, ada)
            _submit(story, ada)
            with _person(story, browser, "tomas") as tomas:
                _grade(story, tomas)
                _give_feedback(story, tomas)
            _read_feedback(story, ada)
    finally:
        browser.close()
    return story


@contextmanager
def _person(story: Story, browser: Browser, name: str) -> Iterator[Person]:
    record = story.record
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB")
    context.set_default_timeout(TIMEOUT_S * 1000)

    def note_request(request: Request) -> None:
        record.loaded.add(request.url)

    def note_message(message: ConsoleMessage) -> None:
        if message.type == "error":
            place = message.location.get("url", "")
            record.complaints.append(f"{name}: {message.text} ({place})")

    def note_error(error: WebError) -> None:
        record.complaints.append(f"{name}: {error.error}")

    context.on("request", note_request)
    context.on("console", note_message)
    context.on("weberror", note_error)
    person = Person(name, context, context.new_page(), record)
    try:
        yield person
    except (Error, AssertionError):
        person.picture(f"failed-{name}")
        raise
    finally:
        context.close()


def _show(person: Person, place: Locator, station: str) -> None:
    """A picture with this place in it."""
    place.first.scroll_into_view_if_needed()
    person.picture(station)


def _wait_until(page: Page, is_so: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + TIMEOUT_S
    while not is_so():
        assert time.monotonic() < end, what
        page.wait_for_timeout(200)  # between looks


# ---------------------------------------------------------------------------------------------
# At the hub


def _log_in(story: Story, person: Person, path: str) -> None:
    assert story.classroom.hub is not None
    page = person.page
    page.goto(f"{story.classroom.hub.url}{path}")
    page.get_by_label("Username").fill(person.name)
    page.locator("#password_input").fill(story.classroom.passwords[person.name])
    person.picture(f"login-{person.name}")
    page.get_by_role("button", name="Sign in").click()


# ---------------------------------------------------------------------------------------------
# The instructor


def _build_and_release(story: Story, ines: Person) -> None:
    page = ines.page
    _log_in(story, ines, f"/services/{COURSE}/")
    expect(page.get_by_role("heading", name="Manage Assignments")).to_be_visible()
    ines.picture("instructor-empty")
    assert story.classroom.hub is not None
    page.goto(f"{story.classroom.hub.url}/services/{COURSE}/lab")
    page.locator(".jp-LauncherCard[title*='terminal']").click()
    page.locator(".jp-Terminal .xterm").click()
    page.keyboard.type("autograder build ps02\n")
    built = story.course / "source" / SET / f"{SET}.ipynb"
    _wait_until(page, built.exists, "the set was not built")
    ines.picture("instructor-build")

    page.goto(f"{story.classroom.hub.url}/services/{COURSE}/")
    row = _row(page, SET)
    expect(row.locator(".status")).to_have_text("draft")
    row.locator(".assign a").click()
    _close_success(ines, "instructor-generated")
    row.locator(".release a").click()
    _close_success(ines, "instructor-released")
    expect(row.locator(".status")).to_have_text("released")
    ines.picture("instructor-formgrader")


def _row(page: Page, text: str) -> Locator:
    return page.locator("#main-table tr").filter(has_text=text)


def _close_success(person: Person, station: str) -> None:
    """The formgrader's window that says how it went."""
    page = person.page
    window = page.locator(".modal")
    expect(window).to_be_visible()
    person.record.said[station] = window.inner_text()
    expect(window.locator(".modal-title")).to_have_text("Success")
    person.picture(station)
    window.get_by_role("button", name="OK").click()
    expect(window).to_have_count(0)


# ---------------------------------------------------------------------------------------------
# The student


def _fetch(story: Story, ada: Person) -> None:
    page = ada.page
    _log_in(story, ada, "/hub/spawn")
    expect(page.get_by_role("button", name="Start")).to_be_visible()
    ada.record.said["student-sizes"] = page.locator("#spawn_form").inner_text()
    ada.picture("student-sizes")
    page.get_by_role("button", name="Start").click()
    page.locator("#jupyterlab-splash").wait_for(state="detached")
    _menu(page, "Nbgrader", "nbgrader:open-assignment-list")
    released = page.locator("#released_assignments_list .list_item")
    expect(released).to_have_count(1)
    ada.picture("student-list")
    released.get_by_role("button", name="Fetch").click()
    expect(_fetched(page)).to_have_count(1)


def _fetched(page: Page) -> Locator:
    return page.locator("#fetched_assignments_list > .list_item")


def _menu(page: Page, menu: str, command: str) -> None:
    page.locator(".lm-MenuBar-itemLabel", has_text=menu).click()
    page.locator(f".lm-Menu li[data-command='{command}']").first.click()


def _answer(story: Story, ada: Person) -> None:
    """All is answered but one function; two answers are wrong in ways that only grading finds."""
    page = ada.page
    notebook = story.home / COURSE / SET / f"{SET}.ipynb"
    _answer_the_rest(notebook, story.collected.parent)
    _fetched(page).get_by_text(SET).first.click()
    _fetched(page).locator(".assignment-notebooks a").click()
    answer = page.locator(".jp-CodeCell").filter(has_text="def grad_descent(")
    check = page.locator(".jp-CodeCell").filter(has_text='check("grad_descent"')
    expect(check).to_be_visible()

    _write(page, answer, CLIMBS)
    _menu(page, "Run", "notebook:run-all-above")
    expect(page.locator(".jp-InputPrompt", has_text="[*]")).to_have_count(0)
    _run(page, answer)
    _run(page, check)
    said = check.locator(".jp-OutputArea-output")
    expect(said).to_be_visible()
    ada.record.said["student-refused"] = said.inner_text()
    _show(ada, check, "student-refused")
    ada.record.said["student-validate-refused"] = _validate(ada, "student-validate-refused")

    _write(page, answer, DESCENDS)
    _run(page, answer)
    _run(page, check)
    expect(said).not_to_have_text(ada.record.said["student-refused"])
    ada.record.said["student-accepted"] = said.inner_text()
    ada.picture("student-accepted")
    _menu(page, "Run", "runmenu:run-all")
    last = page.locator(".jp-CodeCell").last
    expect(last.locator(".jp-InputPrompt")).to_have_text(_NUMBER)
    ada.record.said["student-validate"] = _validate(ada, "student-validate")
    ada.count_formulas("student-notebook", page.locator(".jp-Notebook mjx-container"))


def _answer_the_rest(notebook: Path, spare: Path) -> None:
    build_set(load_course(ROOT), SET, spare, solved=True)
    solved = json.loads((spare / SET / f"{SET}.ipynb").read_text())
    file = ROOT / "solutions" / SET / "valley/wrong/first_two_only.py"
    wrong = file.read_text().partition("\n\n\n")[2].strip()
    nb = json.loads(notebook.read_text())
    for cell, right in zip(nb["cells"], solved["cells"], strict=True):
        source = "".join(right["source"])
        if "def grad_descent(" in source:
            continue
        if "def valley(" in source:
            source = wrong
        elif "gd_five_steps = " in source:
            source = "gd_five_steps = -0.279"
        cell["source"] = source
    notebook.write_text(json.dumps(nb))


def _write(page: Page, cell: Locator, source: str) -> None:
    cell.locator(".cm-content").click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(source)


def _run(page: Page, cell: Locator) -> None:
    cell.locator(".cm-content").click()
    page.keyboard.press("Shift+Enter")
    expect(cell.locator(".jp-InputPrompt")).to_have_text(_NUMBER)


def _validate(person: Person, station: str) -> str:
    """What nbgrader's button in the notebook says."""
    page = person.page
    page.locator(".validate-button").click()
    window = page.locator(".jp-Dialog")
    expect(window).to_contain_text("Validation Results")
    said = window.inner_text()
    person.picture(station)
    window.get_by_role("button", name="OK").click()
    expect(window).to_have_count(0)
    return said


def _submit(story: Story, ada: Person) -> None:
    page = ada.page
    page.keyboard.press("Control+S")
    expect(page.locator(".lm-TabBar-tab.jp-mod-dirty")).to_have_count(0)
    page.locator(".lm-DockPanel-tabBar .lm-TabBar-tabLabel", has_text="Assignments").click()
    _fetched(page).get_by_role("button", name="Submit").click()
    expect(_submissions(page)).to_have_count(1)
    ada.picture("student-submitted")


def _submissions(page: Page) -> Locator:
    return page.locator("#submitted_assignments_list .assignment-notebooks .list_item .item_name")


# ---------------------------------------------------------------------------------------------
# The TA


def _grade(story: Story, tomas: Person) -> None:
    page = tomas.page
    _log_in(story, tomas, f"/services/{COURSE}/")
    row = _row(page, SET)
    row.locator(".collect a").click()
    _close_success(tomas, "ta-collected")
    shutil.copytree(story.course, story.collected, symlinks=True)
    row.locator(".num-submissions a").click()
    row = _row(page, "ada")
    expect(row.locator(".status")).to_have_text("needs autograding")
    row.locator(".autograde a").click()
    _close_success(tomas, "ta-autograded")
    expect(row.locator(".status")).to_have_text("graded")
    tomas.record.said["ta-score"] = row.locator(".score").inner_text()
    tomas.picture("ta-graded")

    row.locator(".student-name a").click()
    page.locator("#main-table a", has_text=SET).click()
    # Having loaded, the page rolls to where the grader was last.
    page.wait_for_function("""
        typeof formgrader !== "undefined" && formgrader.loaded && formgrader.grades.loaded
        && formgrader.comments.loaded && !$("body, html").is(":animated")
    """)
    graded = page.get_by_role("main")
    expect(graded.get_by_role("heading", name=TITLE)).to_be_visible()
    tomas.count_formulas("ta-formgrade", graded.locator("math"))
    _show(tomas, graded.get_by_text("Cause, confirmed"), "ta-formgrade")


def _give_feedback(story: Story, tomas: Person) -> None:
    page = tomas.page
    assert story.classroom.hub is not None
    page.goto(f"{story.classroom.hub.url}/services/{COURSE}/formgrader/manage_assignments")
    row = _row(page, SET)
    row.locator(".generate-feedback a").click()
    _close_success(tomas, "ta-feedback-generated")
    row.locator(".release-feedback a").click()
    _close_success(tomas, "ta-feedback-released")


# ---------------------------------------------------------------------------------------------
# The student again


def _read_feedback(story: Story, ada: Person) -> None:
    page = ada.page
    page.locator("#refresh_assignments_list").click()
    expect(_submissions(page)).to_contain_text("feedback available to fetch")
    page.locator("#submitted_assignments_list").get_by_role("button", name="Fetch Feedback").click()
    _submissions(page).get_by_text("view feedback").click()
    page.locator(".jp-DirListing-itemText", has_text=f"{SET}.html").dblclick()
    feedback = page.frame_locator(".jp-HTMLViewer iframe")
    expect(feedback.get_by_role("heading", name=TITLE)).to_be_visible()
    ada.count_formulas("student-feedback", feedback.locator("math"))
    ada.record.said["student-feedback"] = feedback.locator("body").inner_text()
    _show(ada, feedback.get_by_text("Cause, confirmed"), "student-feedback")
