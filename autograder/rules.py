"""The classic bugs, one YAML file each in `bug_rules/`: read strictly, found in a student's source, repaired.

A rule is an ast-grep rule with a few words of ours under `metadata`, the one key in which ast-grep's own
command line lets others write. What ast-grep-py would ignore in silence (a misspelt key, a pattern that
does not parse, a bare `not`) is refused here. A rule proposes; only a run of the repaired source proves.
"""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml
from ast_grep_py import SgNode, SgRoot

from autograder.canonical import Canonical, canonical
from autograder.families import FAMILIES
from autograder.source import SourcePart, parse

RULES_FOLDER = Path(__file__).parent / "bug_rules"

_OURS = ("family", "problems", "at", "match", "no-match")
_KEYS = (
    "id", "language", "severity", "message", "note", "url", "rule", "constraints", "utils", "fix",
    "metadata",
)  # fmt: skip
_REQUIRED = ("id", "language", "message", "note", "url", "rule")
_METAVARIABLE = re.compile(r"\$(\$\$)?([A-Z_][A-Z0-9_]*)")
_BLOCKS = {"for_statement", "while_statement", "if_statement", "function_definition", "with_statement",
           "class_definition", "try_statement"}  # fmt: skip
_BUILTIN_TWINS = {"maximum": "max", "minimum": "min", "abs": "abs"}
_IN_MATH = {"sqrt", "cos", "sin", "exp", "log", "pi"}


# Relations such as "in a function that has …" cost the square of the length. Nobody's optimiser is longer.
MAX_LINES = 250
_MAX_PLACES = 9


class RuleError(Exception):
    """Everything that is wrong with the rule files, one line each: `file.yaml: key: what`."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class Example:
    """Code with the bug, and what the fix makes of it (None where the rule has no fix)."""

    code: str
    fixed: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """A classic bug.

    Attributes:
        message: one sentence for the student; `$M` stands for what the pattern's $M matched.
        problems: names of the problems in which the shape is a bug; empty means all.
        fix: what stands in the place of the match once the bug is repaired.
        at: the metavariable whose line is the faulty one; None means the match itself.
        config: what ast-grep reads: rule, constraints, utils.
        text: the file itself, for `autograder rules --explain`.
    """

    id: str
    family: str
    message: str
    note: str
    url: str
    problems: tuple[str, ...]
    fix: str | None
    at: str | None
    match: tuple[Example, ...]
    no_match: tuple[str, ...]
    config: Mapping[str, Any] = field(repr=False)
    text: str = field(repr=False)

    def applies_to(self, problem: str) -> bool:
        return not self.problems or problem in self.problems


@dataclass(frozen=True, slots=True)
class RuleMatch:
    """A place where a rule fires. Lines are 1-based in the source that was searched.

    Attributes:
        source: the student's own text that matched.
        message: the rule's sentence, filled in with the student's names.
        fix: the repaired lines, without their common indentation; None where there is no repair.
        fix_source: the whole source with this one repair; None where there is none.
    """

    line: int
    end_line: int
    source: str
    message: str
    fix: str | None
    fix_source: str | None


# ---------------------------------------------------------------------------------------------
# Reading


@cache
def load_rules(folder: Path = RULES_FOLDER) -> tuple[Rule, ...]:
    """All rules of a folder, sorted by id.

    Raises:
        RuleError: at least one file is not as it must be; all faults of all files at once.
    """
    rules: list[Rule] = []
    faults: list[str] = []
    for file in sorted(folder.glob("*.y*ml")):
        try:
            rules.append(read_rule(file.name, file.read_text(encoding="utf-8")))
        except RuleError as error:
            faults += error.faults
        except (OSError, UnicodeDecodeError) as error:
            faults.append(f"{file.name}: cannot be read: {error}")
    if faults:
        raise RuleError(faults)
    return tuple(rules)


def rules_for(problem: str) -> tuple[Rule, ...]:
    """The rules that apply to a problem of that name."""
    return tuple(rule for rule in load_rules() if rule.applies_to(problem))


def read_rule(file_name: str, text: str) -> Rule:
    """A rule from the text of its file.

    Raises:
        RuleError: something is missing, unknown, or does not parse. Whether the examples behave is
            asked by `example_faults`.
    """
    faults: list[str] = []

    def fault(key: str, what: str) -> None:
        faults.append(f"{file_name}: {key}: {what}")

    try:
        data = yaml.load(text, Loader=_Loader)
    except yaml.YAMLError as error:
        raise RuleError([f"{file_name}: no YAML: {' '.join(str(error).split())}"]) from None
    if not isinstance(data, dict):
        raise RuleError([f"{file_name}: expected a mapping of keys, got {type(data).__name__}"])
    ours = data.get("metadata") or {}
    if not isinstance(ours, dict):
        raise RuleError([f"{file_name}: metadata: expected a mapping, got {type(ours).__name__}"])
    # At the top level ours work too, but then ast-grep's command line refuses the file.
    both = {**{key: data[key] for key in _OURS if key in data}, **ours}
    for key in data:
        if key not in (*_KEYS, *_OURS):
            fault(str(key), f"unknown key; expected one of {', '.join((*_KEYS, *_OURS))}")
    for key in ours:
        if key not in _OURS:
            fault(f"metadata.{key}", f"unknown key; expected one of {', '.join(_OURS)}")
    for key in _REQUIRED:
        if data.get(key) in (None, ""):
            fault(key, "missing")
    for key in ("id", "message", "note", "url", "fix"):
        if key in data and data[key] is not None and not isinstance(data[key], str):
            fault(key, f"expected text, got {data[key]!r}")
    if faults:
        raise RuleError(faults)

    if f"{data['id']}" != file_name.rpartition(".")[0]:
        fault("id", f"{data['id']!r} is not the name of the file")
    if data["language"] != "Python":
        fault("language", f"expected Python, got {data['language']!r}")
    if both.get("family") not in FAMILIES:
        fault("family", f"expected one of {', '.join(FAMILIES)}; got {both.get('family')!r}")
    problems = both.get("problems", [])
    if not _is_list_of_text(problems):
        fault("problems", f"expected a list of names, got {problems!r}")
        problems = []
    config = {key: data[key] for key in ("rule", "constraints", "utils") if data.get(key)}
    try:
        compiled: Any = config
        SgRoot("x", "python").root().find_all(compiled)
    except Exception as error:  # ast-grep-py raises nothing narrower
        fault("rule", f"ast-grep refuses it: {error}")
    for what in _rule_faults(data["rule"], "rule"):
        fault(*what)
    for group in ("constraints", "utils"):
        for name, inner in (data.get(group) or {}).items():
            for what in _rule_faults(inner, f"{group}.{name}"):
                fault(*what)
    bound = _bound_names(config)
    for name in data.get("constraints") or {}:
        if name not in bound:
            fault("constraints", f"the rule has no ${name}")
    fix, at = data.get("fix"), both.get("at")
    if fix is not None:
        fault_of_fix = _pattern_fault(fix)
        if fault_of_fix:
            fault("fix", fault_of_fix)
        for name in sorted(_names(fix) - bound):
            fault("fix", f"the rule has no ${name}")
    if at is not None and at not in bound:
        fault("at", f"the rule has no ${at}")
    for name in sorted(_names(data["message"]) - bound):
        fault("message", f"the rule has no ${name}")
    match = tuple(_examples(both.get("match"), fix, fault))
    no_match = both.get("no-match")
    if not _is_list_of_text(no_match) or not no_match:
        fault("no-match", "expected a list with at least one piece of code that is right")
        no_match = []
    for i, code in enumerate(no_match):
        if not _parses(code):
            fault(f"no-match[{i}]", "does not parse")
    if faults:
        raise RuleError(faults)
    return Rule(
        id=data["id"],
        family=both["family"],
        message=data["message"],
        note=data["note"],
        url=data["url"],
        problems=tuple(problems),
        fix=fix,
        at=at,
        match=match,
        no_match=tuple(no_match),
        config=config,
        text=text,
    )


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Refuses a key that is given twice, of which YAML would keep the last in silence."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key.value!r} is given twice", key.start_mark
                )
            seen.add(key.value)
        mapping: dict[Any, Any] = super().construct_mapping(node, deep)
        return mapping


def _is_list_of_text(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _examples(value: Any, fix: str | None, fault: Callable[[str, str], None]) -> Iterator[Example]:
    if not isinstance(value, list) or not value:
        fault("match", "expected a list with at least one example of the bug")
        return
    for i, each in enumerate(value):
        if isinstance(each, str) and fix is None:
            example = Example(each)
        elif isinstance(each, dict) and set(each) == {"code", "fixed"} and fix is not None:
            example = Example(each["code"], each["fixed"])
        else:
            wanted = "code with the bug" if fix is None else "{code: …, fixed: …}"
            fault(f"match[{i}]", f"expected {wanted}, got {each!r}")
            continue
        for key, code in (("code", example.code), ("fixed", example.fixed)):
            if code is not None and not (isinstance(code, str) and _parses(code)):
                fault(f"match[{i}].{key}", "does not parse")
        yield example


def _rule_faults(rule: Any, where: str) -> Iterator[tuple[str, str]]:
    """What ast-grep would swallow: patterns that do not parse, a `not` with nothing beside it."""
    if not isinstance(rule, dict):
        yield where, f"expected a mapping, got {rule!r}"
        return
    if set(rule) == {"not"}:
        yield where, "a bare not matches everything"
    for key, value in rule.items():
        here = f"{where}.{key}"
        if key == "pattern":
            pattern = value.get("context", "") if isinstance(value, dict) else value
            problem = _pattern_fault(pattern)
            if problem:
                yield here, problem
        elif key in ("all", "any") and isinstance(value, list):
            for i, inner in enumerate(value):
                # Beside a positive rule in `all`, a `not` is no longer bare.
                if key == "all" and isinstance(inner, dict) and set(inner) == {"not"} and i:
                    inner = inner["not"]
                yield from _rule_faults(inner, f"{here}[{i}]")
        elif key in ("inside", "has", "not", "precedes", "follows"):
            yield from _rule_faults(value, here) if key != "not" else _not_faults(value, here)


def _not_faults(value: Any, here: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict) and set(value) == {"not"}:
        value = value["not"]
    yield from _rule_faults(value, here)


def _names(text: str) -> set[str]:
    return {name for _, name in _METAVARIABLE.findall(text) if not name.startswith("_")}


def _bound_names(config: Any) -> set[str]:
    if isinstance(config, dict):
        return set().union(
            *(
                _names(value if isinstance(value, str) else value.get("context", ""))
                if key == "pattern"
                else _bound_names(value)
                for key, value in config.items()
            )
        )
    if isinstance(config, list):
        return set().union(*(_bound_names(each) for each in config))
    return set()


def _pattern_fault(pattern: Any) -> str | None:
    if not isinstance(pattern, str) or not pattern.strip():
        return f"expected a pattern, got {pattern!r}"
    if "$" in _named(pattern):
        return "a metavariable is $ and capital letters"
    return None if _parses(_named(pattern)) else f"does not parse: {pattern}"


def _named(pattern: str) -> str:
    """A pattern as plain Python, with names in the places of the metavariables."""
    code = re.sub(r"\$\$\$([A-Z0-9_]*)", r"many_\1", pattern)
    return re.sub(r"\$([A-Z_][A-Z0-9_]*)", r"one_\1", code)


def _parses(code: str) -> bool:
    for text in (code, f"def f():\n{textwrap.indent(code, '    ')}", f"{code}\n    pass"):
        try:
            ast.parse(text)
        except (SyntaxError, ValueError):
            continue
        return True
    return False


# ---------------------------------------------------------------------------------------------
# Finding and repairing


def find(rule: Rule, source: str, function: str | None = None) -> list[RuleMatch]:
    """Where a rule fires, in the source as it is written or in its canonical form; by line.

    With a function's name only that function is searched, and what it uses of the source's own. Source
    that does not parse, or has more than `MAX_LINES` lines of code to search, gives nothing.
    """
    searched = _only(source, function) if function else source
    forms = _forms(searched)
    if forms is None:
        return []
    raw, form, canonical_root = forms
    config: Any = dict(rule.config)
    found = [_raw_match(rule, source, node) for node in raw.find_all(config)]
    taken = {match.line for match in found}
    for node in canonical_root.find_all(config):
        match = _canonical_match(rule, form, source, node)
        if match.line not in taken:
            found.append(match)
    unique = {(match.line, match.source, match.fix_source): match for match in found}
    return sorted(unique.values(), key=lambda match: (match.line, match.end_line))


def find_all(
    rules: Iterable[Rule], source: str, function: str | None = None
) -> list[tuple[Rule, RuleMatch]]:
    """Every place where one of the rules fires, by line."""
    found = [(rule, match) for rule in rules for match in find(rule, source, function)]
    return sorted(found, key=lambda pair: (pair[1].line, pair[0].id))


def apply_fix(rule: Rule, source: str, function: str | None = None) -> str | None:
    """The source with the rule's fix at every place where it fires; None where there is no fix.

    For one place alone there is `RuleMatch.fix_source`.
    """
    fixed = None
    for _ in range(_MAX_PLACES):
        current = fixed or source
        again = next((match.fix_source for match in find(rule, current, function)), None)
        if again is None or again == current:
            return fixed
        fixed = again
    return fixed


def plant(rule: Rule, source: str, function: str | None = None) -> list[tuple[int, str]]:
    """The rule backwards: each way to put its bug into right source, as (line of the bug, source).

    Nothing where the rule has no fix, or where its pattern needs a name that the fix does not hold. The
    rule fires on what comes back, on that line.
    """
    pattern = _first_pattern(rule.config["rule"])
    if rule.fix is None or pattern is None or _names(pattern) - _names(rule.fix):
        return []
    if len(ast.parse(f"def f():\n{textwrap.indent(_named(rule.fix), '    ')}").body[0].body) > 1:  # type: ignore[attr-defined]
        return []  # ast-grep has no pattern for several statements
    right = rule.fix.removeprefix("(").removesuffix(")") if rule.fix.startswith("(") else rule.fix
    constraints = {
        name: each
        for name, each in rule.config.get("constraints", {}).items()
        if name in _names(right)
    }
    config = {"rule": {"pattern": right}, "constraints": constraints}
    backwards = replace(rule, config=config, fix=pattern, at=None, message="")
    planted: dict[str, int] = {}
    for match in find(backwards, source, function):
        if match.fix_source is not None:
            for bug in find(rule, match.fix_source, function):
                planted.setdefault(match.fix_source, bug.line)
    return [(line, text) for text, line in planted.items()]


def _first_pattern(rule: Any) -> str | None:
    """The first pattern that has to match the place itself."""
    if isinstance(rule.get("pattern"), str):
        return str(rule["pattern"])
    for key in ("all", "any"):
        for inner in rule.get(key, ()):
            found = _first_pattern(inner)
            if found is not None:
                return found
    return None


def example_faults(rule: Rule) -> list[str]:
    """What is wrong with a rule's behaviour on its own examples, as `file.yaml: key: what`."""
    faults = []
    for i, example in enumerate(rule.match):
        where = f"{rule.id}.yaml: match[{i}]"
        matches = find(rule, example.code)
        if not matches:
            faults.append(f"{where}: missing, the rule did not fire on: {example.code}")
            continue
        if example.fixed is None:
            continue
        fixed = apply_fix(rule, example.code)
        if fixed is None:
            faults.append(f"{where}: the fix does not parse: {example.code}")
        elif fixed.strip() != example.fixed.strip():
            faults.append(f"{where}: fixed: expected {example.fixed!r}, got {fixed!r}")
        elif find(rule, fixed):
            faults.append(f"{where}: the fixed code still matches: {fixed}")
    for i, code in enumerate(rule.no_match):
        if find(rule, code):
            faults.append(
                f"{rule.id}.yaml: no-match[{i}]: noisy, the rule fired on correct code: {code}"
            )
    return faults


@lru_cache(maxsize=8)
def _forms(source: str) -> tuple[SgNode, Canonical, SgNode] | None:
    if sum(1 for line in source.splitlines() if line.strip(" \t#")) > MAX_LINES:
        return None
    form = canonical(source)
    if form is None:
        return None
    return SgRoot(source, "python").root(), form, SgRoot(form.text, "python").root()


@lru_cache(maxsize=8)
def _only(source: str, function: str) -> str:
    """The source with all but a function, what it uses, and the imports blanked out; lines stay."""
    tree = parse(SourcePart(0, source))
    if tree is None:
        return source
    lines = source.splitlines(keepends=True)
    defined: dict[str, list[ast.stmt]] = {}
    kept: list[ast.stmt] = []
    for statement in tree.body:
        if isinstance(statement, ast.Import | ast.ImportFrom):
            kept.append(statement)
        is_definition = isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        for node in [statement] if is_definition else ast.walk(statement):
            name = getattr(node, "name", None) or (
                node.id if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) else None
            )
            if isinstance(name, str):
                defined.setdefault(name, []).append(statement)
    waiting, seen = [function], set()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        # A later definition takes the place of an earlier one.
        for statement in [each for each in defined.get(name, ()) if each in tree.body][-1:]:
            kept.append(statement)
            waiting += [node.id for node in ast.walk(statement) if isinstance(node, ast.Name)]
    visible: set[int] = set()
    for statement in kept:
        decorators = getattr(statement, "decorator_list", [])
        first = min([statement.lineno, *(each.lineno for each in decorators)])
        visible.update(range(first, (statement.end_lineno or first) + 1))
    return "".join(
        line if number in visible else re.sub(r"[^\r\n]", " ", line)
        for number, line in enumerate(lines, start=1)
    )


class _UnboundError(Exception):
    """A metavariable of the fix has nothing to stand for in this match."""


def _raw_match(rule: Rule, source: str, node: SgNode) -> RuleMatch:
    def text_of(name: str, is_many: bool) -> str:
        nodes = node.get_multiple_matches(name) if is_many else [node.get_match(name)]
        present = [each for each in nodes if each is not None]
        if not present:
            if is_many:
                return ""
            raise _UnboundError(name)
        return source[present[0].range().start.index : present[-1].range().end.index]

    span = node.range()
    start, end = span.start.index, span.end.index
    at = (node.get_match(rule.at) if rule.at else None) or node
    first, last = at.range().start.line + 1, at.range().end.line + 1
    fix = fix_source = None
    if rule.fix is not None:
        try:
            replacement = _filled(rule.fix, text_of, source, start)
            replacement, needs_numpy = _respelled(replacement, source[start:end], source)
            fix, fix_source = _repaired(source, start, end, replacement, needs_numpy=needs_numpy)
        except _UnboundError:
            pass
    return RuleMatch(
        first,
        first if at.kind() in _BLOCKS else last,
        source[at.range().start.index : at.range().end.index] if at.kind() not in _BLOCKS
        else _line_at(source, at.range().start.index),
        _said(rule.message, text_of),
        fix,
        fix_source,
    )  # fmt: skip


def _canonical_match(rule: Rule, form: Canonical, source: str, node: SgNode) -> RuleMatch:
    def text_of(name: str, is_many: bool) -> str:
        if is_many:
            nodes = node.get_multiple_matches(name)
            if not nodes:
                return ""
            return form.text[nodes[0].range().start.index : nodes[-1].range().end.index]
        inner = node.get_match(name)
        if inner is None:
            raise _UnboundError(name)
        return _students_text(form, inner)

    span = node.range()
    line, start, end = span.start.line + 1, span.start.column, span.end.column
    replaced: tuple[int, int, str] | None = None
    if rule.fix is not None:
        try:
            replaced = _replaced(rule.fix, form, node, text_of)
        except _UnboundError:
            replaced = None
    fix = fix_source = None
    if replaced is not None:
        low, high, text = replaced
        text, needs_numpy = _respelled(text, source[low:high], source)
        fix, fix_source = _repaired(source, low, high, text, needs_numpy=needs_numpy)
    at = node.get_match(rule.at) if rule.at else None
    if at is not None:
        line, start, end = (
            at.range().start.line + 1, at.range().start.column, at.range().end.column,
        )  # fmt: skip
    is_block = (at or node).kind() in _BLOCKS
    if is_block or (at or node).range().end.line + 1 != line:
        first, last = form.lines_of(line)
        quoted = source.split("\n")[first - 1].strip()
    else:
        place = form.place(line, *_without_brackets(at or node, start, end))
        first, last = place.line, place.end_line
        quoted = source[place.start : place.end]
    return RuleMatch(first, last, quoted, _said(rule.message, text_of), fix, fix_source)


def _replaced(
    fix: str, form: Canonical, node: SgNode, text_of: Callable[[str, bool], str]
) -> tuple[int, int, str] | None:
    """Where in the student's source the fix of a canonical match goes, and its text."""
    span = node.range()
    line, start, end = span.start.line + 1, span.start.column, span.end.column
    if span.end.line + 1 != line:
        whole = form.statement(line)
        return whole.start, whole.end, _filled(fix, text_of, form.source, whole.start)
    low, high = _without_brackets(node, start, end)
    place = form.place(line, low, high)
    if place.exact:
        return place.start, place.end, _filled(fix, text_of, form.source, place.start)
    around = form.exact_around(line, start, end)
    if around is None:
        return None
    low, high, place = around
    text = form.text.split("\n")[line - 1]
    inner = _filled(fix, text_of, form.source, place.start)
    return place.start, place.end, text[low:start] + inner + text[end:high]


def _without_brackets(node: SgNode, start: int, end: int) -> tuple[int, int]:
    return (start + 1, end - 1) if node.kind() == "parenthesized_expression" else (start, end)


def _students_text(form: Canonical, node: SgNode) -> str:
    """A canonical expression in the student's own words, where it stands in the source as such."""
    span = node.range()
    canonical_text: str = node.text()
    if span.start.line != span.end.line:
        return canonical_text
    low, high = _without_brackets(node, span.start.column, span.end.column)
    place = form.place(span.start.line + 1, low, high)
    if not place.exact:
        return canonical_text
    text = form.source[place.start : place.end]
    if node.kind() == "parenthesized_expression" or place.needs_parentheses or "\n" in text:
        return f"({text})"
    return text


def _filled(template: str, text_of: Callable[[str, bool], str], source: str, start: int) -> str:
    """The template with the metavariables filled in and indented for where it goes."""
    line_start = source.rfind("\n", 0, start) + 1
    before = source[line_start:start]
    base = before if not before.strip() else before[: len(before) - len(before.lstrip())]
    lines = []
    for i, line in enumerate(template.rstrip("\n").split("\n")):
        indent = line[: len(line) - len(line.lstrip())]
        filled = _METAVARIABLE.sub(lambda found: text_of(found[2], bool(found[1])), line)
        if "\n" in filled and line.strip().startswith("$$$"):
            filled = _indented(filled, base + indent)
        elif i:
            filled = base + filled
        lines.append(filled if i == 0 or filled.startswith(base) else base + filled)
    return "\n".join(line for line in lines if line.strip())


def _indented(text: str, indent: str) -> str:
    """Statements that followed each other, the first without its indentation, moved to another."""
    first, _, rest = text.strip("\n").partition("\n")
    return f"{indent}{first.strip()}\n{textwrap.indent(textwrap.dedent(rest), indent)}"


def _said(message: str, text_of: Callable[[str, bool], str]) -> str:
    def said(found: re.Match[str]) -> str:
        try:
            text: str = text_of(found[2], bool(found[1]))
        except _UnboundError:
            return "…"
        return " ".join(text.split())

    return _METAVARIABLE.sub(said, message)


def _repaired(
    source: str, start: int, end: int, replacement: str, *, needs_numpy: bool
) -> tuple[str | None, str | None]:
    """The repaired lines and the repaired source; None twice where that does not parse."""
    whole = source[:start] + replacement + source[end:]
    if parse(SourcePart(0, whole)) is None:
        return None, None
    low = source.rfind("\n", 0, start) + 1
    high = whole.find("\n", start + len(replacement))
    lines = textwrap.dedent(whole[low : high if high >= 0 else None])
    return lines, f"import numpy as np\n{whole}" if needs_numpy else whole


def _line_at(source: str, index: int) -> str:
    low = source.rfind("\n", 0, index) + 1
    high = source.find("\n", index)
    return source[low : high if high >= 0 else None].strip()


def _respelled(text: str, before: str, source: str) -> tuple[str, bool]:
    """Function names of the canonical form as this student spells them; whether numpy is still needed."""
    has_numpy = re.search(r"^\s*import numpy as np\b", source, re.MULTILINE) is not None
    has_torch = re.search(r"^\s*import torch\b", source, re.MULTILINE) is not None
    has_math = re.search(r"^\s*import math\b", source, re.MULTILINE) is not None
    needs_numpy = False

    def spelled(found: re.Match[str]) -> str:
        nonlocal needs_numpy
        name = found[1]
        for module in ("torch.", "math.", "np."):
            if re.search(rf"{re.escape(module)}{name}\b", before):
                return module + name
        twin = _BUILTIN_TWINS.get(name)
        if twin and re.search(r"(?<![\w.])(max|min|abs)\(", before):
            return twin
        if has_torch and re.search(r"\.sqrt\(|\.abs\(|torch\.", before):
            return f"torch.{name}"
        if has_numpy:
            return found[0]
        if has_math and name in _IN_MATH:
            return f"math.{name}"
        if has_torch and name != "pi":
            return f"torch.{name}"
        needs_numpy = True
        return found[0]

    return re.sub(r"\bnp\.(\w+)", spelled, text), needs_numpy
