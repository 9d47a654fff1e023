"""`python -m hub_config.classroom.release COURSE`: build, generate and release what is not released yet.

Says a line for each step on stdout. A set counts as released when its mark is there, which is written last: a start
that was stopped midway does the set anew.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from nbgrader.apps import NbGraderAPI
from nbgrader.apps.baseapp import NbGrader

from autograder.build import build_set
from autograder.course import Course as Content
from autograder.course import CourseError, load_course
from autograder.gradebook import find_tools
from autograder.oracle import OracleError
from hub_config.classroom.settings import Course, Settings, of_environment
from hub_config.classroom.state import State


class ReleaseError(Exception):
    """nbgrader could not do its part; the text is what it said."""


def release(settings: Settings, course: Course) -> Iterator[str]:
    """Release the course's sets that are not; yields a line before each step.

    Raises:
        CourseError: a set does not exist or is faulty.
        OracleError: a reference of it is.
        ReleaseError: nbgrader stopped.
    """
    state = State(settings.hub.state)
    content = load_course(state.course(course.id))
    names = [content.full_set_name(name) for name in course.release]
    due = [name for name in names if not state.released_mark(course.id, name).exists()]
    api = _nbgrader(content)
    for name in due:
        yield f"building {name}"
        build_set(content, name, content.root / "source")
        yield f"releasing {name}"
        _succeed(api.generate_assignment(name, force=True))
        _succeed(api.release_assignment(name))
        mark = state.released_mark(course.id, name)
        mark.parent.mkdir(parents=True, exist_ok=True)
        mark.touch()
    if course.students:
        with api.gradebook as gradebook:
            for student in course.students:
                gradebook.update_or_create_student(student)


def _nbgrader(content: Content) -> NbGraderAPI:
    find_tools()
    app = NbGrader(raise_config_file_errors=True, log_level=logging.ERROR)
    app.initialize([], root=str(content.root))
    app.coursedir.root = str(content.root)
    app.config.ExchangeReleaseAssignment.force = True  # over what a stopped start has left
    return NbGraderAPI(app.coursedir, parent=app)


def _succeed(result: Mapping[str, Any]) -> None:
    if not result["success"]:
        raise ReleaseError(str(result.get("log") or result.get("error")).strip())


def main(course_id: str) -> int:
    settings = of_environment()
    course = next(course for course in settings.courses if course.id == course_id)
    try:
        for line in release(settings, course):
            sys.stdout.write(f"{line}\n")
            sys.stdout.flush()
    except (CourseError, OracleError, ReleaseError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
