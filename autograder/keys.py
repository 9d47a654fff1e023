"""Content keys: what a grade depends on, as hashes. Where they are equal, nothing is graded again.

A graded notebook carries the keys of what it was graded from. So a rerun after a crash, after one test has changed, or of a task
that another machine has done already, costs only what is new.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import autograder
from autograder.model import BugHunt, Case, Item, Policy, Problem, Submission
from autograder.oracle import OracleError, hidden_cases
from autograder.sandbox import wire

# Packages that decide what student code does, what hidden inputs are drawn, or what a verdict says.
_DECISIVE = ("numpy", "torch", "sympy", "ipython", "matplotlib", "hypothesis", "ast-grep-py")
IGNORED = ("__pycache__", ".ipynb_checkpoints")
# They decide when a person must wait, not what a right answer is; isolation is stated, not graded.
_WITHOUT_EFFECT = ("allow_unsafe",)


@cache
def grader_parts() -> dict[str, str]:
    """What this grader consists of, each with its version: Python, the packages that decide results, its own files.

    Kept: where files are replaced under a running process, it goes on with what it has loaded.
    """
    package = Path(autograder.__file__).parent
    files = _hash(_contents(package, package.rglob("*")))
    return {
        "Python": sys.version,
        **{name: _version(name) for name in _DECISIVE},
        "autograder": f"{autograder.__version__} (files {files})",
    }


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "absent"


@cache
def grader_key() -> str:
    """Of this grader: all its parts."""
    return _hash(part for pair in grader_parts().items() for part in pair)


def item_keys(items: Mapping[str, Item]) -> dict[str, str]:
    """Of each item of a set: all files that define it."""
    return {name: _item_key(item, items) for name, item in items.items()}


def _item_key(item: Item, items: Mapping[str, Item]) -> str:
    """A code problem is its folder. Answers share the set's other files; a hunt also depends on its problem."""
    folder = item.file.parent
    if isinstance(item.definition, Problem):
        return files_key(folder)
    shared = _hash(_contents(folder, folder.iterdir()))
    if isinstance(item.definition, BugHunt) and item.definition.problem in items:
        return _hash([shared, files_key(items[item.definition.problem].file.parent)])
    return shared


def drawn_keys(items: Mapping[str, Item]) -> dict[str, str]:
    """Of each item of a set: its files, and the inputs that come of them in this process, hidden ones included."""
    return {
        name: _hash([key, *map(_inputs_key, _cases(items[name]))])
        for name, key in item_keys(items).items()
    }


def _cases(item: Item) -> Iterator[Case]:
    problem = item.definition
    if isinstance(problem, Problem):
        yield from problem.examples
        for group in problem.groups:
            with suppress(OracleError):  # grading says so
                yield from hidden_cases(item.name, group)


def _inputs_key(case: Case) -> str:
    try:
        return hashlib.sha256(wire.encode(case.inputs)).hexdigest()
    except wire.WireError as error:  # grading says so
        return str(error)


def files_key(folder: Path) -> str:
    """Of all files under a folder: their names and bytes."""
    return _hash(_contents(folder, folder.rglob("*")))


def submission_key(
    nb: Mapping[str, Any], submission: Submission, policy: Policy, files: str
) -> str:
    """Of a run of one notebook: its cells, the limits, the files beside it (their key), this grader.

    `nb` and `submission` come from the same `sanitise`. A picture attached to an answer counts: a person looks at it.
    """
    cells = [
        (*dataclasses.astuple(cell), nb["cells"][cell.index].get("attachments"))
        for cell in submission.cells
    ]
    limits = {k: v for k, v in dataclasses.asdict(policy).items() if k not in _WITHOUT_EFFECT}
    run = json.dumps([cells, limits], sort_keys=True)
    return _hash([grader_key(), files, submission.language, run])


def _contents(folder: Path, paths: Iterable[Path]) -> Iterator[str]:
    for path in sorted(paths):
        if path.is_file() and not any(part in IGNORED for part in path.parts):
            yield str(path.relative_to(folder))
            yield hashlib.sha256(path.read_bytes()).hexdigest()


def _hash(parts: Iterable[str]) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]
