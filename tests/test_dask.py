"""`autograder grade --dask`, on a real scheduler and workers in processes of their own: what fails, and that nothing is lost.

In the end the gradebook and the graded files are always those of a run on this machine.
"""

from __future__ import annotations

import json
import os
import re
import select
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import pytest
import small_course
from click.testing import CliRunner
from cluster.slurm import slurm
from distributed import Client
from small_course import SET
from test_gradebook import rows
from test_release import nbgrader_api

import autograder
from autograder import dask_executor
from autograder.batch import grade_class
from autograder.build import build_set
from autograder.cli import main
from autograder.course import load_course
from autograder.dask_executor import Dask, DaskError, _put_away
from autograder.executors import local
from autograder.worker import Graded, Task

pytestmark = [
    pytest.mark.xdist_group("dask"),
    pytest.mark.filterwarnings("ignore:Object of type <Submitted"),  # nbgrader's own
]

TESTS = Path(__file__).parent
CONFINED = (sys.executable, str(TESTS / "attacks" / "confined.py"))
GUARD_S = 300  # against hanging; nothing is meant to take that long
CONFIG = """
from autograder.nbgrader_plugin import configure

c = get_config()
configure(c)
"""
# A search for causes that is cut short finds another cause, or none.
POLICY = (
    "diagnosis_time_limit_s = 300.0\ncell_time_limit_s = 100.0\nnotebook_time_limit_s = 300.0\n"
)
# A machine's own draws, such as another version of Hypothesis would make.
PROBLEM = small_course.PROBLEM.replace("import numpy", "import os\n\nimport numpy", 1).replace(
    "decimals(-2.0, 2.0)", 'decimals(-2.0, float(os.environ.get("HIGHEST", "2.0")))'
)
STUDENTS = {
    **{name.removesuffix(".py"): text for name, text in small_course.ACCEPTED.items()},
    "takes_the_ceiling": small_course.WRONG["ceiling.py"],
    "changes_nothing": small_course.WRONG["unchanged.py"],
    "doomed": small_course.WRONG["ceiling.py"],
    "held": small_course.ACCEPTED["mask.py"],
    "stops": "def floor_at(x, low):\n    raise ValueError(low)\n",
}


def hand_in(course: Path, student: str, text: str) -> None:
    folder = course / "submitted" / student / SET
    folder.mkdir(parents=True)
    (folder / f"{SET}.ipynb").write_text(text)
    (folder / "timestamp.txt").write_text("2026-03-01 12:00:00.000000 UTC")


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course, released, and a class's work as it was collected."""
    root = small_course.write(tmp_path_factory.mktemp("collected") / "course")
    (root / f"solutions/{SET}/floor_at/problem.py").write_text(PROBLEM)
    (root / f"assignments/{SET}/data.csv").write_text("1,2\n")
    (root / "course.toml").write_text(POLICY)
    (root / "nbgrader_config.py").write_text(CONFIG)
    course = load_course(root)
    build_set(course, SET, root / "source")
    build_set(course, SET, root / "solved", solved=True)
    assert nbgrader_api(root).generate_assignment(SET)["success"]
    released = json.loads((root / "release" / SET / f"{SET}.ipynb").read_text())
    solved = json.loads((root / "solved" / SET / f"{SET}.ipynb").read_text())
    for cell, other in zip(released["cells"], solved["cells"], strict=True):
        cell["source"] = other["source"]
    (answer,) = (
        cell
        for cell in released["cells"]
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "floor_at_answer"
    )
    for student, source in STUDENTS.items():
        answer["source"] = source
        hand_in(root, student, json.dumps(released))
    hand_in(root, "unreadable", '{"cells": [')
    return root


@pytest.fixture(scope="module")
def graded_here(collected: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same course, graded by this process."""
    root = tmp_path_factory.mktemp("local") / "course"
    shutil.copytree(collected, root)
    with local(root, SET, 1) as executor:
        result = grade_class(root, SET, executor)
    assert {one.status for one in result.results if one.student != "unreadable"} == {"graded"}
    return root


@pytest.fixture
def course(collected: Path, tmp_path: Path) -> Path:
    return shutil.copytree(collected, tmp_path / "course")


def graded(course: Path) -> tuple[Any, dict[str, bytes]]:
    """The gradebook's rows, and the files beside them."""
    folder = course / "autograded"
    files = {str(path.relative_to(folder)): path for path in folder.rglob("*") if path.is_file()}
    contents = {name: path.read_bytes() for name, path in files.items()}
    return rows(f"sqlite:///{course}/gradebook.db"), contents


@dataclass
class Cluster:
    """A scheduler and workers of Dask's, which listen on this machine's loopback alone."""

    room: Path
    port: int
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"tcp://127.0.0.1:{self.port}"

    def start(
        self, *words: str, within: tuple[str, ...] = (), **environment: str
    ) -> subprocess.Popen[bytes]:
        words = (*words, "--host", "127.0.0.1", "--dashboard-address", "127.0.0.1:0")
        with (self.room / "log").open("ab") as log:
            process = subprocess.Popen(
                [*within, sys.executable, "-m", "dask", *words],
                env={**os.environ, "CHAOS": str(self.room), **environment},
                cwd=self.room,
                stdout=log,
                stderr=log,
            )
        self.processes.append(process)
        return process

    def start_scheduler(self, **environment: str) -> subprocess.Popen[bytes]:
        return self.start("scheduler", "--port", str(self.port), **environment)

    def start_worker(
        self, name: str, *words: str, within: tuple[str, ...] = (), **environment: str
    ) -> subprocess.Popen[bytes]:
        words = ("--name", name, "--local-directory", str(self.room / "scratch"), *words)
        words = ("worker", self.address, *words)
        return self.start(*words, within=within, **environment)

    def workers(self, count: int) -> dict[str, tuple[str, int]]:
        """Address and process id of each worker by name, once there are `count`."""
        with Client(self.address, timeout=GUARD_S, set_as_default=False) as client:
            client.wait_for_workers(count, timeout=GUARD_S)
            pids = client.run(os.getpid)
            workers = client.scheduler_info()["workers"]
            return {str(worker["name"]): (at, pids[at]) for at, worker in workers.items()}

    def graders(self) -> list[tuple[int, str]]:
        """Process id and student of each grading that was begun."""
        lines = (self.room / "graders").read_text().splitlines()
        return [(int(line.split()[0]), line.split()[1]) for line in lines]

    def stop(self, process: subprocess.Popen[bytes]) -> None:
        """The process and those that it started."""
        try:
            family = psutil.Process(process.pid).children(recursive=True)
        except psutil.NoSuchProcess:
            family = []
        process.kill()
        process.wait()
        for member in family:
            if member.is_running():
                member.kill()
        psutil.wait_procs(family, timeout=GUARD_S)
        self.processes.remove(process)


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        port = place.getsockname()[1]
    cluster = Cluster(tmp_path / "cluster", port)
    cluster.room.mkdir()
    os.mkfifo(cluster.room / "held")
    yield cluster
    for process in list(cluster.processes):
        cluster.stop(process)


def grade(course: Path, address: str) -> subprocess.Popen[str]:
    home = course.parent / "home"
    home.mkdir(exist_ok=True)
    return subprocess.Popen(
        [sys.executable, "-m", "autograder.cli", "grade", SET, "--dask", address],
        cwd=course,
        env={**os.environ, "HOME": str(home), "JUPYTER_CONFIG_DIR": str(home), "COLUMNS": "500"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def outcome(process: subprocess.Popen[str]) -> tuple[int, str]:
    """A command's exit code and what it said."""
    said, _ = process.communicate(timeout=GUARD_S)
    return process.returncode, said


def held(cluster: Cluster, running: subprocess.Popen[str]) -> int:
    """The id of the process that has begun to grade the student "held", and will not end it."""
    pipe = os.open(cluster.room / "held", os.O_RDONLY | os.O_NONBLOCK)
    end = os.pidfd_open(running.pid)
    try:
        ready, _, _ = select.select([pipe, end], [], [], GUARD_S)
        assert pipe in ready, outcome(running) if ready else (cluster.room / "log").read_text()
        return int(os.read(pipe, 100))
    finally:
        os.close(pipe)
        os.close(end)


CHAOS = ("--preload", str(TESTS / "cluster" / "chaos.py"))


def test_a_worker_is_killed_and_a_task_kills_its_workers(
    course: Path, graded_here: Path, cluster: Cluster
) -> None:
    (cluster.room / "doom").touch()
    (cluster.room / "hold").touch()
    cluster.start_scheduler()
    cluster.start_worker("one", "--nthreads", "1", *CHAOS)
    cluster.start_worker("two", "--nthreads", "3", *CHAOS)
    cluster.workers(2)

    running = grade(course, cluster.address)
    os.kill(held(cluster, running), signal.SIGKILL)
    code, said = outcome(running)
    assert code == 1, said
    assert f"{len(STUDENTS) - 1} graded, 0 skipped, 2 failed in" in said
    assert "the student: its grading ended the worker process twice. No score was recorded" in said
    assert [student for _, student in cluster.graders()].count("doomed") == 2
    found, expected = graded(course), graded(graded_here)
    assert found != expected
    doomed = [row for row in found[0]["grades"] if row[0] == "doomed"]
    assert all(row[3] is None for row in doomed)

    (cluster.room / "doom").unlink()
    code, said = outcome(grade(course, cluster.address))
    assert code == 1, said  # one submission cannot be read
    assert f"1 graded, {len(STUDENTS) - 1} skipped, 1 failed in" in said
    assert graded(course) == expected
    # Nothing of the course stays behind.
    assert not list((cluster.room / "scratch").rglob("*problem.py"))
    assert not list((cluster.room / "scratch").rglob("autograder-*"))


def test_the_scheduler_is_lost_and_started_again(
    course: Path, graded_here: Path, cluster: Cluster
) -> None:
    (cluster.room / "hold").touch()
    scheduler = cluster.start_scheduler()
    worker = cluster.start_worker("one", "--nthreads", "1", *CHAOS)
    cluster.workers(1)

    running = grade(course, cluster.address)
    held(cluster, running)
    cluster.stop(scheduler)
    code, said = outcome(running)
    assert (code, said) == (
        2,
        f"autograder: The Dask scheduler at {cluster.address} was lost. What was graded is kept: start "
        "the scheduler and its workers again, and run the same command again.\n",
    )
    cluster.stop(worker)

    cluster.start_scheduler()
    cluster.start_worker("one", "--nthreads", "1", *CHAOS)
    cluster.workers(1)
    code, said = outcome(grade(course, cluster.address))
    assert code == 1, said
    assert f"{len(STUDENTS)} graded, 0 skipped, 1 failed in" in said
    assert graded(course) == graded(graded_here)


def other_packages(room: Path) -> dict[str, str]:
    """Where there are other versions of this package: one with a changed file, one without any."""
    shutil.copytree(Path(autograder.__file__).parent, room / "changed" / "autograder")
    with (room / "changed" / "autograder" / "score.py").open("a") as file:
        file.write("# another version\n")
    (room / "empty" / "autograder").mkdir(parents=True)
    (room / "empty" / "autograder" / "__init__.py").touch()
    return {name: str(room / name) for name in ("changed", "empty")}


OTHER_VERSION = {
    "changed": r"its autograder is 0\.\d+\.\d+ \(files \w+\), here it is 0\.\d+\.\d+ \(files \w+\)\.",
    "empty": r"it cannot load this package \(.*No module named 'autograder\.keys'.*\)\.",
}
INSTALL = r" Install there what is installed here, and start it again\."


@pytest.mark.parametrize("version", OTHER_VERSION)
def test_the_scheduler_has_another_version(course: Path, cluster: Cluster, version: str) -> None:
    cluster.start_scheduler(PYTHONPATH=other_packages(cluster.room)[version])
    with Client(cluster.address, timeout=GUARD_S, set_as_default=False):
        pass  # it is there
    with Dask(course, SET, cluster.address) as executor, pytest.raises(DaskError) as told:
        executor.begin({}, {})
    head = rf"The Dask scheduler at {cluster.address} cannot be used: "
    assert re.fullmatch(head + OTHER_VERSION[version] + INSTALL, str(told.value))


def test_workers_that_do_not_fit_are_refused_by_name(
    course: Path, graded_here: Path, cluster: Cluster
) -> None:
    packages = other_packages(cluster.room)
    cluster.start_scheduler()
    with (
        Dask(course, SET, cluster.address, patience_s=0.0) as executor,
        pytest.raises(DaskError) as none,
    ):
        executor.begin({}, {})
    assert str(none.value) == (
        f"{cluster.address}: the scheduler has had no worker that can grade for 0 s. Start some with "
        "`dask worker` and run the same command again; what was graded is kept."
    )

    plain = ("--no-nanny", "--nthreads", "1")
    cluster.start_worker("changed", *plain, *CHAOS, PYTHONPATH=packages["changed"])
    cluster.start_worker("draws", *plain, *CHAOS, HIGHEST="3.0")
    cluster.start_worker("empty", *plain, PYTHONPATH=packages["empty"])
    cluster.start_worker("open", *plain, *CHAOS, within=(*CONFINED, "landlock", "--"))
    found = cluster.workers(4)
    host = socket.gethostname()
    refusals = {
        **{name: text + INSTALL for name, text in OTHER_VERSION.items()},
        "draws": r"its version of floor_at is not that of this machine: the files, or the hidden inputs "
        r"that are drawn from them, differ\.",
        "open": r"this machine gives no isolation, so student code is not run: the kernel has no Landlock .*",
    }
    code, said = outcome(grade(course, cluster.address))
    assert code == 2, said
    assert said.startswith(f"autograder: {cluster.address}: no worker can grade {SET}:\n")
    for name, text in refusals.items():
        line = rf"^worker {found[name][0]} on {host} is refused: {text}$"
        assert re.search(line, said, re.MULTILINE), (line, said)

    cluster.start_worker("good", *plain, *CHAOS)
    cluster.start_worker("reduced", *plain, *CHAOS, within=(*CONFINED, "userns", "--"))
    found = cluster.workers(6)
    code, said = outcome(grade(course, cluster.address))
    assert code == 1, said  # one submission cannot be read
    for name, text in refusals.items():
        line = rf"^worker {found[name][0]} on {host} is refused: {text}$"
        assert re.search(line, said, re.MULTILINE), (line, said)
    assert (
        f"worker {found['reduced'][0]} on {host} isolates students' code less than this machine: its "
        "level is reduced, here it is full. `autograder doctor` there says why.\n"
    ) in said
    assert said.count("worker tcp://") == 5
    assert f"{len(STUDENTS)} graded, 0 skipped, 1 failed in" in said
    assert said.endswith("; isolation: reduced\n")
    assert graded(course) == graded(graded_here)
    assert {pid for pid, _ in cluster.graders()} <= {found["good"][1], found["reduced"][1]}


class Displaced(Dask):
    """Loses what its workers hold just before they grade, as after a long pause."""

    def grade(self, tasks: Iterable[Task]) -> Iterator[Graded]:
        self._client.run(_put_away)
        yield from super().grade(tasks)


def test_a_worker_that_put_the_course_away_gets_it_again(
    course: Path, graded_here: Path, cluster: Cluster
) -> None:
    cluster.start_scheduler()
    cluster.start_worker("one", "--no-nanny", "--nthreads", "1")
    cluster.workers(1)
    with Displaced(course, SET, cluster.address) as executor:
        grade_class(course, SET, executor)
    assert graded(course) == graded(graded_here)


# ---------------------------------------------------------------------------------------------
# Slurm, with the files that docs/cluster.md shows


def shown(language: str, words: str) -> str:
    """The one block of the page in that language which has those words."""
    text = (TESTS.parent / "docs" / "cluster.md").read_text()
    blocks = re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    (found,) = (block for block in blocks if words in block)
    return str(found)


@pytest.fixture(scope="module")
def slurm_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    with slurm(tmp_path_factory.mktemp("slurm") / "slurm") as environment:
        here = str(Path(sys.executable).parent)
        yield {**environment, "PATH": os.pathsep.join([here, environment["PATH"]])}


@pytest.mark.needs("slurmd")
def test_workers_in_a_slurm_job(
    course: Path, graded_here: Path, cluster: Cluster, slurm_environment: dict[str, str]
) -> None:
    (cluster.room / "workers.sbatch").write_text(shown("bash", "#SBATCH"))
    (cluster.room / "scratch").mkdir()
    cluster.start_scheduler()
    words = ["sbatch", "--ntasks=1", "--cpus-per-task=2", "workers.sbatch"]
    submitted = subprocess.run(
        [*words, cluster.address, "--host", "127.0.0.1"],
        cwd=cluster.room,
        env={**slurm_environment, "TMPDIR": str(cluster.room / "scratch")},
        capture_output=True,
        text=True,
        timeout=GUARD_S,
        check=False,
    )
    assert submitted.returncode == 0, submitted.stderr
    code, said = outcome(grade(course, cluster.address))
    assert code == 1, said  # one submission cannot be read
    assert graded(course) == graded(graded_here)


@pytest.mark.needs("slurmd")
def test_workers_of_dask_jobqueue(
    course: Path, graded_here: Path, slurm_environment: dict[str, str]
) -> None:
    text = shown("python", "SLURMCluster")
    for setting, other in {
        "cores=16": 'cores=2, interface="lo"',
        "processes=16": "processes=2",
        "jobs=4": "jobs=1",
        '"32GB"': '"2GB"',
        "walltime": 'scheduler_options={"dashboard_address": "127.0.0.1:0"}, walltime',
    }.items():
        assert text.count(setting) == 1
        text = text.replace(setting, other)
    with subprocess.Popen(
        [sys.executable, "-c", text],
        cwd=course.parent,
        env={**slurm_environment, "TMPDIR": str(course.parent)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as program:
        try:
            assert program.stdout is not None
            address = program.stdout.readline().strip()
            code, said = outcome(grade(course, address))
        finally:
            program.send_signal(signal.SIGINT)
            program.communicate(timeout=GUARD_S)
    assert code == 1, said
    assert graded(course) == graded(graded_here)


# ---------------------------------------------------------------------------------------------
# The command line


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("tcp://127.0.0.1:9", "Timed out trying to connect to tcp://127.0.0.1:9 after 1 s"),
        ("grader", "missing port number in address 'grader'"),
        ("http://127.0.0.1:9", "unknown address scheme 'http' (known schemes: ["),
        ("tls://127.0.0.1:9", "TLS expects a `ssl_context` argument"),
    ],
)
def test_an_address_at_which_nobody_answers(
    course: Path, monkeypatch: pytest.MonkeyPatch, address: str, why: str
) -> None:
    monkeypatch.setattr(dask_executor, "_CONNECT_S", 1)
    result = CliRunner().invoke(main, ["grade", SET, "--dask", address, "--course", str(course)])
    assert result.exit_code == 2
    assert result.stderr.startswith(f"autograder: {address}: no Dask scheduler answers ({why}")
    assert result.stderr.endswith(
        ". The address is the one that `dask scheduler` prints, such as tcp://10.0.0.7:8786; this "
        "machine must reach it.\n"
    )


def test_dask_is_not_installed(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    words = ["grade", SET, "--dask", "tcp://127.0.0.1:9", "--course", str(course)]
    result = CliRunner().invoke(main, words)
    assert (result.exit_code, result.stderr) == (
        2,
        "autograder: To grade with --dask, run `pip install 'autograder[dask]'` in this environment.\n",
    )


def test_j_is_for_this_machine(course: Path) -> None:
    words = ["grade", SET, "--dask", "tcp://127.0.0.1:9", "-j", "2", "--course", str(course)]
    result = CliRunner().invoke(main, words)
    assert result.exit_code == 2
    assert "-j is for this machine; with --dask the workers are what there is." in result.stderr
