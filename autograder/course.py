"""Reads a course: `solutions/`, `assignments/` and `course.toml` into Items and a Policy.

Everything wrong is reported at once, one line each with file and line:
`solutions/ps14_prox/soft_threshold/problem.py:12: …`. Loading runs an author's own files, so a course is as
trusted as the package itself.
"""

from __future__ import annotations

import ast
import dataclasses
import importlib.util
import sys
import tomllib
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from autograder.listings import ListingError, completed, right_listing
from autograder.model import (
    BugHunt,
    Definition,
    Experiment,
    Group,
    Item,
    MultiNumeric,
    MultipleChoice,
    Numeric,
    Ordering,
    Policy,
    Problem,
    Public,
    ShortAnswer,
    Symbolic,
)

ANSWERS = "answers.py"
PROBLEM = "problem.py"
ACCEPTED = "accepted"
_ANSWER_KINDS = (
    Numeric,
    MultiNumeric,
    Experiment,
    MultipleChoice,
    Ordering,
    Symbolic,
    BugHunt,
    ShortAnswer,
)
_MAX_POINTS = 1000.0


class CourseError(Exception):
    """What is wrong with a course; `faults` holds one line each."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        count = len(self.faults)
        head = "" if count == 1 else f"{count} faults in the course:\n"
        super().__init__(head + "\n".join(self.faults))

    def __reduce__(self) -> tuple[type[CourseError], tuple[tuple[str, ...]]]:
        return type(self), (
            self.faults,
        )  # else it comes from a worker process with its text for faults


@dataclass(frozen=True)
class Course:
    """A course on disk. Sets and items are loaded when they are asked for, and then kept."""

    root: Path
    policy: Policy
    _loaded: dict[str, Mapping[str, Item]] = field(default_factory=dict, repr=False)
    _problems: dict[str, Item] = field(default_factory=dict, repr=False)

    @property
    def solutions(self) -> Path:
        return self.root / "solutions"

    @property
    def assignments(self) -> Path:
        return self.root / "assignments"

    def set_names(self) -> list[str]:
        """Every problem set that has a notebook or a solution, sorted."""
        folders = [*_folders(self.solutions), *_folders(self.assignments)]
        return sorted({folder.name for folder in folders})

    def notebook_sources(self, set_name: str) -> list[Path]:
        """The MyST Markdown files that become the set's notebooks."""
        return sorted((self.assignments / set_name).glob("*.md"))

    def full_set_name(self, text: str) -> str:
        """The set that `text` names: its whole name, or a beginning that only one set has.

        Raises:
            CourseError: no such set, or several.
        """
        names = self.set_names()
        found = [text] if text in names else [name for name in names if name.startswith(text)]
        if len(found) == 1 and text:
            return found[0]
        if found and text:
            raise CourseError([f"{text}: several sets begin so: {', '.join(found)}"])
        have = ", ".join(names) if names else f"none under {self.root}"
        raise CourseError([f"{text}: no such problem set; the course has: {have}"])

    def problem_folder(self, name: str) -> Path:
        """The folder of a code problem, in whichever set.

        Raises:
            CourseError: no such problem, or two of that name.
        """
        found = sorted(self.solutions.glob(f"*/{name}/{PROBLEM}")) if name.isidentifier() else []
        if len(found) > 1:
            places = " and ".join(str(self.shown(path.parent)) for path in found)
            raise CourseError([f"two problems are named {name}: {places}; rename one"])
        if not found:
            have = sorted(path.parent.name for path in self.solutions.glob(f"*/*/{PROBLEM}"))
            listed = ", ".join(have) if have else f"none under {self.solutions}"
            raise CourseError([f"{name}: no such problem; the course has: {listed}"])
        return found[0].parent

    def problem(self, name: str) -> Item:
        """A code problem by name, without loading the rest of its set."""
        folder = self.problem_folder(name)
        loaded = self._loaded.get(folder.parent.name)
        if loaded is not None:
            return loaded[name]
        if name not in self._problems:
            faults: list[str] = []
            item = _load_problem(self, folder, faults)
            if item is None:
                raise CourseError(faults)
            self._problems[name] = item
        return self._problems[name]

    def items(self, set_name: str) -> Mapping[str, Item]:
        """All items of a set by name: code problems first, then the set's answers.

        Raises:
            CourseError: everything wrong in the set.
        """
        if set_name not in self._loaded:
            faults: list[str] = []
            items = dict(_load_set(self, set_name, faults))
            if faults:
                raise CourseError(faults)
            self._loaded[set_name] = items
        return self._loaded[set_name]

    def shown(self, path: Path) -> Path:
        """A path as messages name it: relative to the course."""
        return path.relative_to(self.root) if path.is_relative_to(self.root) else path


def load_course(root: Path) -> Course:
    """The course at `root`.

    Raises:
        CourseError: there is no course, or its `course.toml` is wrong.
    """
    root = root.resolve()
    if not (root / "solutions").is_dir() and not (root / "assignments").is_dir():
        raise CourseError(
            [
                f"{root}: no course here: neither solutions/ nor assignments/. "
                "Go to the course's directory or name it with --course DIR"
            ]
        )
    return Course(root, _load_policy(root / "course.toml"))


def _load_policy(path: Path) -> Policy:
    if not path.exists():
        return Policy()
    try:
        settings = tomllib.loads(path.read_text())
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CourseError([f"{path}: {error}"]) from None
    known = {entry.name: entry for entry in dataclasses.fields(Policy)}
    faults = []
    for name, value in settings.items():
        if name not in known:
            faults.append(f"{path.name}: unknown key {name!r}; known are {', '.join(known)}")
            continue
        default = known[name].default
        good = (
            type(value) is bool
            if type(default) is bool
            else type(value) in (int, float) and value > 0
        )
        if not good:
            wanted = "true or false" if type(default) is bool else "a number above 0"
            faults.append(f"{path.name}: {name} = {value!r}; it must be {wanted}")
    if faults:
        raise CourseError(faults)
    return Policy(**settings)


def _folders(parent: Path) -> list[Path]:
    if not parent.is_dir():
        return []
    return sorted(
        entry for entry in parent.iterdir() if entry.is_dir() and entry.name[0] not in "._"
    )


# ---------------------------------------------------------------------------------------------
# Loading


def _load_set(course: Course, set_name: str, faults: list[str]) -> Iterator[tuple[str, Item]]:
    folder = course.solutions / set_name
    seen: dict[str, Path] = {}
    items: list[Item | None] = []
    for problem in _folders(folder):
        if (problem / PROBLEM).exists():
            items.append(_load_problem(course, problem, faults))
        else:
            faults.append(f"{course.shown(problem)}: has no {PROBLEM}")
    items += _load_answers(course, folder / ANSWERS, faults)
    elsewhere = {
        path.parent.name: path
        for path in course.solutions.glob(f"*/*/{PROBLEM}")
        if path.parent.parent != folder
    }
    for item in items:
        if item is None:
            continue
        twin = seen.get(item.name) or elsewhere.get(item.name)
        if twin is not None:
            faults.append(
                f"{course.shown(item.file)}: two items are named {item.name}; "
                f"the other is {course.shown(twin)}"
            )
        seen[item.name] = item.file
        yield item.name, item


def _load_problem(course: Course, folder: Path, faults: list[str]) -> Item | None:
    file = folder / PROBLEM
    module = _load_module(course, file, faults)
    if module is None:
        return None
    shown = course.shown(file)
    problem = getattr(module, "problem", None)
    if not isinstance(problem, Problem):
        faults.append(f"{shown}:1: defines no `problem = Problem(…)`")
        return None
    lines = _Lines(file)
    found = list(_problem_faults(problem, folder.name, lines))
    faults += [f"{shown}:{line}: {text}" for line, text in found]
    if found:
        return None
    return Item(folder.name, folder.parent.name, file, problem)


def _load_answers(course: Course, file: Path, faults: list[str]) -> list[Item | None]:
    if not file.exists():
        return []
    module = _load_module(course, file, faults)
    if module is None:
        return []
    items: list[Item | None] = []
    lines = _Lines(file)
    for name, value in vars(module).items():
        if isinstance(value, _ANSWER_KINDS) and not name.startswith("_"):
            line = lines.of_assignment(name)
            found = list(_answer_faults(value))
            if isinstance(value, BugHunt) and value.change and not found:
                try:
                    value = _completed(value, file.parent)
                except ListingError as error:
                    found.append(str(error))
            faults += [f"{course.shown(file)}:{line}: {name}: {text}" for text in found]
            items.append(Item(name, file.parent.name, file, value))
    return items


def _completed(hunt: BugHunt, folder: Path) -> BugHunt:
    """A hunt declared by a change to a right answer, worked out; `folder` is its set's."""
    problem = folder / hunt.problem
    if not (problem / PROBLEM).is_file():
        raise ListingError(f"its set has no problem {hunt.problem}")
    return completed(hunt, right_listing(problem / (hunt.answer or PROBLEM), hunt.problem))


def _load_module(course: Course, file: Path, faults: list[str]) -> ModuleType | None:
    """Import a file under a name of its own; a failure becomes one line with the place in that file."""
    shown = course.shown(file)
    parts = [part for part in shown.with_suffix("").parts if part != "solutions"]
    name = "_".join(["autograder_course", *parts])
    specification = importlib.util.spec_from_file_location(name, file)
    if specification is None or specification.loader is None:
        faults.append(f"{shown}: cannot be imported")
        return None
    module = importlib.util.module_from_spec(specification)
    # inspect.getsource and dataclasses look the module up here.
    sys.modules[name] = module
    try:
        specification.loader.exec_module(module)
    except SyntaxError as error:
        faults.append(f"{shown}:{error.lineno}: syntax error: {error.msg}")
    except Exception as error:
        frames = traceback.extract_tb(error.__traceback__)
        line = max(
            (frame.lineno or 1 for frame in frames if frame.filename == str(file)), default=1
        )
        faults.append(f"{shown}:{line}: {type(error).__name__}: {_plain(error)}")
    else:
        return module
    return None


def _plain(error: Exception) -> str:
    """A dataclass's complaint in an author's words."""
    return str(error).replace("Problem.__init__() ", "Problem(…) is ").replace(".__init__()", "(…)")


class _Lines:
    """Line numbers of the parts of an author's file, for messages."""

    def __init__(self, file: Path) -> None:
        self._tree = ast.parse(file.read_text())

    def of_assignment(self, name: str) -> int:
        for node in self._tree.body:
            if isinstance(node, ast.Assign) and any(
                isinstance(target, ast.Name) and target.id == name for target in node.targets
            ):
                return node.lineno
        return 1

    def of_argument(self, name: str, position: int = -1) -> int:
        """Line of the argument `name` of the call that makes the problem (its n-th element)."""
        for node in self._tree.body:
            if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Call):
                continue
            if self.of_assignment("problem") != node.lineno:
                continue
            for argument in node.value.keywords:
                if argument.arg == name:
                    value = argument.value
                    if isinstance(value, ast.List | ast.Tuple) and -1 < position < len(value.elts):
                        return value.elts[position].lineno
                    return value.lineno
            return node.lineno
        return 1


# ---------------------------------------------------------------------------------------------
# What can be wrong (what can be seen without running anything)


def _problem_faults(problem: Problem, name: str, at: _Lines) -> Iterator[tuple[int, str]]:
    reference_name = getattr(problem.reference, "__name__", "?")
    if reference_name != name:
        yield (
            at.of_argument("reference"),
            f"the reference is named {reference_name}, the folder {name}; they must agree",
        )
    if not problem.source.strip():
        yield (
            at.of_argument("source"),
            "source is empty; name the paper, book or page of the formula",
        )
    for field_name in ("rtol", "atol"):
        value = getattr(problem, field_name)
        if not _is_number(value) or not 0 <= value < 1:
            yield at.of_argument(field_name), f"{field_name} = {value!r}; it must lie in [0, 1)"
    if not problem.examples:
        yield at.of_argument("examples"), "no public example; check() needs at least one"
    if not problem.groups:
        yield at.of_argument("groups"), "no group of hidden cases"
    public_names = {getattr(function, "__name__", "?") for function in problem.public}
    if reference_name in public_names:
        yield at.of_argument("public"), "the reference is among the public functions"
    for field_name in ("driver", "path", "landscape"):
        function = getattr(problem, field_name)
        if function is not None and function not in problem.public:
            yield (
                at.of_argument(field_name),
                f"the {field_name} {function.__name__} is not among the public functions",
            )
    for index, group in enumerate(problem.groups):
        line = at.of_argument("groups", index)
        for text in _group_faults(group):
            yield line, f"group {group.name!r}: {text}"
    names = [group.name for group in problem.groups]
    for twice in sorted({name for name in names if names.count(name) > 1}):
        yield at.of_argument("groups"), f"two groups are named {twice!r}"
    cases = [(at.of_argument("examples", i), case) for i, case in enumerate(problem.examples)]
    for index, group in enumerate(problem.groups):
        cases += [(at.of_argument("groups", index), case) for case in group.cases]
    for line, case in cases:
        if type(case.inputs) is not tuple:
            yield line, f"case {case.name!r}: inputs must be a tuple, one element per argument"
        for used in _public_names(case.inputs):
            if used not in public_names:
                yield line, f"case {case.name!r}: {used} is not among the public functions"


def _group_faults(group: Group) -> Iterator[str]:
    if not _is_number(group.points) or not 0 <= group.points <= _MAX_POINTS:
        yield f"points = {group.points!r}; they must lie between 0 and {_MAX_POINTS:g}"
    if not group.cases and group.strategy is None:
        yield "has neither cases nor a strategy"
    if group.strategy is not None and (type(group.count) is not int or group.count < 1):
        yield f"count = {group.count!r}; it must be a whole number above 0"
    names = [case.name for case in group.cases]
    for twice in sorted({name for name in names if names.count(name) > 1}):
        yield f"two cases are named {twice!r}"


def _answer_faults(answer: Definition) -> Iterator[str]:
    if not _is_number(answer.points) or not 0 <= answer.points <= _MAX_POINTS:
        yield f"points = {answer.points!r}; they must lie between 0 and {_MAX_POINTS:g}"
    for tolerance in ("rtol", "atol"):
        value = getattr(answer, tolerance, 0.0)
        if not _is_number(value) or value < 0:
            yield f"{tolerance} = {value!r}; it must be a number of at least 0"
    checks: dict[type, Callable[[Any], Iterator[str]]] = {
        MultipleChoice: _choice_faults,
        Ordering: _ordering_faults,
        BugHunt: _hunt_faults,
        Experiment: _experiment_faults,
    }
    check = checks.get(type(answer))
    if check is not None:
        yield from check(answer)


def _choice_faults(answer: MultipleChoice) -> Iterator[str]:
    if len(answer.key) != 1 or answer.key not in answer.options:
        yield f"key {answer.key!r} is none of the options {answer.options!r}"


def _ordering_faults(answer: Ordering) -> Iterator[str]:
    if isinstance(answer.keys, str) or not answer.keys:
        yield 'keys must be a list of orders, such as ["cab"]'
    elif len({"".join(sorted(key)) for key in answer.keys}) != 1:
        yield "the right orders do not use the same letters"


def _hunt_faults(answer: BugHunt) -> Iterator[str]:
    written = [name for name in ("listing", "lines", "repair") if getattr(answer, name)]
    if answer.change:
        if written:
            yield f"{' and '.join(written)} would be worked out from the change; leave one or the other out"
        if answer.answer and Path(answer.answer).parent != Path(ACCEPTED):
            yield f"answer = {answer.answer!r}; it must be a file in {ACCEPTED}/, or none for the reference"
        return
    if not written:
        yield 'has no change "old -> new" to a right answer, and no listing of its own'
        return
    if answer.answer or answer.other_repairs:
        yield "answer and other_repairs go with a change; a listing of its own has lines and a repair"
    count = len(answer.listing.splitlines())
    if not answer.lines or not all(1 <= line <= count for line in answer.lines):
        yield f"lines {list(answer.lines)} do not all lie in the listing of {count} lines"
    try:
        ast.parse(answer.listing)
    except SyntaxError as error:
        yield f"the listing has a syntax error on its line {error.lineno}: {error.msg}"


def _experiment_faults(answer: Experiment) -> Iterator[str]:
    for name, interval in answer.intervals.items():
        if len(interval) != 2 or not float(interval[0]) <= float(interval[1]):
            yield f"{name}: {interval!r} is no interval (low, high)"


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value == value


def _public_names(value: Any) -> Iterator[str]:
    if isinstance(value, Public):
        yield value.function
        value = value.arguments or ()
    if isinstance(value, tuple | list):
        for element in value:
            yield from _public_names(element)
