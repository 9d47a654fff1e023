"""Time and memory of grading, beside stock nbgrader on the same notebooks, in one run.

    python tests/bench/grading.py [--submissions 100] [--stock 8]

Processor time is that of whole process trees, from the kernel's accounting of finished children. The stock side
is `nbgrader autograde` with its own Execute preprocessor, where the same check cells run the public examples;
its start-up, measured on a run of one submission, is taken off, so that the ratio is per submission. It executes
cells without any isolation, and has no hidden tests: it does less.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
from rich.console import Console
from rich.table import Table

from autograder.build import build_set
from autograder.course import load_course
from autograder.model import Policy
from autograder.sandbox.pool import Sandbox

ROOT = Path(__file__).parents[2]
SET = "ps01_convexity"
CONSOLE = Console(width=110)


@dataclass(frozen=True)
class Cost:
    """Of one command and all its descendants: seconds, and bytes at the highest point seen."""

    wall_s: float
    cpu_s: float
    own_peak: int
    tree_peak: int


def measure(command: Sequence[str | Path], cwd: Path, interval_s: float = 0.02) -> Cost:
    """Run a command to its end. Memory is sampled every `interval_s`: the tree's PSS, in which a shared page counts once."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begin = time.monotonic()
    process = subprocess.Popen(
        [str(part) for part in command], cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    own, tree = 0, 0
    watched = psutil.Process(process.pid)
    while process.poll() is None:
        try:
            own = max(own, watched.memory_info().rss)
            family = [watched, *watched.children(recursive=True)]
            tree = max(tree, sum(_pss(member) for member in family))
        except psutil.Error:
            pass
        time.sleep(interval_s)
    wall = time.monotonic() - begin
    assert process.stderr is not None
    said = process.stderr.read().decode()
    if process.returncode not in (0, 1):
        raise SystemExit(f"{command} failed:\n{said[-2000:]}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(wall, cpu, own, tree)


def _pss(process: psutil.Process) -> int:
    try:
        return int(process.memory_full_info().pss)
    except psutil.Error:
        return 0


def make_course(folder: Path, count: int) -> None:
    """A course with `count` submissions of ps01: answers right and wrong in every style the course has."""
    for name in ("assignments", "solutions"):
        shutil.copytree(ROOT / name, folder / name)
    (folder / "nbgrader_config.py").write_text(
        "from autograder.nbgrader_plugin import configure\nc = get_config()\nconfigure(c)\n"
    )
    course = load_course(folder)
    build_set(course, SET, folder / "source")
    build_set(course, SET, folder / "solved", solved=True)
    run_nbgrader(folder, "generate_assignment", SET)
    solved = json.loads((folder / "solved" / SET / f"{SET}.ipynb").read_text())
    for number in range(count):
        target = folder / "submitted" / f"student{number:04d}" / SET
        target.mkdir(parents=True)
        notebook = json.dumps(varied(solved, folder / "solutions" / SET, number))
        (target / f"{SET}.ipynb").write_text(notebook)
        (target / "timestamp.txt").write_text("2026-01-01 12:00:00.000000 UTC")
        shutil.copy(folder / "source" / SET / "autograder.checks", target)


def varied(solved: dict[str, Any], solutions: Path, number: int) -> dict[str, Any]:
    """The solved notebook with each function replaced by one of the course's right or wrong answers."""
    notebook = json.loads(json.dumps(solved))
    for position, cell in enumerate(notebook["cells"]):
        name = cell["metadata"].get("nbgrader", {}).get("grade_id", "").removesuffix("_answer")
        kind = "wrong" if (number + position) % 3 == 0 else "accepted"
        files = sorted((solutions / name / kind).glob("*.py")) if name else []
        # No torch: the peer would pay seconds for each import, we would not.
        files = [file for file in files if "torch" not in file.read_text()]
        if files and cell["metadata"]["nbgrader"]["solution"]:
            cell["source"] = files[number % len(files)].read_text()
    return notebook


def run_nbgrader(folder: Path, *arguments: str) -> None:
    command = [sys.executable, "-m", "nbgrader", *arguments]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)


def stock_cost(folder: Path, count: int) -> Cost:
    """Marginal cost of one submission with stock nbgrader: of `count` + 1 minus of one, over `count`."""
    (folder / "nbgrader_config.py").write_text("c = get_config()\n")
    students = sorted(path.name for path in (folder / "submitted").iterdir())
    for name in students[count + 1 :]:
        shutil.rmtree(folder / "submitted" / name)
    command = [sys.executable, "-m", "nbgrader", "autograde", SET, "--force"]
    one = measure([*command, f"--student={students[0]}"], folder, interval_s=0.5)
    everyone = measure(command, folder, interval_s=0.5)
    wall, cpu = (everyone.wall_s - one.wall_s) / count, (everyone.cpu_s - one.cpu_s) / count
    return Cost(wall, cpu, everyone.own_peak, everyone.tree_peak)


def bench_class(submissions: int, stock: int) -> None:
    table = Table(title=f"{SET}, per submission", title_justify="left")
    for column in ("", "wall", "cpu", "trusted process", "whole tree (PSS)"):
        table.add_column(column, justify="left" if not column else "right")
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        make_course(folder, submissions)
        autograder = Path(sys.executable).with_name("autograder")
        costs: dict[str, Cost] = {}
        for jobs in (1, 2):
            command = [autograder, "grade", SET, "--force", "-j", str(jobs)]
            costs[f"-j {jobs}"] = measure(command, folder, interval_s=0.5)  # sampling costs time
        (folder / "course.toml").write_text("diagnose = false\n")
        for jobs in (1, 2):
            command = [autograder, "grade", SET, "--force", "-j", str(jobs)]
            costs[f"-j {jobs}, no diagnosis"] = measure(command, folder, interval_s=0.5)
        for name, cost in costs.items():
            per = Cost(
                cost.wall_s / submissions, cost.cpu_s / submissions, cost.own_peak, cost.tree_peak
            )
            add_row(table, f"autograder grade {name} ({submissions}, start-up included)", per)
        plain = stock_cost(folder, stock)
        add_row(table, f"nbgrader autograde, stock ({stock}, start-up taken off)", plain)
    CONSOLE.print(table)
    for label in ("", ", no diagnosis"):
        one, two = costs[f"-j 1{label}"], costs[f"-j 2{label}"]
        CONSOLE.print(
            f"stock / ours{label}: {plain.cpu_s / (one.cpu_s / submissions):.1f}x in processor time, "
            f"{plain.wall_s / (one.wall_s / submissions):.1f}x in time; "
            f"two workers / one: {one.wall_s / two.wall_s:.2f}x"
        )


def add_row(table: Table, name: str, cost: Cost) -> None:
    table.add_row(
        name,
        f"{cost.wall_s * 1e3:.0f} ms",
        f"{cost.cpu_s * 1e3:.0f} ms",
        f"{cost.own_peak / 2**20:.0f} MiB",
        f"{cost.tree_peak / 2**20:.0f} MiB",
    )


def bench_try(repeats: int = 5) -> None:
    """A cold `autograder try` of a numpy function, and what each further file costs."""
    folder = ROOT / "solutions" / "ps14_prox" / "soft_threshold" / "accepted"
    files = sorted(file for file in folder.glob("*.py") if "torch" not in file.read_text())
    autograder = Path(sys.executable).with_name("autograder")
    command = [autograder, "try", "soft_threshold", "--json"]
    few, many = [files[0]], [files[n % len(files)] for n in range(101)]
    cold = [measure([*command, *few], ROOT) for _ in range(repeats)]
    warm = [measure([*command, *many], ROOT) for _ in range(repeats)]
    each = [(w.wall_s - c.wall_s) / 100 for w, c in zip(warm, cold, strict=True)]
    helped = [measure([autograder, "--help"], ROOT).wall_s for _ in range(repeats)]
    CONSOLE.print(
        f"autograder try, cold: {statistics.median(c.wall_s for c in cold):.2f} s, "
        f"{max(c.tree_peak for c in cold + warm) / 2**20:.0f} MiB in all; "
        f"each further file: {statistics.median(each) * 1e3:.1f} ms; "
        f"autograder --help: {statistics.median(helped):.2f} s"
    )


def bench_zygote(imports: Sequence[str]) -> None:
    """Memory of a zygote and what one child adds after running a few operations."""
    source = "import numpy as np\nx = np.ones(100)\n"
    if "torch" in imports:
        source += (
            "import torch\np = torch.ones(8, requires_grad=True)\no = torch.optim.AdamW([p])\n"
            "(p * p).sum().backward()\no.step()\n"
        )
    with Sandbox(imports, policy=Policy()) as sandbox, sandbox.child() as child:
        child.define(0, source, 30.0)
        assert sandbox._process is not None
        family = psutil.Process(sandbox._process.pid).children(recursive=True)
        zygote, *children = sorted(family, key=lambda member: member.create_time())
        private = [member.memory_full_info().uss for member in children]
        CONSOLE.print(
            f"zygote with {', '.join(imports)}: {zygote.memory_info().rss / 2**20:.0f} MiB resident; "
            f"a child's private memory: {max(private) / 2**20:.1f} MiB"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--submissions", type=int, default=100)
    parser.add_argument("--stock", type=int, default=8)
    arguments = parser.parse_args()
    CONSOLE.print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}")
    bench_try()
    bench_zygote(["numpy"])
    bench_zygote(["numpy", "torch"])
    bench_class(arguments.submissions, arguments.stock)


if __name__ == "__main__":
    main()
