"""Outcomes to points: the partial-credit policy, in this one place.

- A code problem: each group of hidden cases earns its points if all its cases pass, else none.
- Several parts (numbers, formulas, measurements, a hunt's line and repair): equal shares.
- A grader fault earns and costs nothing: the score is None until a person grades the item.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from autograder.model import CaseResult, Outcome


def group_points(
    results: Sequence[CaseResult], possible: Mapping[str, float]
) -> dict[str, tuple[float, float]]:
    """(earned, possible) points by group; a group without results earns nothing."""
    earned = {}
    for group, points in possible.items():
        outcomes = [result.outcome for result in results if result.hidden and result.group == group]
        passed = bool(outcomes) and all(outcome is Outcome.PASSED for outcome in outcomes)
        earned[group] = (float(points) if passed else 0.0, float(points))
    return earned


def equal_shares(names: Sequence[str], points: float) -> dict[str, float]:
    """The points of each part of an item of several parts."""
    return {name: points / len(names) for name in names}


def total(earned: Mapping[str, tuple[float, float]], max_score: float) -> float:
    """The item's score, within 0 and `max_score` whatever rounding did."""
    score = sum(points for points, _ in earned.values())
    if earned and all(points == possible for points, possible in earned.values()):
        return max_score
    return min(max(round(score, 9), 0.0), max_score)


def overall(results: Sequence[CaseResult]) -> Outcome:
    """The item's outcome: the first case that did not pass decides, faults of the grader before all."""
    outcomes = [result.outcome for result in results]
    if Outcome.GRADER_ERROR in outcomes:
        return Outcome.GRADER_ERROR
    hidden = [result.outcome for result in results if result.hidden] or outcomes
    if hidden and all(outcome is Outcome.NOT_ATTEMPTED for outcome in hidden):
        return Outcome.NOT_ATTEMPTED
    bad = [o for o in outcomes if o not in (Outcome.PASSED, Outcome.NOT_ATTEMPTED)]
    if bad:
        return bad[0]
    if Outcome.NOT_ATTEMPTED in outcomes:
        return Outcome.FAILED  # some parts answered, others left out
    return Outcome.PASSED
