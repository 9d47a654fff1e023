"""A classroom's settings: what is read, what is refused, and what a hub makes of it. No hub is started here."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import os
import re
import socket
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import pytest
from jupyterhub import orm
from jupyterhub.app import JupyterHub
from jupyterhub.orm import new_session_factory
from jupyterhub.spawner import SpawnException
from small_classroom import LOGINS, ROOT, SPAWNERS, loaded, server_of, with_secrets, write

from hub_config.classroom import (
    chart,
    courses,
    culling,
    passwords,
    preflight,
    prepare,
    profiles,
    proxy,
)
from hub_config.classroom.__main__ import main
from hub_config.classroom.leases import Leases
from hub_config.classroom.settings import (
    DEMO,
    Course,
    Gpus,
    Hub,
    Profile,
    Settings,
    SettingsError,
    load_settings,
)
from hub_config.classroom.settings import LOGINS as LOGIN_KINDS
from hub_config.classroom.settings import SPAWNERS as SPAWNER_KINDS
from hub_config.classroom.spawners import Profiled
from hub_config.classroom.state import State

# Docker's client leaves its socket open when nobody listens.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.fixture
def small(tmp_path: Path) -> Settings:
    return load_settings(write(tmp_path))


# ---------------------------------------------------------------------------------------------
# Reading


def test_the_demo_is_two_courses_with_an_instructor_a_ta_and_three_students() -> None:
    settings = load_settings(DEMO)
    optml, arrays = settings.courses
    assert (optml.id, arrays.id) == ("optml", "arrays")
    assert len(optml.instructors) == len(optml.assistants) == 1
    assert len(optml.students) == 3
    assert settings.hub.state == ROOT / ".hub"
    assert settings.hub.address == "127.0.0.1"
    assert (optml.directory, arrays.directory) == (ROOT, ROOT / "hub_config/second_course")


def test_values_are_read_as_what_they_are(small: Settings, tmp_path: Path) -> None:
    assert small.hub.state == tmp_path / "state"
    assert small.hub.port == 8000
    assert small.profiles[0] == Profile(
        name="cpu-small", title="Small", groups=("everyone",), cpus=1.0, memory_gib=1.5
    )
    assert small.people == ("ada", "boris", "ines", "tomas")
    assert load_settings(small.file, port=9000, state=tmp_path / "x").hub.port == 9000


FAULTS = {
    "unknown key": (
        [("assistants =", "assistents =")],
        [
            "classroom.toml:14: courses.opt: unknown key 'assistents'; did you mean 'assistants'?",
        ],
    ),
    "unknown table": (
        [("[groups]", "[grops]")],
        [
            "classroom.toml:42: unknown table 'grops'; known are hub, login, spawner, courses, "
            "profiles, gpus, groups"
        ],
    ),
    "wrong types": (
        [("cpus = 1\n", 'cpus = "one"\n'), ("memory_gib = 1.5", "memory_gib = 0")],
        [
            "classroom.toml:26: profiles.cpu-small: cpus = 'one': it must be a number above 0",
            "classroom.toml:27: profiles.cpu-small: memory_gib = 0: it must be a number above 0",
        ],
    ),
    "a key left out": (
        [('title = "Optimisation"\n', "")],
        ["classroom.toml:10: courses.opt: title is missing"],
    ),
    "a kind that is none": (
        [('kind = "local"', 'kind = "podman"')],
        [
            "classroom.toml:8: spawner: kind must be one of local, accounts, docker, slurm, kubernetes"
        ],
    ),
    "a key of another kind": (
        [('kind = "local"', 'kind = "local"\nimage = "x"')],
        ["classroom.toml:9: spawner: unknown key 'image'; known are "],
    ),
    "a list that is none": (
        [('["ada", "boris"]', '"ada, boris"')],
        [
            "classroom.toml:15: courses.opt: students = 'ada, boris': it must be a list of texts",
        ],
    ),
    "no TOML": ([("[hub]", "[hub")], ["classroom.toml: Expected ']' at the end of a table"]),
    "no instructors": (
        [('instructors = ["ines"]\nassistants', "instructors = []\nassistants")],
        ["classroom.toml:13: courses.opt: it has no instructor; name one under instructors"],
    ),
    "two parts in one course": (
        [('"ada", "boris"]', '"tomas", "boris"]')],
        [
            "classroom.toml:15: courses.opt: tomas is under assistants too; "
            "a person has one part in a course"
        ],
    ),
    "somebody twice": (
        [('"ada", "boris"]', '"ada", "ada"]')],
        [
            "classroom.toml:15: courses.opt: ada is twice under students; a person has one part in a course"
        ],
    ),
    "a course that is nowhere": (
        [
            (
                f'directory = {str(ROOT)!r}\ninstructors = ["ines"]\nass',
                'directory = "x"\ninstructors = ["ines"]\nass',
            )
        ],
        ["classroom.toml:12: courses.opt: x holds neither assignments/ nor solutions/"],
    ),
    "a profile nobody may use": (
        [('groups = ["formgrade-opt"]', "groups = []")],
        ['classroom.toml:31: profiles.cpu-large: nobody may use it; name groups, or "everyone"'],
    ),
    "a profile of an empty group": (
        [('lab = ["tomas"]', "lab = []"), ('["nbgrader-opt", "lab"]', '["lab"]')],
        ["classroom.toml:37: profiles.gpu: nobody may use it: lab has no members"],
    ),
    "a group that is none": (
        [('["nbgrader-opt", "lab"]', '["nbgrader-opt", "labs"]')],
        [
            "classroom.toml:37: profiles.gpu: there is no group 'labs'; known are everyone, "
            "formgrade-arr, formgrade-opt, lab, nbgrader-arr, nbgrader-opt"
        ],
    ),
    "people without a profile": (
        [('["everyone"]', '["formgrade-arr"]'), ('["nbgrader-opt", "lab"]', '["lab"]')],
        [
            "classroom.toml:23: ada may use none of the profiles",
            "classroom.toml:23: boris may use none of the profiles",
        ],
    ),
    "a name that the exchange would split": (
        [('"ada", "boris"]', '"ada", "bo+ris"]')],
        [
            "classroom.toml:15: courses.opt: 'bo+ris' is no name for a person: "
            "lower-case letters, digits and . _ - @"
        ],
    ),
    "two faults": (
        [("state = ", "stat = "), ("cpus = 1\n", "cpus = true\n")],
        [
            "classroom.toml:2: hub: unknown key 'stat'; did you mean 'state'?",
            "classroom.toml:1: hub: state is missing",
            "classroom.toml:26: profiles.cpu-small: cpus = True: it must be a number above 0",
        ],
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_named_with_its_line(name: str, tmp_path: Path) -> None:
    changes, expected = FAULTS[name]
    with pytest.raises(SettingsError) as caught:
        load_settings(write(tmp_path, *changes))
    faults = [fault.replace(f"{tmp_path}/", "") for fault in caught.value.faults]
    begins = [fault[: len(text)] for fault, text in zip(faults, expected, strict=True)]
    assert begins == expected
    if len(faults) > 1:
        assert str(caught.value).startswith(f"{len(faults)} faults in the settings:\n")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(
        SettingsError, match=re.escape(f"{tmp_path}/x.toml: No such file or directory")
    ):
        load_settings(tmp_path / "x.toml")


# ---------------------------------------------------------------------------------------------
# Groups, roles, services


def test_groups_are_those_that_nbgrader_asks_for(small: Settings) -> None:
    assert {name: group["users"] for name, group in courses.groups(small).items()} == {
        "formgrade-opt": ["ines", "tomas"],
        "nbgrader-opt": ["ada", "boris"],
        "formgrade-arr": ["ines"],
        "nbgrader-arr": ["ada"],
        "lab": ["tomas"],
    }


def test_roles_are_as_small_as_can_be(small: Settings) -> None:
    """Every right that anybody gets beyond their own server; no more."""
    found = {role["name"]: role for role in courses.roles(small)}
    rights = {
        name: (set(role["scopes"]), role.get("users", []), role.get("services", []))
        for name, role in found.items()
    }
    assert rights == {
        "staff-opt": ({"access:services!service=opt"}, ["ines", "tomas"], []),
        "staff-arr": ({"access:services!service=arr"}, ["ines"], []),
        "course-opt": ({"groups!group=nbgrader-opt"}, [], ["opt"]),
        "course-arr": ({"groups!group=nbgrader-arr"}, [], ["arr"]),
        "culler": (
            {"list:users", "read:users:activity", "read:servers", "delete:servers"},
            [],
            ["culler"],
        ),
    }
    assert all("groups" not in role for role in found.values())


def test_a_service_for_each_course_on_a_port_of_its_own(small: Settings) -> None:
    services = {service["name"]: service for service in courses.services(small)}
    assert set(services) == {"opt", "arr", "culler"}
    assert services["opt"]["url"] == "http://127.0.0.1:8003"
    assert services["arr"]["url"] == "http://127.0.0.1:8004"
    assert services["arr"]["environment"]["JUPYTERHUB_USER"] == "grader-arr"
    assert services["arr"]["cwd"] == str(small.hub.state / "courses/arr")
    assert not any(service.get("admin") for service in services.values())
    assert sorted(courses.ports(small)) == [8000, 8001, 8002, 8003, 8004]


# ---------------------------------------------------------------------------------------------
# Profiles


class FakeServer:
    """What profiles need of a spawner."""

    def __init__(self, name: str, *groups: str, running: dict[Any, str] | None = None) -> None:
        self.user = SimpleNamespace(name=name, groups=[SimpleNamespace(name=g) for g in groups])
        self.holder = (name, "")
        self.running = running or {}
        self.fitted: tuple[str, str | None] | None = None
        self.options: dict[str, str] = {}

    def remember(self, options: dict[str, str]) -> None:
        self.options = options

    def fit(self, profile: Profile, card: str | None, otherwise: Profile | None) -> None:
        self.fitted = (profile.name, card)
        self.otherwise = otherwise

    async def cards_in_use(self) -> dict[Any, str]:
        return self.running


def offer(settings: Settings, **gpus: Any) -> profiles.Profiles:
    return profiles.Profiles(settings, Leases(Gpus(**gpus)))


def apply(offered: profiles.Profiles, server: FakeServer, **options: Any) -> FakeServer:
    asyncio.run(offered.apply(server, options))
    return server


def refusal(offered: profiles.Profiles, server: FakeServer, **options: Any) -> tuple[int, str]:
    with pytest.raises(SpawnException) as caught:
        apply(offered, server, **options)
    assert server.fitted is None
    assert server.options == {}
    return caught.value.status_code, caught.value.message


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        ((), ["cpu-small"]),
        (("nbgrader-arr",), ["cpu-small"]),
        (("nbgrader-opt",), ["cpu-small", "gpu"]),
        (("formgrade-opt",), ["cpu-small", "cpu-large"]),
        (("formgrade-opt", "lab"), ["cpu-small", "cpu-large", "gpu"]),
        (("formgrade-opt", "nbgrader-opt"), ["cpu-small", "cpu-large", "gpu"]),
    ],
)
def test_who_may_use_what(small: Settings, groups: tuple[str, ...], expected: list[str]) -> None:
    """Somebody in two groups may use what either may."""
    allowed = offer(small).of(FakeServer("x", *groups).user)
    assert [profile.name for profile in allowed] == expected


def test_what_is_chosen_is_applied_and_nothing_chosen_is_the_first(small: Settings) -> None:
    student = FakeServer("ada", "nbgrader-opt")
    assert apply(offer(small), student).fitted == ("cpu-small", None)
    staff = FakeServer("ines", "formgrade-opt")
    assert apply(offer(small), staff, profile="cpu-large").fitted == ("cpu-large", None)


@pytest.mark.parametrize(
    ("options", "status", "text"),
    [
        ({"profile": "cpu-large"}, 403, "You may not use the profile 'cpu-large'. Yours: cpu-small, gpu."),
        ({"profile": ["cpu-large"]}, 403, "You may not use the profile \"['cpu-large']\"."),
        ({"profile": None}, 403, "You may not use the profile 'None'."),
        ({"profile": "gpu", "otherwise": "cpu-large"}, 403, "You may not use the profile 'cpu-large'."),
        ({"profile": "gpu", "otherwise": "gpu"}, 400, "gpu needs a GPU as well."),
        ({"image": "evil", "profile": "cpu-small"}, 400, "A server has no option image; it has profile."),
        ({"runtime": "1\n#SBATCH --gres=gpu:8"}, 400, "A server has no option runtime; it has profile."),
    ],
)  # fmt: skip
def test_a_request_for_more_is_refused_on_the_server(
    small: Settings, options: dict[str, Any], status: int, text: str
) -> None:
    found, message = refusal(offer(small), FakeServer("ada", "nbgrader-opt"), **options)
    assert found == status
    assert message.startswith(text)


def test_whoever_is_in_no_group_of_any_profile_is_told_so(tmp_path: Path) -> None:
    file = write(tmp_path, ('["everyone"]', '["nbgrader-opt", "nbgrader-arr", "formgrade-opt"]'))
    assert refusal(offer(load_settings(file)), FakeServer("eve")) == (
        403,
        "You are in no course of this hub; ask your instructor to add you.",
    )


def test_no_gpu_on_the_machine_and_none_free_are_two_sentences(small: Settings) -> None:
    ada = FakeServer("ada", "nbgrader-opt")
    assert refusal(offer(small), ada, profile="gpu") == (
        503,
        "This machine has no GPU for “A whole GPU”. Choose a profile without one.",
    )
    offered = offer(small, whole=("0",))
    assert apply(offered, FakeServer("boris", "nbgrader-opt"), profile="gpu").fitted == ("gpu", "0")
    assert refusal(offered, ada, profile="gpu") == (
        503,
        "No GPU is free: the only one is in use. Try again later, or choose a profile without a GPU.",
    )


def test_who_wants_to_falls_back_to_a_cpu(small: Settings) -> None:
    ada = FakeServer("ada", "nbgrader-opt")
    apply(offer(small), ada, profile="gpu", otherwise="cpu-small")
    assert (ada.fitted, ada.otherwise) == (("cpu-small", None), None)
    offered = offer(small, whole=("0",))
    apply(offered, ada, profile="gpu", otherwise="cpu-small")
    assert ada.fitted == ("gpu", "0")
    assert ada.otherwise == small.profiles[0]  # should the engine have no GPU after all


def test_the_form_offers_what_one_may_use_and_says_what_is_free(small: Settings) -> None:
    async def form(offered: profiles.Profiles, server: FakeServer) -> str:
        return await offered.form(server)

    assert asyncio.run(form(offer(small), FakeServer("x"))) == ""  # one profile is no choice
    page = asyncio.run(form(offer(small), FakeServer("ada", "nbgrader-opt")))
    assert 'value="cpu-small" checked' in page
    assert 'value="gpu" disabled' in page
    assert "not on this machine" in page
    assert "otherwise" not in page
    assert "cpu-large" not in page
    offered = offer(small, whole=("0", "1"))
    apply(offered, FakeServer("boris", "nbgrader-opt"), profile="gpu")
    page = asyncio.run(form(offered, FakeServer("ada", "nbgrader-opt")))
    assert "1 of 2 free" in page
    assert 'name="otherwise" value="cpu-small"' in page
    assert profiles.options_from_form(
        {"profile": ["gpu"], "otherwise": ["cpu-small"], "x": ["1"]}
    ) == {
        "profile": "gpu",
        "otherwise": "cpu-small",
    }


# ---------------------------------------------------------------------------------------------
# Leases


def test_a_whole_card_and_a_slice_go_to_one_person_each() -> None:
    for kind, gpus in (("whole", Gpus(whole=("0", "1"))), ("slice", Gpus(slices=("0", "1")))):
        leases = Leases(gpus)
        assert [leases.take((name, ""), kind) for name in "abc"] == ["0", "1", None]
        leases.give_back(("a", ""))
        assert leases.take(("c", ""), kind) == "0"


def test_shares_fill_the_emptiest_card_first() -> None:
    leases = Leases(Gpus(shared={"0": 2, "1": 2}))
    assert [leases.take((name, ""), "shared") for name in "abcde"] == ["0", "1", "0", "1", None]


def test_who_starts_again_gives_back_what_they_had() -> None:
    leases = Leases(Gpus(whole=("0",)))
    assert leases.take(("a", ""), "whole") == "0"
    assert leases.take(("a", ""), "whole") == "0"
    assert leases.take(("a", "second"), "whole") is None


def test_a_hub_that_starts_again_lends_no_card_twice() -> None:
    leases = Leases(Gpus(whole=("0", "1")))
    leases.restore(("a", ""), "0")
    assert leases.take(("b", ""), "whole") == "1"
    # What the engine knows counts, whatever this hub remembers.
    leases = Leases(Gpus(whole=("0", "1")))
    running = {("a", ""): "0", ("b", ""): "1"}
    assert leases.take(("c", ""), "whole", running) is None
    assert leases.take(("b", ""), "whole", running) == "1"


# ---------------------------------------------------------------------------------------------
# Culling

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def over(small: Settings, *, idle_min: float, age_h: float, **server: Any) -> bool:
    is_over = culling.arbiter(small.profiles, now=lambda: NOW)
    started = (NOW - timedelta(hours=age_h)).isoformat().replace("+00:00", "Z")
    return is_over(
        inactive=timedelta(minutes=idle_min),
        inactive_limit=600,
        server={"started": started, **server},
    )


def test_a_server_ends_when_its_profile_says_so(tmp_path: Path) -> None:
    file = write(tmp_path, ('gpu = "whole"', 'gpu = "whole"\nhours = 2\nidle_minutes = 20'))
    small = load_settings(file)
    gpu, cpu = {"profile": "gpu"}, {"profile": "cpu-small"}
    assert not over(small, idle_min=19, age_h=1.9, user_options=gpu)
    assert over(small, idle_min=20, age_h=1, user_options=gpu)
    assert over(small, idle_min=0, age_h=2, user_options=gpu)  # busy, and too old
    assert not over(small, idle_min=59, age_h=7.9, user_options=cpu)
    assert over(small, idle_min=60, age_h=1, user_options=cpu)
    # A profile that is gone, or none at all: the strictest limits.
    for options in ({"profile": "gone"}, {}, None):
        assert over(small, idle_min=20, age_h=1, user_options=options)
        assert not over(small, idle_min=19, age_h=1, user_options=options)


# ---------------------------------------------------------------------------------------------
# Passwords


def test_passwords_are_made_once_and_kept_as_hashes(tmp_path: Path) -> None:
    file = tmp_path / "passwords.json"
    made = passwords.make_passwords(file, ["ada", "boris"])
    assert set(made) == {"ada", "boris"}
    assert len(set(made.values())) == 2
    assert all(re.fullmatch(r"[a-z2-9]{4}(-[a-z2-9]{4}){2}", text) for text in made.values())
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert not any(text in file.read_text() for text in made.values())
    assert passwords.make_passwords(file, ["ada", "boris"]) == {}
    new = passwords.make_passwords(file, ["ada", "chloe"], anew=["ada"])
    assert set(new) == {"ada", "chloe"}
    assert set(passwords.read_hashes(file)) == {"ada", "chloe"}  # boris has left


@pytest.mark.parametrize("proof", ["right", "wrong", "", "another's", "the hash"])
def test_only_the_right_password_lets_in(tmp_path: Path, proof: str) -> None:
    file = tmp_path / "passwords.json"
    made = passwords.make_passwords(file, ["ada", "boris"])
    texts = {
        "right": made["ada"],
        "another's": made["boris"],
        "the hash": passwords.read_hashes(file)["ada"],
    }
    authenticator = passwords.PasswordAuthenticator(password_file=str(file), allowed_users={"ada"})
    login = authenticator.authenticate(
        None, {"username": "Ada", "password": texts.get(proof, proof)}
    )
    assert asyncio.run(login) == ("ada" if proof == "right" else None)


def test_somebody_unknown_is_not_let_in(tmp_path: Path) -> None:
    authenticator = passwords.PasswordAuthenticator(password_file=str(tmp_path / "none.json"))
    login = authenticator.authenticate(None, {"username": "eve", "password": "x"})
    assert asyncio.run(login) is None


# ---------------------------------------------------------------------------------------------
# Before a start


def test_a_port_in_use_is_named_with_what_to_do(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        settings = load_settings(write(tmp_path), port=port - 1)
        assert any(
            fault == f"port {port} is in use by another program (the proxy's API). "
            f"Choose others: make hub PORT={port + 99}, or [hub] port"
            for fault in preflight.faults(settings)
        )


def test_a_start_that_cannot_be_says_why_and_leaves_nothing_running(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hub_config.classroom", "--settings", str(write(tmp_path))]
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        done = subprocess.run(
            [*command, "--port", str(port), "start"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.splitlines()[0] == (
        f"hub: port {port} is in use by another program (the hub's address). "
        f"Choose others: make hub PORT={port + 100}, or [hub] port"
    )
    # Nothing was made ready for a hub that could not start.
    assert not list((tmp_path / "state").glob("courses/*"))


def test_a_missing_proxy_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = write(tmp_path, ('state = "state"', 'state = "state"\nproxy = "node"'))
    monkeypatch.setattr(proxy, "NODE_PACKAGE", tmp_path / "nothing")
    monkeypatch.setenv("PATH", str(tmp_path))
    fault = (
        "the proxy is missing: install Node, then `make proxy` or "
        'npm install -g configurable-http-proxy; proxy = "python" needs neither'
    )
    assert fault in preflight.faults(load_settings(file))
    for name in ("node", "configurable-http-proxy"):
        (tmp_path / name).write_text("#!/usr/bin/env python3\n")
        (tmp_path / name).chmod(0o755)
    assert fault in preflight.faults(load_settings(file)), "that is the one in Python"
    (tmp_path / name).write_text("#!/usr/bin/env node\n")
    assert fault not in preflight.faults(load_settings(file))
    assert proxy.command("node") == [str(tmp_path / "node"), str(tmp_path / name)]
    monkeypatch.delenv("CONFIGPROXY_AUTH_TOKEN", raising=False)
    settings = load_settings(
        write(tmp_path, ('state = "state"', 'state = "state"\nproxy = "external"'))
    )
    assert (
        "an external proxy needs its token in the variable CONFIGPROXY_AUTH_TOKEN"
        in preflight.faults(settings)
    )


def faults_of(tmp_path: Path, kind: str) -> str:
    file = write(tmp_path, ('kind = "local"', f'kind = "{kind}"\n{SPAWNERS[kind]}'))
    return "\n".join(preflight.faults(load_settings(file)))


def test_an_engine_that_is_down_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/docker.sock")
    assert f"Docker does not answer at unix://{tmp_path}/docker.sock: " in faults_of(
        tmp_path, "docker"
    )

    monkeypatch.setenv("PATH", str(tmp_path))
    assert "Slurm's programs are missing: sinfo, sbatch, " in faults_of(tmp_path, "slurm")
    sinfo = tmp_path / "sinfo"
    sinfo.write_text("#!/bin/sh\necho 'slurm_load_partitions: Unable to contact' >&2\nexit 1\n")
    sinfo.chmod(0o755)
    said = "Slurm does not answer: slurm_load_partitions: Unable to contact"
    assert said in faults_of(tmp_path, "slurm")

    assert faults_of(tmp_path, "kubernetes").startswith("on Kubernetes the chart starts the hub")


def test_accounts_need_root_and_a_grader_for_each_course(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert 'spawner "accounts" needs a hub that runs as root' in faults_of(tmp_path, "accounts")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    said = faults_of(tmp_path, "accounts")
    for name in ("opt", "arr"):
        assert (
            f"there is no account grader-{name}, which grades {name}: "
            f"useradd --create-home grader-{name}" in said
        )


def test_who_is_taken_out_of_the_file_leaves_the_group(small: Settings, tmp_path: Path) -> None:
    """Whom a TA has added otherwise stays."""
    prepare.make_directories(small)
    state = State(small.hub.state)
    sessions = new_session_factory(state.database_url)
    with contextlib.closing(sessions()) as session:
        users = {name: orm.User(name=name) for name in ("ada", "boris", "eve", "ines", "tomas")}
        session.add_all(users.values())
        for name, group in courses.groups(small).items():
            members = [users[person] for person in group["users"]]
            session.add(orm.Group(name=name, users=members, properties=group["properties"]))
        session.flush()
        orm.Group.find(session, "nbgrader-opt").users.append(users["eve"])
        session.commit()
    changes = [('["ada", "boris"]', '["ada"]'), ('["tomas"]\nstudents', "[]\nstudents")]
    prepare.forget_former_members(load_settings(write(tmp_path, *changes)))
    with contextlib.closing(sessions()) as session:
        members = {g.name: {user.name for user in g.users} for g in session.query(orm.Group)}
    assert members["nbgrader-opt"] == {"ada", "eve"}
    assert members["formgrade-opt"] == {"ines"}
    assert members["nbgrader-arr"] == {"ada"}
    assert stat.S_IMODE(state.database.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("person", "password", "is_let_in"),
    [
        ("ada", "one", True),
        ("ada", "two", False),
        ("ines", "two", True),
        ("ines", "one", False),  # or every student could be a TA
        ("ada", "", False),
    ],
)
def test_staff_have_a_password_of_their_own(
    tmp_path: Path, person: str, password: str, is_let_in: bool
) -> None:
    for name in ("one", "two"):
        (tmp_path / name).write_text(f"{name}\n")
    authenticator = passwords.TwoPasswordAuthenticator(
        student_password_file=str(tmp_path / "one"),
        staff_password_file=str(tmp_path / "two"),
        staff={"ines"},
    )
    login = authenticator.authenticate(None, {"username": person, "password": password})
    assert asyncio.run(login) == (person if is_let_in else None)


def test_a_secret_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    kind = f'kind = "oauth"\n{LOGINS["oauth"].lstrip()}'
    with pytest.raises(SettingsError, match="one is not there, or empty"):
        load_settings(write(tmp_path, ('kind = "passwords"', kind)))


# ---------------------------------------------------------------------------------------------
# The configuration, loaded by JupyterHub


def unknown_options(hub: JupyterHub) -> list[str]:
    """Options in the configuration that no class has; a hub would only warn of them."""
    classes = {
        cls.__name__: cls
        for made in (*hub.classes, hub.spawner_class, hub.authenticator_class, hub.proxy_class)
        for cls in made.__mro__
        if hasattr(cls, "class_trait_names")
    } | {"JupyterHub": JupyterHub}
    return [
        f"{section}.{name}"
        for section, options in hub.config.items()
        for name in options
        if section not in classes or name not in classes[section].class_trait_names(config=True)
    ]


@pytest.mark.parametrize("kind", SPAWNERS)
def test_the_configuration_loads_for_each_spawner(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = with_secrets(tmp_path, ('kind = "local"', f'kind = "{kind}"\n{SPAWNERS[kind]}'))
    hub = loaded(settings, monkeypatch)
    assert unknown_options(hub) == []
    assert issubclass(hub.spawner_class, Profiled)
    spawner = server_of(hub, "ada")
    assert spawner.server_token_scopes == courses.SERVER_TOKEN_SCOPES
    # All servers lend from one stock, although traitlets copies the configuration for each.
    other = server_of(hub, "boris")
    assert isinstance(spawner.leases, Leases)
    assert spawner.leases is other.leases is other.apply_user_options.__self__.leases
    assert not hub.allow_named_servers


@pytest.mark.parametrize("kind", LOGINS)
def test_the_configuration_loads_for_each_login(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = with_secrets(tmp_path, ('kind = "passwords"', f'kind = "{kind}"\n{LOGINS[kind]}'))
    hub = loaded(settings, monkeypatch)
    assert unknown_options(hub) == []
    authenticator = hub.authenticator_class(config=hub.config)
    assert authenticator.allowed_users == {"ada", "boris", "ines", "tomas"}
    assert not authenticator.allow_all
    assert authenticator.admin_users == set()


def test_the_charts_values_name_what_the_configuration_expects(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write(tmp_path, ('kind = "local"', f'kind = "kubernetes"\n{SPAWNERS["kubernetes"]}'))
    settings = load_settings(file)
    values = chart.values(settings)
    bearers = {name for role in courses.roles(settings) for name in role.get("services", ())}
    assert bearers == set(values["hub"]["services"]) == {"opt", "arr", "culler"}
    assert values["hub"]["services"]["opt"]["url"] == "http://grader-opt:8888"
    assert values["hub"]["extraFiles"]["classroom"]["stringData"] == file.read_text()
    assert values["singleuser"]["image"] == {"name": "student", "tag": "1"}
    # The chart sets addresses and services itself; ours must not take them back.
    hub = loaded(settings, monkeypatch).config.JupyterHub
    assert not {"services", "bind_url", "hub_bind_url", "db_url"} & set(hub)


def test_everything_listens_on_this_machine_only(
    small: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub = loaded(small, monkeypatch)
    addresses = [hub.config.JupyterHub.bind_url, hub.config.JupyterHub.hub_bind_url]
    addresses += [hub.config.ConfigurableHTTPProxy.api_url]
    addresses += [service["url"] for service in hub.config.JupyterHub.services if "url" in service]
    assert [urlsplit(address).hostname for address in addresses] == ["127.0.0.1"] * 5


def test_the_readme_explains_every_word_of_the_settings() -> None:
    text = (ROOT / "hub_config/README.md").read_text()
    words = {
        field.name
        for kind in (Hub, Course, Profile, Gpus, *LOGIN_KINDS.values(), *SPAWNER_KINDS.values())
        for field in dataclasses.fields(kind)
    } - {"id", "name"}
    words |= {*LOGIN_KINDS, *SPAWNER_KINDS}
    assert not [word for word in sorted(words) if f"`{word}" not in text]
    assert not [name for name in main.commands if f"`{name}" not in text]
