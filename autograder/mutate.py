"""Slips planted in right code: what hidden tests must notice, and what hunts are made of.

A mutant is a right function's own text with one slip in it: a classic one (a sign, a strict comparison,
a clamp or a root left out, a step too few, a state reset in the loop) or a generic one (an operator, a
number, an argument). Nothing is reprinted, so lines and formatting survive. Nothing is run here.
"""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from autograder.edits import Change, Module, apply
from autograder.families import Domain, family_of
from autograder.rules import plant, rules_for

_MAX_SHOWN = 70
_FEW_LETTERS = 5  # a place shorter than this is shown with what stands around it
_MAX_NAMES = 4
_SYMBOLS: dict[type[ast.AST], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.Pow: "**",
    ast.MatMult: "@",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
}
_OTHER_OPERATORS = {
    ast.Add: (("sign", "-"),),
    ast.Sub: (("sign", "+"),),
    ast.Mult: (("operator", "/"),),
    ast.Div: (("operator", "*"), ("whole-division", "//")),
    ast.FloorDiv: (("operator", "/"),),
    ast.Mod: (("operator", "//"),),
    ast.Pow: (("operator", "*"),),
    ast.MatMult: (("operator", "*"),),
}
_OTHER_COMPARISONS = {
    ast.Lt: (("strictness", "<="), ("direction", ">")),
    ast.LtE: (("strictness", "<"), ("direction", ">=")),
    ast.Gt: (("strictness", ">="), ("direction", "<")),
    ast.GtE: (("strictness", ">"), ("direction", "<=")),
    ast.Eq: (("direction", "!="),),
    ast.NotEq: (("direction", "=="),),
}
_OTHER_FUNCTIONS = {
    "max": ("min",),
    "min": ("max",),
    "maximum": ("minimum", "max"),
    "minimum": ("maximum", "min"),
    "amax": ("amin",),
    "amin": ("amax",),
    "any": ("all",),
    "all": ("any",),
    "sin": ("cos",),
    "cos": ("sin",),
    "sum": ("mean",),
    "mean": ("sum",),
    "zeros": ("ones",),
    "ones": ("zeros",),
    "zeros_like": ("ones_like",),
    "ones_like": ("zeros_like",),
    "argmin": ("argmax",),
    "argmax": ("argmin",),
    "floor": ("ceil",),
    "ceil": ("floor",),
}
_MODULES = {"np", "numpy", "math", "torch", "linalg", "functional", "F", "itertools", "functools"}
_CHOOSERS = {"max", "min", "maximum", "minimum", "clip", "clamp", "where", "fmax", "fmin"}
_WHOLE = {
    "float": "int",
    "np.float64": "np.int64",
    "torch.float64": "torch.int64",
    "torch.double": "torch.int64",
}
_NOTHING = {"zeros", "zeros_like", "empty", "empty_like"}
_ROOTS = {"sqrt", "sqrt_"}

# The kind of repair that undoes an operator, in the words that `families` knows.
_REPAIRS = {
    "sign": "sign-of-a-term",
    "minus-dropped": "sign-of-a-term",
    "minus-put": "sign-of-a-term",
    "operands-swapped": "expression-of-the-reference",
    "strictness": "strictness",
    "direction": "comparison-operator",
    "compared-with-itself": "compared-with-itself",
    "and-or": "and-for-or",
    "condition-dropped": "condition-missing",
    "condition-inverted": "condition-inverted",
    "condition-fixed": "condition-replaced",
    "factor-dropped": "factor-missing",
    "term-dropped": "term-missing",
    "power-dropped": "square-missing",
    "number": "wrong-number",
    "off-by-one": "off-by-one",
    "step-count": "step-count",
    "name": "wrong-variable",
    "returned-name": "wrong-variable-returned",
    "returned-order": "returned-in-the-wrong-order",
    "nothing-returned": "nothing-returned",
    "statement-dropped": "statement-missing",
    "before-the-loop": "stale-gradient",
    "after-the-loop": "belongs-in-the-loop",
    "into-the-loop": "stops-early",
    "reset-in-the-loop": "reset-in-the-loop",
    "statements-swapped": "statements-swapped",
    "not-accumulated": "operator",
    "in-place": "in-place",
    "eps-into-the-root": "inside-the-root",
    "eps-out-of-the-root": "outside-the-root",
    "whole-division": "whole-number-division",
    "whole-numbers": "whole-numbers",
    "elements-swapped": "returned-in-the-wrong-order",
    "absolute": "abs-too-many",
}
_REPAIRS_OF_CALLS = {
    "sqrt": "root-missing",
    "square": "square-missing",
    "abs": "abs-missing",
    "fabs": "abs-missing",
    "absolute": "abs-missing",
    "sign": "sign-missing",
    "copysign": "sign-missing",
    "float": "dtype",
    **dict.fromkeys(_CHOOSERS, "clamp-missing"),
}


@dataclass(frozen=True, slots=True)
class Mutant:
    """A right module's text with one slip in it.

    Attributes:
        source: the whole text with the slip.
        line: 1-based line that the slip is on, in the text before and after alike.
        old, new: what stood there and what stands there now, each on one line.
        operator: kebab-case name of the kind of slip.
        family: guess at the family of the bug (RULES' words).
        said: the slip in words that follow "that": "`x - g` becomes `x + g`".
    """

    source: str
    line: int
    old: str
    new: str
    operator: str
    family: str
    said: str

    def is_named_by(self, key: str) -> bool:
        """Whether a key of `Problem.unseen_bugs` means this mutant.

        A key is an operator's name, or "old -> new", where "…" stands for anything.
        """
        if "->" not in key:
            return _plain(key) == self.operator
        old, _, new = key.partition("->")
        return _fits(old, self.old) and _fits(new, self.new)


def _plain(text: str) -> str:
    return " ".join(text.split())


def _fits(pattern: str, text: str) -> bool:
    parts = [re.escape(part) for part in _plain(pattern).split("…")]
    return re.fullmatch(".*".join(parts), text) is not None


def mutants(source: str, function: str) -> tuple[Mutant, ...]:
    """Mutants of a module whose `function` is right, in the order of the text; each behaves in its own way.

    Two mutants that differ in spelling only (`a + b` and `b + a`) are one. A module that does not parse
    has none.
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError):
        return ()
    maker = _Maker(Module(source, tree, function))
    maker.visit_all()
    return tuple(sorted(maker.found, key=lambda mutant: mutant.line))


def planted(source: str, function: str, problem: str) -> tuple[Mutant, ...]:
    """Mutants of right code made by the problem's bug rules, each run backwards.

    Those that move lines (by an import of their own) are left out.
    """
    made: dict[str, Mutant] = {}
    lines = source.splitlines()
    for rule in rules_for(problem):
        for line, text in plant(rule, source, function):
            changed = text.splitlines()
            if len(changed) != len(lines) or is_same(source, text):
                continue
            first = next(
                n for n, pair in enumerate(zip(lines, changed, strict=True)) if pair[0] != pair[1]
            )
            old, new = lines[first].strip(), changed[first].strip()
            said = f"`{_short(old)}` becomes `{_short(new)}`"
            made.setdefault(text, Mutant(text, line, old, new, rule.id, rule.family, said))
    return tuple(made.values())


def is_same(source: str, other: str) -> bool:
    """Whether two modules differ at most in ways that cannot change what they return, up to rounding."""
    try:
        return normal_form(ast.parse(source)) == normal_form(ast.parse(other))
    except (SyntaxError, ValueError, RecursionError):
        return False


# ---------------------------------------------------------------------------------------------
# Where the slips are made


class _Maker:
    """Gathers the mutants of one module in `found`."""

    def __init__(self, module: Module) -> None:
        self.module = module
        self.source = module.source
        self.found: list[Mutant] = []
        self.seen = {normal_form(module.tree), ast.dump(module.tree)}
        self.parents: dict[int, ast.AST] = {}
        self.nodes: list[ast.AST] = []
        for statement in module.editable:
            self._gather(statement)
        self.made_of: dict[str, set[str]] = {}  # names in what a variable is set to
        for node in self.nodes:
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                used = {name.id for name in _names(node.value)}
                self.made_of.setdefault(node.targets[0].id, set()).update(used)
        functions = [node for node in self.nodes if isinstance(node, ast.FunctionDef)]
        graded = next((node for node in functions if node.name == module.function), None)
        self.parameters = [argument.arg for argument in graded.args.args] if graded else []
        text = "\n".join(module.text(statement) for statement in module.editable)
        self.domain = Domain.of(text, self.parameters)
        self.roles = {name: name for name in self.parameters}

    def _gather(self, node: ast.AST) -> None:
        """The nodes worth changing, outermost first: no texts, annotations, complaints or printing."""
        self.nodes.append(node)
        for field, value in ast.iter_fields(node):
            if field in ("decorator_list", "returns", "annotation"):
                continue
            for child in value if isinstance(value, list) else (value,):
                if not isinstance(child, ast.AST) or _is_idle(child):
                    continue
                self.parents[id(child)] = node
                self._gather(child)

    def visit_all(self) -> None:
        visits: dict[type[ast.AST], Callable[..., None]] = {
            ast.BinOp: self._binary,
            ast.UnaryOp: self._unary,
            ast.Compare: self._comparison,
            ast.BoolOp: self._boolean,
            ast.IfExp: self._choice,
            ast.If: self._condition,
            ast.While: self._condition,
            ast.comprehension: self._filters,
            ast.Call: self._call,
            ast.List: self._elements,
            ast.Tuple: self._elements,
            ast.Constant: self._constant,
            ast.Name: self._name,
            ast.Return: self._return,
            ast.AugAssign: self._update,
            ast.Assign: self._assignment,
        }
        for node in self.nodes:
            visit = visits.get(type(node))
            if visit is not None:
                visit(node)
            for field in ("body", "orelse"):
                block = getattr(node, field, None)
                if isinstance(block, list):
                    self._block(node, block)

    # -----------------------------------------------------------------------------------------
    # Taking a mutant in

    def text(self, node: ast.AST) -> str:
        return self.module.text(node)

    def replace(
        self, node: ast.AST, text: str, operator: str, *, shown: ast.AST | None = None
    ) -> None:
        """A mutant with other text in a node's place, in brackets where it would else be torn apart."""
        start, end = self.module.span(node)
        if re.fullmatch(r"[\w.\[\]]+", text) and self._is_bracketed(start, end):
            start, end = start - 1, end + 1  # a name of its own needs no brackets
        bare = apply(self.source, [(start, end, text)])
        bracketed = apply(self.source, [(start, end, f"({text})")])
        try:
            whole = ast.dump(ast.parse(bare)) == ast.dump(ast.parse(bracketed))
        except SyntaxError:
            whole = isinstance(node, ast.stmt)
        self.change([(start, end, text if whole else f"({text})")], shown or node, operator)

    def _is_bracketed(self, start: int, end: int) -> bool:
        """Whether brackets stand close around a place, and are no call's."""
        before, after = self.source[max(0, start - 2) : start], self.source[end : end + 1]
        return len(before) == 2 and before[1] == "(" and after == ")" and before[0] in " (+-*/[,="

    def change(
        self, changes: Sequence[Change], node: ast.AST, operator: str, words: str = ""
    ) -> None:
        """Keep the mutant with these changes around `node`, if it compiles and is a new one."""
        source = apply(self.source, changes)
        try:
            tree = ast.parse(source)
            compile(tree, "<mutant>", "exec")
        except (SyntaxError, ValueError):
            return
        form = normal_form(tree)
        if form in self.seen:
            return
        self.seen.add(form)
        old, new = self._shown(changes, node)
        said = f"`{old}` {words}" if words else f"`{old}` becomes `{new}`"
        self.found.append(
            Mutant(
                source,
                _first_difference(self.source, source),
                old,
                words or new,
                operator,
                self._family(operator, old, "" if words else new, node),
                said,
            )
        )

    def _shown(self, changes: Sequence[Change], node: ast.AST) -> tuple[str, str]:
        """What stood there and what stands there now, with enough around it to be recognised."""
        place = node
        while True:
            start, end = self.module.span(place)
            inside = [c for c in changes if start <= c[0] and c[1] <= end]
            enough = end - start >= _FEW_LETTERS and not isinstance(place, ast.Name | ast.Constant)
            if len(inside) == len(changes) and enough:
                break
            parent = self.parents.get(id(place))
            while parent is not None and not hasattr(parent, "lineno"):
                parent = self.parents.get(id(parent))
            if parent is None or (hasattr(parent, "body") and not isinstance(parent, ast.IfExp)):
                break
            place = parent
        start, end = self.module.span(place)
        inside = [(a - start, b - start, text) for a, b, text in changes if start <= a and b <= end]
        old = self.source[start:end]
        return _plain(old), _plain(apply(old, inside))

    def _family(self, operator: str, old: str, new: str, node: ast.AST) -> str:
        repair = _REPAIRS.get(operator)
        holder = self.parents.get(id(node)) if isinstance(node, ast.Tuple | ast.Name) else node
        if operator == "name" and isinstance(holder, ast.Tuple):
            holder = self.parents.get(id(holder))
        if operator == "name" and isinstance(holder, ast.Return):
            repair = "wrong-variable-returned"
        if repair is None and isinstance(node, ast.Call):
            name = _called(node)
            repair = _REPAIRS_OF_CALLS.get(name)
            if operator == "function":
                repair = "max-for-min" if name in _CHOOSERS else "any-for-all"
                repair = repair if name in _CHOOSERS | {"any", "all"} else None
        inside = [node]
        while id(inside[0]) in self.parents:
            inside.insert(0, self.parents[id(inside[0])])
        return family_of(
            repair or "expression-of-the-reference",
            f"{new}\0{old}",
            inside,
            self.roles,
            self.domain,
            self.text,
        )

    # -----------------------------------------------------------------------------------------
    # Expressions

    def _symbol(self, left: ast.AST, right: ast.AST, symbol: str) -> tuple[int, int] | None:
        """Where an operator stands between its operands."""
        start, end = self.module.span(left)[1], self.module.span(right)[0]
        between = re.sub(r"#[^\n]*", lambda found: " " * len(found[0]), self.source[start:end])
        at = between.find(symbol)
        return None if at < 0 else (start + at, start + at + len(symbol))

    def _binary(self, node: ast.BinOp) -> None:
        place = self._symbol(node.left, node.right, _SYMBOLS.get(type(node.op), "\0"))
        if place is None:
            return
        left, right = self.text(node.left), self.text(node.right)
        for operator, symbol in _OTHER_OPERATORS.get(type(node.op), ()):
            self.change([(*place, symbol)], node, operator)
        if isinstance(node.op, ast.Pow):
            self.replace(node, left, "power-dropped")
            if isinstance(node.right, ast.Name):
                for sign in "-+":
                    self.replace(node.right, f"({right} {sign} 1)", "off-by-one", shown=node)
            return
        dropped = "term-dropped" if isinstance(node.op, ast.Add | ast.Sub) else "factor-dropped"
        self.replace(node, left, dropped)
        if not isinstance(node.op, ast.Div | ast.FloorDiv | ast.Mod):
            self.replace(node, right, dropped)
        if isinstance(node.op, ast.Sub | ast.Div | ast.MatMult):
            symbol = _SYMBOLS[type(node.op)]
            swapped = f"{self._operand(node.right)} {symbol} {self._operand(node.left)}"
            self.replace(node, swapped, "operands-swapped")
        self._brackets(node)
        if isinstance(node.op, ast.Add) and isinstance(node.left, ast.Call):
            root = node.left
            if _called(root) in _ROOTS and len(root.args) == 1:
                inner = f"{self.text(root.args[0])} + {right}"
                self.replace(node, f"{self.text(root.func)}({inner})", "eps-into-the-root")

    def _brackets(self, node: ast.BinOp) -> None:
        """`a * (b + c)` without its brackets, `a / s + b` with brackets around the sum."""
        for operand in (node.left, node.right):
            start, end = self.module.span(operand)
            if isinstance(operand, ast.BinOp) and self._is_bracketed(start, end):
                self.change([(start - 1, start, ""), (end, end + 1, "")], node, "brackets")
        left = node.left
        if (
            isinstance(node.op, ast.Add | ast.Sub)
            and isinstance(left, ast.BinOp)
            and isinstance(left.op, ast.Mult | ast.Div)
        ):
            sign, symbol = _SYMBOLS[type(node.op)], _SYMBOLS[type(left.op)]
            inner = f"{self.text(left.left)} {sign} {self.text(node.right)}"
            self.replace(node, f"({inner}) {symbol} {self._operand(left.right)}", "brackets")
            inner = f"{self.text(left.right)} {sign} {self.text(node.right)}"
            self.replace(node, f"{self._operand(left.left)} {symbol} ({inner})", "brackets")

    def _operand(self, node: ast.expr) -> str:
        """The node's text, in brackets unless nothing can tear it apart."""
        whole = isinstance(
            node, ast.Name | ast.Call | ast.Constant | ast.Attribute | ast.Subscript
        ) or (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow))
        return self.text(node) if whole else f"({self.text(node)})"

    def _unary(self, node: ast.UnaryOp) -> None:
        operand = self.text(node.operand)
        if isinstance(node.op, ast.USub):
            self.replace(node, operand, "minus-dropped")
        elif isinstance(node.op, ast.Not):
            self.replace(node, operand, "condition-inverted")

    def _comparison(self, node: ast.Compare) -> None:
        operands = [node.left, *node.comparators]
        for left, op, right in zip(operands, node.ops, operands[1:], strict=False):
            if type(op) not in _OTHER_COMPARISONS:
                word, other = ("is not", "is") if isinstance(op, ast.IsNot) else ("is", "is not")
                place = self._symbol(left, right, word)
                if isinstance(op, ast.Is | ast.IsNot) and place is not None:
                    self.change([(*place, other)], node, "direction")
                continue
            place = self._symbol(left, right, _SYMBOLS[type(op)])
            if place is not None:
                for operator, symbol in _OTHER_COMPARISONS[type(op)]:
                    self.change([(*place, symbol)], node, operator)
            if not isinstance(right, ast.Constant):
                self.replace(right, self.text(left), "compared-with-itself", shown=node)

    def _boolean(self, node: ast.BoolOp) -> None:
        word, other = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
        for left, right in itertools.pairwise(node.values):
            place = self._symbol(left, right, word)
            if place is not None:
                self.change([(*place, other)], node, "and-or")
        for number, value in enumerate(node.values):
            if number:
                before = node.values[number - 1]
                span = (self.module.span(before)[1], self.module.span(value)[1])
            else:
                span = (self.module.span(value)[0], self.module.span(node.values[1])[0])
            if "(" not in self.source[span[0] : self.module.span(value)[0]] or not number:
                self.change([(*span, "")], node, "condition-dropped")

    def _choice(self, node: ast.IfExp) -> None:
        self.replace(node, self.text(node.body), "condition-fixed")
        self.replace(node, self.text(node.orelse), "condition-fixed")
        self._inverted(node.test, node)

    def _condition(self, node: ast.If | ast.While) -> None:
        self.replace(node.test, "False", "condition-fixed")
        if isinstance(node, ast.If):
            self.replace(node.test, "True", "condition-fixed")
            self._inverted(node.test, node.test)

    def _filters(self, node: ast.comprehension) -> None:
        for test in node.ifs:
            self.replace(test, "True", "condition-fixed")
            self._inverted(test, test)

    def _inverted(self, test: ast.expr, shown: ast.AST) -> None:
        single = isinstance(test, ast.Compare) and len(test.ops) == 1
        if not (single and type(test.ops[0]) in _OTHER_COMPARISONS):  # type: ignore[attr-defined]
            self.replace(test, f"not ({self.text(test)})", "condition-inverted", shown=shown)

    def _call(self, node: ast.Call) -> None:
        name, arguments = _called(node), node.args
        self._unwrapped(node, name)
        for other in _OTHER_FUNCTIONS.get(name, ()):
            end = self.module.span(node.func)[1]
            self.change([(end - len(name), end, other)], node, "function")
        for left, right in itertools.pairwise(arguments):
            if isinstance(left, ast.Starred) or isinstance(right, ast.Starred):
                continue
            one, other = self.text(left), self.text(right)
            changes = [(*self.module.span(left), other), (*self.module.span(right), one)]
            self.change(changes, node, "arguments-swapped")
        if isinstance(node.func, ast.Name) and name == "range":
            self._range(node)
        elif len(arguments) > 1 and name not in _CHOOSERS:
            span = (self.module.span(arguments[-2])[1], self.module.span(arguments[-1])[1])
            self.change([(*span, "")], node, "argument-dropped")
        for keyword in node.keywords:
            self._without_keyword(node, keyword)
            if keyword.arg == "dtype" and self.text(keyword.value) in _WHOLE:
                whole = _WHOLE[self.text(keyword.value)]
                self.replace(keyword.value, whole, "whole-numbers", shown=node)
        if name in _ROOTS and len(arguments) == 1 and isinstance(arguments[0], ast.BinOp):
            inner = arguments[0]
            if isinstance(inner.op, ast.Add) and isinstance(inner.right, ast.Name | ast.Constant):
                root = f"{self.text(node.func)}({self.text(inner.left)})"
                self.replace(node, f"{root} + {self.text(inner.right)}", "eps-out-of-the-root")
        if isinstance(node.func, ast.Name) and name in self.parameters:
            self.replace(node, f"abs({self.text(node)})", "absolute")

    def _unwrapped(self, node: ast.Call, name: str) -> None:
        """The call's arguments in the place of the call; a method's object too."""
        if name in ("range", "zip", "enumerate", "super", "getattr", "isinstance", "print"):
            return
        is_method = isinstance(node.func, ast.Attribute) and not (
            isinstance(node.func.value, ast.Name | ast.Attribute)
            and self.text(node.func.value).split(".")[-1] in _MODULES
        )
        if is_method:
            self.replace(node, self.text(node.func.value), "call-dropped")  # type: ignore[attr-defined]
        kept = node.args if name in _CHOOSERS else [] if is_method else node.args[:1]
        for argument in kept:
            if not isinstance(argument, ast.Starred | ast.GeneratorExp):
                self.replace(node, self.text(argument), "call-dropped")

    def _elements(self, node: ast.List | ast.Tuple) -> None:
        if not isinstance(node.ctx, ast.Load) or isinstance(self.parents.get(id(node)), ast.Return):
            return
        for left, right in itertools.pairwise(node.elts):
            if self.text(left) != self.text(right):
                changes = [
                    (*self.module.span(left), self.text(right)),
                    (*self.module.span(right), self.text(left)),
                ]
                self.change(changes, node, "elements-swapped")

    def _range(self, node: ast.Call) -> None:
        if len(node.args) == 1:
            (stop,) = node.args
            start = self.module.span(stop)[0]
            self.change([(start, start, "1, ")], node, "step-count")
        stop = node.args[min(1, len(node.args) - 1)]
        if not isinstance(stop, ast.Constant):
            for sign in "-+":
                self.replace(stop, f"{self.text(stop)} {sign} 1", "step-count", shown=node)

    def _without_keyword(self, node: ast.Call, keyword: ast.keyword) -> None:
        start, end = self.module.span(keyword)
        before = self.source[:start].rstrip()
        if before.endswith(","):
            start = len(before) - 1
        else:
            rest = re.match(r"\s*,\s*", self.source[end:])
            end += rest.end() if rest else 0
        if keyword.arg is not None:
            self.change([(start, end, "")], node, "argument-dropped")

    def _constant(self, node: ast.Constant) -> None:
        value, parent = node.value, self.parents.get(id(node))
        if isinstance(value, bool):
            self.replace(node, str(not value), "number")
            return
        if not isinstance(value, int | float):
            return
        near = isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Add | ast.Sub)
        operator = "off-by-one" if near and value == 1 else "number"
        options: list[str] = []
        if isinstance(value, int):
            options = [str(value + 1), str(value - 1), "0"]
        elif abs(value) >= 1e-3:
            options = [repr(value + 1), "0.0"]
        else:
            options = ["0.0", f"{value * 1e7:g}"]  # a tolerance forgotten, or much too coarse
        if value and not isinstance(parent, ast.UnaryOp):
            options.append(f"-{self.text(node)}")
        for text in dict.fromkeys(options):
            self.replace(node, text, operator)

    def _name(self, node: ast.Name) -> None:
        parent = self.parents.get(id(node))
        if not isinstance(node.ctx, ast.Load) or (
            isinstance(parent, ast.Call) and parent.func is node
        ):
            return
        if isinstance(parent, ast.Return):
            return
        stored, known = self._names_at(node)
        own = node.id
        if own not in known:  # a module, a function or a constant
            return
        newer = [name for name in known if own in self.made_of.get(name, ())]
        older = [name for name in known if name in self.made_of.get(own, ())]
        alike = [name for name in known if _alike(name, own)]
        local = [name for name in known if {name, own} <= stored]
        # A few of each kind: a setting has many newer names, and a result many older ones.
        others = dict.fromkeys([*newer[:2], *alike[:4], *local[:3], *older[:2]])
        others.pop(own, None)
        for name in others:
            self.replace(node, name, "name")

    def _names_at(self, node: ast.AST) -> tuple[set[str], list[str]]:
        """Names assigned in the functions around a node, and all that hold values there."""
        stored: dict[str, None] = {}
        known: dict[str, None] = {}
        outer: ast.AST | None = node
        while outer is not None:
            if isinstance(outer, ast.FunctionDef | ast.Lambda):
                known.update((argument.arg, None) for argument in outer.args.args)
            if isinstance(outer, ast.FunctionDef):
                stored.update((name, None) for name in _stored(outer))
            outer = self.parents.get(id(outer))
        known.update(stored)
        for name in ("_", "self"):
            known.pop(name, None)
        return set(stored) & set(known), list(known)

    # -----------------------------------------------------------------------------------------
    # Statements

    def _return(self, node: ast.Return) -> None:
        if node.value is None:
            return
        self.replace(node, "return", "nothing-returned")
        value = node.value
        if isinstance(value, ast.Tuple) and len(value.elts) > 1:
            for left, right in itertools.pairwise(value.elts):
                one, other = self.text(left), self.text(right)
                changes = [(*self.module.span(left), other), (*self.module.span(right), one)]
                self.change(changes, node, "returned-order")
            self.replace(value, self.text(value.elts[0]), "returned-name", shown=node)
        elif not isinstance(value, ast.Constant):
            stored, known = self._names_at(node)
            here = self.text(value)
            names = [name for name in known if name in stored and name != here]
            for name in names[:_MAX_NAMES]:
                self.replace(value, name, "returned-name", shown=node)
            self._minus(value, node)

    def _minus(self, value: ast.expr, shown: ast.AST) -> None:
        if isinstance(value, ast.Call) and _called(value) in _NOTHING:
            return  # minus nothing is nothing
        plain = isinstance(value, ast.Name | ast.Call | ast.Subscript | ast.Attribute)
        if plain:
            self.replace(value, f"-{self.text(value)}", "minus-put", shown=shown)
        elif isinstance(value, ast.BinOp):
            self.replace(value, f"-({self.text(value)})", "minus-put", shown=shown)

    def _update(self, node: ast.AugAssign) -> None:
        symbol = _SYMBOLS.get(type(node.op), "\0")
        place = self._symbol(node.target, node.value, symbol + "=")
        if place is None:
            return
        for operator, other in _OTHER_OPERATORS.get(type(node.op), ()):
            self.change([(*place, other + "=")], node, operator)
        self.change([(*place, "=")], node, "not-accumulated")

    def _assignment(self, node: ast.Assign) -> None:
        target, value = node.targets[0], node.value
        if isinstance(value, ast.BinOp) and type(value.op) in _SYMBOLS:
            same = isinstance(value.left, ast.Name) and self.text(value.left) == self.text(target)
            if same and isinstance(target, ast.Name):
                symbol = _SYMBOLS[type(value.op)]
                text = f"{self.text(target)} {symbol}= {self.text(value.right)}"
                self.replace(node, text, "in-place")
        if isinstance(value, ast.Constant):
            return
        self._minus(value, node)

    def _block(self, owner: ast.AST, block: Sequence[ast.stmt]) -> None:
        for number, statement in enumerate(block):
            if id(statement) not in self.parents:
                continue
            if isinstance(statement, ast.Assign | ast.AugAssign | ast.Break | ast.Continue) or (
                isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call)
            ):
                words = "is left out"
                span = self.module.span(statement)
                self.change([(*span, "pass")], statement, "statement-dropped", words)
            if number + 1 < len(block):
                self._swapped(statement, block[number + 1])
            if isinstance(statement, ast.For | ast.While):
                self._loop(statement, block[:number], block[number + 1 :])

    def _swapped(self, first: ast.stmt, second: ast.stmt) -> None:
        simple = ast.Assign | ast.AugAssign
        if not (isinstance(first, simple) and isinstance(second, simple)):
            return
        written, read = set(_stored(first)), {n.id for n in _names(second)}
        back, needed = set(_stored(second)), {n.id for n in _names(first)}
        if written & read or back & needed:
            changes = [
                (*self.module.span(first), self.text(second)),
                (*self.module.span(second), self.text(first)),
            ]
            words = f"comes after `{_short(self.text(second))}`"
            self.change(changes, first, "statements-swapped", words)

    def _loop(
        self, loop: ast.For | ast.While, before: Sequence[ast.stmt], after: Sequence[ast.stmt]
    ) -> None:
        """Statements moved out of a loop or into it, and the state begun anew in each round."""
        body = loop.body
        simple = ast.Assign | ast.AugAssign | ast.Expr
        if len({statement.lineno for statement in (loop, *body)}) <= len(body):
            return  # on the loop's own line
        inner, outer = self._indent(body[0]), self._indent(loop)
        start = self.module.line_start(loop.lineno)
        end = self.module.span(loop)[1]
        if len(body) > 1:
            for statement in body:
                if isinstance(statement, ast.Assign):
                    gone = self._whole_lines(statement)
                    text = f"{outer}{self.text(statement)}\n"
                    words = "moves before the loop"
                    self.change([(start, start, text), gone], statement, "before-the-loop", words)
            last = body[-1]
            if isinstance(last, simple):
                changes = [
                    (self.module.span(body[-2])[1], self.module.span(last)[1], ""),
                    (end, end, f"\n{outer}{self.text(last)}"),
                ]
                if changes[0][1] <= end:
                    merged = [(changes[0][0], end, f"\n{outer}{self.text(last)}")]
                    self.change(merged, last, "after-the-loop", "moves after the loop")
        if after and isinstance(after[0], simple | ast.Return) and not loop.orelse:
            moved = after[0]
            text = f"\n{inner}{self.text(moved)}"
            gone = (end, self.module.span(moved)[1], text)
            self.change([gone], moved, "into-the-loop", "moves into the loop")
        first = self.module.line_start(body[0].lineno)
        changed = {name for inside in body for name in _stored(inside)}
        changed |= {_root(node) for inside in body for node in ast.walk(inside)}
        for statement in before:
            # What the loop never changes may be set as often as one likes.
            if isinstance(statement, ast.Assign) and changed & {
                name.id for name in _names(statement)
            }:
                text = f"{inner}{self.text(statement)}\n"
                words = "is done anew in each round of the loop"
                self.change([(first, first, text)], statement, "reset-in-the-loop", words)

    def _indent(self, statement: ast.stmt) -> str:
        start = self.module.line_start(statement.lineno)
        return self.source[start : self.module.span(statement)[0]]

    def _whole_lines(self, statement: ast.stmt) -> Change:
        start = self.module.line_start(statement.lineno)
        end = self.module.span(statement)[1]
        newline = self.source.find("\n", end)
        return start, (len(self.source) if newline < 0 else newline + 1), ""


# ---------------------------------------------------------------------------------------------
# Words and names


def _first_difference(source: str, other: str) -> int:
    lines, others = source.splitlines(), other.splitlines()
    for number, (one, two) in enumerate(zip(lines, others, strict=False), 1):
        if one != two:
            return number
    return min(len(lines), len(others))


def _is_idle(node: ast.AST) -> bool:
    """What no test can or should notice: complaints, printing, and texts in f-strings."""
    if isinstance(node, ast.Raise | ast.Assert | ast.JoinedStr | ast.Import | ast.ImportFrom):
        return True
    if isinstance(node, ast.Expr):
        value = node.value
        return isinstance(value, ast.Constant) or (
            isinstance(value, ast.Call) and _called(value) == "print"
        )
    return False


def _called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")


def _names(node: ast.AST) -> Iterator[ast.Name]:
    return (one for one in ast.walk(node) if isinstance(one, ast.Name))


def _stored(node: ast.AST) -> Iterator[str]:
    return (name.id for name in _names(node) if isinstance(name.ctx, ast.Store))


def _root(node: ast.AST) -> str:
    """The variable under `x[0] = …`, `x.a = …` or `x.append(…)`; "" where there is none."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        node = node.func
    elif not isinstance(getattr(node, "ctx", None), ast.Store):
        return ""
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def _alike(one: str, other: str) -> bool:
    """Names that are easily taken for each other: m and v, x1 and x2, m and m_hat, lr and beta1 not."""
    if len(one) == len(other) == 1:
        return True
    stem, other_stem = re.split(r"[_\d]", one)[0], re.split(r"[_\d]", other)[0]
    return bool(stem) and stem == other_stem


def _short(text: str) -> str:
    text = _plain(text)
    return text if len(text) <= _MAX_SHOWN else text[: _MAX_SHOWN - 1] + "…"


# ---------------------------------------------------------------------------------------------
# Spelling that changes nothing

_COMMUTATIVE = {"max", "min", "maximum", "minimum", "add", "multiply", "fmax", "fmin"}
_EVEN = {"abs", "fabs", "absolute", "square", "cos"}
_MIRRORED = {ast.Gt: ast.Lt, ast.GtE: ast.LtE}


def normal_form(tree: ast.Module) -> str:
    """A text that two modules share where only the order of operands, or idle zeros and ones, differ.

    Sums and products are taken as commutative (not where a list or a text may be meant).
    """
    return _form(tree)


def _form(node: ast.AST) -> str:
    if isinstance(node, ast.BinOp):
        return _binary_form(node)
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        left, right = _form(node.left), _form(node.comparators[0])
        kind: type[ast.cmpop] = type(node.ops[0])
        if kind in _MIRRORED:
            left, right, kind = right, left, _MIRRORED[kind]
        elif kind in (ast.Eq, ast.NotEq):
            left, right = sorted((left, right))
        return f"{kind.__name__}({left},{right})"
    if _is_negated(node) and _is_negated(node.operand):  # type: ignore[attr-defined]
        return _form(node.operand.operand)  # type: ignore[attr-defined]
    if isinstance(node, ast.Call) and _called(node) in _EVEN and len(node.args) == 1:
        return f"Call({_form(node.func)},{[_unsigned_form(node.args[0])]},{_forms(node.keywords)})"
    if isinstance(node, ast.Call) and len(node.args) == 2 and not node.keywords:
        first, second = node.args
        starred = isinstance(first, ast.Starred) or isinstance(second, ast.Starred)
        if _called(node) in _COMMUTATIVE and not starred:
            return f"Call({_form(node.func)},{sorted((_form(first), _form(second)))},[])"
        if _called(node) == "range" and _is_number(first, 0):
            return f"Call({_form(node.func)},{[_form(second)]},[])"
    if isinstance(node, ast.Call):
        return f"Call({_form(node.func)},{_forms(node.args)},{_forms(node.keywords)})"
    fields = []
    for field, value in ast.iter_fields(node):
        if field in ("type_comment", "type_ignores", "kind"):
            continue
        if isinstance(value, list):
            fields.append(f"{field}={_forms(value)}")
        elif isinstance(value, ast.AST):
            fields.append(f"{field}={_form(value)}")
        else:
            fields.append(f"{field}={value!r}")
    return f"{type(node).__name__}({','.join(fields)})"


def _forms(nodes: Iterable[object]) -> list[str]:
    return [_form(node) if isinstance(node, ast.AST) else repr(node) for node in nodes]


def _binary_form(node: ast.BinOp) -> str:
    kind = type(node.op)
    if kind is ast.Pow and _is_number(node.right, 1):
        return _form(node.left)
    if kind is ast.Pow and _is_number(node.right, 2):
        return f"Pow({_unsigned_form(node.left)},2)"
    if kind in (ast.Mult, ast.Div) and _is_number(node.right, 1):
        return _form(node.left)
    if kind in (ast.Add, ast.Sub) and _is_number(node.right, 0):
        return _form(node.left)
    if kind is ast.Mult and _is_number(node.left, 1):
        return _form(node.right)
    if kind is ast.Add and _is_number(node.left, 0):
        return _form(node.right)
    if kind in (ast.Add, ast.Mult) and not _has_sequence(node):
        operands = sorted(_form(operand) for operand in _chain(node, kind))
        return f"{kind.__name__}({operands})"
    return f"{kind.__name__}({_form(node.left)},{_form(node.right)})"


def _unsigned_form(node: ast.expr) -> str:
    """The form of what stands under an even function, which takes a - b for b - a, and -a for a."""
    if _is_negated(node):
        return _unsigned_form(node.operand)  # type: ignore[attr-defined]
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub):
        return f"Sub({sorted((_form(node.left), _form(node.right)))})"
    return _form(node)


def _chain(node: ast.expr, kind: type[ast.operator]) -> Iterator[ast.expr]:
    if isinstance(node, ast.BinOp) and type(node.op) is kind:
        yield from _chain(node.left, kind)
        yield from _chain(node.right, kind)
    else:
        yield node


def _is_negated(node: ast.AST) -> bool:
    return isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub)


def _is_number(node: ast.expr, value: int) -> bool:
    return isinstance(node, ast.Constant) and type(node.value) is int and node.value == value


def _has_sequence(node: ast.AST) -> bool:
    return any(
        isinstance(one, ast.List | ast.Tuple | ast.ListComp | ast.JoinedStr)
        or (isinstance(one, ast.Constant) and isinstance(one.value, str))
        for one in ast.walk(node)
    )
