import base64
import dataclasses
import re
from html.parser import HTMLParser

import numpy as np
import pytest

from autograder.feedback import as_text, notice, verdict
from autograder.model import (
    CaseResult,
    Counterexample,
    Diagnosis,
    Grade,
    IteratePath,
    Outcome,
    Policy,
)

POLICY = Policy()
SECRET = "0.9799"


def public(name, outcome=Outcome.PASSED, message="", inputs=None):
    return CaseResult(name, "", False, outcome, message, message, inputs=inputs)


def hidden(name, group, outcome=Outcome.PASSED, said="", told=f"got 1, expected {SECRET}"):
    return CaseResult(name, group, True, outcome, told, said, inputs=(SECRET,))


def code(outcome, score=0.0, message="", results=(), **fields):
    return Grade("adamw_step", "code", outcome, score, 4.0, message, tuple(results), **fields)


def cause(confirmed, fix="    m_hat = m / (1 - beta1 ** t)"):
    return Diagnosis(
        "adam-missing-bias-correction",
        "bias-correction",
        7,
        7,
        "    m_hat = m / (1 - beta1)\n",
        fix,
        confirmed,
        "`m / (1 - beta1)` divides by 1 - β; bias correction divides by 1 - βᵗ",
    )


VALUES = "shape and type are right, 2 of 8 values are not"
PARTLY = code(
    Outcome.FAILED,
    2.0,
    results=[
        public("one step from zero"),
        public(
            "tenth step with decay",
            Outcome.FAILED,
            "`params[1, 0]`: got 0.9812, expected 0.97 (off by 1.1e-2, allowed 9.9e-7).",
            (np.array([1.0, 2.0]), 0.1),
        ),
        hidden("random input 1", "random trajectories"),
        *(hidden(f"random input {n}", "long runs", Outcome.FAILED, VALUES) for n in range(1, 8)),
    ],
    group_points={"random trajectories": (2.0, 2.0), "long runs": (0.0, 2.0)},
    counterexample=Counterexample("theta = [1], t = 2", "[0.9]", "[0.8]"),
    diagnoses=(cause(True), cause(False)),
)

TEXTS = {
    "passed": (
        code(
            Outcome.PASSED,
            4.0,
            results=[public("a"), public("b"), hidden("c", "vectors")],
            group_points={"vectors": (4.0, 4.0)},
        ),
        """\
✓ adamw_step: passed, 4 of 4 points

  Hidden tests
  ✓ vectors: 4 of 4 points

  Public examples
  ✓ All 2 pass.""",
    ),
    "partly right": (
        PARTLY,
        """\
◐ adamw_step: partly right, 2 of 4 points

  Cause, confirmed
  Line 7
      m_hat = m / (1 - beta1)
  `m / (1 - beta1)` divides by 1 - β; bias correction divides by 1 - βᵗ.
  Corrected there, your code passes every hidden test.

  Hidden tests
  ✓ random trajectories: 2 of 2 points
  ✗ long runs: 0 of 2 points
      random input 1: shape and type are right, 2 of 8 values are not
      random input 2: shape and type are right, 2 of 8 values are not
      random input 3: shape and type are right, 2 of 8 values are not
      and 4 more

  Public examples
  ✓ one step from zero
  ✗ tenth step with decay
      `params[1, 0]`: got 0.9812, expected 0.97 (off by 1.1e-2, allowed 9.9e-7).
      Input: `[1, 2], 0.1`""",
    ),
    "not attempted": (
        code(
            Outcome.NOT_ATTEMPTED,
            message="`adamw_step` still raises NotImplementedError",
            results=[public("a", Outcome.NOT_ATTEMPTED, "still raises NotImplementedError")],
            group_points={"vectors": (0.0, 4.0)},
        ),
        """\
○ adamw_step: not attempted, 0 of 4 points
  `adamw_step` still raises NotImplementedError.
  Nothing was taken off for later items.""",
    ),
    "no message": (
        code(Outcome.NOT_ATTEMPTED),
        """\
○ adamw_step: not attempted, 0 of 4 points
  There is no answer here yet.
  Nothing was taken off for later items.""",
    ),
    "raised": (
        code(
            Outcome.RAISED,
            message="your code stopped on line 12: `ZeroDivisionError: division by zero`",
            results=[hidden("t = 0", "edges", Outcome.RAISED, "your code stopped on line 12")],
            group_points={"edges": (0.0, 4.0)},
        ),
        """\
! adamw_step: stopped with an error, 0 of 4 points
  Your code stopped on line 12: `ZeroDivisionError: division by zero`.

  Hidden tests
  ✗ edges: 0 of 4 points""",
    ),
    "timed out": (
        code(Outcome.TIMED_OUT),
        """\
… adamw_step: out of time, 0 of 4 points
  No answer came within the time limit. A loop over elements is the usual cause.""",
    ),
    "grader error": (
        code(
            Outcome.GRADER_ERROR,
            None,
            f"ref 7f3a: /srv/solutions: {SECRET}",
            [hidden("a", "b", Outcome.FAILED, "said")],
            reference_number="7f3a",
        ),
        """\
? adamw_step: could not be graded, – of 4 points
  This item could not be graded; that is not your doing. No points were lost. Your TA
    has been told (ref 7f3a).""",
    ),
    "a person grades": (
        Grade("iq", "short_answer", Outcome.NOT_ATTEMPTED, None, 1.0),
        """\
○ iq: graded by a person, – of 1 point
  A person reads and grades this answer.""",
    ),
    "parts": (
        Grade(
            "kkt",
            "multi_numeric",
            Outcome.FAILED,
            4 / 3,
            2.0,
            "",
            (
                hidden("x", "x"),
                hidden("mu", "mu", Outcome.FAILED, "the answer is not the right number"),
                hidden("nu", "nu", Outcome.NOT_ATTEMPTED),
            ),
            group_points={"x": (4 / 3, 4 / 3), "mu": (0.0, 1 / 3), "nu": (0.0, 1 / 3)},
        ),
        """\
◐ kkt: partly right, 1.33 of 2 points

  Parts
  ✓ x: 1.33 of 1.33 points
  ✗ mu: 0 of 0.33 points
      the answer is not the right number
  ✗ nu: 0 of 0.33 points
      not attempted""",
    ),
    "one part": (
        Grade(
            "convex",
            "multiple_choice",
            Outcome.FAILED,
            0.0,
            1.0,
            "",
            (hidden("", "", Outcome.FAILED, "not the right choice"),),
            group_points={"": (0.0, 1.0)},
        ),
        """\
✗ convex: not right yet, 0 of 1 point
  Not the right choice.""",
    ),
    "someone else's test cell": (
        Grade("test_1", "test_cell", Outcome.FAILED, 0.0, 1.0, "AssertionError: no"),
        """\
✗ test_1: not right yet, 0 of 1 point
  AssertionError: no.""",
    ),
}


@pytest.mark.parametrize("case", TEXTS)
def test_text(case):
    grade, expected = TEXTS[case]
    assert as_text(grade, POLICY) == expected


class Reader(HTMLParser):
    """Collects text and tags; refuses what no page of ours may hold."""

    def __init__(self):
        super().__init__()
        self.text = []
        self.tags = []

    def handle_starttag(self, tag, attributes):
        assert tag in {"div", "span", "code", "pre", "img", "br"}, tag
        names = {name for name, _ in attributes}
        assert names <= {"style", "class", "src", "alt", "width"}, names
        self.tags.append((tag, dict(attributes)))

    def handle_data(self, data):
        self.text.append(data)


def read(markup):
    reader = Reader()
    reader.feed(markup)
    return reader


def html_of(grade, policy=POLICY):
    (output,) = verdict(grade, policy)
    assert output["output_type"] == "display_data"
    assert output["metadata"] == {}
    assert set(output["data"]) == {"text/html", "text/plain"}
    assert output["data"]["text/plain"] == as_text(grade, policy)
    return output["data"]["text/html"]


@pytest.mark.parametrize("case", TEXTS)
def test_html_says_the_same(case):
    grade, expected = TEXTS[case]

    def words(text):
        return sorted(re.findall(r"\w+", text.lower()))

    assert words("".join(t + " " for t in read(html_of(grade)).text)) == words(expected)


@pytest.mark.parametrize("case", TEXTS)
@pytest.mark.parametrize("policy", [POLICY, Policy(show_fix=True, show_counterexample=True)])
def test_nothing_of_a_hidden_case_leaks(case, policy):
    grade, _ = TEXTS[case]
    assert SECRET not in html_of(grade, policy)
    assert SECRET not in as_text(grade, policy)


def test_a_message_that_repeats_a_hidden_one_is_withheld():
    told = f"your code stopped on line 3: ValueError: [{SECRET}]"
    result = hidden("a", "b", Outcome.RAISED, "your code stopped on line 3: ValueError", told)
    grade = code(Outcome.RAISED, message=told, results=[result])
    assert SECRET not in html_of(grade)
    assert "a: your code stopped on line 3: ValueError" in as_text(grade, POLICY)


def test_the_counterexample_and_the_fix_are_the_instructors_to_show():
    quiet = as_text(PARTLY, POLICY)
    assert "theta = [1]" not in quiet
    assert "** t" not in quiet
    shown = as_text(PARTLY, Policy(show_counterexample=True, show_fix=True))
    assert (
        """
  The smallest input found that goes wrong
  Input
      theta = [1], t = 2
  Expected
      [0.9]
  Your function's answer
      [0.8]"""
        in shown
    )
    assert (
        """
  With this change every hidden test passes:
      m_hat = m / (1 - beta1 ** t)"""
        in shown
    )


@pytest.mark.parametrize(
    ("cell", "place"),
    [
        ("", "Line 7"),
        ("adamw_step_answer", "Line 7 of the cell `adamw_step_answer`"),
        ("code cell 3", "Line 7 of code cell 3"),
    ],
)
def test_a_cause_is_placed_in_its_cell(cell, place):
    diagnosis = dataclasses.replace(cause(True), cell=cell)
    text = as_text(code(Outcome.FAILED, results=[public("a")], diagnoses=(diagnosis,)), Policy())
    assert f"  Cause, confirmed\n  {place}\n      m_hat = m / (1 - beta1)\n" in text


def test_two_faults_are_both_shown_and_neither_alone_is_said_to_do():
    other = dataclasses.replace(cause(True), line=8, end_line=9)
    grade = code(Outcome.FAILED, results=[public("a")], diagnoses=(cause(True), other))
    text = as_text(grade, Policy())
    assert text.count("Cause, confirmed") == 2
    assert "  Lines 8 to 9\n" in text
    said = "Corrected there and at the other place, your code passes every hidden test."
    assert text.count(said) == 2
    shown = as_text(grade, Policy(show_fix=True))
    assert shown.count("With this change and the other every hidden test passes:") == 2


def test_a_suspected_cause_is_called_so_and_never_shows_a_fix():
    grade = code(Outcome.FAILED, results=[public("a")], diagnoses=(cause(False),) * 3)
    text = as_text(grade, Policy(show_fix=True))
    assert text.count("Cause, suspected") == 2
    assert text.count("This is suspected, not proven.") == 2
    assert "** t" not in text


HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(1)> & \"'` $\\href{javascript:x}{y}$ \\(z\\)"
)


def test_everything_is_escaped():
    diagnosis = Diagnosis(HOSTILE, HOSTILE, 1, 2, HOSTILE, HOSTILE, True, HOSTILE)
    grade = Grade(
        HOSTILE,
        "code",
        Outcome.FAILED,
        1.0,
        2.0,
        HOSTILE,
        (
            public(HOSTILE, Outcome.FAILED, HOSTILE + ".", (HOSTILE,)),
            public(HOSTILE),
            hidden(HOSTILE, HOSTILE, Outcome.FAILED, HOSTILE + "!"),
        ),
        (diagnosis,),
        {HOSTILE: (0.0, 2.0)},
        Counterexample(HOSTILE, HOSTILE, HOSTILE),
        IteratePath(np.arange(3.0), np.arange(3.0), HOSTILE),
    )
    markup = html_of(grade, Policy(show_fix=True, show_counterexample=True))
    reader = read(markup)  # refuses scripts and handlers
    assert "<script>alert(1)</script>" in "".join(reader.text)
    # MathJax reads delimiters within one stretch of text only, so none may stand in one with its formula.
    assert not [text for text in reader.text if re.search(r"[$\\].", text)]
    for _, attributes in reader.tags:
        assert "javascript" not in attributes.get("style", "")


def test_control_characters_and_endless_messages_are_tamed():
    message = "\x1b[31mred\u202e\ud800\x00" + "A" * 100_000
    for text in (
        as_text(code(Outcome.RAISED, message=message), POLICY),
        html_of(code(Outcome.RAISED, message=message)),
    ):
        assert not re.search("[\x1b\u202e\x00]", text)
        assert text.encode()
        assert len(text) < 3000


def test_colour_is_never_alone():
    for grade, _ in TEXTS.values():
        first = as_text(grade, POLICY).splitlines()[0]
        assert re.match(r"[✓◐✗!…○?] \w+: [a-z ]+, ", first)


def images(grade):
    return [attributes for tag, attributes in read(html_of(grade)).tags if tag == "img"]


def path(actual, expected, landscape=None):
    drawn = IteratePath(actual, expected, "A bowl", landscape)
    return code(Outcome.FAILED, results=[public("a")], path=drawn)


PLANE = np.array([[2.0, 1.0], [1.0, -0.5], [0.5, 0.25]])
GRID = (np.linspace(-1, 3, 8), np.linspace(-1, 1, 6), np.outer(np.arange(6.0), np.arange(8.0)))
PATHS = {
    "line": (np.array([4.0, 2.0, 1.0]), np.array([4.0, 3.0, 2.5]), None),
    "plane": (PLANE * 0.9, PLANE, None),
    "contours": (PLANE * 0.9, PLANE, GRID),
    "flat landscape": (PLANE, PLANE, (GRID[0], GRID[1], np.ones((6, 8)))),
    "landscape with nan": (PLANE, PLANE, (GRID[0], GRID[1], np.full((6, 8), np.nan))),
    "one point": (PLANE[:1], PLANE[:1], GRID),
    "other lengths": (PLANE[:2], PLANE, None),
    "nan": (PLANE * np.nan, PLANE, None),
    "reference of nan": (PLANE, PLANE * np.nan, None),
    "lists": ([4, 2, 1], [4.0, 3.0, 2.0], None),
    "long": (np.linspace(1, 0, 5000), np.linspace(1, 0, 5000), None),
}


@pytest.mark.parametrize("case", PATHS)
def test_a_path_becomes_an_inline_picture(case):
    (image,) = images(path(*PATHS[case]))
    scheme, _, data = image["src"].partition(",")
    assert scheme == "data:image/png;base64"
    assert base64.b64decode(data).startswith(b"\x89PNG")
    assert image["alt"].startswith(
        "A bowl. Yours: solid, with circles. The reference's: dashed, with squares."
    )


def test_a_path_that_diverges_does_not_squash_the_picture():
    with np.errstate(over="ignore"):
        away = 5 * (-1.6) ** np.arange(2000.0)
    assert np.isinf(away).any()
    (image,) = images(path(away, 5 * 0.7 ** np.arange(2000.0)))
    assert image["alt"].endswith("Yours leaves the picture at step 1.")


@pytest.mark.parametrize(
    "actual",
    [
        "text",
        None,
        np.zeros((3, 3)),
        np.zeros(0),
        1.0,
        np.zeros((2, 2, 2)),
        np.arange(3.0),
        [[1], [1, 2]],
    ],
    ids=str,
)
def test_what_cannot_be_drawn_is_left_out(actual):
    assert images(path(actual, PLANE)) == []


def test_pictures_are_the_same_every_time():
    grade = path(*PATHS["contours"])
    assert html_of(grade) == html_of(grade)


def test_notice():
    bundle = notice("Examples pass", "f", "all 2 public examples pass.", ["Note: <b>"])
    assert bundle["text/plain"] == "f: all 2 public examples pass.\n  Note: <b>"
    assert read(bundle["text/html"]).text[0:1] == ["\n"]
    assert "✓ Examples pass" in bundle["text/html"]
    assert "Note: &lt;b&gt;" in bundle["text/html"]
