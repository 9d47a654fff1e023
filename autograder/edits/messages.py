"""What each kind of edit costs, and what it says of the line.

A kind is a rule's name, with a variant after a colon where one rule has several sentences. A sentence follows
"Line 7 ". `{it}` is the place as the student wrote it; the other words come from the edit.
"""

from __future__ import annotations

from typing import NamedTuple


class Slip(NamedTuple):
    """A kind of slip.

    Attributes:
        cost: how unlikely it is, from 1 for the commonest; an edit may add to it.
        what: a sentence about the line.
        family: of the bug where the kind alone decides it; else it is worked out from the change.
        borrowed: whether it brings an expression of the reference, which may do the work of code that it only
            goes around.
    """

    cost: float
    what: str
    family: str = ""
    borrowed: bool = False


SLIPS = {
    # signs, terms, factors, powers
    "sign-of-a-term:added": Slip(1.0, "adds `{b}` where it should be subtracted."),
    "sign-of-a-term:subtracted": Slip(1.0, "subtracts `{b}` where it should be added."),
    "sign-of-a-term:minus-too-many": Slip(1.2, "has a minus before `{b}` that does not belong there."),
    "sign-of-a-term:minus-missing": Slip(2.0, "lacks a minus before `{it}`."),
    "sum-for-product": Slip(2.6, "has `{it}` where a product belongs."),
    "product-for-quotient:multiplied": Slip(1.7, "multiplies by `{b}` where it should be divided."),
    "product-for-quotient:divided": Slip(1.7, "divides by `{b}` where it should be multiplied."),
    "product-for-power": Slip(2.0, "multiplies by `{b}` where that is an exponent."),
    "product-for-sum": Slip(2.5, "has `{it}` where a sum or difference belongs."),
    "whole-number-division": Slip(1.0, "cuts the quotient down to a whole number: `//` is whole-number division."),
    "power-for-product": Slip(1.9, "takes a power where `{a}` should be multiplied by `{b}`."),
    "term-too-many": Slip(1.6, "has one term too many: `{b}` does not belong there."),
    "factor-too-many": Slip(1.6, "has one factor too many: `{b}` does not belong there."),
    "factor-too-many:operation": Slip(1.6, "has one operation too many: `{b}` does not belong there."),
    "power-too-many": Slip(1.6, "has one operation too many: `{b}` does not belong there."),
    "factor-missing": Slip(1.75, "uses `{it}` without the factor `{b}`."),
    "divisor-missing": Slip(2.1, "uses `{it}` without dividing by `{b}`."),
    "factor-missing:own": Slip(3.0, "uses `{it}` without the factor `{b}`."),
    "divisor-missing:own": Slip(3.1, "uses `{it}` without dividing by `{b}`."),
    "term-missing:own": Slip(3.0, "lacks the term `{sign} {b}`."),
    "term-missing:own-minuend": Slip(3.0, "lacks what `{it}` is subtracted from: `{b}`."),
    "term-missing:reference": Slip(2.2, "lacks a term {hint}.", borrowed=True),
    "term-missing:minuend": Slip(2.2, "lacks what `{it}` is subtracted from.", borrowed=True),
    "term-missing:start": Slip(4.0, "lacks the term `{sign} {b}` in what becomes of `{a}`.", borrowed=True),
    # order and grouping
    "operands-swapped": Slip(1.5, "has `{it}` the wrong way round."),
    "ratio-inverted": Slip(1.5, "has `{it}` the wrong way round."),
    "ratio-inverted:turned": Slip(1.5, "has `{it}` with the ratio upside down."),
    "grouping:missing": Slip(2.2, "groups `{it}` wrongly: parentheses are missing."),
    "grouping:too-much": Slip(2.2, "groups `{it}` wrongly: the parentheses hold too much."),
    "elements-swapped": Slip(1.9, "has `{a}` and `{b}` in each other's place."),
    "reversed": Slip(1.4, "takes the elements in the opposite order."),
    "returned-in-the-wrong-order": Slip(1.9, "has `{a}` and `{b}` in each other's place."),
    "returned-too-much": Slip(1.5, "returns `{b}` too, which is not asked for."),
    "arguments-swapped": Slip(1.8, "passes `{a}` and `{b}` in each other's place."),
    # roots, moments, division by zero
    "outside-the-root": Slip(2.4, "adds `{b}` outside the root, not under it."),
    "inside-the-root": Slip(1.25, "has `{b}` under the root; it belongs outside."),
    "root-missing": Slip(1.9, "uses `{it}` without its root."),
    "square-missing": Slip(1.9, "uses `{it}` without its square."),
    "power-missing": Slip(1.3, "divides by `{it}`; the correction for the start from zero has the power `**{name}`."),
    "complement-missing": Slip(1.4, "has `{it}` where `1 - {it}` belongs."),
    "complement-missing:power": Slip(1.3, "has `{it}` where `1 - {it}` belongs."),
    "complement-missing:one": Slip(1.7, "has 1 where `1 - {b}` belongs."),
    "bias-correction-missing": Slip(1.85, "uses `{it}` without the correction `{b}` for its start from zero."),
    "division-by-zero": Slip(1.7, "divides by `{b}` even where it is zero."),
    # conditions
    "strictness:strict": Slip(1.0, "compares with `{symbol}`, which is strict; it should not be strict."),
    "strictness:loose": Slip(1.0, "compares with `{symbol}`, which is not strict; it should be strict."),
    "condition-inverted:operator": Slip(1.15, "compares the wrong way round: `{it}` needs `{new}`."),
    "condition-inverted:sides": Slip(2.4, "compares the wrong way round: `{it}`."),
    "condition-inverted:not": Slip(1.4, "tests the opposite: the `not` before `{b}` does not belong there."),
    "condition-inverted": Slip(1.8, "has the condition `{it}` the wrong way round."),
    "condition-inverted:branches": Slip(1.5, "has the two branches the wrong way round."),
    "condition-inverted:if": Slip(1.6, "has the two branches of `if {a}` the wrong way round."),
    "comparison-operator": Slip(1.3, "compares with `{symbol}` where `{new}` belongs."),
    "condition-replaced": Slip(1.9, "tests `{it}`, which is not the right condition.", borrowed=True),
    "condition-missing": Slip(2.5, "tests `{it}` alone; a second condition is missing.", borrowed=True),
    "condition-too-many": Slip(1.7, "asks for `{b}` as well, which does not belong there."),
    "and-for-or": Slip(1.1, "joins the conditions with `{symbol}` where `{new}` belongs."),
    "tolerance-missing:+": Slip(1.5, "compares without the tolerance: add {b} to the right-hand side."),
    "tolerance-missing:-": Slip(1.5, "compares without the tolerance: subtract {b} from the right-hand side."),
    "tolerance-missing": Slip(1.25, "compares with {a}; the tolerance is {b}."),
    "tolerance": Slip(1.25, "compares with {a}; the tolerance is {b}."),
    "guard-for-exact-zero": Slip(1.8, "asks for an exact value with `{symbol}`; a number that is nearly zero slips through."),
    "branch-too-many": Slip(2.0, "should be `{b}` in every case."),
    "guard-too-many": Slip(2.3, "does this only if `{a}`; it should always be done."),
    "stops-early:if": Slip(2.3, "does this only if `{a}`; it should always be done."),
    "guard-missing": Slip(1.9, "is reached by inputs for which it does not hold; a guard before it is missing.", borrowed=True),
    # calls
    "x-too-many": Slip(1.55, "applies `{name}` to `{b}`, which does not belong there."),
    "x-for-y": Slip(1.25, "calls `{name}` where `{twin}` belongs."),
    "reduces-with-max": Slip(1.4, "`{name}` reduces the whole array to one number; the elementwise form is `{twin}`."),
    "reduces-with-max:builtin": Slip(2.0, "`{name}` compares whole arrays; the elementwise form is `{twin}`."),
    "inside-the-root:chain": Slip(1.5, "has `{a}` and `{b}` in the wrong order."),
    "outside-the-root:chain": Slip(1.5, "has `{a}` and `{b}` in the wrong order."),
    "option-too-many": Slip(1.9, "passes `{b}`, which does not belong there."),
    "option-missing": Slip(1.9, "calls `{name}` without `{b}`."),
    "whole-numbers:dtype": Slip(1.4, "makes whole numbers with dtype={b}, which cuts fractions off."),
    "whole-numbers": Slip(1.7, "takes over the type of `{b}`; whole numbers cut fractions off."),
    "step-count": Slip(1.0, "runs over `{it}`, which is not the right number of steps."),
    "step-count:name": Slip(1.6, "runs over `{it}`; the number of steps is `{name}`."),
    "index-too-many": Slip(2.6, "takes only the part `[{b}]`."),
    "transpose": Slip(2.0, "transposes `{b}`, which does not belong there."),
    # numbers and names
    "truth-value-inverted": Slip(1.4, "says {it} where {new} belongs."),
    "wrong-number": Slip(1.5, "has {it} where {new} belongs."),
    "wrong-number:pi": Slip(1.6, "has `{it}` where pi belongs."),
    "number-for-variable": Slip(2.7, "has {it} where `{new}` belongs."),
    "wrong-variable": Slip(2.0, "uses `{it}` where `{new}` belongs."),
    "wrong-variable:called": Slip(2.0, "calls `{it}` where `{new}` belongs."),
    "wrong-variable-returned": Slip(1.75, "returns `{it}` where `{new}` belongs."),
    "compared-with-itself": Slip(1.4, "uses `{it}` where `{new}` belongs."),
    "compared-with-itself:called": Slip(1.4, "calls `{it}` where `{new}` belongs."),
    "off-by-one": Slip(1.6, "uses `{it}` where `{new}` belongs."),
    "old-value-used": Slip(2.1, "uses `{b}` where `{new}` belongs, which the next line computes too late."),
    # put around an expression
    "abs-missing": Slip(1.9, "uses `{it}` with its sign; its absolute value belongs there."),
    "sign-missing": Slip(2.2, "loses the sign of `{name}`."),
    "clamp-missing": Slip(1.9, "lets `{it}` become negative; it should stop at zero."),
    "bound-missing": Slip(1.9, "lets `{it}` grow beyond 1; `min(1, …)` is missing."),
    "x-missing": Slip(2.4, "uses `{it}` where `{name}` of it belongs."),
    "path-returned": Slip(2.2, "returns all of `{it}` where only the last one is wanted."),
    "number-for-truth-value": Slip(2.2, "returns a number where True or False is wanted."),
    "array-for-one-truth-value": Slip(2.0, "returns one truth value per element where a single one is wanted."),
    "expression-of-the-reference": Slip(2.5, "has `{it}`, which is not the expression that belongs there.", borrowed=True),
    # statements
    "accumulated": Slip(2.1, "accumulates into `{a}`; it should be set."),
    "overwritten": Slip(2.1, "accumulates into `{a}`; it should be set."),
    "not-accumulated": Slip(2.0, "overwrites `{a}`; `{symbol}=` carries the old value on."),
    "assigned-at-once:first": Slip(1.8, "assigns both at once, so the second still uses the old value of the first."),
    "assigned-at-once:second": Slip(2.3, "assigns both at once, so the first still uses the old value of the second."),
    "nothing-returned": Slip(1.5, "returns nothing; `{new}` is wanted."),
    "nothing-returned:reference": Slip(1.9, "returns nothing."),
    "nothing-returned:end": Slip(1.4, "is the end of the function, where nothing is returned; `return {new}` is missing."),
    "statement-too-many": Slip(2.1, "has `{it}`, which does not belong there."),
    "stops-early": Slip(1.9, "has `{it}`, which does not belong there."),
    "statements-swapped:late": Slip(1.7, "comes too late: it and the line before are in the wrong order."),
    "statements-swapped:early": Slip(1.7, "comes too early: it and the next line are in the wrong order."),
    "moved-for-good": Slip(2.3, "changes `{a}` for good where only the next step needs `{b}`."),
    "statement-missing": Slip(2.35, "comes too early: `{a}` does not have its value yet.", borrowed=True),
    "never-updated": Slip(1.9, "is in a loop in which `{a}` is read and never brought up to date."),
    "statement-missing:counter": Slip(1.8, "is the end of a step, and `{new}` is missing."),
    "first-value-missing": Slip(2.2, "uses `{it}`, which has no value yet."),
    "value-missing": Slip(2.6, "uses `{it}`, which has no value yet."),
    "never-set": Slip(1.3, "ends `__init__`, in which `self.{name}` is not set."),
    # loops
    "reset-in-the-loop": Slip(1.6, "does `{it}` in every step; it belongs before the loop."),
    "returns-in-the-loop": Slip(1.1, "returns inside the loop, so only one step is taken."),
    "belongs-after-the-loop": Slip(2.4, "does `{it}` in every step; it belongs after the loop."),
    "stale-gradient": Slip(1.35, "computes `{a}` once, before the loop; every step needs it anew."),
    "belongs-in-the-loop": Slip(1.9, "computes `{a}` once, before the loop; every step needs it anew."),
    # the caller's arrays
    "in-place": Slip(0.9, "changes `{a}` in place, and with it the caller's value; `{a} = {a} {symbol} …` makes a new one.", "mutation"),
    "alias": Slip(1.3, "makes `{a}` another name for `{b}`, so what changes one changes the other; a copy is needed.", "mutation"),
    "shares-memory": Slip(1.5, "shares memory with the caller's array through `{name}`; `{twin}` copies."),
    "callers-array-changed": Slip(1.6, "changes the caller's `{a}`; work on a copy.", "mutation"),
    "list-for-array": Slip(2.2, "takes `{a}` as it comes; a list has to become an array first.", "dtype"),
    # two places
    "coupled": Slip(2.7, "puts `{it}` where the later operations act on it; it belongs beside them."),
}  # fmt: skip
