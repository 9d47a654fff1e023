"""Courses as JupyterHub sees them: groups, roles with as few rights as will do, and a service each."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hub_config.classroom.settings import (
    FILE_VARIABLE,
    PORT_VARIABLE,
    STATE_VARIABLE,
    Course,
    Settings,
)
from hub_config.classroom.state import State

SERVERS = Path(__file__).parents[1] / "servers"
CULLER = "culler"
EXCHANGE_VARIABLE = "CLASSROOM_EXCHANGE"
COURSE_VARIABLE = "CLASSROOM_COURSE"

# What a person's server may do at the hub with its own token: report activity, let its owner in,
# and ask which courses the owner is in.
SERVER_TOKEN_SCOPES = ["users:activity!user", "access:servers!server", "read:users:groups!user"]


def groups(settings: Settings) -> dict[str, dict[str, Any]]:
    """`load_groups`: members by group; `properties` remember who is there because the file says so."""
    return {
        name: {"users": list(people), "properties": {"listed": list(people)}}
        for name, people in settings.members().items()
    }


def roles(settings: Settings) -> list[dict[str, Any]]:
    """`load_roles`. The hub makes a role's members exactly those named here, at every start."""
    found: list[dict[str, Any]] = [
        {
            "name": CULLER,
            "description": "stops servers that are idle or too old",
            "scopes": [
                "list:users",
                "read:users:activity",
                "read:servers",
                "delete:servers",
            ],
            "services": [CULLER],
        }
    ]
    for course in settings.courses:
        found += [
            {
                "name": f"staff-{course.id}",
                "description": f"opens the formgrader of {course.id}",
                "scopes": [f"access:services!service={course.id}"],
                "users": list(course.staff),
            },
            {
                "name": f"course-{course.id}",
                "description": f"adds and removes students of {course.id}",
                "scopes": [f"groups!group={course.student_group}"],
                "services": [course.id],
            },
        ]
    return found


def services(settings: Settings) -> list[dict[str, Any]]:
    """`services`: the formgrader of each course, and the culler."""
    found = [_course_service(settings, course) for course in settings.courses]
    return [
        *found,
        {
            "name": CULLER,
            "command": [
                *_TETHERED,
                sys.executable,
                "-m",
                "jupyterhub_idle_culler",
                f"--config={SERVERS.parent / 'culler_config.py'}",
            ],
            "environment": settings_variables(settings),
        },
    ]


# A service that outlived a killed hub would hold its port and an old token.
_TETHERED = [sys.executable, "-m", "hub_config.classroom.tethered"]


def _course_service(settings: Settings, course: Course) -> dict[str, Any]:
    state = State(settings.hub.state)
    account = grader_account(course)
    home = state.homes / account
    service: dict[str, Any] = {
        "name": course.id,  # nbgrader wants the course's id
        "url": f"http://127.0.0.1:{service_port(settings, course)}",
        "command": [*_TETHERED, *server_command(settings)],
        "cwd": str(state.course(course.id)),
        "environment": {
            **server_environment(state.exchange, "course"),
            COURSE_VARIABLE: course.id,
            "JUPYTERHUB_USER": account,  # nbgrader wants one
            "HOME": str(home),
        },
        # Staff have logged in at the hub already.
        "oauth_no_confirm": True,
    }
    if runs_as_account(settings):
        service["user"] = account
        del service["environment"]["HOME"]
    return service


def grader_account(course: Course) -> str:
    return f"grader-{course.id}"


def runs_as_account(settings: Settings) -> bool:
    """Whether a course's service is a process of an account of its own; only root can do that."""
    return settings.has_accounts and os.geteuid() == 0


def server_command(settings: Settings) -> list[str]:
    """The program of a server on this machine."""
    command = [sys.executable, "-m", "jupyterhub.singleuser"]
    is_root = os.geteuid() == 0 and not settings.has_accounts
    return [*command, "--allow-root"] if is_root else command


def service_port(settings: Settings, course: Course) -> int:
    return settings.hub.port + 3 + settings.courses.index(course)


def ports(settings: Settings) -> dict[int, str]:
    """Every port that a hub listens on, and what for."""
    port = settings.hub.port
    found = {port: "the hub's address", port + 1: "the proxy's API", port + 2: "the hub itself"}
    for course in settings.courses:
        found[service_port(settings, course)] = f"the formgrader of {course.id}"
    return found


def server_environment(
    exchange: Path | str, kind: str, *, servers: Path | str = SERVERS
) -> dict[str, str]:
    """What a person's server or a course's finds its configuration by.

    Args:
        exchange: the exchange, as the server sees it.
        kind: "person" or "course"; a directory of hub_config/servers.
        servers: that directory, as the server sees it.
    """
    return {
        EXCHANGE_VARIABLE: str(exchange),
        "JUPYTER_CONFIG_PATH": os.pathsep.join([f"{servers}/{kind}", f"{servers}/everyone"]),
    }


def settings_variables(settings: Settings) -> Mapping[str, str]:
    """What lets another process load the same settings; see `settings.of_environment`."""
    return {
        FILE_VARIABLE: str(settings.file),
        STATE_VARIABLE: str(settings.hub.state),
        PORT_VARIABLE: str(settings.hub.port),
    }
