"""Notebooks that use torch run from top to bottom on whatever is there, and say in the first cell what it is."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jupytext
import nbformat
import pytest
from nbclient import NotebookClient

from autograder.build import build_set
from autograder.course import Course
from autograder.gradebook import find_tools

REPOSITORY = Path(__file__).parent.parent
ON_THE_CPU = "Running on the CPU; no GPU was found.\n"


def code(path: Path) -> list[str]:
    cells = jupytext.reads(path.read_text(), fmt="md:myst").cells
    return [cell.source for cell in cells if cell.cell_type == "code"]


SETS = {
    path.stem: code(path)
    for path in sorted(REPOSITORY.glob("assignments/*/*.md"))
    if any(re.search(r"^import torch", cell, re.MULTILINE) for cell in code(path))
}

pytestmark = [
    # The kernel runs below nbclient in this process.
    pytest.mark.filterwarnings("ignore:.*:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:.*:ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


def test_there_are_sets_with_torch() -> None:
    assert "ps09_adamw" in SETS


@pytest.mark.parametrize("name", ["NVIDIA H100 80GB HBM3", None])
@pytest.mark.parametrize("set_name", SETS)
def test_the_first_cell_says_where_it_runs(
    set_name: str, name: str | None, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    import torch

    monkeypatch.setattr(torch.cuda, "is_available", lambda: name is not None)
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda device: name)
    names: dict[str, Any] = {}
    exec(SETS[set_name][0], names)
    assert capsys.readouterr().out == (ON_THE_CPU if name is None else f"Running on {name}.\n")
    assert names["device"] == torch.device("cpu" if name is None else "cuda")


# Each makes a tensor on the CPU unless it is told otherwise.
MAKERS = set(
    "tensor zeros ones full empty eye arange linspace rand randn randint from_numpy".split()
)


def makers(tree: ast.AST) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value
            is_torch = isinstance(owner, ast.Name) and owner.id == "torch"
            if is_torch and node.func.attr in MAKERS:
                yield node


@pytest.mark.parametrize("set_name", SETS)
def test_tensors_are_made_on_the_device(set_name: str) -> None:
    calls = [call for cell in SETS[set_name] for call in makers(ast.parse(cell))]
    assert calls
    for call in calls:
        given = {keyword.arg: ast.unparse(keyword.value) for keyword in call.keywords}
        assert given.get("device") == "device", ast.unparse(call)


@pytest.mark.parametrize("device", ["cpu", pytest.param("cuda", marks=pytest.mark.gpu)])
def test_a_solved_notebook_runs_on(
    device: str, course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    find_tools()
    if device == "cpu":
        monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")  # also where there is a card
    build_set(course, "ps09_adamw", tmp_path, solved=True)
    folder = tmp_path / "ps09_adamw"
    nb = nbformat.read(folder / "ps09_adamw.ipynb", as_version=4)
    where = "print(device, next(model.parameters()).device.type)"
    nb.cells.append(nbformat.v4.new_code_cell(where))
    resources = {"metadata": {"path": str(folder)}}
    NotebookClient(nb, timeout=120, kernel_name="python3", resources=resources).execute()

    said = [printed(cell) for cell in nb.cells if cell.cell_type == "code"]
    if device == "cpu":
        assert said[0] == ON_THE_CPU
    else:
        assert said[0].startswith("Running on NVIDIA ")
    assert said[-1] == f"{device} {device}\n"
    difference = re.search(r"largest difference to torch.optim.AdamW: (\S+)", "".join(said))
    assert difference is not None
    assert float(difference[1]) < 1e-12


def printed(cell: Any) -> str:
    return "".join(output.text for output in cell.outputs if output.get("name") == "stdout")
