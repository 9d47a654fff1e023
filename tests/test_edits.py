from __future__ import annotations

import ast
import itertools
import re
import time
from pathlib import Path

import pytest

from autograder import edits
from autograder.edits import Edit, Module, Reference, Space, apply, candidates
from autograder.edits.messages import SLIPS
from autograder.edits.mutation import aliases
from autograder.edits.search import Search
from autograder.families import FAMILIES

DESCENT = """\
def descend(grad_f, x0, lr, steps):
    x = x0
    for _ in range(steps):
        x = x - lr * grad_f(x)
    return x
"""
ADAM = """\
import numpy as np


def adam(theta, g, m, v, t, lr, beta1, beta2, eps):
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), m, v
"""
DECAYED = ADAM.replace("return theta - lr", "return theta - lr * wd * theta - lr").replace(
    "eps):", "eps, wd):"
)
SHRINK = """\
import numpy as np


def shrink(x, lam):
    return np.sign(x) * np.maximum(np.abs(x) - lam, 0.0)
"""
GUARDED = """\
def newton(df, d2f, x):
    h = d2f(x)
    if abs(h) < 1e-12:
        return x
    return x - df(x) / h
"""
NORM = """\
import numpy as np


def norm(g):
    total = np.sum(g * g, axis=0)
    return np.sqrt(np.max(total))
"""
BOUND = """\
def above(a):
    tol = 1e-10
    return a >= -tol
"""
FADING = """\
def momentum(grad_f, x0, lr, beta, steps):
    x, before = x0, x0
    for _ in range(steps):
        new = x - lr * grad_f(x) + beta * (x - before)
        before = x
        x = new
    return x
"""
RAMP = """\
def ramp(step, total, warmup, final):
    if step < warmup:
        rate = step / warmup
    elif step < total:
        rate = 1 - step / total
    else:
        rate = final
    return rate
"""
RISING = """\
def rising(v, beta2, steps):
    for k in range(steps):
        v = v / (1 - beta2 ** (k + 1))
    return v
"""


def found(
    source: str, function: str, reference: str, *, symptoms: frozenset[str] = frozenset()
) -> list[Edit]:
    module = Module(source, ast.parse(source), function)
    return list(Space(module, Reference(reference, function), symptoms=symptoms))


def plain(source: str) -> str:
    return ast.unparse(ast.parse(source))


# Each slip, planted by exchanging text, must be undone by one of the candidates.
PLANTED = [
    (DESCENT, "x - lr", "x + lr", "sign-of-a-term", "sign"),
    (DESCENT, "lr * grad_f(x)", "grad_f(x)", "factor-missing", "learning-rate"),
    (DESCENT, "lr * grad_f(x)", "lr * lr * grad_f(x)", "factor-too-many", "learning-rate"),
    (DESCENT, "range(steps)", "range(steps - 1)", "step-count", "step-count"),
    (DESCENT, "range(steps)", "range(1, steps)", "step-count", "step-count"),
    (DESCENT, "return x", "return x0", "wrong-variable-returned", "return"),
    (DESCENT, "grad_f(x)", "abs(grad_f(x))", "abs-too-many", "abs"),
    (ADAM, "1 - beta1**t", "1 + beta1**t", "sign-of-a-term", "sign"),
    (ADAM, "1 - beta1**t", "1 - beta1", "power-missing", "bias-correction"),
    (ADAM, "1 - beta2**t", "1 - beta1**t", "wrong-variable", "bias-correction"),
    (ADAM, "g**2", "g", "square-missing", "moment"),
    (ADAM, "(1 - beta1) * g", "g", "factor-missing", "moment"),
    (ADAM, "np.sqrt(v_hat)", "v_hat", "root-missing", "moment"),
    (ADAM, "np.sqrt(v_hat) + eps", "np.sqrt(v_hat + eps)", "inside-the-root", "eps"),
    (ADAM, "m / (1 - beta1**t)", "m", "bias-correction-missing", "bias-correction"),
    (ADAM, "eps), m, v", "eps), m_hat, v", "wrong-variable-returned", "return"),
    (DECAYED, "theta - lr * wd", "theta + lr * wd", "sign-of-a-term", "sign"),
    (DECAYED, "lr * wd * theta", "wd * theta", "factor-missing", "decay"),
    (DECAYED, " - lr * wd * theta", "", "expression-of-the-reference", "decay"),
    (SHRINK, "np.maximum(np.abs(x) - lam, 0.0)", "(np.abs(x) - lam)", "clamp-missing", "clamp"),
    (SHRINK, "np.maximum", "np.minimum", "minimum-for-maximum", "clamp"),
    (SHRINK, "np.abs(x)", "x", "abs-missing", "abs"),
    (SHRINK, "np.sign(x) * ", "", "sign-missing", "abs"),
    (GUARDED, "abs(h)", "h", "abs-missing", "newton"),
    (GUARDED, "<", "<=", "strictness", "comparison"),
    (GUARDED, "    if abs(h) < 1e-12:\n        return x\n", "", "guard-missing", "newton"),
    (BOUND, "1e-10", "0.0", "wrong-number", "comparison"),
    (ADAM, "eps), m, v", "eps), m, v, m_hat", "returned-too-much", "return"),
    (DESCENT, "return x", "return x, lr", "returned-too-much", "return"),
    (GUARDED, "        return x\n", "        return None\n", "nothing-returned", "return"),
    (ADAM, "beta1**t", "beta1*t", "product-for-power", "bias-correction"),
    (DECAYED, "wd * theta", "wd * np.linalg.norm(theta)", "norm-too-many", "decay"),
    (DECAYED, "wd * theta", "wd * m_hat", "wrong-variable", "decay"),
    (FADING, "        before = x\n", "", "never-updated", "velocity"),
    (RAMP, "rate = final", "rate = 0.0", "number-for-variable", "schedule"),
    (ADAM, "beta1 * m + (1 - beta1) * g", "(beta1 + (1 - beta1) * g) * m", "grouping", "moment"),
    (ADAM, "v + (1 - beta2) * g", "v + 1 - beta2 * g", "grouping", "moment"),
    (ADAM, "m / (1 - beta1**t)", "m / 1 - beta1**t", "grouping", "bias-correction"),
    (NORM, "np.max(total)", "total", "max-missing", "clamp"),
    (NORM, "np.sum(g * g, axis=0)", "np.sum(g * g)", "option-missing", "norm"),
    (NORM, "return np.sqrt(np.max(total))", "return", "nothing-returned", "return"),
    (NORM.replace("np.max(total)", "total[::1]"), "::1", "::-1", "reversed", "norm"),
    (RISING, "1 - beta2 ** (k + 1)", "beta2 ** (k + 1)", "complement-missing", "bias-correction"),
]  # fmt: skip


@pytest.mark.parametrize(("right", "old", "new", "rule", "family"), PLANTED)
def test_a_planted_slip_is_undone(right: str, old: str, new: str, rule: str, family: str) -> None:
    function = next(n.name for n in ast.parse(right).body if isinstance(n, ast.FunctionDef))
    wrong = right.replace(old, new, 1)
    assert wrong != right
    module = Module(wrong, ast.parse(wrong), function)
    space = Space(module, Reference(right, function))
    wanted = plain(right)
    undoing = [space.named(edit) for edit in space if _equal(plain(edit.new_source), wanted)]
    assert (rule, family) in {(edit.rule, edit.family) for edit in undoing}
    line = right[: right.index(old)].count("\n") + 1
    assert line in {edit.line for edit in undoing}


STOPPED = [  # what stood there, what is left of it, the line on which that stops, and what undoes it where
    (DESCENT, "    x = x0\n", "", 3, "x = x0", "first-value-missing", 3),
    (ADAM, "    m_hat = m / (1 - beta1**t)\n", "", 8, "m_hat = m / (1 - beta1 ** t)", "value-missing", 8),
    (
        "class Go:\n    def __init__(self, lr, beta):\n        self.lr = lr\n        self.beta = beta\n\n"
        "    def go(self, g):\n        return self.lr * self.beta * g\n\n\n"
        "def f(g, lr, beta):\n    return Go(lr, beta).go(g)\n",
        "        self.beta = beta\n", "", 6, "self.beta = beta", "never-set", 3,
    ),
]  # fmt: skip


@pytest.mark.parametrize(("right", "old", "new", "stopped", "wanted", "rule", "line"), STOPPED)
def test_what_has_no_value_gets_one(
    right: str, old: str, new: str, stopped: int, wanted: str, rule: str, line: int
) -> None:
    wrong = right.replace(old, new, 1)
    function = [n.name for n in ast.parse(right).body if isinstance(n, ast.FunctionDef)][-1]
    space = Space(
        Module(wrong, ast.parse(wrong), function),
        Reference(right[right.index(f"def {function}") :], function),
        symptoms=frozenset({"raised"}),
        lines=frozenset({stopped}),
    )
    put_in = {(e.rule, e.line) for e in space if wanted in (e.new.strip(), e.new.split("\n")[0])}
    assert (rule, line) in put_in


def test_a_value_is_missed_only_where_the_code_stopped() -> None:
    assert not [e for e in found(DESCENT, "descend", DESCENT) if e.rule == "first-value-missing"]


def costs(source: str, function: str, reference: str) -> dict[str, float]:
    return {edit.new_source: edit.cost for edit in found(source, function, reference)}


def test_arguments_are_exchanged_where_names_then_agree() -> None:
    """The call gives (beta, lr) to what takes (lr, beta); a line on which all names agree is left alone."""
    source = (
        "class Go:\n    def __init__(self, lr, beta):\n        self.lr, self.beta = lr, beta\n\n\n"
        "def f(x, lr, beta):\n    return Go(beta, lr).go(x)\n"
    )
    cost = costs(source, "f", "def f(x, lr, beta):\n    return x\n")
    at_the_call = cost[source.replace("Go(beta, lr)", "Go(lr, beta)")]
    in_the_class = cost[source.replace("= lr, beta", "= beta, lr")]
    assert at_the_call < 1.8 < 1.9 < in_the_class


def test_a_loop_like_the_reference_s_is_the_last_to_be_doubted() -> None:
    longer = DESCENT.replace("range(steps)", "range(steps + 1)")
    like = costs(DESCENT, "descend", DESCENT)[longer]
    unlike = costs(DESCENT, "descend", DESCENT.replace("range(steps)", "range(2)"))[longer]
    assert like > unlike + 0.5


def test_what_the_reference_lends_is_marked() -> None:
    wrong = ADAM.replace("(1 - beta1) * g", "g").replace("np.sqrt(v_hat)", "v_hat")
    lent = {edit.rule: edit.borrowed for edit in found(wrong, "adam", ADAM)}
    assert not lent["factor-missing"]
    assert not lent["sign-of-a-term"]
    assert lent["expression-of-the-reference"]


def test_likeness_is_won_by_what_reads_like_the_reference_and_lost_again() -> None:
    wrong = SHRINK.replace("np.maximum(np.abs(x) - lam, 0.0)", "(np.abs(x) + lam)")
    space = Space(Module(wrong, ast.parse(wrong), "shrink"), Reference(SHRINK, "shrink"))
    gained = {edit.new_source: space.likeness.gained(edit) for edit in space}
    assert gained[wrong.replace("+ lam", "- lam")] > 0
    assert gained[wrong.replace("np.abs(x)", "x")] < 0
    assert gained[wrong.replace("+ lam", "* lam")] == 0


def test_each_statement_spoiled() -> None:
    source = (
        "import numpy as np\n\n\ndef f(x, n):\n    'Text.'\n    x = np.asarray(x)\n    k, y = 0, x * 2\n"
        "    low = x < 1\n    while k < n:\n        y += x\n        k += 1\n    return y\n"
    )
    listed = Space(Module(source, ast.parse(source), "f"), Reference(source, "f")).spoiled
    assert [
        (source[one.change[0] : one.change[1]].split("\n")[0], one.change[2]) for one in listed
    ] == [
        ("np.asarray(x)", "(np.asarray(x)) * -3 - 1"),
        ("x < 1", "not (x < 1)"),
        ("while k < n:", "pass"),
        ("y += x", "pass"),
        ("return y", "pass"),
    ]
    assert [one.computes for one in listed] == [False, True, True, True, False]
    assert [sorted(one.names) for one in listed][:2] == [["x"], ["low"]]


def test_a_guard_that_is_there_is_not_missing() -> None:
    assert "guard-missing" not in costs_by_rule(GUARDED.replace("<", ">"))
    own_limit = GUARDED.replace("1e-12", "EPS").replace("abs(h) < EPS", "-EPS > h > EPS")
    assert "guard-missing" not in costs_by_rule(f"EPS = 1e-12\n\n\n{own_limit}")
    assert "guard-missing" in costs_by_rule(GUARDED.replace("abs(h) < 1e-12", "x is None"))


def costs_by_rule(source: str) -> dict[str, float]:
    return {edit.rule: edit.cost for edit in found(source, "newton", GUARDED)}


def test_a_guard_is_missing_next_to_what_it_guards() -> None:
    wrong = GUARDED.replace("    if abs(h) < 1e-12:\n        return x\n", "")
    guards = [edit for edit in found(wrong, "newton", GUARDED) if edit.rule == "guard-missing"]
    assert guards[0].line == 3
    assert {edit.line for edit in guards} == {2, 3}


ALIASES = [
    ("    y = x\n    y -= 1\n", [("y", "x", 2, (3,))]),
    ("    y = np.asarray(x)\n    y -= 1\n    y[0] = 2\n", [("y", "x", 2, (3, 4))]),
    ("    y, z = x.reshape(-1), 3\n    y.sort()\n", [("y", "x", 2, (3,))]),
    ("    y = 1.0 if n else np.asarray(x)\n    y *= 2\n", [("y", "x", 2, (3,))]),
    ("    y = x\n    z = y.T\n    z += 1\n", [("z", "x", 3, (4,))]),
    ("    x -= 1\n", []),
    ("    y = x.copy()\n    y -= 1\n", []),
    ("    y = x + 0\n    y -= 1\n", []),
]


@pytest.mark.parametrize(("body", "wanted"), ALIASES)
def test_other_names_for_the_caller_s_array(body: str, wanted: list[object]) -> None:
    source = f"def f(x, n):\n{body}    return x\n"
    module = Module(source, ast.parse(source), "f")
    search = Search(module, Reference(source, "f"), frozenset(), frozenset())
    assert [tuple(alias) for alias in aliases(search)] == wanted


def _equal(a: str, b: str) -> bool:
    """The same source up to parentheses, the order of factors, and `return` with or without them."""

    def normal(text: str) -> str:
        return (
            text.replace("(", "")
            .replace(")", "")
            .replace(" ", "")
            .replace("0.0", "0")
            .replace("\n", "")
        )

    return normal(a) == normal(b)


@pytest.mark.parametrize("source", [DESCENT, ADAM, DECAYED, SHRINK, GUARDED])
def test_every_candidate_parses_differs_and_comes_once(source: str) -> None:
    function = next(n.name for n in ast.parse(source).body if isinstance(n, ast.FunctionDef))
    listed = found(
        source, function, source, symptoms=frozenset({"mutation", "raised", "type", "timed_out"})
    )
    assert len(listed) > 100
    seen = set()
    for edit in listed:
        ast.parse(edit.new_source)
        assert edit.new_source != source
        assert edit.changes not in seen
        seen.add(edit.changes)
        assert 1 <= edit.line <= edit.end_line <= source.count("\n") + 1
        assert edit.what.endswith((".", "…"))


def test_families_are_the_known_words() -> None:
    listed = list(itertools.islice(candidates(ADAM, "adam", ADAM), 4000))
    assert {edit.family for edit in listed} <= set(FAMILIES)


def test_cheap_candidates_come_first() -> None:
    costs = [edit.cost for edit in found(DESCENT, "descend", DESCENT)]
    late = [c for c in costs if c > 2.6]
    assert costs == sorted(costs[: -len(late)]) + sorted(late)


def test_formatting_and_comments_survive() -> None:
    source = "def f(x, lam):  # größe\n\treturn ( x\n\t\t+  lam )   # ∇ keep\n"
    texts = [edit.new_source for edit in found(source, "f", "def f(x, lam):\n    return x - lam\n")]
    assert "def f(x, lam):  # größe\n\treturn ( x\n\t\t-  lam )   # ∇ keep\n" in texts


def test_the_line_is_that_of_the_operator() -> None:
    source = "def f(a, b):\n    return (\n        a\n        + b\n    )\n"
    edit = found(source, "f", "def f(a, b):\n    return a - b\n")[0]
    assert (edit.rule, edit.line) == ("sign-of-a-term", 4)


def test_only_what_the_function_reaches_is_changed() -> None:
    source = (
        "def other(a):\n    return a + 1\n\n\ndef helper(a):\n    return a + 2\n\n\n"
        + DESCENT.replace("grad_f(x)", "helper(grad_f(x))")
    )
    lines = {edit.line for edit in found(source, "descend", DESCENT)}
    assert 6 in lines
    assert 2 not in lines


def test_two_changes_of_a_kind() -> None:
    wrong = ADAM.replace("**t", "")
    assert any(plain(edit.new_source) == plain(ADAM) for edit in found(wrong, "adam", ADAM))


def test_coupled_decay() -> None:
    wrong = ADAM.replace("eps):\n", "eps, wd):\n    g = g + wd * theta\n")
    listed = [edit for edit in found(wrong, "adam", DECAYED) if edit.rule == "coupled"]
    assert {edit.line for edit in listed} == {5}
    assert any("theta = theta - lr * wd * theta" in edit.new_source for edit in listed)


@pytest.mark.parametrize(
    "source",
    [
        "def f(:\n",
        "",
        "x = 1\n",
        "class f:\n    pass\n",
        "f = 3\n",
        "def f(): ...\n",
        "from m import *\n",
        "@property\ndef f(self): return -self.x\n",
        "f = lambda x: x + 1\n",
        "async def f(x):\n    return x\n",
        "def f(x):\n    return f'{x + 1}'\n",
        "def f(x):\n    match x:\n        case 1:\n            return 2\n    return x\n",
        "def f(*a, **k):\n    global y\n    y = a\n    return [*a]\n",
        "def f(x): return x + 1; y = 2\n",
    ],
)
def test_odd_source_is_no_reason_to_fail(source: str) -> None:
    for edit in candidates(source, "f", "def f(x):\n    return x - 1\n"):
        ast.parse(edit.new_source)


def test_thousands_of_candidates_are_cheap() -> None:
    begin = time.perf_counter()
    listed = found(DECAYED, "adam", DECAYED)
    assert len(listed) > 1000
    assert (
        time.perf_counter() - begin < 30
    )  # 0.05 s on an idle core; this only tells it from a blow-up


def test_apply() -> None:
    assert apply("abcdef", [(4, 5, "X"), (0, 1, ""), (2, 2, "--")]) == "b--cdXf"


RARE = [
    ("def f(x, y):\n    return x(x) if x == x.max() else y(y, x)\n", "uses `x` where `y` belongs."),
    ("def f(h):\n    if h == 0:\n        return 1\n    return h\n", "asks for an exact value with `==`; a number that is nearly zero slips through."),
    ("def f(h):\n    h = h + 1\n    return\n", "returns nothing; `h` is wanted."),
    ("def f(h):\n    h **= 2\n    return h\n", "takes a power where `h` should be multiplied by `2`."),
    ("def f(h):\n    h /= 2\n    return h\n", "divides by `2` where it should be multiplied."),
    ("def f(h):\n    h //= 2\n    return h\n", "cuts the quotient down to a whole number: `//` is whole-number division."),
    ("def f(h):\n    for _ in range(3):\n        h = h + 1\n        return h\n", "returns inside the loop, so only one step is taken."),
    ("import numpy as np\n\n\ndef f(h):\n    return h * np.e\n", "has `np.e` where pi belongs."),
]  # fmt: skip


@pytest.mark.parametrize(("source", "what"), RARE)
def test_what_an_edit_says(source: str, what: str) -> None:
    assert what in {edit.what for edit in found(source, "f", GUARDED.replace("newton", "f"))}


def test_every_kind_of_edit_has_its_sentence_and_every_sentence_its_kind() -> None:
    rooms = Path(edits.__file__).parent.glob("*.py")
    trees = [ast.parse(path.read_text()) for path in rooms if path.stem != "messages"]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    texts = {n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)}
    variants = {text for text in texts if re.fullmatch(r"[a-z-]+:", text)}  # f"tolerance:{sign}"
    for kind in SLIPS:
        rule, colon, variant = kind.partition(":")
        made = rule + colon in variants or (rule in texts and f":{variant}" in texts)
        assert kind in texts or made, f"no edit is of the kind {kind}"
    kinds = {text for text in texts if re.fullmatch(r"[a-z]+(-[a-z]+)+:[a-z-]+", text)}
    assert kinds <= set(SLIPS)
