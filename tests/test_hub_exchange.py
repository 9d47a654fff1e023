"""Handing in through the exchange: whole or not at all."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

HAND_IN = """
import sys
from pathlib import Path

from nbgrader.auth import Authenticator
from nbgrader.coursedir import CourseDirectory
from nbgrader.exchange import ExchangeError
from traitlets.config import Config

from hub_config.classroom.exchange import WholeSubmit

root = Path(sys.argv[1])
c = Config()
c.Exchange.root = str(root / "exchange")
c.Exchange.cache = str(root / "cache")
c.Exchange.assignment_dir = str(root / "home")
c.CourseDirectory.course_id = "arr"
c.CourseDirectory.assignment_id = "ps1"
c.CourseDirectory.student_id = "ada"
coursedir = CourseDirectory(config=c)
try:
    WholeSubmit(coursedir=coursedir, authenticator=Authenticator(config=c), config=c).start()
except ExchangeError as error:
    print(error)
for place in ("exchange/arr/inbound", "cache/arr"):
    for path in sorted(root.glob(f"{place}/*")):
        print(place, path.name.split("+")[:2], sorted(file.name for file in path.iterdir()))
"""


@pytest.fixture
def classroom(tmp_path: Path) -> Path:
    notebook = json.dumps(
        {"cells": [], "metadata": {"size": "x" * 300_000}, "nbformat": 4, "nbformat_minor": 5}
    )
    for place in (
        "exchange/arr/inbound",
        "exchange/arr/outbound/ps1",
        "home/ps1",
        "cache",
        "course",
    ):
        (tmp_path / place).mkdir(parents=True)
    for place in ("exchange/arr/outbound/ps1", "home/ps1"):
        (tmp_path / place / "ps1.ipynb").write_text(notebook)
        (tmp_path / place / "a_first_file.csv").write_text("1,2\n")
    for place in ("exchange", "exchange/arr/inbound"):
        (tmp_path / place).chmod(0o777)
    return tmp_path


WHOLE = "['ada', 'ps1'] ['a_first_file.csv', 'ps1.ipynb', 'submission_secret.txt', 'timestamp.txt']"


def hand_in(root: Path, *before: str) -> list[str]:
    done = subprocess.run(
        [*before, sys.executable, "-c", HAND_IN, str(root)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_a_whole_hand_in_is_where_collect_looks(classroom: Path) -> None:
    assert hand_in(classroom) == [f"exchange/arr/inbound {WHOLE}", f"cache/arr {WHOLE}"]
    assert not list(classroom.glob("*/arr/.*"))


def test_on_a_full_disk_nothing_is_handed_in_and_the_student_is_told(classroom: Path) -> None:
    """A real full disk: a file system of 200 kB, in a namespace of its own."""
    inbound = classroom / "exchange/arr/inbound"
    mount = f'mount -t tmpfs -o size=200k,mode=777 none "{inbound}" && exec "$@"'
    fenced = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", mount, "sh"]
    if subprocess.run([*fenced, "true"], capture_output=True, check=False).returncode:
        pytest.skip("this machine allows no user namespaces")
    assert hand_in(classroom, *fenced) == [
        "Nothing was handed in: No space left on device. Your work is where it was. "
        "Try again in a few minutes, and tell your TA if it stays so."
    ]
    assert (classroom / "home/ps1/ps1.ipynb").stat().st_size > 300_000
    # Later there is room again.
    assert hand_in(classroom) == [f"exchange/arr/inbound {WHOLE}", f"cache/arr {WHOLE}"]


COLLECT = """
import sys
from pathlib import Path

from nbgrader.auth import Authenticator
from nbgrader.coursedir import CourseDirectory
from nbgrader.exchange.default import ExchangeCollect
from traitlets.config import Config

from autograder.gradebook import find_tools

find_tools()
root = Path(sys.argv[1])
c = Config()
c.Exchange.root = str(root / "exchange")
c.ExchangeCollect.check_owner = False
c.CourseDirectory.course_id = "arr"
c.CourseDirectory.assignment_id = "ps1"
c.CourseDirectory.root = str(root / "course")
coursedir = CourseDirectory(config=c)
ExchangeCollect(coursedir=coursedir, authenticator=Authenticator(config=c), config=c).start()
"""


def test_what_a_killed_server_leaves_behind_is_never_collected(classroom: Path) -> None:
    hand_in(classroom)
    (whole,) = (classroom / "exchange/arr/inbound").iterdir()
    part = whole.with_name(f".{whole.name.replace('ada', 'boris')}")
    whole.rename(part)
    command = [sys.executable, "-c", COLLECT, str(classroom)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    submitted = classroom / "course/submitted"
    assert not list(submitted.glob("*/*"))
    part.rename(whole)
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    assert [path.parent.name for path in submitted.glob("*/*")] == ["ada"]
