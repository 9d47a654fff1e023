"""The search for candidates: where edits are written down."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import replace

from autograder.edits.messages import SLIPS
from autograder.edits.module import Change, Edit, Module
from autograder.edits.places import Places
from autograder.edits.reference import Reference
from autograder.edits.syntax import ATOM, TERNARY, needed, precedence
from autograder.edits.words import short
from autograder.families import family_of

_MAX_CANDIDATES = 20_000
_ON_A_SUSPECT_LINE = -0.5
_ENDS_A_LOOP = -1.0
_AS_IN_THE_REFERENCE = 0.6


class Search(Places):
    """Candidates of one module.

    Attributes:
        symptoms: kinds of mismatch seen.
        suspect_lines: on which the code stopped.
        found: the candidates so far.
    """

    def __init__(
        self, module: Module, reference: Reference, symptoms: frozenset[str], lines: frozenset[int]
    ) -> None:
        super().__init__(module, reference)
        self.symptoms, self.suspect_lines = symptoms, lines
        self._loop_lines = self.loop_lines() if "timed_out" in symptoms else frozenset()
        self.found: list[Edit] = []
        self._seen: set[tuple[Change, ...]] = set()

    @property
    def is_full(self) -> bool:
        return len(self.found) >= _MAX_CANDIDATES

    def add(
        self,
        kind: str,
        it: str | ast.AST,
        *changes: Change,
        more: float = 0.0,
        rule: str | None = None,
        lines: tuple[int, int] | None = None,
        old: ast.AST | None = None,
        **words: str | ast.AST,
    ) -> None:
        """Write an edit down, if it changes anything and was not found before.

        Args:
            kind: key of `SLIPS`.
            it: the place, for the message.
            changes: of the text; the first that is no import is where the fault is.
            more: what it costs above others of its kind.
            rule: its name where the kind does not say it.
            lines: first and last line of the fault, if not those of the first change.
            old: what is wrong, if not what the first change replaces.
            words: of the message; a node stands for its text.
        """
        listed = tuple(c for c in changes if self.source[c[0] : c[1]] != c[2])
        if not listed or listed in self._seen or self.is_full:
            return
        self._seen.add(listed)
        slip = SLIPS[kind]
        start, end, new = listed[-1 if listed[0][2].startswith("import ") else 0]
        replaced = self.source[start:end]
        if lines is None:
            first = self.module.line_of(start)
            lines = first, first + replaced.count("\n")
        rule = rule or kind.partition(":")[0]
        cost = slip.cost + more
        if lines[0] in self.suspect_lines:
            cost += _ON_A_SUSPECT_LINE
        if lines[0] in self._loop_lines or (
            self._loop_lines and rule == "statement-missing" and cost < 2
        ):
            cost += _ENDS_A_LOOP
        shown = {
            name: short(word if isinstance(word, str) else self.text(word))
            for name, word in (("it", it), *words.items())
        }
        self.found.append(
            Edit(
                self.source,
                listed,
                *lines,
                old=replaced if old is None else self.text(old),
                new=new,
                rule=rule,
                family=slip.family,
                cost=round(cost, 4),
                what=slip.what.format_map(shown),
                borrowed=slip.borrowed,
            )
        )

    def put(
        self,
        kind: str,
        node: ast.expr,
        text: str,
        prec: int = ATOM,
        **more: object,
    ) -> None:
        """Write down that a text belongs in the place of a node."""
        self.add(kind, node, self.change(node, text, prec), **more)  # type: ignore[arg-type]

    def keep(self, kind: str, node: ast.expr, part: ast.expr, **more: object) -> None:
        """Write down that only a part of a node belongs in its place."""
        self.put(kind, node, self.bare(part), precedence(part), **more)

    def change(self, node: ast.expr, text: str, prec: int = ATOM) -> Change:
        """The change that replaces a node by an expression of a precedence."""
        start, end = self.span(node)
        need = needed(*self.place(node))
        if prec >= need or (need > TERNARY and self._is_enclosed(start, end)):
            return start, end, text
        return start, end, f"({text})"

    def exchange(self, a: ast.AST, b: ast.AST) -> list[Change]:
        """The changes that put two nodes in each other's place."""
        return [(*self.span(a), self.text(b)), (*self.span(b), self.text(a))]

    def before(self, node: ast.stmt, line: str) -> Change:
        """The change that puts a line before a statement that stands on its own line."""
        start = self.span(node)[0]
        return start, start, f"{line}\n{self.indent(node)}"

    def after(self, node: ast.stmt, line: str) -> Change:
        """The change that puts a line after a statement, as far in as its first line."""
        end = self.span(node)[1]
        return end, end, f"\n{self.indent(node)}{line}"

    def doubt(self, node: ast.AST) -> float:
        """What it costs more to change what a loop runs over where the reference's runs over the same."""
        loops = self.reference.loops
        alike = any(self.text(node) in texts(self.mapped(loop, node)) for loop in loops)
        return _AS_IN_THE_REFERENCE if alike else 0.0

    def bare(self, node: ast.expr) -> str:
        """A node's text, in parentheses if it goes over several lines."""
        text = self.text(node)
        return f"({text})" if "\n" in text else text

    def piece(self, node: ast.expr, need: int) -> str:
        """A node's text, in parentheses where a place of that precedence needs them."""
        text = self.text(node)
        return text if precedence(node) >= need and "\n" not in text else f"({text})"

    def _is_enclosed(self, start: int, end: int) -> bool:
        return self.source[max(0, start - 1) : start] == "(" and self.source[end : end + 1] == ")"

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
        missing = ""
        if self.np is None and re.search(r"\bnp\.", text):
            missing += "import numpy as np\n"
        if self.math is None and re.search(r"\bmath\.", text):
            missing += "import math\n"
        if not missing:
            return []
        top = [n for n in (node, *self.above(node)) if isinstance(n, ast.stmt)][-1]
        start = self.span(top)[0]
        return [(start, start, missing)]

    def is_foreign(self, text: str, node: ast.expr) -> bool:
        """Whether the reference's expression brings a method that the student does not use at all."""
        if any(isinstance(n, ast.Call) for n in ast.walk(node)):
            return False
        return any(method not in self.source for method in re.findall(r"linalg\.(\w+)", text))

    def named(self, edit: Edit) -> Edit:
        """The edit with its family, which costs more to name than the edit to find."""
        start = min(change[0] for change in edit.changes)
        end = max(change[1] for change in edit.changes)
        inside = [
            node for node in self.order if hasattr(node, "lineno") and self._holds(node, start, end)
        ]
        text = "\n".join(
            " ".join(f"{self.source[a:b]} \0 {new}".split()) for a, b, new in edit.changes
        )
        family = family_of(
            edit.rule, text, inside, self.roles, self.reference.domain, self.module.text
        )
        return replace(edit, family=family)

    def _holds(self, node: ast.AST, start: int, end: int) -> bool:
        a, b = self.span(node)
        return a <= start and end <= b and (isinstance(node, ast.stmt) or (a, b) != (start, end))


def texts(mapped: Sequence[tuple[str, int]]) -> list[str]:
    return [text for text, _ in mapped]
