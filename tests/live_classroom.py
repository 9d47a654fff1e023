"""A classroom whose hub really runs on this machine, for tests: people with cookies, and a hub to stop and start.

Everything listens on 127.0.0.1 and is stopped by its own process id.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import psutil
import requests

from hub_config.classroom.preflight import free_port
from hub_config.classroom.running import RunningHub, running_hub
from hub_config.classroom.settings import Settings, load_settings
from hub_config.classroom.state import State

ROOT = Path(__file__).parents[1]
TIMEOUT_S = 60


class Person:
    """Somebody with a browser: cookies, and the tokens against forged requests that pages carry."""

    def __init__(self, url: str, name: str, password: str) -> None:
        self.url, self.name = url, name
        self.session = requests.Session()
        self.get("/hub/login")
        form = {"username": name, "password": password, "_xsrf": self._xsrf("/hub/")}
        self.login = self.session.post(
            f"{url}/hub/login", data=form, allow_redirects=False, timeout=TIMEOUT_S
        )

    def _xsrf(self, path: str) -> str:
        found = [c.value for c in self.session.cookies if c.name == "_xsrf" and c.path == path]
        return found[-1] or "" if found else ""

    def get(self, path: str, **options: Any) -> requests.Response:
        return self.session.get(self.url + path, timeout=TIMEOUT_S, **options)

    def send(self, method: str, path: str, body: Any = None) -> requests.Response:
        """A request as a page's script makes it: with the token of the place it is sent to."""
        place = "/hub/" if path.startswith("/hub/") else "/".join(path.split("/")[:3]) + "/"
        headers = {"X-XSRFToken": self._xsrf(place), "Referer": self.url + place}
        return self.session.request(
            method, self.url + path, json=body, headers=headers, timeout=TIMEOUT_S
        )

    def start(self, **options: Any) -> requests.Response:
        return self.send("POST", f"/hub/api/users/{self.name}/server", options)

    def server(self) -> dict[str, Any]:
        found = self.get(f"/hub/api/users/{self.name}", headers={"Referer": f"{self.url}/hub/home"})
        return found.json()["servers"].get("", {})

    def start_and_wait(self, **options: Any) -> None:
        assert self.start(**options).status_code in (201, 202)
        end = time.monotonic() + TIMEOUT_S
        while not self.server().get("ready"):
            assert time.monotonic() < end, "the server is not ready"
            time.sleep(0.2)  # between looks
        self.get(f"/user/{self.name}/lab")  # into which the browser goes, and gets its cookies

    def act(self, action: str, course: str, assignment: str) -> dict[str, Any]:
        """What the Assignment List's buttons do: fetch, submit, fetch_feedback."""
        body = {"course_id": course, "assignment_id": assignment}
        done = self.send("POST", f"/user/{self.name}/assignments/{action}", body)
        assert done.status_code == 200, done.text
        result: dict[str, Any] = done.json()
        return result

    def formgrader(self, method: str, course: str, path: str) -> requests.Response:
        return self.send(method, f"/services/{course}/formgrader/api/{path}")


@dataclass
class Classroom:
    """A hub that a test may end and start again."""

    settings: Settings
    passwords: dict[str, str] = field(default_factory=dict)
    hub: RunningHub | None = None
    _stack: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)

    def start(self) -> RunningHub:
        self.hub = self._stack.enter_context(running_hub(self.settings))
        self.passwords |= self.hub.new_passwords
        return self.hub

    def stop(self) -> None:
        self._stack.close()

    @property
    def state(self) -> State:
        return State(self.settings.hub.state)

    def person(self, name: str) -> Person:
        assert self.hub is not None
        person = Person(self.hub.url, name, self.passwords[name])
        assert person.login.status_code == 302, person.login.text
        return person

    def processes(self) -> list[psutil.Process]:
        """Every process that has to do with this hub: they all know its state directory."""
        found = []
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error):
                told = [*process.cmdline(), *process.environ().values(), process.cwd()]
                ours = process.pid != psutil.Process().pid
                if ours and any(str(self.settings.hub.state) in text for text in told):
                    found.append(process)
        return found


@contextlib.contextmanager
def open_classroom(root: Path, settings: str) -> Iterator[Classroom]:
    """A classroom with a running hub; nothing of it runs after the block.

    Args:
        root: an empty directory; relative paths of the settings start there.
        settings: text of the settings file.
    """
    file = root / "classroom.toml"
    file.write_text(settings)
    loaded = load_settings(file)
    made = Classroom(replace(loaded, hub=replace(loaded.hub, port=free_port(loaded))))
    try:
        made.start()
        yield made
    finally:
        made.stop()
        for process in made.processes():  # of a hub that a test has killed, and did not start again
            with contextlib.suppress(psutil.Error):
                process.terminate()
