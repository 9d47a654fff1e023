"""A hub as a process: started whole, waited for, stopped without leaving anything behind.

with running_hub(load_settings(state=Path("/tmp/hub"), port=8100)) as hub:
    print(hub.url, hub.new_passwords)
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from hub_config.classroom import courses, preflight, prepare
from hub_config.classroom.passwords import make_passwords
from hub_config.classroom.settings import Passwords, Settings
from hub_config.classroom.state import State
from hub_config.classroom.tethered import die_with_parent

CONFIG = Path(__file__).parents[1] / "jupyterhub_config.py"
START_TIMEOUT_S = 180.0  # on a busy machine
STOP_TIMEOUT_S = 180.0
_LOOK_EVERY_S = 0.5
_LOG_LINES = 15


class StartError(Exception):
    """A hub cannot start; the text says why and what to do."""


@dataclass
class RunningHub:
    """A hub that is up.

    Attributes:
        new_passwords: made at this start, by person; they cannot be shown again.
    """

    settings: Settings
    process: subprocess.Popen[bytes]
    new_passwords: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return address(self.settings)

    def wait(self) -> int:
        """Until the hub ends; its exit code, or minus a signal's number."""
        return self.process.wait()

    def stop(self) -> None:
        """End the hub and all that it has started, people's servers too."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(STOP_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


def address(settings: Settings) -> str:
    """What people on this machine type."""
    hub = settings.hub
    return hub.public_url or f"http://{hub.address}:{hub.port}"


@contextlib.contextmanager
def running_hub(
    settings: Settings, told: Callable[[str], None] = lambda line: None
) -> Iterator[RunningHub]:
    """A hub that is up within the block and stopped after it.

    Args:
        settings: of the classroom.
        told: called with a line for each step of a start.

    Raises:
        PrepareError: the classroom cannot be made ready.
        StartError: the hub cannot start.
    """
    prepare.make_directories(settings)
    with _lock(settings):
        faults = preflight.faults(settings)
        if faults:
            raise StartError("\n".join(faults))
        make_ready(settings, told)
        told("starting the hub")
        hub = RunningHub(settings, _process(settings))
        try:
            _wait_until_up(hub)
            # Last, so that a start that fails shows nobody a password it then keeps.
            hub.new_passwords = new_passwords(settings)
            yield hub
        finally:
            hub.stop()


def make_ready(settings: Settings, told: Callable[[str], None]) -> None:
    """Everything that must be there before a hub starts, save passwords.

    Raises:
        PrepareError: a course cannot be made ready.
    """
    prepare.make_directories(settings)
    for course in settings.courses:
        prepare.make_course(settings, course)
        prepare.release_sets(settings, course, told)
    prepare.forget_former_members(settings)


def new_passwords(settings: Settings) -> dict[str, str]:
    """Passwords for people who have none, by person. They can never be shown again."""
    if isinstance(settings.login, Passwords):
        return make_passwords(State(settings.hub.state).passwords, settings.people)
    return {}


@contextlib.contextmanager
def _lock(settings: Settings) -> Iterator[None]:
    """Two hubs in one state directory would take each other's servers for their own."""
    path = settings.hub.state / "lock"
    with path.open("a") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise StartError(
                f"a hub is running with {settings.hub.state} already. "
                "Stop it, or choose another directory: make hub STATE=DIRECTORY"
            ) from None
        yield


def _process(settings: Settings) -> subprocess.Popen[bytes]:
    state = State(settings.hub.state)
    # This environment's programs, also where it is not activated.
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    with state.hub_log.open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "jupyterhub", "-f", str(CONFIG)],
            cwd=state.root,
            env={**os.environ, **courses.settings_variables(settings), "PATH": path},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,  # Ctrl-C is for us, who stop it in good order
            preexec_fn=die_with_parent,
        )


def _wait_until_up(hub: RunningHub) -> None:
    end = time.monotonic() + START_TIMEOUT_S
    port = hub.settings.hub.port
    pages = [f"http://127.0.0.1:{port}/hub/api/"]
    pages += [
        f"http://127.0.0.1:{courses.service_port(hub.settings, course)}/services/{course.id}/api"
        for course in hub.settings.courses
    ]
    while pages:
        if hub.process.poll() is not None:
            raise StartError(f"the hub ended at once:\n{_end_of_log(hub.settings)}")
        if time.monotonic() > end:
            raise StartError(
                f"{pages[0]} does not answer after {START_TIMEOUT_S:g} s:\n{_end_of_log(hub.settings)}"
            )
        pages = [page for page in pages if not _answers(page)]
        time.sleep(_LOOK_EVERY_S)


def _answers(page: str) -> bool:
    try:
        with urllib.request.urlopen(page, timeout=5) as response:
            json.load(response)
    except (OSError, ValueError):  # not there yet, or the proxy's own page
        return False
    return True


def _end_of_log(settings: Settings) -> str:
    log = State(settings.hub.state).hub_log
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    return "\n".join([*lines[-_LOG_LINES:], f"More in {log}."])
