"""An instructor's way: a skeleton, what validate says is still to do, and the filled-in set."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import small_course
from small_course import SET

from autograder.course import CourseError, load_course
from autograder.model import Policy, Problem
from autograder.sandbox.pool import Sandboxes
from autograder.scaffold import new_problem, new_set
from autograder.validate import validate_set

MD = f"assignments/{SET}/{SET}.md"
FOLDER = f"solutions/{SET}/floor_at"


@pytest.fixture(scope="module")
def sandboxes():
    with Sandboxes(policy=Policy(), notebook=True) as made:
        yield made


def faults(root, sandboxes):
    return [str(fault) for fault in validate_set(load_course(root), SET, sandboxes)]


def files(root):
    return {
        str(path.relative_to(root)): path.read_text() for path in root.rglob("*") if path.is_file()
    }


def refused(call, *arguments):
    with pytest.raises(CourseError) as caught:
        call(*arguments)
    return str(caught.value)


def test_from_an_empty_directory_to_a_set_without_faults(tmp_path, sandboxes):
    root = tmp_path / "floors 101"
    written = new_set(root, SET, "Floors &  ceilings")
    assert [str(path.relative_to(root)) for path in written] == [
        MD,
        f"solutions/{SET}/answers.py",
        "nbgrader_config.py",
        ".gitignore",
    ]
    assert faults(root, sandboxes) == [
        f"{MD}:14: still to do: say in a few lines what this is about, what it needs, what students "
        "can do afterwards, and how long it takes.",
        f"solutions/{SET}: has no item yet; make one with `autograder new problem`, or write one "
        "into answers.py",
        f"solutions/{SET}/answers.py:7: still to do: write the answers; remove this line if the set "
        "has code problems alone.",
    ]

    written = new_problem(root, SET, "floor_at", ["x", "low"])
    assert [str(path.relative_to(root)) for path in written] == [
        f"{FOLDER}/problem.py",
        f"{FOLDER}/accepted/another_style.py",
        f"{FOLDER}/wrong/one_slip.py",
        MD,
    ]
    assert faults(root, sandboxes) == [
        f"{MD}:14: still to do: say in a few lines what this is about, what it needs, what students "
        "can do afterwards, and how long it takes.",
        f"{MD}:25: still to do: say what `floor_at(x, low)` computes, from what, and what it returns.",
        f"{MD}:31: still to do: what it returns, in one sentence.",
        f"{MD}:33: still to do: x, low: types, shapes and ranges.",
        f"solutions/{SET}/answers.py:7: still to do: write the answers; remove this line if the set "
        "has code problems alone.",
        f"{FOLDER}/problem.py:1: still to do: one sentence on what floor_at computes, then its "
        "arguments and what comes back: types, shapes, ranges.",
        f"{FOLDER}/problem.py:10: the reference raises NotImplementedError; write it",
        f"{FOLDER}/problem.py:16: still to do: the paper and equation, the book and section, or the "
        "address of the formula",
        f"{FOLDER}/problem.py:21: still to do: what this example shows; then its inputs",
        f"{FOLDER}/problem.py:28: still to do: what is special here; then its inputs",
        f"{FOLDER}/problem.py:30: still to do: inputs drawn at random, one strategy for each argument:",
        f"{FOLDER}/accepted/another_style.py:1: is still a template; write floor_at in it, or remove it",
        f"{FOLDER}/accepted: right answer 2 of 3 is missing; add a file that does it in another way, "
        "such as with np.where, or masks on a copy",
        f"{FOLDER}/accepted: right answer 3 of 3 is missing; add a file that does it in another way, "
        "such as with a class, a closure or torch",
        f"{FOLDER}/wrong/one_slip.py:1: is still a template; write floor_at in it, or remove it",
        f"{FOLDER}/wrong: wrong answer 2 of 4 is missing; add a file with one classic slip, such as "
        "one of the family clamp",
        f"{FOLDER}/wrong: wrong answer 3 of 4 is missing; add a file with one classic slip, such as "
        "one of the family abs",
        f"{FOLDER}/wrong: wrong answer 4 of 4 is missing; add a file with one classic slip, such as "
        "one of the family comparison",
    ]

    # The instructor fills in what stands there, adds files and writes the answers.
    problem = root / FOLDER / "problem.py"
    text = problem.read_text()
    for old, new in (
        ('"""TODO: one sentence', '"""One sentence'),
        ("    raise NotImplementedError", "    return np.maximum(x, low)"),
        ("TODO: the paper and equation, the book", "The book"),
        ("TODO: what this example shows; then its inputs", "a number below"),
        (
            '"TODO: what is special here; then its inputs", (0.0, 0.0)',
            '"a negative floor", (-3.0, -2.0)',
        ),
        (
            "        # TODO: inputs drawn at random, one strategy for each argument:\n        # ",
            "        ",
        ),
        ("# from autograder.strategies", "from autograder.strategies"),
    ):
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    problem.write_text(text)
    for name, text in small_course.texts().items():
        if "/wrong/" in name or name.endswith("answers.py"):
            (root / name).write_text(text)
    right = {
        "another_style": "return max(x, low)",
        "conditional": "return x if x > low else low",
        "hinge": "return low + (abs(x - low) + x - low) / 2",
    }
    for name, statement in right.items():
        (root / FOLDER / "accepted" / f"{name}.py").write_text(
            f"def floor_at(x, low):\n    {statement}\n"
        )
    for path in (root / FOLDER / "wrong").glob("*.py"):
        for old, new in (("x.copy()", "x + 0"), ("np.full(x.shape, low)", "low")):
            path.write_text(path.read_text().replace(old, new))
    (root / FOLDER / "wrong" / "one_slip.py").unlink()
    notebook = root / MD
    text = notebook.read_text().replace("TODO: ", "").rstrip("\n")
    notebook.write_text(text + small_course.NOTEBOOK.partition("NotImplementedError\n```")[2])
    assert faults(root, sandboxes) == []


def test_the_skeleton_loads_and_keeps_the_signature(tmp_path):
    new_set(tmp_path, SET, "Floors")
    new_problem(tmp_path, SET, "solve", ["A", "b"])
    definition = load_course(tmp_path).items(SET)["solve"].definition
    assert isinstance(definition, Problem)
    assert definition.reference.__code__.co_varnames == ("A", "b")
    assert definition.examples[0].inputs == (1.0, 1.0)


def test_one_parameter_makes_a_tuple_of_one_input(tmp_path):
    new_set(tmp_path, SET, "Floors")
    new_problem(tmp_path, SET, "is_psd", ["A"])
    definition = load_course(tmp_path).items(SET)["is_psd"].definition
    assert definition.examples[0].inputs == (1.0,)


def test_nbgraders_configuration_names_the_folder(tmp_path):
    root = tmp_path / 'a "quoted" \\ course'
    new_set(root, SET, "Floors")
    text = (root / "nbgrader_config.py").read_text()
    seen = {}
    source = text.replace("from autograder.nbgrader_plugin import configure\n", "")

    class Config:
        class CourseDirectory:
            course_id = ""

    exec(source, {"get_config": lambda: Config, "configure": lambda c: seen.update(c=c)})
    assert seen["c"] is Config
    assert Config.CourseDirectory.course_id == root.name


def test_what_a_course_has_already_is_left_as_it_is(tmp_path):
    (tmp_path / "nbgrader_config.py").write_text("mine")
    (tmp_path / ".gitignore").write_text("mine")
    new_set(tmp_path, SET, "Floors")
    new_set(tmp_path, "ps02_ceilings", "Ceilings")
    assert files(tmp_path)["nbgrader_config.py"] == files(tmp_path)[".gitignore"] == "mine"
    assert load_course(tmp_path).set_names() == [SET, "ps02_ceilings"]


def test_a_problem_is_added_after_what_the_notebook_holds(tmp_path):
    small_course.write(tmp_path)
    new_problem(tmp_path, SET, "ceil_at", ["x", "high"])
    assert files(tmp_path)[MD].startswith(small_course.NOTEBOOK)
    assert files(tmp_path)[MD].count(":item: ceil_at\n") == 1


def test_a_set_without_a_notebook_gets_the_problem_alone(tmp_path):
    (tmp_path / "solutions" / SET).mkdir(parents=True)
    written = new_problem(tmp_path, SET, "floor_at", ["x", "low"])
    assert [path.name for path in written] == ["problem.py", "another_style.py", "one_slip.py"]


@pytest.mark.parametrize(
    "name", ["", "PS01", "1st", "ps 01", "ps01-floors", "../ps01", "lambda", "_x"]
)
def test_a_name_that_is_none(tmp_path, name):
    said = "; use lower-case letters, digits and underscores, such as soft_threshold"
    assert refused(new_set, tmp_path, name, "T") == f"{name!r} is no name for a set{said}"
    new_set(tmp_path, SET, "Floors")
    before = files(tmp_path)
    text = refused(new_problem, tmp_path, SET, name, ["x"])
    assert text == f"{name!r} is no name for a problem{said}"
    assert files(tmp_path) == before


def test_parameters_that_are_none(tmp_path):
    new_set(tmp_path, SET, "Floors")
    before = files(tmp_path)
    assert refused(new_problem, tmp_path, SET, "f", ["x", "lambda", "2y", "x"]) == (
        "3 faults in the course:\n"
        "f: 'lambda' is no name for a parameter\n"
        "f: '2y' is no name for a parameter\n"
        "f: two parameters are named x"
    )
    assert refused(new_problem, tmp_path, SET, "f", []) == (
        "f: no parameters; name them after the problem, such as `x lam`"
    )
    assert files(tmp_path) == before


def test_titles_that_are_none(tmp_path):
    assert refused(new_set, tmp_path, SET, "  ") == (
        f"{SET}: the title is empty; say what the set is about"
    )
    assert refused(new_set, tmp_path, SET, 'A """ B') == (
        f'{SET}: the title has \\ or """ in it; leave them out'
    )
    assert files(tmp_path) == {}


def test_nothing_is_overwritten(tmp_path):
    small_course.write(tmp_path)
    before = files(tmp_path)
    assert refused(new_set, tmp_path, SET, "Again") == f"{MD} exists already; nothing was written"
    (tmp_path / MD).unlink()
    del before[MD]
    assert refused(new_set, tmp_path, SET, "Again") == (
        f"solutions/{SET}/answers.py exists already; nothing was written"
    )
    (tmp_path / "solutions" / "ps02_more").mkdir()
    for set_name in (SET, "ps02_more"):
        assert refused(new_problem, tmp_path, set_name, "floor_at", ["x"]) == (
            f"{FOLDER} exists already; nothing was written"
        )
    assert files(tmp_path) == before


@pytest.mark.parametrize("set_name", ["ps09_none", "", ".."])
def test_a_problem_of_no_set(tmp_path, set_name):
    small_course.write(tmp_path)
    before = files(tmp_path)
    assert refused(new_problem, tmp_path, set_name, "ceil_at", ["x"]) == (
        f"{set_name!r}: no such problem set; make it with `autograder new set NAME TITLE`"
    )
    assert files(tmp_path) == before


def test_after_a_failure_nothing_is_left(tmp_path, monkeypatch):
    small_course.write(tmp_path)
    before = files(tmp_path)
    folders = sorted(path for path in tmp_path.rglob("*") if path.is_dir())
    write_text = Path.write_text

    def full(path, text, encoding=None):
        if "one_slip" in path.name:
            raise OSError(28, "No space left on device", str(path))
        return write_text(path, text, encoding=encoding)

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(OSError, match="No space left"):
        new_problem(tmp_path, SET, "ceil_at", ["x"])
    assert files(tmp_path) == before
    assert sorted(path for path in tmp_path.rglob("*") if path.is_dir()) == folders


def test_scaffolding_does_not_wait_for_numpy():
    code = (
        "import sys, autograder.scaffold; "
        "print([m for m in ('numpy', 'torch', 'nbgrader', 'jupytext') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ
    )
    assert done.stdout == "[]\n"
