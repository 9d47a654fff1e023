"""What students get holds nothing hidden, runs as it is, and earns nothing until it is answered.

All problem sets of this repository, through the real build, nbgrader's generate_assignment and the sandbox.
"""

from __future__ import annotations

import ast
import inspect
import io
import json
import logging
import re
import shutil
import struct
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from nbgrader.apps import NbGraderAPI
from nbgrader.apps.baseapp import NbGrader
from nbgrader.validator import Validator

from autograder.batch import ClassResult, grade_class
from autograder.build import CHECKS_FILE, build_set
from autograder.course import Course, load_course
from autograder.executors import local
from autograder.gradebook import find_tools
from autograder.model import (
    BugHunt,
    Experiment,
    Item,
    MultiNumeric,
    MultipleChoice,
    Numeric,
    Ordering,
    Outcome,
    Problem,
    Public,
    ShortAnswer,
    Symbolic,
)
from autograder.oracle import oracle
from autograder.sandbox import wire

REPOSITORY = Path(__file__).parent.parent
SETS = sorted(path.parent.name for path in REPOSITORY.glob("assignments/*/*.md"))

pytestmark = [
    pytest.mark.xdist_group("release"),
    pytest.mark.filterwarnings("ignore:Object of type <Submitted"),  # nbgrader's own
    # Validate runs a kernel of nbclient's in this process.
    pytest.mark.filterwarnings("ignore:.*:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:.*:ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


def copy_course(root: Path, *, lines: str = "") -> Path:
    """A course directory of nbgrader's with this repository's assignments/ and solutions/ in it."""
    for folder in ("assignments", "solutions"):
        ignored = shutil.ignore_patterns("__pycache__", ".*")
        shutil.copytree(REPOSITORY / folder, root / folder, ignore=ignored)
    (root / "nbgrader_config.py").write_text(
        "from autograder.nbgrader_plugin import configure\n"
        "c = get_config()\n"
        "configure(c)\n"
        'c.CourseDirectory.course_id = "opt"\n'
        f"c.Exchange.root = {str(root.parent / 'exchange')!r}\n" + lines
    )
    return root


def nbgrader_api(root: Path) -> NbGraderAPI:
    """nbgrader's own commands, in this process, for the course directory `root`."""
    find_tools()
    app = NbGrader(raise_config_file_errors=True)
    app.initialize([], root=str(root))
    app.coursedir.root = str(root)
    api = NbGraderAPI(app.coursedir, parent=app)
    app.log.setLevel(logging.ERROR)
    return api


@dataclass(frozen=True)
class Release:
    """The course, and the answered notebooks beside it."""

    course: Course
    solved: Path

    def folder(self, set_name: str) -> Path:
        return self.course.root / "release" / set_name

    def files(self, set_name: str) -> dict[str, bytes]:
        folder = self.folder(set_name)
        paths = [path for path in folder.rglob("*") if path.is_file()]
        return {str(path.relative_to(folder)): path.read_bytes() for path in paths}

    def cells(self, set_name: str) -> list[dict[str, Any]]:
        nb = json.loads(self.files(set_name)[f"{set_name}.ipynb"])
        return [{**cell, "source": "".join(cell["source"])} for cell in nb["cells"]]

    def checks(self, set_name: str) -> dict[str, Any]:
        decoded: dict[str, Any] = wire.decode(self.files(set_name)[CHECKS_FILE])
        return decoded

    def text(self, set_name: str) -> str:
        """All that can be read in the released files: as they are, and with JSON and checks decoded."""
        texts = [data.decode("utf-8", "replace") for data in self.files(set_name).values()]
        nb = json.loads(self.files(set_name)[f"{set_name}.ipynb"])
        # A cell's text may be a list of lines.
        texts += [cell["source"] for cell in self.cells(set_name)]
        texts += [str(leaf) for leaf in leaves(nb)]
        texts += [str(leaf) for leaf in leaves(self.checks(set_name)) if isinstance(leaf, str)]
        return "\n".join(texts)


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    root = copy_course(tmp_path_factory.mktemp("release") / "course")
    course = load_course(root)
    api = nbgrader_api(root)
    for name in SETS:
        build_set(course, name, root / "source")
        build_set(course, name, root.parent / "solved", solved=True)
        result = api.generate_assignment(name)
        assert result["success"], result
    return Release(course, root.parent / "solved")


@pytest.fixture(params=SETS)
def set_name(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def items(release: Release, set_name: str) -> dict[str, Item]:
    return dict(release.course.items(set_name))


def problems(items: dict[str, Item]) -> Iterator[tuple[Item, Problem]]:
    for item in items.values():
        if isinstance(item.definition, Problem):
            yield item, item.definition


def of_kind(items: dict[str, Item], kind: Any) -> Iterator[tuple[str, Any]]:
    for name, item in items.items():
        if isinstance(item.definition, kind):
            yield name, item.definition


def leaves(value: Any) -> Iterator[Any]:
    """The values in a tree of lists, dicts and `Public`s; keys too."""
    if isinstance(value, dict):
        for key, element in value.items():
            yield from leaves(key)
            yield from leaves(element)
    elif isinstance(value, list | tuple):
        for element in value:
            yield from leaves(element)
    elif isinstance(value, Public):
        yield value.function
        yield from leaves(value.arguments)
    else:
        yield value


def numbers(value: Any) -> Iterator[float]:
    for leaf in leaves(value):
        if isinstance(leaf, np.ndarray):
            yield from (float(x) for x in np.ravel(leaf) if np.isrealobj(x))
        elif isinstance(leaf, int | float | np.number) and not isinstance(leaf, bool):
            yield float(leaf)


def arrays(value: Any) -> Iterator[np.ndarray]:
    """Arrays, and lists of numbers as arrays, that say something: two numbers or more, not all the same."""
    candidates = [leaf for leaf in leaves(value) if isinstance(leaf, np.ndarray)]
    if isinstance(value, list | tuple) and all(type(x) in (int, float) for x in value):
        candidates.append(np.array(value))
    elif isinstance(value, list | tuple):
        for element in value:
            if isinstance(element, list | tuple):
                yield from arrays(element)
    for array in candidates:
        if array.dtype.kind in "iuf" and len(set(array.ravel().tolist())) > 1:
            yield array.astype(float)


def bare(text: str) -> str:
    return re.sub(r"\s+", "", text)


def telling(source: str) -> set[str]:
    """Lines of code worth hiding, without blanks and comments: not the heads of functions and loops."""
    lines = {bare(line.split("#")[0]) for line in source.splitlines()}
    heads = re.compile(r"def\w+\(.*\):|for\w+in(range\(.*\)|\w+):|import\w+as\w+")
    return {line for line in lines if len(line) >= 16 and not heads.fullmatch(line)}


def listings(items: dict[str, Item]) -> str:
    """Code that students see because a hunt shows it, all but one line of it right."""
    return bare("\n".join(hunt.listing for _, hunt in of_kind(items, BugHunt)))


# ---------------------------------------------------------------------------------------------
# Nothing hidden


def test_there_are_problem_sets_and_every_kind_of_item(release: Release) -> None:
    assert len(SETS) >= 5
    kinds = {item.kind for name in SETS for item in release.course.items(name).values()}
    assert kinds == {
        kind.kind
        for kind in (
            Problem,
            Numeric,
            MultiNumeric,
            Experiment,
            MultipleChoice,
            Ordering,
            Symbolic,
            BugHunt,
            ShortAnswer,
        )
    }


def test_released_files_are_the_notebook_its_checks_and_the_author_s_files(
    release: Release, set_name: str
) -> None:
    folder = REPOSITORY / "assignments" / set_name
    beside = {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()}
    wanted = {f"{set_name}.ipynb", CHECKS_FILE, *beside} - {f"{set_name}.md"}
    assert set(release.files(set_name)) == wanted


def test_no_line_of_a_right_function_is_released(
    release: Release, set_name: str, items: dict[str, Item]
) -> None:
    text = bare(release.text(set_name))
    shown = listings(items)
    found = []
    for item, problem in problems(items):
        files = [*sorted((item.file.parent / "accepted").glob("*.py"))]
        assert len(files) >= 3
        sources = {"reference": inspect.getsource(problem.reference)}
        sources |= {path.name: path.read_text() for path in files}
        for where, source in sources.items():
            found += [
                f"{item.name} ({where}): {line}"
                for line in sorted(telling(source))
                if line in text and line not in shown
            ]
    assert found == []


def test_no_hidden_input_or_expected_value_is_released(
    release: Release, set_name: str, items: dict[str, Item]
) -> None:
    raw = b"".join(release.files(set_name).values())
    text = bare(release.text(set_name))
    known = {float(x) for x in numbers(list(release.checks(set_name).values()))}
    found = []
    hidden_arrays = hidden_values = 0
    for item, _ in problems(items):
        prepared = oracle(item)
        open_arrays = [
            array.ravel().tolist()
            for case in prepared.examples
            for array in arrays([*case.case.inputs, case.expected])
        ]
        for group, cases in prepared.groups:
            for case in cases:
                where = f"{item.name}, {group.name}, {case.case.name}"
                for array in arrays([*case.case.inputs, case.expected]):
                    if array.ravel().tolist() in open_arrays:
                        continue
                    if array.size < 4 and np.all(array == np.round(array)):
                        continue  # 1, 2, 3 may stand anywhere
                    hidden_arrays += 1
                    if array.tobytes() in raw:
                        found.append(f"{where}: the bytes of {array.tolist()}")
                    if bare(str(array.tolist())) in text:
                        found.append(f"{where}: {array.tolist()}")
                for number in numbers([*case.case.inputs, case.expected]):
                    # Five digits or more: nobody writes such a number into a text by chance.
                    if len(repr(abs(number)).strip("0.").replace(".", "")) < 5 or number in known:
                        continue
                    hidden_values += 1
                    if struct.pack("<d", number) in raw or repr(abs(number)) in text:
                        found.append(f"{where}: {number!r}")
    assert found == []
    assert hidden_arrays + hidden_values > 20


def test_answer_cells_of_questions_are_blank(
    release: Release, set_name: str, items: dict[str, Item]
) -> None:
    cells = release.cells(set_name)
    for name, item in items.items():
        if isinstance(item.definition, Problem | ShortAnswer):
            continue
        (cell,) = [c for c in cells if c["metadata"].get("autograder", {}).get("answer") == name]
        statement = ast.parse(cell["source"]).body[-1]  # an experiment's code goes above it
        assert isinstance(statement, ast.Assign)
        assert ast.unparse(statement.targets[0]) == name
        value = ast.literal_eval(statement.value)
        assert all(leaf in (None, "") for leaf in blanks(value)), cell["source"]


def test_answer_cells_of_functions_keep_their_signature_and_words(
    release: Release, set_name: str, items: dict[str, Item]
) -> None:
    cells = {c["metadata"].get("nbgrader", {}).get("grade_id"): c for c in release.cells(set_name)}
    for item, problem in problems(items):
        function = ast.parse(cells[f"{item.name}_answer"]["source"]).body[-1]
        assert isinstance(function, ast.FunctionDef)
        assert function.name == item.name
        parameters = [argument.arg for argument in function.args.args]
        assert parameters == list(inspect.signature(problem.reference).parameters)
        assert ast.get_docstring(function)
        assert ast.unparse(function.body[-1]) == "raise NotImplementedError()"  # nbgrader's
        assert len(function.body) == 2


def blanks(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for element in value.values():
            yield from blanks(element)
    elif isinstance(value, list):
        for element in value:
            yield from blanks(element)
    else:
        yield value


def test_checks_say_the_form_of_answers_and_no_more(
    release: Release, set_name: str, items: dict[str, Item]
) -> None:
    checks = release.checks(set_name)
    assert set(checks) == {"version", "set", "items"}
    code = "kind public_source driver rtol atol signature forbidden examples"
    wanted = {
        "code": set(code.split()),
        "numeric": {"kind"},
        "multi_numeric": {"kind", "keys"},
        "experiment": {"kind", "keys"},
        "multiple_choice": {"kind", "options"},
        "ordering": {"kind", "letters"},
        "symbolic": {"kind", "parts", "variables"},
        "bug_hunt": {"kind", "lines"},
    }
    graded = {name for name, item in items.items() if not isinstance(item.definition, ShortAnswer)}
    assert set(checks["items"]) == graded
    for name, spec in checks["items"].items():
        definition = items[name].definition
        if isinstance(definition, Problem):
            allowed = {function.__name__ for function in definition.public}
            defined = {
                node.name
                for node in ast.parse(spec["public_source"]).body
                if isinstance(node, ast.FunctionDef)
            }
            assert defined == allowed
            assert set(spec) == wanted["code"]
            assert [e["name"] for e in spec["examples"]] == [c.name for c in definition.examples]
            assert all(set(e) == {"name", "inputs", "expected"} for e in spec["examples"])
            continue
        assert set(spec) == wanted[spec["kind"]]
        if "keys" in spec:  # names, and how many numbers each stands for
            assert all(type(count) is int for count in spec["keys"].values())
        if spec["kind"] == "ordering":
            assert list(spec["letters"]) == sorted(spec["letters"])
        if isinstance(definition, BugHunt):
            assert spec["lines"] == len(definition.listing.splitlines())


def test_no_numeric_key_with_digits_of_its_own_is_released(
    release: Release, set_name: str, items: dict[str, Item]
) -> None:
    raw = b"".join(release.files(set_name).values())
    text = release.text(set_name)
    for name, item in items.items():
        definition = item.definition
        values: Any = ()
        if isinstance(definition, Numeric):
            values = definition.value
        elif isinstance(definition, MultiNumeric):
            values = list(definition.values.values())
        elif isinstance(definition, Experiment):
            values = list(definition.intervals.values())
        for number in numbers(values):
            if len(repr(abs(number)).strip("0.").replace(".", "")) < 5:
                continue
            assert repr(abs(number)) not in text, name
            assert struct.pack("<d", number) not in raw, name


def test_no_formula_repair_or_rubric_is_released(
    release: Release, set_name: str, items: dict[str, Item]
) -> None:
    text = bare(release.text(set_name))
    found = []
    for name, symbolic in of_kind(items, Symbolic):
        formulas = [bare(str(formula)) for formula in symbolic.expressions.values()]
        found += [f"{name}: {f}" for f in formulas if len(f) >= 8 and f in text]
    for name, hunt in of_kind(items, BugHunt):
        found += [f"{name}: {line}" for line in telling(hunt.repair) if line in text]
        assert not re.search(rf"{name}.{{0,80}}line\W{{0,4}}{hunt.lines[0]}\b", text)
    for name, answer in of_kind(items, ShortAnswer):
        lines = [bare(line) for line in answer.rubric.splitlines()]
        found += [f"{name}: {line}" for line in lines if len(line) >= 16 and line in text]
    assert found == []
    assert "Rubric(" not in text
    assert "SOLUTION" not in text


def test_nothing_else_of_solutions_is_released(
    release: Release, set_name: str, items: dict[str, Item]
) -> None:
    """Lines of problem.py outside public functions and examples, of answers.py, and of wrong/."""
    text = bare(release.text(set_name))
    written = "\n".join(path.read_text() for path in release.course.notebook_sources(set_name))
    shown = listings(items) + bare(written)
    found = []
    folder = release.course.solutions / set_name
    for path in sorted(folder.rglob("*.py")):
        source = path.read_text()
        if path.name == "problem.py":
            problem = items[path.parent.name].definition
            assert isinstance(problem, Problem)
            allowed = {function.__name__ for function in problem.public}
            # Names of hidden groups and cases may be read, in feedback; the text around them may not.
            source = "\n".join(
                textwrap.dedent(ast.unparse(node))
                for node in ast.parse(source).body
                if not (isinstance(node, ast.FunctionDef) and node.name in allowed)
                and not (isinstance(node, ast.Assign) and "Problem(" in ast.unparse(node))
            )
        about = [bare(line) for line in source.splitlines() if line.startswith("# about:")]
        found += [
            f"{path.relative_to(folder)}: {line}"
            for line in sorted(telling(source) | {line.removeprefix("#about:") for line in about})
            if line in text and line not in shown
        ]
    assert found == []
    assert "autograder.model" not in text
    assert "Group(" not in text


def test_the_build_s_own_source_does_hold_what_is_looked_for(release: Release) -> None:
    """The tests above can find something: what nbgrader takes out is there before."""
    source = (release.course.root / "source/ps14_prox/ps14_prox.ipynb").read_text()
    nb = json.loads(source)
    text = bare("\n".join("".join(cell["source"]) for cell in nb["cells"]))
    item = release.course.items("ps14_prox")["soft_threshold"]
    assert isinstance(item.definition, Problem)
    lines = telling(inspect.getsource(item.definition.reference))
    assert lines
    assert all(line in text for line in lines)


# ---------------------------------------------------------------------------------------------
# It runs, and earns what it should


@pytest.fixture(scope="module")
def graded(release: Release) -> dict[str, ClassResult]:
    """Each set, handed in as released by blank, and with every answer filled in by solved."""
    root = release.course.root
    results = {}
    for name in SETS:
        for student, folder in (("blank", root / "release"), ("solved", release.solved)):
            target = root / "submitted" / student / name
            shutil.copytree(folder / name, target)
            (target / "timestamp.txt").write_text("2026-03-01 12:00:00.000000 UTC")
        with local(root, name, jobs=2) as executor:
            results[name] = grade_class(root, name, executor)
    return results


def errors(release: Release, student: str, set_name: str) -> list[str]:
    """Errors in the outputs of a graded notebook's cells."""
    path = release.course.root / "autograded" / student / set_name / f"{set_name}.ipynb"
    return [
        f"{''.join(cell['source'])[:80]}: {output['ename']}: {output['evalue']}"
        for cell in json.loads(path.read_text())["cells"]
        for output in cell.get("outputs", ())
        if output["output_type"] == "error"
    ]


def test_the_released_notebook_runs_and_earns_nothing(
    release: Release, graded: dict[str, ClassResult], set_name: str, items: dict[str, Item]
) -> None:
    result = {one.student: one for one in graded[set_name].results}["blank"]
    assert (result.status, result.score, result.notes, result.error) == ("graded", 0.0, (), "")
    assert result.outcomes == dict.fromkeys(result.outcomes, Outcome.NOT_ATTEMPTED)
    asked = {name for name, item in items.items() if not isinstance(item.definition, ShortAnswer)}
    assert set(result.outcomes) == asked
    assert errors(release, "blank", set_name) == []


def test_the_solved_notebook_earns_everything(
    release: Release, graded: dict[str, ClassResult], set_name: str, items: dict[str, Item]
) -> None:
    result = {one.student: one for one in graded[set_name].results}["solved"]
    assert (result.status, result.notes, result.error) == ("graded", (), "")
    asked = {name: item.points for name, item in items.items() if item.kind != "short_answer"}
    assert result.scores == asked
    assert set(result.outcomes.values()) == {Outcome.PASSED}
    assert result.max_score == sum(item.points for item in items.values())
    assert errors(release, "solved", set_name) == []
    by_hand = {name for name, _ in of_kind(items, ShortAnswer)}
    assert set(result.awaiting) == by_hand


# ---------------------------------------------------------------------------------------------
# Stock `nbgrader validate`, in the student's own kernel


def validated(notebook: Path) -> tuple[dict[str, Any], str]:
    validator = Validator()
    validator.log.setLevel(logging.ERROR)
    validator.stream = io.StringIO()
    found: dict[str, Any] = {}
    stock = validator.validate
    validator.validate = lambda name: found.setdefault("found", stock(name))
    validator.validate_and_print(str(notebook))
    return found["found"], validator.stream.getvalue()


def test_validate_reports_what_is_not_answered(release: Release) -> None:
    found, text = validated(release.folder("ps14_prox") / "ps14_prox.ipynb")
    asked = [
        f'check("{name}", {name})'
        for name, item in release.course.items("ps14_prox").items()
        if item.kind != "short_answer"
    ]
    assert sorted(failed["source"] for failed in found["failed"]) == sorted(asked)
    assert f"VALIDATION FAILED ON {len(asked)} CELL(S)!" in text
    assert "soft_threshold: not written yet." in text
    assert "lp_primal: not answered yet. Set `lp_primal` to a number." in text
    assert "Traceback" not in text
    assert "changed" not in found


def test_validate_passes_the_solved_notebook(release: Release, tmp_path: Path) -> None:
    folder = tmp_path / "ps14_prox"
    shutil.copytree(release.solved / "ps14_prox", folder)
    found, text = validated(folder / "ps14_prox.ipynb")
    assert found == {}
    assert text == "Success! Your notebook passes all the tests.\n"
