"""A real hub on this machine: people log in, start servers, hand in, are graded; it is killed and comes back.

Everything listens on 127.0.0.1 and is stopped by its own process id.
"""

from __future__ import annotations

import importlib.util
import json
import signal
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from live_classroom import Classroom, Person, open_classroom

from autograder.build import build_set
from autograder.course import load_course
from hub_config.classroom.running import StartError, running_hub

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

[courses.matrices]
title = "Matrices"
directory = {str(COURSE)!r}
release = ["ps01"]
instructors = ["ines"]
students = ["ada", "tomas"]

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


@pytest.fixture(scope="module")
def classroom(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Classroom]:
    with open_classroom(tmp_path_factory.mktemp("hub"), CLASSROOM) as made:
        yield made


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
    # No student is asked about news that JupyterLab would fetch from elsewhere.
    plugin = "@jupyterlab/apputils-extension:notification"
    settings = ada.get(f"/user/ada/lab/api/settings/{plugin}").json()
    assert settings["schema"]["properties"]["fetchNews"]["default"] == "false"


def test_the_formgrader_cannot_be_framed(tomas: Person) -> None:
    page = tomas.get("/services/arrays/formgrader/manage_assignments")
    assert page.status_code == 200
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
    assert [entry["name"] for entry in tomas.formgrader("GET", "arrays", "assignments").json()] == [
        SET
    ]
    students = [entry["id"] for entry in tomas.formgrader("GET", "arrays", "students").json()]
    assert students == ["ada", "boris"]


def test_somebody_in_two_courses_sees_both_and_gains_nothing_in_either(
    classroom: Classroom, ada: Person, tomas: Person
) -> None:
    courses = ada.get("/user/ada/courses").json()
    assert courses == {"success": True, "value": ["arrays", "matrices"]}
    # A TA of one course is a student of the other, and the other way round nobody gains anything.
    assert tomas.get("/services/matrices/").status_code == 403
    assert ada.get("/services/matrices/").status_code == 403
    ines = classroom.person("ines")
    students = {}
    for course in ("arrays", "matrices"):
        assert ines.get(f"/services/{course}/").status_code == 200
        entries = ines.formgrader("GET", course, "students").json()
        students[course] = {entry["id"] for entry in entries}
    assert students == {"arrays": {"ada", "boris"}, "matrices": {"ada", "tomas"}}


@pytest.fixture(scope="module")
def handed_in(classroom: Classroom, ada: Person, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ada fetches, answers everything right, and submits; her notebook."""
    ada.act("fetch", "arrays", SET)
    notebook = classroom.state.homes / "ada/arrays" / SET / f"{SET}.ipynb"
    destination = tmp_path_factory.mktemp("solved")
    build_set(load_course(COURSE), SET, destination, solved=True)
    nb = json.loads(notebook.read_text())
    solved = json.loads((destination / SET / f"{SET}.ipynb").read_text())
    for cell, right in zip(nb["cells"], solved["cells"], strict=True):
        cell["source"] = right["source"]
    notebook.write_text(json.dumps(nb))
    ada.act("submit", "arrays", SET)
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
        done = ta.formgrader("POST", "arrays", path).json()
        assert done["success"], done
    graded = ta.formgrader("GET", "arrays", f"submission/{SET}/ada").json()
    assert graded["score"] == graded["max_score"] == 5.0
    ada.act("fetch_feedback", "arrays", SET)
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
