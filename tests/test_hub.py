"""A real hub on this machine: people log in, start servers, hand in, are graded; it is killed and comes back.

Everything listens on 127.0.0.1 and is stopped by its own process id.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import psutil
import pytest
import requests

from autograder.build import build_set
from autograder.course import load_course
from hub_config.classroom.preflight import free_port
from hub_config.classroom.running import RunningHub, StartError, running_hub
from hub_config.classroom.settings import Settings, load_settings
from hub_config.classroom.state import State

pytestmark = [
    pytest.mark.command_line,
    pytest.mark.xdist_group("hub"),
    pytest.mark.skipif(
        importlib.util.find_spec("configurable_http_proxy") is None,
        reason="pip install configurable-http-proxy",
    ),
    # Sockets of requests' pool, and of people who are not logged out.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]

ROOT = Path(__file__).parents[1]
COURSE = ROOT / "hub_config/second_course"
SET = "ps01_arrays"
TIMEOUT_S = 60

CLASSROOM = f"""\
[hub]
state = "state"

[login]
kind = "passwords"

[spawner]
kind = "local"

[courses.arrays]
title = "Arrays"
directory = {str(COURSE)!r}
release = ["ps01"]
instructors = ["ines"]
assistants = ["tomas"]
students = ["ada", "boris"]

[profiles.cpu-small]
title = "Small"
groups = ["everyone"]
cpus = 1
memory_gib = 1

[profiles.cpu-large]
title = "Large"
groups = ["formgrade-arrays"]
cpus = 2
memory_gib = 2

[profiles.gpu]
title = "A GPU"
groups = ["everyone"]
cpus = 1
memory_gib = 1
gpu = "whole"
"""


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

    def act(self, action: str) -> dict[str, Any]:
        """What the Assignment List's buttons do: fetch, submit, fetch_feedback."""
        body = {"course_id": "arrays", "assignment_id": SET}
        done = self.send("POST", f"/user/{self.name}/assignments/{action}", body)
        assert done.status_code == 200, done.text
        result: dict[str, Any] = done.json()
        return result

    def formgrader(self, method: str, path: str) -> requests.Response:
        return self.send(method, f"/services/arrays/formgrader/api/{path}")


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


@pytest.fixture(scope="module")
def classroom(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Classroom]:
    root = tmp_path_factory.mktemp("hub")
    file = root / "classroom.toml"
    file.write_text(CLASSROOM)
    settings = load_settings(file)
    settings = replace(settings, hub=replace(settings.hub, port=free_port(settings)))
    made = Classroom(settings)
    try:
        made.start()
        yield made
    finally:
        made.stop()
        for process in made.processes():  # of a hub that a test has killed, and did not start again
            with contextlib.suppress(psutil.Error):
                process.terminate()


@pytest.fixture(scope="module")
def ada(classroom: Classroom) -> Person:
    """A student with a running server."""
    person = classroom.person("ada")
    person.start_and_wait()
    return person


@pytest.fixture(scope="module")
def tomas(classroom: Classroom) -> Person:
    """The TA, in the formgrader."""
    person = classroom.person("tomas")
    assert person.get("/services/arrays/").status_code == 200
    return person


def test_nothing_listens_but_on_this_machine(classroom: Classroom, ada: Person) -> None:
    listening = {
        connection.laddr.ip
        for process in classroom.processes()
        for connection in process.net_connections("inet")
        if connection.status == psutil.CONN_LISTEN
    }
    assert listening == {"127.0.0.1"}


def test_only_the_right_password_lets_in(classroom: Classroom) -> None:
    assert classroom.hub is not None
    assert set(classroom.hub.new_passwords) == {"ada", "boris", "ines", "tomas"}
    for password in ("", "guess", classroom.passwords["ines"]):
        assert Person(classroom.hub.url, "boris", password).login.status_code == 403
    assert Person(classroom.hub.url, "eve", "guess").login.status_code == 403


def test_another_profile_is_refused_through_the_api(classroom: Classroom) -> None:
    boris = classroom.person("boris")
    refused = boris.start(profile="cpu-large")
    assert refused.status_code == 403
    assert refused.json()["message"] == (
        "You may not use the profile 'cpu-large'. Yours: cpu-small, gpu."
    )
    assert boris.start(profile="cpu-small", image="x").status_code == 400
    gpu = boris.start(profile="gpu")
    assert gpu.status_code == 503
    assert gpu.json()["message"].startswith("This machine has no GPU for “A GPU”.")
    assert boris.server() == {}
    # Somebody else's server is none of his business.
    assert boris.send("POST", "/hub/api/users/ines/server", {}).status_code in (403, 404)


def test_another_profile_is_refused_in_the_form_and_by_a_link(classroom: Classroom) -> None:
    boris = classroom.person("boris")
    page = boris.get("/hub/spawn").text
    assert 'value="cpu-small"' in page
    assert "cpu-large" not in page
    linked = boris.get("/hub/spawn/boris?opt-profile=cpu-large")
    assert linked.status_code == 403
    assert "You may not use the profile" in linked.text
    assert boris.server() == {}
    assert 'value="cpu-large"' in classroom.person("ines").get("/hub/spawn").text


def test_a_student_sees_a_students_tools(classroom: Classroom, ada: Person) -> None:
    page = ada.get("/user/ada/lab").text
    config = json.loads(
        page.split('id="jupyter-config-data" type="application/json">')[1].split("</script>")[0]
    )
    disabled = {str(name) for name in config["disabledExtensions"]}
    assert {
        "@jupyter/nbgrader:formgrader",
        "@jupyter/nbgrader:create-assignment",
        "@jupyter/nbgrader:course-list",
    } <= disabled
    assert "@jupyter/nbgrader:assignment-list" not in disabled
    assert ada.get("/user/ada/formgrader").status_code == 404
    assert ada.get("/services/arrays/").status_code == 403
    assert classroom.person("boris").get("/user/ada/lab").status_code in (403, 404)
    assert (classroom.state.homes / "ada").is_dir()


def test_the_formgrader_cannot_be_framed(tomas: Person) -> None:
    page = tomas.get("/services/arrays/formgrader/manage_assignments")
    assert page.status_code == 200
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
    assert [entry["name"] for entry in tomas.formgrader("GET", "assignments").json()] == [SET]
    students = [entry["id"] for entry in tomas.formgrader("GET", "students").json()]
    assert students == ["ada", "boris"]


@pytest.fixture(scope="module")
def handed_in(classroom: Classroom, ada: Person, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ada fetches, answers everything right, and submits; her notebook."""
    ada.act("fetch")
    notebook = classroom.state.homes / "ada/arrays" / SET / f"{SET}.ipynb"
    destination = tmp_path_factory.mktemp("solved")
    build_set(load_course(COURSE), SET, destination, solved=True)
    nb = json.loads(notebook.read_text())
    solved = json.loads((destination / SET / f"{SET}.ipynb").read_text())
    for cell, right in zip(nb["cells"], solved["cells"], strict=True):
        cell["source"] = right["source"]
    notebook.write_text(json.dumps(nb))
    ada.act("submit")
    return notebook


def submissions(classroom: Classroom) -> list[str]:
    return sorted(path.name for path in (classroom.state.exchange / "arrays/inbound").iterdir())


def test_check_and_validate_work_where_students_work(handed_in: Path, ada: Person) -> None:
    path = f"arrays/{SET}/{SET}.ipynb"
    done = ada.send("POST", "/user/ada/assignments/validate", {"path": path}).json()
    assert done == {"success": True, "value": {}} or json.loads(done["value"]) == {}


def test_a_hub_that_is_killed_comes_back_and_nothing_is_lost(
    classroom: Classroom, handed_in: Path, ada: Person
) -> None:
    (before,) = submissions(classroom)
    assert before.startswith(f"ada+{SET}+")
    status = ada.get("/user/ada/api/status").json()
    assert classroom.hub is not None
    services = [p for p in classroom.processes() if "CLASSROOM_COURSE" in p.environ()]
    assert services
    classroom.hub.process.kill()
    assert classroom.hub.wait() == -signal.SIGKILL
    # What serves the course must not outlive its hub: it would hold the port.
    assert psutil.wait_procs(services, timeout=30)[1] == []
    assert ada.get("/user/ada/api/status").json()["started"] == status["started"]

    classroom.stop()
    hub = classroom.start()
    assert hub.new_passwords == {}
    assert ada.server()["ready"]
    assert ada.get("/user/ada/api/status").json()["started"] == status["started"]
    assert submissions(classroom) == [before]
    assert classroom.person("boris").server() == {}


def test_what_is_handed_in_is_graded_by_this_grader(
    classroom: Classroom, handed_in: Path, ada: Person
) -> None:
    ta = classroom.person("tomas")
    ta.get("/services/arrays/")
    for path in (
        f"assignment/{SET}/collect",
        f"submission/{SET}/ada/autograde",
        f"assignment/{SET}/generate_feedback",
        f"assignment/{SET}/release_feedback",
    ):
        done = ta.formgrader("POST", path).json()
        assert done["success"], done
    graded = ta.formgrader("GET", f"submission/{SET}/ada").json()
    assert graded["score"] == graded["max_score"] == 5.0
    ada.act("fetch_feedback")
    (page,) = handed_in.parent.glob(f"feedback/*/{SET}.html")
    assert "centre_columns" in page.read_text()


def test_a_second_hub_in_the_same_place_is_refused(classroom: Classroom, handed_in: Path) -> None:
    with (
        pytest.raises(StartError, match=r"a hub is running with .* already"),
        running_hub(classroom.settings),
    ):
        pass


def test_a_stop_leaves_nothing_running_and_everything_on_disk(
    classroom: Classroom, handed_in: Path, ada: Person
) -> None:
    """The last test: it ends the hub."""
    processes = classroom.processes()
    names = [" ".join(process.cmdline()) for process in processes]
    assert sum("jupyterhub.singleuser" in name for name in names) >= 2
    classroom.stop()
    _, alive = psutil.wait_procs(processes, timeout=30)
    assert alive == []
    assert len(submissions(classroom)) == 1
    assert handed_in.exists()
