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
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import autograder
from autograder.model import BugHunt, Item, Policy, Problem, Submission

# Packages that decide what student code does, what hidden inputs are drawn, or what a verdict says.
_DECISIVE = ("numpy", "torch", "sympy", "ipython", "matplotlib", "hypothesis", "ast-grep-py")
_IGNORED = ("__pycache__", ".ipynb_checkpoints")
# They decide when a person must wait, not what a right answer is; isolation is stated, not graded.
_WITHOUT_EFFECT = ("allow_unsafe",)


@cache
def grader_key() -> str:
    """Of this grader: its own files, Python, and the packages that decide results."""
    package = Path(autograder.__file__).parent
    return _hash([sys.version, *_versions(), *_contents(package, package.rglob("*"))])


def _versions() -> Iterator[str]:
    for name in _DECISIVE:
        try:
            yield f"{name} {version(name)}"
        except PackageNotFoundError:
            yield f"{name} is absent"


def item_keys(items: Mapping[str, Item]) -> dict[str, str]:
    """Of each item of a set: all files that define it.

    A code problem is its folder. Answers share the set's other files, and a hunt also depends on its problem.
    """
    keys: dict[str, str] = {}
    for name, item in items.items():
        folder = item.file.parent
        if isinstance(item.definition, Problem):
            keys[name] = files_key(folder)
            continue
        shared = [path for path in folder.iterdir() if path.is_file()]
        keys[name] = _hash(_contents(folder, shared))
    return {
        name: _hash([keys[name], keys.get(item.definition.problem, "")])
        if isinstance(item := items[name], Item) and isinstance(item.definition, BugHunt)
        else keys[name]
        for name in items
    }


def files_key(folder: Path) -> str:
    """Of all files under a folder: their names and bytes."""
    return _hash(_contents(folder, folder.rglob("*")))


def submission_key(submission: Submission, policy: Policy, files: str) -> str:
    """Of a run of one notebook: its cells, the limits, the files beside it (their key), this grader."""
    cells = [dataclasses.astuple(cell) for cell in submission.cells]
    limits = {k: v for k, v in dataclasses.asdict(policy).items() if k not in _WITHOUT_EFFECT}
    return _hash([grader_key(), files, submission.language, json.dumps([cells, limits])])


def _contents(folder: Path, paths: Iterable[Path]) -> Iterator[str]:
    for path in sorted(paths):
        if path.is_file() and not any(part in _IGNORED for part in path.parts):
            yield str(path.relative_to(folder))
            yield hashlib.sha256(path.read_bytes()).hexdigest()


def _hash(parts: Iterable[str]) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]
