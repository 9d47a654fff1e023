"""One set graded by everybody: this grader, nbgrader with it and without, and otter, on one core."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from harness import (
    CONSOLE,
    Cost,
    Figure,
    PerSubmission,
    Sizes,
    autograde_command,
    grade_command,
    hand_in_all,
    handed_in,
    labelled_answers,
    make_course,
    measure,
    needs_torch,
    on_one_core,
    per_submission,
    release,
    spread_ms,
    student,
    with_answers,
)
from isolation import empty_child_s
from others import otter_assignment, otter_score, use_test_cells

from autograder.model import Policy
from autograder.sandbox.pool import Sandbox

OTTER = "otter-grader==7.0.0"


@dataclass(frozen=True)
class Targets:
    """Least ratios of stock nbgrader's time to ours and to the drop-in's, and least submissions a second."""

    part: str
    stock: float
    drop_in: float
    a_second: float


TARGETS = {
    "ps1_like": Targets("numpy", stock=30.0, drop_in=5.0, a_second=25.0),
    "ps2_like": Targets("torch", stock=50.0, drop_in=20.0, a_second=12.0),
}
_LIMIT = 2.0  # times the student calls and comparisons alone


@dataclass(frozen=True)
class Limit:
    """Seconds for each submission: of calls and comparisons `alone`, and of grading in the sandbox, both warm."""

    alone: list[float]
    graded: list[float]


class Bench:
    """The same submissions in a course of ours, and in one whose notebook holds nbgrader's hidden test cells."""

    def __init__(self, folder: Path, set_name: str, sizes: Sizes) -> None:
        self.folder, self.set_name, self.sizes = folder, set_name, sizes
        self.ours = make_course(folder / "ours", set_name)
        self.theirs = use_test_cells(make_course(folder / "theirs", set_name))
        self.theirs.is_graded_by("stock")
        release(self.theirs)
        self.answers = labelled_answers(self.ours)
        self.scores: dict[str, Mapping[str, float]] = {}

    def grade(self, *, diagnoses: bool) -> PerSubmission:
        hand_in_all(self.ours, self.answers, self.sizes.ours)
        self.ours.diagnoses(diagnoses)
        found = per_submission(self.ours, grade_command(self.set_name, 1), self.sizes.ours)
        self.scores["ours"] = self.ours.scores()
        return found

    def drop_in(self) -> PerSubmission:
        hand_in_all(self.ours, self.answers, self.sizes.drop_in)
        self.ours.diagnoses(False)
        found = per_submission(self.ours, autograde_command(self.set_name), self.sizes.drop_in)
        self.scores["drop-in"] = self.ours.scores()
        return found

    def stock(self) -> PerSubmission:
        hand_in_all(self.theirs, self.answers, self.sizes.stock)
        found = per_submission(self.theirs, autograde_command(self.set_name), self.sizes.stock)
        self.scores["nbgrader"] = self.theirs.scores()
        return found

    def otter(self, environment: Path) -> tuple[list[Cost], Cost]:
        """Costs of `otter run` for each of some submissions, and for a notebook without a cell or a test."""
        bare = dict(self.theirs.solved)
        bare["cells"] = [
            cell
            for cell in bare["cells"]
            if not cell["metadata"].get("nbgrader", {}).get("locked", False)
        ]
        costs, scores = [], {}
        for number in range(self.sizes.otter):
            folder = self.folder / f"otter{number}"
            otter_assignment(self.ours.items, folder)
            notebook = with_answers(bare, handed_in(self.answers, number))
            costs.append(_otter_run(environment, folder, notebook))
            scores[student(number)] = otter_score(folder / "results.json")
        self.scores["otter"] = scores
        otter_assignment({}, self.folder / "otter")
        return costs, _otter_run(environment, self.folder / "otter", {**bare, "cells": []})

    def limit(self) -> Limit:
        script = Path(__file__).with_name("limit.py")
        command = [sys.executable, script, self.ours.folder, self.set_name, str(self.sizes.ours)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        return Limit(**json.loads(done.stdout))

    def child_s(self) -> float:
        """Median seconds of an empty child, with all walls."""
        imports = ["torch"] if any(map(needs_torch, self.ours.items.values())) else []
        with Sandbox(imports, policy=Policy(), notebook=True) as sandbox:
            return statistics.median([empty_child_s(sandbox) for _ in range(40)][5:])

    def disagreements(self) -> list[str]:
        ours = self.scores["ours"]
        return [
            f"{name}: {who} {score:g}, ours {ours[name]:g}"
            for who, scores in self.scores.items()
            for name, score in scores.items()
            if score != ours[name]
        ]


def _otter_run(environment: Path, folder: Path, notebook: object) -> Cost:
    binaries = environment / "bin"
    (folder / "submission.ipynb").write_text(json.dumps(notebook))
    package = folder / "autograder.zip"
    generate = [binaries / "otter", "generate", "-t", folder / "tests", "-o", package]
    generate += ["--no-config", "--no-requirements", "--no-environment"]
    subprocess.run(generate, cwd=folder, check=True, capture_output=True)
    run = [binaries / "otter", "run", "--no-logo", "-a", package, "-o", folder]
    path = {"PATH": f"{binaries}:{os.environ['PATH']}"}
    return measure([*run, folder / "submission.ipynb"], folder, interval_s=None, environment=path)


def side_by_side(set_name: str, sizes: Sizes, otter: Path | None) -> list[Figure]:
    targets = TARGETS[set_name]
    part = targets.part
    with tempfile.TemporaryDirectory() as name, on_one_core():
        bench = Bench(Path(name), set_name, sizes)
        # Before the others and after them, on a machine that is never as quiet twice.
        before, diagnosed = bench.grade(diagnoses=False), bench.grade(diagnoses=True)
        limit, child = bench.limit(), bench.child_s()
        drop_in, stock = bench.drop_in(), bench.stock()
        otter_costs = bench.otter(otter) if otter is not None else None
        ours = _mean(before, bench.grade(diagnoses=False))
        disagreements = bench.disagreements()
    alone, graded = statistics.median(limit.alone), statistics.median(limit.graded)
    figures = [
        _cost(
            part,
            f"autograder grade, {sizes.ours}",
            ours,
            f"run and graded in the sandbox {graded / ours.wall_s:.0%}; the rest: files, feedback, gradebook",
        ),
        _cost(
            part,
            f"autograder grade with diagnosis, {sizes.ours}",
            diagnosed,
            f"diagnosis {1 - ours.wall_s / diagnosed.wall_s:.0%}",
        ),
        _cost(
            part,
            f"nbgrader autograde, drop-in, {sizes.drop_in}",
            drop_in,
            f"nbgrader's own passes and database {1 - ours.wall_s / drop_in.wall_s:.0%}",
        ),
        _cost(
            part,
            f"nbgrader autograde, stock, {sizes.stock}",
            stock,
            f"its kernel and cells {1 - drop_in.wall_s / stock.wall_s:.0%}, "
            f"of which calls and comparisons {alone / stock.wall_s:.1%}",
        ),
        *_ratios(targets, sizes, ours, drop_in, stock),
        Figure(
            part,
            "grading / student calls and comparisons alone, warm",
            f"{graded / alone:.1f}x: p50 / p95 {spread_ms(limit.graded)} and {spread_ms(limit.alone)}; "
            f"end to end {ours.wall_s / alone:.1f}x",
            f"≤ {_LIMIT:g}x",
            graded <= _LIMIT * alone,
            f"an empty child {child / graded:.0%}, calls and comparisons {alone / graded:.0%}",
        ),
    ]
    if otter_costs is not None:
        figures += _otter_figures(part, ours, *otter_costs)
    agreed = "; ".join(disagreements) or f"all, by {', '.join(bench.scores)}"
    return [*figures, Figure(part, "same scores", agreed, "all", not disagreements)]


def _mean(one: PerSubmission, other: PerSubmission) -> PerSubmission:
    return PerSubmission(
        (one.wall_s + other.wall_s) / 2,
        (one.cpu_s + other.cpu_s) / 2,
        (one.start_s + other.start_s) / 2,
        (*one.each_s, *other.each_s),
    )


def _cost(part: str, label: str, found: PerSubmission, dominated_by: str) -> Figure:
    spread = f"p50 / p95 {spread_ms(found.each_s)}"
    text = f"{found.wall_s * 1e3:.1f} ms, cpu {found.cpu_s * 1e3:.1f} ms; {spread}"
    return Figure(part, label, text, dominated_by=dominated_by)


def _ratios(
    targets: Targets,
    sizes: Sizes,
    ours: PerSubmission,
    drop_in: PerSubmission,
    stock: PerSubmission,
) -> list[Figure]:
    a_second = 1 / ours.wall_s
    with_start = (ours.start_s + ours.wall_s * (sizes.ours - 1)) / sizes.ours
    ratio, drop_in_ratio = stock.wall_s / ours.wall_s, stock.wall_s / drop_in.wall_s
    return [
        Figure(
            targets.part,
            "submissions a second",
            f"{a_second:.1f} ({1 / with_start:.1f} with start-up, over {sizes.ours})",
            f"≥ {targets.a_second:g}",
            a_second >= targets.a_second,
        ),
        Figure(
            targets.part,
            "stock nbgrader / ours",
            f"{ratio:.1f}x time, {stock.cpu_s / ours.cpu_s:.1f}x cpu "
            f"({stock.wall_s / with_start:.1f}x with our start-up)",
            f"≥ {targets.stock:g}x",
            ratio >= targets.stock,
        ),
        Figure(
            targets.part,
            "stock nbgrader / drop-in",
            f"{drop_in_ratio:.1f}x time",
            f"≥ {targets.drop_in:g}x",
            drop_in_ratio >= targets.drop_in,
        ),
    ]


def _otter_figures(
    part: str, ours: PerSubmission, runs: Sequence[Cost], empty: Cost
) -> list[Figure]:
    wall = statistics.fmean(run.wall_s for run in runs)
    cpu = statistics.fmean(run.cpu_s for run in runs)
    return [
        Figure(
            part,
            f"otter run, {len(runs)}",
            f"{wall * 1e3:.0f} ms, cpu {cpu * 1e3:.0f} ms",
            dominated_by=f"an empty notebook {min(1.0, empty.cpu_s / cpu):.0%} of the cpu: "
            "the starts of Python and a kernel",
        ),
        Figure(
            part, "otter run / ours", f"{wall / ours.wall_s:.0f}x time, {cpu / ours.cpu_s:.0f}x cpu"
        ),
    ]


def otter_environment(folder: Path) -> Path | None:
    """A virtual environment with otter-grader, made where there is none; None where that fails.

    torch comes from this environment's site-packages, last on the path, so that it is not installed twice.
    """
    if (folder / "bin" / "otter").exists():
        return folder
    CONSOLE.print(f"installing {OTTER} into {folder} …")
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    install = [folder / "bin" / "python", "-m", "pip", "install", "--quiet", OTTER, "ipykernel"]
    done = subprocess.run(install, capture_output=True, text=True)
    if done.returncode:
        said = done.stderr.strip().splitlines()[-1:]
        CONSOLE.print(f"{OTTER} could not be installed, so its rows are left out: {said}")
        shutil.rmtree(folder)
        return None
    own = next(folder.glob("lib/python3*/site-packages"))
    (own / "zz_torch.pth").write_text(f"{Path(np.__file__).parents[1]}\n")
    return folder
