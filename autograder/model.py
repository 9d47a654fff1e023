"""The data that travels between the rooms, and the words an author writes items with.

Frozen dataclasses only: no room changes what another room made. An author's `problem.py` or
`answers.py` imports from here and from `autograder.strategies`, and from nothing else of ours.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, ClassVar

# ---------------------------------------------------------------------------------------------
# What an author writes


@dataclass(frozen=True, slots=True)
class Public:
    """An input that each side builds for itself from public source, because functions do not travel.

    `Public("valley_gradient")` is that public function itself; `Public("quadratic_gradient", (A, b))`
    is what the public function returns for those arguments. The function is one of the problem's
    `public` functions, whose source students can read.
    """

    function: str
    arguments: tuple[Any, ...] | None = None


def public(function: Callable[..., Any], *arguments: Any) -> Public:
    """`Public` by reference: `public(f)` is f, `public(f, a, b)` is the function f(a, b) returns."""
    return Public(function.__name__, arguments or None)


def resolved(value: Any, functions: Mapping[str, Callable[..., Any]]) -> Any:
    """Inputs with each `Public` in them built, alike on every side.

    Arrays stay the same objects, so that a change of them shows.
    """
    if isinstance(value, Public):
        function = functions[value.function]
        if value.arguments is None:
            return function
        return function(*resolved(copy.deepcopy(value.arguments), functions))
    if type(value) is tuple:
        return tuple(resolved(element, functions) for element in value)
    if type(value) is list and any(isinstance(element, Public) for element in value):
        return [resolved(element, functions) for element in value]
    return value


@dataclass(frozen=True, slots=True)
class Case:
    """One call of the student's function.

    Attributes:
        name: what is special about it, in words a student may read even where the case is hidden
            ("a singular matrix"); it must not give the inputs away.
        inputs: positional arguments: numbers, bools, strings, None, numpy arrays, lists, tuples,
            dicts, or `Public`.
    """

    name: str
    inputs: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Hidden cases that earn their points together: all of them pass, or none counts.

    Attributes:
        name: words a student may read ("random vectors").
        points: >= 0; the points of all groups add up to the item's.
        cases: hidden cases by name.
        strategy: a Hypothesis strategy of input tuples; `count` inputs are drawn from it with a fixed
            seed, and a failing input is shrunk within it to the smallest one worth showing.
        count: number of inputs drawn from `strategy`.
    """

    name: str
    points: float
    cases: tuple[Case, ...] = ()
    strategy: Any = None
    count: int = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A function that students write. The folder's name is the function's name.

    Attributes:
        reference: the one right answer that everything is derived from. Its body is what `build` puts
            into the instructor's notebook, so it uses only np, math and the problem's `imports`.
        source: where the formula stands (paper and equation, book and section, or a URL).
        rtol, atol: |actual - expected| <= atol + rtol |expected|, elementwise; always both.
        examples: public cases, shown whole, run by `check()` in the student's notebook.
        groups: hidden cases and their points.
        public: functions whose source students may read: those that `Public` inputs name, the
            driver, the path and the landscape. They use only np, math, the problem's `imports`
            and each other.
        driver: how to run the student's function, `driver(function, *inputs)`; None calls it with the
            inputs. A driver keeps expected values of one step out of the inputs of the next.
        path: public function `path(function) -> array`, shape (n, 2) or (n,): the iterates that
            feedback draws beside the reference's; None draws nothing.
        landscape: public function of (x, y) whose contours lie under a path of shape (n, 2).
        forbidden: dotted names that "from scratch" excludes, such as "torch.optim"; a prefix counts.
        imports: modules that the function's process has loaded.
        time_limit_s: wall-clock seconds for one group of cases.
        unseen_bugs: planted bugs that need not be noticed, and why. A key is an operator ("strictness"), a
            change "old -> new" with … as wildcard, or "one = other" for two wrong answers that are the same.
    """

    reference: Callable[..., Any]
    source: str
    rtol: float
    atol: float
    examples: Sequence[Case]
    groups: Sequence[Group]
    public: Sequence[Callable[..., Any]] = ()
    driver: Callable[..., Any] | None = None
    path: Callable[..., Any] | None = None
    landscape: Callable[..., Any] | None = None
    forbidden: Sequence[str] = ()
    imports: Sequence[str] = ("numpy",)
    time_limit_s: float = 5.0
    unseen_bugs: Mapping[str, str] = field(default_factory=dict)

    kind: ClassVar[str] = "code"

    @property
    def points(self) -> float:
        return float(sum(group.points for group in self.groups))


@dataclass(frozen=True, slots=True, kw_only=True)
class Numeric:
    """One number, in a variable named like the item."""

    points: float
    value: float
    rtol: float
    atol: float

    kind: ClassVar[str] = "numeric"


@dataclass(frozen=True, slots=True, kw_only=True)
class MultiNumeric:
    """Several named numbers in a dict; each part earns an equal share.

    A value may itself be a sequence of numbers (a vector): then the whole vector is one part.
    `up_to_sign` names the parts that may be multiplied by -1 (an eigenvector).
    """

    points: float
    values: Mapping[str, Any]
    rtol: float
    atol: float
    up_to_sign: Sequence[str] = ()

    kind: ClassVar[str] = "multi_numeric"


@dataclass(frozen=True, slots=True, kw_only=True)
class Experiment:
    """Quantities the student's own code measured, in a dict, beside a plot for the TA's eyes.

    `intervals` maps each quantity to the closed interval [low, high] that an honest measurement
    falls in, computed by the author's own run of the experiment.
    """

    points: float
    intervals: Mapping[str, tuple[float, float]]

    kind: ClassVar[str] = "experiment"


@dataclass(frozen=True, slots=True, kw_only=True)
class MultipleChoice:
    """One letter out of `options` ("abcd"); the wording of the options stands in the notebook."""

    points: float
    options: str
    key: str

    kind: ClassVar[str] = "multiple_choice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordering:
    """A string of letters ("cab"), or a list of them: the order of the steps in the notebook.

    `keys` holds every right order; they use the same letters.
    """

    points: float
    keys: Sequence[str]

    kind: ClassVar[str] = "ordering"


@dataclass(frozen=True, slots=True, kw_only=True)
class Symbolic:
    """Formulas, judged by value at random points: one text, or a dict of named texts.

    Attributes:
        expressions: sympy expressions (or text) by part name; the single part of a one-formula item
            is named "".
        domain: the interval each variable's random values are drawn from, by variable name.
    """

    points: float
    expressions: Mapping[str, Any]
    domain: Mapping[str, tuple[float, float]]
    rtol: float = 1e-7
    atol: float = 1e-9

    kind: ClassVar[str] = "symbolic"


@dataclass(frozen=True, slots=True, kw_only=True)
class BugHunt:
    """A listing with one faulty line. The student names the line and writes it anew.

    The answer is a dict {"line": 4, "repair": "    return x"}; half of the points are for the line,
    half for a repair that passes the hidden tests of `problem` (any right repair counts).

    A hunt is a right answer with one change, from which the rest is worked out when the course is loaded. Or
    it is written by hand: `listing`, `lines` and `repair`, and no `change`.

    Attributes:
        problem: name of the code problem whose function the listing claims to be.
        change: "old -> new": `new` stands in the listing where the right answer has `old`, on one line.
        answer: the right answer, "accepted/loop.py"; the reference where it is empty.
        other_repairs: changes of further lines of the listing, each of which makes it right as well.
        listing: Python source; build shows it with line numbers from 1.
        lines: 1-based numbers of the lines that count as the faulty one.
        repair: a right replacement of the first of `lines`; validate runs it.
    """

    points: float
    problem: str
    change: str = ""
    answer: str = ""
    other_repairs: Sequence[str] = ()
    listing: str = ""
    lines: Sequence[int] = ()
    repair: str = ""

    kind: ClassVar[str] = "bug_hunt"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortAnswer:
    """Prose that a person grades, through nbgrader; `rubric` is for that person only."""

    points: float
    rubric: str

    kind: ClassVar[str] = "short_answer"


Answer = (
    Numeric
    | MultiNumeric
    | Experiment
    | MultipleChoice
    | Ordering
    | Symbolic
    | BugHunt
    | ShortAnswer
)
Definition = Problem | Answer


@dataclass(frozen=True, slots=True)
class Item:
    """A gradable item: its name (unique in the course), its set, where it is defined, and what it is."""

    name: str
    set_name: str
    file: Path
    definition: Definition

    @property
    def points(self) -> float:
        return float(self.definition.points)

    @property
    def kind(self) -> str:
        return self.definition.kind


# ---------------------------------------------------------------------------------------------
# What a course decides


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """A course's decisions, from `course.toml` at its root; every field has a default.

    Attributes:
        cell_time_limit_s: wall-clock seconds for one cell of a submitted notebook.
        notebook_time_limit_s: wall-clock seconds for a whole notebook, its hidden tests included.
        memory_mib: memory a student's process may add to what its imports need.
        diagnosis_time_limit_s: wall-clock seconds for the search for the cause of a wrong function.
        show_counterexample: whether a student sees the smallest failing input of a hidden group (it is
            made by shrinking, so it is no hidden case, but it shows one right value).
        diagnose: whether a cause is looked for at all.
        show_fix: whether a student sees the corrected line of a confirmed diagnosis.
        allow_unsafe: run student code on a machine that gives no isolation at all.
    """

    cell_time_limit_s: float = 30.0
    notebook_time_limit_s: float = 300.0
    memory_mib: int = 2048
    diagnosis_time_limit_s: float = 2.0
    show_counterexample: bool = False
    diagnose: bool = True
    show_fix: bool = False
    allow_unsafe: bool = False


# ---------------------------------------------------------------------------------------------
# What a student hands in


@dataclass(frozen=True, slots=True)
class SourceCell:
    """A cell as the instructor released it, from nbgrader's gradebook: what a submission is mended with.

    `kind` is nbgrader's: "grade" (autograded test cell), "manual" (grade and solution), "solution",
    "task" or "readonly". `points` is None unless the cell is graded. `checksum` is nbgrader's, "" if not known.
    """

    grade_id: str
    cell_type: str
    source: str
    kind: str
    points: float | None = None
    locked: bool = False
    checksum: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a submitted notebook after sanitising.

    Attributes:
        index: position in the notebook's list of cells.
        cell_type: "code", "markdown" or "raw".
        grade_id: nbgrader's name of the cell, or None for the student's own.
        points: points of a graded cell, else None.
        is_manual: graded by a person (nbgrader: grade and solution both true, or a task cell).
        is_skipped: tagged "skip-execution", nbclient's word for a cell that is not worth running when
            nobody watches, such as a given figure; stock nbgrader leaves it out too.
    """

    index: int
    cell_type: str
    source: str
    grade_id: str | None = None
    points: float | None = None
    is_manual: bool = False
    is_skipped: bool = False


@dataclass(frozen=True, slots=True)
class Submission:
    """A student's notebook as the grader sees it; `notes` tell a TA what was mended in it."""

    cells: tuple[Cell, ...]
    language: str = "python"
    notes: tuple[str, ...] = ()


# ---------------------------------------------------------------------------------------------
# What comes of it


class Outcome(StrEnum):
    PASSED = "passed"
    FAILED = "failed"
    RAISED = "raised"
    TIMED_OUT = "timed_out"
    NOT_ATTEMPTED = "not_attempted"
    GRADER_ERROR = "grader_error"


@dataclass(frozen=True, slots=True)
class Unsupported:
    """Stands for a returned value that cannot leave the sandbox, such as an object of a class of one's own."""

    type_name: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Mismatch:
    """How a value differs from the expected one; `message` is built from the other fields.

    Attributes:
        kind: "type", "shape", "dtype", "finite", "value", "keys", "length" or "mutation".
        where: place inside the returned value, such as "params[1, 0]"; "" is the value itself.
        actual, expected: short texts of the two; reveal the input's answer, so hidden cases omit them.
        error: greatest |actual - expected| for kind "value", else None.
        allowed: the greatest error allowed there, for kind "value".
        differing, total: how many elements differ, of how many.
    """

    kind: str
    where: str
    actual: str
    expected: str
    error: float | None = None
    allowed: float | None = None
    differing: int = 1
    total: int = 1
    message: str = ""


@dataclass(frozen=True, slots=True)
class CaseResult:
    """What became of one case (of a code item) or one part (of another kind).

    `message` may hold inputs and expected values: for staff. `public_message` never does: it is what a
    student reads when the case is hidden; for a public case both are the same.
    """

    name: str
    group: str
    hidden: bool
    outcome: Outcome
    message: str = ""
    public_message: str = ""
    mismatch: Mismatch | None = None
    inputs: tuple[Any, ...] | None = None


@dataclass(frozen=True, slots=True)
class Counterexample:
    """The smallest failing input found, as texts ready to show."""

    inputs: str
    expected: str
    actual: str


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """A named cause. `line` and `end_line` are 1-based in the student's file or cell.

    `cell` is the grade_id of the notebook's cell, or its place among the code cells ("code cell 3"); "" in a file.
    """

    rule: str
    family: str
    line: int
    end_line: int
    source: str
    fix: str | None
    confirmed: bool
    message: str
    cell: str = ""


@dataclass(frozen=True, slots=True)
class IteratePath:
    """Iterates to draw: the student's and the reference's, shape (n, 2) or (n,).

    `landscape` is the grid (x, y, z) whose contours lie under paths of shape (n, 2).
    """

    actual: Any
    expected: Any
    title: str
    landscape: tuple[Any, Any, Any] | None = None


@dataclass(frozen=True, slots=True)
class Grade:
    """The verdict on one item.

    `score` is None only with GRADER_ERROR (a person must grade it) and for items a person grades.
    `group_points` maps each group's name to (points earned, points possible).
    """

    item: str
    kind: str
    outcome: Outcome
    score: float | None
    max_score: float
    message: str = ""
    results: tuple[CaseResult, ...] = ()
    diagnoses: tuple[Diagnosis, ...] = ()
    group_points: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    counterexample: Counterexample | None = None
    path: IteratePath | None = None
    reference_number: str = ""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class NotebookGrade:
    """What came of running and grading one notebook.

    Attributes:
        grades: by grade_id of the graded cell; cells that a person grades are absent.
        outputs: nbformat outputs by index of the code cell that ran, safe to write into a notebook:
            known keys only, bounded size, no script.
        isolation: name of the sandbox's level.
        seconds: wall-clock time.
    """

    grades: Mapping[str, Grade]
    outputs: Mapping[int, tuple[dict[str, Any], ...]]
    isolation: str
    seconds: float
