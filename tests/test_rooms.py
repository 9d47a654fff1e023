"""The structure holds: a room imports only rooms above it, and light rooms stay light."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from autograder.cli import main

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "autograder"

# From data to people; a room may import those before it.
ROOMS = (
    "printable",
    "model",
    "families",
    "strategies",
    "formula",
    "source",
    "listings",
    "course",
    "oracle",
    "sandbox.wire",
    "sandbox.isolation",
    "sandbox.zygote",
    "sandbox.pool",
    "outputs",
    "mathml",
    "pages",
    "notebook",
    "compare",
    "judge",
    "canonical",
    "rules",
    "edits",
    "edits.syntax",
    "edits.words",
    "edits.module",
    "edits.reference",
    "edits.likeness",
    "edits.roles",
    "edits.messages",
    "edits.places",
    "edits.uses",
    "edits.search",
    "edits.operators",
    "edits.conditions",
    "edits.calls",
    "edits.values",
    "edits.mutation",
    "edits.loops",
    "edits.statements",
    "edits.ingredients",
    "edits.pairs",
    "edits.space",
    "mutate",
    "signatures",
    "diagnose",
    "score",
    "feedback",
    "grade",
    "keys",
    "worker",
    "executors",
    "dask_executor",
    "validate",
    "adequacy",
    "hunt",
    "build",
    "scaffold",
    "gradebook",
    "report",
    "batch",
    "nbgrader_plugin",
    "student",
    "demo",
    "cli",
)
NBGRADER_ROOMS = {"gradebook", "nbgrader_plugin", "demo"}
HEAVY = ("torch", "sympy", "nbgrader", "matplotlib", "IPython", "hypothesis")


def rooms() -> dict[str, Path]:
    found = {
        ".".join(path.relative_to(PACKAGE).with_suffix("").parts): path
        for path in PACKAGE.rglob("*.py")
    }
    return {name: path for name, path in found.items() if not name.endswith("__init__")}


def imports(path: Path) -> set[str]:
    """Full names of the modules a file imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def test_every_room_has_its_place() -> None:
    assert set(rooms()) <= set(ROOMS)


@pytest.mark.parametrize("room", sorted(rooms()))
def test_a_room_imports_only_rooms_above_it(room: str) -> None:
    used = {
        name.removeprefix("autograder.")
        for name in imports(rooms()[room])
        if name.removeprefix("autograder.") in ROOMS and name.startswith("autograder.")
    }
    above = set(ROOMS[: ROOMS.index(room)])
    assert used <= above


@pytest.mark.parametrize("room", sorted(set(rooms()) - NBGRADER_ROOMS))
def test_only_its_own_rooms_know_nbgrader(room: str) -> None:
    assert not {name for name in imports(rooms()[room]) if name.split(".")[0] == "nbgrader"}


def test_the_package_knows_no_problem_by_name() -> None:
    problems = [path.parent.name for path in ROOT.glob("solutions/*/*/problem.py")]
    assert problems
    for room, path in rooms().items():
        if room in ("demo", "student"):  # the demo plays this course's class; student's docstrings
            continue
        code = re.sub(r'"""(.|\n)*?"""', "", path.read_text())
        named = {name for name in problems if re.search(rf"[\"']{name}[\"']", code)}
        assert not named, f"{room} names {named}"


@pytest.mark.parametrize(
    "statement", ["import autograder", "from autograder import check", "import autograder.cli"]
)
def test_a_light_import_stays_light(statement: str) -> None:
    code = f"{statement}\nimport sys\nprint([m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys\nfrom autograder.cli import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        f"print([m for m in {(*HEAVY, 'numpy')!r} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.rstrip().endswith("[]")


def test_the_readme_names_every_command() -> None:
    text = (ROOT / "README.md").read_text()
    assert isinstance(main, click.Group)
    for name in main.commands:
        assert f"autograder {name}" in text, f"README.md does not name `autograder {name}`"


def test_the_readme_names_no_other_command() -> None:
    text = (ROOT / "README.md").read_text() + (ROOT / "CONTRIBUTING.md").read_text()
    assert isinstance(main, click.Group)
    named = set(re.findall(r"(?:^|[\s`$/])autograder ([a-z]+)", text, re.MULTILINE))
    targets = {name for name in named if name in main.commands}
    prose = {"is", "grades", "knows", "and"}
    assert named - targets <= prose
