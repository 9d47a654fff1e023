"""nbgrader's exchange, with what a classroom on a hub needs beside it."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from nbgrader.auth import JupyterHubAuthPlugin
from nbgrader.exchange.default import ExchangeSubmit


class CourseAuthPlugin(JupyterHubAuthPlugin):  # type: ignore[misc]
    """For a course's own service: it adds students to the hub's group, and is in no course as a student."""

    def get_student_courses(self, student_id: str) -> None:
        return None


class WholeSubmit(ExchangeSubmit):  # type: ignore[misc]
    """Hands in whole or not at all: a full disk or a killed server leaves nothing that could be collected.

    nbgrader copies straight to the name that `collect` looks for.
    """

    assignment_filename: str

    def copy_files(self) -> None:
        """Copy under a name that `collect` passes over, then rename.

        Raises:
            ExchangeError: nothing was handed in; the text says why.
        """
        name = self.assignment_filename
        self.assignment_filename = f".{name}"
        inbound, cache = Path(self.inbound_path), Path(self.cache_path)
        # The cache is named without the random end; see nbgrader's own copy_files.
        cached = name.rsplit("+", 1)[0] if self.add_random_string else name
        parts = ((inbound / f".{name}", inbound / name), (cache / f".{cached}", cache / cached))
        try:
            super().copy_files()
            for part, whole in reversed(parts):
                part.replace(whole)
        except OSError as error:
            for part, _ in parts:
                shutil.rmtree(part, ignore_errors=True)
            # shutil gathers what came, file by file, as text.
            reason = re.search(r"\[Errno \d+\] ([^:\'\"]+)", str(error))
            self.fail(
                f"Nothing was handed in: {reason[1] if reason else error}. Your work is where it was. "
                "Try again in a few minutes, and tell your TA if it stays so."
            )
        self.assignment_filename = name
