"""The sentence: run what was handed in, compare it with what is right, and say what it earned.

A notebook is graded in the state it has at its end, in three rounds, because what a student may read must not
depend on hidden inputs: (1) the cells run and their outputs are kept; (2) answers are read and public examples
run; (3) hidden cases run last. From the third round only outcomes, places and kinds of mismatch reach a student.

A cell or function that dies or runs late costs its own items: the process is made anew and the cells that are
no danger are run again.
"""

from __future__ import annotations

import builtins
import copy
import difflib
import logging
import re
import secrets
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from autograder import judge, score
from autograder.compare import compare, describe, public_message
from autograder.diagnose import diagnose
from autograder.model import (
    BugHunt,
    Case,
    CaseResult,
    Cell,
    Counterexample,
    Diagnosis,
    Grade,
    Item,
    IteratePath,
    Mismatch,
    NotebookGrade,
    Outcome,
    Policy,
    Problem,
    ShortAnswer,
    Submission,
    Symbolic,
)
from autograder.notebook import graded_cells
from autograder.oracle import (
    ExpectedCase,
    Oracle,
    OracleError,
    expected_value,
    oracle,
    smallest_failing,
)
from autograder.outputs import clean_outputs, error_output
from autograder.sandbox.pool import (
    CallResult,
    Child,
    ChildDied,
    Garbled,
    SandboxError,
    Sandboxes,
)
from autograder.signatures import named
from autograder.source import (
    SourcePart,
    forbidden_uses,
    heavy_imports,
    relevant,
)

_log = logging.getLogger("autograder")

_MAX_PROCESSES = 40  # made anew for one submission
_MAX_STOPS = 3  # processes one function may cost, before the rest of its cases are given up
_VALUE_TIME_LIMIT_S = 10.0
_SHRINK_TIME_LIMIT_S = 2.0
_MAX_DIAGNOSED = 1000
# The same wrong function, handed in by many, is diagnosed once and alike for all. The problem is kept beside the
# causes, so that its id means no other problem later.
_diagnosed: dict[tuple[int | str, ...], tuple[Problem, tuple[Diagnosis, ...]]] = {}
_NUMPY_SCALAR = re.compile(r"np\.(?:float|int|uint)\d+\((.*)\)")


# ---------------------------------------------------------------------------------------------
# A submission's process, made anew when it is lost


@dataclass(slots=True)
class _Run:
    """What became of one cell."""

    outputs: tuple[dict[str, Any], ...] = ()
    failed: bool = False
    error: str = ""
    stopped: Outcome | None = None


class _Session:
    """The state of a submission: its process, and the cells that made that state."""

    def __init__(
        self,
        sandboxes: Sandboxes,
        imports: set[str],
        policy: Policy,
        *,
        notebook: bool,
    ) -> None:
        self._sandbox = sandboxes.get(imports)
        self._policy = policy
        self._notebook = notebook
        self._deadline = time.monotonic() + policy.notebook_time_limit_s
        self._history: list[SourcePart] = []
        self._child: Child | None = None
        self._made = 0

    @property
    def level(self) -> str:
        return self._sandbox.level

    @property
    def imports(self) -> tuple[str, ...]:
        """Modules that every process has loaded."""
        return self._sandbox.imports

    def fresh_child(self) -> Child:
        """A process of the same kind in which nothing of the student's has run."""
        return self._sandbox.child()

    @property
    def lost(self) -> int:
        """Number of processes that were stopped or ended by themselves."""
        return self._made - (self._child is not None and self._child.alive)

    def close(self) -> None:
        if self._child is not None:
            self._child.close()

    def fresh(self) -> _Session:
        """The same cells in a process that has seen no hidden input."""
        other = copy.copy(self)
        other._history, other._child = list(self._history), None
        return other

    def has_line(self, index: int, line: int) -> bool:
        """Whether a cell that ran has a line of this number."""
        texts = [part.text for part in self._history if part.index == index]
        return any(1 <= line <= text.count("\n") + 1 for text in texts)

    def left(self, limit_s: float) -> float:
        """Seconds that a step of at most `limit_s` may take.

        Raises:
            TimeoutError: the submission's time is used up.
        """
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return min(limit_s, left)

    def child(self) -> Child:
        """The process with every harmless cell run.

        Raises:
            TimeoutError: the submission's time, or its number of processes, is used up.
        """
        while self._child is None or not self._child.alive:
            if self._made >= _MAX_PROCESSES:
                raise TimeoutError
            self._made += 1
            self._child = self._sandbox.child()
            for part in list(self._history):
                try:
                    self._run(self._child, part)
                except (TimeoutError, ChildDied, Garbled):
                    # It was harmless the first time; from now on it is left out.
                    self._history.remove(part)
                    break
        return self._child

    def _run(self, child: Child, part: SourcePart) -> _Run:
        limit = self.left(self._policy.cell_time_limit_s)
        if self._notebook:
            raw, failed = child.run_cell(part.index, part.text, limit)
            outputs = clean_outputs(raw)
            error = next((o for o in outputs if o["output_type"] == "error"), None)
            text = f"{error['ename']}: {error['evalue']}" if error else ""
            return _Run(outputs, failed or error is not None, text)
        raised = child.define(part.index, part.text, limit)
        if raised is None:
            return _Run()
        text = f"line {raised['line']}: {raised['type']}: {raised['text']}"
        return _Run(failed=True, error=text)

    def run(self, part: SourcePart) -> _Run:
        """Run a cell once; a late or deadly one is left out of every later process."""
        limit = self._policy.cell_time_limit_s
        try:
            run = self._run(self.child(), part)
        except TimeoutError:
            if self._deadline <= time.monotonic() or self._made >= _MAX_PROCESSES:
                text = "not run: the notebook's time was used up before this cell"
            else:
                text = f"this cell was stopped after {limit:g} s; the cells after it ran without it"
            outputs = (error_output("CellTimeoutError", text),)
            return _Run(outputs, failed=True, error=text, stopped=Outcome.TIMED_OUT)
        except (ChildDied, Garbled) as end:
            text = f"this cell ended its process ({end}); the cells after it ran without it"
            outputs = (error_output("DeadKernelError", text),)
            return _Run(outputs, failed=True, error=text, stopped=Outcome.RAISED)
        self._history.append(part)
        return run


@dataclass(frozen=True, slots=True)
class _Work:
    """What grading the items of one submission needs."""

    session: _Session
    sandboxes: Sandboxes
    items: Mapping[str, Item]
    parts: Sequence[SourcePart]
    runs: Mapping[int, _Run]
    policy: Policy
    shrink: bool
    for_staff: bool
    cells: Mapping[int, str] = field(default_factory=dict)  # names of a notebook's cells, by index


# ---------------------------------------------------------------------------------------------
# Notebooks


def grade_notebook(
    submission: Submission,
    items: Mapping[str, Item],
    sandboxes: Sandboxes,
    policy: Policy,
    known: Collection[str] = (),
) -> NotebookGrade:
    """Run and grade one notebook.

    Args:
        submission: sanitised cells.
        items: the set's items by name; a graded cell whose grade_id is none of them is an ordinary
            test cell, judged by whether it ran without an error.
        sandboxes: where students' code runs; made with `notebook=True`.
        policy: limits.
        known: names of items that need no grade, because they have one.

    Raises:
        SandboxError: no student code can be run on this machine.
    """
    begin = time.monotonic()
    every = graded_cells(submission)
    graded = {name: cell for name, cell in every.items() if name not in known}
    parts = [
        SourcePart(cell.index, cell.source)
        for cell in submission.cells
        if cell.cell_type == "code"
        and cell.source.strip()
        and not cell.is_skipped
        and not _is_item(cell, items)
    ]
    wanted = heavy_imports(parts) | _item_imports(items[n] for n in every if n in items)
    session = _Session(sandboxes, wanted, policy, notebook=True)
    try:
        if submission.language != "python":
            reason = (
                f"the notebook's language is {submission.language}, not Python: nothing was run"
            )
            grades = {name: _unrun(name, cell, items, reason) for name, cell in graded.items()}
            runs: dict[int, _Run] = {}
        else:
            runs = {part.index: session.run(part) for part in parts}
            asked = [items[name] for name in graded if name in items]
            grades = {
                grade.item: grade
                for grade in _grade_items(
                    asked,
                    _Work(
                        session,
                        sandboxes,
                        items,
                        parts,
                        runs,
                        policy,
                        shrink=policy.show_counterexample,
                        for_staff=False,
                        cells=_cell_names(submission),
                    ),
                )
            }
            grades |= {
                name: _grade_test_cell(cell, runs.get(cell.index))
                for name, cell in graded.items()
                if name not in items
            }
        grades = {name: _capped(grades[name], graded[name]) for name in graded}
    finally:
        session.close()
    outputs = {index: run.outputs for index, run in runs.items()}
    return NotebookGrade(grades, outputs, session.level, time.monotonic() - begin)


def _cell_names(submission: Submission) -> dict[int, str]:
    """What to call the code cells: the grade_id, or the place among them."""
    cells = [cell for cell in submission.cells if cell.cell_type == "code"]
    return {cell.index: cell.grade_id or f"code cell {n}" for n, cell in enumerate(cells, 1)}


def _is_item(cell: Cell, items: Mapping[str, Item]) -> bool:
    """Whether the cell is the locked check() cell of an item: those are graded, not run."""
    return cell.grade_id in items and cell.points is not None and not cell.is_manual


def _item_imports(items: Any) -> set[str]:
    return {
        module
        for item in items
        if isinstance(item.definition, Problem)
        for module in item.definition.imports
    }


def _capped(grade: Grade, cell: Cell) -> Grade:
    """The grade in the points that the gradebook knows: those of the release, which may be older."""
    assert cell.points is not None
    if grade.score is None or grade.max_score == cell.points:
        return replace(grade, max_score=cell.points)
    share = grade.score / grade.max_score if grade.max_score else 0.0
    return replace(grade, score=round(share * cell.points, 9), max_score=cell.points)


def _unrun(name: str, cell: Cell, items: Mapping[str, Item], reason: str) -> Grade:
    kind = items[name].kind if name in items else "test_cell"
    return Grade(name, kind, Outcome.FAILED, 0.0, cell.points or 0.0, reason)


def _grade_test_cell(cell: Cell, run: _Run | None) -> Grade:
    """An ordinary nbgrader test cell: full points if it ran without an error; a number it returns is its score."""
    assert cell.grade_id is not None
    assert cell.points is not None

    def grade(outcome: Outcome, points: float, message: str = "") -> Grade:
        return Grade(cell.grade_id or "", "test_cell", outcome, points, cell.points or 0.0, message)

    if run is None:
        return grade(Outcome.FAILED, 0.0, "this test cell is empty or was not run")
    if run.stopped is not None:
        return grade(run.stopped, 0.0, run.error)
    if run.failed:
        return grade(Outcome.FAILED, 0.0, run.error[:500])
    returned = [o for o in run.outputs if o["output_type"] == "execute_result"]
    if not returned:
        return grade(Outcome.PASSED, cell.points)
    text = returned[-1]["data"].get("text/plain", "")
    scalar = _NUMPY_SCALAR.fullmatch(text)
    try:
        points = float(scalar.group(1) if scalar else text)
    except ValueError:
        # A cell that ends in an expression returned no score, so its assertions decided.
        return grade(Outcome.PASSED, cell.points)
    if not 0.0 <= points <= cell.points:  # also false for nan
        text = (
            f"this test cell returned {points!r}, which is no score between 0 and {cell.points:g}"
        )
        return grade(Outcome.FAILED, 0.0, text)
    outcome = Outcome.PASSED if points == cell.points else Outcome.FAILED
    return grade(outcome, points)


# ---------------------------------------------------------------------------------------------
# Functions in files


def grade_source(
    item: Item,
    parts: Sequence[SourcePart],
    sandboxes: Sandboxes,
    policy: Policy,
    *,
    shrink: bool = True,
) -> tuple[Grade, str]:
    """Grade one function in a file's source, outside any notebook; also the isolation level.

    Args:
        item: a code problem.
        parts: the file.
        sandboxes: where it runs; made with `notebook=False`.
        policy: limits.
        shrink: look for the smallest failing input, which may take seconds.

    Raises:
        SandboxError: no student code can be run on this machine.
    """
    wanted = heavy_imports(parts) | _item_imports([item])
    session = _Session(sandboxes, wanted, policy, notebook=False)
    try:
        runs = {part.index: session.run(part) for part in parts}
        work = _Work(
            session,
            sandboxes,
            {item.name: item},
            parts,
            runs,
            policy,
            shrink=shrink,
            for_staff=True,
        )
        return _grade_items([item], work)[0], session.level
    finally:
        session.close()


# ---------------------------------------------------------------------------------------------
# Items


def _grade_items(items: Sequence[Item], work: _Work) -> list[Grade]:
    """Grade items in two rounds: what a student may read first, hidden cases last."""
    begun = [(item, _guarded(item, _begin_item, item, work)) for item in items]
    grades = []
    for item, first in begun:
        begin = time.monotonic()
        grade = (
            first if isinstance(first, Grade) else _guarded(item, _finish_item, item, first, work)
        )
        grade = _explained_by_cells(grade, item, work)
        grades.append(replace(grade, seconds=round(time.monotonic() - begin, 6)))
    return grades


def _guarded(item: Item, step: Any, *arguments: Any) -> Any:
    """A step of grading; what goes wrong on our side becomes GRADER_ERROR, and costs this item only."""
    try:
        return step(*arguments)
    except SandboxError:
        raise
    except Exception as error:
        number = secrets.token_hex(2)
        text = str(error) if isinstance(error, OracleError) else f"{type(error).__name__}: {error}"
        message = f"ref {number}: {text}"
        return Grade(
            item.name,
            item.kind,
            Outcome.GRADER_ERROR,
            None,
            item.points,
            message,
            reference_number=number,
        )


@dataclass(slots=True)
class _First:
    """What the first round found: public results, the value of an answer, the path to draw.

    `lost` is the number of processes that the public examples cost.
    """

    results: tuple[CaseResult, ...] = ()
    lost: int = 0
    value: Any = None
    missing: list[str] | None = None
    path: IteratePath | None = None


def _begin_item(item: Item, work: _Work) -> _First | Grade:
    definition, session = item.definition, work.session
    if isinstance(definition, Problem):
        prepared = oracle(item)
        offence = forbidden_uses(work.parts, item.name, definition.forbidden)
        if offence:
            use = offence[0]
            text = (
                f"`{use.name}` on line {use.line} is not allowed here: "
                "this exercise asks you to write it from scratch"
            )
            return Grade(item.name, item.kind, Outcome.FAILED, 0.0, item.points, text)
        before = session.lost
        results = _run_cases(prepared, prepared.examples, session, definition.time_limit_s)
        path = _path(prepared, session) if session.lost == before else None
        return _First(tuple(results), session.lost - before, path=path)
    if isinstance(definition, ShortAnswer):
        return Grade(item.name, item.kind, Outcome.NOT_ATTEMPTED, None, item.points)
    if isinstance(definition, Symbolic):
        return _First(tuple(_formulas(item.name, definition, session)))
    try:
        value, missing = session.child().value(item.name, session.left(_VALUE_TIME_LIMIT_S))
    except (TimeoutError, ChildDied, Garbled):
        value, missing = None, []
    return _First(value=value, missing=missing)


def _finish_item(item: Item, first: _First, work: _Work) -> Grade:
    definition = item.definition
    if isinstance(definition, Problem):
        return _finish_problem(item, definition, first, work)
    if first.missing is not None:
        text = f"there is no variable named `{item.name}`{_similar(item.name, first.missing)}"
        return Grade(item.name, item.kind, Outcome.NOT_ATTEMPTED, 0.0, item.points, text)
    if isinstance(definition, BugHunt):
        results = tuple(_hunt(definition, first.value, work))
    elif isinstance(definition, Symbolic):
        results = first.results
    else:
        assert not isinstance(definition, ShortAnswer)
        results = judge.judge(definition, first.value)
    shares = score.equal_shares([result.group for result in results], item.points)
    earned = score.group_points(results, shares)
    outcome = score.overall(results)
    points = None if outcome is Outcome.GRADER_ERROR else score.total(earned, item.points)
    return Grade(
        item.name, item.kind, outcome, points, item.points, "", results, group_points=earned
    )


def _finish_problem(item: Item, problem: Problem, first: _First, work: _Work) -> Grade:
    session = work.session
    prepared = oracle(item)
    results = list(first.results)
    # Nothing written, or nothing to call: the hidden cases would say the same.
    hopeless = bool(results) and all(
        result.outcome is Outcome.NOT_ATTEMPTED or result.group == "!" for result in results
    )
    before = session.lost - first.lost
    answers: dict[str, list[CallResult]] = {}
    for group, cases in prepared.groups:
        if hopeless:
            kept = results[0]
            results += [
                replace(kept, name=case.case.name, group=group.name, hidden=True)
                for case in cases[:1]
            ]
            continue
        if session.lost - before >= _MAX_STOPS:
            text = "not run, because earlier cases did not come to an end"
            outcome = results[-1].outcome
            results.append(CaseResult(cases[0].case.name, group.name, True, outcome, text, text))
            continue
        kept_here = answers.setdefault(group.name, [])
        results += _run_cases(prepared, cases, session, problem.time_limit_s, kept_here)
    results = [replace(r, group="") if r.group == "!" else r for r in results]
    earned = score.group_points(results, {group.name: group.points for group in problem.groups})
    outcome = score.overall(results)
    points = None if outcome is Outcome.GRADER_ERROR else score.total(earned, item.points)
    counterexample = None
    if work.shrink and outcome in (Outcome.FAILED, Outcome.RAISED):
        counterexample = _counterexample(prepared, results, work)
    message = _message(item.name, results)
    return Grade(
        item.name,
        item.kind,
        outcome,
        points,
        item.points,
        message,
        tuple(results),
        _diagnoses(item, prepared, results, answers, work),
        group_points=earned,
        counterexample=counterexample,
        # Two paths that are one show nothing, and take longer to draw than all else takes to grade.
        path=None if outcome is Outcome.PASSED else first.path,
    )


def _diagnoses(
    item: Item,
    prepared: Oracle,
    results: Sequence[CaseResult],
    answers: Mapping[str, Sequence[CallResult]],
    work: _Work,
) -> tuple[Diagnosis, ...]:
    """Causes of the failing cases; none where the course wants none."""
    policy, session = work.policy, work.session
    if not policy.diagnose or all(result.outcome is Outcome.PASSED for result in results):
        return ()
    ran = [
        part
        for part in work.parts
        if part.index not in work.runs or work.runs[part.index].stopped is None
    ]
    parts = relevant(ran, prepared.name)
    key: tuple[int | str, ...] = (
        id(prepared.problem),
        *(part.text.rstrip() for part in parts),
    )
    known = _diagnosed.get(key)
    if known is not None:
        return _in_their_cells(known[1], parts, work)
    try:
        found = diagnose(
            prepared,
            parts,
            results,
            session.fresh_child,
            cells={part.index: str(place) for place, part in enumerate(parts)},
            named=lambda: named(item, answers, session.fresh_child, session.imports),
            budget_s=policy.diagnosis_time_limit_s,
        )
    except SandboxError:
        raise
    except Exception as error:  # a verdict without its cause is still a verdict
        _log.warning("%s: no diagnosis: %s: %s", prepared.name, type(error).__name__, error)
        return ()
    if len(_diagnosed) >= _MAX_DIAGNOSED:
        _diagnosed.clear()
    _diagnosed[key] = (prepared.problem, found)
    return _in_their_cells(found, parts, work)


def _in_their_cells(
    found: Sequence[Diagnosis], parts: Sequence[SourcePart], work: _Work
) -> tuple[Diagnosis, ...]:
    """Causes with the names of this notebook's cells; until now those of a class share their places only."""
    return tuple(
        replace(one, cell=work.cells.get(parts[int(one.cell)].index, "")) if one.cell else one
        for one in found
    )


def _message(name: str, results: Sequence[CaseResult]) -> str:
    """What stands above the single cases: something that explains them all."""
    if all(result.outcome is Outcome.NOT_ATTEMPTED for result in results):
        return f"`{name}` still raises NotImplementedError"
    texts = {result.message for result in results}
    # A public case says it too, so the text is no secret.
    return texts.pop() if len(texts) == 1 and not results[0].hidden else ""


def _explained_by_cells(grade: Grade, item: Item, work: _Work) -> Grade:
    """A missing function or variable whose own cell failed to run: say that instead."""
    if "there is no " not in grade.message:
        return grade
    name = re.escape(item.name)
    # Not parsed: a cell that did not run may be no Python. A cell that only uses the name fails for lack of it.
    defines = re.compile(rf"^[ \t]*((def|class)[ \t]+{name}\b|{name}[ \t]*=[^=])", re.MULTILINE)
    for part in reversed(work.parts):
        run = work.runs.get(part.index)
        if run is not None and run.failed and defines.search(part.text):
            outcome = run.stopped or Outcome.RAISED
            text = f"the cell that defines `{item.name}` did not run: {run.error}"
            return replace(grade, outcome=outcome, score=0.0, message=text[:700], results=())
    return grade


# ---------------------------------------------------------------------------------------------
# Cases


def _run_cases(
    prepared: Oracle,
    cases: Sequence[ExpectedCase],
    session: _Session,
    time_limit_s: float,
    answers: list[CallResult] | None = None,
) -> list[CaseResult]:
    """Results of cases, in order. A case that stops the process ends the list: its group is lost anyway.

    What the process answered is added to `answers`.

    A result with group "!" says that there is nothing to call. What the process says about itself is its
    student's to choose, so once it has seen hidden inputs none of its words is repeated.
    """
    problem = prepared.problem
    hidden = cases[0].hidden
    results: list[CaseResult] = []
    try:
        found = session.child().call(
            prepared.name,
            [case.case.inputs for case in cases],
            public_source=prepared.public_source,
            driver=problem.driver.__name__ if problem.driver else None,
            time_limit_s=session.left(time_limit_s),
        )
    except TimeoutError:
        text = "not run: the submission's time was used up"
        case = cases[0]
        return [CaseResult(case.case.name, case.group, case.hidden, Outcome.TIMED_OUT, text, text)]
    if answers is not None:
        answers += found.results
    if found.missing is not None or found.uncallable is not None:
        if found.uncallable is not None:
            text = f"`{prepared.name}` is no function"
            text += "" if hidden else f" but {_an(found.uncallable)}"
        else:
            text = f"there is no function named `{prepared.name}`"
            text += "" if hidden else _similar(prepared.name, found.missing or [])
        return [CaseResult(cases[0].case.name, "!", False, Outcome.FAILED, text, text)]
    for case, answer in zip(cases, found.results, strict=False):
        results.append(_judged(prepared, case, answer, session))
    if found.stopped is not None:
        case = cases[len(found.results)]
        if found.stopped == "late":
            outcome = Outcome.TIMED_OUT
            public = (
                f"no answer within {time_limit_s:g} s; the reference needs a small part of that"
            )
            text = public
        else:
            outcome = Outcome.RAISED
            public = "your code ended the process"
            text = f"{public}: {found.stopped.partition(': ')[2]}"
        public = public if hidden else text
        results.append(CaseResult(case.case.name, case.group, hidden, outcome, text, public))
    return results


def _judged(
    prepared: Oracle, case: ExpectedCase, answer: CallResult, session: _Session
) -> CaseResult:
    problem = prepared.problem

    def result(
        outcome: Outcome, message: str = "", public: str = "", mismatch: Mismatch | None = None
    ) -> CaseResult:
        return CaseResult(
            case.case.name,
            case.group,
            case.hidden,
            outcome,
            message,
            (public or message) if case.hidden else message,
            mismatch,
            case.case.inputs,
        )

    error = answer.error
    if error is not None:
        # With a text it is a library's own, such as an operation that torch lacks.
        if error["type"] == "NotImplementedError" and not error["text"]:
            text = "still raises NotImplementedError"
            return result(Outcome.NOT_ATTEMPTED, text)
        is_placed = session.has_line(error["cell"], error["line"])
        return result(Outcome.RAISED, *_raised(prepared.name, error, is_placed=is_placed))
    mismatch = compare(answer.value, case.expected, rtol=problem.rtol, atol=problem.atol)
    if mismatch is None and answer.mutated:
        text = "your function changed its input; work on a copy"
        mismatch = Mismatch("mutation", "", "", "", message=text)
    if mismatch is None:
        return result(Outcome.PASSED)
    return result(Outcome.FAILED, mismatch.message, public_message(mismatch), mismatch)


def _raised(name: str, error: Mapping[str, Any], *, is_placed: bool) -> tuple[str, str]:
    """(full text, text that says as little as can be of hidden inputs) of an exception.

    Its text, its class's name and its line are all the student's to choose: a hidden case shows a name of
    Python's own, and a line that exists.
    """
    kind = error["type"]
    python_s = getattr(builtins, kind, None)
    is_known = isinstance(python_s, type) and issubclass(python_s, BaseException)
    shown = kind if is_known else "an exception"
    if not is_placed:
        if kind == "TypeError" and f"{name}()" in error["text"]:
            what = "could not be called with the arguments it is given"
            return f"{what}: {error['text']}", what
        return f"{kind}: {error['text']}", f"raised {shown}"
    where = f"your code stopped on line {error['line']}"
    return f"{where}: {kind}: {error['text']}", f"{where}: {shown}"


def _similar(name: str, names: Sequence[str]) -> str:
    """A hint at a name that was probably meant."""
    plain = {other.replace("_", "").lower(): other for other in names}
    close = difflib.get_close_matches(name.replace("_", "").lower(), plain, n=1, cutoff=0.75)
    return f"; did you mean to name `{plain[close[0]]}` so?" if close else ""


def _an(noun: str) -> str:
    return f"an {noun}" if noun[:1].lower() in "aeiou" else f"a {noun}"


# ---------------------------------------------------------------------------------------------
# Formulas and hunts


def _formulas(name: str, answer: Symbolic, session: _Session) -> list[CaseResult]:
    points = judge.sample_points(answer)
    expected = judge.key_values(answer)
    results = []
    for part, values in expected.items():
        try:
            limit = session.left(_VALUE_TIME_LIMIT_S)
            found = session.child().formula(name, part, points, limit)
        except (TimeoutError, ChildDied, Garbled):
            results.append(judge.formula_fault(part, "the formula could not be evaluated in time"))
            continue
        if found is None:
            results.append(judge.not_attempted(part))
        elif found.error is not None:
            results.append(judge.formula_fault(part, found.error["text"]))
        else:
            results.append(judge.judge_formula(part, found.value, values, answer))
    return results


def _hunt(hunt: BugHunt, value: Any, work: _Work) -> list[CaseResult]:
    """Two parts: the line, and the repair, which runs in the listing against the hidden cases."""
    if value is None:
        return [judge.not_attempted("line"), judge.not_attempted("repair")]
    count = len(hunt.listing.splitlines())
    line, repair, fault = judge.hunt_answer(value, count)

    def part(name: str, outcome: Outcome, message: str = "") -> CaseResult:
        return CaseResult(name, name, True, outcome, message, message)

    if fault is not None:
        line_result = part("line", Outcome.FAILED, fault)
    elif line is None:
        line_result = judge.not_attempted("line")
    elif line in hunt.lines:
        line_result = part("line", Outcome.PASSED)
    else:
        line_result = part("line", Outcome.FAILED, f"line {line} is not the faulty one")
    if not repair.strip():
        return [line_result, judge.not_attempted("repair")]
    if line is None:
        return [line_result, part("repair", Outcome.FAILED, "not tried without a line to replace")]
    return [
        line_result,
        _tried_repair(hunt, judge.repaired_listing(hunt.listing, line, repair), work),
    ]


def _tried_repair(hunt: BugHunt, listing: str, work: _Work) -> CaseResult:
    """Run the repaired listing against the hidden cases, in a process of its own."""
    item = work.items.get(hunt.problem)
    if item is None or not isinstance(item.definition, Problem):
        raise OracleError(f"the hunt's problem {hunt.problem!r} is not in its set")
    prepared = oracle(item)

    def verdict(outcome: Outcome, message: str = "") -> CaseResult:
        return CaseResult("repair", "repair", True, outcome, message, message)

    imports = SourcePart(0, "import math\nimport numpy as np\n")
    session = _Session(work.sandboxes, _item_imports([item]), work.policy, notebook=False)
    try:
        session.run(imports)
        run = session.run(SourcePart(1, listing))
        if run.failed:
            return verdict(
                run.stopped or Outcome.RAISED, f"the repaired code does not run: {run.error}"
            )
        for _, cases in prepared.groups:
            for result in _run_cases(prepared, cases, session, item.definition.time_limit_s):
                if result.outcome is not Outcome.PASSED:
                    text = f"with this line the code is still wrong: {result.public_message}"
                    return verdict(result.outcome, text)
    finally:
        session.close()
    return verdict(Outcome.PASSED)


# ---------------------------------------------------------------------------------------------
# What is shown beside a verdict


def _path(prepared: Oracle, session: _Session) -> IteratePath | None:
    """The student's iterates beside the reference's; None where the student's code gives none to draw."""
    problem = prepared.problem
    expected = prepared.path
    if problem.path is None or expected is None:
        return None
    try:
        found = session.child().call(
            prepared.name,
            [()],
            public_source=prepared.public_source,
            driver=problem.path.__name__,
            time_limit_s=session.left(problem.time_limit_s),
        )
    except TimeoutError:
        return None
    if not found.results or found.results[0].error is not None:
        return None
    try:
        actual = np.asarray(found.results[0].value, dtype=np.float64)
    except (TypeError, ValueError, OverflowError, RuntimeError, Warning):
        return None
    if actual.shape != expected.shape:
        return None
    title = (problem.path.__doc__ or prepared.name).strip().splitlines()[0]
    return IteratePath(actual, expected, title, prepared.landscape)


def _counterexample(
    prepared: Oracle, results: Sequence[CaseResult], work: _Work
) -> Counterexample | None:
    """The smallest failing input: shrunk within the failing group's strategy.

    Staff see the first failing case where there is none. A student's counterexample comes from a process
    that has seen no hidden input, since it shows what the student's function returned.
    """
    if work.for_staff:
        return _shrunk(prepared, results, work.session, for_staff=True)
    session = work.session.fresh()
    try:
        return _shrunk(prepared, results, session, for_staff=False)
    except TimeoutError:
        return None
    finally:
        session.close()


def _shrunk(
    prepared: Oracle, results: Sequence[CaseResult], session: _Session, *, for_staff: bool
) -> Counterexample | None:
    failed = {result.group for result in results if result.outcome is not Outcome.PASSED}
    problem = prepared.problem
    deadline = time.monotonic() + _SHRINK_TIME_LIMIT_S

    def run(inputs: tuple[Any, ...]) -> tuple[ExpectedCase, CaseResult, CallResult | None] | None:
        case = Case("shrunk", inputs)
        expected = ExpectedCase(case, "", False, expected_value(prepared.name, problem, case))
        try:
            found = session.child().call(
                prepared.name,
                [inputs],
                public_source=prepared.public_source,
                driver=problem.driver.__name__ if problem.driver else None,
                time_limit_s=session.left(_SHRINK_TIME_LIMIT_S),
            )
        except TimeoutError:
            return None
        if not found.results:
            return None
        return expected, _judged(prepared, expected, found.results[0], session), found.results[0]

    def fails(inputs: tuple[Any, ...]) -> bool:
        if time.monotonic() > deadline:
            return False
        try:
            found = run(inputs)
        except OracleError:
            return False
        return found is not None and found[1].outcome in (Outcome.FAILED, Outcome.RAISED)

    smallest: tuple[Any, ...] | None = None
    for group, _ in prepared.groups:
        if group.name in failed and group.strategy is not None:
            smallest = smallest_failing(group.strategy, fails)
            if smallest is not None:
                break
    if smallest is None and for_staff:
        bad = (Outcome.FAILED, Outcome.RAISED)
        smallest = next((r.inputs for r in results if r.outcome in bad and r.inputs), None)
    if smallest is None:
        return None
    found = run(smallest)
    if found is None:
        return None
    expected, result, answer = found
    actual = (
        describe(answer.value) if answer is not None and answer.error is None else result.message
    )
    return Counterexample(describe(smallest), describe(expected.expected), actual)
