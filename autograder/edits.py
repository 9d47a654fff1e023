"""Small changes to a student's function, likeliest first: the search space of verified repair.

A change undoes one classic slip at one place of the student's own text. Nothing is reprinted: a change is
a few spans of the text and what replaces them, so formatting, comments and line numbers survive.

Order is by cost. Cheap are slips that people make (a flipped sign, a strict comparison, one step too few);
dearer are sub-expressions of the reference put in the place of the student's, and two changes of a kind.
Nothing is run here, and no change is believed here: `diagnose` runs them in the sandbox.
"""

from __future__ import annotations

import ast
import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from autograder.families import Domain, family_of

_MAX_CANDIDATES = 20_000
_MAX_NAMES = 18
_MAX_INGREDIENTS = 2500
_MAX_OWN = 6000

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)

Change = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Edit:
    """One change of the source, possibly at several places.

    `what` may be shown to students, so it quotes nothing that only the reference knows; `new` and
    `new_source` may hold its expressions.

    Attributes:
        source: the module's text before.
        changes: (start, end, new text) by character offsets into `source`; they do not overlap.
        line, end_line: 1-based lines of the place that is wrong.
        old, new: what stands there and what should.
        rule: kebab-case name of the kind of change.
        family: guess at the family of the bug (RULES' words).
        cost: how unlikely a slip of this kind is; candidates come in the order of it.
        what: what the line does and should do, in words that follow "Line 7 ".
    """

    source: str
    changes: tuple[Change, ...]
    line: int
    end_line: int
    old: str
    new: str
    rule: str
    family: str
    cost: float
    what: str

    @property
    def new_source(self) -> str:
        return apply(self.source, self.changes)


def apply(source: str, changes: Iterable[Change]) -> str:
    """The text with each span replaced."""
    pieces: list[str] = []
    position = 0
    for start, end, text in sorted(changes, key=lambda change: (change[0], change[1])):
        pieces += (source[position:start], text)
        position = end
    pieces.append(source[position:])
    return "".join(pieces)


# ---------------------------------------------------------------------------------------------
# A module and what of it the graded function needs


class Module:
    """A module's text, its tree, and places in it.

    Args:
        source: the text; lines that are no Python (magics) may be blanked in `tree` only.
        tree: the text's syntax tree.
        function: name of the graded function.
    """

    def __init__(self, source: str, tree: ast.Module, function: str) -> None:
        self.source, self.tree, self.function = source, tree, function
        self._starts = [0, *(match.end() for match in re.finditer(r"\r\n|\r|\n", source))]
        self._ascii = source.isascii()
        self.kept = _needed_statements(tree, function)

    def offset(self, line: int, column: int) -> int:
        start = self._starts[line - 1]
        if self._ascii:
            return start + column
        end = self._starts[line] if line < len(self._starts) else len(self.source)
        prefix = self.source[start:end].encode("utf-8", "surrogatepass")[:column]
        return start + len(prefix.decode("utf-8", "surrogatepass"))

    def span(self, node: ast.AST) -> tuple[int, int]:
        """Character offsets of a node, its decorators included."""
        first: ast.AST = node
        for decorator in getattr(node, "decorator_list", ()):
            if decorator.lineno < first.lineno:  # type: ignore[attr-defined]
                first = decorator
        line, column = first.lineno, first.col_offset  # type: ignore[attr-defined]
        start = self.offset(line, column)
        if first is not node:
            start = self.source.rindex("@", 0, start)
        return start, self.offset(node.end_lineno, node.end_col_offset)  # type: ignore[attr-defined]

    def text(self, node: ast.AST) -> str:
        start, end = self.span(node)
        return self.source[start:end]

    def line_start(self, line: int) -> int:
        return self._starts[line - 1]

    def line_of(self, offset: int) -> int:
        import bisect

        return bisect.bisect_right(self._starts, offset)

    @cached_property
    def statements(self) -> list[tuple[int, int, str]]:
        """(start, end, text) of each top-level statement that the function needs, in order."""
        return [(*self.span(node), self.text(node)) for node in self.kept]

    @property
    def editable(self) -> list[ast.stmt]:
        """Statements that hold code of the function: no imports, and no definition that a later one replaces."""
        last = {node.name: node for node in self.kept if isinstance(node, _DEFINITIONS)}
        return [
            node
            for node in self.kept
            if not isinstance(node, ast.Import | ast.ImportFrom | ast.Expr)
            and (not isinstance(node, _DEFINITIONS) or last[node.name] is node)
        ]


def _bound_names(statement: ast.stmt) -> Iterator[str]:
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield statement.name
        return
    for node in ast.walk(statement):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store | ast.Del):
            yield node.id
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.alias):
            yield node.asname or node.name.partition(".")[0]
        elif isinstance(node, ast.Attribute | ast.Subscript) and isinstance(node.ctx, ast.Store):
            root: ast.expr = node
            while isinstance(root, ast.Attribute | ast.Subscript):
                root = root.value
            if isinstance(root, ast.Name):
                yield root.id


def _needed_statements(tree: ast.Module, function: str) -> list[ast.stmt]:
    """Imports, settings of imported modules, and all that binds a name the function reaches."""
    binders: dict[str, list[ast.stmt]] = {}
    for statement in tree.body:
        for name in _bound_names(statement):
            binders.setdefault(name, []).append(statement)
    wanted: set[int] = set()
    seen: set[str] = set()
    waiting = [function]
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        for statement in binders.get(name, ()):
            if id(statement) in wanted:
                continue
            wanted.add(id(statement))
            waiting += [node.id for node in ast.walk(statement) if isinstance(node, ast.Name)]
    return [
        statement
        for statement in tree.body
        if id(statement) in wanted
        or isinstance(statement, ast.Import | ast.ImportFrom)
        or _is_setting(statement)
    ]


def _is_setting(statement: ast.stmt) -> bool:
    """`torch.set_default_dtype(…)`, `np.seterr(…)`: a call that functions silently depend on."""
    if not (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call)):
        return False
    function = statement.value.func
    return isinstance(function, ast.Attribute) and function.attr.startswith("set")


# ---------------------------------------------------------------------------------------------
# Precedence: where a replacement needs parentheses

_ATOM, _POWER, _UNARY, _TIMES, _PLUS, _COMPARE, _NOT, _AND, _OR, _TERNARY, _TUPLE = (
    14, 12, 11, 10, 9, 4, 3, 2, 1, 0, -1,
)  # fmt: skip
_BINARY = {
    ast.Add: _PLUS, ast.Sub: _PLUS, ast.Mult: _TIMES, ast.Div: _TIMES, ast.FloorDiv: _TIMES,
    ast.Mod: _TIMES, ast.MatMult: _TIMES, ast.Pow: _POWER, ast.LShift: 8, ast.RShift: 8,
    ast.BitAnd: 7, ast.BitXor: 6, ast.BitOr: 5,
}  # fmt: skip
_SYMBOLS = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%",
    ast.MatMult: "@", ast.Pow: "**", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
    ast.Eq: "==", ast.NotEq: "!=",
}  # fmt: skip


def precedence(node: ast.expr) -> int:
    if isinstance(node, ast.BinOp):
        return _BINARY[type(node.op)]
    if isinstance(node, ast.UnaryOp):
        return _NOT if isinstance(node.op, ast.Not) else _UNARY
    if isinstance(node, ast.BoolOp):
        return _AND if isinstance(node.op, ast.And) else _OR
    if isinstance(node, ast.Compare):
        return _COMPARE
    if isinstance(node, ast.IfExp | ast.Lambda):
        return _TERNARY
    if isinstance(
        node, ast.Tuple | ast.NamedExpr | ast.Yield | ast.YieldFrom | ast.Await | ast.Starred
    ):
        return _TUPLE
    return _ATOM


def _needed(parent: ast.AST, field: str) -> int:
    if isinstance(parent, ast.BinOp):
        own = _BINARY[type(parent.op)]
        if isinstance(parent.op, ast.Pow):
            return 13 if field == "left" else _UNARY
        return own if field == "left" else own + 1
    if isinstance(parent, ast.UnaryOp):
        return _NOT if isinstance(parent.op, ast.Not) else _UNARY
    if isinstance(parent, ast.Compare):
        return 5
    if isinstance(parent, ast.BoolOp):
        return _NOT if isinstance(parent.op, ast.And) else _AND
    if isinstance(parent, ast.IfExp):
        return _TERNARY if field == "orelse" else _OR
    if isinstance(parent, ast.Attribute | ast.Await):
        return _ATOM
    if isinstance(parent, ast.Subscript) and field == "value":
        return _ATOM
    if isinstance(parent, ast.Call) and field == "func":
        return _ATOM
    if isinstance(parent, ast.comprehension):
        return _OR
    if isinstance(parent, ast.Starred):
        return 5
    if isinstance(parent, ast.Return | ast.Assign):
        return _TUPLE
    return _TERNARY


# ---------------------------------------------------------------------------------------------
# The student's words

_GRADIENT = re.compile(r"grad|^d2?f$|jac|slope")
_COUNTER = re.compile(
    r"^(t|k|i|n|j|step|steps|total|warmup|epoch|iteration|iterations|iters|n_?steps|num_?steps"
    r"|n_?iters?|max_?iters?|it|total_?steps|warmup_?steps|end|length|horizon)$"
)
_TWINS = {
    "sin": ("cos",), "cos": ("sin",), "max": ("min", "maximum"), "min": ("max", "minimum"),
    "maximum": ("minimum",), "minimum": ("maximum",), "amax": ("maximum",), "amin": ("minimum",),
    "sum": ("mean",), "mean": ("sum",), "any": ("all",), "all": ("any",), "abs": ("square",),
    "square": ("abs",), "add": ("sub", "subtract"), "subtract": ("add",), "sub": ("add",),
    "add_": ("sub_",), "sub_": ("add_",), "multiply": ("divide",), "divide": ("multiply",),
    "mul_": ("div_",), "div_": ("mul_",), "mul": ("div",), "div": ("mul",), "asarray": ("array",),
    "from_numpy": ("tensor",), "as_tensor": ("tensor",), "exp": ("log",), "log": ("exp",),
    "floor": ("float",), "addcmul_": ("addcdiv_",), "addcdiv_": ("addcmul_",), "relu": ("abs",),
    "argmin": ("min",), "argmax": ("max",), "zeros": ("ones",), "ones": ("zeros",),
    "zeros_like": ("ones_like",), "ones_like": ("zeros_like",), "tan": ("cos",), "cosh": ("cos",),
    "sinh": ("sin",), "clamp_min": ("clamp_max",), "clamp_max": ("clamp_min",), "sign": ("abs",),
    "det": ("trace",), "trace": ("det",), "eigvals": ("eigvalsh",), "true_divide": ("multiply",),
}  # fmt: skip
_WRAPPERS = {
    "abs", "fabs", "absolute", "sqrt", "square", "sign", "maximum", "minimum", "max", "min", "clip",
    "int", "round", "floor", "ceil", "float", "bool", "exp", "log", "sum", "mean", "norm", "relu",
    "clamp", "list", "tuple", "array", "asarray", "astype", "long", "clamp_", "abs_", "sqrt_", "neg",
    "square_", "negative", "sorted", "trunc", "rint", "tanh", "around", "all", "any", "pow", "power",
    "item", "sign_", "int_", "int64", "reversed", "isclose", "detach",
}  # fmt: skip


def _words(text: str) -> list[str]:
    return re.findall(r"\*\*|[A-Za-z_]\w*|\d+\.?\d*(?:e-?\d+)?|[-+*/<>=@]", text)


class _Search:
    """Candidates of one module."""

    def __init__(
        self, module: Module, reference: Reference, symptoms: frozenset[str], lines: frozenset[int]
    ) -> None:
        self.module, self.reference = module, reference
        self.symptoms, self.suspect_lines = symptoms, lines
        self.source = module.source
        self.found: list[Edit] = []
        self.seen: set[tuple[Change, ...]] = set()
        self.parents: dict[int, tuple[ast.AST, str]] = {}
        self.functions: list[ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda] = []
        self.order: list[ast.AST] = []
        stack: list[ast.AST] = list(reversed(module.editable))
        for statement in module.editable:
            self.parents[id(statement)] = (module.tree, "body")
        while stack:
            node = stack.pop()
            self.order.append(node)
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
                self.functions.append(node)
            if isinstance(node, ast.JoinedStr | ast.pattern):
                continue
            children = []
            for field, value in ast.iter_fields(node):
                if field in ("decorator_list", "returns", "annotation", "type_comment"):
                    continue
                for child in value if isinstance(value, list) else (value,):
                    if isinstance(child, ast.AST):
                        self.parents[id(child)] = (node, field)
                        children.append(child)
            stack += reversed(children)
        self.graded = self._graded(module.function)
        self.arguments = _arguments(self.graded)
        self.np = self._alias("numpy")
        self.torch = self._alias("torch")
        self.math = self._alias("math")
        self.domain = reference.domain
        self.roles = self._roles()
        self._scopes: dict[int, list[str]] = {}
        self._callables: set[str] | None = None
        self._assignments = Counter(
            node.id
            for node in self.order
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        )
        self._backs: dict[tuple[str, ...], dict[str, str]] = {}
        self.constants = [
            t.id
            for statement in module.kept
            if isinstance(statement, ast.Assign)
            for t in statement.targets
            if isinstance(t, ast.Name) and not isinstance(statement.value, ast.Lambda)
        ][:6]
        self.loop_lines = self._loop_lines() if "timed_out" in symptoms else frozenset()
        self.docstrings = {
            id(node.body[0].value)
            for node in self.order
            if isinstance(node, ast.FunctionDef | ast.ClassDef)
            and isinstance(node.body[0], ast.Expr)
            and isinstance(node.body[0].value, ast.Constant)
        }

    def _graded(self, name: str) -> ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | None:
        """The function that the name stands for, through aliases."""
        for _ in range(5):
            defined = [f for f in self.functions if getattr(f, "name", None) == name]
            if defined:
                return defined[-1]
            values = [
                node.value
                for node in self.order
                if isinstance(node, ast.Assign)
                and any(isinstance(t, ast.Name) and t.id == name for t in node.targets)
            ]
            if not values:
                return None
            value = values[-1]
            if isinstance(value, ast.Lambda):
                return value
            if isinstance(value, ast.Call) and value.args:
                value = value.args[0]  # partial(f, …), a wrapper
            other = value.id if isinstance(value, ast.Name) else getattr(value, "attr", None)
            if other is None or other == name:
                return None
            name = other
        return None

    def _loop_lines(self) -> frozenset[int]:
        """Lines that decide whether a `while` ends."""
        lines = set()
        for loop in self.order:
            if isinstance(loop, ast.While):
                names = {n.id for n in ast.walk(loop.test) if isinstance(n, ast.Name)}
                lines.add(loop.lineno)
                for n in ast.walk(loop):
                    if isinstance(n, ast.Assign | ast.AugAssign):
                        targets = n.targets if isinstance(n, ast.Assign) else [n.target]
                        if any(isinstance(t, ast.Name) and t.id in names for t in targets):
                            lines.add(n.lineno)
        return frozenset(lines)

    def _alias(self, module: str) -> str | None:
        for node in ast.walk(ast.Module(body=list(self.module.kept), type_ignores=[])):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    if alias.name == module:
                        return alias.asname or alias.name
        return None

    def _roles(self) -> dict[str, str]:
        """The student's names by the reference's parameter that they carry."""
        roles: dict[str, str] = {}
        roles = dict(zip(self.arguments, self.reference.parameters, strict=False))
        calls = [node for node in self.order if isinstance(node, ast.Call)]
        named = {
            f.name: f
            for f in self.functions
            if isinstance(f, ast.FunctionDef | ast.AsyncFunctionDef)
        }
        classes = {
            c.name: f
            for c in self.order
            if isinstance(c, ast.ClassDef)
            for f in c.body
            if isinstance(f, ast.FunctionDef) and f.name == "__init__"
        }
        for _ in range(2):
            for call in calls:
                name = (
                    call.func.id
                    if isinstance(call.func, ast.Name)
                    else getattr(call.func, "attr", "")
                )
                target = classes.get(name) or named.get(name)
                if target is None or target is self.graded:
                    continue
                parameters = [a.arg for a in target.args.args]
                if parameters[:1] == ["self"]:
                    parameters = parameters[1:]
                for parameter, role in zip(parameters, self._passed(call, roles), strict=False):
                    if role is not None:
                        roles.setdefault(parameter, role)
            for node in self.order:
                if isinstance(node, ast.Assign) and len(node.targets) == 1:
                    self._carry(node.targets[0], node.value, roles)
                elif isinstance(node, ast.For | ast.comprehension):
                    names = [node.target]
                    if isinstance(node.target, ast.Tuple):
                        names = node.target.elts
                    for name, role in zip(names, self._zipped(node.iter, roles), strict=False):
                        if isinstance(name, ast.Name) and role is not None:
                            roles.setdefault(name.id, role)
        return roles

    def _passed(self, call: ast.Call, roles: dict[str, str]) -> list[str | None]:
        """What a call's positional arguments carry; `*row` is what the loop over `zip(…)` puts into row."""
        found: list[str | None] = []
        for argument in call.args:
            if isinstance(argument, ast.Starred) and isinstance(argument.value, ast.Name):
                row = argument.value.id
                for node in self.order:
                    if (
                        isinstance(node, ast.For | ast.comprehension)
                        and isinstance(node.target, ast.Name)
                        and node.target.id == row
                    ):
                        found += self._zipped(node.iter, roles)
                        break
            else:
                found.append(roles.get(argument.id) if isinstance(argument, ast.Name) else None)
        return found

    @staticmethod
    def _zipped(iterated: ast.expr, roles: dict[str, str]) -> list[str | None]:
        """What `zip(theta.ravel(), g)` gives, element by element."""
        if not (isinstance(iterated, ast.Call) and _call_name(iterated) == "zip"):
            return []
        names = [
            [n.id for n in ast.walk(argument) if isinstance(n, ast.Name)]
            for argument in iterated.args
        ]
        return [next((roles[n] for n in inside if n in roles), None) for inside in names]

    @staticmethod
    def _carry(target: ast.expr, value: ast.expr, roles: dict[str, str]) -> None:
        if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
            for one, other in zip(target.elts, value.elts, strict=False):
                _Search._carry(one, other, roles)
            return
        name = target.id if isinstance(target, ast.Name) else getattr(target, "attr", None)
        if name and isinstance(value, ast.Name) and value.id in roles:
            roles.setdefault(name, roles[value.id])

    # -----------------------------------------------------------------------------------------
    # Places

    def up(self, node: ast.AST) -> Iterator[ast.AST]:
        while id(node) in self.parents:
            node = self.parents[id(node)][0]
            yield node

    def statement(self, node: ast.AST) -> ast.stmt:
        if isinstance(node, ast.stmt):
            return node
        return next(n for n in self.up(node) if isinstance(n, ast.stmt))

    def scope(self, node: ast.AST) -> list[str]:
        """Names that hold values where the node stands, the nearest first."""
        names: dict[str, None] = {}
        for function in [node, *self.up(node)]:
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
                if id(function) not in self._scopes:
                    self._scopes[id(function)] = list(_local_names(function))
                names.update(dict.fromkeys(self._scopes[id(function)]))
            elif isinstance(function, ast.GeneratorExp | ast.ListComp):
                for generator in function.generators:
                    names.update(
                        (n.id, None) for n in ast.walk(generator.target) if isinstance(n, ast.Name)
                    )
            elif isinstance(function, ast.ClassDef):
                if id(function) not in self._scopes:
                    self._scopes[id(function)] = sorted(
                        {
                            f"self.{n.attr}"
                            for n in ast.walk(function)
                            if isinstance(n, ast.Attribute)
                            and isinstance(n.ctx, ast.Store)
                            and isinstance(n.value, ast.Name)
                            and n.value.id == "self"
                        }
                    )
                names.update(dict.fromkeys(self._scopes[id(function)]))
        names.pop("self", None)
        names.pop("_", None)
        return [*list(names)[:_MAX_NAMES], *(c for c in self.constants if c not in names)]

    def seg(self, node: ast.AST) -> str:
        return self.module.text(node)

    def piece(self, node: ast.expr, needed: int) -> str:
        """A node's text, in parentheses where a place of that precedence needs them."""
        text = self.seg(node)
        return text if precedence(node) >= needed and "\n" not in text else f"({text})"

    def enclosed(self, node: ast.expr) -> bool:
        start, end = self.module.span(node)
        return self.source[:start].rstrip()[-1:] == "(" and self.source[end:].lstrip()[:1] == ")"

    def put(self, node: ast.expr, text: str, prec: int) -> Change:
        """The change that replaces a node by an expression of a precedence."""
        start, end = self.module.span(node)
        parent, field = self.parents[id(node)]
        needed = _needed(parent, field)
        if prec >= needed or (needed > _TERNARY and self.enclosed_fast(start, end)):
            return start, end, text
        return start, end, f"({text})"

    def enclosed_fast(self, start: int, end: int) -> bool:
        return self.source[max(0, start - 1) : start] == "(" and self.source[end : end + 1] == ")"

    def add(
        self,
        cost: float,
        rule: str,
        node: ast.AST,
        changes: Change | Sequence[Change],
        what: str,
        *,
        old: str | None = None,
        new: str | None = None,
        line: int | None = None,
        end_line: int | None = None,
        family: str | None = None,
    ) -> None:
        if isinstance(changes, tuple) and len(changes) == 3 and isinstance(changes[0], int):
            listed: tuple[Change, ...] = (changes,)
        else:
            listed = tuple(changes)
        listed = tuple(c for c in listed if self.source[c[0] : c[1]] != c[2])
        if not listed or listed in self.seen or len(self.found) >= _MAX_CANDIDATES:
            return
        self.seen.add(listed)
        start, end, text = listed[-1 if listed[0][2].startswith("import ") else 0]
        old = self.source[start:end] if old is None else old
        new = text if new is None else new
        if line is None:
            line = self.module.line_of(start)
            end_line = line + self.source.count("\n", start, end)
        if line in self.suspect_lines:
            cost -= 0.5
        if line in self.loop_lines or (
            self.loop_lines and rule == "statement-missing" and cost < 2
        ):
            cost -= 1.0
        if family is None:
            family = ""  # worked out when it is needed: naming costs more than finding
        self.found.append(
            Edit(
                self.source,
                listed,
                line,
                end_line or line,
                old,
                new,
                rule,
                family,
                round(cost, 4),
                what,
            )
        )

    def named(self, edit: Edit) -> Edit:
        """The edit with its family."""
        if edit.family:
            return edit
        return replace(edit, family=self._family(edit))

    def _family(self, edit: Edit) -> str:
        start = min(change[0] for change in edit.changes)
        end = max(change[1] for change in edit.changes)
        inside: list[ast.AST] = []
        for node in self.order:
            if hasattr(node, "lineno"):
                a, b = self.module.span(node)
                if (
                    a <= start
                    and end <= b
                    and (isinstance(node, ast.stmt) or (a, b) != (start, end))
                ):
                    inside.append(node)
        text = "\n".join(
            " ".join(part.split())
            for change in edit.changes
            for part in [f"{self.source[change[0] : change[1]]} \0 {change[2]}"]
        )
        return family_of(
            edit.rule,
            text,
            inside,
            self.roles,
            self.domain,
            lambda node: self.module.text(node),
        )

    # -----------------------------------------------------------------------------------------
    # Everything

    def cheap(self) -> None:
        """Changes that undo one slip."""
        for node in self.order:
            if id(node) in self.docstrings:
                continue
            if isinstance(node, ast.BinOp):
                self._binary(node)
            elif isinstance(node, ast.UnaryOp):
                self._unary(node)
            elif isinstance(node, ast.Compare):
                self._compare(node)
            elif isinstance(node, ast.BoolOp):
                self._bool_op(node)
            elif isinstance(node, ast.Call):
                self._call(node)
            elif isinstance(node, ast.Constant):
                self._constant(node)
            elif isinstance(node, ast.IfExp):
                self._if_exp(node)
            elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
                self._subscript(node)
            elif isinstance(node, ast.stmt):
                self._statement(node)
            if isinstance(node, ast.Tuple | ast.List) and isinstance(node.ctx, ast.Load):
                self._tuple(node)
            if isinstance(node, ast.expr):
                self._expression(node)
            if len(self.found) >= _MAX_CANDIDATES:
                return
        for function in self.functions:
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                self._function(function)
        for node in self.order:
            for field in ("body", "orelse", "finalbody"):
                block = getattr(node, field, None)
                if isinstance(block, list) and block and isinstance(block[0], ast.stmt):
                    self._block(node, field, block)

    # -----------------------------------------------------------------------------------------
    # Operators

    def _operator(self, left: ast.AST, right: ast.AST, symbol: str) -> tuple[int, int] | None:
        """Where the operator's symbol stands between two operands."""
        start, end = self.module.span(left)[1], self.module.span(right)[0]
        between = re.sub(r"#[^\n]*", lambda m: " " * len(m[0]), self.source[start:end])
        at = between.find(symbol)
        return None if at < 0 else (start + at, start + at + len(symbol))

    def _binary(self, node: ast.BinOp) -> None:
        op = type(node.op)
        left, right = self.seg(node.left), self.seg(node.right)
        place = self._operator(node.left, node.right, _SYMBOLS.get(op, "?"))
        if place is None:
            return
        start, end = place
        if op in (ast.Add, ast.Sub):
            new, does, should = (
                ("-", "adds", "subtracted") if op is ast.Add else ("+", "subtracts", "added")
            )
            self.add(
                1.0, "sign-of-a-term", node, (start, end, new),
                f"{does} `{_short(right)}` where it should be {should}.",
                old=f"{self.source[start:end]} {right}", new=f"{new} {right}",
            )  # fmt: skip
            self.add(
                2.6,
                "sum-for-product",
                node,
                (start, end, "*"),
                f"has `{_short(self.seg(node))}` where a product belongs.",
            )
        if op in (ast.Mult, ast.Div):
            swap = "/" if op is ast.Mult else "*"
            word = "multiplies" if op is ast.Mult else "divides"
            other = "divided" if op is ast.Mult else "multiplied"
            self.add(
                1.7, "product-for-quotient", node, (start, end, swap),
                f"{word} by `{_short(right)}` where it should be {other}.",
                old=f"{self.source[start:end]} {right}", new=f"{swap} {right}",
            )  # fmt: skip
            if op is ast.Mult:
                self.add(
                    2.0,
                    "product-for-power",
                    node,
                    (start, end, "**"),
                    f"multiplies by `{_short(right)}` where that is an exponent.",
                )
            for sign in "+-":
                self.add(
                    2.5, "product-for-sum", node,
                    self.put(node, f"{self.piece(node.left, _PLUS)} {sign} {self.piece(node.right, _TIMES)}", _PLUS),
                    f"has `{_short(self.seg(node))}` where a sum or difference belongs.",
                )  # fmt: skip
        if op is ast.FloorDiv:
            self.add(
                1.0,
                "whole-number-division",
                node,
                (start, end, "/"),
                "cuts the quotient down to a whole number: `//` is whole-number division.",
            )
        if op is ast.Pow:
            self.add(
                1.9,
                "power-for-product",
                node,
                (start, end, "*"),
                f"takes a power where `{_short(left)}` should be multiplied by `{_short(right)}`.",
            )
            if isinstance(node.right, ast.Constant) and node.right.value == 2:
                self.add(
                    2.3,
                    "square-for-root",
                    node,
                    self.put(node.right, "0.5", _ATOM),
                    "squares where the root belongs.",
                )
        # a term or a factor too many
        kind = (
            "term"
            if op in (ast.Add, ast.Sub)
            else "factor"
            if op in (ast.Mult, ast.Div)
            else "operation"
        )
        rule = "term-too-many" if kind == "term" else "factor-too-many"
        if op is ast.Pow:
            rule = "power-too-many"
        self.add(
            1.6, rule, node, self.put(node, self._bare(node.left), precedence(node.left)),
            f"has one {kind} too many: `{_short(right)}` does not belong there.", old=self.seg(node),
        )  # fmt: skip
        if op is not ast.Pow:
            text, prec = self._bare(node.right), precedence(node.right)
            self.add(
                1.65,
                rule,
                node,
                self.put(node, text, prec),
                f"has one {kind} too many: `{_short(left)}` does not belong there.",
                old=self.seg(node),
            )
            if op is ast.Sub:
                text = f"-{self.piece(node.right, _UNARY)}"
                self.add(
                    2.1,
                    rule,
                    node,
                    self.put(node, text, _UNARY),
                    f"has one {kind} too many: `{_short(left)}` does not belong there.",
                    old=self.seg(node),
                )
        # operands the other way round
        if op in (ast.Sub, ast.Div, ast.Pow, ast.FloorDiv, ast.MatMult):
            own = _BINARY[op]
            a, b = (
                self.piece(node.right, own if op is not ast.Pow else 13),
                self.piece(node.left, own + 1 if op is not ast.Pow else _UNARY),
            )
            symbol = _SYMBOLS[op]
            glue = (
                symbol
                if op is ast.Pow and " " not in self.source[start - 1 : end + 1]
                else f" {symbol} "
            )
            word = "ratio-inverted" if op is ast.Div else "operands-swapped"
            self.add(
                1.5,
                word,
                node,
                self.put(node, f"{a}{glue}{b}", own),
                f"has `{_short(self.seg(node))}` the wrong way round.",
            )
        if (
            op is ast.Div
            and isinstance(node.left, ast.BinOp)
            and isinstance(node.left.op, ast.Mult)
        ):
            turned = f"{self.piece(node.left.left, _TIMES)} * {self.piece(node.right, _UNARY)} / {self.piece(node.left.right, _UNARY)}"
            self.add(
                1.5,
                "ratio-inverted",
                node,
                self.put(node, turned, _TIMES),
                f"has `{_short(self.seg(node))}` with the ratio upside down.",
            )
        if (
            op is ast.Mult
            and isinstance(node.left, ast.BinOp)
            and isinstance(node.left.op, ast.Div)
        ):
            turned = f"{self.piece(node.left.left, _TIMES)} * {self.piece(node.left.right, _UNARY)} / {self.piece(node.right, _UNARY)}"
            self.add(
                1.7,
                "ratio-inverted",
                node,
                self.put(node, turned, _TIMES),
                f"has `{_short(self.seg(node))}` with the ratio upside down.",
            )
        if op is ast.Div:
            for small in self.reference.small:
                guarded = self.put(
                    node.right, f"({self.piece(node.right, _PLUS)} + {small})", _ATOM
                )
                self.add(
                    1.7,
                    "division-by-zero",
                    node,
                    guarded,
                    f"divides by `{_short(right)}` even where it is zero.",
                    old=self.seg(node),
                )
        # (a + b) * c written as a + b * c, and the reverse
        if (
            op in (ast.Add, ast.Sub)
            and isinstance(node.right, ast.BinOp)
            and isinstance(node.right.op, ast.Mult | ast.Div)
        ):
            inner = node.right
            grouped = f"({left} {_SYMBOLS[op]} {self.piece(inner.left, _TIMES)}) {_SYMBOLS[type(inner.op)]} {self.piece(inner.right, _UNARY)}"
            self.add(
                2.2,
                "grouping",
                node,
                self.put(node, grouped, _TIMES),
                f"groups `{_short(self.seg(node))}` wrongly: parentheses are missing.",
            )
        if (
            op in (ast.Mult, ast.Div)
            and isinstance(node.left, ast.BinOp)
            and isinstance(node.left.op, ast.Add | ast.Sub)
        ):
            inner = node.left
            loose = f"{self.seg(inner.left)} {_SYMBOLS[type(inner.op)]} {self.piece(inner.right, _TIMES)} {_SYMBOLS[op]} {self.piece(node.right, _UNARY)}"
            self.add(
                2.2,
                "grouping",
                node,
                self.put(node, loose, _PLUS),
                f"groups `{_short(self.seg(node))}` wrongly: the parentheses hold too much.",
            )
        if (
            op is ast.Mult
            and isinstance(node.right, ast.BinOp)
            and isinstance(node.right.op, ast.Add | ast.Sub)
        ):
            inner = node.right
            loose = f"{self.piece(node.left, _TIMES)} * {self.piece(inner.left, _UNARY)} {_SYMBOLS[type(inner.op)]} {self.piece(inner.right, _TIMES)}"
            self.add(
                2.2,
                "grouping",
                node,
                self.put(node, loose, _PLUS),
                f"groups `{_short(self.seg(node))}` wrongly: the parentheses hold too much.",
            )
        if (
            op is ast.Div
            and isinstance(node.right, ast.BinOp)
            and isinstance(node.right.op, ast.Add | ast.Sub)
        ):
            inner = node.right
            loose = f"{self.piece(node.left, _TIMES)} / {self.piece(inner.left, _UNARY)} {_SYMBOLS[type(inner.op)]} {self.piece(inner.right, _TIMES)}"
            self.add(
                2.4,
                "grouping",
                node,
                self.put(node, loose, _PLUS),
                f"groups `{_short(self.seg(node))}` wrongly: the parentheses hold too much.",
            )
        # f(a) + b for f(a + b), with f a root
        if op is ast.Add:
            for call, addend in ((node.left, node.right), (node.right, node.left)):
                inner_node = _root_of(call)
                if inner_node is not None:
                    text = self.seg(call).replace(
                        self.seg(inner_node),
                        f"{self.piece(inner_node, _PLUS)} + {self.piece(addend, _TIMES)}",
                        1,
                    )
                    self.add(
                        2.4,
                        "outside-the-root",
                        node,
                        self.put(node, text, _ATOM if isinstance(call, ast.Call) else _POWER),
                        f"adds `{_short(self.seg(addend))}` outside the root, not under it.",
                    )
        if op is ast.Pow and isinstance(node.right, ast.Constant) and node.right.value == 0.5:
            self._under_root(node, node.left)
        # 1 - b for 1 - b**t
        if (
            op is ast.Sub
            and isinstance(node.left, ast.Constant)
            and node.left.value == 1
            and self.reference.powers
        ):
            for name in self.scope(node):
                if self._is_counter(name) and not isinstance(node.right, ast.BinOp):
                    self.add(
                        1.3, "power-missing", node, self.put(node.right, f"{self.piece(node.right, 13)}**{name}", _POWER),
                        f"divides by `{_short(self.seg(node))}`; the correction for the start from zero has the power `**{name}`.",
                        old=self.seg(node), new=f"{self.seg(node.left)} - {self.piece(node.right, 13)}**{name}",
                    )  # fmt: skip

    def _bare(self, node: ast.expr) -> str:
        text = self.seg(node)
        return f"({text})" if "\n" in text else text

    def _is_counter(self, name: str) -> bool:
        return bool(_COUNTER.match(name.removeprefix("self."))) or self.roles.get(name) in (
            "t",
            "step",
            "steps",
        )

    def _under_root(self, node: ast.expr, inside: ast.expr) -> None:
        """sqrt(a + b) -> sqrt(a) + b, for either term."""
        if not (isinstance(inside, ast.BinOp) and isinstance(inside.op, ast.Add | ast.Sub)):
            return
        symbol = _SYMBOLS[type(inside.op)]
        for keep, out in ((inside.left, inside.right), (inside.right, inside.left)):
            if out is inside.left and symbol == "-":
                continue
            a, b = self.module.span(inside)
            start, end = self.module.span(node)
            text = self.source[start:a] + self.seg(keep) + self.source[b:end]
            prec = precedence(node)
            if prec < _POWER:
                text = f"({text})"
            moved = f"{text} {symbol} {self.piece(out, _TIMES)}"
            self.add(
                1.25,
                "inside-the-root",
                node,
                self.put(node, moved, _PLUS),
                f"has `{_short(self.seg(out))}` under the root; it belongs outside.",
                line=node.lineno,
            )

    def _unary(self, node: ast.UnaryOp) -> None:
        text, prec = self._bare(node.operand), precedence(node.operand)
        if isinstance(node.op, ast.USub):
            self.add(
                1.2,
                "sign-of-a-term",
                node,
                self.put(node, text, prec),
                f"has a minus before `{_short(text)}` that does not belong there.",
            )
        elif isinstance(node.op, ast.Not):
            self.add(
                1.4,
                "condition-inverted",
                node,
                self.put(node, text, prec),
                f"tests the opposite: the `not` before `{_short(text)}` does not belong there.",
            )

    def _compare(self, node: ast.Compare) -> None:
        left = node.left
        for index, (op, right) in enumerate(zip(node.ops, node.comparators, strict=True)):
            symbol = _SYMBOLS.get(type(op))
            if symbol is not None:
                place = self._operator(left, right, symbol)
                if place is not None:
                    self._operators(node, place, symbol)
                if len(node.ops) == 1:
                    self._tolerance(node, left, right, symbol)
            if len(node.ops) == 1 and index == 0 and symbol in ("<", "<=", ">", ">="):
                self.add(
                    2.4, "condition-inverted", node,
                    self.put(node, f"{self.piece(right, 5)} {symbol} {self.piece(left, 5)}", _COMPARE),
                    f"compares the wrong way round: `{_short(self.seg(node))}`.",
                )  # fmt: skip
            left = right
        for guard in self.reference.compares:
            if len(node.ops) == 1:
                for text in self.reference.mapped(
                    guard, self.scope(node), self.back(self.scope(node))
                ):
                    text = self.spelled(text)
                    if self._is_foreign(text, node):
                        continue
                    extra = _distance(self.seg(node), text)
                    if extra > 0.45 * (len(_words(self.seg(node))) + len(_words(text))):
                        continue
                    imports = self.imports(text, node)
                    self.add(
                        1.9 + 0.12 * extra,
                        "condition-replaced",
                        node,
                        [*imports, self.put(node, text, _COMPARE)],
                        f"tests `{_short(self.seg(node))}`, which is not the right condition.",
                    )
                    if len(self.reference.compares) > 1:
                        both = f"{self.seg(node)} and {text}"
                        self.add(
                            2.5,
                            "condition-missing",
                            node,
                            [*imports, self.put(node, both, _AND)],
                            f"tests `{_short(self.seg(node))}` alone; a second condition is missing.",
                        )

    def _operators(self, node: ast.Compare, place: tuple[int, int], symbol: str) -> None:
        strictness = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}
        inverse = {"<": (">=", ">"), "<=": (">", ">="), ">": ("<=", "<"), ">=": ("<", "<=")}
        text = _short(self.seg(node))
        if symbol in strictness:
            word = "strict" if symbol in "<>" else "not strict"
            other = "not be" if symbol in "<>" else "be"
            self.add(
                1.0,
                "strictness",
                node,
                (*place, strictness[symbol]),
                f"compares with `{symbol}`, which is {word}; it should {other} strict.",
                old=self.seg(node),
            )
            for new in inverse[symbol]:
                self.add(
                    1.15,
                    "condition-inverted",
                    node,
                    (*place, new),
                    f"compares the wrong way round: `{text}` needs `{new}`.",
                    old=self.seg(node),
                )
            self.add(
                2.2,
                "comparison-operator",
                node,
                (*place, "=="),
                f"compares with `{symbol}` where `==` belongs.",
                old=self.seg(node),
            )
        else:
            for cost, new in (
                (1.3, "!=" if symbol == "==" else "=="),
                (1.5, "<"),
                (1.5, "<="),
                (1.5, ">"),
                (1.5, ">="),
            ):
                self.add(
                    cost,
                    "comparison-operator",
                    node,
                    (*place, new),
                    f"compares with `{symbol}` where `{new}` belongs.",
                    old=self.seg(node),
                )

    def _tolerance(self, node: ast.Compare, left: ast.expr, right: ast.expr, symbol: str) -> None:
        for value in self.reference.small:
            for sign in ("-", "+"):
                side = "to the right-hand side" if sign == "+" else "from the right-hand side"
                verb = "add" if sign == "+" else "subtract"
                new = self.put(right, f"{self.piece(right, _PLUS)} {sign} {value}", _PLUS)
                self.add(
                    1.5,
                    "tolerance-missing",
                    node,
                    new,
                    f"compares without the tolerance: {verb} {value} {side}.",
                    old=self.seg(node),
                )
            if isinstance(right, ast.Constant):
                for text in (f"-{value}", value):
                    self.add(
                        1.25,
                        "tolerance-missing" if right.value == 0 else "tolerance",
                        node,
                        self.put(right, text, _UNARY),
                        f"compares with {self.seg(right)}; the tolerance is {text}.",
                        old=self.seg(node),
                    )
            elif isinstance(right, ast.UnaryOp) and isinstance(right.operand, ast.Constant):
                for text in (value, f"-{value}"):
                    self.add(
                        1.3,
                        "tolerance",
                        node,
                        self.put(right, text, _UNARY),
                        f"compares with {self.seg(right)}; the tolerance is {text}.",
                        old=self.seg(node),
                    )
            if isinstance(left, ast.Name | ast.Call | ast.Subscript) and symbol in ("==", "!="):
                less = "<" if symbol == "==" else ">="
                self.add(
                    1.8, "guard-for-exact-zero", node, self.put(node, f"abs({self.seg(left)}) {less} {value}", _COMPARE),
                    f"asks for an exact value with `{symbol}`; a number that is nearly zero slips through.",
                )  # fmt: skip

    def _bool_op(self, node: ast.BoolOp) -> None:
        old, new = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
        changes = []
        for left, right in itertools.pairwise(node.values):
            place = self._operator(left, right, old)
            if place is None:
                return
            changes.append((*place, new))
        self.add(
            1.1,
            "and-for-or",
            node,
            changes,
            f"joins the conditions with `{old}` where `{new}` belongs.",
            old=self.seg(node),
        )
        for index, value in enumerate(node.values):
            others = [v for i, v in enumerate(node.values) if i != index]
            if len(others) == 1:
                text, prec = self._bare(others[0]), precedence(others[0])
            else:
                text = f" {old} ".join(self.piece(v, _NOT) for v in others)
                prec = precedence(node)
            self.add(
                1.7,
                "condition-too-many",
                node,
                self.put(node, text, prec),
                f"asks for `{_short(self.seg(value))}` as well, which does not belong there.",
            )

    def _if_exp(self, node: ast.IfExp) -> None:
        swapped = f"{self.piece(node.orelse, _OR)} if {self.piece(node.test, _OR)} else {self.seg(node.body)}"
        self.add(
            1.5,
            "condition-inverted",
            node,
            self.put(node, swapped, _TERNARY),
            "has the two branches the wrong way round.",
        )
        for branch in (node.body, node.orelse):
            self.add(
                2.0,
                "branch-too-many",
                node,
                self.put(node, self._bare(branch), precedence(branch)),
                f"should be `{_short(self.seg(branch))}` in every case.",
            )

    def _subscript(self, node: ast.Subscript) -> None:
        if isinstance(node.slice, ast.Tuple) and len(node.slice.elts) == 2:
            first, second = (self.seg(e) for e in node.slice.elts)
            base = self.seg(node.value)
            self.add(
                2.0,
                "index-like-an-array",
                node,
                self.put(node, f"{base}[{first}][{second}]", _ATOM),
                f"indexes with `[{first}, {second}]`, which a nested list does not know.",
            )
        elif isinstance(node.value, ast.Name | ast.Call):
            self.add(
                2.6,
                "index-too-many",
                node,
                self.put(node, self._bare(node.value), precedence(node.value)),
                f"takes only the part `[{_short(self.seg(node.slice))}]`.",
            )

    def _tuple(self, node: ast.Tuple | ast.List) -> None:
        in_return = isinstance(self.parents[id(node)][0], ast.Return)
        if 2 <= len(node.elts) <= 6:
            for a, b in itertools.combinations(node.elts, 2):
                (s1, e1), (s2, e2) = self.module.span(a), self.module.span(b)
                rule = "returned-in-the-wrong-order" if in_return else "elements-swapped"
                self.add(
                    1.9, rule, node, [(s1, e1, self.source[s2:e2]), (s2, e2, self.source[s1:e1])],
                    f"has `{_short(self.seg(a))}` and `{_short(self.seg(b))}` in each other's place.",
                    old=self.seg(node),
                )  # fmt: skip

    # -----------------------------------------------------------------------------------------
    # Calls

    def _call(self, node: ast.Call) -> None:
        func = node.func
        name = func.id if isinstance(func, ast.Name) else getattr(func, "attr", "")
        method = (
            isinstance(func, ast.Attribute)
            and not (
                isinstance(func.value, ast.Name)
                and func.value.id in (self.np, self.torch, self.math)
            )
            and not _is_module_path(func, (self.np, self.torch))
        )
        self._twin(node, name)
        args = [a for a in node.args if not isinstance(a, ast.Starred)]
        if name in _WRAPPERS:
            inners = [func.value] if method and isinstance(func, ast.Attribute) else args[:3]
            for inner in inners:
                penalty = (
                    0.0
                    if name not in ("float", "bool", "list", "tuple", "array", "asarray")
                    else 0.8
                )
                self.add(
                    1.55 + penalty, f"{_plain_name(name)}-too-many", node,
                    self.put(node, self._bare(inner), precedence(inner)),
                    f"applies `{name}` to `{_short(self.seg(inner))}`, which does not belong there.",
                )  # fmt: skip
        if name in ("sqrt", "sqrt_"):
            inside = (
                func.value
                if method and isinstance(func, ast.Attribute)
                else (args[0] if args else None)
            )
            if inside is not None:
                self._under_root(node, inside)
        if method and isinstance(func, ast.Attribute):
            self._chain(node, func)
        if name == "range":
            self._range(node)
        if (
            len(args) >= 2
            and len(args) == len(node.args)
            and len(args) <= 6
            and name not in ("max", "min", "maximum", "minimum")
        ):
            for a, b in itertools.combinations(args, 2):
                (s1, e1), (s2, e2) = self.module.span(a), self.module.span(b)
                self.add(
                    1.8, "arguments-swapped", node, [(s1, e1, self.source[s2:e2]), (s2, e2, self.source[s1:e1])],
                    f"passes `{_short(self.seg(a))}` and `{_short(self.seg(b))}` in each other's place.", old=self.seg(node),
                )  # fmt: skip
        for keyword in node.keywords:
            if keyword.arg in ("dtype",):
                self.add(
                    1.4, "whole-numbers", node, self.put(keyword.value, "float", _ATOM),
                    f"makes whole numbers with dtype={self.seg(keyword.value)}, which cuts fractions off.", old=self.seg(node),
                )  # fmt: skip
            if keyword.arg in ("ord", "axis", "initial", "alpha", "value", "weights", "keepdims"):
                start, end = self.module.span(keyword)
                before = self.source[:start].rstrip()
                if before.endswith(","):
                    self.add(
                        1.9,
                        "option-too-many",
                        node,
                        (len(before) - 1, end, ""),
                        f"passes `{self.seg(keyword)}`, which does not belong there.",
                        old=self.seg(node),
                    )
        if name in ("zeros_like", "empty_like", "full_like", "ones_like", "zeros") and args:
            start, end = self.module.span(node)
            if not any(k.arg == "dtype" for k in node.keywords):
                self.add(
                    1.7 if "raised" not in self.symptoms else 2.0,
                    "whole-numbers",
                    node,
                    (end - 1, end, ", dtype=float)"),
                    f"takes over the type of `{_short(self.seg(args[0]))}`; whole numbers cut fractions off.",
                    old=self.seg(node),
                )

    def _twin(self, node: ast.Call, name: str) -> None:
        func = node.func
        start = self.module.span(func)[1] - len(name)
        if self.source[start : start + len(name)] != name:
            return
        for twin in _TWINS.get(name, ()):
            text = twin
            if isinstance(func, ast.Name):
                if twin in ("maximum", "minimum"):
                    continue
                if twin == "square":
                    continue
            cost = 1.25
            if name in ("max", "min", "amax", "amin") and twin in ("maximum", "minimum"):
                kept = [self.seg(a) for a in node.args] + [
                    self.seg(k.value) for k in node.keywords if k.arg == "initial"
                ]
                if isinstance(func, ast.Attribute) and len(kept) == 1:
                    kept.append("0")
                whole = self.seg(func)[: -len(name)] + twin + "(" + ", ".join(kept) + ")"
                self.add(
                    1.4,
                    "reduces-with-max",
                    node,
                    self.put(node, whole, _ATOM),
                    f"`{name}` reduces the whole array to one number; the elementwise form is `{twin}`.",
                )
                if len(kept) < 2 or node.keywords:
                    continue
            if name in ("asarray", "from_numpy", "as_tensor"):
                if "mutation" in self.symptoms:
                    self.add(
                        1.5,
                        "shares-memory",
                        node,
                        (start, start + len(name), text),
                        f"shares memory with the caller's array through `{name}`; `{twin}` copies.",
                        **self._mutating_line(node),
                    )
                continue
            if twin not in self.reference.words and name not in (
                "add",
                "sub",
                "subtract",
                "add_",
                "sub_",
                "any",
                "all",
                "sin",
                "max",
                "min",
                "maximum",
                "minimum",
            ):
                cost += 1.0
            self.add(
                cost,
                f"{_plain_name(name)}-for-{_plain_name(twin)}",
                node,
                (start, start + len(name), text),
                f"calls `{name}` where `{twin}` belongs.",
                old=self.seg(node),
            )
        if (
            isinstance(func, ast.Name)
            and func.id in ("max", "min")
            and self.np
            and len(node.args) == 2
        ):
            self.add(
                2.0,
                "reduces-with-max",
                node,
                (start, start + len(name), f"{self.np}.{name}imum"),
                f"`{name}` compares whole arrays; the elementwise form is `{self.np}.{name}imum`.",
                old=self.seg(node),
            )

    def _chain(self, node: ast.Call, func: ast.Attribute) -> None:
        """x.add(eps).sqrt() -> x.sqrt().add(eps): two methods of a chain swapped; a method dropped."""
        inner = func.value
        _start, end = self.module.span(node)
        if isinstance(inner, ast.Call) and isinstance(inner.func, ast.Attribute):
            base = self.module.span(inner.func.value)[1]
            middle = self.module.span(inner)[1]
            first, second = self.source[base:middle], self.source[middle:end]
            if first.startswith(".") and second.startswith("."):
                rule = (
                    "inside-the-root"
                    if "sqrt" in second
                    else "outside-the-root"
                    if "sqrt" in first
                    else "operations-swapped"
                )
                self.add(
                    1.5,
                    rule,
                    node,
                    (base, end, second + first),
                    f"has `{_short(first)}` and `{_short(second)}` in the wrong order.",
                    old=first + second,
                )
        base = self.module.span(inner)[1]
        method = self.source[base:end]
        if (
            method.startswith(".")
            and func.attr not in _WRAPPERS
            and func.attr not in ("numpy", "append")
        ):
            self.add(
                2.0,
                "operation-too-many",
                node,
                (base, end, ""),
                f"applies `{_short(method)}`, which does not belong there.",
                old=self.seg(node),
            )

    def _range(self, node: ast.Call) -> None:
        args = [self.seg(a) for a in node.args]
        new: list[tuple[float, str]] = []
        if len(args) == 1:
            (n,) = args
            new = [(1.1, f"{n} + 1"), (1.1, f"{n} - 1"), (1.3, f"1, {n} + 1"), (1.6, f"1, {n}")]
        elif len(args) == 2:
            a, n = args
            new = [
                (1.1, f"{a}, {n} + 1"),
                (1.2, f"{a}, {n} - 1"),
                (1.0, n),
                (1.4, f"0, {n}"),
                (1.3, f"{a} + 1, {n} + 1"),
                (1.3, f"1, {n} + 1"),
            ]
            if isinstance(node.args[1], ast.BinOp) and isinstance(
                node.args[1].op, ast.Add | ast.Sub
            ):
                new.append((1.2, self.seg(node.args[1].left)))
        if isinstance(node.args[-1] if node.args else None, ast.BinOp):
            last = node.args[-1]
            assert isinstance(last, ast.BinOp)
            if isinstance(last.op, ast.Add | ast.Sub) and isinstance(last.right, ast.Constant):
                self.add(
                    1.0,
                    "step-count",
                    node,
                    self.put(last, self.seg(last.left), precedence(last.left)),
                    f"runs over `{_short(self.seg(node))}`, which is not the right number of steps.",
                    old=self.seg(node),
                )
        for cost, text in new:
            start, end = self.module.span(node)
            self.add(
                cost,
                "step-count",
                node,
                (start, end, f"{self.seg(node.func)}({text})"),
                f"runs over `{_short(self.seg(node))}`, which is not the right number of steps.",
            )
        if self.graded is not None and len(args) >= 1:
            for name in self.scope(node):
                if self.roles.get(name) in ("steps", "n_steps") and name != args[-1]:
                    start, end = self.module.span(node)
                    self.add(
                        1.6,
                        "step-count",
                        node,
                        (start, end, f"{self.seg(node.func)}({name})"),
                        f"runs over `{_short(self.seg(node))}`; the number of steps is `{name}`.",
                    )

    # -----------------------------------------------------------------------------------------
    # Constants, names, and what can be put around any expression

    def _constant(self, node: ast.Constant) -> None:
        value = node.value
        parent, _field = self.parents[id(node)]
        if isinstance(value, bool):
            self.add(
                1.4,
                "truth-value-inverted",
                node,
                self.put(node, str(not value), _ATOM),
                f"says {value} where {not value} belongs.",
            )
            return
        if not isinstance(value, int | float) or isinstance(parent, ast.FormattedValue):
            return
        options: dict[str, float] = {}
        for text in self.reference.numbers:
            options[text] = 1.5
        for text in ("0", "1", "2", "0.5", "-1"):
            options.setdefault(text, 1.95)
        if isinstance(value, int) and abs(value) < 1000:
            options.setdefault(str(value + 1), 1.8)
            options.setdefault(str(value - 1), 1.8)
        if isinstance(value, float) and 0 < abs(value) < 1e-3:
            for text in self.reference.small:
                options[text] = 1.2
            options["0.0"] = 1.8
        for text, cost in options.items():
            try:
                same = float(text) == float(value)
            except (ValueError, OverflowError):
                same = False
            if not same:
                prec = _UNARY if text.startswith("-") else _ATOM
                self.add(
                    cost,
                    "wrong-number",
                    node,
                    self.put(node, text, prec),
                    f"has {self.seg(node)} where {text} belongs.",
                )
        if (
            self.reference.complements
            and value == 1
            and not (isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Sub))
        ):
            for beta in self._betas(node):
                self.add(
                    1.7,
                    "complement-missing",
                    node,
                    self.put(node, f"1 - {beta}", _PLUS),
                    f"has 1 where `1 - {beta}` belongs.",
                )
        for name in self.scope(node):
            if "." not in name and not isinstance(parent, ast.Subscript):
                self.add(
                    2.7,
                    "number-for-variable",
                    node,
                    self.put(node, name, _ATOM),
                    f"has {self.seg(node)} where `{name}` belongs.",
                )

    def _expression(self, node: ast.expr) -> None:
        parent, field = self.parents[id(node)]
        ctx = getattr(node, "ctx", None)
        if isinstance(ctx, ast.Store | ast.Del) or isinstance(
            node, ast.Starred | ast.JoinedStr | ast.Slice
        ):
            return
        if isinstance(node, ast.Name | ast.Attribute):
            self._name(node, parent, field)
        if isinstance(parent, ast.Call) and field == "func":
            return
        if (
            isinstance(parent, ast.Attribute)
            or isinstance(
                node,
                ast.Constant
                | ast.Lambda
                | ast.Tuple
                | ast.List
                | ast.Dict
                | ast.ListComp
                | ast.GeneratorExp,
            )
        ) and not (isinstance(parent, ast.Attribute) and isinstance(node, ast.BinOp)):
            return
        if isinstance(parent, ast.keyword) and parent.arg in (
            "dtype",
            "axis",
            "ord",
            "requires_grad",
        ):
            return
        if isinstance(node, ast.Name) and (
            node.id in ("np", "torch", "math", "self")
            or node.id in (self.np, self.torch, self.math)
        ):
            return
        if isinstance(node, ast.Subscript) and isinstance(self.parents[id(node)][0], ast.Subscript):
            return
        if isinstance(parent, ast.Subscript) and field == "slice":
            return
        self._wrap(node, parent)
        self._scale(node, parent, field)

    def _name(self, node: ast.Name | ast.Attribute, parent: ast.AST, field: str) -> None:
        text = self.seg(node)
        if isinstance(node, ast.Attribute):
            if not (isinstance(node.value, ast.Name) and node.value.id == "self"):
                if node.attr in ("T",):
                    self.add(
                        2.0,
                        "transpose",
                        node,
                        self.put(node, self._bare(node.value), precedence(node.value)),
                        f"transposes `{_short(self.seg(node.value))}`, which does not belong there.",
                    )
                if node.attr in ("e", "tau"):
                    self.add(
                        1.6,
                        "wrong-number",
                        node,
                        self.put(node, self.seg(node.value) + ".pi", _ATOM),
                        f"has `{text}` where pi belongs.",
                    )
                return
            if isinstance(parent, ast.Call) and field == "func":
                return
        names = self.scope(node)
        called = isinstance(parent, ast.Call) and field == "func"
        if called:
            functions = {
                n.func.id
                for n in self.order
                if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)
            }
            names = [n for n in names if n in functions]
            if text not in names:
                return
        outer = parent
        while isinstance(outer, ast.Attribute | ast.Tuple | ast.List) or (
            isinstance(outer, ast.Call) and isinstance(outer.func, ast.Attribute) and not outer.args
        ):
            outer = self.parents[id(outer)][0]
        in_return = isinstance(outer, ast.Return)
        if isinstance(node, ast.Name) and node.id in (
            "np",
            "torch",
            "math",
            "self",
            "range",
            "len",
            "abs",
        ):
            return
        odd = text not in names and not isinstance(node, ast.Attribute)
        if odd and (called or text in _PLAIN_NAMES or text in self.constants):
            return
        comparison = next(
            (n for n in itertools.islice(self.up(node), 2) if isinstance(n, ast.Compare)), None
        )
        itself = comparison is not None and all(
            text in _words(self.seg(side)) for side in (comparison.left, comparison.comparators[0])
        )
        for other in names:
            if other == text:
                continue
            if not called and self._only_called(other):
                continue
            cost = 2.0 - 0.5 * _alike(text, other)
            rule = "wrong-variable"
            if in_return:
                cost -= 0.25
                rule = "wrong-variable-returned"
            elif itself:
                cost -= 0.6
                rule = "compared-with-itself"
            if odd:
                cost -= 0.5
            verb = "returns" if in_return else "calls" if called else "uses"
            self.add(
                cost,
                rule,
                node,
                self.put(node, other, _ATOM),
                f"{verb} `{text}` where `{other}` belongs.",
            )
        if self._is_counter(text) and not called:
            for sign in "+-":
                self.add(
                    1.6,
                    "off-by-one",
                    node,
                    self.put(node, f"{text} {sign} 1", _PLUS),
                    f"uses `{text}` where `{text} {sign} 1` belongs.",
                )

    def _only_called(self, name: str) -> bool:
        if self._callables is None:
            called = {
                n.func.id
                for n in self.order
                if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)
            }
            uncalled = {
                n.id for n in self.order
                if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)
                and not (isinstance(self.parents[id(n)][0], ast.Call) and self.parents[id(n)][1] == "func")
            }  # fmt: skip
            self._callables = called - uncalled
        return name in self._callables

    def _maybe(self, word: str) -> float:
        """What a function costs that the reference does not use."""
        return 0.0 if word in self.reference.words else 1.3

    def _wrap(self, node: ast.expr, parent: ast.AST) -> None:
        text = self._bare(node)
        shown = _short(text)
        if isinstance(node, ast.Compare | ast.BoolOp):
            if isinstance(parent, ast.Return | ast.Assign) or (
                isinstance(parent, ast.If | ast.While) and node is parent.test
            ):
                self.add(
                    1.8,
                    "condition-inverted",
                    node,
                    self.put(node, f"not {self.piece(node, _COMPARE)}", _NOT),
                    f"has the condition `{shown}` the wrong way round.",
                )
            if isinstance(parent, ast.Return) and self.np:
                self.add(
                    2.0,
                    "array-for-one-truth-value",
                    node,
                    self.put(node, f"bool({self.np}.all({text}))", _ATOM),
                    "returns one truth value per element where a single one is wanted.",
                )
            return
        if isinstance(node, ast.UnaryOp) and not isinstance(
            node.operand, ast.Name | ast.Call | ast.BinOp
        ):
            return
        np, words = self.np, self.reference.words
        already = isinstance(parent, ast.Call) and _call_name(parent) in _WRAPPERS
        base = 1.9 if not already else 2.3
        in_compare = isinstance(parent, ast.Compare)
        if not (isinstance(node, ast.Call) and _call_name(node) in ("abs", "fabs")):
            cost = (
                base
                + (0.0 if "abs" in words else 1.3)
                - (0.4 if in_compare and "abs" in words else 0.0)
            )
            self.add(
                cost,
                "abs-missing",
                node,
                self.put(node, f"{np + '.' if np and not in_compare else ''}abs({text})", _ATOM),
                f"uses `{shown}` with its sign; its absolute value belongs there.",
            )
        if np and "sign" in words:
            for name in self.scope(node)[:6]:
                self.add(
                    2.2,
                    "sign-missing",
                    node,
                    self.put(node, f"{np}.sign({name}) * {self.piece(node, _UNARY)}", _TIMES),
                    f"loses the sign of `{name}`.",
                )
        has_max, has_min = bool({"max", "maximum"} & words), bool({"min", "minimum"} & words)
        if np:
            self.add(
                base + (0 if has_max else 1.1),
                "clamp-missing",
                node,
                self.put(node, f"{np}.maximum({text}, 0.0)", _ATOM),
                f"lets `{shown}` become negative; it should stop at zero.",
            )
        else:
            self.add(
                base + (0 if has_max else 1.1),
                "clamp-missing",
                node,
                self.put(node, f"max({text}, 0.0)", _ATOM),
                f"lets `{shown}` become negative; it should stop at zero.",
            )
        if not isinstance(node, ast.Name) or has_min:
            self.add(
                base + (0 if has_min else 0.9),
                "bound-missing",
                node,
                self.put(node, f"min(1.0, {text})", _ATOM),
                f"lets `{shown}` grow beyond 1; `min(1, …)` is missing.",
            )
        if (
            isinstance(node, ast.BinOp)
            and isinstance(node.op, ast.Add | ast.Sub | ast.Div)
            and ("sqrt" not in words and "cos" not in words)
        ):
            self.add(
                2.9,
                "bound-missing",
                node,
                self.put(node, f"max({text}, 1)", _ATOM),
                f"divides by `{shown}` even where it is zero.",
            )
        if not (isinstance(node, ast.Call) and _call_name(node) == "sqrt"):
            root = (
                f"{np}.sqrt({text})"
                if np
                else f"{self.math}.sqrt({text})"
                if self.math
                else f"{self.piece(node, 13)} ** 0.5"
            )
            self.add(
                base + self._maybe("sqrt"),
                "root-missing",
                node,
                self.put(node, root, _ATOM if np or self.math else _POWER),
                f"uses `{shown}` without its root.",
            )
        if not (isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Pow)):
            self.add(
                base + self._maybe("**"),
                "square-missing",
                node,
                self.put(node, f"{self.piece(node, 13)} ** 2", _POWER),
                f"uses `{shown}` without its square.",
            )
        if np and isinstance(node, ast.Call | ast.BinOp) and "sum" in words:
            self.add(
                2.4,
                "sum-missing",
                node,
                self.put(node, f"{np}.sum({text})", _ATOM),
                f"uses `{shown}` where its sum belongs.",
            )
        if isinstance(parent, ast.Return):
            self.add(
                2.2,
                "path-returned",
                node,
                self.put(node, f"{self.piece(node, _ATOM)}[-1]", _ATOM),
                f"returns all of `{shown}` where only the last one is wanted.",
            )
            if "bool" in self.reference.words or "type" in self.symptoms:
                self.add(
                    2.2,
                    "number-for-truth-value",
                    node,
                    self.put(node, f"{text} >= 0", _COMPARE),
                    "returns a number where True or False is wanted.",
                )
                if np:
                    self.add(
                        2.1,
                        "array-for-one-truth-value",
                        node,
                        self.put(node, f"bool({np}.all({text}))", _ATOM),
                        "returns one truth value per element where a single one is wanted.",
                    )

    def _scale(self, node: ast.expr, parent: ast.AST, field: str) -> None:
        """A factor, or a divisor, is missing."""
        if isinstance(node, ast.Compare | ast.BoolOp | ast.IfExp):
            return
        if isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Mult | ast.Div):
            self._correct(node)
            return  # the product as a whole is the place for another factor
        if isinstance(parent, ast.For) and isinstance(node, ast.Name):
            return
        if isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Pow) and field == "right":
            return
        text = self.piece(node, _TIMES)
        shown = _short(self.seg(node))
        present = set(_words(self.seg(self.statement(node))))
        for factor, prec in self._factors(node):
            shown_factor = factor
            wrapped = factor if prec >= _TIMES else f"({factor})"
            cost = 1.75 if not set(_words(factor)) & present - {"1"} else 2.1
            if isinstance(node, ast.Name) and _is_init(self.statement(node)):
                cost += 0.5
            self.add(
                cost,
                "factor-missing",
                node,
                self.put(node, f"{wrapped} * {text}", _TIMES),
                f"uses `{shown}` without the factor `{shown_factor}`.",
            )
            divided = factor if prec > _TIMES else f"({factor})"
            self.add(
                cost + 0.35,
                "divisor-missing",
                node,
                self.put(node, f"{text} / {divided}", _TIMES),
                f"uses `{shown}` without dividing by `{shown_factor}`.",
            )
        self._correct(node)
        if isinstance(node, ast.Name) and self._is_scalar(node.id):
            names = self.scope(node)
            for call in self.reference.calls:
                for factor in self.reference.mapped(call, names, self.back(names)):
                    self.add(
                        1.95,
                        "factor-missing",
                        node,
                        self.put(node, f"{node.id} * {factor}", _TIMES),
                        f"uses `{shown}` without the factor `{factor}`.",
                    )
        if not (
            isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Add | ast.Sub | ast.Pow)
        ) and not isinstance(node, ast.UnaryOp):
            keyword = isinstance(parent, ast.keyword)
            self.add(
                1.2 if keyword else 2.0,
                "sign-of-a-term",
                node,
                self.put(node, f"-{self.piece(node, _UNARY)}", _UNARY),
                f"lacks a minus before `{shown}`.",
            )

    def _correct(self, node: ast.expr) -> None:
        """`m / (1 - beta**t)` for `m`, and `1 - beta` for `beta`."""
        shown = _short(self.seg(node))
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow) and self.reference.powers:
            self.add(
                1.3,
                "complement-missing",
                node,
                self.put(node, f"1 - {self.seg(node)}", _PLUS),
                f"has `{shown}` where `1 - {shown}` belongs.",
            )
        if not isinstance(node, ast.Name | ast.Attribute | ast.Subscript):
            return
        betas = self._betas(node)
        if self.seg(node) in betas:
            if self.reference.complements:
                self.add(
                    1.4,
                    "complement-missing",
                    node,
                    self.put(node, f"1 - {self.seg(node)}", _PLUS),
                    f"has `{shown}` where `1 - {shown}` belongs.",
                )
            return
        if not self.reference.powers or self._is_scalar(self.seg(node)):
            return
        for beta in betas:
            for t in self.scope(node):
                if self._is_counter(t):
                    self.add(
                        1.85,
                        "bias-correction-missing",
                        node,
                        self.put(node, f"{self.piece(node, _TIMES)} / (1 - {beta}**{t})", _TIMES),
                        f"uses `{shown}` without the correction `1 - {beta}**{t}` for its start from zero.",
                    )

    def _is_scalar(self, name: str) -> bool:
        role = self.roles.get(name, name.removeprefix("self."))
        return (
            role in self.reference.factors - self.reference.stored
            or re.fullmatch(r"lr|eps|wd|weight_decay|beta_?[12]?|t|steps?|b[12]", role) is not None
        )

    def _betas(self, node: ast.AST) -> list[str]:
        return [
            n
            for n in self.scope(node)
            if re.search(r"beta|rho|^b[12]$|^self\.b(eta)?_?[12]$", n)
            or "beta" in self.roles.get(n, "")
        ]

    def _factors(self, node: ast.AST) -> list[tuple[str, int]]:
        names = self.scope(node)
        scalars = [
            n for n in names
            if (n in self.roles and self.roles[n] in self.reference.factors) or re.fullmatch(r"(self\.)?(lr|beta\d?|eps|wd|weight_decay)", n)
        ]  # fmt: skip
        found = [(n, _ATOM) for n in scalars]
        if self.reference.complements:
            found += [(f"1 - {b}", _PLUS) for b in self._betas(node)]
        for text in self.reference.scalars:
            found.append((text, _ATOM))
        if "pi" in self.reference.words:
            pi = (
                f"{self.np}.pi"
                if self.np
                else f"{self.math}.pi"
                if self.math
                else "3.141592653589793"
            )
            found.append((pi, _ATOM))
        return found

    # -----------------------------------------------------------------------------------------
    # Statements

    def _statement(self, node: ast.stmt) -> None:
        if isinstance(node, ast.AugAssign):
            symbol = _SYMBOLS.get(type(node.op), "?")
            place = self._operator(node.target, node.value, symbol + "=")
            if place is None:
                return
            target, value = self.seg(node.target), self.seg(node.value)
            swaps = {"+": "-", "-": "+", "*": "/", "/": "*", "//": "/", "**": "*"}
            if symbol in swaps:
                rule = (
                    "sign-of-a-term"
                    if symbol in "+-"
                    else "whole-number-division"
                    if symbol == "//"
                    else "product-for-quotient"
                )
                word = {"+": "adds", "-": "subtracts", "*": "multiplies by", "/": "divides by"}.get(
                    symbol, "uses"
                )
                should = {
                    "+": "subtracted",
                    "-": "added",
                    "*": "divided by",
                    "/": "multiplied by",
                }.get(symbol, "changed")
                self.add(
                    1.0 if symbol in "+-" else 1.7,
                    rule,
                    node,
                    (*place, swaps[symbol] + "="),
                    f"{word} `{_short(value)}` where it should be {should}.",
                    old=f"{symbol}= {value}",
                    new=f"{swaps[symbol]}= {value}",
                )
            self.add(
                2.1,
                "overwritten" if symbol != "+" else "accumulated",
                node,
                (*place, "="),
                f"accumulates into `{target}`; it should be set.",
            )
            span = self.module.span(node)
            level = _BINARY[type(node.op)]
            grown = f"{target} = {target} {symbol} {self.piece(node.value, level + 1)}"
            if "mutation" in self.symptoms and not isinstance(node.target, ast.Subscript):
                self.add(
                    0.9,
                    "in-place",
                    node,
                    (*span, grown),
                    f"changes `{target}` in place, and with it the caller's value; `{target} = {target} {symbol} …` makes a new one.",
                    family="mutation",
                )
            return
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            self._assign(node)
        elif isinstance(node, ast.Return):
            if node.value is None:
                for name in self.scope(node):
                    start, end = self.module.span(node)
                    self.add(
                        1.5,
                        "nothing-returned",
                        node,
                        (start, end, f"return {name}"),
                        f"returns nothing; `{name}` is wanted.",
                    )
        elif isinstance(node, ast.If | ast.While):
            self._if(node)
        elif isinstance(node, ast.For):
            pass

    def _assign(self, node: ast.Assign) -> None:
        target, value = node.targets[0], node.value
        name = self.seg(target)
        place = self._operator(target, value, "=")
        if place is None:
            return
        if isinstance(target, ast.Name | ast.Attribute | ast.Subscript):
            for symbol, cost in (("+", 2.0), ("-", 2.4), ("*", 3.0)):
                self.add(
                    cost,
                    "not-accumulated",
                    node,
                    (*place, f"{symbol}="),
                    f"overwrites `{name}`; `{symbol}=` carries the old value on.",
                )
        if (
            isinstance(target, ast.Tuple)
            and isinstance(value, ast.Tuple)
            and len(target.elts) == len(value.elts)
        ):
            indent = self._indent(node)
            if indent is not None:
                lines = [
                    f"{self.seg(t)} = {self.seg(v)}"
                    for t, v in zip(target.elts, value.elts, strict=True)
                ]
                start, end = self.module.span(node)
                if not any("\n" in line for line in lines):
                    self.add(
                        1.8,
                        "assigned-at-once",
                        node,
                        (start, end, f"\n{indent}".join(lines)),
                        "assigns both at once, so the second still uses the old value of the first.",
                    )
                    self.add(
                        2.3,
                        "assigned-at-once",
                        node,
                        (start, end, f"\n{indent}".join(reversed(lines))),
                        "assigns both at once, so the first still uses the old value of the second.",
                    )
        if (
            "mutation" in self.symptoms
            and isinstance(value, ast.Name)
            and isinstance(target, ast.Name)
        ):
            self.add(
                1.3,
                "alias",
                node,
                self.put(value, f"{value.id} + 0", _PLUS),
                f"makes `{name}` another name for `{value.id}`, so what changes one changes the other; a copy is needed.",
                family="mutation",
                **self._mutating_line(node, (name, value.id)),
            )

    def _indent(self, node: ast.stmt) -> str | None:
        """What stands before a statement on its line, if that is only space."""
        start = self.module.line_start(node.lineno)
        before = self.source[start : self.module.span(node)[0]]
        return before if not before.strip() else None

    def _if(self, node: ast.If | ast.While) -> None:
        if isinstance(node, ast.While):
            return
        test = self.seg(node.test)
        indent = self._indent(node)
        if indent is not None and node.body:
            start, end = self.module.span(node)
            body = self._reindented(node.body, indent)
            if body is not None:
                rule = (
                    "stops-early"
                    if any(isinstance(n, ast.Return | ast.Break) for n in node.body)
                    else "guard-too-many"
                )
                self.add(
                    2.3,
                    rule,
                    node,
                    (start, end, body),
                    f"does this only if `{_short(test)}`; it should always be done.",
                    line=node.lineno,
                    old=f"if {test}:",
                )
            if node.orelse and not isinstance(node.orelse[0], ast.If):
                other = self._reindented(node.orelse, indent)
                if other is not None:
                    self.add(
                        2.5,
                        "guard-too-many",
                        node,
                        (start, end, other),
                        f"has a case for `{_short(test)}` that does not belong there.",
                        line=node.lineno,
                        old=f"if {test}:",
                    )
                a, b = self.module.span(node.body[0])[0], self.module.span(node.body[-1])[1]
                c, d = self.module.span(node.orelse[0])[0], self.module.span(node.orelse[-1])[1]
                if len(node.body) == len(node.orelse) == 1:
                    self.add(
                        1.6,
                        "condition-inverted",
                        node,
                        [(a, b, self.source[c:d]), (c, d, self.source[a:b])],
                        f"has the two branches of `if {_short(test)}` the wrong way round.",
                        line=node.lineno,
                    )

    def _reindented(self, block: list[ast.stmt], indent: str) -> str | None:
        own = self._indent(block[0])
        if own is None:
            return None
        start, end = self.module.span(block[0])[0], self.module.span(block[-1])[1]
        return self.source[start:end].replace("\n" + own, "\n" + indent)

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        body = node.body
        first = next((s for s in body if not _is_docstring(s)), None)
        if first is None:
            return
        indent = self._indent(first)
        if indent is None:
            return
        last = body[-1]
        end = self.module.span(last)[1]
        has_value = any(isinstance(n, ast.Return) and n.value is not None for n in ast.walk(node))
        if not isinstance(last, ast.Return):
            for name in self.scope(first):
                self.add(
                    1.6
                    if not has_value
                    else 1.4
                    if isinstance(last, ast.If) and not last.orelse
                    else 1.9,
                    "nothing-returned",
                    node,
                    (end, end, f"\n{indent}return {name}"),
                    f"is the end of the function, where nothing is returned; `return {name}` is missing.",
                    line=last.end_lineno if not has_value else self._fallthrough(node),
                    old="",
                )
        if node is not self.graded:
            return
        start = self.module.span(first)[0]
        arguments = self.arguments
        if "mutation" in self.symptoms:
            for name in arguments:
                place = self._mutating_line(node, (name,))
                if place:
                    copies = [f"{name} = {self.np}.array({name}, dtype=float)"] if self.np else []
                    copies += [
                        f"{name} = {name}.copy()",
                        f"{name} = [part.copy() for part in {name}]",
                    ]
                    if self.torch:
                        copies.append(
                            f"{name} = {name}.clone() if hasattr({name}, 'clone') else {name}.copy()"
                        )
                    for cost, copy in enumerate(copies):
                        self.add(
                            1.6 + 0.1 * cost,
                            "callers-array-changed",
                            node,
                            (start, start, f"{copy}\n{indent}"),
                            f"changes the caller's `{name}`; work on a copy.",
                            new=copy,
                            old="",
                            family="mutation",
                            **place,
                        )
        if "type" in self.symptoms or "raised" in self.symptoms or "dtype" in self.symptoms:
            for name in arguments:
                copy = f"{name} = {self.np or 'np'}.array({name}, dtype=float)"
                if len(arguments) <= 4:
                    self.add(
                        2.2,
                        "list-for-array",
                        node,
                        [*self.imports(copy, node), (start, start, f"{copy}\n{indent}")],
                        f"takes `{name}` as it comes; a list has to become an array first.",
                        new=copy,
                        old="",
                        line=first.lineno,
                        family="dtype",
                    )
        for a, b in itertools.combinations(arguments, 2):
            uses = [n for n in ast.walk(node) if isinstance(n, ast.Name) and n.id in (a, b)]
            if 2 <= len(uses) <= 12:
                changes = [(*self.module.span(n), b if n.id == a else a) for n in uses]
                self.add(
                    2.6,
                    "parameters-swapped",
                    node,
                    changes,
                    f"uses `{a}` and `{b}` in each other's place throughout.",
                    line=min(n.lineno for n in uses),
                )

    @staticmethod
    def _fallthrough(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
        last = node.body[-1]
        return last.lineno

    def _mutating_line(self, node: ast.AST, names: Sequence[str] | None = None) -> dict[str, Any]:
        """The first line that changes one of the names, or an alias of it, in place."""
        if names is None:
            names = [n.id for n in ast.walk(node) if isinstance(n, ast.Name)]
            statement = self.statement(node)
            if isinstance(statement, ast.Assign):
                names += [
                    n.id for t in statement.targets for n in ast.walk(t) if isinstance(n, ast.Name)
                ]
        aliases = set(names)
        for _ in range(2):
            for other in self.order:
                if isinstance(other, ast.Assign):
                    roots = {n.id for n in ast.walk(other.value) if isinstance(n, ast.Name)}
                    plain = not isinstance(other.value, ast.BinOp)
                    if plain and roots & aliases:
                        aliases |= {
                            n.id
                            for t in other.targets
                            for n in ast.walk(t)
                            if isinstance(n, ast.Name)
                        }
                elif (
                    isinstance(other, ast.For)
                    and {n.id for n in ast.walk(other.iter) if isinstance(n, ast.Name)} & aliases
                ):
                    aliases |= {n.id for n in ast.walk(other.target) if isinstance(n, ast.Name)}
        for other in self.order:
            target: ast.expr | None = None
            if isinstance(other, ast.AugAssign):
                target = other.target
            elif isinstance(other, ast.Assign) and isinstance(other.targets[0], ast.Subscript):
                target = other.targets[0]
            elif isinstance(other, ast.Call) and isinstance(other.func, ast.Attribute):
                if other.func.attr in (
                    "fill",
                    "sort",
                    "append",
                    "pop",
                    "extend",
                    "insert",
                    "reverse",
                ) or (other.func.attr.endswith("_") and not other.func.attr.startswith("_")):
                    target = other.func.value
                else:
                    target = next((k.value for k in other.keywords if k.arg == "out"), None)
            if (
                target is not None
                and {n.id for n in ast.walk(target) if isinstance(n, ast.Name)} & aliases
            ):
                return {"line": other.lineno, "end_line": other.end_lineno or other.lineno}  # type: ignore[attr-defined]
        return {}

    def _block(self, owner: ast.AST, field: str, block: list[ast.stmt]) -> None:
        loop = owner if isinstance(owner, ast.For | ast.While) and field == "body" else None
        for index, node in enumerate(block):
            if isinstance(
                node, ast.FunctionDef | ast.ClassDef | ast.Import | ast.ImportFrom | ast.Pass
            ) or _is_docstring(node):
                continue
            if isinstance(owner, ast.Module):
                continue
            start, end = self.module.span(node)
            text = _short(self.source[start:end].partition("\n")[0])
            stops = isinstance(node, ast.Break | ast.Return) or (
                isinstance(node, ast.If)
                and any(isinstance(n, ast.Break | ast.Return) for n in node.body)
            )
            if not isinstance(node, ast.Return) or loop is not None:
                cost = 1.9 if stops or loop is not None else 2.1
                rule = "stops-early" if stops else "statement-too-many"
                self.add(
                    cost,
                    rule,
                    node,
                    (start, end, "pass"),
                    f"has `{text}`, which does not belong there.",
                    line=node.lineno,
                    new="",
                )
            following = block[index + 1] if index + 1 < len(block) else None
            if (
                following is not None
                and not isinstance(following, ast.Return)
                and self._indent(node) == self._indent(following)
            ):
                a, b = self.module.span(following)
                late = following if re.search(r"wd|decay", self.seg(following)) else node
                self.add(
                    1.7 if not hasattr(following, "body") and not hasattr(node, "body") else 2.4,
                    "statements-swapped",
                    node,
                    [(start, end, self.source[a:b]), (a, b, self.source[start:end])],
                    f"comes {'too late' if late is following else 'too early'}: it and the {'line before' if late is following else 'next line'} are in the wrong order.",
                    line=late.lineno,
                    end_line=late.end_lineno,
                )
                if isinstance(following, ast.Assign) and isinstance(following.targets[0], ast.Name):
                    new = following.targets[0].id
                    for use in ast.walk(node):
                        if (
                            isinstance(use, ast.Name)
                            and isinstance(use.ctx, ast.Load)
                            and use.id != new
                            and _alike(use.id, new) == 1.0
                        ):
                            s, e = self.module.span(use)
                            moved = self.source[start:s] + new + self.source[e:end]
                            self.add(
                                2.1,
                                "old-value-used",
                                node,
                                [(start, end, self.source[a:b]), (a, b, moved)],
                                f"uses `{use.id}` where `{new}` belongs, which the next line computes too late.",
                                line=node.lineno,
                                end_line=node.end_lineno,
                            )
            if loop is not None:
                self._out_of_loop(loop, node, block, index)
            if (
                isinstance(node, ast.Assign)
                and isinstance(node.targets[0], ast.Name)
                and len(node.targets) == 1
            ):
                name = node.targets[0].id
                value = self.piece(node.value, _ATOM)
                uses = [
                    n for other in block[index + 1 : index + 3] for n in ast.walk(other)
                    if isinstance(n, ast.Name) and n.id == name and isinstance(n.ctx, ast.Load)
                ]  # fmt: skip
                for use in uses[:4]:
                    self.add(
                        2.3,
                        "moved-for-good",
                        node,
                        [(start, end, "pass"), (*self.module.span(use), value)],
                        f"changes `{name}` for good where only the next step needs `{_short(self.seg(node.value))}`.",
                        line=node.lineno,
                        new=f"{value} on line {use.lineno}",
                    )
            later = [b for b in block[index + 1 :] if isinstance(b, ast.For | ast.While)]
            if later and isinstance(node, ast.Assign):
                self._into_loop(node, later[0])
        if isinstance(owner, ast.FunctionDef) and owner is self.graded:
            self._guards(block)
        if not isinstance(owner, ast.Module | ast.ClassDef):
            self._missing_statements(block)

    def _out_of_loop(
        self, loop: ast.For | ast.While, node: ast.stmt, block: list[ast.stmt], index: int
    ) -> None:
        indent = self._indent(loop)
        body = self._reindented([node], indent) if indent is not None else None
        if body is None or indent is None:
            return
        start, end = self.module.span(node)
        before, after = self.module.span(loop)
        if len(block) == 1:
            line: Change = (start, end, "pass")
        else:
            line = (self.module.line_start(node.lineno), start, "")
            line = (start, end, "pass")
        text = _short(self.seg(node).partition("\n")[0])
        if not isinstance(node, ast.Return | ast.Break | ast.Continue):
            self.add(
                1.6,
                "reset-in-the-loop",
                node,
                [(before, before, f"{body}\n{indent}"), line],
                f"does `{text}` in every step; it belongs before the loop.",
                line=node.lineno,
                old=self.seg(node),
                new=body,
            )
        if isinstance(node, ast.Return):
            self.add(
                1.1,
                "returns-in-the-loop",
                node,
                [(after, after, f"\n{indent}{body}"), line],
                "returns inside the loop, so only one step is taken.",
                line=node.lineno,
                old=self.seg(node),
                new=body,
            )
        elif index == len(block) - 1 or isinstance(node, ast.If | ast.Assign | ast.AugAssign):
            self.add(
                2.4,
                "belongs-after-the-loop",
                node,
                [(after, after, f"\n{indent}{body}"), line],
                f"does `{text}` in every step; it belongs after the loop.",
                line=node.lineno,
                old=self.seg(node),
                new=body,
            )

    def _into_loop(self, node: ast.Assign, loop: ast.For | ast.While) -> None:
        indent = self._indent(loop.body[0])
        if indent is None or "\n" in self.seg(node):
            return
        at = self.module.span(loop.body[0])[0]
        start, end = self.module.span(node)
        stored = {
            n.id for n in ast.walk(loop) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
        }
        loads = [n for n in ast.walk(node.value) if isinstance(n, ast.Name)]
        versions = [self.seg(node)]
        for load in loads:
            s, e = self.module.span(load)
            versions += [
                self.source[start:s] + other + self.source[e:end]
                for other in sorted(stored - {load.id})
                if other != "_"
            ]
        names = self.scope(loop.body[0])
        for call in ast.walk(node.value):
            if isinstance(call, ast.Call) and len(call.args) == 1:
                s, e = self.module.span(call.args[0])
                versions += [
                    self.source[start:s] + text + self.source[e:end]
                    for argument in self.reference.arguments
                    for text in self.reference.mapped(argument, names, self.back(names))
                ]
        target = self.seg(node.targets[0])
        gradient = any(
            isinstance(n, ast.Call) and _GRADIENT.search(_call_name(n))
            for n in ast.walk(node.value)
        )
        rule = "stale-gradient" if gradient else "belongs-in-the-loop"
        for cost, version in enumerate(list(dict.fromkeys(versions))[:10]):
            base = 1.35 if gradient else 1.9
            self.add(
                base + 0.02 * cost,
                rule,
                node,
                [
                    (
                        start,
                        end,
                        f"{target} = None" if isinstance(node.targets[0], ast.Name) else "pass",
                    ),
                    (at, at, f"{version}\n{indent}"),
                ],
                f"computes `{target}` once, before the loop; every step needs it anew.",
                line=node.lineno,
                old=self.seg(node),
                new=version,
            )
            if gradient:
                self.add(
                    base + 0.02 * cost,
                    rule,
                    node,
                    [(at, at, f"{version}\n{indent}")],
                    f"computes `{target}` once, before the loop; every step needs it anew.",
                    line=node.lineno,
                    old=self.seg(node),
                    new=version,
                )

    def _guards(self, block: list[ast.stmt]) -> None:
        """An `if` of the reference is missing."""
        tests_there = [
            " ".join(self.seg(node).split()) for node in self.order if isinstance(node, ast.Compare)
        ]
        for test, result in self.reference.guards:
            for index, node in enumerate(block):
                indent = self._indent(node)
                if indent is None or _is_docstring(node):
                    continue
                start = self.module.span(node)[0]
                for guard in self.reference.mapped_pair(
                    test, result, self.scope(node), self.back(self.scope(node))
                ):
                    line, end_line = node.lineno, node.end_lineno
                    # A guard that is there already may be wrong, but it is not missing.
                    there = any(
                        guard[0] in own
                        or any(n in guard[0] and n in own for n in self.reference.small)
                        for own in tests_there
                    )
                    self.add(
                        (3.4 if there else 1.9) + 0.05 * index,
                        "guard-missing",
                        node,
                        (start, start, f"if {guard[0]}:\n{indent}    return {guard[1]}\n{indent}"),
                        "is reached by inputs for which it does not hold; a guard before it is missing.",
                        line=line,
                        end_line=end_line,
                        old="",
                        new=f"if {guard[0]}: return {guard[1]}",
                    )

    def _missing_statements(self, block: list[ast.stmt]) -> None:
        """An assignment of the reference is missing; a counter is not counted."""
        for index, node in enumerate(block):
            indent = self._indent(node)
            if (
                indent is None
                or _is_docstring(node)
                or isinstance(node, ast.FunctionDef | ast.ClassDef)
            ):
                continue
            names = self.scope(node)
            start, end = self.module.span(node)
            for target, pair in self.reference.assignments:
                for text in self.reference.mapped(pair, names, self.back(names))[:3]:
                    left, _, right = self.spelled(text).partition(" == ")
                    # Assigned as often as in the reference: then it is not missing but wrong.
                    enough = self._assignments[left] >= self.reference.assigned[target]
                    if left in names and not enough and re.fullmatch(r"[\w.]+", left):
                        line = f"{left} = {right}"
                        self.add(
                            2.35,
                            "statement-missing",
                            node,
                            [*self.imports(line, node), (start, start, f"{line}\n{indent}")],
                            f"comes too early: `{left}` does not have its value yet.",
                            line=node.lineno,
                            end_line=node.end_lineno,
                            old="",
                            new=line,
                        )
            loop = self.parents[id(node)][0]
            if isinstance(loop, ast.While) and index == len(block) - 1:
                for name in {n.id for n in ast.walk(loop.test) if isinstance(n, ast.Name)}:
                    for sign in "-+":
                        self.add(
                            1.8,
                            "statement-missing",
                            node,
                            (end, end, f"\n{indent}{name} {sign}= 1"),
                            f"is the end of a step, and `{name} {sign}= 1` is missing.",
                            line=node.lineno,
                            end_line=node.end_lineno,
                            old="",
                            new=f"{name} {sign}= 1",
                        )

    def roles_back(self) -> dict[str, str]:
        """The student's parameter by the reference's."""
        return dict(zip(self.reference.parameters, self.arguments, strict=False))

    def back(self, names: Sequence[str]) -> dict[str, str]:
        """The name in scope by the reference's parameter that it stands for, in helpers too."""
        key = tuple(names)
        if key not in self._backs:
            own = self.roles_back()
            found: dict[str, str] = {}
            for parameter in self.reference.parameters:
                options = [own.get(parameter, parameter), parameter]
                options += [
                    n for n in names if self.roles.get(n) == parameter and n not in own.values()
                ]
                options += [
                    n for n in names if n.removeprefix("self.") in (parameter, own.get(parameter))
                ]
                options += [n for n in names if _stem(n) == _stem(parameter)]
                found[parameter] = next(
                    (o for o in options if o in key), own.get(parameter, parameter)
                )
            self._backs[key] = found
        return self._backs[key]

    # -----------------------------------------------------------------------------------------
    # Dearer: the reference's sub-expressions, and two changes

    def ingredients(self) -> None:
        """Sub-expressions and terms of the reference in the place of the student's."""
        ranked: list[tuple[float, ast.expr, str, int, list[str]]] = []
        cache: dict[tuple[str, tuple[str, ...]], list[tuple[str, int, Counter[str]]]] = {}
        for node in self.order:
            if not isinstance(node, ast.expr) or isinstance(getattr(node, "ctx", None), ast.Store):
                continue
            if (
                isinstance(
                    node,
                    (
                        ast.Constant,
                        ast.Starred | ast.Slice | ast.JoinedStr | ast.Lambda | ast.keyword,
                    ),
                )
                or id(node) in self.docstrings
            ):
                continue
            parent, field = self.parents[id(node)]
            if (isinstance(parent, ast.Call) and field == "func") or isinstance(
                parent, ast.Attribute
            ):
                continue
            names = self.scope(node)
            key = ("", tuple(names))
            if key not in cache:
                cache[key] = [
                    (text, prec, Counter(_words(text)))
                    for expression in self.reference.expressions
                    for text, prec in self.reference.mapped_all(expression, names, self.back(names))
                ]
            old = self.seg(node)
            if len(old) > 300:
                continue
            words = Counter(_words(old))
            for text, prec, counted in cache[key]:
                if text == old:
                    continue
                difference = sum((counted - words).values()) + sum((words - counted).values())
                if (
                    difference > 3
                    and difference > 0.6 * (counted.total() + words.total())
                    and counted.total() > 8
                ):
                    continue  # that would write the function anew, which says nothing of where it is wrong
                if self.domain.truth and self._is_foreign(text, node):
                    continue
                ranked.append((2.5 + 0.1 * difference, node, text, prec, []))
        ranked.sort(key=lambda item: item[0])
        for cost, node, text, prec, _ in ranked[:_MAX_INGREDIENTS]:
            text = self.spelled(text)
            self.add(
                cost,
                "expression-of-the-reference",
                node,
                [*self.imports(text, node), self.put(node, text, prec)],
                f"has `{_short(self.seg(node))}`, which is not the expression that belongs there.",
                line=node.lineno,
                end_line=node.end_lineno,
            )

    def _is_foreign(self, text: str, node: ast.expr) -> bool:
        """Whether the reference's expression brings a method of its own that the student does not use at all."""
        if isinstance(node, ast.Call) or any(isinstance(n, ast.Call) for n in ast.walk(node)):
            return False
        methods = re.findall(r"linalg\.(\w+)", text)
        return any(method not in self.source for method in methods)

    def own_words(self) -> None:
        """An operand is missing that stands elsewhere in the student's own function, or is a name at hand."""
        pieces: dict[str, tuple[int, ast.expr]] = {}
        for node in self.order:
            if isinstance(
                node, ast.BinOp | ast.Call | ast.Subscript | ast.Attribute
            ) and isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
                text = self.seg(node)
                parent, field = self.parents[id(node)]
                if (
                    len(_words(text)) <= 5
                    and len(text) <= 30
                    and field != "func"
                    and not _is_type(text)
                ):
                    pieces.setdefault(text, (precedence(node), node))
        begin = len(self.found)
        for node in self.order:
            if not isinstance(
                node, ast.BinOp | ast.Name | ast.Call | ast.Subscript | ast.Constant | ast.UnaryOp
            ):
                continue
            if isinstance(getattr(node, "ctx", None), ast.Store) or id(node) in self.docstrings:
                continue
            parent, field = self.parents[id(node)]
            if isinstance(parent, ast.Attribute | ast.Expr) or (
                isinstance(parent, ast.Call) and field == "func"
            ):
                continue
            if isinstance(node, ast.Constant) and type(node.value) not in (int, float):
                continue
            if isinstance(parent, ast.Subscript) or (
                isinstance(node, ast.Name)
                and (self._only_called(node.id) or node.id in (self.np, self.math, self.torch))
            ):
                continue
            names = [n for n in self.scope(node) if not self._only_called(n)]
            known = set(names)
            options = [(n, _ATOM) for n in names]
            for text, (prec, piece) in pieces.items():
                if (
                    {
                        n.id
                        for n in ast.walk(piece)
                        if isinstance(n, ast.Name) and n.id not in _PLAIN_NAMES
                    }
                    - known
                    - self._called_names()
                ):
                    continue
                options.append((text, prec))
            own = self.seg(node)
            in_product = isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Mult | ast.Div)
            for text, prec in options[:24]:
                if text == own:
                    continue
                cost = 3.0 + (0.1 if prec == _ATOM else 0.2) + 0.02 * len(_words(text))
                times = text if prec > _TIMES else f"({text})"
                plus = text if prec > _PLUS else f"({text})"
                if not in_product:
                    self.add(
                        cost,
                        "factor-missing",
                        node,
                        self.put(node, f"{self.piece(node, _TIMES)} * {times}", _TIMES),
                        f"uses `{_short(own)}` without the factor `{_short(text)}`.",
                    )
                    self.add(
                        cost + 0.1,
                        "divisor-missing",
                        node,
                        self.put(node, f"{self.piece(node, _TIMES)} / {times}", _TIMES),
                        f"uses `{_short(own)}` without dividing by `{_short(text)}`.",
                    )
                    if prec >= _TIMES:
                        self.add(
                            cost + 0.3,
                            "dividend-missing",
                            node,
                            self.put(node, f"{times} / {self.piece(node, _UNARY)}", _TIMES),
                            f"uses `{_short(own)}` where `{_short(text)}` is divided by it.",
                        )
                if (
                    isinstance(parent, ast.BinOp)
                    and isinstance(parent.op, ast.Add | ast.Sub)
                    and field == "left"
                ):
                    continue  # the sum as a whole is the place for another term
                for sign in "+-":
                    self.add(
                        cost,
                        "term-missing",
                        node,
                        self.put(node, f"{self.piece(node, _PLUS)} {sign} {plus}", _PLUS),
                        f"lacks the term `{sign} {_short(text)}`.",
                        new=f"{sign} {text}",
                    )
                self.add(
                    cost,
                    "term-missing",
                    node,
                    self.put(
                        node,
                        f"{text if prec >= _PLUS else f'({text})'} - {self.piece(node, _TIMES)}",
                        _PLUS,
                    ),
                    f"lacks what `{_short(own)}` is subtracted from: `{_short(text)}`.",
                    new=f"{text} - …",
                )
            if len(self.found) - begin > _MAX_OWN:
                return

    def _called_names(self) -> set[str]:
        self._only_called("")
        assert self._callables is not None
        return self._callables | {f.name for f in self.functions if isinstance(f, ast.FunctionDef)}

    def spelled(self, text: str) -> str:
        """An expression of the reference with the student's name for numpy."""
        if self.np is None:
            text = re.sub(r"\bnp\.(abs)\b", r"\1", text)
        elif self.np != "np":
            text = re.sub(r"\bnp\.", self.np + ".", text)
        if self.math is None and self.np is not None:
            text = re.sub(r"\bmath\.(sqrt|cos|pi|sin|exp|log)\b", self.np + r".\1", text)
        return text

    def imports(self, text: str, node: ast.AST) -> list[Change]:
        """What has to be imported before the function for an expression of the reference."""
        missing = []
        if self.np is None and re.search(r"\bnp\.", text):
            missing.append("import numpy as np\n")
        if self.math is None and re.search(r"\bmath\.", text):
            missing.append("import math\n")
        if not missing:
            return []
        top = [n for n in [node, *self.up(node)] if isinstance(n, ast.stmt)][-1]
        start = self.module.span(top)[0]
        return [(start, start, "".join(missing))]

    def terms(self) -> list[Edit]:
        """A term of the reference, over parameters alone, added to the student's expressions."""
        begin = len(self.found)
        for node in self.order:
            if not isinstance(node, ast.expr) or isinstance(
                node, ast.Constant | ast.Compare | ast.BoolOp | ast.Lambda | ast.JoinedStr
            ):
                continue
            parent, field = self.parents[id(node)]
            inside_return = isinstance(parent, ast.Tuple | ast.List) and isinstance(
                self.parents[id(parent)][0], ast.Return
            )
            if not (
                isinstance(parent, ast.Assign | ast.Return | ast.AugAssign | ast.Call)
                or inside_return
            ) or (isinstance(parent, ast.Call) and field == "func"):
                continue
            if isinstance(getattr(node, "ctx", None), ast.Store) or isinstance(
                node, ast.Tuple | ast.Starred
            ):
                continue
            names = self.scope(node)
            for sign, term in self.reference.terms:
                for text, prec in self.reference.mapped_all(term, names, self.back(names))[:2]:
                    shown = text if prec > _PLUS else f"({text})"
                    self.add(
                        2.2,
                        "term-missing",
                        node,
                        self.put(node, f"{self.piece(node, _PLUS)} {sign} {shown}", _PLUS),
                        f"lacks a term {self._with_names(text, names)}.",
                        new=f"{sign} {text}",
                    )
        return self.found[begin:]

    def minuends(self) -> None:
        """What the reference subtracts from is missing: `lr * g` for `x - lr * g`."""
        for node in self.order:
            if not isinstance(node, ast.BinOp | ast.Name | ast.Call) or isinstance(
                getattr(node, "ctx", None), ast.Store
            ):
                continue
            parent, field = self.parents[id(node)]
            inside_return = isinstance(parent, ast.Tuple | ast.List) and isinstance(
                self.parents[id(parent)][0], ast.Return
            )
            if not (isinstance(parent, ast.Assign | ast.Return | ast.Call) or inside_return) or (
                isinstance(parent, ast.Call) and field == "func"
            ):
                continue
            names = self.scope(node)
            for term in self.reference.minuends:
                for text, prec in self.reference.mapped_all(term, names, self.back(names))[:3]:
                    if text != self.seg(node):
                        shown = text if prec >= _PLUS else f"({text})"
                        self.add(
                            2.2,
                            "term-missing",
                            node,
                            self.put(node, f"{shown} - {self.piece(node, _TIMES)}", _PLUS),
                            f"lacks what `{_short(self.seg(node))}` is subtracted from.",
                            new=f"{text} - …",
                        )

    @staticmethod
    def _with_names(text: str, names: Sequence[str]) -> str:
        """Which of the student's names a term of the reference holds: a hint that does not give it away."""
        held = [f"`{name}`" for name in names if name in _words(text)][:3]
        return "with " + " and ".join(held) if held else "that belongs there"

    def start_terms(self) -> list[Edit]:
        """The same terms, applied to the parameter itself before anything else."""
        if self.graded is None or isinstance(self.graded, ast.Lambda):
            return []
        first = next((s for s in self.graded.body if not _is_docstring(s)), None)
        indent = self._indent(first) if first is not None else None
        if first is None or indent is None:
            return []
        begin = len(self.found)
        start = self.module.span(first)[0]
        back = self.roles_back()
        for sign, term in self.reference.terms:
            if {n.id for n in ast.walk(term) if isinstance(n, ast.Name)} - set(
                self.reference.parameters
            ):
                continue
            for parameter in self.reference.parameters:
                if parameter in _words(ast.unparse(term)) and parameter in back:
                    name = back[parameter]
                    for text, prec in self.reference.mapped_all(
                        term, self.scope(first), self.back(self.scope(first))
                    )[:1]:
                        shown = text if prec > _PLUS else f"({text})"
                        self.add(
                            4.0,
                            "term-missing",
                            self.graded,
                            (start, start, f"{name} = {name} {sign} {shown}\n{indent}"),
                            f"lacks the term `{sign} {_short(text)}` in what becomes of `{name}`.",
                            line=first.lineno,
                            new=f"{name} = {name} {sign} {text}",
                            old="",
                        )
        return self.found[begin:]


def _arguments(function: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | None) -> list[str]:
    """Names of a function's positional parameters, `self` left out."""
    if function is None:
        return []
    names = [a.arg for a in [*function.args.posonlyargs, *function.args.args]]
    return names[1:] if names[:1] in (["self"], ["cls"]) else names


def _root_of(node: ast.expr) -> ast.expr | None:
    """What stands under a root, where the node is one."""
    if isinstance(node, ast.Call) and _call_name(node) in ("sqrt", "sqrt_"):
        if node.args:
            return node.args[0]
        return node.func.value if isinstance(node.func, ast.Attribute) else None
    if (
        isinstance(node, ast.BinOp)
        and isinstance(node.op, ast.Pow)
        and isinstance(node.right, ast.Constant)
        and node.right.value == 0.5
    ):
        return node.left
    return None


def _is_type(text: str) -> bool:
    return re.search(
        r"\.(float|int|complex|dtype|shape|size|ndim|newaxis)\d*$|^(np|math|torch)\.\w+$", text
    ) is not None and not text.endswith(".pi")


def _is_module_path(node: ast.Attribute, modules: Sequence[str | None]) -> bool:
    root: ast.expr = node
    while isinstance(root, ast.Attribute):
        root = root.value
    return isinstance(root, ast.Name) and root.id in modules


def _assigned(statement: ast.Assign) -> Iterator[tuple[ast.expr, ast.expr]]:
    """(target, value) pairs of an assignment, tuples taken apart."""
    for target in statement.targets:
        if isinstance(target, ast.Tuple) and isinstance(statement.value, ast.Tuple):
            yield from zip(target.elts, statement.value.elts, strict=False)
        else:
            yield target, statement.value


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_init(node: ast.stmt) -> bool:
    return isinstance(node, ast.Assign) and isinstance(node.value, ast.Name | ast.Constant)


def _plain_name(name: str) -> str:
    return name.strip("_").replace("_", "-").lower() or "call"


def _call_name(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")


def _local_names(function: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> Iterator[str]:
    arguments = function.args
    for argument in [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]:
        yield argument.arg
    body = function.body if isinstance(function.body, list) else []
    stack: list[ast.AST] = list(reversed(body))
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        if isinstance(
            node, ast.FunctionDef | ast.Lambda | ast.ClassDef | ast.ListComp | ast.GeneratorExp
        ):
            continue
        stack += reversed(list(ast.iter_child_nodes(node)))


def _alike(a: str, b: str) -> float:
    """1 for names that are easily taken for each other: m and m_hat, x1 and x2."""
    a, b = a.removeprefix("self."), b.removeprefix("self.")
    stem_a, stem_b = re.split(r"[_\d]", a)[0], re.split(r"[_\d]", b)[0]
    if stem_a and stem_a == stem_b:
        return 1.0
    if a[:1] == b[:1] and (len(a) == 1 or len(b) == 1):
        return 0.8
    return 0.4 if len(a) == len(b) else 0.0


def _stem(name: str) -> str:
    """b1 and beta1, self.lr and lr, weight_decay and wd: the initials and the number."""
    name = name.removeprefix("self.").lower()
    if name in ("alpha", "eta", "learning_rate", "step_size", "lr"):
        return "lr"
    digits = re.sub(r"\D", "", name)
    words = [w for w in re.split(r"_", re.sub(r"\d", "", name)) if w]
    if len(words) > 1:
        return "".join(w[0] for w in words) + digits
    return (name if len(name) <= 2 and not digits else name[:1]) + digits


def _distance(old: str, new: str) -> int:
    a, b = Counter(_words(old)), Counter(_words(new))
    return sum((a - b).values()) + sum((b - a).values())


def _short(text: str, limit: int = 60) -> str:
    text = " ".join(text.split())
    return text if len(text) <= limit else text[: limit - 1] + "…"


# ---------------------------------------------------------------------------------------------
# The reference


class Reference:
    """What the reference's source says: its names, numbers, functions, conditions and expressions."""

    def __init__(self, source: str, function: str) -> None:
        import textwrap

        tree = ast.parse(textwrap.dedent(source))
        node = next(
            (n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef) and n.name == function),
            next((n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)), None),
        )
        if node is None:
            raise ValueError("the reference's source holds no function")
        self.function = node
        self.parameters = [a.arg for a in node.args.args]
        text = ast.unparse(node)
        self.words = frozenset(_words(text))
        body = ast.Module(body=node.body, type_ignores=[])
        numbers = [
            n
            for n in ast.walk(body)
            if isinstance(n, ast.Constant) and type(n.value) in (int, float)
        ]
        self.small = list(
            dict.fromkeys(
                repr(n.value)
                for n in numbers
                if isinstance(n.value, int | float) and 0 < abs(n.value) < 1e-3
            )
        )
        self.numbers = list(
            dict.fromkeys(repr(n.value) for n in numbers if repr(n.value) not in self.small)
        )
        self.scalars = [t for t in self.numbers if t not in ("0", "1", "0.0", "1.0", "-1")]
        self.scalars = list(dict.fromkeys([*self.scalars, "0.5", "2"]))
        self.powers = any(
            isinstance(n, ast.BinOp) and isinstance(n.op, ast.Pow) and isinstance(n.right, ast.Name)
            for n in ast.walk(body)
        )
        self.complements = bool(re.search(r"\(?1(\.0)? - [A-Za-z_]\w*\)?(?!\*)", text))
        self.factors = {
            n.id
            for b in ast.walk(body)
            if isinstance(b, ast.BinOp) and isinstance(b.op, ast.Mult | ast.Div)
            for n in (b.left, b.right)
            if isinstance(n, ast.Name) and n.id in self.parameters
        }
        self.compares = [n for n in ast.walk(body) if isinstance(n, ast.Compare)]
        self.guards = [
            (n.test, n.body[0].value)
            for n in ast.walk(body)
            if isinstance(n, ast.If)
            and isinstance(n.body[0], ast.Return)
            and n.body[0].value is not None
        ]
        self.locals = self._single_locals(node)
        self.starts = {
            target.id: value.id
            for statement in node.body
            if isinstance(statement, ast.Assign)
            for target, value in _assigned(statement)
            if isinstance(target, ast.Name) and isinstance(value, ast.Name)
        }
        self.arguments = [
            n.args[0]
            for n in ast.walk(body)
            if isinstance(n, ast.Call)
            and isinstance(n.func, ast.Name)
            and n.func.id in self.parameters
            and len(n.args) == 1
            and not isinstance(n.args[0], ast.Name)
        ]
        self.assigned = Counter(
            n.id for n in ast.walk(body) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
        )
        self.stored = {
            n.id for n in ast.walk(body) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
        }
        self.expressions = self._expressions(body)
        self.terms = self._terms(body)
        self.minuends = list(
            {
                ast.unparse(n.left): n.left
                for n in ast.walk(body)
                if isinstance(n, ast.BinOp)
                and isinstance(n.op, ast.Sub)
                and not isinstance(n.left, ast.Constant)
            }.values()
        )
        self.calls = list(
            {
                ast.unparse(n): n
                for n in ast.walk(body)
                if isinstance(n, ast.Call)
                and isinstance(n.func, ast.Name)
                and n.func.id in self.parameters
            }.values()
        )
        self.answers = {
            text
            for n in ast.walk(body)
            if isinstance(n, ast.Return) and n.value is not None
            for text in [ast.unparse(n.value)]
        }
        self.assignments = [
            (
                n.targets[0].id,
                ast.Compare(ast.Name(n.targets[0].id, ast.Load()), [ast.Eq()], [n.value]),
            )
            for n in ast.walk(body)
            if isinstance(n, ast.Assign) and isinstance(n.targets[0], ast.Name)
        ]
        self.domain = Domain.of(text, self.parameters)
        self._mapped: dict[tuple[int, tuple[str, ...]], list[tuple[str, int]]] = {}

    @staticmethod
    def _single_locals(node: ast.FunctionDef) -> dict[str, ast.expr]:
        """Locals that are assigned once, outside loops: an expression may stand for them."""
        counts: Counter[str] = Counter()
        values: dict[str, ast.expr] = {}
        for n in ast.walk(node):
            if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store):
                counts[n.id] += 1
        parameters = {a.arg for a in node.args.args}
        for statement in node.body:
            if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
                name = statement.targets[0].id
                if counts[name] == 1 and name not in parameters:
                    values[name] = statement.value
        return values

    @staticmethod
    def _expressions(body: ast.AST) -> list[ast.expr]:
        found: dict[str, ast.expr] = {}
        for n in ast.walk(body):
            if isinstance(
                n,
                ast.BinOp
                | ast.Call
                | ast.Compare
                | ast.UnaryOp
                | ast.Subscript
                | ast.ListComp
                | ast.Tuple
                | ast.List
                | ast.Name,
            ):
                if isinstance(getattr(n, "ctx", None), ast.Store):
                    continue
                text = ast.unparse(n)
                if len(text) <= 200 and (len(text) > 2 or not isinstance(n, ast.Name)):
                    found.setdefault(text, n)
        return list(found.values())

    @staticmethod
    def _terms(body: ast.AST) -> list[tuple[str, ast.expr]]:
        """Terms of the reference's sums, with their signs."""
        found: dict[str, tuple[str, ast.expr]] = {}
        for n in ast.walk(body):
            if isinstance(n, ast.BinOp) and isinstance(n.op, ast.Add | ast.Sub):
                sign = "+" if isinstance(n.op, ast.Add) else "-"
                found.setdefault(sign + ast.unparse(n.right), (sign, n.right))
                found.setdefault("+" + ast.unparse(n.left), ("+", n.left))
        return [term for term in found.values() if not isinstance(term[1], ast.Constant)]

    def mapped(self, node: ast.expr, names: Sequence[str], back: dict[str, str]) -> list[str]:
        return [text for text, _ in self.mapped_all(node, names, back)]

    def mapped_pair(
        self, test: ast.expr, result: ast.expr, names: Sequence[str], back: dict[str, str]
    ) -> list[tuple[str, str]]:
        tests = self.mapped(test, names, back)
        results = self.mapped(result, names, back)
        return [(t, results[0]) for t in tests] if results else []

    def mapped_all(
        self, node: ast.expr, names: Sequence[str], back: dict[str, str]
    ) -> list[tuple[str, int]]:
        """Texts of a reference's expression in the student's names, with their precedence.

        A parameter becomes the student's parameter, or a name that looks like a newer version of it; a
        local becomes the student's variable of that name, or what the reference computes it from.
        """
        key = (id(node), tuple(names))
        if key not in self._mapped:
            self._mapped[key] = self._map(node, names, back)
        return self._mapped[key]

    def _map(
        self, node: ast.expr, names: Sequence[str], back: dict[str, str]
    ) -> list[tuple[str, int]]:
        used = [n.id for n in ast.walk(node) if isinstance(n, ast.Name)]
        bound = {
            t.id
            for n in ast.walk(node)
            if isinstance(n, ast.comprehension)
            for t in ast.walk(n.target)
            if isinstance(t, ast.Name)
        }
        choices: dict[str, list[str]] = {}
        for name in dict.fromkeys(used):
            if name in bound or name in _PLAIN_NAMES:
                continue
            if name in back:
                own = back[name]
                options = [own]
                if name in self.stored:
                    options += [n for n in names if n != own and _alike(n, own) == 1.0][:2]
                choices[name] = [n for n in options if n in names] or [own]
            elif name in self.locals:
                options = [n for n in names if n == name]
                near = [n for n in names if n != name and n not in back.values()]
                options += [n for n in near if _alike(n, name) == 1.0][:1]
                options += [n for n in near if n[:1] == name[:1] and len(n) > 1][:1]
                inlined = [f"({text})" for text, _ in self._map(self.locals[name], names, back)[:2]]
                choices[name] = [*dict.fromkeys(options)][:1] + inlined
            else:
                options = [n for n in names if n == name] or [
                    n for n in names if n not in back.values()
                ][:4]
                start = back.get(self.starts.get(name, ""))
                if start is not None and start in names:
                    options.append(start)
                if not options:
                    options = list(back.values())[:1]
                choices[name] = options
            if not choices[name]:
                return []
        found: dict[str, int] = {}
        for combination in itertools.islice(itertools.product(*choices.values()), 10):
            mapping = dict(zip(choices, combination, strict=True))
            text = _renamed(node, mapping)
            if text is not None:
                found.setdefault(
                    text,
                    precedence(ast.parse(text, mode="eval").body) if "\n" not in text else _TUPLE,
                )
        return list(found.items())


_PLAIN_NAMES = frozenset(
    "np math torch abs min max sum len range float int bool list tuple zip enumerate round sorted any all pow "
    "map isinstance True False None".split()
)


def _renamed(node: ast.expr, mapping: dict[str, str]) -> str | None:
    """The expression's text with names replaced; texts that are no names come in parentheses."""
    try:
        text = ast.unparse(node)
    except RecursionError:
        return None

    def substitute(match: re.Match[str]) -> str:
        return mapping.get(match[0], match[0])

    text = re.sub(r"(?<![\w.])[A-Za-z_]\w*", substitute, text)
    try:
        return ast.unparse(ast.parse(text, mode="eval"))
    except (SyntaxError, ValueError, RecursionError):
        return None


# ---------------------------------------------------------------------------------------------
# All candidates, in order

_PAIR_RULES = (
    "bias-correction-missing",
    "power-missing",
    "wrong-variable",
    "wrong-variable-returned",
    "in-place",
    "inside-the-root",
    "sign-of-a-term",
    "off-by-one",
    "factor-missing",
    "strictness",
    "whole-number-division",
    "tolerance-missing",
)
_DEAR = 2.6  # from here on the reference's expressions and pairs compete
_MAX_OF_A_KIND = 40
_MAX_PAIRS = 400


class Space:
    """The candidates for a module, likeliest first, each once.

    Args:
        module: the student's source.
        reference: the reference's.
        symptoms: kinds of mismatch seen ("mutation", "type", "raised", …): they make some slips likelier.
        lines: lines on which the code stopped.
    """

    def __init__(
        self,
        module: Module,
        reference: Reference,
        *,
        symptoms: frozenset[str] = frozenset(),
        lines: frozenset[int] = frozenset(),
    ) -> None:
        self._search = _Search(module, reference, symptoms, lines)
        self.roles = self._search.roles
        self.parameters = {own: name for name, own in self._search.roles_back().items()}

    def __iter__(self) -> Iterator[Edit]:
        """Edits without a family: naming one costs more than finding it."""
        search = self._search
        search.cheap()
        search.terms()
        search.minuends()
        first = sorted(search.found, key=lambda edit: edit.cost)
        yield from (edit for edit in first if edit.cost <= _DEAR)
        begin = len(search.found)
        search.ingredients()
        middle = len(search.found)
        search.own_words()
        late = [edit for edit in first if edit.cost > _DEAR]
        late += search.found[begin:] + _pairs(search, first, search.found[begin:middle])
        known = {edit.changes for edit in first if edit.cost <= _DEAR}
        for edit in sorted(late, key=lambda edit: edit.cost):
            if edit.changes not in known:
                known.add(edit.changes)
                yield edit

    def named(self, edit: Edit) -> Edit:
        """The edit with its family."""
        return self._search.named(edit)


def candidates(source: str, function: str, reference_source: str) -> Iterator[Edit]:
    """Candidates with their families for a function in a module's source; none where it does not parse."""
    try:
        module = Module(source, ast.parse(source), function)
        space = Space(module, Reference(reference_source, function))
    except (SyntaxError, ValueError, RecursionError):
        return
    for edit in space:
        yield space.named(edit)


def _pairs(space: _Search, first: Sequence[Edit], ingredients: Sequence[Edit]) -> list[Edit]:
    """Two changes: of one kind at two places, or a term taken out here and put in there."""
    found: list[Edit] = []
    kinds: dict[str, list[Edit]] = {}
    for edit in first:
        if edit.rule in _PAIR_RULES and edit.cost <= 2.1:
            kinds.setdefault(edit.rule, []).append(edit)
    for rule, edits in kinds.items():
        pairs = [
            (a, b) for a, b in itertools.combinations(edits[:_MAX_OF_A_KIND], 2) if _apart(a, b)
        ]
        pairs.sort(key=lambda pair: (abs(pair[0].line - pair[1].line), pair[0].cost + pair[1].cost))
        for a, b in pairs[:_MAX_PAIRS]:
            near = 0.0 if a.line == b.line else 0.25
            found.append(_joined(a, b, 2.75 + near + 0.4 * (a.cost + b.cost - 2.0), rule))
    removed = [e for e in first if e.rule in ("term-too-many", "statement-too-many")]
    added = space.start_terms()
    used = Counter(word for node in space.module.editable for word in _words(space.seg(node)))
    for a in removed:
        here = Counter(_words(a.old))
        if any(space.roles.get(w, w) in ("lr", "alpha", "eta", "learning_rate") for w in here):
            continue
        for b in added:
            shared = {word for word in _words(b.new) if word in here and word.isidentifier()}
            # One of them is used here and nowhere else: without this term it would have no effect at all.
            alone = any(used[word] - here[word] <= 1 for word in shared)
            if len(shared) >= 2 and alone and _apart(a, b):
                joined = _joined(a, b, 2.7 - 0.05 * len(shared), "coupled")
                what = f"puts `{_short(a.old)}` where the later operations act on it; it belongs beside them."
                found.append(replace(joined, what=what))
    guards = [e for e in first if e.rule == "guard-missing"][:4]
    others = [
        e
        for e in first
        if e.cost <= 1.7 and e.rule in ("term-too-many", "abs-too-many", "factor-too-many")
    ]
    for a in guards:
        for b in others[:40]:
            if _apart(a, b):
                found.append(
                    replace(
                        a,
                        changes=(*a.changes, *b.changes),
                        cost=round(a.cost + 1.2, 4),
                        line=b.line,
                        end_line=b.end_line,
                    )
                )
        for b in sorted(ingredients, key=lambda edit: edit.cost)[:200]:
            if _apart(a, b):
                found.append(
                    replace(b, changes=(*b.changes, *a.changes), cost=round(b.cost + 1.0, 4))
                )
    return found


def _apart(a: Edit, b: Edit) -> bool:
    return all(
        end1 <= start2 or end2 <= start1
        for start1, end1, _ in a.changes
        for start2, end2, _ in b.changes
    )


def _joined(a: Edit, b: Edit, cost: float, rule: str) -> Edit:
    if rule == "coupled":
        return replace(a, changes=(*a.changes, *b.changes), cost=cost, rule=rule)
    return replace(
        a, changes=tuple(sorted((*a.changes, *b.changes))), cost=round(cost, 4), rule=rule, line=min(a.line, b.line),
        end_line=min(a.end_line, b.end_line) if a.line != b.line else a.end_line,
        what=a.what if a.line <= b.line else b.what,
    )  # fmt: skip
