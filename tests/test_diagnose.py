from __future__ import annotations

import ast
import dataclasses
import math
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import strategies as st

from autograder.compare import compare
from autograder.diagnose import diagnose, held_out
from autograder.model import (
    Case,
    CaseResult,
    Diagnosis,
    Group,
    Item,
    Outcome,
    Policy,
    Problem,
    public,
)
from autograder.oracle import ExpectedCase, Oracle, oracle
from autograder.sandbox.pool import Sandbox
from autograder.signatures import NamedBug
from autograder.source import SourcePart
from autograder.strategies import decimals, public_calls, vectors


def descend(grad_f, x0, lr, steps):
    x = x0
    for _ in range(steps):
        x = x - lr * grad_f(x)
    return x


def bowl(a):
    return lambda x: a * x + 1.0


def shrink(x, lam):
    return np.sign(x) * np.maximum(np.abs(x) - lam, 0.0)


def positive(a, b):
    return bool(a * a - b * b >= 0)


def _problem(reference: Callable[..., object], groups: Sequence[Group], **more: object) -> Oracle:
    examples = [Case("an example", groups[0].cases[0].inputs)]
    problem = Problem(
        reference=reference,
        source="by hand",
        rtol=1e-6,
        atol=1e-9,
        examples=examples,
        groups=groups,
        **more,
    )
    return oracle(Item(reference.__name__, "a_set", Path("problem.py"), problem))


@pytest.fixture(scope="module")
def problems() -> dict[str, Oracle]:
    x = np.array([1.0, -2.0])
    return {
        "descend": _problem(
            descend,
            [
                Group("named", 2, (Case("no step", (public(bowl, 2.0), x, 0.1, 0)), Case("ten", (public(bowl, 2.0), x, 0.1, 10)))),
                Group("random", 2, strategy=st.tuples(public_calls(bowl, decimals(0.5, 2)), vectors(), decimals(0.1, 0.4), st.integers(0, 6)), count=15),
            ],
            public=[bowl],
        ),
        "shrink": _problem(
            shrink,
            [
                Group("named", 2, (Case("both signs", (np.array([3.0, -3.0, 0.5, -0.5, 0.0]), 1.0)),)),
                Group("random", 2, strategy=st.tuples(vectors(), decimals(0, 3)), count=15),
            ],
        ),
        "positive": _problem(
            positive,
            [Group("named", 4, tuple(Case(f"case {a} {b}", (a, b)) for a, b in [(1.0, 2.0), (2.0, 1.0), (1.0, 1.0), (-3.0, 2.0), (0.5, -4.0)]))],
        ),
    }  # fmt: skip


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(["numpy"], policy=Policy(allow_unsafe=True)) as sandbox:
        yield sandbox


def results_of(prepared: Oracle, source: str, sandbox: Sandbox) -> list[CaseResult]:
    """A plain grader: what became of every case."""
    cases: list[ExpectedCase] = [
        *prepared.examples,
        *(c for _, group in prepared.groups for c in group),
    ]
    problem = prepared.problem
    with sandbox.child() as child:
        if child.define(0, source, 5.0) is not None:
            return []
        found = child.call(
            prepared.name, [c.case.inputs for c in cases], public_source=prepared.public_source,
            driver=None, time_limit_s=1.0,
        )  # fmt: skip
    results = []
    for case, answer in zip(cases, found.results, strict=False):
        outcome, message, mismatch = Outcome.PASSED, "", None
        if answer.error is not None:
            outcome, message = (
                Outcome.RAISED,
                f"your code stopped on line {answer.error['line']}: it",
            )
        else:
            mismatch = compare(answer.value, case.expected, rtol=problem.rtol, atol=problem.atol)
            if mismatch is None and answer.mutated:
                from autograder.model import Mismatch

                mismatch = Mismatch("mutation", "", "", "")
            if mismatch is not None:
                outcome = Outcome.FAILED
        results.append(
            CaseResult(
                case.case.name,
                case.group,
                case.hidden,
                outcome,
                message,
                "",
                mismatch,
                case.case.inputs,
            )
        )
    if found.stopped:
        case = cases[len(results)]
        outcome = Outcome.TIMED_OUT if found.stopped == "late" else Outcome.RAISED
        results.append(CaseResult(case.case.name, case.group, case.hidden, outcome))
    return results


@pytest.fixture
def asked(problems: dict[str, Oracle], sandbox: Sandbox) -> Callable[..., tuple[Diagnosis, ...]]:
    def ask(name: str, *sources: str, budget_s: float = 5.0) -> tuple[Diagnosis, ...]:
        prepared = problems[name]
        results = results_of(prepared, "\n".join(sources), sandbox)
        parts = [SourcePart(2 * n, text) for n, text in enumerate(sources)]
        return diagnose(prepared, parts, results, sandbox.child, budget_s=budget_s)

    return ask


CLIMBS = "def descend(grad_f, x0, lr, steps):\n    x = x0\n    for _ in range(steps):\n        x = x + lr * grad_f(x)\n    return x\n"


def test_a_wrong_sign_is_named_placed_and_confirmed(asked) -> None:
    (first,) = asked("descend", CLIMBS)
    assert (first.family, first.line, first.end_line, first.confirmed) == ("sign", 4, 4, True)
    assert first.source == "x = x + lr * grad_f(x)"
    assert first.fix == "x = x - lr * grad_f(x)"


def test_right_code_has_no_diagnosis(asked) -> None:
    assert asked("descend", CLIMBS.replace("+", "-")) == ()
    odd = "import numpy as np\ndef shrink(x, lam):\n    return x - np.clip(x, -lam, lam)\n"
    assert asked("shrink", odd) == ()


WRONG = [
    ("descend", CLIMBS.replace("+ lr *", "- lr * lr *"), "learning-rate", 4),
    ("descend", CLIMBS.replace("+ lr *", "-"), "learning-rate", 4),
    ("descend", CLIMBS.replace("+", "-").replace("range(steps)", "range(1, steps)"), "step-count", 3),
    ("descend", CLIMBS.replace("x = x + ", "x -= "), "mutation", 4),
    ("descend", CLIMBS.replace("+", "-").replace("return x", "return x0"), "return", 5),
    ("descend", CLIMBS.replace("+", "-").replace("    return x\n", ""), "return", 4),
    ("descend", CLIMBS.replace("+", "-").replace("    return x\n", "        return x\n    return x0\n"), "step-count", 5),
    ("shrink", "import numpy as np\ndef shrink(x, lam):\n    t = np.abs(x) - lam\n    return np.sign(x) * t\n", "clamp", 3),
    ("shrink", "import numpy as np\ndef shrink(x, lam):\n    return np.sign(x) * np.maximum(x - lam, 0)\n", "abs", 3),
    ("positive", "def positive(a, b):\n    return a * a - b * b > 0\n", "comparison", 2),
    ("positive", "def positive(a, b):\n    return a * a + b * b >= 0\n", "sign", 2),
]  # fmt: skip


@pytest.mark.parametrize(("name", "source", "family", "line"), WRONG)
def test_classic_slips(asked, name: str, source: str, family: str, line: int) -> None:
    first, *_ = asked(name, source)
    assert first.confirmed
    assert (first.family, first.line) == (family, line)


SHAPES = {
    "tabs": CLIMBS.replace("    ", "\t"),
    "unicode names": CLIMBS.replace("lr", "η").replace("x", "θ").replace("θ0", "x0"),
    "windows line ends": CLIMBS.replace("\n", "\r\n"),
    "a decorator": "def loud(f):\n    return lambda *a: f(*a)\n\n@loud\n" + CLIMBS,
    "defined twice": CLIMBS.replace("x = x +", "x = 2 * x -") + CLIMBS,
    "inside an if": "if True:\n" + "".join(f"    {line}\n" for line in CLIMBS.splitlines()),
    "a method": "class Run:\n    def go(self, grad_f, x0, lr, steps):\n"
    + "".join(f"    {line}\n" for line in CLIMBS.splitlines()[1:])
    + "descend = Run().go\n",
    "an alias": CLIMBS.replace("descend", "gd") + "descend = gd\n",
    "a lambda": "from functools import reduce\ndescend = lambda grad_f, x0, lr, steps: reduce(lambda x, _: x + lr * grad_f(x), range(steps), x0)\n",
    "a helper": "def move(x, g, lr):\n    return x + lr * g\n" + CLIMBS.replace("x + lr * grad_f(x)", "move(x, grad_f(x), lr)"),
    "1,700 other functions": "".join(f"def f{n}(a):\n    return a + {n}\n\n" for n in range(1700)) + CLIMBS,
    "deep nesting": "z = " + "(" * 90 + "1" + ")" * 90 + "\n" + CLIMBS,
    "a bare except": CLIMBS.replace("        x = x", "        try:\n            x = x").replace("    return", "        except:\n            pass\n    return"),
}  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_of_source(asked, shape: str) -> None:
    source = SHAPES[shape]
    first, *_ = asked("descend", source)
    assert (first.family, first.confirmed) == ("sign", True)
    assert "+" in source.splitlines()[first.line - 1]


def test_two_faults_are_both_named(asked) -> None:
    source = CLIMBS.replace("range(steps)", "range(steps - 1)")
    found = asked("descend", source)
    assert [(one.line, one.family, one.confirmed) for one in found] == [
        (3, "step-count", True),
        (4, "sign", True),
    ]


def test_a_repair_that_goes_around_the_student_s_code_proves_nothing(asked) -> None:
    """The reference's own formula in the place of the call makes it right, and leaves the helper idle."""
    source = (
        "import numpy as np\n\n\ndef part(x, lam):\n    big = np.abs(x) ** 3 + lam\n    return big * 7\n\n\n"
        "def shrink(x, lam):\n    return np.sign(x) * part(x, lam)\n"
    )
    (found,) = asked("shrink", source)
    assert (found.rule, found.confirmed) == ("expression-of-the-reference", False)


def test_the_same_formula_is_proof_where_nothing_else_is_left_over(asked) -> None:
    source = "import numpy as np\ndef shrink(x, lam):\n    return np.sign(x) * np.maximum(np.abs(x), lam)\n"
    first, *_ = asked("shrink", source)
    assert (first.line, first.confirmed) == (3, True)


EITHER = (
    "def descend(grad_f, x0, lr, steps):\n    x = x0\n    for _ in range(steps):\n"
    "        step = -lr * grad_f(x)\n        x = x - step\n    return x\n"
)


def test_two_places_that_explain_as_much_are_both_named_and_neither_is_sure(asked) -> None:
    first, second = asked("descend", EITHER)
    assert {(one.line, one.family, one.confirmed) for one in (first, second)} == {
        (4, "sign", False),
        (5, "sign", False),
    }
    assert f"It is that or line {second.line}:" in first.message
    assert f"It is that or line {first.line}:" in second.message


def test_the_other_place_in_another_cell(problems, sandbox) -> None:
    helper = "def direction(g, lr):\n    return -lr * g\n"
    source = "\n\n" + EITHER.replace("-lr * grad_f(x)", "direction(grad_f(x), lr)")
    results = results_of(problems["descend"], helper + source, sandbox)
    parts = [SourcePart(1, helper), SourcePart(4, source)]
    names = {1: "helper_cell", 4: "descend_cell"}
    found = diagnose(problems["descend"], parts, results, sandbox.child, cells=names)
    assert {(one.cell, one.line) for one in found} == {("helper_cell", 2), ("descend_cell", 7)}
    assert all("of another cell" in one.message for one in found)


def test_what_a_repair_leaves_without_a_use_speaks_against_it(asked) -> None:
    """An absolute value on line 5 would be the likelier slip, but would leave line 6 without a use."""
    source = (
        "import numpy as np\ndef shrink(x, lam):\n    out = np.zeros(len(x))\n    for i in range(len(x)):\n"
        "        size = 1.0 * x[i]\n        if lam < 0:\n            size = -size\n"
        "        out[i] = np.sign(x[i]) * max(size - lam, 0.0)\n    return out\n"
    )
    found = asked("shrink", source)
    assert {one.line for one in found} == {5, 6}
    assert not any(one.confirmed for one in found)


def test_lines_that_only_hand_on_are_the_last_to_be_doubted(asked) -> None:
    source = (
        "class Run:\n    def __init__(self, lr):\n        self.lr = lr\n\n    def step(self, x, g):\n"
        "        return self.lr * g\n\n\n"
        "def descend(grad_f, x0, lr, steps):\n    run, x = Run(lr), x0\n    for _ in range(steps):\n"
        "        x = run.step(x, grad_f(x))\n    return x\n"
    )
    first, *_ = asked("descend", source)
    assert first.line == 6


def test_where_the_caller_s_array_gets_another_name(asked) -> None:
    """One write: there, and the message tells the other place. Several: where the name is made."""
    once = CLIMBS.replace("x = x + ", "x -= ")
    (first,) = asked("descend", once)
    assert (first.family, first.line, first.confirmed) == ("mutation", 4, True)
    assert "`x` is the caller's `x0` since line 2; a copy there would do as well." in first.message
    twice = once.replace("    return", "        x += 0.0\n    return").replace("x = x0", "x = x0")
    (first,) = asked("descend", twice)
    assert (first.family, first.line, first.confirmed) == ("mutation", 2, True)
    assert "Through it lines 4 and 5 change `x0`." in first.message


def test_a_name_without_a_value(asked) -> None:
    (first,) = asked("descend", CLIMBS.replace("    x = x0\n", "").replace("x + lr", "x - lr"))
    assert (first.line, first.confirmed) == (3, True)
    assert first.message == "Line 3 uses `x`, which has no value yet."


def test_nothing_is_returned_where_a_formula_belongs(asked) -> None:
    source = "import numpy as np\ndef shrink(x, lam):\n    return\n"
    (first,) = asked("shrink", source)
    assert (first.family, first.line, first.confirmed) == ("return", 3, True)
    assert first.message == "Line 3 returns nothing."


def test_a_repair_and_the_behaviour_are_two_witnesses(problems, sandbox) -> None:
    """An expression unlike the student's is no proof, nor is a known bug's behaviour; of one kind and line they are."""
    source = "import numpy as np\ndef shrink(x, lam):\n    return np.clip(x, -lam, lam)\n"
    results = results_of(problems["shrink"], source, sandbox)

    def ask(family: str) -> tuple[Diagnosis, ...]:
        bug = NamedBug(Path("known.py"), family, "a bug", 1, "return np.clip(x, -lam, lam)")
        parts, named = [SourcePart(0, source)], (lambda: bug) if family else (lambda: None)
        return diagnose(problems["shrink"], parts, results, sandbox.child, named=named)

    (alone,) = ask("")
    assert (alone.rule, alone.family, alone.line) == ("expression-of-the-reference", "clamp", 3)
    assert not alone.confirmed
    (named,) = ask("sign")
    assert (named.rule, named.family, named.confirmed) == ("like-known", "sign", False)
    assert ask("clamp") == (dataclasses.replace(alone, confirmed=True),)


def test_five_thousand_lines_end_within_the_budget_and_blame_nothing(asked) -> None:
    body = "".join(f"    a{n} = lr * {n}\n" for n in range(5000))
    source = CLIMBS.replace("    x = x0\n", f"{body}    x = x0\n")
    begin = time.monotonic()
    found = asked("descend", source, budget_s=0.5)
    assert time.monotonic() - begin < 30
    assert all(one.line == 5004 for one in found)


def test_lines_are_those_of_the_cell(asked) -> None:
    (first,) = asked("descend", "import math\n\n\na = 1", CLIMBS, "print(descend)")
    assert first.line == 4


def test_magics_and_broken_cells_are_passed_over(problems, sandbox) -> None:
    results = results_of(problems["descend"], CLIMBS, sandbox)
    parts = [
        SourcePart(0, "%matplotlib inline\nimport math"),
        SourcePart(1, "def (:"),
        SourcePart(2, CLIMBS),
    ]
    (first,) = diagnose(problems["descend"], parts, results, sandbox.child)
    assert (first.line, first.confirmed) == (4, True)


@pytest.mark.parametrize(
    "source",
    [
        "def descend(:\n",
        "def descend(grad_f, x0, lr, steps):\n    raise NotImplementedError\n",
        "import os\ndef descend(grad_f, x0, lr, steps):\n    os._exit(0)\n",
        "descend = 3\n",
        "",
        CLIMBS.replace("x + lr * grad_f(x)", "3 * x + 7 * grad_f(x) ** 3").replace(
            "range(steps)", "range(steps // 3)"
        ),
    ],
)
def test_nothing_rather_than_a_guess(asked, source: str) -> None:
    assert asked("descend", source, budget_s=0.4) == ()


def test_a_loop_that_never_ends_stays_within_the_budget(asked) -> None:
    begin = time.monotonic()
    source = "def descend(grad_f, x0, lr, steps):\n    x = x0\n    while True:\n        x = x - lr * grad_f(x)\n    return x\n"
    asked("descend", source, budget_s=1.0)
    assert time.monotonic() - begin < 30


def test_a_counter_that_is_not_counted(asked) -> None:
    source = "def descend(grad_f, x0, lr, steps):\n    x = x0\n    while steps > 0:\n        x = x - lr * grad_f(x)\n        steps -= 0\n    return x\n"
    (first,) = asked("descend", source)
    assert (first.line, first.family, first.confirmed) == (5, "step-count", True)


def test_what_passes_the_tests_alone_is_not_confirmed(problems, sandbox, monkeypatch) -> None:
    """The held-out inputs decide: with hidden cases that any x would pass there is no proof."""
    prepared = problems["shrink"]
    results = results_of(
        prepared, "import numpy as np\ndef shrink(x, lam):\n    return np.abs(x)\n", sandbox
    )
    import autograder.diagnose as module

    impossible = tuple(
        ExpectedCase(case.case, "", True, case.expected + 1.0) for case in held_out(prepared)
    )
    monkeypatch.setattr(module, "held_out", lambda _: impossible)
    parts = [
        SourcePart(
            0,
            "import numpy as np\ndef shrink(x, lam):\n    return np.sign(x) * (np.abs(x) - lam)\n",
        )
    ]
    found = diagnose(prepared, parts, results, sandbox.child, budget_s=0.5)
    assert not any(one.confirmed for one in found)


def test_the_message_does_not_quote_the_reference(asked) -> None:
    source = (
        "import numpy as np\ndef shrink(x, lam):\n    return np.where(np.abs(x) > lam, x, 0.0)\n"
    )
    for one in asked("shrink", source):
        assert "maximum" not in one.message


def test_held_out_inputs_are_others(problems) -> None:
    for prepared in problems.values():
        hidden = {repr(c.case.inputs) for _, group in prepared.groups for c in group}
        others = {repr(c.case.inputs) for c in held_out(prepared)}
        assert others
        assert len(others - hidden) >= len(others) / 2


def test_no_expected_value_enters_the_sandbox(problems, sandbox, monkeypatch) -> None:
    from autograder.sandbox import wire

    sent: list[object] = []
    send = wire.send

    def recorded(channel, value, *more):
        sent.append(value)
        return send(channel, value, *more)

    prepared = problems["descend"]
    results = results_of(prepared, CLIMBS, sandbox)
    monkeypatch.setattr(wire, "send", recorded)
    assert diagnose(prepared, [SourcePart(0, CLIMBS)], results, sandbox.child)
    keys = set().union(*(value for value in sent if isinstance(value, dict)))
    assert "repairs" in {value["op"] for value in sent}
    assert keys == {
        "op",
        "name",
        "public",
        "driver",
        "statements",
        "edits",
        "cases",
        "limit_s",
        "mutation",
        "nonce",
    }
    reference = ast.unparse(ast.parse(CLIMBS.replace("+", "-")))
    assert all("expected" not in value and reference not in value["statements"] for value in sent)


def test_a_garbled_answer_costs_one_version(sandbox) -> None:
    """The op itself: versions answer in order, one that leaves is skipped by the caller."""
    with sandbox.child() as child:
        answers = list(
            child.repairs(
                "f", ["import math", "def f(x): return x + 1"],
                [[], [(1, "def f(x): return x - 1")], [(1, "def f(")], [(1, "def f(x):\n while True: pass")], [(1, "def f(x):\n x[0] = 9.0\n return x")]],
                [(np.array([2.0]),)], public_source="", driver=None, limit_s=0.05, mutation=True,
            )
        )  # fmt: skip
    assert [float(a[0].value[0]) for a in answers[:2]] == [3.0, 1.0]
    assert [a[0].error is not None for a in answers] == [False, False, True, True, False]
    assert answers[4][0].mutated
    assert math.isclose(answers[4][0].value[0], 9.0)
