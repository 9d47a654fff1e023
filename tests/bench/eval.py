"""How well causes are found: every labelled function of the course, and those beside this file.

    python tests/bench/eval.py [--problem NAME] [--verbose] [--held-out] [--dir DIR]

Reads `solutions/*/*/{accepted,wrong}/*.py` and `tests/bench/{labelled,held_out}/<problem>/{right,wrong}/*.py`,
and those of each DIR in the same order; a wrong function's first lines say `# family: …` and `# line: …`. Prints for each problem and for all: right accepted,
wrong rejected, family and line named first, line within one, confirmed, confirmed but naming another line
and family, and milliseconds for a wrong function (grading and diagnosis, sandbox included, on one core).
The files under tests/bench/held_out were written without sight of the diagnosis and its rules, and are held out
of their development: "held out" is the figure to believe.
"""

from __future__ import annotations

import argparse
import dataclasses
import re
import statistics
import time
from collections import defaultdict
from pathlib import Path

from autograder.course import Course, load_course
from autograder.grade import grade_source
from autograder.model import Diagnosis, Outcome, Policy
from autograder.sandbox.pool import Sandboxes
from autograder.source import SourcePart

ROOT = Path(__file__).resolve().parents[2]
DEVELOPED_ON = (ROOT / "solutions", ROOT / "tests" / "bench" / "labelled")
_LABEL = re.compile(r"^# (family|line): *(.+?) *$", re.MULTILINE)


@dataclasses.dataclass
class Tally:
    right: int = 0
    accepted: int = 0
    scolded: int = 0
    wrong: int = 0
    rejected: int = 0
    family: int = 0
    line: int = 0
    near: int = 0
    confirmed: int = 0
    misled: int = 0
    seconds: list[float] = dataclasses.field(default_factory=list)

    def add(self, other: Tally) -> None:
        for field in dataclasses.fields(self):
            setattr(self, field.name, getattr(self, field.name) + getattr(other, field.name))


def files(root: Path, extra: list[Path]) -> dict[str, list[tuple[Path, bool]]]:
    """(file, whether it is right) by problem."""
    found: dict[str, list[tuple[Path, bool]]] = defaultdict(list)
    for path in sorted(root.glob("solutions/*/*/accepted/*.py")):
        found[path.parent.parent.name].append((path, True))
    for path in sorted(root.glob("solutions/*/*/wrong/*.py")):
        found[path.parent.parent.name].append((path, False))
    bench = root / "tests" / "bench"
    for folder in [bench / "labelled", bench / "held_out", *extra]:
        for path in sorted(folder.glob("*/right/*.py")):
            found[path.parent.parent.name].append((path, True))
        for path in sorted(folder.glob("*/wrong/*.py")):
            found[path.parent.parent.name].append((path, False))
    return found


def is_developed_on(path: Path) -> bool:
    return any(folder in path.parents for folder in DEVELOPED_ON)


def measure(
    course: Course, problem: str, path: Path, sandboxes: Sandboxes, policy: Policy
) -> tuple[Outcome, tuple[Diagnosis, ...], float]:
    """Outcome, diagnoses and seconds of one file."""
    item = course.problem(problem)
    parts = [SourcePart(0, path.read_text(encoding="utf-8"))]
    begin = time.perf_counter()
    # Shrinking costs seconds and says nothing about causes.
    grade, _ = grade_source(item, parts, sandboxes, policy, shrink=False)
    return grade.outcome, grade.diagnoses, time.perf_counter() - begin


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--problem", action="append", default=[])
    parser.add_argument("--dir", action="append", default=[], type=Path)
    parser.add_argument("--verbose", action="store_true")
    parser.add_argument("--held-out", action="store_true", help="only the files held out")
    options = parser.parse_args()
    course = load_course(ROOT)
    policy = course.policy
    only = options.held_out
    developed, held_out = Tally(), Tally()
    print(
        f"{'problem':22} {'right':>9} {'scolded':>7} {'wrong':>9} {'family':>7} {'line':>7} {'±1':>7}"
        f" {'confirmed':>9} {'misled':>6} {'p50 ms':>7} {'p95 ms':>7}"
    )
    with Sandboxes(policy=policy, notebook=False) as sandboxes:
        for problem, listed in sorted(files(ROOT, options.dir).items()):
            if options.problem and problem not in options.problem:
                continue
            if only:
                listed = [entry for entry in listed if not is_developed_on(entry[0])]
            if not listed:
                continue
            tally = Tally()
            # The first grading of a problem draws its inputs; a class pays for that once.
            measure(course, problem, listed[-1][0], sandboxes, policy)
            for path, is_right in listed:
                one = Tally()
                outcome, found, seconds = measure(course, problem, path, sandboxes, policy)
                if is_right:
                    one.right, one.accepted = 1, outcome is Outcome.PASSED
                    one.scolded = bool(found)
                    if outcome is not Outcome.PASSED or found:
                        print(f"  RIGHT BUT {outcome.value}: {path}")
                else:
                    judge(one, path, outcome, found, seconds, options.verbose)
                tally.add(one)
                (developed if is_developed_on(path) else held_out).add(one)
            show(problem, tally)
    show("developed on", developed)
    show("held out", held_out)
    developed.add(held_out)
    show("all", developed)


def judge(
    tally: Tally,
    path: Path,
    outcome: Outcome,
    found: tuple[Diagnosis, ...],
    seconds: float,
    verbose: bool,
) -> None:
    text = path.read_text(encoding="utf-8")
    label = dict(_LABEL.findall(text))
    tally.wrong += 1
    tally.rejected += outcome is not Outcome.PASSED
    tally.seconds.append(seconds)
    first = found[0] if found else None
    family = first is not None and first.family == label.get("family")
    line = first is not None and first.line == int(label.get("line", 0))
    near = first is not None and abs(first.line - int(label.get("line", 0))) <= 1
    confirmed = first is not None and first.confirmed
    tally.family += family
    tally.line += line
    tally.near += near
    tally.confirmed += confirmed
    tally.misled += confirmed and not family and not near
    if verbose and not (family and line and confirmed):
        print(
            f"  {path.parent.parent.name}/{path.name}: wants {label.get('family')} on line {label.get('line')}"
        )
        if first is None:
            print(f"      found nothing ({seconds * 1e3:.0f} ms)")
        else:
            sure = "confirmed" if first.confirmed else "suspected"
            print(
                f"      {first.rule} ({first.family}), line {first.line}, {sure}: {first.message} | {first.fix!r}"
            )


def show(name: str, tally: Tally) -> None:
    def share(part: int) -> str:
        return f"{100 * part / tally.wrong:.1f}%" if tally.wrong else "-"

    times = sorted(tally.seconds) or [0.0]
    p95 = times[min(len(times) - 1, int(0.95 * len(times)))]
    print(
        f"{name:22} {tally.accepted:>4}/{tally.right:<4} {tally.scolded:>7} {tally.rejected:>4}/{tally.wrong:<4}"
        f" {share(tally.family):>7} {share(tally.line):>7} {share(tally.near):>7} {share(tally.confirmed):>9}"
        f" {tally.misled:>6} {statistics.median(times) * 1e3:>7.0f} {p95 * 1e3:>7.0f}",
        flush=True,
    )


if __name__ == "__main__":
    main()
