"""The family of a bug, from the change that repairs it: what kind of change, of which words, in which place.

The words are those of optimisation at large (a learning rate, a moving average, a warm-up), never a
problem's name; what the reference itself talks about says which of them is meant.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

FAMILIES = {
    "sign": "a plus for a minus or the reverse, anywhere",
    "clamp": "max or min missing, one for the other, or a reduction (np.max) for the elementwise form; hard for soft threshold",
    "abs": "abs or sign missing, misplaced, or where it does not belong",
    "comparison": "a wrong operator, a comparison with itself, any for all, a condition missing, the trace or determinant alone",
    "moment": "first or second moment: no (1 - beta), no square, no root, weights swapped",
    "bias-correction": "missing, with the wrong power or beta, computed and not used, t off by one",
    "eps": "inside the root, or missing",
    "decay": "missing, coupled to the gradient, in the adaptive step, after the update, not scaled by the rate",
    "velocity": "not accumulated, reset in the loop, beta missing, an average for a sum, the gradient used instead",
    "look-ahead": "the gradient at the current point; beta or the rate missing in the look-ahead",
    "learning-rate": "missing, or applied twice",
    "step-count": "a step too few or too many, an early return, a gradient taken once at the start",
    "norm": "not squared, not summed up, no root, of each tensor instead of all, the ratio inverted",
    "schedule": "pi, one half or the floor missing, not counted from the end of the warm-up, the wrong length, sin for cos",
    "newton": "derivatives swapped, no division by the curvature, a guard missing or wrong",
    "algebra": "any other wrong formula: the wrong coefficient, x for y, an update overwritten",
    "return": "the wrong value, or nothing, is returned",
    "mutation": "the caller's array is changed",
    "dtype": "the wrong type, numbers cut down to integers, integer division",
}  # fmt: skip
"""What each family covers."""

_RATE = re.compile(r"^(lr|alpha|eta|learning_?rate|step_?size|rate|stepsize|lr_t|gamma)$")
_DECAY = re.compile(r"^(wd|weight_?decay|decay|l2)$")
_EPS = re.compile(r"^(eps|epsilon|tiny|EPS)$")
_BETA = re.compile(r"^(beta_?[12]?|rho|b[12]|momentum|betas?|mu|gamma|mom)$")
_HAT = re.compile(r"hat|corr|unbias|^[mv]h$|^bias|^bc\d?$")
_VELOCITY = re.compile(r"^(v|vel|velocity|buf|momentum_buffer|u|delta|v_?\w+)$")
_FALLING = re.compile(r"cos|pi|progress|warm|peak|final|total|angle|frac|decay")
_STEPS = re.compile(r"^(n_|num_|max_)?(steps|iters)$")
_COUNTERS = re.compile(r"^(t|step|k|n)$")
_GRADIENT = re.compile(r"grad|^d2?f|^g$|jac")
_AHEAD = re.compile(r"look|ahead|nest|probe|peek|y|interim|x_?tilde")


@dataclass(frozen=True, slots=True)
class Domain:
    """What the reference talks about."""

    moments: bool
    velocity: bool
    look_ahead: bool
    schedule: bool
    norm: bool
    newton: bool
    shrink: bool
    truth: bool

    @staticmethod
    def of(text: str, parameters: Sequence[str]) -> Domain:
        names = set(parameters)
        averages = bool(names & {"beta1", "beta2", "rho"})
        schedule = bool(names & {"warmup", "total", "warmup_steps", "total_steps"})
        velocity = not averages and bool(names & {"beta", "momentum"})
        curvature = bool(re.search(r"d2f|hess|curvature", text))
        ahead = velocity and bool(re.search(r"grad_?\w*\([^()]*[-+*]", text))
        return Domain(
            moments=averages,
            velocity=velocity,
            look_ahead=ahead,
            schedule=schedule,
            norm="norm" in text and not averages,
            newton=curvature,
            shrink="maximum(" in text or "sign(" in text,
            truth=bool(re.search(r"return (bool\(|\w+ [<>]=?|not )", text)),
        )


_FIXED = {
    "sign-of-a-term": "sign",
    "strictness": "comparison",
    "condition-inverted": "comparison",
    "comparison-operator": "comparison",
    "condition-replaced": "comparison",
    "condition-missing": "comparison",
    "condition-too-many": "comparison",
    "and-for-or": "comparison",
    "compared-with-itself": "comparison",
    "truth-value-inverted": "comparison",
    "any-for-all": "comparison",
    "all-for-any": "comparison",
    "any-too-many": "comparison",
    "all-too-many": "comparison",
    "tolerance-missing": "comparison",
    "isclose-too-many": "comparison",
    "clamp-missing": "clamp",
    "bound-missing": "clamp",
    "reduces-with-max": "clamp",
    "maximum-too-many": "clamp",
    "minimum-too-many": "clamp",
    "max-too-many": "clamp",
    "min-too-many": "clamp",
    "clip-too-many": "clamp",
    "clamp-too-many": "clamp",
    "relu-too-many": "clamp",
    "max-for-min": "clamp",
    "min-for-max": "clamp",
    "maximum-for-minimum": "clamp",
    "minimum-for-maximum": "clamp",
    "clamp-min-for-clamp-max": "clamp",
    "abs-missing": "abs",
    "abs-too-many": "abs",
    "fabs-too-many": "abs",
    "absolute-too-many": "abs",
    "sign-missing": "abs",
    "sign-too-many": "abs",
    "inside-the-root": "eps",
    "outside-the-root": "eps",
    "whole-number-division": "dtype",
    "whole-numbers": "dtype",
    "int-too-many": "dtype",
    "round-too-many": "dtype",
    "floor-too-many": "dtype",
    "astype-too-many": "dtype",
    "trunc-too-many": "dtype",
    "array-for-one-truth-value": "dtype",
    "number-for-truth-value": "dtype",
    "list-for-array": "dtype",
    "index-like-an-array": "dtype",
    "float-too-many": "dtype",
    "bool-too-many": "dtype",
    "bias-correction-missing": "bias-correction",
    "power-missing": "bias-correction",
    "wrong-variable-returned": "return",
    "returned-in-the-wrong-order": "return",
    "nothing-returned": "return",
    "path-returned": "return",
    "stale-gradient": "step-count",
    "returns-in-the-loop": "step-count",
    "step-count": "step-count",
    "in-place": "mutation",
    "shares-memory": "mutation",
    "alias": "mutation",
    "callers-array-changed": "mutation",
    "coupled": "decay",
    "transpose": "algebra",
}


def family_of(
    rule: str,
    text: str,
    inside: Sequence[ast.AST],
    roles: Mapping[str, str],
    domain: Domain,
    source_of: Callable[[ast.AST], str],
) -> str:
    """The family of a change.

    Args:
        rule: the kind of change.
        text: what stood there, a zero character, and what should.
        inside: the nodes that hold the place, outermost first.
        roles: the student's names by the reference's parameter that they carry.
        domain: what the reference talks about.
        source_of: the text of a node.
    """
    place = _Place(text, inside, roles, domain, source_of)
    return place.family(rule)


def _names(text: str) -> set[str]:
    return set(re.findall(r"[A-Za-z_]\w*", text))


class _Place:
    def __init__(
        self,
        text: str,
        inside: Sequence[ast.AST],
        roles: Mapping[str, str],
        domain: Domain,
        source_of: Callable[[ast.AST], str],
    ) -> None:
        self.inside, self.domain, self.roles = inside, domain, roles
        self.source_of = source_of
        old, new = "", ""
        for part in text.split("\n"):
            a, _, b = part.partition("\0")
            old, new = f"{old} {a}", f"{new} {b}"
        self.old, self.new = old.strip(), new.strip()
        words_old, words_new = _bag(old), _bag(new)
        self.gone = {w for w in words_old if words_old[w] > words_new.get(w, 0)}
        self.come = {w for w in words_new if words_new[w] > words_old.get(w, 0)}
        self.changed = self.gone | self.come
        statements = [n for n in inside if isinstance(n, ast.stmt)]
        self.statement = statements[-1] if statements else None
        simple = self.statement is not None and not hasattr(self.statement, "body")
        self.statement_text = (
            source_of(self.statement) if self.statement is not None and simple else ""
        )
        self.targets = (
            _names(" ".join(source_of(t) for t in self._target_nodes()))
            if self.statement
            else set()
        )
        self.in_range = any(
            isinstance(n, ast.Call) and isinstance(n.func, ast.Name) and n.func.id == "range"
            for n in inside
        )
        self.in_power = any(
            isinstance(n, ast.BinOp) and isinstance(n.op, ast.Pow) for n in inside[-4:]
        )
        self.in_compare = any(isinstance(n, ast.Compare) for n in inside)
        self.in_gradient = any(
            isinstance(n, ast.Call) and _GRADIENT.search(_called(n)) is not None for n in inside
        )
        self.in_while = any(isinstance(n, ast.While) for n in inside[-3:]) and self.in_compare
        self.in_return = isinstance(self.statement, ast.Return)
        self.in_test = isinstance(self.statement, ast.If) or (
            self.in_compare and isinstance(self.statement, ast.If | ast.While)
        )

    @property
    def stops(self) -> bool:
        """Whether the place is the condition of an early end of a loop."""
        if not isinstance(self.statement, ast.If) or not any(
            isinstance(n, ast.For | ast.While) for n in self.inside
        ):
            return False
        return any(isinstance(n, ast.Break | ast.Return) for n in self.statement.body)

    @property
    def counts(self) -> bool:
        """Whether the place counts the steps of a `while`."""
        loop = next((n for n in reversed(self.inside) if isinstance(n, ast.While)), None)
        if loop is None:
            return False
        tested = {n.id for n in ast.walk(loop.test) if isinstance(n, ast.Name)}
        return bool(self.targets) and self.targets <= tested

    @staticmethod
    def _is_names(text: str) -> bool:
        return re.fullmatch(r"[\w\s,()\[\].]*", text) is not None and "," in text

    def _target_nodes(self) -> list[ast.AST]:
        if isinstance(self.statement, ast.Assign):
            return list(self.statement.targets)
        if isinstance(self.statement, ast.AugAssign | ast.AnnAssign):
            return [self.statement.target]
        return []

    @property
    def in_product(self) -> set[str]:
        """Names in the largest product that holds the place; products end at sums."""
        found = None
        for node in reversed(self.inside):
            if isinstance(node, ast.BinOp) and not isinstance(node.op, ast.Add | ast.Sub):
                found = node
            elif not isinstance(node, ast.UnaryOp | ast.Call):
                break
        return set() if found is None else _names(self.source_of(found))

    @property
    def tests_steps(self) -> bool:
        """Whether the place is a condition on the number of steps."""
        if not self.in_test or self.domain.schedule or self.statement is None:
            return False
        head = self.source_of(self.statement).partition("\n")[0]
        return self._has(_names(head), _STEPS)

    def _made_with(self, names: set[str]) -> set[str]:
        """The words of what is assigned to one of the names."""
        return {
            word
            for root in self.inside[:1]
            for node in ast.walk(root)
            if isinstance(node, ast.Assign)
            and any(isinstance(t, ast.Name) and t.id in names for t in node.targets)
            for word in _names(self.source_of(node.value))
        }

    def _operation(self, rule: str) -> str:
        """The family of an operation that is lost or too many with the name of what it has made, if there is one."""
        made, gone = self._made_with(self.gone), self.gone
        lost = made - self._made_with(self.come) if rule == "wrong-variable" else set()
        about_norms = self.domain.norm or self.domain.moments
        if "norm" in lost and not about_norms and not self.domain.truth:
            return "norm"
        if lost & {"abs", "fabs", "sign"}:
            return "abs"
        removed = gone | made if rule == "factor-too-many" else gone
        return "norm" if "norm" in removed and not about_norms else ""

    @property
    def of_the_look_ahead(self) -> bool:
        """Whether a name that comes or goes stands for the point at which the gradient is taken."""
        points = {
            n.id
            for root in self.inside[:1]
            for call in ast.walk(root)
            if isinstance(call, ast.Call) and _GRADIENT.search(_called(call))
            for n in call.args
            if isinstance(n, ast.Name)
        }
        return self.domain.look_ahead and bool(points & self.gone) and not points & self.come

    def _has(self, words: set[str], pattern: re.Pattern[str]) -> bool:
        return any(pattern.search(w) or pattern.search(self.roles.get(w, "")) for w in words)

    @property
    def looks_ahead(self) -> bool:
        if not self.domain.velocity:
            return False
        return self.in_gradient or any(
            re.search(r"look|ahead|nest|probe|peek|interim|tilde", t) for t in self.targets
        )

    def family(self, rule: str) -> str:
        domain = self.domain
        if rule == "sign-of-a-term":
            if self.in_range:
                return "step-count"
            return "sign"
        if (
            rule == "operands-swapped"
            and " - " in self.old
            and not self.in_range
            and not domain.newton
        ):
            return "schedule" if domain.schedule else "sign"
        if rule != "whole-number-division" and (
            self.in_range or self.counts or (self.in_while and rule != "condition-inverted")
        ):
            return "step-count"
        if domain.newton and self.in_test and rule in (
            "abs-missing", "wrong-number", "guard-for-exact-zero", "wrong-variable", "condition-replaced",
            "condition-missing", "guard-missing", "tolerance-missing", "tolerance", "comparison-operator",
            "expression-of-the-reference", "condition-too-many", "factor-missing",
        ):  # fmt: skip
            return "newton"
        if rule == "returned-too-much":
            return "return"
        if rule == "never-updated":
            return self._by_domain()
        if rule == "wrong-number" and self._is_small() and (domain.truth or domain.newton):
            return "newton" if domain.newton else "comparison"
        if self.tests_steps:
            return "step-count"
        if domain.moments and self._about_decay(rule):
            return "decay"
        if rule == "product-for-power" and domain.moments:
            return "bias-correction" if self._has(self.in_product, _COUNTERS) else "moment"
        operation = self._operation(rule)
        if operation:
            return operation
        if rule == "wrong-variable" and self.of_the_look_ahead:
            return "look-ahead"
        if rule == "tolerance":
            gone, come = self.old, self.new
            return "sign" if gone.lstrip("-") == come.lstrip("-") else "comparison"
        if (
            rule in ("sum-missing", "sum-for-mean", "mean-for-sum", "sum-too-many", "mean-too-many")
            and not domain.norm
        ):
            return "moment" if domain.moments else "algebra"
        if rule == "division-by-zero":
            return "clamp" if domain.norm else self._by_domain()
        if rule in ("assigned-at-once", "statements-swapped", "old-value-used"):
            if self._has(_names(self.old + self.new), _DECAY) and domain.moments:
                return "decay"
            return self._by_domain() if domain.velocity or domain.moments else "algebra"
        if rule in ("ratio-inverted", "grouping"):
            if domain.moments and self._power_involved() and not self._has(_names(self.old), _EPS):
                return "bias-correction"
            return self._by_domain()
        if rule == "condition-replaced":
            ops_old = re.findall(r"[<>]=?", self.old)
            ops_new = re.findall(r"[<>]=?", self.new)
            small = re.findall(r"1e-\d+", self.old) != re.findall(r"1e-\d+", self.new)
            return "comparison" if ops_old != ops_new or small or not domain.truth else "algebra"
        if rule in ("wrong-number", "tolerance", "off-by-one", "wrong-variable") and self.stops:
            return "newton" if domain.newton else "step-count"
        if rule in ("square-missing", "root-missing", "sqrt-too-many", "square-too-many", "abs-for-square",
                    "square-for-abs", "power-too-many", "sum-missing", "square-for-root", "sum-for-mean",
                    "mean-for-sum", "power-for-product", "norm-too-many", "sum-too-many"):  # fmt: skip
            if self._has(self.changed, re.compile(r"^(t|step|k)$")) and domain.moments:
                return "bias-correction"
            return self._by_domain()
        if rule == "off-by-one":
            if domain.moments:
                return "bias-correction"
            return "schedule" if domain.schedule else "step-count"
        if rule in _FIXED and not (
            rule == "returned-in-the-wrong-order" and not domain.moments and not self.in_return
        ):
            fixed = _FIXED[rule]
            if fixed == "eps" and not self._has(self.changed | _names(self.old), _EPS):
                return self._by_domain()
            if rule == "bound-missing" and self._has(_names(self.old), _RATE):
                return "clamp"
            if fixed == "dtype" and rule in ("float-too-many", "bool-too-many"):
                return "return" if self.in_return else "dtype"
            return fixed
        if rule == "expression-of-the-reference" and self.in_return and self._is_names(self.old):
            return "return"
        if rule == "wrong-variable" and self.in_return and domain.shrink:
            return "return"
        if self.in_return and domain.velocity and rule == "term-too-many":
            return "return"
        if rule == "moved-for-good":
            return "algebra"
        if rule == "complement-missing":
            return "bias-correction" if "**" in self.old or "pow" in self.old else self._by_domain()
        if rule in ("reset-in-the-loop",):
            return "velocity" if domain.velocity else "moment" if domain.moments else "step-count"
        if rule in ("stops-early", "belongs-after-the-loop", "belongs-in-the-loop"):
            return "step-count" if not domain.newton or rule != "stops-early" else "newton"
        if rule == "guard-missing":
            if domain.newton:
                return "newton"
            if domain.schedule:
                return "clamp" if "final" in self.new else "schedule"
            return "comparison" if domain.truth else "clamp"
        return self._by_words(rule)

    def _is_small(self) -> bool:
        """Whether a number stands there, or belongs there, that can only be a tolerance."""
        numbers = re.findall(r"\d*\.?\d+(?:e-?\d+)?", f"{self.old} {self.new}")
        return any(0 < float(number) < 1e-4 for number in numbers)

    def _about_decay(self, rule: str) -> bool:
        """Whether the place is a factor of the decay, whatever the factor is about."""
        if rule == "expression-of-the-reference":
            both = _names(self.old) & _names(self.new)
            return self._has(both, _DECAY) and not self._has(_names(self.old), _HAT)
        about = (
            "wrong-variable",
            "norm-too-many",
            "square-too-many",
            "power-too-many",
            "sum-too-many",
        )
        return rule in about and self._has(self.in_product, _DECAY)

    def _by_words(self, rule: str) -> str:
        """The family by the words that come or go."""
        domain, changed = self.domain, self.changed
        if rule == "wrong-variable" and self.come:
            # What stands there may be anything; what belongs there says what it is about.
            changed = self.come
        if {"np", "math"} >= changed and not changed:
            changed = _names(self.old)
        if domain.truth:
            nested = [
                n
                for n in self.inside
                if isinstance(n, ast.Call) and _called(n) not in ("bool", "all", "any")
            ]
            if (
                self.in_compare
                and not nested
                and rule not in ("expression-of-the-reference", "factor-missing", "factor-too-many")
            ):
                return "comparison"
            return (
                "comparison"
                if "<" in self.new + self.old or ">" in self.new + self.old
                else "algebra"
            )
        if domain.moments and self._has(changed, _DECAY):
            return "decay"
        if "factor" in rule and self._has(changed, _RATE) and self._has(_names(self.old), _DECAY):
            return "decay"
        if (
            domain.moments
            and self.changed <= {"1"}
            and self._has(self.targets | _names(self.old), _COUNTERS)
        ):
            return "bias-correction"
        if (
            "factor" in rule
            and not domain.moments
            and not self.looks_ahead
            and self._has(_names(self.old), _RATE)
            and not domain.schedule
        ) and len(_names(self.old)) <= 2:
            return "learning-rate"
        if (
            domain.look_ahead
            and rule in ("term-missing", "term-too-many")
            and self._has(changed, _BETA)
            and self._has(changed, _RATE)
        ):
            return "look-ahead"
        if rule == "statements-swapped" and self._has(
            _names(self.old + self.new + self.statement_text), _DECAY
        ):
            return "decay"
        if domain.moments and self._power_involved():
            return "bias-correction"
        if self._has(changed, _EPS) and domain.moments:
            return "eps"
        if self.looks_ahead:
            return "look-ahead"
        if domain.schedule:
            return self._schedule(changed)
        if domain.norm:
            if self.in_return and rule in ("wrong-variable",):
                return "return"
            if rule == "expression-of-the-reference" and len(self.come) > 3:
                return "norm"
            return "clamp" if changed & {"min", "max"} else "norm"
        if domain.newton:
            if rule in (
                "factor-too-many",
                "factor-missing",
                "wrong-number",
                "term-too-many",
            ) and not changed & set(self.roles):
                return "algebra"
            if self.in_return and rule == "term-missing":
                return "return"
            return "newton"
        if domain.shrink:
            return self._shrink(changed)
        if self._has(changed, _HAT):
            return "bias-correction"
        if self._has(changed, _RATE):
            return "learning-rate"
        if domain.velocity:
            if rule in ("statement-too-many", "overwritten") and not self._has(
                changed | self.targets, _BETA
            ):
                return "velocity" if self._has(self.targets, _VELOCITY) else "algebra"
            return "velocity"
        if domain.moments:
            return "moment"
        return "algebra"

    def _power_involved(self) -> bool:
        text = self.old + " " + self.new
        t = re.search(r"\*\*\s*\(?\s*(\w+\.)?(t|step|k|i|n)\b|pow(er)?\(", text) is not None
        beta = self._has(self.changed, re.compile(r"beta_?[12]|^b[12]$|rho"))
        counter = self._has(self.changed, re.compile(r"^(t|step|k|n)$"))
        hat = self._has(self.changed, _HAT) or self._has(self.targets, _HAT)
        return (t and (beta or counter or "**" in text)) or counter or hat

    def _schedule(self, changed: set[str]) -> str:
        if changed & {"min", "max", "clip", "minimum", "maximum"} and not changed & {
            "pi",
            "cos",
            "sin",
        }:
            return "clamp"
        return "schedule"

    def _shrink(self, changed: set[str]) -> str:
        if changed & {"maximum", "max", "minimum", "min", "clip", "where"}:
            return "clamp"
        if changed & {"abs", "sign", "fabs"}:
            return "abs"
        return "algebra"

    def _by_domain(self) -> str:
        domain = self.domain
        if domain.moments:
            if self._has(self.changed, _DECAY):
                return "decay"
            return "moment"
        if domain.norm:
            return "norm"
        if domain.schedule:
            return "schedule"
        if domain.velocity:
            return "velocity"
        if domain.newton:
            return "newton"
        return "algebra"


def _bag(text: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for word in re.findall(r"\*\*|[A-Za-z_]\w*|\d+\.?\d*(?:e-?\d+)?", text):
        found[word] = found.get(word, 0) + 1
    return found


def _called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
