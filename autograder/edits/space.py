"""All candidates for a module, likeliest first."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any

from autograder.edits import (
    calls,
    conditions,
    ingredients,
    mutation,
    operators,
    pairs,
    statements,
    values,
)
from autograder.edits.likeness import Likeness
from autograder.edits.module import Change, Edit, Module
from autograder.edits.reference import Reference
from autograder.edits.search import Search
from autograder.edits.syntax import FUNCTIONS
from autograder.edits.uses import Spoiled, spoiled
from autograder.edits.words import distance, words

_SHORTEST = 5  # words of an expression that can be another one
_ANOTHER = 0.5  # of all words
_DEAR = 2.6  # from here on the reference's expressions and pairs compete
_TOPICS: tuple[tuple[tuple[type[ast.AST], ...], Callable[[Search, Any], None]], ...] = (
    ((ast.BinOp,), operators.operation),
    ((ast.UnaryOp,), operators.unary),
    ((ast.Compare,), conditions.comparison),
    ((ast.BoolOp,), conditions.joined),
    ((ast.IfExp,), conditions.ternary),
    ((ast.Call,), calls.call),
    ((ast.Subscript,), calls.subscript),
    ((ast.Constant,), values.constant),
    ((ast.stmt,), statements.statement),
    ((ast.Tuple, ast.List), calls.elements),
    ((ast.expr,), values.expression),
)


class Space:
    """The candidates for a module, likeliest first, each once.

    Args:
        module: the student's source.
        reference: the reference's.
        symptoms: kinds of mismatch seen ("mutation", "type", "raised", …): they make some slips likelier.
        lines: lines on which the code stopped.

    Attributes:
        roles: the student's names by the reference's parameter that they carry.
        likeness: how much an edit makes the source read like the reference.
    """

    def __init__(
        self,
        module: Module,
        reference: Reference,
        *,
        symptoms: frozenset[str] = frozenset(),
        lines: frozenset[int] = frozenset(),
    ) -> None:
        self._search = Search(module, reference, symptoms, lines)
        self.roles = self._search.roles
        own = {mine: name for name, mine in self._search.own_parameters().items()}
        self._named: dict[tuple[Change, ...], Edit] = {}
        self.likeness = Likeness(module, reference, self.roles, own)

    def __iter__(self) -> Iterator[Edit]:
        """Edits without a family: naming one costs more than finding it."""
        search = self._search
        _slips(search)
        ingredients.terms(search)
        ingredients.minuends(search)
        first = sorted(search.found, key=lambda edit: edit.cost)
        likely = [edit for edit in first if edit.cost <= _DEAR]
        yield from likely
        begin = len(search.found)
        ingredients.expressions(search)
        middle = len(search.found)
        ingredients.own_words(search)
        late = first[len(likely) :] + search.found[begin:]
        late += pairs.pairs(search, first, search.found[begin:middle])
        known = {edit.changes for edit in likely}
        for edit in sorted(late, key=lambda edit: edit.cost):
            if edit.changes not in known:
                known.add(edit.changes)
                yield edit

    def named(self, edit: Edit) -> Edit:
        """The edit with its family."""
        if edit.family:
            return edit
        if edit.changes not in self._named:
            self._named[edit.changes] = self._search.named(edit)
        return self._named[edit.changes]

    @cached_property
    def spoiled(self) -> list[Spoiled]:
        """Each statement of the student's, spoiled."""
        return list(spoiled(self._search))

    @cached_property
    def _own_calls(self) -> frozenset[int]:
        return self._search.own_calls()

    def passes_on(self, edit: Edit) -> bool:
        """Whether the place only passes on what another function of the student's computes."""
        return not self._own_calls.isdisjoint(range(edit.line, edit.end_line + 1))

    def only_names(self, edit: Edit) -> bool:
        """Whether the place only gives names to parts of the arguments, and an edit adds an operation to it."""
        grows = len(edit.new) > len(edit.old) and edit.old in edit.new
        return grows and self._search.only_names(edit.line)

    @cached_property
    def _aliases(self) -> list[mutation.Alias]:
        return mutation.aliases(self._search)

    def alias(self, edit: Edit) -> mutation.Alias | None:
        """The other name for the caller's array that an edit is about: the line that makes it, or a write."""
        lines = range(edit.line, edit.end_line + 1)
        found = (a for a in self._aliases if a.line in lines or set(a.writes) & set(lines))
        return next(found, None)

    def is_one_write_of_many(self, edit: Edit) -> bool:
        """Whether the place is one of several that change the caller's array through one other name."""
        alias = self.alias(edit)
        return alias is not None and edit.line != alias.line and len(alias.writes) > 1

    def is_another_way(self, edit: Edit) -> bool:
        """Whether an edit solves with words of the reference what the student's code tries to solve otherwise.

        Such is an expression quite unlike the one in whose place it is put, and a guard in code that has tests
        or limits of its own.
        """
        if edit.rule == "guard-missing":
            return self._search.has_choices()
        old, new = Counter(words(edit.old)), Counter(words(edit.new))
        unlike = distance(old, new) >= _ANOTHER * (old + new).total()
        return edit.borrowed and old.total() >= _SHORTEST and unlike

    def place(self, edit: Edit) -> tuple[int, int]:
        """First and last line of the statement that the edit is in; of its head where it has a body."""
        return self._search.statement_lines(edit.line)


def _slips(search: Search) -> None:
    """Changes that undo one slip."""
    for node in search.order:
        if id(node) in search.docstrings:
            continue
        for kinds, edit in _TOPICS:
            if isinstance(node, kinds):
                edit(search, node)
        if search.is_full:
            return
    for function in search.functions:
        if isinstance(function, FUNCTIONS):
            statements.function(search, function)
    for node in search.order:
        for field in ("body", "orelse", "finalbody"):
            body = getattr(node, field, None)
            if isinstance(body, list) and body and isinstance(body[0], ast.stmt):
                statements.block(search, node, field, body)


def candidates(source: str, function: str, reference_source: str) -> Iterator[Edit]:
    """Candidates with their families for a function in a module's source; none where it does not parse."""
    try:
        module = Module(source, ast.parse(source), function)
        space = Space(module, Reference(reference_source, function))
    except (SyntaxError, ValueError, RecursionError):
        return
    for edit in space:
        yield space.named(edit)
