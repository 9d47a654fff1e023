"""Two changes at once: one slip made at two places, or a term that stands in the wrong one."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from autograder.edits.ingredients import start_terms
from autograder.edits.messages import SLIPS
from autograder.edits.module import Edit
from autograder.edits.search import Search
from autograder.edits.words import RATES, short, words

_TWICE = (
    "bias-correction-missing", "power-missing", "wrong-variable", "wrong-variable-returned", "in-place",
    "inside-the-root", "sign-of-a-term", "off-by-one", "factor-missing", "strictness",
    "whole-number-division", "tolerance-missing",
)  # fmt: skip
"""Slips that people make at two places in the same way."""
_MAX_COST = 2.1
_MAX_OF_A_KIND = 40
_MAX_PAIRS = 400
_MAX_GUARDS = 4
_MAX_BESIDE_A_GUARD = 200


def pairs(s: Search, first: Sequence[Edit], ingredients: Sequence[Edit]) -> list[Edit]:
    """Pairs of likely edits, and of missing guards with expressions of the reference."""
    return [*_twice(first), *_moved_terms(s, first), *_guarded(first, ingredients)]


def _twice(first: Sequence[Edit]) -> list[Edit]:
    kinds: dict[str, list[Edit]] = {}
    for edit in first:
        if edit.rule in _TWICE and edit.cost <= _MAX_COST:
            kinds.setdefault(edit.rule, []).append(edit)
    found = []
    for edits in kinds.values():
        both = [
            (a, b) for a, b in itertools.combinations(edits[:_MAX_OF_A_KIND], 2) if a.is_apart(b)
        ]
        both.sort(key=lambda pair: (abs(pair[0].line - pair[1].line), pair[0].cost + pair[1].cost))
        for a, b in both[:_MAX_PAIRS]:
            upper = a if a.line <= b.line else b
            far = 0.0 if a.line == b.line else 0.25
            end_line = a.end_line if a.line == b.line else min(a.end_line, b.end_line)
            cost = 2.75 + far + 0.4 * (a.cost + b.cost - 2.0)
            found.append(
                replace(
                    _both(a, b, cost),
                    changes=tuple(sorted((*a.changes, *b.changes))),
                    line=upper.line,
                    end_line=end_line,
                    what=upper.what,
                )
            )
    return found


def _moved_terms(s: Search, first: Sequence[Edit]) -> list[Edit]:
    """A term taken out where later operations act on it, and applied to the parameter itself instead."""
    found = []
    added = start_terms(s)
    used = Counter(word for node in s.module.editable for word in words(s.text(node)))
    for a in first:
        here = Counter(words(a.old)) if a.rule in ("term-too-many", "statement-too-many") else None
        if here is None or any(s.roles.get(word, word) in RATES for word in here):
            continue
        for b in added:
            shared = {word for word in words(b.new) if word in here and word.isidentifier()}
            # One of them is used here and nowhere else: without this term it would have no effect at all.
            alone = any(used[word] - here[word] <= 1 for word in shared)
            if len(shared) >= 2 and alone and a.is_apart(b):
                slip = SLIPS["coupled"]
                both = _both(a, b, slip.cost - 0.05 * len(shared))
                what = slip.what.format(it=short(a.old))
                found.append(replace(both, rule="coupled", what=what, borrowed=False))
    return found


def _guarded(first: Sequence[Edit], ingredients: Sequence[Edit]) -> list[Edit]:
    """A missing guard, and one more change."""
    found = []
    removed = [
        e
        for e in first
        if e.cost <= 1.7 and e.rule in ("term-too-many", "abs-too-many", "factor-too-many")
    ]
    likely = sorted(ingredients, key=lambda edit: edit.cost)[:_MAX_BESIDE_A_GUARD]
    for guard in [e for e in first if e.rule == "guard-missing"][:_MAX_GUARDS]:
        for other in filter(guard.is_apart, removed[:_MAX_OF_A_KIND]):
            both = _both(guard, other, guard.cost + 1.2)
            found.append(replace(both, line=other.line, end_line=other.end_line))
        found += [_both(b, guard, b.cost + 1.0) for b in likely if guard.is_apart(b)]
    return found


def _both(a: Edit, b: Edit, cost: float) -> Edit:
    """The first of two edits with the changes of both."""
    changes, borrowed = (*a.changes, *b.changes), a.borrowed or b.borrowed
    return replace(a, changes=changes, cost=round(cost, 4), borrowed=borrowed)
