"""The student's function as a tree of places: what stands around each, and what its names stand for."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator, Sequence

from autograder.edits.module import Module
from autograder.edits.reference import Reference
from autograder.edits.roles import roles_of
from autograder.edits.syntax import (
    FUNCTIONS,
    Function,
    call_name,
    is_called,
    is_docstring,
    is_stored,
    locals_of,
    names_in,
    parameters_of,
)
from autograder.edits.words import alike, stem

_MAX_NAMES = 18
_MAX_CONSTANTS = 6
_COUNTER = re.compile(
    r"^(t|k|i|n|j|step|steps|total|warmup|epoch|iteration|iterations|iters|n_?steps|num_?steps"
    r"|n_?iters?|max_?iters?|it|total_?steps|warmup_?steps|end|length|horizon)$"
)
_SCALAR = re.compile(r"lr|eps|wd|weight_decay|beta_?[12]?|t|steps?|b[12]")
_SCOPES = (*FUNCTIONS, ast.Lambda, ast.GeneratorExp, ast.ListComp, ast.ClassDef)
_UNVISITED = ("decorator_list", "returns", "annotation", "type_comment")
_CHOOSING = ("where", "min", "max", "minimum", "maximum", "clip", "clamp", "select", "piecewise")
_CHANGING = ("fill", "sort", "append", "pop", "extend", "insert", "reverse")


class Places:
    """The places of a module.

    Attributes:
        order: all nodes that may be edited, outer before inner, first before last.
        functions: those of them that are functions.
        graded: the graded function, through aliases; `arguments`: its parameters.
        np, torch, math: what the student calls these modules; None if they are not imported.
        roles: the student's names by the reference's parameter that they carry.
        constants: names of the module's own values.
        assigned: how often each name is assigned.
        called: names that are called; `known_calls`: those that stand for functions only.
        docstrings: ids of nodes that are docstrings, where nothing is to be edited.
    """

    def __init__(self, module: Module, reference: Reference) -> None:
        self.module, self.reference, self.source = module, reference, module.source
        self._parents: dict[int, tuple[ast.AST, str]] = {}
        self.order = list(self._visit())
        self._spans: dict[int, tuple[int, int]] = {}
        self.functions = [n for n in self.order if isinstance(n, (*FUNCTIONS, ast.Lambda))]
        self.graded = self._graded(module.function)
        self.arguments = parameters_of(self.graded)
        self.np, self.torch, self.math = map(self._alias, ("numpy", "torch", "math"))
        self.roles = roles_of(self.order, self.graded, reference.parameters)
        self.docstrings = {
            id(n.body[0].value)
            for n in self.order
            if isinstance(n, ast.FunctionDef | ast.ClassDef)
            and isinstance(n.body[0], ast.Expr)
            and is_docstring(n.body[0])
        }
        self.constants = [
            target.id
            for statement in module.kept
            if isinstance(statement, ast.Assign)
            for target in statement.targets
            if isinstance(target, ast.Name) and not isinstance(statement.value, ast.Lambda)
        ][:_MAX_CONSTANTS]
        self.assigned = Counter(
            n.id for n in self.order if isinstance(n, ast.Name) and is_stored(n)
        )
        self.called = {
            n.func.id
            for n in self.order
            if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)
        }
        self._only_called = self.called - {
            n.id
            for n in self.order
            if isinstance(n, ast.Name)
            and isinstance(n.ctx, ast.Load)
            and not is_called(*self.place(n))
        }
        self.known_calls = self._only_called | {
            n.name for n in self.functions if isinstance(n, ast.FunctionDef)
        }
        self._local: dict[int, list[str]] = {}
        self._scopes: dict[int, tuple[str, ...]] = {}
        self._backs: dict[tuple[str, ...], dict[str, str]] = {}

    def _visit(self) -> Iterator[ast.AST]:
        stack: list[ast.AST] = list(reversed(self.module.editable))
        for statement in stack:
            self._parents[id(statement)] = (self.module.tree, "body")
        while stack:
            node = stack.pop()
            yield node
            if isinstance(node, ast.JoinedStr | ast.pattern):
                continue
            children = []
            for field, value in ast.iter_fields(node):
                if field not in _UNVISITED:
                    for child in value if isinstance(value, list) else (value,):
                        if isinstance(child, ast.AST):
                            self._parents[id(child)] = (node, field)
                            children.append(child)
            stack += reversed(children)

    # What stands where

    def place(self, node: ast.AST) -> tuple[ast.AST, str]:
        """The node above, and the field of it in which the node stands."""
        return self._parents[id(node)]

    def parent(self, node: ast.AST) -> ast.AST:
        return self._parents[id(node)][0]

    def above(self, node: ast.AST) -> Iterator[ast.AST]:
        """The nodes around a node, the nearest first."""
        while id(node) in self._parents:
            node = self._parents[id(node)][0]
            yield node

    def statement(self, node: ast.AST) -> ast.stmt:
        """The statement that the node is a part of."""
        return next(n for n in (node, *self.above(node)) if isinstance(n, ast.stmt))

    def is_returned(self, node: ast.AST) -> bool:
        """Whether the node is one of several values that are returned."""
        parent = self.parent(node)
        return isinstance(parent, ast.Tuple | ast.List) and isinstance(
            self.parent(parent), ast.Return
        )

    def span(self, node: ast.AST) -> tuple[int, int]:
        if id(node) not in self._spans:
            self._spans[id(node)] = self.module.span(node)
        return self._spans[id(node)]

    def text(self, node: ast.AST) -> str:
        start, end = self.span(node)
        return self.source[start:end]

    def head(self, node: ast.stmt) -> str:
        """The first line of a statement."""
        return self.text(node).partition("\n")[0]

    def indent(self, node: ast.stmt) -> str | None:
        """What stands before a statement on its line, if that is only space."""
        before = self.source[self.module.line_start(node.lineno) : self.span(node)[0]]
        return before if not before.strip() else None

    def reindented(self, block: Sequence[ast.stmt], indent: str | None) -> str | None:
        """A block's text with another indent."""
        own = self.indent(block[0])
        if own is None or indent is None:
            return None
        start, end = self.span(block[0])[0], self.span(block[-1])[1]
        return self.source[start:end].replace("\n" + own, "\n" + indent)

    def operator(self, left: ast.AST, right: ast.AST, symbol: str) -> tuple[int, int] | None:
        """Where the operator's symbol stands between two operands."""
        start, end = self.span(left)[1], self.span(right)[0]
        between = re.sub(r"#[^\n]*", lambda m: " " * len(m[0]), self.source[start:end])
        at = between.find(symbol)
        return None if at < 0 else (start + at, start + at + len(symbol))

    def changing(self, names: Sequence[str]) -> tuple[int, int] | None:
        """The lines of the first statement that changes one of the names, or an alias of it, in place."""
        aliases = set(names)
        for _ in range(2):
            for node in self.order:
                if isinstance(node, ast.Assign) and not isinstance(node.value, ast.BinOp):
                    if aliases & set(names_in(node.value)):
                        aliases |= {name for t in node.targets for name in names_in(t)}
                elif isinstance(node, ast.For) and aliases & set(names_in(node.iter)):
                    aliases |= set(names_in(node.target))
        for node in self.order:
            target = changed(node)
            if target is not None and aliases & set(names_in(target)):
                assert isinstance(node, ast.stmt | ast.expr)
                return node.lineno, node.end_lineno or node.lineno
        return None

    # Names

    def _graded(self, name: str) -> Function | ast.Lambda | None:
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

    def _alias(self, module: str) -> str | None:
        for statement in self.module.kept:
            for node in ast.walk(statement):
                for alias in node.names if isinstance(node, ast.Import) else ():
                    if alias.name == module:
                        return alias.asname or alias.name
        return None

    def scope(self, node: ast.AST) -> tuple[str, ...]:
        """Names that hold values where the node stands, the nearest first."""
        if id(node) not in self._scopes:
            names: dict[str, None] = {}
            for around in (node, *self.above(node)):
                names.update(dict.fromkeys(self._names_of(around)))
            names.pop("self", None)
            names.pop("_", None)
            constants = [c for c in self.constants if c not in names]
            self._scopes[id(node)] = (*list(names)[:_MAX_NAMES], *constants)
        return self._scopes[id(node)]

    def _names_of(self, node: ast.AST) -> Sequence[str]:
        """Names that a function, a comprehension or a class brings."""
        if not isinstance(node, _SCOPES):
            return ()
        if id(node) not in self._local:
            self._local[id(node)] = list(locals_of(node))
        return self._local[id(node)]

    def own_parameters(self) -> dict[str, str]:
        """The student's parameter by the reference's."""
        return dict(zip(self.reference.parameters, self.arguments, strict=False))

    def parameters_of_own(self, name: str) -> list[str]:
        """Parameters of a function of the student's, or of what makes an object of a class; [] of others."""
        for node in self.order:
            if getattr(node, "name", None) == name:
                if isinstance(node, FUNCTIONS):
                    return parameters_of(node)
                if isinstance(node, ast.ClassDef):
                    start = next(
                        (n for n in node.body if getattr(n, "name", "") == "__init__"), None
                    )
                    return parameters_of(start) if isinstance(start, ast.FunctionDef) else []
        return []

    def back(self, names: tuple[str, ...]) -> dict[str, str]:
        """The name in scope by the reference's parameter that it stands for, in helpers too."""
        if names not in self._backs:
            own = self.own_parameters()
            found: dict[str, str] = {}
            for parameter in self.reference.parameters:
                mine = own.get(parameter, parameter)
                options = [n for n in (mine, parameter) if n in names]
                options += [
                    n for n in names if self.roles.get(n) == parameter and n not in own.values()
                ]
                options += [n for n in names if n.removeprefix("self.") in (parameter, mine)]
                options += [n for n in names if stem(n) == stem(parameter)]
                found[parameter] = next(iter(options), mine)
            self._backs[names] = found
        return self._backs[names]

    def mapped(self, expression: ast.expr, node: ast.AST) -> list[tuple[str, int]]:
        """Texts of a reference's expression in the names at a node, with their precedence."""
        names = self.scope(node)
        return self.reference.mapped(expression, names, self.back(names))

    def is_only_called(self, name: str) -> bool:
        """Whether the name stands for a function and never for a value."""
        return name in self._only_called

    def is_counter(self, name: str) -> bool:
        return bool(_COUNTER.match(name.removeprefix("self."))) or self.roles.get(name) in (
            "t",
            "step",
            "steps",
        )

    def is_scalar(self, name: str) -> bool:
        """Whether the name is a rate, a moment's beta, a number of steps or the like."""
        role = self.roles.get(name, name.removeprefix("self."))
        fixed = self.reference.factors - self.reference.stored
        return role in fixed or _SCALAR.fullmatch(role) is not None

    def betas(self, node: ast.AST) -> list[str]:
        return [
            name
            for name in self.scope(node)
            if re.search(r"beta|rho|^b[12]$|^self\.b(eta)?_?[12]$", name)
            or "beta" in self.roles.get(name, "")
        ]

    def newer(self, node: ast.AST, name: str) -> list[ast.Name]:
        """Where a tree uses another version of the name."""
        return [
            n
            for n in ast.walk(node)
            if isinstance(n, ast.Name)
            and isinstance(n.ctx, ast.Load)
            and n.id != name
            and alike(n.id, name) == 1.0
        ]

    def only_names(self, line: int) -> bool:
        """Whether the statement on a line only gives names to parts of an argument: `a, b = A[0][0], A[0][1]`."""
        parts = (ast.Name, ast.Constant, ast.Subscript, ast.Tuple, ast.List, ast.expr_context)
        return any(
            isinstance(node, ast.Assign)
            and node.lineno == line
            and any(isinstance(n, ast.Subscript) for n in ast.walk(node.value))
            and all(isinstance(n, parts) for n in ast.walk(node.value))
            and set(names_in(node.value)) <= set(self.arguments)
            for node in self.order
        )

    def statement_lines(self, line: int) -> tuple[int, int]:
        """First and last line of the innermost statement on a line; of its head where it has a body."""
        found = (line, line)
        for node in self.order:  # outer before inner
            if isinstance(node, ast.stmt):
                body = getattr(node, "body", None)
                end = max(node.lineno, body[0].lineno - 1) if body else node.end_lineno
                if node.lineno <= line <= (end or node.lineno):
                    found = node.lineno, end or node.lineno
        return found

    def stores(self, tree: ast.AST, name: str) -> list[ast.Name]:
        """Where a tree gives the name a value."""
        return [
            n for n in ast.walk(tree) if isinstance(n, ast.Name) and n.id == name and is_stored(n)
        ]

    def has_choices(self) -> bool:
        """Whether some value decides what is done, a loop's end aside."""
        return any(
            isinstance(n, ast.If | ast.IfExp)
            or (isinstance(n, ast.Compare) and not isinstance(self.parent(n), ast.While))
            or (isinstance(n, ast.Call) and call_name(n) in _CHOOSING)
            for n in self.order
        )

    def own_calls(self) -> frozenset[int]:
        """Lines that call a function or a class of the student's own."""
        classes = {n.name for n in self.order if isinstance(n, ast.ClassDef)}
        own = classes | {f.name for f in self.functions if isinstance(f, FUNCTIONS)}
        for node in self.order:
            if (
                isinstance(node, ast.Assign)
                and isinstance(node.value, ast.Call)
                and call_name(node.value) in classes
            ):
                own |= {t.id for t in node.targets if isinstance(t, ast.Name)}
        return frozenset(
            line
            for node in self.order
            if isinstance(node, ast.Call) and call_name(node) in own
            for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)
        )

    def loop_lines(self) -> frozenset[int]:
        """Lines that decide whether a `while` ends."""
        lines = set()
        for loop in self.order:
            if isinstance(loop, ast.While):
                names = set(names_in(loop.test))
                lines.add(loop.lineno)
                for n in ast.walk(loop):
                    if isinstance(n, ast.Assign | ast.AugAssign):
                        targets = n.targets if isinstance(n, ast.Assign) else [n.target]
                        if any(isinstance(t, ast.Name) and t.id in names for t in targets):
                            lines.add(n.lineno)
        return frozenset(lines)


def changed(node: ast.AST) -> ast.expr | None:
    """What a node changes in place, if it does."""
    if isinstance(node, ast.AugAssign):
        return node.target
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Subscript):
        return node.targets[0]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        name = node.func.attr
        if name in _CHANGING or (name.endswith("_") and not name.startswith("_")):
            return node.func.value
        return next((k.value for k in node.keywords if k.arg == "out"), None)
    return None
