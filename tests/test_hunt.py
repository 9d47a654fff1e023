"""Hunts from mutants: the same for a seed, one wrong line, gradable by line and by repair."""

import ast
import re

import pytest
import small_course
from small_course import SET

from autograder.compare import compare
from autograder.course import load_course
from autograder.grade import grade_notebook
from autograder.hunt import Hunt, HuntError, Hunts, make_hunt, student_seed
from autograder.judge import repaired_listing
from autograder.model import BugHunt, Cell, Item, Outcome, Submission
from autograder.mutate import is_same, mutants
from autograder.oracle import oracle
from autograder.validate import validate_set

PROBLEMS = ("is_convex_on_chord", "momentum_sgd", "soft_threshold", "warmup_cosine")


@pytest.fixture(scope="module")
def makers(course, sandboxes):
    return {name: Hunts(course.problem(name), sandboxes) for name in PROBLEMS}


def graded(course, hunt, answer, sandboxes, policy):
    """What an answer earns for a hunt, by the way that a student's answer goes."""
    problem = course.problem(hunt.problem)
    items = {
        hunt.problem: problem,
        "hunt": Item("hunt", problem.set_name, problem.file, hunt.definition(points=2)),
    }
    cells = (Cell(0, "code", f"hunt = {answer!r}"), Cell(1, "code", "", "hunt", 2.0))
    return grade_notebook(Submission(cells), items, sandboxes, policy).grades["hunt"]


# ---------------------------------------------------------------------------------------------
# What a hunt is


@pytest.mark.parametrize("name", PROBLEMS)
def test_one_line_is_wrong(makers, name):
    for seed in range(8):
        hunt = makers[name].make(seed)
        lines = hunt.listing.splitlines()
        assert lines[hunt.line - 1] == hunt.faulty != hunt.repair
        assert f"def {name}(" in hunt.listing
        assert "import" not in hunt.listing
        assert 4 <= len([line for line in lines if line.split("#")[0].strip()]) <= 30
        right = repaired_listing(hunt.listing, hunt.line, hunt.repair)
        ast.parse(right)
        assert not is_same(right, hunt.listing)
        texts = [path.read_text() for path in hunt.path.parent.glob("*.py")]
        assert any(right.strip() in text for text in texts)


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
            exec("import numpy as np, math\n" + hunt.listing, space)  # ours, not a student's
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
    hunt = makers[name].make(11)
    right = {"line": hunt.line, "repair": hunt.repair}
    grade = graded(course, hunt, right, notebook_sandboxes, policy)
    assert (grade.outcome, grade.score) == (Outcome.PASSED, 2.0)
    wrong = {"line": hunt.line, "repair": hunt.faulty}
    grade = graded(course, hunt, wrong, notebook_sandboxes, policy)
    assert grade.score == 1.0
    elsewhere = {"line": 1, "repair": hunt.listing.splitlines()[0]}
    assert graded(course, hunt, elsewhere, notebook_sandboxes, policy).score == 0.0


def test_a_hunt_in_a_set_validates(tmp_path, sandboxes, notebook_sandboxes):
    small_course.write(tmp_path)
    hunt = make_hunt(load_course(tmp_path).problem("floor_at"), 1, sandboxes)
    answers = tmp_path / f"solutions/{SET}/answers.py"
    answers.write_text(answers.read_text() + "\n" + hunt.answer_source("second_hunt"))
    notebook = tmp_path / f"assignments/{SET}/{SET}.md"
    notebook.write_text(notebook.read_text() + "\n" + Hunt.cell_source("second_hunt"))
    course = load_course(tmp_path)
    assert list(map(str, validate_set(course, SET, notebook_sandboxes))) == []
    assert course.items(SET)["second_hunt"].definition == hunt.definition()


# ---------------------------------------------------------------------------------------------
# Texts


def sample(**changes):
    fields = {
        "problem": "p",
        "path": small_course.Path("right.py"),
        "listing": 'def p(x):\n    y = "a"\n    return x + 1\n',
        "line": 3,
        "faulty": "    return x + 1",
        "repair": "    return x - 1",
        "family": "sign",
        "said": "`x - 1` becomes `x + 1`",
    }
    return Hunt(**(fields | changes))


def test_the_numbered_listing():
    assert sample().numbered() == '1  def p(x):\n2      y = "a"\n3      return x + 1'
    long = sample(listing="def p(x):\n" + "    x += 1\n" * 9).numbered().splitlines()
    assert long[0] == " 1  def p(x):"
    assert long[9] == "10      x += 1"


@pytest.mark.parametrize(
    "listing",
    [
        'def p(x):\n    y = "a"\n    return x + 1\n',
        'def p(x):\n    """Twice."""\n    return x + 1\n',
        'def p(x):\n    y = "\\n"\n    return x + 1\n',
    ],
)
@pytest.mark.parametrize("repair", ["    return x - 1", '    return "x"', "    return '\\t'"])
def test_the_source_for_answers_says_the_same(listing, repair):
    hunt = sample(listing=listing, repair=repair)
    space: dict = {"BugHunt": BugHunt}
    exec(hunt.answer_source("bug", points=3), space)
    assert space["bug"] == hunt.definition(points=3)


def test_the_record_is_plain():
    assert sample().record("bug", 7) == {
        "item": "bug",
        "problem": "p",
        "seed": 7,
        "listing": 'def p(x):\n    y = "a"\n    return x + 1\n',
        "lines": [3],
        "repair": "    return x - 1",
        "family": "sign",
        "said": "`x - 1` becomes `x + 1`",
        "file": "right.py",
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
# The course's own hunts are mutants


@pytest.mark.parametrize(
    "name",
    [
        "bug_convexity_check",
        "bug_soft_threshold",
        "bug_adamw_decay_sign",
        "bug_decay_updated_weight",
    ],
)
def test_the_courses_hunts_are_mutants_of_their_repair(course, name):
    hunts = {
        item.name: item.definition
        for set_name in course.set_names()
        for item in course.items(set_name).values()
    }
    hunt = hunts[name]
    right = repaired_listing(hunt.listing, hunt.lines[0], hunt.repair)
    made = [m for m in mutants(right, hunt.problem) if is_same(m.source, hunt.listing)]
    assert len(made) == 1
    assert made[0].line in hunt.lines
