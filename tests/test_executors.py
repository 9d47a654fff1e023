"""Worker processes that are killed, refuse the course or are closed at work: nothing is lost, left behind or waited for."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import pytest
import small_course
from small_course import SET

from autograder import notebook as notebooks
from autograder.course import CourseError
from autograder.executors import Here, Processes
from autograder.model import Outcome, Policy, SourceCell
from autograder.sandbox.pool import SandboxError
from autograder.worker import Graded, Released, Task

RIGHT = "import numpy as np\ndef floor_at(x, low):\n    return np.maximum(x, low)"
STUB = "def floor_at(x, low):\n    raise NotImplementedError"
WRONG = "def floor_at(x, low):\n    return x + low"
# Visible from outside by its threads, which no other process of a sandbox has.
BUSY = """
import threading, time
for _ in range(3):
    threading.Thread(target=time.sleep, args=(600,), daemon=True).start()
time.sleep(600)
"""
# The same until there is a file "go", and then right.
WAITS = f"import os\nif not os.path.exists('go'):{BUSY.replace(chr(10), chr(10) + '    ')}\n{RIGHT}"
# A search for causes that is cut short finds another cause, or none.
POLICY = Policy(cell_time_limit_s=300.0, notebook_time_limit_s=300.0, diagnosis_time_limit_s=300.0)
DEADLINE_S = 180.0

RELEASED = Released(
    (
        SourceCell("floor_at_answer", "code", "", "solution"),
        SourceCell("floor_at", "code", 'check("floor_at", floor_at)', "grade", 4.0, locked=True),
    )
)


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where this process and its workers put what they need for a while."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


@pytest.fixture
def course(tmp_path: Path, temporary: Path) -> Iterator[Path]:
    folder = tmp_path / "course" / "solutions" / SET / "floor_at"
    folder.mkdir(parents=True)
    (folder / "problem.py").write_text(small_course.PROBLEM)
    yield tmp_path / "course"
    assert workers() == []
    assert list(temporary.iterdir()) == []


def task(student: str, source: str, *, prose: str = "") -> Task:
    cells: list[dict[str, Any]] = [
        {"cell_type": cell.cell_type, "source": cell.source, "metadata": {}, "outputs": []}
        for cell in RELEASED.cells
    ]
    for cell, released in zip(cells, RELEASED.cells, strict=True):
        cell["metadata"]["nbgrader"] = notebooks.nbgrader_metadata(released)
    cells[0]["source"] = source
    cells.append({"cell_type": "markdown", "source": prose, "metadata": {}})
    return Task(student, {SET: json.dumps({"cells": cells, "nbformat": 4}).encode()})


def begun(executor: Here | Processes) -> None:
    assert executor.begin({SET: RELEASED}, {}) == "full"


def outcomes(results: Sequence[Graded]) -> dict[str, str]:
    """By student, who has one result: the outcome, or why there is none."""
    assert len({result.student for result in results}) == len(results)
    return {result.student: result.error or "".join(result.outcomes.values()) for result in results}


def workers() -> list[psutil.Process]:
    found = []
    for process in psutil.Process().children():
        with suppress(psutil.NoSuchProcess):
            if "spawn_main" in " ".join(process.cmdline()):
                found.append(process)
    return found


def all_ready(executor: Processes) -> bool:
    """Whether every worker has loaded the course; `begin` waits for the first."""
    return all(process.is_ready or process.channel.poll() for process in executor._processes)


def is_busy(worker: psutil.Process) -> bool:
    """Whether a student's process of `BUSY` runs below."""
    try:
        return any(process.num_threads() > 3 for process in worker.children(recursive=True))
    except psutil.NoSuchProcess:
        return False


def end(worker: psutil.Process) -> None:
    """Kill -9; seen to be dead, and left to its parent to be reaped."""
    worker.kill()
    wait_for(lambda: has_ended(worker))


def has_ended(process: psutil.Process) -> bool:
    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def wait_for(condition: Callable[[], Any]) -> Any:
    """What `condition` gives as soon as it is true."""
    deadline = time.monotonic() + DEADLINE_S
    while not (value := condition()):
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.01)
    return value


# ---------------------------------------------------------------------------------------------


def test_processes_grade_as_this_process_does(course: Path) -> None:
    tasks = [task("ada", RIGHT), task("bob", WRONG), task("cal", STUB), Task("dan", {SET: b"{"})]
    found = []
    for executor in (Here(course, SET, POLICY), Processes(course, SET, 2, POLICY)):
        with executor:
            begun(executor)
            results = sorted(executor.grade(tasks), key=lambda result: result.student)
        found.append([replace(result, seconds=0.0) for result in results])
    assert found[0] == found[1]
    ada, bob, cal, dan = found[0]
    assert outcomes([ada, bob, cal]) == {
        "ada": Outcome.PASSED,
        "bob": Outcome.FAILED,
        "cal": Outcome.NOT_ATTEMPTED,
    }
    assert "not valid JSON" in dan.error
    assert not dan.is_our_fault


def test_released_files_are_copied_where_students_code_finds_them(course: Path) -> None:
    table = course / "table.csv"
    table.write_text("0.5\n")
    reads = f"import numpy as np\nlowest = float(open('data/t.csv').read())\n{RIGHT}\nassert lowest == 0.5"
    with Processes(course, SET, 1, POLICY) as executor:
        executor.begin({SET: RELEASED}, {"data/t.csv": table})
        assert outcomes(list(executor.grade([task("ada", reads)]))) == {"ada": Outcome.PASSED}


def test_tasks_are_read_as_they_are_wanted(course: Path) -> None:
    read = []

    def tasks() -> Iterator[Task]:
        for number in range(12):
            read.append(number)
            yield task(f"s{number:02}", RIGHT)

    with Processes(course, SET, 2, POLICY) as executor:
        begun(executor)
        for done, _ in enumerate(executor.grade(tasks())):
            assert len(read) <= done + 4  # two workers, with one at work and one waiting each
    assert len(read) == 12


def test_a_worker_that_is_killed_at_work_costs_nothing(course: Path) -> None:
    killed = []

    def kill() -> None:
        worker = wait_for(lambda: next(filter(is_busy, workers()), None))
        (executor._workdir / "go").touch()
        killed.append(worker.pid)
        worker.kill()

    others = [f"s{number}" for number in range(6)]
    with Processes(course, SET, 2, POLICY) as executor:
        begun(executor)
        before = {worker.pid for worker in workers()}
        thread = threading.Thread(target=kill)
        thread.start()
        tasks = [task("ada", WAITS), *(task(name, RIGHT) for name in others)]
        results = list(executor.grade(tasks))
        thread.join()
        after = {worker.pid for worker in workers()}
    assert outcomes(results) == dict.fromkeys(["ada", *others], Outcome.PASSED)
    assert len(after) == 2
    assert before - after == set(killed)


def test_a_task_that_ends_its_worker_twice_is_lost_alone(course: Path) -> None:
    """Each worker is killed as soon as it is at this task, as one would be that ran out of memory."""

    def kill_two() -> None:
        for _ in range(2):
            worker = wait_for(lambda: next(filter(is_busy, workers()), None))
            end(worker)

    tasks = [task("ada", RIGHT), task("eve", BUSY), task("bob", RIGHT), task("cal", WRONG)]
    with Processes(course, SET, 1, POLICY) as executor:
        begun(executor)
        thread = threading.Thread(target=kill_two)
        thread.start()
        results = list(executor.grade(tasks))
        thread.join()
    assert outcomes(results) == {
        "ada": Outcome.PASSED,
        "bob": Outcome.PASSED,
        "cal": Outcome.FAILED,
        "eve": "The grader failed, not the student: its grading ended the worker process twice. "
        "No score was recorded; grade this submission again.",
    }
    assert [result.is_our_fault for result in results if result.error] == [True]


def test_a_worker_that_is_killed_in_the_middle_of_an_answer(course: Path) -> None:
    """What it has sent of it is more than nothing and less than all: more than a channel holds."""
    large = task("bob", RIGHT, prose="word " * 100_000)
    with Processes(course, SET, 1, POLICY) as executor:
        begun(executor)
        found = executor.grade([task("ada", RIGHT), large, task("cal", RIGHT)])
        results = [next(found)]
        wait_for(executor._processes[0].channel.poll)
        (worker,) = workers()
        end(worker)
        results += found
    assert outcomes(results) == dict.fromkeys(("ada", "bob", "cal"), Outcome.PASSED)


def test_workers_that_are_killed_while_they_have_nothing_to_do(course: Path) -> None:
    with Processes(course, SET, 2, POLICY) as executor:
        begun(executor)
        wait_for(lambda: all_ready(executor))
        for worker in workers():
            worker.kill()
        wait_for(lambda: not multiprocessing.active_children())
        results = list(executor.grade([task("ada", RIGHT), task("bob", WRONG)]))
    assert outcomes(results) == {"ada": Outcome.PASSED, "bob": Outcome.FAILED}


# ---------------------------------------------------------------------------------------------
# Beginning and ending


def test_the_others_do_the_work_of_a_worker_that_is_killed_while_it_loads(course: Path) -> None:
    with Processes(course, SET, 2, POLICY) as executor:
        workers()[0].kill()
        begun(executor)
        names = [f"s{number}" for number in range(5)]
        results = list(executor.grade([task(name, RIGHT) for name in names]))
        assert outcomes(results) == dict.fromkeys(names, Outcome.PASSED)
        assert len(workers()) == 1


def test_a_task_does_not_answer_for_a_worker_that_is_killed_while_it_loads(course: Path) -> None:
    """The first worker ends at this task; the one in its place before it can be given any."""

    def kill_two() -> None:
        first = wait_for(lambda: next(filter(is_busy, workers()), None))
        (executor._workdir / "go").touch()
        first.kill()
        wait_for(lambda: next((w for w in workers() if w not in before), None)).kill()

    with Processes(course, SET, 2, POLICY) as executor:
        begun(executor)
        wait_for(lambda: all_ready(executor))
        before = workers()
        thread = threading.Thread(target=kill_two)
        thread.start()
        results = list(executor.grade([task("ada", WAITS), task("bob", WAITS)]))
        thread.join()
    assert outcomes(results) == {"ada": Outcome.PASSED, "bob": Outcome.PASSED}


def test_all_workers_are_killed_while_they_load(course: Path) -> None:
    problem = course / "solutions" / SET / "floor_at" / "problem.py"
    problem.write_text("import time\ntime.sleep(600)\n")
    with Processes(course, SET, 2, POLICY) as executor:
        # Between fork and exec a process is not yet known for a worker.
        wait_for(lambda: len(workers()) == 2)
        for worker in workers():
            worker.kill()
        with pytest.raises(SandboxError) as error:
            begun(executor)
    assert str(error.value) == (
        "every worker process died while it loaded the course; there may be too little memory"
    )


@pytest.mark.parametrize("count", [1, 2])
def test_a_course_that_does_not_load(course: Path, count: int) -> None:
    problem = course / "solutions" / SET / "floor_at" / "problem.py"
    problem.write_text("def problem(:\n")
    second = course / "solutions" / SET / "answers.py"
    second.write_text("import no_such_module\n")
    with Processes(course, SET, count, POLICY) as executor, pytest.raises(CourseError) as error:
        begun(executor)
    assert sorted(error.value.faults) == [
        f"solutions/{SET}/answers.py:1: ModuleNotFoundError: No module named 'no_such_module'",
        f"solutions/{SET}/floor_at/problem.py:1: syntax error: invalid syntax",
    ]
    assert str(error.value).startswith("2 faults in the course:\nsolutions/")
    with pytest.raises(CourseError):
        Here(course, SET, POLICY)


def test_closing_while_workers_load_waits_for_nothing(course: Path) -> None:
    """One that never comes to an end, too."""
    problem = course / "solutions" / SET / "floor_at" / "problem.py"
    problem.write_text("import time\ntime.sleep(600)\n")
    with Processes(course, SET, 2, POLICY) as executor:
        wait_for(lambda: len(workers()) == 2)
    assert executor._processes  # closed without having begun


def test_closing_in_the_middle_of_the_work(course: Path) -> None:
    tasks = [task("ada", RIGHT), task("eve", BUSY), task("fay", BUSY), task("bob", RIGHT)]
    with Processes(course, SET, 2, POLICY) as executor:
        begun(executor)
        assert next(executor.grade(tasks)).student == "ada"
        wait_for(lambda: any(map(is_busy, workers())))
        family = psutil.Process().children(recursive=True)
        mine = [process for process in family if process.num_threads() > 3]
        assert mine
    wait_for(lambda: all(map(has_ended, mine)))


def test_an_interrupt_of_the_terminal_is_the_main_processs_business(course: Path) -> None:
    """It reaches every process of the group, from a worker's first moment on."""
    with Processes(course, SET, 2, POLICY) as executor:
        for worker in workers():
            worker.send_signal(signal.SIGINT)
        begun(executor)
        for worker in workers():
            worker.send_signal(signal.SIGINT)
        assert len(list(executor.grade([task("ada", RIGHT), task("bob", RIGHT)]))) == 2
        assert len(workers()) == 2


@pytest.mark.parametrize("begins", [False, True], ids=["at once", "at work"])
def test_nothing_survives_the_main_process(course: Path, temporary: Path, begins: bool) -> None:
    code = f"""
import os, signal, sys
from pathlib import Path
import test_executors as t
if __name__ == "__main__":
    executor = t.Processes(Path({str(course)!r}), t.SET, 2, t.POLICY)
    if {begins}:
        t.begun(executor)
        list(executor.grade([t.task("eve", t.BUSY)] * 4))
    os.kill(os.getpid(), signal.SIGKILL)
"""
    script = temporary.parent / "script.py"
    script.write_text(code)
    place = {"PYTHONPATH": f"{Path(__file__).parent}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"}
    main = subprocess.Popen(
        [sys.executable, str(script)],
        env={**os.environ, **place, "TMPDIR": str(temporary)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    if begins:
        wait_for(lambda: any(map(is_busy, psutil.Process(main.pid).children())))
        assert len(mentioning(temporary)) > 6
        main.kill()
    _, said = main.communicate(timeout=DEADLINE_S)
    assert main.returncode == -signal.SIGKILL
    wait_for(lambda: not mentioning(temporary))
    assert "Traceback" not in said
    for leftover in temporary.iterdir():  # nobody is left to remove it
        leftover.rename(temporary.parent / leftover.name)


def mentioning(temporary: Path) -> list[psutil.Process]:
    """Processes that have this directory in their environment, or (zygotes and students' processes) in their command."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            where = f"{process.environ()} {process.cmdline()}"
            if process.pid != os.getpid() and str(temporary) in where:
                found.append(process)
    return found
