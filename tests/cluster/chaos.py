"""Preloaded into a worker of Dask's (`dask worker --preload`): what can happen to a machine while it grades.

In the directory that the variable CHAOS names, `graders` lists who grades whom. Each grading of the student "doomed" kills its
worker for as long as there is a file `doom`. Where there is a file `hold`, a grading of the student "held" removes it, writes its
process's id into the pipe `held`, and never ends.
"""

import os
import signal
import threading
from pathlib import Path

from autograder.worker import Graded, Task, Worker

ROOM = Path(os.environ["CHAOS"])


def grade(self: Worker, task: Task) -> Graded:
    with (ROOM / "graders").open("a") as file:
        file.write(f"{os.getpid()} {task.student}\n")
    if task.student == "doomed" and (ROOM / "doom").exists():
        os.kill(os.getpid(), signal.SIGKILL)
    if task.student == "held" and (ROOM / "hold").exists():
        (ROOM / "hold").unlink()
        (ROOM / "held").write_text(str(os.getpid()))
        threading.Event().wait()
    graded: Graded = self.plain_grade(task)  # type: ignore[attr-defined]
    return graded


if not hasattr(Worker, "plain_grade"):  # Dask may load this file twice
    Worker.plain_grade, Worker.grade = Worker.grade, grade  # type: ignore[attr-defined, method-assign]
