"""What the right answers are: references run on the trusted side, once for each problem and process."""

from __future__ import annotations

import copy
import functools
import inspect
import random
import traceback
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.model import Case, Group, Item, Problem, resolved

_SEED = 20260101


class OracleError(Exception):
    """A reference, a driver or a generator of inputs failed: the course's fault, not a student's."""


@dataclass(frozen=True, slots=True)
class ExpectedCase:
    """A case with the value that the reference gives for it."""

    case: Case
    group: str
    hidden: bool
    expected: Any


@dataclass(frozen=True, slots=True)
class Oracle:
    """Everything the grader needs of a problem, computed ahead.

    `path` is the reference's, float64, shape (n, 2) or (n,); `landscape` is the grid (x, y, z) whose contours lie under it.
    Both are None where the problem has none.
    """

    name: str
    problem: Problem
    public_source: str
    examples: tuple[ExpectedCase, ...]
    groups: tuple[tuple[Group, tuple[ExpectedCase, ...]], ...]
    path: Any = None
    landscape: tuple[Any, Any, Any] | None = None


def oracle(item: Item) -> Oracle:
    """The oracle of a code item; kept for the life of the process, since a class asks 300 times."""
    assert isinstance(item.definition, Problem)
    return _oracle(item.name, _ById(item.definition))


class _ById:
    """Lets lru_cache key on a problem, whose lists cannot be hashed."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem

    def __hash__(self) -> int:
        return id(self.problem)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ById) and other.problem is self.problem


@functools.lru_cache(maxsize=256)
def _oracle(name: str, key: _ById) -> Oracle:
    problem = key.problem
    examples = tuple(
        ExpectedCase(case, "", False, expected_value(name, problem, case))
        for case in problem.examples
    )
    groups = tuple(
        (
            group,
            tuple(
                ExpectedCase(case, group.name, True, expected_value(name, problem, case))
                for case in hidden_cases(name, group)
            ),
        )
        for group in problem.groups
    )
    path = landscape = None
    if problem.path is not None:
        path = np.asarray(problem.path(problem.reference), dtype=np.float64)
        landscape = _landscape(problem, path)
    return Oracle(name, problem, public_source(problem), examples, groups, path, landscape)


def _landscape(problem: Problem, expected: Any) -> tuple[Any, Any, Any] | None:
    if problem.landscape is None or expected.ndim != 2:
        return None
    low, high = expected.min(axis=0), expected.max(axis=0)
    margin = 0.25 * np.maximum(high - low, 1.0)
    x = np.linspace(low[0] - margin[0], high[0] + margin[0], 60)
    y = np.linspace(low[1] - margin[1], high[1] + margin[1], 60)
    z = np.array([[float(problem.landscape(a, b)) for a in x] for b in y])
    return x, y, z


def expected_value(name: str, problem: Problem, case: Case) -> Any:
    """What the reference returns for a case, through the problem's driver.

    Raises:
        OracleError: the reference or the driver raised.
    """
    return run_function(name, problem, problem.reference, case)


def run_function(name: str, problem: Problem, function: Callable[..., Any], case: Case) -> Any:
    """Run a trusted function on a deep copy of a case's inputs."""
    inputs = resolve(copy.deepcopy(case.inputs), problem.public)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # overflow and division warnings are part of some cases
            if problem.driver is not None:
                return problem.driver(function, *inputs)
            return function(*inputs)
    except Exception as error:
        raise OracleError(
            f"{name}: the reference raised {type(error).__name__}: {error} on case {case.name!r}"
            f"{_place(error, function)}"
        ) from error


def _place(error: Exception, function: Callable[..., Any]) -> str:
    """Where in the author's file an exception came from, in brackets."""
    file = getattr(getattr(function, "__code__", None), "co_filename", None)
    lines = [f.lineno for f in traceback.extract_tb(error.__traceback__) if f.filename == file]
    return f" ({file}:{lines[-1]})" if lines else ""


def resolve(value: Any, functions: Sequence[Callable[..., Any]]) -> Any:
    """The value with every `Public` in it built from the public functions."""
    return resolved(value, {function.__name__: function for function in functions})


def public_source(problem: Problem) -> str:
    """The source that both sides compile: imports and the public functions, nothing else."""
    imports = ["import math", "import numpy as np"]
    imports += [f"import {module}" for module in problem.imports if module not in ("numpy", "math")]
    functions = [inspect.getsource(function).strip() for function in problem.public]
    return "\n".join(imports) + "\n\n\n" + "\n\n\n".join(functions) + "\n"


def hidden_cases(name: str, group: Group) -> tuple[Case, ...]:
    """A group's named cases, then those drawn from its strategy with a fixed seed."""
    if group.strategy is None:
        return tuple(group.cases)
    drawn = _draw(name, group)
    return (
        *group.cases,
        *(Case(f"random input {n}", inputs) for n, inputs in enumerate(drawn, 1)),
    )


def _draw(name: str, group: Group) -> list[tuple[Any, ...]]:
    try:
        drawn = draw_inputs(group.strategy, group.count, _SEED)
    except Exception as error:
        raise OracleError(
            f"{name}: group {group.name!r}: no inputs can be drawn: {type(error).__name__}: {error}"
        ) from error
    if not all(type(inputs) is tuple for inputs in drawn):
        raise OracleError(f"{name}: group {group.name!r}: the strategy must draw tuples of inputs")
    return drawn


def draw_inputs(strategy: Any, count: int, seed: int) -> list[tuple[Any, ...]]:
    """`count` inputs of a Hypothesis strategy: always the same for the same seed."""
    import hypothesis

    drawn: list[tuple[Any, ...]] = []

    @hypothesis.seed(seed)
    @hypothesis.settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    @hypothesis.given(strategy)
    def collect(inputs: Any) -> None:
        drawn.append(inputs)

    with _the_same_everywhere():
        collect()
    return drawn[:count]


@contextmanager
def _the_same_everywhere() -> Iterator[None]:
    """Keep Hypothesis from mixing in constants of the modules that happen to be loaded.

    It draws one number in twenty from the source of "local" modules. Then hidden inputs would depend on
    where the package is installed and on which command is running. It has no setting for that; its version is pinned,
    and a test notices if this stops working.
    """
    from hypothesis.internal.conjecture import providers
    from hypothesis.internal.constants_ast import Constants

    collected = providers._get_local_constants
    providers._get_local_constants = Constants
    try:
        yield
    finally:
        providers._get_local_constants = collected


def smallest_failing(
    strategy: Any, fails: Callable[[tuple[Any, ...]], bool]
) -> tuple[Any, ...] | None:
    """The smallest input of the strategy for which `fails`, as far as Hypothesis shrinks; None if none does.

    `fails` bounds the time: once it returns False for everything, the search ends soon.
    """
    from hypothesis import HealthCheck, find, settings
    from hypothesis.errors import HypothesisException, NoSuchExample

    best: list[tuple[Any, ...]] = []

    def failing(inputs: tuple[Any, ...]) -> bool:
        if not fails(inputs):
            return False
        best.append(inputs)
        return True

    limits = settings(
        max_examples=100, database=None, deadline=None, suppress_health_check=list(HealthCheck)
    )
    try:
        with _the_same_everywhere():
            find(strategy, failing, settings=limits, random=random.Random(_SEED))
    except (NoSuchExample, HypothesisException):
        pass
    return best[-1] if best else None
