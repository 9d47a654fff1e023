"""A PostgreSQL gradebook: two graders at once, other programs beside them, a server that goes away.

In the end the gradebook has the rows of a run on an SQLite gradebook, and the graded files are the same.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
import small_course
from nbgrader import api
from small_course import SET
from test_gradebook import rows
from test_release import nbgrader_api

from autograder.batch import grade_class
from autograder.build import build_set
from autograder.course import load_course
from autograder.executors import Here, local
from autograder.worker import Graded, Task

pytestmark = [
    pytest.mark.xdist_group("postgres"),
    pytest.mark.filterwarnings("ignore:Object of type <Submitted"),  # nbgrader's own
]

GUARD_S = 300  # against hanging; nothing is meant to take that long
OTHER = "ps02_floors"
PASSWORD = "open sesame"
CONFIG = """
from autograder.nbgrader_plugin import configure

c = get_config()
configure(c)
c.CourseDirectory.course_id = "floors"
"""
# A search for causes that is cut short finds another cause, or none.
POLICY = (
    "diagnosis_time_limit_s = 300.0\ncell_time_limit_s = 100.0\nnotebook_time_limit_s = 300.0\n"
)
STUDENTS = {
    "ada": small_course.ACCEPTED["mask.py"],
    "boris": small_course.WRONG["ceiling.py"],
    "chen": "def floor_at(x, low):\n    raise ValueError(low)\n",
}

# ---------------------------------------------------------------------------------------------
# A server


@dataclass
class Server:
    """PostgreSQL at a socket in `place`; `account` is whose processes it has, None for whoever runs the tests."""

    programs: Path
    place: Path
    account: str | None

    def call(self, program: str, *words: str) -> None:
        """Run one of PostgreSQL's own programs, which refuse to be root's."""
        log = self.place / "log"
        with log.open("ab") as file:
            done = subprocess.run(
                [self.programs / program, f"--pgdata={self.place}/data", *words],
                user=self.account,
                cwd=self.place,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
                timeout=GUARD_S,
                check=False,
            )
        assert done.returncode == 0, log.read_text()

    def start(self) -> None:
        options = f"-c listen_addresses='' -c unix_socket_directories={self.place} -c fsync=off"
        log = f"--log={self.place}/server.log"
        self.call("pg_ctl", "--wait", f"--timeout={GUARD_S}", log, f"--options={options}", "start")

    def stop(self) -> None:
        """As if it were killed."""
        self.call("pg_ctl", "--mode=immediate", "stop")

    def url(self, database: str, password: str = PASSWORD) -> str:
        password = password.replace(" ", "%20")
        return f"postgresql+psycopg://grader:{password}@/{database}?host={self.place}"

    def connect(self, database: str, *, autocommit: bool = False) -> psycopg.Connection[Any]:
        return psycopg.connect(
            host=str(self.place),
            dbname=database,
            user="grader",
            password=PASSWORD,
            autocommit=autocommit,
        )


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    programs = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/pg_ctl")]
    if not programs:
        pytest.skip("PostgreSQL is not installed")
    # Not in pytest's own directory: another account must get there, and a socket's path be short.
    with tempfile.TemporaryDirectory(prefix="postgres-") as name:
        server = Server(max(programs), Path(name), "nobody" if os.geteuid() == 0 else None)
        (server.place / "password").write_text(PASSWORD)
        if server.account is not None:
            for path in (server.place, server.place / "password"):
                shutil.chown(path, server.account)
        password = f"--pwfile={server.place}/password"
        access = ("--username=grader", "--auth=scram-sha-256", password)
        server.call("initdb", "--no-locale", "--encoding=UTF8", "--no-sync", *access)
        server.start()
        yield server
        server.stop()


# ---------------------------------------------------------------------------------------------
# A class


def second_set(text: str) -> str:
    """The small course's set under another name; names of items are unique in a course."""
    names = "floor_at root_of_two pair measured choice order slope hunt reason"
    text = re.sub(rf"\b({'|'.join(names.split())})\b", r"\1_again", text)
    return text.replace(SET, OTHER)


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course with two sets, built, and a class's work as it was collected; there is no gradebook yet."""
    root = small_course.write(tmp_path_factory.mktemp("collected") / "course")
    for path, text in small_course.texts().items():
        file = root / second_set(path)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(second_set(text))
    (root / "course.toml").write_text(POLICY)
    course = load_course(root)
    for name in (SET, OTHER):
        build_set(course, name, root / "source")
        build_set(course, name, root / "solved", solved=True)
        solved = json.loads((root / "solved" / name / f"{name}.ipynb").read_text())
        (answer,) = (
            cell
            for cell in solved["cells"]
            if cell["metadata"].get("nbgrader", {}).get("grade_id", "")
            in ("floor_at_answer", "floor_at_again_answer")
        )
        for student, source in STUDENTS.items():
            answer["source"] = second_set(source) if name == OTHER else source
            folder = root / "submitted" / student / name
            folder.mkdir(parents=True)
            (folder / f"{name}.ipynb").write_text(json.dumps(solved))
            (folder / "timestamp.txt").write_text("2026-03-01 12:00:00.000000 UTC")
    return root


def with_gradebook(collected: Path, root: Path, db_url: str) -> Path:
    """The class, whose gradebook is at a URL."""
    shutil.copytree(collected, root)
    config = f"{CONFIG}c.CourseDirectory.db_url = {db_url!r}\n"
    (root / "nbgrader_config.py").write_text(config)
    return root


def release(root: Path) -> None:
    for name in (SET, OTHER):
        assert nbgrader_api(root).generate_assignment(name)["success"]


@pytest.fixture(scope="module")
def expected(collected: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Any]:
    """Rows and files of a run on an SQLite gradebook."""
    root = tmp_path_factory.mktemp("sqlite") / "course"
    url = f"sqlite:///{root}/gradebook.db"
    with_gradebook(collected, root, url)
    release(root)
    for name in (SET, OTHER):
        with local(root, name, 1) as executor:
            result = grade_class(root, name, executor)
        assert {one.status for one in result.results} == {"graded"}
    return graded(root, url)


@pytest.fixture(scope="module")
def released(server: Server, collected: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database in which both sets were released."""
    with server.connect("postgres", autocommit=True) as connection:
        connection.execute("CREATE DATABASE released")
    root = tmp_path_factory.mktemp("postgres") / "course"
    release(with_gradebook(collected, root, server.url("released")))
    return "released"


@dataclass
class Class:
    """A course directory, and its gradebook's database on a server."""

    root: Path
    server: Server
    database: str

    @property
    def url(self) -> str:
        return self.server.url(self.database)

    def connect(self) -> psycopg.Connection[Any]:
        return self.server.connect(self.database)

    def run(self, *words: str) -> subprocess.Popen[str]:
        """A command line in the course directory."""
        home = self.root.parent / "home"
        home.mkdir(exist_ok=True)
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        return subprocess.Popen(
            [sys.executable, "-m", *words],
            cwd=self.root,
            env={
                **os.environ,
                "HOME": str(home),
                "JUPYTER_CONFIG_DIR": str(home),
                "COLUMNS": "500",
                "PATH": path,
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def grade(self, name: str, *words: str) -> subprocess.Popen[str]:
        return self.run("autograder.cli", "grade", name, "-j", "1", *words)

    def wait_for(self, count: int, *running: subprocess.Popen[str]) -> None:
        """Until that many sessions wait for another; PostgreSQL has no notice of it."""
        deadline = time.monotonic() + GUARD_S
        query = (
            "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND wait_event_type = 'Lock'"
        )
        with self.server.connect("postgres", autocommit=True) as connection:
            while connection.execute(query, [self.database]).fetchone() != (count,):
                for process in running:
                    assert process.poll() is None, outcome(process)
                assert time.monotonic() < deadline
                time.sleep(0.05)


@pytest.fixture
def class_(server: Server, released: str, collected: Path, tmp_path: Path) -> Iterator[Class]:
    root = tmp_path / "course"
    with server.connect("postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE course TEMPLATE {released}")
    with_gradebook(collected, root, server.url("course"))
    yield Class(root, server, "course")
    with server.connect("postgres", autocommit=True) as connection:
        connection.execute("DROP DATABASE course WITH (FORCE)")


def outcome(process: subprocess.Popen[str]) -> tuple[int, str]:
    """A command's exit code and what it said."""
    said, _ = process.communicate(timeout=GUARD_S)
    return process.returncode, said


def graded(root: Path, url: str) -> tuple[Any, dict[str, bytes]]:
    """The gradebook's rows as SQLite puts them, and the graded files."""
    folder = root / "autograded"
    files = {str(path.relative_to(folder)): path for path in folder.rglob("*") if path.is_file()}
    contents = {name: path.read_bytes() for name, path in files.items()}
    plain = {
        table: [tuple(map(as_in_sqlite, row)) for row in found]
        for table, found in rows(url).items()
    }
    return plain, contents


def as_in_sqlite(value: object) -> object:
    return f"{value:%Y-%m-%d %H:%M:%S.%f}" if isinstance(value, datetime) else value


HOLD = "LOCK TABLE student IN EXCLUSIVE MODE"


@contextmanager
def held(class_: Class) -> Iterator[None]:
    """Nobody can enter a student or a submission; all who want to wait until the block ends."""
    with class_.connect() as connection:
        connection.execute(HOLD)
        yield


# ---------------------------------------------------------------------------------------------


def test_two_sets_graded_at_once(class_: Class, expected: tuple[Any, Any]) -> None:
    """Both enter the same students, whom the gradebook does not know yet."""
    with held(class_):
        running = [class_.grade(SET), class_.grade(OTHER)]
        class_.wait_for(2, *running)
    for process in running:
        code, said = outcome(process)
        assert code == 0, said
        assert f"{len(STUDENTS)} graded, 0 skipped, 0 failed in" in said
    assert graded(class_.root, class_.url) == expected


def test_one_set_graded_twice_at_once(class_: Class, expected: tuple[Any, Any]) -> None:
    assert outcome(class_.grade(OTHER))[0] == 0
    with held(class_):
        first = class_.grade(SET)
        class_.wait_for(1, first)
        second = class_.grade(SET)
        assert second.stdout is not None
        assert second.stdout.readline() == (
            f"another `autograder grade {SET}` is at work here; waiting for it\n"
        )
    code, said = outcome(first)
    assert code == 0, said
    assert f"{len(STUDENTS)} graded, 0 skipped, 0 failed in" in said
    code, said = outcome(second)
    assert code == 0, said
    assert f"0 graded, {len(STUDENTS)} skipped, 0 failed in" in said
    assert graded(class_.root, class_.url) == expected


NEW_STUDENT = "INSERT INTO student (id) VALUES (%s)"


def test_others_enter_the_same_students_meanwhile(class_: Class, expected: tuple[Any, Any]) -> None:
    assert outcome(class_.grade(OTHER, "--student", "ada"))[0] == 0
    with class_.connect() as one, class_.connect() as two:
        one.execute(NEW_STUDENT, ["boris"])
        two.execute(NEW_STUDENT, ["chen"])
        running = class_.grade(OTHER)
        for other in (one, two):
            class_.wait_for(1, running)
            other.commit()
    code, said = outcome(running)
    assert code == 0, said
    assert outcome(class_.grade(SET))[0] == 0
    assert graded(class_.root, class_.url) == expected


def test_another_grader_waits_for_this_one_and_this_one_for_it(
    class_: Class, expected: tuple[Any, Any]
) -> None:
    with class_.connect() as other:
        other.execute(NEW_STUDENT, ["boris"])
        running = class_.grade(SET)
        class_.wait_for(1, running)
        with suppress(psycopg.errors.DeadlockDetected):  # PostgreSQL chooses who gives way
            other.execute(NEW_STUDENT, ["ada"])
    code, said = outcome(running)
    assert code == 0, said
    assert outcome(class_.grade(OTHER))[0] == 0
    assert graded(class_.root, class_.url) == expected


def test_no_transaction_is_open_while_students_code_runs(
    class_: Class, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Any] = []

    def grade(self: Here, tasks: Iterable[Task]) -> Iterator[Graded]:
        query = "SELECT state FROM pg_stat_activity WHERE datname = %s"
        with class_.server.connect("postgres") as connection:
            seen.extend(connection.execute(query, [class_.database]).fetchall())
        yield from ()

    monkeypatch.setattr(Here, "grade", grade)
    with local(class_.root, SET, 1) as executor:
        grade_class(class_.root, SET, executor)
    assert seen == [("idle",)]


@pytest.mark.command_line
def test_nbgrader_autogrades_at_the_same_time(class_: Class, expected: tuple[Any, Any]) -> None:
    # Where somebody else enters a student at the same moment, nbgrader itself fails.
    with api.Gradebook(class_.url, "floors") as gradebook:
        for student in STUDENTS:
            gradebook.add_student(student)
    with held(class_):
        running = [class_.grade(SET), class_.run("nbgrader", "autograde", OTHER)]
        class_.wait_for(2, *running)
    for process in running:
        code, said = outcome(process)
        assert code == 0, said
    assert graded(class_.root, class_.url)[0] == expected[0]


def test_a_score_that_a_person_gives_meanwhile_stays(
    class_: Class, expected: tuple[Any, Any]
) -> None:
    for name in (SET, OTHER):
        assert outcome(class_.grade(name))[0] == 0
    with class_.connect() as connection:
        connection.execute("UPDATE grade SET auto_score = 0.25")  # of an older grader
    with api.Gradebook(class_.url, "floors") as gradebook:
        # What the formgrader does, stopped before its commit.
        grade = gradebook.find_grade("floor_at", SET, SET, "boris")
        grade.manual_score, grade.needs_manual_grade = 3.5, False
        gradebook.db.flush()
        running = class_.grade(SET, "--force")
        class_.wait_for(1, running)
        gradebook.db.commit()
    code, said = outcome(running)
    assert code == 0, said
    code, said = outcome(class_.grade(OTHER, "--force"))
    assert code == 0, said
    found = graded(class_.root, class_.url)[0]["grades"]
    by_hand = [row for row in found if row[4] is not None]
    assert [(row[0], row[1], row[4]) for row in by_hand] == [("boris", "floor_at", 3.5)]
    assert [row[:4] for row in found] == [row[:4] for row in expected[0]["grades"]]


def test_the_server_goes_away_and_comes_back(class_: Class, expected: tuple[Any, Any]) -> None:
    assert outcome(class_.grade(OTHER))[0] == 0
    with closing(class_.connect()) as connection:
        connection.execute(HOLD)
        running = class_.grade(SET)
        class_.wait_for(1, running)
        class_.server.stop()
    try:
        for process, reason in (
            (running, "consuming input failed: server closed the connection unexpectedly"),
            (class_.grade(SET), 'connection .*socket ".*" failed: No such file or directory'),
        ):
            code, said = outcome(process)
            assert code == 2
            assert re.fullmatch(
                rf"autograder: The gradebook postgresql\+psycopg://grader:\*\*\*@/course\?host=\S+ "
                rf"cannot be used: {reason}\. Once that is mended, run the same command again; what "
                r"was graded is kept\.\n",
                said,
            ), said
    finally:
        class_.server.start()
    code, said = outcome(class_.grade(SET))
    assert code == 0, said
    assert f"{len(STUDENTS)} graded, 0 skipped, 0 failed in" in said
    assert graded(class_.root, class_.url) == expected


def test_a_wrong_password_is_told_and_never_shown(class_: Class) -> None:
    config = class_.root / "nbgrader_config.py"
    config.write_text(
        f"{CONFIG}c.CourseDirectory.db_url = {class_.server.url('course', 'sesame')!r}\n"
    )
    code, said = outcome(class_.grade(SET))
    assert code == 2
    assert 'FATAL:  password authentication failed for user "grader". Once that' in said
    assert "sesame" not in said
