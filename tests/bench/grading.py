"""Time and memory of grading a set of the real course, beside stock nbgrader on the same notebooks, in one run.

    python tests/bench/grading.py [--submissions 100] [--stock 8]

Processor time is that of whole process trees, from the kernel's accounting of finished children. The stock side
is `nbgrader autograde` with its own Execute preprocessor, where the same check cells run the public examples;
its start-up, measured on a run of one submission, is taken off, so that the ratio is per submission. It executes
cells without any isolation, and has no hidden tests: it does less.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import psutil
from harness import (
    AUTOGRADER,
    CONSOLE,
    ROOT,
    Cost,
    Course,
    handed_in,
    labelled_answers,
    make_course,
    measure,
    student,
)
from rich.table import Table

from autograder.model import Policy
from autograder.sandbox.pool import Sandbox

SET = "ps01_convexity"


def stock_cost(course: Course, count: int) -> Cost:
    """Marginal cost of one submission with stock nbgrader: of `count` + 1 minus of one, over `count`."""
    course.is_graded_by("stock")
    for path in sorted((course.folder / "submitted").iterdir())[count + 1 :]:
        shutil.rmtree(path)
    command = [sys.executable, "-m", "nbgrader", "autograde", SET, "--force"]
    one = measure([*command, f"--student={student(0)}"], course.folder, interval_s=0.5)
    everyone = measure(command, course.folder, interval_s=0.5)
    wall, cpu = (everyone.wall_s - one.wall_s) / count, (everyone.cpu_s - one.cpu_s) / count
    return Cost(wall, cpu, everyone.trusted_peak, everyone.tree_peak)


def bench_class(submissions: int, stock: int) -> None:
    table = Table(title=f"{SET}, per submission", title_justify="left")
    for column in ("", "wall", "cpu", "trusted side (PSS)", "whole tree (PSS)"):
        table.add_column(column, justify="left" if not column else "right")
    with tempfile.TemporaryDirectory() as temporary:
        course = make_course(Path(temporary), SET)
        answers = labelled_answers(course)
        for number in range(submissions):
            course.hand_in(number, handed_in(answers, number))
        costs: dict[str, Cost] = {}
        for label, diagnoses in (("", True), (", no diagnosis", False)):
            course.diagnoses(diagnoses)
            for jobs in (1, 2):
                course.forget()
                command = [AUTOGRADER, "grade", SET, "--force", "-j", str(jobs)]
                cost = measure(command, course.folder, interval_s=0.5)  # looking costs time
                costs[f"-j {jobs}{label}"] = cost
                per = Cost(
                    cost.wall_s / submissions,
                    cost.cpu_s / submissions,
                    cost.trusted_peak,
                    cost.tree_peak,
                )
                name = f"autograder grade -j {jobs}{label} ({submissions}, start-up included)"
                add_row(table, name, per)
        plain = stock_cost(course, stock)
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
        f"{cost.trusted_peak / 2**20:.0f} MiB",
        f"{cost.tree_peak / 2**20:.0f} MiB",
    )


def bench_try(repeats: int = 5) -> None:
    """A cold `autograder try` of a numpy function, and what each further file costs."""
    folder = ROOT / "solutions" / "ps14_prox" / "soft_threshold" / "accepted"
    files = sorted(file for file in folder.glob("*.py") if "torch" not in file.read_text())
    command = [AUTOGRADER, "try", "soft_threshold", "--json"]
    few, many = [files[0]], [files[n % len(files)] for n in range(101)]
    cold = [measure([*command, *few], ROOT) for _ in range(repeats)]
    warm = [measure([*command, *many], ROOT) for _ in range(repeats)]
    each = [(w.wall_s - c.wall_s) / 100 for w, c in zip(warm, cold, strict=True)]
    helped = [measure([AUTOGRADER, "--help"], ROOT).wall_s for _ in range(repeats)]
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
