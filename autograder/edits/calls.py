"""Calls: the wrong function of two, a function too many, a root too early, arguments, options, ranges."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator, Sequence

from autograder.edits.operators import out_of_root
from autograder.edits.search import Search
from autograder.edits.syntax import TERNARY, TUPLE, call_name, is_op, precedence
from autograder.edits.words import RATES, TWINS, WRAPPERS, kebab, stem

_EXTREMES = ("max", "min", "maximum", "minimum")
_OPTIONS = ("ord", "axis", "initial", "alpha", "value", "weights", "keepdims")
_TYPED = ("zeros_like", "empty_like", "full_like", "ones_like", "zeros")
_SHARING = ("asarray", "from_numpy", "as_tensor")
_CONVERTING = ("float", "bool", "list", "tuple", "array", "asarray")
_INTERCHANGED = (*_EXTREMES, "add", "sub", "subtract", "add_", "sub_", "any", "all", "sin")
_REDUCTIONS = ("sum", "mean", "max", "min", "norm", "all", "any")
_FACTORS = {
    **dict.fromkeys(("add", "add_", "sub", "sub_"), "alpha"),
    **dict.fromkeys(("addcmul", "addcmul_", "addcdiv", "addcdiv_"), "value"),
}
_AGREEMENT = 0.3
_MAX_ARGUMENTS = 6


def call(s: Search, node: ast.Call) -> None:
    """All edits of a call."""
    func, name = node.func, call_name(node)
    owner = func.value if isinstance(func, ast.Attribute) and not _is_of_module(s, func) else None
    _twin(s, node, name)
    args = [a for a in node.args if not isinstance(a, ast.Starred)]
    inside = args[:3] if owner is None else [owner]
    if name in WRAPPERS:
        for part in inside:
            more = 0.8 if name in _CONVERTING else 0.0
            rule = f"{kebab(name)}-too-many"
            s.keep("x-too-many", node, part, more=more, rule=rule, name=name, b=part)
    if name in ("sqrt", "sqrt_") and inside:
        out_of_root(s, node, inside[0])
    if owner is not None:
        _chain(s, node, owner)
    if name == "range":
        _range(s, node)
    if len(args) == len(node.args) <= _MAX_ARGUMENTS and name not in _EXTREMES:
        slots = s.parameters_of_own(name)
        for a, b in itertools.combinations(args, 2):
            more = _disagreement(s, slots, args, a, b)
            s.add("arguments-swapped", node, *s.exchange(a, b), more=more, a=a, b=b)
    for keyword in node.keywords:
        start, end = s.span(keyword)
        before = s.source[:start].rstrip()
        if keyword.arg == "dtype":
            s.add("whole-numbers:dtype", node, s.change(keyword.value, "float"), b=keyword.value)
        elif keyword.arg in _OPTIONS and before.endswith(","):
            s.add("option-too-many", node, (len(before) - 1, end, ""), b=keyword)
    for option in _missing_options(s, node, name):
        end = s.span(node)[1]
        s.add("option-missing", node, (end - 1, end, f", {option})"), name=name, b=option)
    if name in _TYPED and args and not any(k.arg == "dtype" for k in node.keywords):
        end = s.span(node)[1]
        more = 0.3 if "raised" in s.symptoms else 0.0
        s.add("whole-numbers", node, (end - 1, end, ", dtype=float)"), more=more, b=args[0])


def _missing_options(s: Search, node: ast.Call, name: str) -> Iterator[str]:
    """Options that may have been left out: a factor of torch's sums, the axis of a reduction."""
    given = {k.arg for k in node.keywords}
    option = _FACTORS.get(name)
    if option is not None and node.args and option not in given:
        for own in s.scope(node):
            if s.roles.get(own, own) in RATES:
                yield f"{option}=-{own}"
                yield f"{option}={own}"
        for beta in s.betas(node):
            yield f"{option}=1 - {beta}"
    elif name in _REDUCTIONS and len(node.args) == 1 and not given:
        yield from ("axis=0", "axis=1")


def _is_of_module(s: Search, function: ast.Attribute) -> bool:
    """Whether it is a function of a module, not a method."""
    root: ast.expr = function
    while isinstance(root, ast.Attribute):
        root = root.value
    return isinstance(root, ast.Name) and root.id in (s.np, s.torch, s.math)


def _twin(s: Search, node: ast.Call, name: str) -> None:
    """The other function of a pair that people mix up."""
    func = node.func
    end = s.span(func)[1]
    start = end - len(name)
    if s.source[start:end] != name:
        return
    builtin = isinstance(func, ast.Name)
    for twin in TWINS.get(name, ()):
        if builtin and twin in ("maximum", "minimum", "square"):
            continue
        change = (start, end, twin)
        if name in ("max", "min", "amax", "amin") and twin in ("maximum", "minimum"):
            kept = [*node.args, *(k.value for k in node.keywords if k.arg == "initial")]
            listed = [s.text(a) for a in kept]
            if len(listed) == 1:
                listed.append("0")
            whole = f"{s.text(func)[: -len(name)]}{twin}({', '.join(listed)})"
            s.put("reduces-with-max", node, whole, name=name, twin=twin)
            if len(listed) < 2 or node.keywords:
                continue
        if name in _SHARING:
            if "mutation" in s.symptoms:
                s.add("shares-memory", node, change, name=name, twin=twin)
            continue
        more = 0.0 if twin in s.reference.words or name in _INTERCHANGED else 1.0
        rule = f"{kebab(name)}-for-{kebab(twin)}"
        s.add("x-for-y", node, change, more=more, rule=rule, name=name, twin=twin)
    if builtin and name in ("max", "min") and s.np and len(node.args) == 2:
        twin = f"{s.np}.{name}imum"
        s.add("reduces-with-max:builtin", node, (start, end, twin), name=name, twin=twin)


def _chain(s: Search, node: ast.Call, owner: ast.expr) -> None:
    """`x.add(eps).sqrt()` for `x.sqrt().add(eps)`."""
    if not (isinstance(owner, ast.Call) and isinstance(owner.func, ast.Attribute)):
        return
    base, middle, end = s.span(owner.func.value)[1], s.span(owner)[1], s.span(node)[1]
    first, method = s.source[base:middle], s.source[middle:end]
    if first.startswith(".") and method.startswith("."):
        for kind, part in (("inside-the-root:chain", method), ("outside-the-root:chain", first)):
            if "sqrt" in part:
                s.add(kind, node, (base, end, method + first), a=first, b=method)


def _range(s: Search, node: ast.Call) -> None:
    """One step too few or too many, and from one instead of zero."""
    if not node.args:
        return
    last, start = node.args[-1], s.text(node.args[0])
    n = s.text(last)
    options: list[tuple[float, str]] = []
    if len(node.args) == 1:
        options = [(0.1, f"{n} + 1"), (0.1, f"{n} - 1"), (0.3, f"1, {n} + 1"), (0.6, f"1, {n}")]
    elif len(node.args) == 2:
        options = [(0.1, f"{start}, {n} + 1"), (0.2, f"{start}, {n} - 1"), (0.0, n)]
        options += [(0.4, f"0, {n}"), (0.3, f"{start} + 1, {n} + 1"), (0.3, f"1, {n} + 1")]
        if is_op(last, ast.Add, ast.Sub):
            options.append((0.2, s.text(last.left)))
    if is_op(last, ast.Add, ast.Sub) and isinstance(last.right, ast.Constant):
        s.add("step-count", node, s.change(last, s.text(last.left), precedence(last.left)))
    doubt = s.doubt(node)
    for more, text in options:
        more += doubt
        s.put("step-count", node, f"{s.text(node.func)}({text})", more=more)
    for name in s.scope(node) if s.graded is not None else ():
        if s.roles.get(name) in ("steps", "n_steps") and name != n:
            s.put("step-count:name", node, f"{s.text(node.func)}({name})", name=name)


def subscript(s: Search, node: ast.Subscript) -> None:
    """An index too many."""
    is_read = isinstance(node.ctx, ast.Load) and isinstance(node.value, ast.Name | ast.Call)
    if is_read and not isinstance(node.slice, ast.Tuple):
        s.keep("index-too-many", node, node.value, b=node.slice)


def elements(s: Search, node: ast.Tuple | ast.List) -> None:
    """Two elements in each other's place; one too many where they are returned."""
    if not isinstance(node.ctx, ast.Load) or not 2 <= len(node.elts) <= _MAX_ARGUMENTS:
        return
    returned = isinstance(s.parent(node), ast.Return)
    kind = "returned-in-the-wrong-order" if returned else "elements-swapped"
    around = s.parent(node)
    targets = around.targets[0] if isinstance(around, ast.Assign) else None
    slots = [s.text(t) for t in targets.elts] if isinstance(targets, ast.Tuple | ast.List) else []
    if returned:
        _returned(s, node)
    for a, b in itertools.combinations(node.elts, 2):
        more = _disagreement(s, slots, node.elts, a, b)
        s.add(kind, node, *s.exchange(a, b), more=more, a=a, b=b)


def _returned(s: Search, node: ast.Tuple | ast.List) -> None:
    """One of the values that are returned is not asked for."""
    for extra in node.elts:
        first, *rest = [s.text(n) for n in node.elts if n is not extra]
        text = ", ".join((first, *rest))
        if rest and isinstance(node, ast.List):
            s.put("returned-too-much", node, f"[{text}]", b=extra)
        else:
            s.put("returned-too-much", node, text, TUPLE if rest else TERNARY, b=extra)


def _disagreement(
    s: Search, slots: Sequence[str], values: Sequence[ast.expr], a: ast.expr, b: ast.expr
) -> float:
    """What it costs that after an exchange fewer values are called like the places they go to."""
    called = dict(zip(map(id, values), slots, strict=False))
    if id(a) not in called or id(b) not in called:
        return 0.0

    def fits(value: ast.expr, place: ast.expr) -> bool:
        return stem(s.text(value)) == stem(called[id(place)])

    return _AGREEMENT * (fits(a, a) + fits(b, b) - fits(a, b) - fits(b, a))
