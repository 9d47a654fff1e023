"""`autograder …`: the only room that prints and exits.

Imports stay inside the commands: `autograder --help` must not wait for numpy.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from autograder import __version__
from autograder.printable import printable

if TYPE_CHECKING:
    from autograder.adequacy import Row
    from autograder.dask_executor import Dask
    from autograder.executors import Here, Processes
    from autograder.model import Grade, Policy
    from autograder.source import SourcePart

EXIT_NOT_ALL_PASSED = 1
EXIT_FAULT = 2

_course_option = click.option(
    "--course",
    "course_dir",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    show_default="here",
    help="The course's directory.",
)
_unsafe_option = click.option(
    "--unsafe", is_flag=True, help="Run student code even where this machine isolates nothing."
)


def _complain(message: object) -> None:
    click.echo(printable(f"autograder: {message}"), err=True)


def _stop(message: str) -> NoReturn:
    _complain(message)
    sys.exit(EXIT_FAULT)


@contextmanager
def _faults_told() -> Iterator[None]:
    """Expected faults become one clear text and exit code 2."""
    from autograder.course import CourseError
    from autograder.dask_executor import DaskError
    from autograder.hunt import HuntError
    from autograder.oracle import OracleError
    from autograder.sandbox.pool import SandboxError

    try:
        yield
    except (CourseError, DaskError, HuntError, OracleError, SandboxError) as error:
        _stop(str(error))
    except PermissionError as error:
        _stop(f"{error.filename}: permission denied; check the owner and mode of that path")
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        _stop(f"{place}{error.strerror or error}")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="autograder")
def main() -> None:
    """Grade Jupyter classrooms: hidden tests beside a reference solution, in a sandbox."""


# ---------------------------------------------------------------------------------------------
# try


@main.command("try")
@click.argument("problem")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON object per file and line.")
@_course_option
@_unsafe_option
def try_(
    problem: str, files: tuple[Path, ...], as_json: bool, course_dir: Path, unsafe: bool
) -> None:
    """Grade the function PROBLEM in each .py or .ipynb FILE against the hidden tests.

    Exit code 0: all passed; 1: some did not; 2: a usage error or a fault of the grader.
    """
    import dataclasses

    from autograder.course import load_course
    from autograder.grade import grade_source
    from autograder.model import Outcome
    from autograder.sandbox.pool import Sandboxes

    worst = 0
    with _faults_told():
        course = load_course(course_dir)
        policy = dataclasses.replace(
            course.policy, allow_unsafe=unsafe or course.policy.allow_unsafe
        )
        with Sandboxes(policy=policy, notebook=False) as sandboxes:
            sandboxes.get([])  # its imports overlap with ours
            item = course.problem(problem)
            for file in files:
                begin = time.monotonic()
                try:
                    parts = _source_parts(file)
                except _UnreadableError as error:
                    _complain(error)
                    worst = EXIT_FAULT
                    continue
                grade, level = grade_source(item, parts, sandboxes, policy)
                seconds = time.monotonic() - begin
                if as_json:
                    click.echo(json.dumps(_try_record(file, grade, level, seconds, parts)))
                else:
                    _show_try(file, grade)
                if grade.outcome is Outcome.GRADER_ERROR:
                    worst = EXIT_FAULT
                elif grade.outcome is not Outcome.PASSED:
                    worst = max(worst, EXIT_NOT_ALL_PASSED)
    sys.exit(worst)


class _UnreadableError(Exception):
    pass


def _source_parts(file: Path) -> list[SourcePart]:
    """The source of a Python file, or of a notebook's code cells."""
    from autograder.source import SourcePart, without_magics

    if file.suffix == ".ipynb":
        from autograder.notebook import NotebookError, read

        try:
            cells = read(file)["cells"]
        except NotebookError as error:
            raise _UnreadableError(str(error)) from None
        parts = []
        for index, cell in enumerate(cells):
            if isinstance(cell, dict) and cell.get("cell_type") == "code":
                source = cell.get("source", "")
                text = "".join(source) if isinstance(source, list) else str(source)
                parts.append(SourcePart(index, without_magics(text)))
        return parts
    try:
        return [SourcePart(0, file.read_text(encoding="utf-8"))]
    except FileNotFoundError:
        raise _UnreadableError(f"{file}: no such file") from None
    except IsADirectoryError:
        raise _UnreadableError(f"{file}: is a directory; name .py or .ipynb files") from None
    except UnicodeDecodeError as error:
        raise _UnreadableError(
            f"{file}: is not UTF-8 text ({error.reason} at byte {error.start})"
        ) from None
    except OSError as error:
        raise _UnreadableError(f"{file}: {error.strerror}") from None


def _try_record(
    file: Path, grade: Grade, level: str, seconds: float, parts: list[SourcePart]
) -> dict[str, Any]:
    import dataclasses

    return {
        "file": str(file),
        "problem": grade.item,
        "outcome": grade.outcome.value,
        "score": grade.score,
        "max_score": grade.max_score,
        "tests": [
            {
                "name": f"{result.group}: {result.name}" if result.group else result.name,
                "hidden": result.hidden,
                "outcome": result.outcome.value,
                "message": result.message,
            }
            for result in grade.results
        ]
        # No case ran: what kept them from running stands in their place.
        or [
            {
                "name": grade.item,
                "hidden": False,
                "outcome": grade.outcome.value,
                "message": grade.message,
            }
        ],
        "counterexample": dataclasses.asdict(grade.counterexample)
        if grade.counterexample
        else None,
        "diagnosis": [dataclasses.asdict(diagnosis) for diagnosis in grade.diagnoses],
        "isolation": level,
        "seconds": round(seconds, 4),
    }


def _show_try(file: Path, grade: Grade) -> None:
    from autograder.model import Outcome

    def say(text: str) -> None:
        click.echo(printable(text))

    mark = "✓" if grade.outcome is Outcome.PASSED else "✗"
    colour = "green" if grade.outcome is Outcome.PASSED else "red"
    score = (
        "not graded" if grade.score is None else f"{grade.score:g} of {grade.max_score:g} points"
    )
    click.secho(printable(f"{mark} {file}"), fg=colour, nl=False)
    click.echo(f"  {grade.outcome.value.replace('_', ' ')}, {score}")
    if grade.message:
        say(f"    {grade.message}")
    shown = [result for result in grade.results if result.outcome is not Outcome.PASSED]
    for result in shown[:4] if not grade.message else []:
        where = f"{result.group}: {result.name}" if result.group else result.name
        say(f"    {where}: {result.message}")
    if len(shown) > 4 and not grade.message:
        say(f"    and {len(shown) - 4} more cases")
    if grade.counterexample is not None:
        example = grade.counterexample
        say(f"    smallest failing input: {example.inputs}")
        say(f"      expected {example.expected}")
        say(f"      actual   {example.actual}")
    for diagnosis in grade.diagnoses:
        sure = "confirmed" if diagnosis.confirmed else "suspected"
        say(f"    line {diagnosis.line} ({sure}): {diagnosis.message}")


# ---------------------------------------------------------------------------------------------
# build


@main.command()
@click.argument("sets", nargs=-1)
@click.option(
    "--solved",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write notebooks with every answer filled in to this directory instead.",
)
@_course_option
def build(sets: tuple[str, ...], solved: Path | None, course_dir: Path) -> None:
    """Turn assignments/ and solutions/ into nbgrader's source/ directory (all SETS, or those named)."""
    from autograder.build import build_set
    from autograder.course import load_course

    with _faults_told():
        course = load_course(course_dir)
        names = [course.full_set_name(name) for name in sets] or [
            name for name in course.set_names() if course.notebook_sources(name)
        ]
        if not names:
            _stop(
                f"{course.assignments}: no problem set with a notebook; `autograder new set` makes one"
            )
        for name in names:
            destination = solved or course.root / "source"
            files = build_set(course, name, destination, solved=solved is not None)
            click.echo(f"{course.shown(destination / name)}: {len(files)} files")


# ---------------------------------------------------------------------------------------------
# new, validate


@main.group()
def new() -> None:
    """Start a problem set or a problem, here or in a course elsewhere (--course)."""


@new.command("set")
@click.argument("name")
@click.option("--title", help="Heading of the notebook; made from NAME if absent.")
@_course_option
def new_set_(name: str, title: str | None, course_dir: Path) -> None:
    """Start the problem set NAME: a notebook to fill in and a place for its answers."""
    from autograder.scaffold import new_set

    with _faults_told():
        made = new_set(course_dir.resolve(), name, title or name.replace("_", " ").capitalize())
        _show_made(made, f"autograder validate {name}")


@new.command("problem")
@click.argument("set_name", metavar="SET")
@click.argument("name")
@click.argument("arguments", nargs=-1, required=True)
@_course_option
def new_problem_(set_name: str, name: str, arguments: tuple[str, ...], course_dir: Path) -> None:
    """Start the code problem NAME, a function of ARGUMENTS, in SET: reference, cases, and its cell."""
    from autograder.scaffold import new_problem

    with _faults_told():
        made = new_problem(course_dir.resolve(), set_name, name, list(arguments))
        _show_made(made, f"autograder validate {set_name}")


def _show_made(paths: list[Path], then: str) -> None:
    for path in paths:
        click.echo(f"wrote {path}")
    click.echo(f"next: fill them in; `{then}` says what is missing")


@main.command()
@click.argument("sets", nargs=-1)
@click.option("--mutants/--no-mutants", default=True, help="Also measure what hidden tests notice.")
@_course_option
@_unsafe_option
def validate(sets: tuple[str, ...], mutants: bool, course_dir: Path, unsafe: bool) -> None:
    """Say line by line what is wrong with, or missing from, SETS (all of them if none is named).

    Where nothing is, bugs are planted in every right answer, and those that no hidden test notices are listed.

    Exit code 0: nothing is; 1: something is; 2: a usage error or a fault of the grader.
    """
    import dataclasses

    from autograder.adequacy import validate_adequacy
    from autograder.course import load_course
    from autograder.hunt import validate_hunts
    from autograder.sandbox.pool import Sandboxes
    from autograder.validate import validate_set

    count = 0
    with _faults_told():
        course = load_course(course_dir)
        policy = dataclasses.replace(
            course.policy, allow_unsafe=unsafe or course.policy.allow_unsafe
        )
        names = [course.full_set_name(name) for name in sets] or course.set_names()
        with Sandboxes(policy=policy, notebook=True) as sandboxes:
            for name in names:
                faults = validate_set(course, name, sandboxes)
                if mutants and not faults:
                    rows, faults, notes = validate_adequacy(course, name, sandboxes)
                    faults += validate_hunts(course, name, sandboxes)
                    _show_adequacy(rows)
                    for note in notes:
                        click.echo(f"note: {note}")
                count += len(faults)
                for fault in faults:
                    click.echo(str(fault))
                if not faults:
                    click.secho(f"✓ {name}", fg="green")
    if count:
        click.echo(f"{count} faults")
        sys.exit(EXIT_NOT_ALL_PASSED)


def _show_adequacy(rows: Sequence[Row]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, header_style="bold")
    for column in (
        "problem",
        "mutants",
        "killed",
        "survived",
        "excused",
        "not told apart",
        "share",
    ):
        table.add_column(column, justify="left" if column == "problem" else "right")
    for row in rows:
        if not row.file:  # a whole problem; rows of its single files follow
            counts = (row.mutants, row.killed, row.survived, row.excused, row.alike)
            table.add_row(row.problem, *map(str, counts), f"{row.share:.1%}")
    Console().print(table)


@main.command()
@click.argument("problem")
@click.option("--seed", default="0", show_default=True, help="The same seed makes the same hunt.")
@click.option("--student", help="The variant of this student, instead of a seed.")
@click.option("--name", help="Name of the item; bug_PROBLEM if absent.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@_course_option
@_unsafe_option
def hunt(
    problem: str,
    seed: str,
    student: str | None,
    name: str | None,
    as_json: bool,
    course_dir: Path,
    unsafe: bool,
) -> None:
    """Make a buggy-line hunt of PROBLEM: a right answer with one line wrong, which hidden tests notice.

    Prints the numbered listing, what to write into answers.py, and the notebook's cell.
    """
    import dataclasses

    from autograder.course import load_course
    from autograder.hunt import make_hunt, student_seed
    from autograder.sandbox.pool import Sandboxes

    with _faults_told():
        course = load_course(course_dir)
        policy = dataclasses.replace(
            course.policy, allow_unsafe=unsafe or course.policy.allow_unsafe
        )
        item = course.problem(problem)
        item_name = name or f"bug_{problem}"
        chosen = student_seed(item_name, student) if student else seed
        with Sandboxes(policy=policy, notebook=False) as sandboxes:
            made = make_hunt(item, chosen, sandboxes)
    if as_json:
        click.echo(json.dumps(made.record(item_name, chosen)))
        return
    click.echo(f"{made.numbered()}\n\nline {made.line} ({made.family}): {made.said}\n")
    click.echo(f"# solutions/{item.set_name}/answers.py\n{made.answer_source(item_name)}")
    click.echo(f"<!-- assignments/{item.set_name}/ -->\n{made.cell_source(item_name)}")


# ---------------------------------------------------------------------------------------------
# grade


@main.command()
@click.argument("set_name", metavar="SET")
@click.option("-j", "--jobs", type=click.IntRange(1), default=None, help="Submissions at once.")
@click.option(
    "--dask",
    metavar="ADDRESS",
    help="Grade on the workers of the Dask scheduler at ADDRESS instead.",
)
@click.option("--student", help="Only this student's submission.")
@click.option("--force", is_flag=True, help="Also grade what is graded already.")
@_course_option
@_unsafe_option
def grade(
    set_name: str,
    jobs: int | None,
    dask: str | None,
    student: str | None,
    force: bool,
    course_dir: Path,
    unsafe: bool,
) -> None:
    """Grade what was collected of a problem set, into nbgrader's gradebook and autograded/ tree.

    Exit code 0: every submission was graded (whatever its marks); 1: some could not be; 2: a usage
    error, a fault of the grader, or nothing could be graded.
    """
    import dataclasses

    if dask and jobs:
        raise click.UsageError("-j is for this machine; with --dask the workers are what there is.")
    # jsonschema would compile 39 grammars, 1.1 s, for a format of addresses that no notebook has.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

    from autograder.course import load_course
    from autograder.model import Outcome

    with _faults_told():
        course = load_course(course_dir)
        name = course.full_set_name(set_name)
        policy = dataclasses.replace(
            course.policy, allow_unsafe=unsafe or course.policy.allow_unsafe
        )
        with _executor(course.root, name, policy, 1 if student else jobs, dask) as executor:
            # nbgrader takes a second to import, while the workers load the course.
            from autograder.batch import grade_class
            from autograder.gradebook import GradebookError

            try:
                with _progress(f"grading {name}") as advance:
                    result = grade_class(
                        course.root,
                        name,
                        executor,
                        student=student,
                        force=force,
                        progress=advance,
                        waiting=lambda: click.echo(
                            f"another `autograder grade {name}` is at work here; waiting for it",
                            err=True,
                        ),
                    )
            except GradebookError as error:
                _stop(str(error))
    _show_class(result)
    if any(Outcome.GRADER_ERROR in one.outcomes.values() for one in result.results):
        _stop(
            f"the course or the grader failed, not the students: `autograder validate {name}` says more. "
            "Correct it and grade again, or grade those items by hand"
        )
    if any(one.status == "failed" for one in result.results):
        sys.exit(EXIT_NOT_ALL_PASSED)


def _executor(
    root: Path, set_name: str, policy: Policy, jobs: int | None, dask: str | None
) -> Here | Processes | Dask:
    """Where to grade: `jobs` at once here (as many as there are cores for None), or beyond this machine."""
    if dask:
        from autograder.dask_executor import Dask

        return Dask(root, set_name, dask, policy, tell=lambda text: click.echo(text, err=True))
    import os

    from autograder.executors import local

    return local(root, set_name, jobs or len(os.sched_getaffinity(0)), policy)


@contextmanager
def _progress(title: str) -> Iterator[Callable[[Any], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    console = Console(stderr=True)
    hidden = not console.is_terminal
    with Progress(*columns, console=console, transient=True, disable=hidden) as progress:
        task = progress.add_task(title, total=None)

        def advance(result: Any) -> None:
            description = f"{title}: {printable(result.student)}"
            progress.update(task, advance=1, description=description)

        yield advance


_MAX_NOTES = 5  # of one student in the table of a class


def _show_class(result: Any) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, header_style="bold")
    for column in ("student", "score", "of", "time", "what a TA should know"):
        is_number = column in ("score", "of", "time")
        table.add_column(column, justify="right" if is_number else "left", overflow="fold")
    most = _MAX_NOTES if len(result.results) > 1 else sys.maxsize
    for one in result.results:
        score = "–" if one.score is None else f"{one.score:g}"
        known = [one.error] if one.error else [*one.notes[:most]]
        if len(one.notes) > most:
            known.append(f"and {len(one.notes) - most} more (--student {one.student} lists all)")
        if one.awaiting:
            known.append(f"to be graded by a person: {', '.join(one.awaiting)}")
        if one.status == "skipped":
            known.insert(0, "nothing has changed since it was graded (--force grades again)")
        student, notes = printable(one.student), printable("; ".join(known))
        table.add_row(student, score, f"{one.max_score:g}", f"{one.seconds:.2f} s", notes)
    # A note may quote what a student wrote, which is no markup.
    Console(markup=False, emoji=False, highlight=False).print(table)
    graded = sum(one.status == "graded" for one in result.results)
    failed = sum(one.status == "failed" for one in result.results)
    click.echo(
        f"{graded} graded, {len(result.results) - graded - failed} skipped, {failed} failed "
        f"in {result.seconds:.1f} s; isolation: {result.isolation}"
    )


# ---------------------------------------------------------------------------------------------
# demo


@main.command()
@click.argument("sets", nargs=-1)
@click.option("-j", "--jobs", type=click.IntRange(1), default=None, help="Submissions at once.")
@click.option(
    "--keep",
    type=click.Path(path_type=Path),
    help="Play in this new or empty directory, instead of a temporary one.",
)
@_course_option
def demo(sets: tuple[str, ...], jobs: int | None, keep: Path | None, course_dir: Path) -> None:
    """Release two SETS (ps01 and ps14) to a class of 24, collect, grade and give feedback; check it all.

    Exit code 0: every submission came out as expected; 1: some did not; 2: it could not be played.
    """
    import os

    from autograder.demo import run_demo
    from autograder.gradebook import GradebookError

    with _faults_told():
        count = jobs or len(os.sched_getaffinity(0))
        try:
            code = run_demo(course_dir, keep=keep, jobs=count, sets=sets)
        except GradebookError as error:
            _stop(str(error))
    sys.exit(code)


# ---------------------------------------------------------------------------------------------
# report


@main.command()
@click.argument("set_name", metavar="SET")
@_course_option
def report(set_name: str, course_dir: Path) -> None:
    """Say what the class made of a graded problem set: outcomes, mean scores, and the bugs found."""
    from rich.console import Console
    from rich.table import Table

    from autograder.course import load_course
    from autograder.gradebook import CourseFolder, GradebookError
    from autograder.model import Outcome
    from autograder.report import class_report

    with _faults_told():
        course = load_course(course_dir)
        name = course.full_set_name(set_name)
        try:
            items, count = class_report(CourseFolder.load(course.root), name)
        except GradebookError as error:
            _stop(str(error))
    table = Table(box=None, header_style="bold", title=f"{name}: {count} submissions")
    for column in ("item", "mean", "of", "right", "wrong", "raised", "late", "blank", "by hand"):
        table.add_column(column, justify="left" if column == "item" else "right")
    shown = (
        Outcome.PASSED,
        Outcome.FAILED,
        Outcome.RAISED,
        Outcome.TIMED_OUT,
        Outcome.NOT_ATTEMPTED,
        Outcome.GRADER_ERROR,
    )
    for item in items:
        mean = "–" if item.mean is None else f"{item.mean:.2f}"
        counts = [str(item.outcomes[outcome] or "·") for outcome in shown]
        table.add_row(item.name, mean, f"{item.points:g}", *counts)
    console = Console()
    console.print(table)
    for item in items:
        if item.bugs:
            console.print(f"\n[bold]{item.name}[/bold]")
        for (rule, family), number in item.bugs.most_common():
            sure = item.confirmed[rule, family]
            console.print(f"  {number:>3}  {rule} ({family}), {sure} confirmed", highlight=False)


# ---------------------------------------------------------------------------------------------
# rules


@main.command()
@click.argument("problem", required=False)
@click.option("--explain", "rule_id", metavar="ID", help="Print one rule with its examples.")
def rules(problem: str | None, rule_id: str | None) -> None:
    """List the bug rules (all, or those for PROBLEM), or explain one."""
    from autograder.rules import RuleError, load_rules

    try:
        known = load_rules()
    except RuleError as error:
        _stop(str(error))
    if rule_id is not None:
        found = [rule for rule in known if rule.id == rule_id]
        if not found:
            _stop(f"{rule_id}: no such rule; `autograder rules` lists them")
        _explain(found[0])
        return
    shown = [rule for rule in known if problem is None or rule.applies_to(problem)]
    width = max((len(rule.id) for rule in shown), default=0)
    for rule in sorted(shown, key=lambda rule: (rule.family, rule.id)):
        click.echo(f"{rule.family:16} {rule.id:{width}}  {rule.message}")


def _explain(rule: Any) -> None:
    click.secho(f"{rule.id} ({rule.family})", bold=True)
    click.echo(rule.message)
    click.echo(f"\n{rule.note.strip()}\n{rule.url}")
    if rule.problems:
        click.echo(f"\nFor: {', '.join(rule.problems)}")
    for example in rule.match:
        click.echo("\nFound in:")
        click.echo(_indent(example.code))
        if example.fixed:
            click.echo("repaired:")
            click.echo(_indent(example.fixed))
    for code in rule.no_match:
        click.echo("\nNot found in:")
        click.echo(_indent(code))


def _indent(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.rstrip().splitlines())


# ---------------------------------------------------------------------------------------------
# doctor


@main.command()
def doctor() -> None:
    """Say how well this machine isolates student code, and what would raise the level."""
    from autograder.model import Policy
    from autograder.sandbox.pool import Sandbox

    with _faults_told(), Sandbox(policy=Policy(allow_unsafe=True)) as sandbox:
        sandbox.wait_until_ready()
        click.echo(f"isolation: {sandbox.level}")
        walls = {
            "full": "user, pid, mount, network and ipc namespaces; Landlock; seccomp; rlimits",
            "reduced": "Landlock, seccomp and rlimits, without namespaces",
            "none": "rlimits only: `autograder` refuses to run student code without --unsafe",
        }
        click.echo(f"  {walls[sandbox.level]}")
        for reason in sandbox.reasons:
            click.echo(f"  missing: {reason}")
            for words, advice in _ADVICE.items():
                if words in reason:
                    click.echo(f"    {advice}")
        sys.exit(0 if sandbox.level != "none" else EXIT_NOT_ALL_PASSED)


_ADVICE = {
    "namespaces": (
        "Ubuntu 24.04: sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0, or an AppArmor profile "
        "for this Python; Debian: sudo sysctl kernel.unprivileged_userns_clone=1; Docker: run with "
        "--security-opt seccomp=unconfined or a profile that allows unshare and mount"
    ),
    "Landlock": "use Linux 5.13 or newer with lsm=landlock in the boot parameters",
    "seccomp": "apt install libseccomp2",
}


if __name__ == "__main__":
    main()
