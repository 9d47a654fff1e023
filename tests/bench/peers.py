"""This grader beside nbgrader and otter, on the same submissions, inputs and comparisons, in one run.

    python tests/bench/peers.py [--quick] [--only PART …] [--no-otter] [--markdown] [--output DIR]

Two courses: ps1_like (five numpy functions) and ps2_like (five torch functions, AdamW against torch.optim.AdamW). A third
of the functions are wrong, and each text differs from all others. Others run the hidden tests as nbgrader's hidden
test cells and as otter's test files, made from the same problems; "same scores" says whether all agree.

"numpy" and "torch" run on one core. Times for a submission leave start-up out for nbgrader and for us (otter starts
anew for each); what start-up adds stands beside them. otter-grader gets an environment of its own (--otter DIR).

Parts: numpy, torch, isolation, workers, scaling, startup, class, commands.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from harness import (
    AUTOGRADER,
    CONSOLE,
    QUICK,
    ROOT,
    Cost,
    Figure,
    Sizes,
    grade_command,
    hand_in_all,
    handed_in,
    labelled_answers,
    make_course,
    markdown,
    measure,
    per_submission,
    percentile,
    show,
    spread_ms,
)
from isolation import isolation
from side_by_side import TARGETS, otter_environment, side_by_side
from varied import varied_answers

_CHECKS = """
import contextlib, io, json, time
import numpy as np
from autograder import check

def soft_threshold(x, lam):
    return np.sign(x) * np.maximum(np.abs(x) - lam, 0.0)

seconds = []
with contextlib.redirect_stdout(io.StringIO()):
    for _ in range(100):
        begin = time.perf_counter()
        check("soft_threshold", soft_threshold)
        seconds.append(time.perf_counter() - begin)
print(json.dumps(seconds))
"""


def workers(sizes: Sizes) -> list[Figure]:
    """A class graded by one worker and by two, on all cores."""
    figures = []
    for set_name, targets in TARGETS.items():
        with tempfile.TemporaryDirectory() as name:
            course = make_course(Path(name), set_name)
            course.diagnoses(False)
            hand_in_all(course, labelled_answers(course), sizes.ours)
            one, two = (
                per_submission(course, grade_command(set_name, jobs), sizes.ours) for jobs in (1, 2)
            )
        ratio = one.wall_s / two.wall_s
        totals = [found.start_s + found.wall_s * (sizes.ours - 1) for found in (one, two)]
        figures.append(
            Figure(
                targets.part,
                f"two workers / one, {sizes.ours} submissions",
                f"{ratio:.2f}x: {one.wall_s * 1e3:.1f} and {two.wall_s * 1e3:.1f} ms each "
                f"({totals[0] / totals[1]:.2f}x with start-up: {totals[0]:.1f} and {totals[1]:.1f} s)",
                "≥ 1.7x",
                ratio >= 1.7,
            )
        )
    return figures


def startup(sizes: Sizes) -> list[Figure]:
    """A class of one: from the command to its end, its grade recorded."""
    figures = []
    for set_name, limit_s in (("ps1_like", 2.0), ("ps2_like", None)):
        with tempfile.TemporaryDirectory() as name:
            course = make_course(Path(name), set_name)
            hand_in_all(course, labelled_answers(course), 1)
            seconds = []
            for _ in range(sizes.repeats):
                course.forget()
                cost = measure(grade_command(set_name, 1), course.folder, interval_s=None)
                seconds.append(cost.wall_s)
        middle = statistics.median(seconds)
        figures.append(
            Figure(
                TARGETS[set_name].part,
                "start-up to the first graded submission, and end",
                f"{middle:.2f} s (slowest of {sizes.repeats}: {max(seconds):.2f} s)",
                "" if limit_s is None else f"< {limit_s:g} s",
                None if limit_s is None else middle < limit_s,
                "imports",
            )
        )
    return figures


def whole_class(sizes: Sizes) -> list[Figure]:
    """A third of five functions wrong, each in its own way, with diagnosis, on two cores."""
    count = sizes.whole_class
    wrong_each = math.ceil(count / 3)
    with tempfile.TemporaryDirectory() as name:
        course = make_course(Path(name), "ps1_like")
        answers = varied_answers(course, wrong_each)
        hand_in_all(course, answers, count)
        distinct = sum(len(pool.wrong) for pool in answers.values())
        cost = measure(grade_command("ps1_like", 2), course.folder, interval_s=0.5)
        each = course.cadence_s()
    return [
        Figure(
            "class",
            f"{count} x 5 functions, {5 * wrong_each} wrong in {distinct} ways, diagnosed, -j 2",
            f"{cost.wall_s:.1f} s, cpu {cost.cpu_s:.1f} s; between notebooks p50 / p95 {spread_ms(each)}",
            "< 60 s for 300",
            cost.wall_s < 60 if count >= 300 else None,
            f"{cost.trusted_peak / 2**20:.0f} MiB trusted, {cost.tree_peak / 2**20:.0f} MiB in all",
        )
    ]


def commands(sizes: Sizes) -> list[Figure]:
    """What people wait for at a prompt and in a notebook."""
    helped = [
        measure([AUTOGRADER, "--help"], ROOT, interval_s=None).wall_s
        for _ in range(4 * sizes.repeats)
    ]
    with tempfile.TemporaryDirectory() as name:
        course = make_course(Path(name), "ps1_like")
        source = course.folder / "source" / "ps1_like"
        command = [sys.executable, "-c", _CHECKS]
        done = subprocess.run(command, cwd=source, check=True, capture_output=True, text=True)
    first, *later = json.loads(done.stdout)
    return [
        Figure(
            "commands",
            "autograder --help",
            f"p50 / p95 {spread_ms(helped)}",
            "< 200 ms",
            statistics.median(helped) < 0.2,
            "the start of Python, and imports",
        ),
        Figure(
            "commands",
            "check() of a numpy item, after the first",
            f"p50 / p95 {spread_ms(later)} (first {first * 1e3:.0f} ms)",
            "< 50 ms",
            percentile(later, 0.95) < 0.05,
        ),
    ]


# ---------------------------------------------------------------------------------------------
# From a handful to thousands


def scaling(sizes: Sizes, output: Path | None) -> list[Figure]:
    """Cost of a submission and memory by size of the class, with two workers, without diagnosis."""
    costs: dict[int, Cost] = {}
    with tempfile.TemporaryDirectory() as name:
        course = make_course(Path(name), "ps1_like")
        course.diagnoses(False)
        answers = labelled_answers(course)
        done = 0
        for count in (1, *sizes.scaling):
            for number in range(done, count):
                course.hand_in(number, handed_in(answers, number))
            done = count
            course.forget()
            costs[count] = measure(grade_command("ps1_like", 2), course.folder, interval_s=0.5)
    start_s = costs.pop(1).wall_s
    counts = np.array(list(costs))
    seconds = np.array([cost.wall_s for cost in costs.values()])
    slope, exponent = fit(counts, seconds, start_s)
    each_ms = (seconds - start_s) / (counts - 1) * 1e3
    show_scaling(costs, each_ms)
    if output is not None:
        draw_scaling(output / "scaling.png", counts, each_ms, slope * 1e3)
    peaks = [cost.trusted_peak / 2**20 for cost in costs.values()]
    growth = peaks[-1] / peaks[(len(peaks) - 1) // 2]
    span = f"{counts[0]} to {counts[-1]} submissions"
    return [
        Figure(
            "scaling",
            f"each further submission, {span}, -j 2",
            f"{slope * 1e3:.1f} ms; time grows as n^{exponent:.2f}",
            "flat: n^1 ± 0.05",
            abs(exponent - 1) <= 0.05,
        ),
        Figure(
            "scaling",
            f"trusted side, peak PSS, {span}",
            f"{', '.join(f'{peak:.0f}' for peak in peaks)} MiB",
            "bounded: ≤ 1.1x from the middle size on",
            growth <= 1.1,
        ),
    ]


def fit(counts: Any, seconds: Any, start_s: float) -> tuple[float, float]:
    """(seconds for each further submission, exponent k of seconds - start ~ (n - 1)^k), by least squares."""
    slope = float(np.linalg.lstsq((counts - 1.0)[:, None], seconds - start_s, rcond=None)[0][0])
    beyond = np.maximum(seconds - start_s, 1e-3)
    return slope, float(np.polyfit(np.log(counts - 1.0), np.log(beyond), 1)[0])


def show_scaling(costs: Mapping[int, Cost], each_ms: Any) -> None:
    CONSOLE.print("\nEach further submission (ps1_like, -j 2, no diagnosis)")
    for (count, cost), milliseconds in zip(costs.items(), each_ms, strict=True):
        bar = "█" * round(milliseconds / max(each_ms) * 50)
        memory = f"{cost.trusted_peak / 2**20:.0f} MiB trusted, {cost.tree_peak / 2**20:.0f} in all"
        CONSOLE.print(f"{count:6d} {bar:50} {milliseconds:6.1f} ms  {cost.wall_s:7.1f} s  {memory}")


def draw_scaling(path: Path, counts: Any, each_ms: Any, slope_ms: float) -> None:
    from matplotlib.figure import Figure as Picture

    picture = Picture(figsize=(5, 3), dpi=120, layout="constrained")
    axes = picture.add_subplot()
    axes.semilogx(counts, each_ms, "o-", label="measured")
    axes.axhline(slope_ms, color="grey", linestyle="--", label=f"fit, {slope_ms:.1f} ms")
    axes.set(xlabel="submissions", ylabel="ms for each further one", ylim=(0, 1.3 * max(each_ms)))
    axes.legend()
    picture.savefig(path)


# ---------------------------------------------------------------------------------------------


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="fewer submissions of everything")
    parser.add_argument("--only", nargs="+", default=[], metavar="PART")
    parser.add_argument("--otter", type=Path, default=ROOT / ".venv-otter", metavar="DIR")
    parser.add_argument("--no-otter", action="store_true")
    parser.add_argument("--markdown", action="store_true", help="print the table as Markdown too")
    parser.add_argument("--output", type=Path, metavar="DIR", help="for results.md and scaling.png")
    arguments = parser.parse_args()
    sizes = QUICK if arguments.quick else Sizes()
    wanted = arguments.only
    if arguments.output is not None:
        arguments.output.mkdir(parents=True, exist_ok=True)
    is_beside = {"numpy", "torch"} & set(wanted or ["numpy"])
    otter = otter_environment(arguments.otter) if is_beside and not arguments.no_otter else None
    parts: dict[str, Callable[[], list[Figure]]] = {
        "numpy": lambda: side_by_side("ps1_like", sizes, otter),
        "torch": lambda: side_by_side("ps2_like", sizes, otter),
        "isolation": lambda: isolation(sizes),
        "workers": lambda: workers(sizes),
        "scaling": lambda: scaling(sizes, arguments.output),
        "startup": lambda: startup(sizes),
        "class": lambda: whole_class(sizes),
        "commands": lambda: commands(sizes),
    }
    unknown = set(wanted) - set(parts)
    if unknown:
        parser.error(f"no such part: {', '.join(sorted(unknown))}; known are {', '.join(parts)}")
    CONSOLE.print(
        f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, Python {sys.version.split()[0]}, "
        f"numpy {np.__version__}"
    )
    figures: list[Figure] = []
    for name, run in parts.items():
        if wanted and name not in wanted:
            continue
        begin = time.monotonic()
        found = run()
        CONSOLE.print(f"{name}: {time.monotonic() - begin:.0f} s")
        show(found)
        figures += found
    if arguments.markdown:
        print(markdown(figures))
    if arguments.output is not None:
        (arguments.output / "results.md").write_text(markdown(figures))


if __name__ == "__main__":
    main()
