"""Every rule file is a test: its examples, and its silence on right answers."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from autograder.families import FAMILIES
from autograder.rules import (
    RULES_FOLDER,
    Rule,
    RuleError,
    apply_fix,
    example_faults,
    find,
    find_all,
    load_rules,
    plant,
    read_rule,
    rules_for,
)

RULES = load_rules()
SOLUTIONS = Path(__file__).parents[1] / "solutions"
ACCEPTED = sorted(SOLUTIONS.glob("*/*/accepted/*.py"))
WRONG = sorted(SOLUTIONS.glob("*/*/wrong/*.py"))
REFERENCES = sorted(SOLUTIONS.glob("*/*/problem.py"))
ALL_PROBLEMS = {
    "is_psd", "is_convex_on_chord", "grad_descent", "momentum_sgd", "nesterov", "soft_threshold",
    "newton_step", "rmsprop_step", "adam_step", "adamw_step", "clip_by_global_norm", "warmup_cosine",
    "solve_constrained",
}  # fmt: skip

GOOD = """\
id: climbs
language: Python
message: "`$X` climbs along `$G`."
note: The gradient points uphill.
url: https://example.org
rule: {pattern: $X = $X + $G}
constraints: {G: {regex: ^g$}}
fix: $X = $X - $G
metadata:
  family: sign
  match:
    - {code: x = x + g, fixed: x = x - g}
  no-match:
    - x = x - g
"""


def test_there_are_rules_over_all_problems() -> None:
    assert len(RULES) >= 30
    assert {problem for rule in RULES for problem in rule.problems} >= ALL_PROBLEMS
    assert {rule.family for rule in RULES} <= set(FAMILIES)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_rule_behaves_on_its_own_examples(rule: Rule) -> None:
    assert example_faults(rule) == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_rule_names_a_source_and_ends_its_sentence(rule: Rule) -> None:
    assert rule.url.startswith("https://")
    assert rule.message.endswith(".")
    assert rule.note.strip()


def right_answers() -> list[tuple[str, str, str]]:
    out = []
    for file in ACCEPTED:
        out.append((file.parts[-3], f"{file.parts[-3]}/{file.stem}", file.read_text()))
    for file in REFERENCES:
        name, text = file.parts[-2], file.read_text()
        for node in ast.parse(text).body:
            if isinstance(node, ast.FunctionDef) and node.name == name:
                out.append((name, f"{name}/reference", ast.get_source_segment(text, node) or ""))
    return out


@pytest.mark.parametrize(
    ("problem", "source"), [pytest.param(p, s, id=i) for p, i, s in right_answers()]
)
def test_no_rule_fires_on_a_right_answer(problem: str, source: str) -> None:
    assert [(rule.id, match.source) for rule, match in find_all(rules_for(problem), source)] == []


def test_nine_in_ten_of_the_known_wrong_answers_are_hit_at_their_line() -> None:
    hits = {}
    for file in WRONG:
        problem, text = file.parts[-3], file.read_text()
        if problem not in ALL_PROBLEMS:
            continue
        family = re.search(r"# family: (\S+)", text)[1]  # type: ignore[index]
        line = int(re.search(r"# line: (\d+)", text)[1])  # type: ignore[index]
        hits[f"{problem}/{file.stem}"] = any(
            rule.family == family and match.line == line
            for rule, match in find_all(rules_for(problem), text, problem)
        )
    missed = [name for name, is_hit in hits.items() if not is_hit]
    assert len(hits) - len(missed) >= 0.9 * len(hits), missed


# Matching


def rule_of(pattern: str, fix: str, **constraints: str) -> Rule:
    text = GOOD.replace(
        "{pattern: $X = $X + $G}", f"\n  pattern: |\n{textwrap.indent(pattern, '    ')}"
    )
    text = text.replace("fix: $X = $X - $G", f"fix: |\n{textwrap.indent(fix, '  ')}")
    text = re.sub("constraints.*\n", "", text)
    text = re.sub("message.*\n", "message: It is so.\n", text)
    return read_rule("climbs.yaml", text)


CLIMBS = read_rule("climbs.yaml", GOOD)


def test_matches_what_is_written_and_what_it_means() -> None:
    source = (
        "def f(x, g):\n    x = x + g\n    x += g\n    x = (g + x)\n    x = x - -g\n    return x\n"
    )
    matches = find(CLIMBS, source)
    assert [(match.line, match.source) for match in matches] == [
        (2, "x = x + g"),
        (3, "x += g"),
        (4, "x = (g + x)"),
        (5, "x = x - -g"),
    ]
    assert {match.fix for match in matches} == {"x = x - g"}
    assert matches[1].fix_source == source.replace("x += g", "x = x - g")
    assert matches[0].message == "`x` climbs along `g`."


def test_repairs_the_students_text_and_keeps_the_rest() -> None:
    source = "def f(x, g):\n\tx += g  # uphill\n\treturn x\n"
    assert apply_fix(CLIMBS, source) == "def f(x, g):\n\tx = x - g  # uphill\n\treturn x\n"


def test_repairs_every_place() -> None:
    assert apply_fix(CLIMBS, "x = x + g\ny = y + g\n") == "x = x - g\ny = y - g\n"


def test_counts_characters_not_bytes() -> None:
    source = "ä = 'ü'; x = x + g\nσ = 'ß'; σ += g\n"
    assert [match.fix_source for match in find(CLIMBS, source)] == [
        "ä = 'ü'; x = x - g\nσ = 'ß'; σ += g\n",
        "ä = 'ü'; x = x + g\nσ = 'ß'; σ = σ - g\n",
    ]


def test_many_statements_move_with_their_indentation() -> None:
    rule = rule_of(
        "for $I in $S:\n    $V = 0.0\n    $$$BODY", "$V = 0.0\nfor $I in $S:\n    $$$BODY"
    )
    source = "def f():\n    for i in s:\n        v = 0.0\n        if v:\n            v = 1\n        w = v\n"
    assert apply_fix(rule, source) == (
        "def f():\n    v = 0.0\n    for i in s:\n        if v:\n            v = 1\n        w = v\n"
    )


def test_functions_keep_the_students_spelling() -> None:
    rule = rule_of("np.sqrt($V + eps)", "(np.sqrt($V) + eps)")
    for before, after in (
        (
            "import torch\ny = g / torch.sqrt(v + eps)\n",
            "import torch\ny = g / (torch.sqrt(v) + eps)\n",
        ),
        ("import math\ny = math.sqrt(v + eps)\n", "import math\ny = (math.sqrt(v) + eps)\n"),
        ("import torch\ny = (v + eps).sqrt()\n", "import torch\ny = (torch.sqrt(v) + eps)\n"),
        ("y = (v + eps) ** 0.5\n", "import numpy as np\ny = (np.sqrt(v) + eps)\n"),
    ):
        assert apply_fix(rule, before) == after


def test_a_rule_backwards_plants_its_bug() -> None:
    right = "def f(x, g):\n    x = x - g\n    return x\n"
    assert plant(CLIMBS, right) == [(2, "def f(x, g):\n    x = x + g\n    return x\n")]
    assert plant(CLIMBS, right.replace("-", "*")) == []


def test_references_can_be_given_many_bugs() -> None:
    for problem in sorted(ALL_PROBLEMS):
        (file,) = SOLUTIONS.glob(f"*/{problem}/problem.py")
        text = file.read_text()
        (source,) = (
            ast.get_source_segment(text, node) or ""
            for node in ast.parse(text).body
            if isinstance(node, ast.FunctionDef) and node.name == problem
        )
        planted = [bug for rule in rules_for(problem) for bug in plant(rule, source, problem)]
        assert planted, problem


def test_searches_a_function_and_its_helpers_only() -> None:
    source = (
        "def helper(x, g):\n    x = x + g\n    return x\n\n"
        "def other(x, g):\n    x = x + g\n    return x\n\n"
        "def mine(x, g):\n    return helper(x, g)\n"
    )
    assert [match.line for match in find(CLIMBS, source, "mine")] == [2]
    assert find(CLIMBS, source, "mine")[0].fix_source == source.replace("x + g", "x - g", 1)


def test_the_last_definition_counts() -> None:
    source = (
        "def f(x, g):\n    x = x + g\n    return x\n\ndef f(x, g):\n    x = x - g\n    return x\n"
    )
    assert find(CLIMBS, source, "f") == []
    assert len(find(CLIMBS, source)) == 1


@pytest.mark.parametrize(
    "source",
    ["def f(:\n", "x = 1\0", "", "x = " + "(" * 1000 + ")" * 1000, "x = " + "-" * 5000 + "1"],
)
def test_what_does_not_parse_gives_nothing(source: str) -> None:
    assert find(CLIMBS, source) == []


def test_long_sources_are_cheap() -> None:
    filler = "".join(f"    y{i} = x * {i} + (x - {i}) / (1 + x)\n" for i in range(5000))
    source = f"def other(x):\n{filler}\ndef mine(x, g):\n    x = x + g\n    return x\n"
    start = time.perf_counter()
    found = find_all(rules_for("adamw_step"), source, "mine")
    assert find(CLIMBS, source, "mine")[0].line == 5004
    assert find(CLIMBS, source) == []
    assert time.perf_counter() - start < 30
    assert found == []


# Reading


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("constraints:", "constrains:", "constrains: unknown key; expected one of id, language, severity"),
        ("  family: sign", "  family: sign\n  matsch: 1", "metadata.matsch: unknown key; expected one of"),
        ("url: https://example.org\n", "", "url: missing"),
        ("id: climbs", "id: falls", "id: 'falls' is not the name of the file"),
        ("language: Python", "language: Rust", "language: expected Python, got 'Rust'"),
        ("family: sign", "family: signs", "family: expected one of sign, clamp"),
        ("pattern: $X = $X + $G", "pattern: $X = $X + (", "rule.pattern: does not parse: $X = $X + ("),
        ("pattern: $X = $X + $G", "pattern: $x = $x + $G", "rule.pattern: a metavariable is $ and capital"),
        ("{pattern: $X = $X + $G}", "{not: {pattern: $X + $G}}", "rule: a bare not matches everything"),
        ("{pattern: $X", "{patern: $X", "rule: ast-grep refuses it: unknown field `patern`"),
        ("{regex: ^g$}", "{regexp: ^g$}", "rule: ast-grep refuses it: unknown field `regexp`"),
        ("constraints: {G", "constraints: {H", "constraints: the rule has no $H"),
        ("fix: $X = $X - $G", "fix: $X = = $G", "fix: does not parse: $X = = $G"),
        ("fix: $X = $X - $G", "fix: $X = $X - $H", "fix: the rule has no $H"),
        ("along `$G`", "along `$Q`", "message: the rule has no $Q"),
        ("  no-match:\n    - x = x - g\n", "", "no-match: expected a list with at least one piece of code"),
        ("  match:\n    - {code: x = x + g, fixed: x = x - g}\n", "", "match: expected a list with at least"),
        ("{code: x = x + g, fixed: x = x - g}", "x = x + g", "match[0]: expected {code: …, fixed: …}, got"),
        ("fixed: x = x - g", "fixed: x = =", "match[0].fixed: does not parse"),
        ("    - x = x - g\n", "    - x = (\n", "no-match[0]: does not parse"),
        ("family: sign", "family: sign\n  problems: adam_step", "problems: expected a list of names"),
        ("family: sign", "family: sign\n  at: Q", "at: the rule has no $Q"),
        ("id: climbs", "id: climbs\nid: climbs", "no YAML: the key 'id' is given twice"),
        ("id: climbs", "id: [", "no YAML:"),
    ],
)  # fmt: skip
def test_a_faulty_file_is_refused(old: str, new: str, fault: str) -> None:
    assert old in GOOD
    with pytest.raises(RuleError) as caught:
        read_rule("climbs.yaml", GOOD.replace(old, new))
    assert any(each.startswith(f"climbs.yaml: {fault}") for each in caught.value.faults), (
        caught.value
    )


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("{code: x = x + g", "{code: x = x * g", "match[0]: missing, the rule did not fire on: x = x * g"),
        ("fixed: x = x - g", "fixed: x = x - h", "match[0]: fixed: expected 'x = x - h', got 'x = x - g'"),
        ("    - x = x - g\n", "    - y = g + y\n", "no-match[0]: noisy, the rule fired on correct code: y = g + y"),
        ("fix: $X = $X - $G", "fix: $X = $G + $X", "match[0]: fixed: expected 'x = x - g', got"),
    ],
)  # fmt: skip
def test_a_rule_that_misbehaves_is_reported(old: str, new: str, fault: str) -> None:
    rule = read_rule("climbs.yaml", GOOD.replace(old, new))
    assert any(each.startswith(f"climbs.yaml: {fault}") for each in example_faults(rule))


def test_examples_may_stand_at_the_top_level_too() -> None:
    text = GOOD.replace("metadata:\n", "").replace("\n  ", "\n")
    assert read_rule("climbs.yaml", text).match == CLIMBS.match


def test_all_faults_of_a_folder_come_at_once(tmp_path: Path) -> None:
    (tmp_path / "climbs.yaml").write_text(GOOD.replace("id: climbs", "id: x"))
    (tmp_path / "other.yaml").write_text("- 1\n")
    with pytest.raises(RuleError) as caught:
        load_rules(tmp_path)
    assert caught.value.faults == (
        "climbs.yaml: id: 'x' is not the name of the file",
        "other.yaml: expected a mapping of keys, got list",
    )


@pytest.mark.needs("ast-grep")
def test_ast_greps_command_line_reads_the_same_files(tmp_path: Path) -> None:
    beside_python = Path(sys.executable).parent
    program = shutil.which("ast-grep", path=f"{beside_python}{os.pathsep}{os.environ['PATH']}")
    if program is None:
        pytest.skip("ast-grep's command line is not installed (pip install ast-grep-cli)")
    file = tmp_path / "student.py"
    file.write_text("def f(x, lr):\n    x = x + lr * grad_f(x)\n    return x\n")
    for rule in RULES_FOLDER.glob("*.yaml"):
        done = subprocess.run(
            [program, "scan", "--rule", str(rule), str(file)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        if rule.stem == "gradient-added":
            assert "x = x - lr * grad_f(x)" in done.stdout
