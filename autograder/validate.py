"""Everything that is wrong with a problem set, all at once, one line each with file and line.

What can be seen in the files is checked first; then references run on the trusted side, and examples of
right and wrong answers, hunts and the unanswered notebook run in the sandbox, as a submission would.
"""

from __future__ import annotations

import ast
import copy
import dataclasses
import dis
import inspect
import re
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import CodeType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder import judge
from autograder.compare import compare
from autograder.course import ANSWERS, PROBLEM, Course, CourseError
from autograder.families import FAMILIES
from autograder.grade import grade_notebook
from autograder.listings import changed
from autograder.model import (
    BugHunt,
    Case,
    Cell,
    Experiment,
    Grade,
    Group,
    Item,
    MultiNumeric,
    MultipleChoice,
    Numeric,
    Ordering,
    Outcome,
    Problem,
    Public,
    ShortAnswer,
    Submission,
    Symbolic,
    Unsupported,
)
from autograder.oracle import OracleError, hidden_cases, public_source, resolve
from autograder.sandbox import wire
from autograder.sandbox.pool import Sandboxes
from autograder.signatures import header
from autograder.source import SourcePart, parse

MIN_ACCEPTED = 3
MIN_WRONG = 4
_STYLES = ("a loop over the entries", "np.where, or masks on a copy", "a class, a closure or torch")
_TODO = re.compile(r"\bTODO\b:?\s*([^\"]*)")
_LINE = re.compile(r"(?P<path>[^:\n]+?)(?::(?P<line>\d+))?: (?P<text>.*)", re.DOTALL)
# A case whose name says so may have an answer that is not finite.
_SAYS_NOT_FINITE = re.compile(r"\bnan|\binf|overflow|diverg|undefined|not finite", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with a course; `line` is 1-based, 0 where it concerns the whole file or folder."""

    path: Path
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.text}" if self.line else f"{self.path}: {self.text}"


def validate_set(
    course: Course,
    set_name: str,
    sandboxes: Sandboxes,
    *,
    progress: Callable[[str], None] | None = None,
) -> list[Fault]:
    """What is wrong with a set, notebook first, then problem after problem; empty where nothing is.

    A set without a folder under assignments/ has no notebook yet: its problems are checked alone.

    Args:
        course: the course.
        set_name: the set's whole name.
        sandboxes: made with `notebook=True`, and the set's data files as `workdir` if it has any.
        progress: told what is being checked.

    Raises:
        SandboxError: no code can be run on this machine.
    """
    validation = _Validation(course, set_name, sandboxes, progress or (lambda text: None))
    validation.run()
    places = list(dict.fromkeys(fault.path for fault in validation.faults))
    places.sort(key=lambda path: path.parts[:1] != (course.assignments.name,))
    return sorted(
        dict.fromkeys(validation.faults), key=lambda one: (places.index(one.path), one.line)
    )


# ---------------------------------------------------------------------------------------------
# Reading authors' files


class _PythonFile:
    """An author's Python file and the line numbers in it that messages name."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.text = path.read_text(encoding="utf-8")
        self.lines = self.text.splitlines()
        try:
            self.tree: ast.Module | None = ast.parse(self.text)
        except (SyntaxError, ValueError):
            self.tree = None

    def line_of_function(self, name: str) -> int:
        for node in self.tree.body if self.tree else ():
            if isinstance(node, ast.FunctionDef) and node.name == name:
                return node.lineno
        return 1

    def line_of_variable(self, name: str) -> int:
        for node in self.tree.body if self.tree else ():
            if name in _assigned_names(node):
                return node.lineno
        return 1

    def line_of_text(self, text: str, field: str = "") -> int:
        """Line of the string `text`, else of the argument named `field`."""
        for node in ast.walk(self.tree) if self.tree else ():
            if isinstance(node, ast.Constant) and node.value == text:
                return node.lineno
        return self.line_of_argument(field)

    def line_of_argument(self, field: str) -> int:
        for node in ast.walk(self.tree) if self.tree else ():
            if isinstance(node, ast.keyword) and node.arg == field:
                return node.value.lineno
        return 1


def _assigned_names(statement: ast.stmt) -> list[str]:
    if isinstance(statement, ast.AnnAssign) and statement.value is not None:
        targets: list[ast.expr] = [statement.target]
    elif isinstance(statement, ast.Assign):
        targets = statement.targets
    else:
        return []
    return [target.id for target in targets if isinstance(target, ast.Name)]


def line_of_answer(item: Item) -> int:
    """The line of answers.py that an item begins on."""
    return _PythonFile(item.file).line_of_variable(item.name)


@dataclass(frozen=True, slots=True)
class _NotebookCell:
    """A cell of a notebook's text; `line` is where its source begins in the file."""

    line: int
    cell_type: str
    source: str
    item: Any


class _UnreadableError(Exception):
    pass


def _read_notebook(path: Path) -> tuple[dict[str, Any], list[_NotebookCell]]:
    """Front matter and cells of a notebook in MyST Markdown.

    Raises:
        _UnreadableError: it is none.
    """
    from jupytext.myst import myst_to_notebook

    try:
        text = path.read_text(encoding="utf-8")
        with warnings.catch_warnings():
            warnings.simplefilter("error", UserWarning)
            notebook = myst_to_notebook(text, add_source_map=True)
    except Exception as error:  # yaml's, markdown-it's and jupytext's own
        raise _UnreadableError(" ".join(str(error).split())) from None
    lines = text.splitlines()
    cells = []
    for cell, start in zip(notebook.cells, notebook.metadata["source_map"], strict=True):
        source = cell.source.splitlines()
        begin = start - 1 if cell.cell_type == "code" else start
        # Options and blank lines may stand between the cell's beginning and its source.
        places = range(begin, len(lines) - len(source) + 1)
        first = next((n for n in places if lines[n : n + len(source)] == source), begin)
        cells.append(
            _NotebookCell(first + 1, cell.cell_type, cell.source, cell.metadata.get("item"))
        )
    return dict(notebook.metadata), cells


# ---------------------------------------------------------------------------------------------
# The whole


class _Validation:
    """One set's validation; faults gather in `faults`."""

    def __init__(
        self,
        course: Course,
        set_name: str,
        sandboxes: Sandboxes,
        progress: Callable[[str], None],
    ) -> None:
        self.course = course
        self.set_name = set_name
        self.sandboxes = sandboxes
        self.progress = progress
        self.policy = dataclasses.replace(course.policy, show_counterexample=False)
        self.faults: list[Fault] = []

    def add(self, path: Path, line: int, text: str) -> None:
        self.faults.append(Fault(self.course.shown(path), line, text))

    def run(self) -> None:
        loading: list[Fault] = []
        items, names = self._load(loading)
        notebooks = self._check_notebooks(items, names)
        self.faults += loading
        broken = self._check_answers(items)
        good = {
            item.name
            for item in items.values()
            if isinstance(item.definition, Problem) and self._check_problem(item, item.definition)
        }
        self._check_hunts(items, good)
        for path, cells in notebooks:
            told = {
                name: item
                for name, item in items.items()
                if (name in good if isinstance(item.definition, Problem) else name not in broken)
            }
            self._run_released(path, cells, told)

    def _load(self, faults: list[Fault]) -> tuple[dict[str, Item], set[str]]:
        """The items that can be loaded, and the names of all that there should be."""
        folder = self.course.solutions / self.set_name
        try:
            items = dict(self.course.items(self.set_name))
        except CourseError as error:
            faults += [_passed_on(text) for text in error.faults]
            items = {}
            for file in sorted(folder.glob(f"*/{PROBLEM}")):
                try:
                    items[file.parent.name] = self.course.problem(file.parent.name)
                except CourseError:
                    continue
            names = {file.parent.name for file in folder.glob(f"*/{PROBLEM}")}
            if (folder / ANSWERS).is_file():
                tree = _PythonFile(folder / ANSWERS).tree
                names |= {
                    name for node in (tree.body if tree else ()) for name in _assigned_names(node)
                }
            return items, names | set(items)
        if not items:
            self.add(
                folder,
                0,
                "has no item yet; make one with `autograder new problem`, or write one into answers.py",
            )
        return items, set(items)

    def grade(self, sources: Sequence[str], item: Item, items: Mapping[str, Item]) -> Grade:
        """What a notebook of these code cells earns for an item."""
        cells = [Cell(index, "code", source) for index, source in enumerate(sources)]
        cells.append(Cell(len(cells), "code", "", item.name, item.points))
        graded = grade_notebook(Submission(tuple(cells)), items, self.sandboxes, self.policy)
        return graded.grades[item.name]

    # -----------------------------------------------------------------------------------------
    # Notebooks

    def _check_notebooks(
        self, items: Mapping[str, Item], names: set[str]
    ) -> list[tuple[Path, list[_NotebookCell]]]:
        """Check the set's notebooks; those that are fit to be run."""
        folder = self.course.assignments / self.set_name
        paths = self.course.notebook_sources(self.set_name)
        if not paths:
            shown = self.course.shown(folder / f"{self.set_name}.md")
            has_answers = any(not isinstance(item.definition, Problem) for item in items.values())
            if folder.is_dir() or has_answers or not items:
                self.add(
                    self.course.root / shown, 0, "there is no notebook; write it in MyST Markdown"
                )
            else:
                self.progress(f"{shown}: no notebook yet; the problems are checked alone")
            return []
        fit = []
        unreadable = False
        places: dict[str, str] = {}
        for path in paths:
            self.progress(f"{self.course.shown(path)}")
            try:
                metadata, cells = _read_notebook(path)
            except _UnreadableError as error:
                self.add(path, 1, f"cannot be read as MyST Markdown: {error}")
                unreadable = True
                continue
            self._check_front_matter(path, metadata)
            before = len(self.faults)
            answers: dict[str, _NotebookCell] = {}
            for cell in cells:
                self._check_cell(path, cell)
                if cell.item is not None and self._is_new(path, cell, names, places):
                    answers[cell.item] = cell
            for name, cell in answers.items():
                if name in items:
                    self._check_stub(path, cell, items[name])
            self._find_todos(path, cells)
            if all("still to do" in fault.text for fault in self.faults[before:]):
                fit.append((path, cells))
        if unreadable:
            return fit
        for name in sorted(names & set(items)):
            if name not in places:
                self.add(
                    paths[0],
                    0,
                    f"has no answer cell for {name}; give one the option `:item: {name}`",
                )
        return fit

    def _check_front_matter(self, path: Path, metadata: Mapping[str, Any]) -> None:
        kernel = metadata.get("kernelspec")
        name = kernel.get("name") if isinstance(kernel, dict) else None
        if name == "python3":
            return
        lines = path.read_text(encoding="utf-8").splitlines()
        line = next((n for n, text in enumerate(lines, 1) if text.startswith("kernelspec")), 1)
        has = "names no kernel" if name is None else f"names the kernel {name}"
        self.add(
            path, line, f"the front matter {has}; it must be `kernelspec:` with `name: python3`"
        )

    def _is_new(
        self, path: Path, cell: _NotebookCell, names: set[str], places: dict[str, str]
    ) -> bool:
        name = cell.item
        if type(name) is not str or name not in names:
            where = self.course.shown(self.course.solutions / self.set_name)
            self.add(
                path,
                cell.line,
                f"there is no item {name!r}; {where} has no problem or answer so named",
            )
            return False
        if name in places:
            self.add(path, cell.line, f"second answer cell of {name}; the first is {places[name]}")
            return False
        places[name] = f"{self.course.shown(path)}:{cell.line}"
        return True

    def _check_cell(self, path: Path, cell: _NotebookCell) -> None:
        if cell.cell_type != "code":
            return
        for offset, line in enumerate(cell.source.splitlines()):
            if line.startswith(":item:"):
                text = "the option `:item:` must follow directly on the line that opens the cell"
                self.add(path, cell.line + offset, text)
            if line.startswith("check("):
                text = "calls check(); build adds that cell after every answer, so leave it out"
                self.add(path, cell.line + offset, text)

    def _find_todos(self, path: Path, cells: Sequence[_NotebookCell]) -> None:
        """What is left of a scaffold: in prose and docstrings; code may say TODO to students."""
        for cell in cells:
            text, first = cell.source, 0
            if cell.cell_type == "code":
                tree = parse(SourcePart(0, text))
                text = ""
                for node in ast.walk(tree) if tree else ():
                    if isinstance(node, ast.FunctionDef) and ast.get_docstring(node):
                        first = node.body[0].lineno - 1
                        last = node.body[0].end_lineno
                        text = "\n".join(cell.source.splitlines()[first:last])
            for line, todo in _todos(text.splitlines()):
                self.add(path, cell.line + first + line - 1, f"still to do: {todo}")

    def _check_stub(self, path: Path, cell: _NotebookCell, item: Item) -> None:
        definition = item.definition
        if isinstance(definition, ShortAnswer):
            if cell.cell_type != "markdown":
                text = f'{item.name}: a short answer is a text cell, opened by `+++ {{"item": "{item.name}"}}`'
                self.add(path, cell.line, text)
            return
        if cell.cell_type != "code":
            self.add(path, cell.line, f"{item.name}: the answer cell must be a code cell")
            return
        tree = parse(SourcePart(0, cell.source))
        if tree is None:
            self.add(path, cell.line, f"{item.name}: the answer cell has a syntax error")
            return
        faults = (
            _function_stub_faults(tree, item.name, definition)
            if isinstance(definition, Problem)
            else _variable_stub_faults(tree, item)
        )
        for line, text in faults:
            self.add(path, cell.line + line - 1, f"{item.name}: {text}")

    def _run_released(
        self, path: Path, cells: Sequence[_NotebookCell], items: Mapping[str, Item]
    ) -> None:
        """Run the notebook with nothing answered: every cell runs, and nothing earns points."""
        submitted: list[Cell] = []
        lines: dict[int, int] = {}
        for cell in cells:
            lines[len(submitted)] = cell.line
            submitted.append(Cell(len(submitted), cell.cell_type, cell.source))
            item = items.get(cell.item) if cell.item is not None else None
            if item is not None and not isinstance(item.definition, ShortAnswer):
                submitted.append(Cell(len(submitted), "code", "", item.name, item.points))
                lines[len(submitted) - 1] = cell.line
        graded = grade_notebook(Submission(tuple(submitted)), items, self.sandboxes, self.policy)
        for index, outputs in graded.outputs.items():
            for output in outputs:
                if output["output_type"] == "error":
                    said = f"{output['ename']}: {output['evalue']}"
                    text = f"with nothing answered this cell stops: {said}"
                    self.add(path, lines[index], text)
        for index, one in enumerate(submitted):
            grade = graded.grades.get(one.grade_id or "")
            if grade is None or (grade.outcome is Outcome.NOT_ATTEMPTED and grade.score == 0):
                continue
            earns = "no score" if grade.score is None else f"{grade.score:g} points"
            text = (
                f"{grade.item}: as released the answer is {_words(grade.outcome)} with {earns}; "
                f"it must be not attempted with 0 points{_because(grade.message)}"
            )
            self.add(path, lines[index], text)

    # -----------------------------------------------------------------------------------------
    # Answers

    def _check_answers(self, items: Mapping[str, Item]) -> set[str]:
        """Check the set's answers; names of those with a fault."""
        broken: set[str] = set()
        path = self.course.solutions / self.set_name / ANSWERS
        if not path.is_file():
            return broken
        file = _PythonFile(path)
        for line, todo in _todos(file.lines):
            self.add(path, line, f"still to do: {todo}")
        for item in items.values():
            if not isinstance(item.definition, Problem):
                for text in _answer_faults(item):
                    self.add(path, file.line_of_variable(item.name), f"{item.name}: {text}")
                    broken.add(item.name)
        return broken

    def _check_hunts(self, items: Mapping[str, Item], good: set[str]) -> None:
        """The listing is wrong, and its repair is right: both by the way that students' answers go."""
        for item in items.values():
            hunt = item.definition
            if not isinstance(hunt, BugHunt):
                continue
            line = line_of_answer(item)
            told = items.get(hunt.problem)
            if told is None or not isinstance(told.definition, Problem):
                there = f"{self.course.shown(item.file.parent)} has no problem {hunt.problem}"
                self.add(item.file, line, f"{item.name}: {there}, so no repair can be tried")
                continue
            listing = hunt.listing.splitlines()
            for number in hunt.lines:
                if not listing[number - 1].split("#")[0].strip():
                    self.add(item.file, line, f"{item.name}: line {number} of the listing is empty")
            if hunt.problem not in good:
                continue
            self.progress(f"{self.course.shown(item.file)}: {item.name}")
            for number, repair, wanted in _trials(hunt):
                answer = f"{item.name} = {{'line': {number}, 'repair': {repair!r}}}"
                grade = self.grade([answer], item, items)
                found = {result.name: result for result in grade.results}.get("repair")
                if found is None or found.outcome is Outcome.GRADER_ERROR:
                    self.add(item.file, line, f"{item.name}: cannot be graded: {grade.message}")
                elif wanted and found.outcome is not Outcome.PASSED:
                    text = f"the repair of line {number} is not right: {found.message}"
                    self.add(item.file, line, f"{item.name}: {text}")
                elif not wanted and found.outcome is Outcome.PASSED:
                    text = f"the listing passes the hidden tests of {hunt.problem}: it has no fault"
                    self.add(item.file, line, f"{item.name}: {text}")
                    break

    # -----------------------------------------------------------------------------------------
    # Problems

    def _check_problem(self, item: Item, problem: Problem) -> bool:
        """Check a code problem; whether its reference can be held against answers."""
        self.progress(str(self.course.shown(item.file.parent)))
        file = _PythonFile(item.file)
        for line, todo in _todos(file.lines):
            self.add(item.file, line, f"still to do: {todo}")
        faults = list(_source_faults(item.name, problem, file))
        if problem.points <= 0:
            faults.append((file.line_of_argument("groups"), "the groups give no points at all"))
        if not faults:
            faults += _case_faults(item.name, problem, file)
        for line, text in faults:
            self.add(item.file, line, text)
        good = not faults
        self._check_accepted(item, problem, good)
        self._check_wrong(item, good)
        return good

    def _examples(self, item: Item, kind: str) -> tuple[list[_PythonFile], int]:
        """The files of a folder that hold code, and the number of all of them."""
        files = []
        paths = sorted((item.file.parent / kind).glob("*.py"))
        for path in paths:
            file = _PythonFile(path)
            if file.tree is None:
                self.add(path, 0, "has a syntax error")
            elif not file.tree.body:
                self.add(path, 1, f"is still a template; write {item.name} in it, or remove it")
            else:
                files.append(file)
        return files, len(paths)

    def _check_accepted(self, item: Item, problem: Problem, runnable: bool) -> None:
        files, count = self._examples(item, "accepted")
        for number in range(count + 1, MIN_ACCEPTED + 1):
            self.add(
                item.file.parent / "accepted",
                0,
                f"right answer {number} of {MIN_ACCEPTED} is missing; add a file that does it in "
                f"another way, such as with {_STYLES[number - 1]}",
            )
        known = {_shape_of(ast.parse(inspect.getsource(problem.reference))): "the reference"}
        for file in files:
            assert file.tree is not None
            shape = _shape_of(file.tree)
            if shape in known:
                text = f"is {known[shape]} in other names; write it in another way"
                self.add(file.path, 0, text)
            known.setdefault(shape, file.path.name)
            if runnable:
                grade = self.grade([file.text], item, {item.name: item})
                if grade.outcome is not Outcome.PASSED or grade.score != grade.max_score:
                    self.add(file.path, 0, f"a right answer is {_failure(grade)}")

    def _check_wrong(self, item: Item, runnable: bool) -> None:
        files, count = self._examples(item, "wrong")
        headers = {file.path: header(file.lines) for file in files}
        unused = [
            family
            for family in FAMILIES
            if all(header.get("family", (0, ""))[1] != family for header in headers.values())
        ]
        for number in range(count + 1, MIN_WRONG + 1):
            self.add(
                item.file.parent / "wrong",
                0,
                f"wrong answer {number} of {MIN_WRONG} is missing; add a file with one classic slip, "
                f"such as one of the family {unused[number - 1]}",
            )
        for file in files:
            for line, text in _header_faults(headers[file.path], file):
                self.add(file.path, line, text)
            if not runnable:
                continue
            grade = self.grade([file.text], item, {item.name: item})
            if grade.outcome is Outcome.GRADER_ERROR:
                self.add(file.path, 0, f"cannot be graded: {grade.message}")
            elif not grade.results and grade.outcome in (Outcome.RAISED, Outcome.TIMED_OUT):
                self.add(file.path, 0, f"does not run: {grade.message}")
            elif item.name not in _defined(file):
                self.add(file.path, 0, f"defines no function named {item.name}")
            elif grade.outcome is Outcome.NOT_ATTEMPTED:
                self.add(
                    file.path, 0, "raises NotImplementedError; a wrong answer must have a slip"
                )
            elif grade.score == grade.max_score:
                self.add(
                    file.path,
                    0,
                    "earns full points; add a hidden case that tells it from the reference",
                )


def _defined(file: _PythonFile) -> set[str]:
    nodes = list(ast.walk(file.tree)) if file.tree else []
    names = {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    return names | {node.id for node in nodes if isinstance(node, ast.Name)}


def _passed_on(text: str) -> Fault:
    """A fault that the loader tells as a line of text."""
    found = _LINE.fullmatch(text)
    if found is None:
        return Fault(Path(), 0, text)
    return Fault(Path(found["path"]), int(found["line"] or 0), found["text"])


def _todos(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(lines, 1):
        found = _TODO.search(line)
        if found is not None:
            yield number, found[1].strip() or "what stands here"


def _words(outcome: Outcome) -> str:
    return outcome.value.replace("_", " ")


def _because(message: str) -> str:
    return f": {message}" if message else ""


def _failure(grade: Grade) -> str:
    """What became of a right answer, with the first case that says so."""
    bad = [result for result in grade.results if result.outcome is not Outcome.PASSED]
    where = ""
    if bad:
        group = f"{bad[0].group}: " if bad[0].group else ""
        where = f" on {group}{bad[0].name}"
    message = grade.message or (bad[0].message if bad else "")
    return f"{_words(grade.outcome)}{where}{_because(message)}"


# ---------------------------------------------------------------------------------------------
# Stubs


def _function_stub_faults(
    tree: ast.Module, name: str, problem: Problem
) -> Iterator[tuple[int, str]]:
    functions = [
        node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == name
    ]
    if len(functions) != 1:
        yield 1, f"the stub must define the function {name} once; it does {len(functions)} times"
        return
    function = functions[0]
    taken = ast.unparse(function.args)
    wanted = ", ".join(inspect.signature(problem.reference).parameters)
    if taken != wanted:
        yield function.lineno, f"the stub takes ({taken}), the reference ({wanted})"
    body = function.body
    if ast.get_docstring(function) is None:
        yield function.lineno, "the stub has no docstring; say what goes in and what comes out"
    else:
        body = body[1:]
    if not body or ast.unparse(body[0]) != "raise NotImplementedError" or len(body) > 1:
        line = body[0].lineno if body else function.lineno
        yield line, "the stub must be its docstring and `raise NotImplementedError`, nothing else"


def _variable_stub_faults(tree: ast.Module, item: Item) -> Iterator[tuple[int, str]]:
    found = [node for node in tree.body if item.name in _assigned_names(node)]
    if not found:
        yield 1, f"the answer cell must assign the variable {item.name}"
        return
    statement = found[-1]
    assert isinstance(statement, ast.Assign | ast.AnnAssign)
    wanted = _part_names(item)
    value = statement.value
    if not wanted or not (value is None or isinstance(value, ast.Dict | ast.Constant)):
        return
    keys = value.keys if isinstance(value, ast.Dict) else []
    names = [key.value for key in keys if isinstance(key, ast.Constant)]
    if names != wanted:
        has = ", ".join(map(repr, names)) if names else "none"
        yield (
            statement.lineno,
            f"the answer needs a dict with the keys {', '.join(map(repr, wanted))}; it has {has}",
        )


def _part_names(item: Item) -> list[str] | None:
    """The keys of an answer that is a dict."""
    answer = item.definition
    if isinstance(answer, MultiNumeric):
        return list(answer.values)
    if isinstance(answer, Experiment):
        return list(answer.intervals)
    if isinstance(answer, BugHunt):
        return ["line", "repair"]
    if isinstance(answer, Symbolic) and list(answer.expressions) != [""]:
        return list(answer.expressions)
    return None


# ---------------------------------------------------------------------------------------------
# Answers


def _answer_faults(item: Item) -> Iterator[str]:
    answer = item.definition
    if item.points <= 0:
        yield "gives no points"
    if isinstance(answer, ShortAnswer):
        if not answer.rubric.strip():
            yield "the rubric is empty; say what the person who grades must look for"
        return
    if isinstance(answer, Symbolic):
        yield from _symbolic_faults(answer)
        return
    if isinstance(answer, Numeric):
        numbers: dict[str, Any] = {"the key": answer.value}
    elif isinstance(answer, MultiNumeric):
        numbers = {f"the key of {name!r}": value for name, value in answer.values.items()}
        for name in answer.up_to_sign:
            if name not in answer.values:
                yield f"up_to_sign names {name!r}, which is none of the parts"
    elif isinstance(answer, Experiment):
        numbers = {f"the interval of {name!r}": pair for name, pair in answer.intervals.items()}
    else:
        numbers = {}
    bad = False
    for name, value in numbers.items():
        if not _is_finite(value):
            bad = True
            yield f"{name} is {value!r}; it must be finite"
    if isinstance(answer, MultiNumeric | Experiment) and not numbers:
        yield "asks for nothing: it has no parts"
    elif not bad and not isinstance(answer, BugHunt | Problem):
        for key in _keys(answer):
            wrong = [r for r in judge.judge(answer, key) if r.outcome is not Outcome.PASSED]
            if wrong:
                yield f"its own key {key!r} does not count as right: {wrong[0].message}"


def _trials(hunt: BugHunt) -> Iterator[tuple[int, str, bool]]:
    """(line, what is put there, whether it makes the listing right): its own faulty line, then repairs."""
    first = hunt.lines[0]
    yield first, hunt.listing.splitlines()[first - 1], False
    yield first, hunt.repair, True
    for change in hunt.other_repairs:
        listing, number = changed(hunt.listing, change)
        yield number, listing.splitlines()[number - 1], True


def _keys(answer: Any) -> list[Any]:
    """Answers that must count as right."""
    if isinstance(answer, Numeric):
        return [answer.value]
    if isinstance(answer, MultiNumeric):
        return [dict(answer.values)]
    if isinstance(answer, Experiment):
        return [{name: (low + high) / 2 for name, (low, high) in answer.intervals.items()}]
    if isinstance(answer, MultipleChoice):
        return [answer.key]
    assert isinstance(answer, Ordering)
    return list(answer.keys)


def _symbolic_faults(answer: Symbolic) -> Iterator[str]:
    if not answer.expressions:
        yield "asks for nothing: it has no parts"
        return
    for name, (low, high) in answer.domain.items():
        if not (_is_finite((low, high)) and low < high):
            yield f"the domain of {name} is ({low!r}, {high!r}); it must be an interval"
            return
    for part, text in answer.expressions.items():
        one = dataclasses.replace(answer, expressions={part: text})
        where = f"the key of {part!r}" if part else "the key"
        try:
            values = judge.key_values(one)[part]
        except ValueError as error:
            yield f"{where}, {text}, cannot be evaluated: {error}"
            continue
        if not _is_finite(values):
            yield f"{where}, {text}, is not finite on the whole domain"


def _is_finite(value: Any) -> bool:
    try:
        return bool(np.all(np.isfinite(np.asarray(value, dtype=np.float64))))
    except (TypeError, ValueError):
        return False


# ---------------------------------------------------------------------------------------------
# References, public functions and cases


def _source_faults(name: str, problem: Problem, file: _PythonFile) -> Iterator[tuple[int, str]]:
    """What the reference and the public functions use, and that no public text holds the answer."""
    modules = {"np", "math", *(module.partition(".")[0] for module in problem.imports)}
    for used in sorted(_free_names(problem.reference.__code__) - modules):
        yield (
            file.line_of_function(name),
            f"the reference uses {used}; students see its body alone, so write it with np, math, "
            "its arguments and the problem's imports",
        )
    shown = {function.__name__ for function in problem.public}
    for function in problem.public:
        line = file.line_of_function(function.__name__)
        for used in sorted(_free_names(function.__code__) - modules - shown):
            text = f"{function.__name__} is public and uses {used}, which is not"
            yield line, f"{text}; add it to public or do without it"
    try:
        text = public_source(problem)
        exec(compile(text, "<public>", "exec"), {"__name__": "public"})
    except Exception as error:
        line = file.line_of_argument("public")
        yield line, f"the public functions do not run alone: {type(error).__name__}: {error}"
        return
    answer = _shape_of(ast.parse(inspect.getsource(problem.reference)))
    for function in problem.public:
        for node in ast.walk(ast.parse(inspect.getsource(function))):
            if not isinstance(node, ast.FunctionDef):
                continue
            if node.name == name or _shape_of(ast.Module([node], [])) == answer:
                yield (
                    file.line_of_function(function.__name__),
                    f"{function.__name__} is public and holds the reference; students would read it",
                )


def _free_names(code: CodeType) -> set[str]:
    """Names that a function and those inside it look up outside, without Python's own."""
    import builtins

    found = {
        instruction.argval
        for instruction in dis.get_instructions(code)
        if instruction.opname in ("LOAD_GLOBAL", "LOAD_NAME")
    }
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            found |= _free_names(constant)
    return {name for name in found if not hasattr(builtins, name)}


@dataclass(frozen=True, slots=True)
class _Answered:
    """A case with the reference's answer."""

    case: Case
    group: Group | None
    line: int
    expected: Any


def _case_faults(name: str, problem: Problem, file: _PythonFile) -> Iterator[tuple[int, str]]:
    """Run the reference on every case and say what is wrong with either."""
    cases: list[tuple[Group | None, Case, int]] = [
        (None, case, file.line_of_text(case.name, "examples")) for case in problem.examples
    ]
    for group in problem.groups:
        try:
            drawn = hidden_cases(name, group)
        except OracleError as error:
            yield file.line_of_text(group.name, "groups"), str(error).removeprefix(f"{name}: ")
            continue
        named = len(group.cases)
        for index, case in enumerate(drawn):
            text = case.name if index < named else group.name
            cases.append((group, case, file.line_of_text(text, "groups")))
    answered: list[_Answered] = []
    told: set[tuple[int, str]] = set()
    for group_, case, line in cases:
        found = _run_reference(problem, case)
        for kind, text in found.faults:
            if kind == "unwritten":
                yield (
                    file.line_of_function(name),
                    "the reference raises NotImplementedError; write it",
                )
                return
            # Of a group's random inputs the first one speaks for all.
            if (line, kind) not in told:
                told.add((line, kind))
                yield line, f"case {case.name!r}: {text}"
        if found.has_value:
            answered.append(_Answered(case, group_, line, found.value))
    yield from _one_sided_groups(problem, answered, file)
    yield from _leaks(answered)


@dataclass(frozen=True, slots=True)
class _ReferenceRun:
    value: Any = None
    has_value: bool = False
    faults: tuple[tuple[str, str], ...] = ()


def _run_reference(problem: Problem, case: Case) -> _ReferenceRun:
    try:
        sent = wire.encode(case.inputs)
        arrived = wire.decode(sent)
    except wire.WireError as error:
        return _ReferenceRun(
            faults=(("travel", f"its inputs cannot be sent to the sandbox: {error}"),)
        )
    for index, element in enumerate(arrived, 1):
        stuck = next(_unsupported(element), None)
        if stuck is not None:
            text = f"its input {index} cannot be sent to the sandbox: {stuck.type_name}"
            if stuck.type_name in ("function", "builtin_function_or_method", "ufunc"):
                text += "; write a public function and pass public(…)"
            return _ReferenceRun(faults=(("travel", text),))
    if wire.encode(arrived) != sent:
        text = "its inputs do not come out of the sandbox's door as they went in"
        return _ReferenceRun(faults=(("travel", text),))
    faults: list[tuple[str, str]] = []
    values: list[bytes] = []
    value: Any = None
    for _ in range(2):
        inputs = copy.deepcopy(case.inputs)
        arguments = resolve(inputs, problem.public)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                if problem.driver is not None:
                    value = problem.driver(problem.reference, *arguments)
                else:
                    value = problem.reference(*arguments)
        except NotImplementedError:
            return _ReferenceRun(faults=(("unwritten", ""),))
        except Exception as error:
            text = f"the reference raises {type(error).__name__}: {error}"
            return _ReferenceRun(faults=(("raises", text),))
        if wire.encode(inputs) != sent:
            faults.append(("mutates", "the reference changes its input; let it work on a copy"))
        try:
            values.append(wire.encode(value))
        except wire.WireError as error:
            text = f"the reference's answer cannot be sent: {error}"
            return _ReferenceRun(faults=(*faults, ("answer", text)))
    if values[0] != values[1]:
        faults.append(
            ("random", "the reference gives another answer each time; seed its generator")
        )
    try:
        compare(value, value, rtol=problem.rtol, atol=problem.atol)
    except TypeError as error:
        return _ReferenceRun(faults=(*faults, ("answer", f"the reference's answer: {error}")))
    meant = _SAYS_NOT_FINITE.search(case.name) or not _all_finite(case.inputs)
    if not meant and not _all_finite(value):
        text = (
            "the reference's answer is not finite; if that is meant, say so in the case's name "
            "(overflow, nan, infinite)"
        )
        faults.append(("finite", text))
    return _ReferenceRun(value, True, tuple(dict.fromkeys(faults)))


def _unsupported(value: Any) -> Iterator[Unsupported]:
    if isinstance(value, Unsupported):
        yield value
    for element in _elements(value):
        yield from _unsupported(element)


def _elements(value: Any) -> Sequence[Any]:
    """What stands inside a container or a `Public`."""
    if isinstance(value, Public):
        return value.arguments or ()
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list | tuple) else ()


def _all_finite(value: Any) -> bool:
    if isinstance(value, float | complex | np.ndarray | np.generic):
        return bool(np.all(np.isfinite(value)))
    return all(_all_finite(element) for element in _elements(value))


def _one_sided_groups(
    problem: Problem, answered: Sequence[_Answered], file: _PythonFile
) -> Iterator[tuple[int, str]]:
    """Groups of yes-or-no questions that one constant answer would pass."""
    for group in problem.groups:
        values = [one.expected for one in answered if one.group is group]
        if values and all(type(value) is bool for value in values) and len(set(values)) == 1:
            yield (
                file.line_of_text(group.name, "groups"),
                f"group {group.name!r}: every right answer is {values[0]}; mix in cases with "
                f"{not values[0]}, or `return {values[0]}` earns its points",
            )


def _leaks(answered: Sequence[_Answered]) -> Iterator[tuple[int, str]]:
    """Inputs that hold what another case must return."""
    holders: dict[Any, list[_Answered]] = {}
    for one in answered:
        for value in one.case.inputs:
            for array in _arrays(value):
                holders.setdefault(_fingerprint(array), []).append(one)
    told: set[int] = set()
    for one in answered:
        own = {_fingerprint(array) for value in one.case.inputs for array in _arrays(value)}
        for array in _arrays(one.expected):
            fingerprint = _fingerprint(array)
            # An array of equal numbers tells nothing, nor does one that is among the case's own inputs.
            if one.group is None or fingerprint in own or np.all(array == array.flat[0]):
                continue
            for holder in holders.get(fingerprint, ()):
                if holder is not one and holder.line not in told:
                    told.add(holder.line)
                    yield (
                        holder.line,
                        f"case {holder.case.name!r}: an input is what case {one.case.name!r} must "
                        "return; drive the steps from the start point, or change the numbers",
                    )


def _arrays(value: Any) -> Iterator[NDArray[Any]]:
    """Numeric arrays, and flat lists of numbers, of at least two elements."""
    if isinstance(value, np.ndarray):
        if value.size >= 2 and value.dtype.kind in "fiu":
            yield value
        return
    elements = _elements(value)
    if len(elements) >= 2 and all(type(element) in (int, float) for element in elements):
        if not isinstance(value, Public):
            yield np.array(elements, dtype=np.float64)
        return
    for element in elements:
        yield from _arrays(element)


def _fingerprint(array: NDArray[Any]) -> tuple[tuple[int, ...], bytes]:
    # Adding zero makes -0.0 the same as 0.0.
    return array.shape, (np.round(array.astype(np.float64), 9) + 0.0).tobytes()


# ---------------------------------------------------------------------------------------------
# Examples of right and wrong answers


def _header_faults(
    header: Mapping[str, tuple[int, str]], file: _PythonFile
) -> Iterator[tuple[int, str]]:
    for field in ("family", "line", "about"):
        if not header.get(field, (0, ""))[1]:
            yield 1, f"the comments at the top lack `# {field}: …`"
    place, family = header.get("family", (0, ""))
    if family and family not in FAMILIES:
        yield place, f"family {family!r} is unknown; known are {', '.join(FAMILIES)}"
    place, text = header.get("line", (0, ""))
    if text and not (text.isdecimal() and 1 <= int(text) <= len(file.lines)):
        yield place, f"line {text} is not in the file, which has lines 1 to {len(file.lines)}"
    elif text and not file.lines[int(text) - 1].split("#")[0].strip():
        yield (
            place,
            f"line {text} holds no code; name the faulty line, or that which lacks something",
        )


class _Renamed(ast.NodeTransformer):
    """Takes away what does not change what code does: docstrings, annotations and chosen names."""

    def __init__(self, fixed: set[str]) -> None:
        self.fixed = fixed
        self.names: dict[str, str] = {}

    def name(self, name: str) -> str:
        return name if name in self.fixed else self.names.setdefault(name, f"v{len(self.names)}")

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.name = self.name(node.name)
        node.returns = None
        if ast.get_docstring(node) is not None:
            node.body = node.body[1:] or [ast.Pass()]
        return self.generic_visit(node)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.arg, node.annotation = self.name(node.arg), None
        return node

    def visit_Name(self, node: ast.Name) -> ast.AST:
        node.id = self.name(node.id)
        return node


def _shape_of(tree: ast.Module) -> str:
    """A text that two programs share if they differ in names, comments and docstrings only."""
    import builtins

    tree = copy.deepcopy(tree)
    tree.body = [
        node
        for node in tree.body
        if not isinstance(node, ast.Import | ast.ImportFrom)
        and not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
    ]
    return ast.dump(_Renamed({"np", "math", "torch", *dir(builtins)}).visit(tree))
