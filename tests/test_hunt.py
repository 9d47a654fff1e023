"""Hunts from mutants: the same for a seed, one wrong line, gradable by line and by repair; and declared ones."""

import ast
import re
from dataclasses import replace

import pytest
import small_course
from small_course import SET

from autograder.build import build_set
from autograder.compare import compare
from autograder.course import CourseError, load_course
from autograder.grade import grade_notebook
from autograder.hunt import Hunt, HuntError, Hunts, make_hunt, student_seed, validate_hunts
from autograder.judge import repaired_listing
from autograder.listings import ListingError, changed, completed, numbered, right_listing
from autograder.model import BugHunt, Cell, Item, Outcome, Submission
from autograder.mutate import is_same, mutants
from autograder.oracle import oracle
from autograder.validate import validate_set

PROBLEMS = ("is_convex_on_chord", "momentum_sgd", "soft_threshold", "warmup_cosine")
ANSWERS = f"solutions/{SET}/answers.py"


@pytest.fixture(scope="module")
def makers(course, sandboxes):
    return {name: Hunts(course.problem(name), sandboxes) for name in PROBLEMS}


def graded(course, hunt, answer, sandboxes, policy):
    """What an answer earns for a hunt, by the way that a student's answer goes."""
    problem = course.problem(hunt.problem)
    items = {hunt.problem: problem, "hunt": Item("hunt", problem.set_name, problem.file, hunt)}
    cells = (Cell(0, "code", f"hunt = {answer!r}"), Cell(1, "code", "", "hunt", 2.0))
    return grade_notebook(Submission(cells), items, sandboxes, policy).grades["hunt"]


def hunts_of(course):
    return {
        item.name: item.definition
        for set_name in course.set_names()
        for item in course.items(set_name).values()
        if isinstance(item.definition, BugHunt)
    }


# ---------------------------------------------------------------------------------------------
# What a hunt is


@pytest.mark.parametrize("name", PROBLEMS)
def test_one_line_is_wrong(makers, name):
    for seed in range(8):
        hunt = makers[name].make(seed).declared
        lines = hunt.listing.splitlines()
        assert lines[hunt.lines[0] - 1] != hunt.repair
        assert f"def {name}(" in hunt.listing
        assert "import" not in hunt.listing
        assert 4 <= len([line for line in lines if line.split("#")[0].strip()]) <= 30
        right = repaired_listing(hunt.listing, hunt.lines[0], hunt.repair)
        ast.parse(right)
        assert not is_same(right, hunt.listing)
        written = (makers[name]._item.file.parent / hunt.answer).read_text()
        assert [line for line in right.splitlines() if line not in written.splitlines()] == []


def test_the_same_seed_makes_the_same_hunt(course, sandboxes, makers):
    for name in ("soft_threshold", "warmup_cosine"):
        again = Hunts(course.problem(name), sandboxes)
        assert [again.make(seed) for seed in (3, 2, 1)] == [makers[name].make(s) for s in (3, 2, 1)]
    assert make_hunt(course.problem("soft_threshold"), 5, sandboxes) == makers[
        "soft_threshold"
    ].make(5)


def test_a_class_gets_variants(makers):
    seeds = [student_seed("bug", f"student{number:02}") for number in range(20)]
    assert len(set(seeds)) == 20
    assert seeds[0] == student_seed("bug", "student00")
    assert seeds[0] != student_seed("another_bug", "student00")
    hunts = {makers["soft_threshold"].make(seed) for seed in seeds}
    assert len(hunts) >= 10
    assert len({hunt.family for hunt in hunts}) >= 3


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_behaviours_are_told_apart_by_line(makers):
    """Two hunts on different lines of one file never behave the same on the hidden inputs."""
    prepared = oracle(makers["soft_threshold"]._item)
    cases = [case for _, group in prepared.groups for case in group]
    for path, listing in makers["soft_threshold"].files():
        found = makers["soft_threshold"].of_file(path, listing)
        answers = []
        for hunt in found:
            space: dict = {}
            exec("import numpy as np, math\n" + hunt.declared.listing, space)  # ours, no student's
            run = [
                space["soft_threshold"](*(_copied(i) for i in case.case.inputs)) for case in cases
            ]
            answers.append((hunt, run))
        for hunt, run in answers:
            for other, theirs in answers:
                if hunt.line != other.line:
                    assert any(
                        compare(a, b, rtol=1e-6, atol=1e-9)
                        for a, b in zip(run, theirs, strict=True)
                    ), (hunt.said, other.said)


def _copied(value):
    return value.copy() if hasattr(value, "copy") else value


# ---------------------------------------------------------------------------------------------
# Grading


@pytest.mark.parametrize("name", PROBLEMS)
def test_the_key_earns_all_and_the_fault_nothing(course, makers, notebook_sandboxes, policy, name):
    hunt = makers[name].make(11).declared
    line = hunt.lines[0]
    faulty = hunt.listing.splitlines()[line - 1]
    grade = graded(course, hunt, {"line": line, "repair": hunt.repair}, notebook_sandboxes, policy)
    assert (grade.outcome, grade.score) == (Outcome.PASSED, 2.0)
    grade = graded(course, hunt, {"line": line, "repair": faulty}, notebook_sandboxes, policy)
    assert grade.score == 1.0
    elsewhere = {"line": 1, "repair": hunt.listing.splitlines()[0]}
    assert graded(course, hunt, elsewhere, notebook_sandboxes, policy).score == 0.0


def test_a_made_hunt_in_a_set_is_what_was_made_and_validates(
    tmp_path, sandboxes, notebook_sandboxes
):
    small_course.write(tmp_path)
    hunt = make_hunt(load_course(tmp_path).problem("floor_at"), 1, sandboxes)
    answers = tmp_path / ANSWERS
    answers.write_text(answers.read_text() + "\n" + hunt.answer_source("second_hunt"))
    notebook = tmp_path / f"assignments/{SET}/{SET}.md"
    notebook.write_text(notebook.read_text() + "\n" + Hunt.cell_source("second_hunt"))
    course = load_course(tmp_path)
    assert list(map(str, validate_set(course, SET, notebook_sandboxes))) == []
    assert validate_hunts(course, SET, notebook_sandboxes) == []
    assert course.items(SET)["second_hunt"].definition == hunt.declared


# ---------------------------------------------------------------------------------------------
# Texts


def sample(**changes):
    fields = {
        "points": 3,
        "problem": "p",
        "answer": "accepted/right.py",
        "change": "x - 1 -> x + 1",
        "other_repairs": (),
        "listing": 'def p(x):\n    y = "a"\n    return x + 1\n',
        "lines": (3,),
        "repair": "    return x - 1",
    }
    return Hunt(BugHunt(**(fields | changes)), "sign", "`x - 1` becomes `x + 1`")


def test_the_numbered_listing():
    assert sample().numbered() == '1  def p(x):\n2      y = "a"\n3      return x + 1'
    long = numbered("def p(x):\n" + "    x += 1\n" * 9).splitlines()
    assert long[0] == " 1  def p(x):"
    assert long[9] == "10      x += 1"


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"answer": ""},
        {"change": 'y = "a" -> y = "b"'},
        {"change": r"'\n' -> '\t'"},
        {"other_repairs": ('y = "a" -> x -= 2', "y -> x")},
    ],
)
def test_the_source_for_answers_says_the_same(changes):
    hunt = sample(**changes)
    space: dict = {"BugHunt": BugHunt}
    exec(hunt.answer_source("bug"), space)
    declared = space["bug"]
    assert declared == replace(
        hunt.declared,
        listing="",
        lines=(),
        repair="",
        other_repairs=type(declared.other_repairs)(hunt.declared.other_repairs),
    )


def test_the_record_is_plain():
    assert sample().record("bug", 7) == {
        "item": "bug",
        "problem": "p",
        "seed": 7,
        "answer": "accepted/right.py",
        "change": "x - 1 -> x + 1",
        "listing": 'def p(x):\n    y = "a"\n    return x + 1\n',
        "lines": [3],
        "repair": "    return x - 1",
        "family": "sign",
        "said": "`x - 1` becomes `x + 1`",
    }


# ---------------------------------------------------------------------------------------------
# Where there is none


def test_short_answers_give_no_hunt(tmp_path, sandboxes):
    small_course.write(tmp_path)
    (tmp_path / f"solutions/{SET}/floor_at/accepted/mask.py").unlink()
    with pytest.raises(HuntError) as error:
        make_hunt(load_course(tmp_path).problem("floor_at"), 1, sandboxes)
    assert str(error.value) == (
        "floor_at: no hunt can be made: no right answer of 4 to 30 lines has a one-line fault that "
        "behaves like no other; add a longer file to accepted/"
    )


def test_a_number_is_no_problem_to_hunt_in(tmp_path, sandboxes):
    small_course.write(tmp_path)
    item = load_course(tmp_path).items(SET)["root_of_two"]
    with pytest.raises(HuntError, match=re.escape("root_of_two is no code problem")):
        make_hunt(item, 1, sandboxes)


# ---------------------------------------------------------------------------------------------
# Listings

WALK = """\
def walk(x, x1):
    y = x - x1  # a step
    for _ in range(3):
        y = 2 * y
    return y
"""


@pytest.mark.parametrize(
    ("change", "line", "text"),
    [
        ("x - x1 -> x + x1", 2, "    y = x + x1  # a step"),
        ("x -   x1 -> x1", None, "`x -   x1` is on no line of the listing, letter by letter"),
        ("2 * y->y", 4, "        y = y"),
        ("return y -> return y, x1", 5, "    return y, x1"),
        ("x -> y", None, "`x` is there 2 times, on lines 1, 2; write more of the line"),
        ("2 * y -> 2 * (y", None, "'2 * y -> 2 * (y' makes a syntax error: '(' was never closed"),
        ("a step -> two steps", None, "'a step -> two steps' changes nothing that runs"),
        ("2 * y -> 2*y", None, "'2 * y -> 2*y' changes nothing that runs"),
        (
            "y = 2",
            None,
            "'y = 2' must be one change on one line, written \"old -> new\"",
        ),
        (
            "2 * ->",
            None,
            "'2 * ->' must be one change on one line, written \"old -> new\"",
        ),
        (
            "-> y",
            None,
            "'-> y' must be one change on one line, written \"old -> new\"",
        ),
        (
            "x -> y -> x",
            None,
            "'x -> y -> x' must be one change on one line, written \"old -> new\"",
        ),
        (
            "y = 2 * y\n    return y -> return y",
            None,
            "'y = 2 * y\\n    return y -> return y' must be one change on one line, written \"old -> new\"",
        ),
    ],
)
def test_a_change_of_one_line(change, line, text):
    if line is not None:
        made, number = changed(WALK, change)
        lines = WALK.splitlines()
        lines[line - 1] = text
        assert (made.splitlines(), number) == (lines, line)
        return
    with pytest.raises(ListingError) as error:
        changed(WALK, change)
    assert re.fullmatch(re.escape(text).replace("…", ".*"), str(error.value))


def test_a_hunt_is_completed_from_its_changes():
    hunt = BugHunt(
        points=1,
        problem="walk",
        change="x - x1 -> x + x1",
        other_repairs=("2 * y -> y - x1", "return y -> return y - 2 * x1"),
    )
    assert completed(hunt, WALK) == replace(
        hunt,
        listing=WALK.replace("x - x1", "x + x1"),
        lines=(2, 4, 5),
        repair="    y = x - x1  # a step",
    )


@pytest.mark.parametrize("repair", ["x + x1 -> x - x1", "return y -> return y - 1"])
def test_a_line_counts_once(repair):
    hunt = BugHunt(
        points=1,
        problem="walk",
        change="x - x1 -> x + x1",
        other_repairs=("return y -> return x1 - y", repair),
    )
    line = 2 if "x1 -> x" in repair else 5
    with pytest.raises(ListingError) as error:
        completed(hunt, WALK)
    text = f"{repair!r} in other_repairs is on line {line}, which counts already"
    assert str(error.value) == text


@pytest.mark.parametrize(
    ("source", "listing"),
    [
        (
            "import numpy as np\n\n\ndef f(x):\n    return np.abs(x)\n",
            "def f(x):\n    return np.abs(x)\n",
        ),
        (
            "import math; import numpy as np\n\ndef f(x):\n    return math.exp(np.abs(x))\n",
            "def f(x):\n    return math.exp(np.abs(x))\n",
        ),
        (
            "import math, torch\n\n\ndef f(x):\n    return torch.abs(x) + math.pi\n",
            "import math, torch\n\n\ndef f(x):\n    return torch.abs(x) + math.pi\n",
        ),
        (
            '"""Notes."""\n\nimport os\nfrom numpy import abs\n\nK = 2\n\n\ndef g(x):\n    return K * x\n\n\n'
            "def unused(x):\n    return os.sep\n\n\ndef f(x):\n    # twice\n    return g(abs(x))\n",
            "from numpy import abs\n\nK = 2\n\n\ndef g(x):\n    return K * x\n\n\n"
            "def f(x):\n    # twice\n    return g(abs(x))\n",
        ),
    ],
)
def test_a_right_listing_is_the_function_and_what_it_uses(tmp_path, source, listing):
    path = tmp_path / "right.py"
    path.write_text(source)
    assert right_listing(path, "f") == listing


# ---------------------------------------------------------------------------------------------
# Hunts that a course declares

STEPS = """\
import numpy as np


def floor_at(x, low):
    gap = x - low
    kept = np.maximum(gap, 0.0)
    return low + kept
"""
NAMED = """\
import numpy as np


def floor_at(x, low):
    y = np.maximum(x, low)
    return y
"""
GAP = """\
import numpy as np


def floor_at(x, low):
    gap = np.maximum(low - x, 0.0)
    y = x + gap
    return y
"""


def declared(root, fields):
    """The small course with two more right answers and its hunt declared by these fields."""
    small_course.write(root)
    folder = root / f"solutions/{SET}/floor_at/accepted"
    (folder / "steps.py").write_text(STEPS)
    (folder / "named.py").write_text(NAMED)
    answers = root / ANSWERS
    text, count = re.subn(
        r"^hunt = BugHunt\((.|\n)*?^\)",
        lambda found: f'hunt = BugHunt(points=2, problem="floor_at", {fields})',
        answers.read_text(),
        flags=re.MULTILINE,
    )
    assert count == 1
    answers.write_text(text)
    return load_course(root)


CLAMP = 'answer="accepted/steps.py", change="np.maximum(gap, 0.0) -> gap"'
AS_WELL = 'other_repairs=["x - low -> np.maximum(x - low, 0.0)", "low + kept -> low + np.maximum(kept, 0.0)"]'


def test_a_declared_hunt_is_whole_when_the_course_is_loaded(tmp_path):
    course = declared(tmp_path, 'answer="accepted/named.py", change="return y -> return x"')
    hunt = course.items(SET)["hunt"].definition
    assert hunt.listing == "def floor_at(x, low):\n    y = np.maximum(x, low)\n    return x\n"
    assert (hunt.lines, hunt.repair) == ((3,), "    return y")


def test_a_hunt_of_the_reference(tmp_path):
    course = declared(tmp_path, 'change="np.maximum -> np.minimum"')
    hunt = course.items(SET)["hunt"].definition
    assert hunt.listing == "def floor_at(x, low):\n    return np.minimum(x, low)\n"
    assert (hunt.lines, hunt.repair) == ((2,), "    return np.maximum(x, low)")


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        (
            'answer="accepted/steps.py", change="np.max(gap) -> gap"',
            "`np.max(gap)` is on no line of the listing, letter by letter",
        ),
        (
            'answer="accepted/steps.py", change="gap -> x"',
            "`gap` is there 2 times, on lines 2, 3; write more of the line",
        ),
        (
            'answer="accepted/stesp.py", change="gap -> x"',
            "accepted/ has no stesp.py; it has hinge.py, loop.py, mask.py, named.py, steps.py",
        ),
        (
            'answer="wrong/adds.py", change="x + low -> x - low"',
            "answer = 'wrong/adds.py'; it must be a file in accepted/, or none for the reference",
        ),
        (
            f"{CLAMP}, lines=(3,)",
            "lines would be worked out from the change; leave one or the other out",
        ),
        (
            f'{CLAMP}, other_repairs=["gap -> -gap"]',
            "`gap` is there 2 times, on lines 2, 3; write more of the line",
        ),
        ("", 'has no change "old -> new" to a right answer, and no listing of its own'),
        (
            'listing="def floor_at(x, low):\\n    return x", lines=(2,), repair="    return 1", '
            'answer="accepted/steps.py"',
            "answer and other_repairs go with a change; a listing of its own has lines and a repair",
        ),
    ],
)
def test_a_declaration_that_makes_no_hunt_is_refused(tmp_path, fields, text):
    with pytest.raises(CourseError) as error:
        declared(tmp_path, fields).items(SET)
    assert error.value.faults == (f"{ANSWERS}:20: hunt: {text}",)


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ("def floor -> def flor", "named.py has a syntax error on its line 4"),
        ("def floor_at -> def floor", "named.py defines no function floor_at"),
    ],
)
def test_a_right_answer_that_is_none_is_refused(tmp_path, change, text):
    course = declared(tmp_path, 'answer="accepted/named.py", change="return y -> return x"')
    path = tmp_path / f"solutions/{SET}/floor_at/accepted/named.py"
    old, new = change.split(" -> ")
    source = path.read_text().replace(old, new)
    path.write_text(source.replace("low):", "low:") if "syntax" in text else source)
    with pytest.raises(CourseError) as error:
        course.items(SET)
    assert error.value.faults == (f"{ANSWERS}:20: hunt: {text}",)


def test_a_hunt_in_a_problem_of_another_set_is_refused(tmp_path):
    course = declared(tmp_path, CLAMP)
    path = tmp_path / ANSWERS
    path.write_text(path.read_text().replace('problem="floor_at"', 'problem="ceiling_at"'))
    with pytest.raises(CourseError) as error:
        course.items(SET)
    assert error.value.faults == (f"{ANSWERS}:20: hunt: its set has no problem ceiling_at",)


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        (f"{CLAMP}, {AS_WELL}", None),
        (
            'answer="accepted/named.py", change="np.maximum -> np.fmax"',
            "the listing passes the hidden tests of floor_at: it has no fault",
        ),
        (
            f'{CLAMP}, other_repairs=["x - low -> x + low"]',
            "the repair of line 2 is not right: with this line the code is still wrong: …",
        ),
    ],
)
def test_validate_runs_the_fault_and_every_repair(tmp_path, notebook_sandboxes, fields, text):
    course = declared(tmp_path, fields)
    found = [str(fault) for fault in validate_set(course, SET, notebook_sandboxes)]
    wanted = [] if text is None else [f"{ANSWERS}:20: hunt: {text}"]
    assert len(found) == len(wanted)
    for one, other in zip(found, wanted, strict=True):
        assert re.fullmatch(re.escape(other).replace("…", ".*"), one)


@pytest.mark.parametrize(
    ("fields", "texts"),
    [
        (f"{CLAMP}, {AS_WELL}", []),
        (
            CLAMP,
            [
                "line 2 can be repaired as well; add 'gap = x - low -> gap = np.maximum(x - low, 0.0)' "
                "to other_repairs",
                "line 4 can be repaired as well; add "
                "'return low + kept -> return low + np.maximum(kept, 0.0)' to other_repairs",
            ],
        ),
        (
            # What line 2 does is lost, so no repair of it helps; yet it could be to blame just as well.
            'answer="accepted/named.py", change="return y -> return x"',
            [
                "a fault of line 2 does the same, and so points there too: `np.maximum(x, low)` "
                "becomes `x`. Choose another fault, or count that line as well"
            ],
        ),
        (
            'listing="def floor_at(x, low):\\n    gap = x - low\\n    kept = gap\\n    return low + kept\\n", '
            'lines=(3, 2), repair="    kept = np.maximum(gap, 0.0)"',
            [
                "line 4 can be repaired as well; add 4 to lines "
                "(return low + kept -> return low + np.maximum(kept, 0.0))"
            ],
        ),
    ],
)
def test_a_line_that_would_do_as_well_has_to_count(tmp_path, notebook_sandboxes, fields, texts):
    course = declared(tmp_path, fields)
    found = [str(fault) for fault in validate_hunts(course, SET, notebook_sandboxes)]
    assert found == [f"{ANSWERS}:20: hunt: {text}" for text in texts]


def test_a_made_hunt_says_which_other_lines_count(tmp_path, sandboxes):
    """Without its clamp the gap can be clamped where it is used."""
    folder = small_course.write(tmp_path) / f"solutions/{SET}/floor_at/accepted"
    for path in folder.glob("*.py"):
        path.unlink()
    (folder / "gap.py").write_text(GAP)
    maker = Hunts(load_course(tmp_path).problem("floor_at"), sandboxes)
    made = {maker.make(seed).declared for seed in range(30)}
    (clamp,) = [hunt for hunt in made if hunt.change == "np.maximum(low - x, 0.0) -> low - x"]
    assert clamp.other_repairs == ("y = x + gap -> y = x + np.maximum(gap, 0.0)",)
    assert clamp.lines == (2, 3)


# ---------------------------------------------------------------------------------------------
# The course's own hunts

# The faulty line first, then those where a repair is as good, worked out by hand.
OWN = {
    "bug_convexity_check": ((6,), "    return bool(on_curve <= on_curve + tolerance)"),
    "bug_momentum_sign": ((7, 6, 5), "        x = x + lr * v"),
    "bug_adamw_decay_sign": ((7,), "    update = m / correction1 / denominator - wd * theta"),
    "bug_decay_updated_weight": ((7,), "    shrunk = moved - lr * wd * moved"),
    "iq_adamw_snippet": ((8,), "    theta = theta - lr * (direction + wd * theta) / scale"),
    "bug_soft_threshold": ((6, 7, 5, 4), "    shrunk = size - lam"),
}


def test_the_courses_hunts_are_changes_of_right_answers(course):
    found = hunts_of(course)
    assert found.keys() == OWN.keys()
    for name, (lines, faulty) in OWN.items():
        hunt = found[name]
        assert hunt.change
        assert tuple(hunt.lines) == lines
        assert hunt.listing.splitlines()[lines[0] - 1] == faulty
        assert len(hunt.listing.splitlines()) == len(
            repaired_listing(hunt.listing, lines[0], hunt.repair).splitlines()
        )


@pytest.mark.parametrize("name", sorted(OWN.keys() - {"iq_adamw_snippet"}))
def test_the_courses_hunts_are_mutants_of_their_repair(course, name):
    hunt = hunts_of(course)[name]
    right = repaired_listing(hunt.listing, hunt.lines[0], hunt.repair)
    made = [m for m in mutants(right, hunt.problem) if is_same(m.source, hunt.listing)]
    assert [mutant.line for mutant in made] == [hunt.lines[0]]


@pytest.mark.parametrize("set_name", ["ps01_convexity", "ps03_momentum", "ps09_adamw", "ps14_prox"])
def test_no_other_line_of_the_courses_hunts_would_do(course, notebook_sandboxes, set_name):
    assert validate_hunts(course, set_name, notebook_sandboxes) == []


def test_a_notebook_shows_the_listing_and_not_the_change(tmp_path):
    course = declared(tmp_path / "course", f"{CLAMP}, {AS_WELL}")
    build_set(course, SET, tmp_path / "source")
    shown = (tmp_path / f"source/{SET}/{SET}.ipynb").read_text()
    assert "3      kept = gap\\n" in shown
    everything = b"".join(
        path.read_bytes() for path in (tmp_path / "source").rglob("*") if path.is_file()
    )
    for hidden in (b"kept = np.maximum", b"gap = np.maximum", b"accepted/", b"other_repairs"):
        assert hidden not in everything
