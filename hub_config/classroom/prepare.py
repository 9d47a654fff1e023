"""What must be there before a hub starts: directories, passwords, released assignments.

Everything here may be done again: what is there already is left alone, what was begun is done anew.
"""

from __future__ import annotations

import json
import os
import pwd
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from jupyterhub.orm import DatabaseSchemaMismatch, Group, new_session_factory
from sqlalchemy.exc import DatabaseError

from hub_config.classroom.courses import grader_account, runs_as_account, settings_variables
from hub_config.classroom.settings import Course, Settings
from hub_config.classroom.state import State

_NBGRADER_CONFIG = """\
# Written at every start of the hub from {file}.
from autograder.nbgrader_plugin import configure

c = get_config()
c.CourseDirectory.course_id = {course_id!r}
c.CourseDirectory.root = {root!r}
c.Exchange.root = {exchange!r}
c.Exchange.path_includes_course = True
c.ExchangeCollect.check_owner = {check_owner}
configure(c)
"""


class PrepareError(Exception):
    """A classroom cannot be made ready; the text says why and what to do."""


def make_directories(settings: Settings) -> None:
    """The state directory, and the exchange in it, open to whoever gets there."""
    state = State(settings.hub.state)
    try:
        state.root.mkdir(mode=0o711, parents=True, exist_ok=True)  # what people pass through
        for path in (state.homes, state.exchange):
            path.mkdir(exist_ok=True)
        state.exchange.chmod(0o777)  # nbgrader insists on it
        for file in (state.database, state.hub_log):
            file.touch(mode=0o600)
    except OSError as error:
        raise PrepareError(
            f"{state.root}: {error.strerror}. Choose another directory under [hub], state"
        ) from None


def make_course(settings: Settings, course: Course) -> Path:
    """Nbgrader's course directory, which leads to the course's own files."""
    state = State(settings.hub.state)
    root = state.course(course.id)
    root.parent.mkdir(mode=0o711, exist_ok=True)
    root.mkdir(mode=0o700, exist_ok=True)
    if runs_as_account(settings):
        account = pwd.getpwnam(grader_account(course))
        os.chown(root, account.pw_uid, account.pw_gid)
    else:
        (state.homes / grader_account(course)).mkdir(exist_ok=True)
    for name in ("assignments", "solutions", "course.toml"):
        link, target = root / name, course.directory / name
        if link.is_symlink():
            link.unlink()
        if target.exists():
            link.symlink_to(target)
    text = _NBGRADER_CONFIG.format(
        file=settings.file,
        course_id=course.id,
        root=str(root),
        exchange=str(state.exchange),
        check_owner=settings.has_accounts,
    )
    (root / "nbgrader_config.py").write_text(text, encoding="utf-8")
    return root


def release_sets(settings: Settings, course: Course, told: Callable[[str], None]) -> None:
    """Build, generate and release the sets of a course that are not released yet, and enter its students.

    Args:
        settings: of the classroom.
        course: one of its courses.
        told: called with a line for each step.

    Raises:
        PrepareError: a set is faulty, or nbgrader cannot release it.
    """
    stamp = State(settings.hub.state).released_mark(course.id, "all")
    wanted = json.dumps([course.release, course.students])
    if stamp.exists() and stamp.read_text() == wanted:
        return
    # In a process of its own: it loads torch and nbgrader, which a hub should not hold.
    command = [sys.executable, "-m", "hub_config.classroom.release", course.id]
    # As whoever grades, so that what is made belongs to them.
    account = pwd.getpwnam(grader_account(course)) if runs_as_account(settings) else None
    home = {"HOME": account.pw_dir} if account else {}
    with subprocess.Popen(
        command,
        env={**os.environ, **settings_variables(settings), **home},
        user=account.pw_uid if account else None,
        group=account.pw_gid if account else None,
        extra_groups=[] if account else None,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        said: list[str] = []
        assert process.stdout is not None
        assert process.stderr is not None
        listener = threading.Thread(target=said.extend, args=(process.stderr,))
        listener.start()
        for line in process.stdout:
            told(f"{course.id}: {line.strip()}")
        listener.join()
    if process.returncode:
        raise PrepareError(f"{course.id} could not be released:\n{''.join(said[-_LAST_LINES:])}")
    stamp.parent.mkdir(exist_ok=True)
    stamp.write_text(wanted)


_LAST_LINES = 15


def forget_former_members(settings: Settings) -> None:
    """Take people out of groups that the settings no longer name them in; the hub itself only adds.

    Who was added otherwise, by a formgrader's "add student", stays.
    """
    state = State(settings.hub.state)
    if state.database.stat().st_size == 0:
        return
    members = settings.members()
    try:
        with closing(new_session_factory(state.database_url)()) as session:
            for group in session.query(Group):
                listed = set(group.properties.get("listed", ()))
                gone = listed - set(members.get(group.name, ()))
                group.users = [user for user in group.users if user.name not in gone]
                group.properties = {**group.properties, "listed": sorted(listed - gone)}
            session.commit()
    except (DatabaseSchemaMismatch, DatabaseError):
        # Of another JupyterHub, or damaged: the hub says so itself, and how to upgrade.
        return
