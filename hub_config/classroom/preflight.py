"""What would keep a hub from starting, said before it starts, all at once."""

from __future__ import annotations

import contextlib
import os
import pwd
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from hub_config.classroom import courses, proxy
from hub_config.classroom.settings import Accounts, Docker, Kubernetes, Settings, Slurm
from hub_config.classroom.state import State


def faults(settings: Settings) -> list[str]:
    """One line for each thing to mend; empty if a hub can start."""
    if isinstance(settings.spawner, Kubernetes):
        return ["on Kubernetes the chart starts the hub: see `values` and README.md"]
    return [
        *_port_faults(settings),
        *_proxy_faults(settings),
        *_account_faults(settings),
        *_engine_faults(settings),
    ]


def _port_faults(settings: Settings) -> Iterator[str]:
    ours = {settings.hub.port, settings.hub.port + 1} if _left_over_proxy(settings) else set()
    for port, use in courses.ports(settings).items():
        address = settings.hub.address if port == settings.hub.port else "127.0.0.1"
        if port not in ours and not is_free(port, address):
            yield (
                f"port {port} is in use by another program ({use}). "
                f"Choose others: make hub PORT={settings.hub.port + 100}, or [hub] port"
            )


def is_free(port: int, address: str = "127.0.0.1") -> bool:
    """Whether a program could listen there now."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as listener:
        # As servers do, so that connections of a hub that has just ended do not count.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((address, port))
        except OSError:
            return False
    return True


def free_port(settings: Settings) -> int:
    """A port from which on all that a hub with these settings needs are free just now."""
    count = len(courses.ports(settings))
    for _ in range(100):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            first: int = listener.getsockname()[1]
        if all(is_free(port) for port in range(first, first + count)):
            return first
    raise OSError(f"no {count} ports in a row are free")


def _left_over_proxy(settings: Settings) -> bool:
    """Whether the proxy of a killed hub is still there; the hub ends it by the same file."""
    try:
        pid = int(State(settings.hub.state).proxy_pid.read_text())
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except (OSError, ValueError):
        return False
    return b"configurable" in command


def _proxy_faults(settings: Settings) -> Iterator[str]:
    kind = settings.hub.proxy
    if kind == "external":
        if not os.environ.get("CONFIGPROXY_AUTH_TOKEN"):
            yield "an external proxy needs its token in the variable CONFIGPROXY_AUTH_TOKEN"
        return
    try:
        proxy.command(kind)
    except proxy.ProxyMissingError as error:
        yield str(error)


def _account_faults(settings: Settings) -> Iterator[str]:
    if isinstance(settings.spawner, Accounts) and os.geteuid() != 0:
        yield 'spawner "accounts" needs a hub that runs as root; "local" does not'
        return
    if not courses.runs_as_account(settings):
        return
    for course in settings.courses:
        account = courses.grader_account(course)
        try:
            pwd.getpwnam(account)
        except KeyError:
            yield f"there is no account {account}, which grades {course.id}: useradd --create-home {account}"
    if isinstance(settings.spawner, Accounts):
        closed = [p for p in Path(sys.executable).resolve().parents if not p.stat().st_mode & 0o001]
        if closed:
            yield (
                f"people cannot run {sys.executable}: {closed[-1]} is closed to them. "
                "Set the hub up with a Python that everybody can read, such as the system's"
            )


def _engine_faults(settings: Settings) -> Iterator[str]:
    if isinstance(settings.spawner, Docker):
        import docker

        try:
            with contextlib.closing(docker.from_env(timeout=_ENGINE_TIMEOUT_S)) as client:
                client.images.get(settings.spawner.image)
        except docker.errors.ImageNotFound:
            yield f"Docker has no image {settings.spawner.image}; build or pull it"
        except docker.errors.DockerException as error:
            place = os.environ.get("DOCKER_HOST", "unix:///var/run/docker.sock")
            yield f"Docker does not answer at {place}: {_first_line(error)}"
    if isinstance(settings.spawner, Slurm):
        try:
            subprocess.run(
                ["sinfo", "--noheader"], check=True, capture_output=True, timeout=_ENGINE_TIMEOUT_S
            )
        except FileNotFoundError:
            yield "Slurm's programs are missing: sinfo, sbatch, squeue and scancel must be in PATH"
        except subprocess.CalledProcessError as error:
            yield f"Slurm does not answer: {_first_line(error.stderr.decode(errors='replace'))}"
        except subprocess.TimeoutExpired:
            yield f"Slurm does not answer within {_ENGINE_TIMEOUT_S} s"


_ENGINE_TIMEOUT_S = 20


def _first_line(said: object) -> str:
    lines = str(said).strip().splitlines()
    return lines[0] if lines else "it said nothing"
