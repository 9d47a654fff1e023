"""`autograder …`: the only room that prints and exits.

Imports stay inside the commands: `autograder --help` must not wait for numpy.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from autograder import __version__

if TYPE_CHECKING:
    from autograder.course import Course
    from autograder.model import Grade
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


def _stop(message: str) -> NoReturn:
    click.echo(f"autograder: {message}", err=True)
    sys.exit(EXIT_FAULT)


@contextmanager
def _faults_told() -> Iterator[None]:
    """Expected faults become one clear text and exit code 2."""
    from autograder.course import CourseError
    from autograder.oracle import OracleError
    from autograder.sandbox.pool import SandboxError

    try:
        yield
    except (CourseError, OracleError, SandboxError) as error:
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
def try_(problem: str, files: tuple[Path, ...], as_json: bool, course_dir: Path, unsafe: bool) -> None:
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
        policy = dataclasses.replace(course.policy, allow_unsafe=unsafe or course.policy.allow_unsafe)
        with Sandboxes(policy=policy, notebook=False) as sandboxes:
            sandboxes.get([])  # its imports overlap with ours
            item = course.problem(problem)
            for file in files:
                begin = time.monotonic()
                try:
                    parts = _source_parts(file)
                except _UnreadableError as error:
                    click.echo(f"autograder: {error}", err=True)
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
    from autograder.source import SourcePart

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
                parts.append(SourcePart(index, text))
        return parts
    try:
        return [SourcePart(0, file.read_text(encoding="utf-8"))]
    except FileNotFoundError:
        raise _UnreadableError(f"{file}: no such file") from None
    except IsADirectoryError:
        raise _UnreadableError(f"{file}: is a directory; name .py or .ipynb files") from None
    except UnicodeDecodeError as error:
        raise _UnreadableError(f"{file}: is not UTF-8 text ({error.reason} at byte {error.start})") from None
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
        "message": grade.message,
        "tests": [
            {
                "name": f"{result.group}: {result.name}" if result.group else result.name,
                "hidden": result.hidden,
                "outcome": result.outcome.value,
                "message": result.message,
            }
            for result in grade.results
        ],
        "counterexample": dataclasses.asdict(grade.counterexample) if grade.counterexample else None,
        "diagnosis": [dataclasses.asdict(diagnosis) for diagnosis in grade.diagnoses],
        "isolation": level,
        "seconds": round(seconds, 4),
    }


def _show_try(file: Path, grade: Grade) -> None:
    from autograder.model import Outcome

    mark = "✓" if grade.outcome is Outcome.PASSED else "✗"
    colour = "green" if grade.outcome is Outcome.PASSED else "red"
    score = "not graded" if grade.score is None else f"{grade.score:g} of {grade.max_score:g} points"
    click.secho(f"{mark} {file}", fg=colour, nl=False)
    click.echo(f"  {grade.outcome.value.replace('_', ' ')}, {score}")
    if grade.message:
        click.echo(f"    {grade.message}")
    shown = [result for result in grade.results if result.outcome is not Outcome.PASSED]
    for result in shown[:4] if not grade.message else []:
        where = f"{result.group}: {result.name}" if result.group else result.name
        click.echo(f"    {where}: {result.message}")
    if len(shown) > 4 and not grade.message:
        click.echo(f"    and {len(shown) - 4} more cases")
    if grade.counterexample is not None:
        example = grade.counterexample
        click.echo(f"    smallest failing input: {example.inputs}")
        click.echo(f"      expected {example.expected}")
        click.echo(f"      actual   {example.actual}")
    for diagnosis in grade.diagnoses:
        sure = "confirmed" if diagnosis.confirmed else "suspected"
        click.echo(f"    line {diagnosis.line} ({sure}): {diagnosis.message}")
