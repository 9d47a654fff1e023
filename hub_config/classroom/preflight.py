"""What would keep a hub from starting, said before it starts, all at once."""

from __future__ import annotations

import importlib.util
import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

from hub_config.classroom import courses
from hub_config.classroom.settings import Accounts, Settings
from hub_config.classroom.state import State


def faults(settings: Settings) -> list[str]:
    """One line for each thing to mend; empty if a hub can start."""
    return [*_port_faults(settings), *_proxy_faults(settings), *_right_faults(settings)]


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
    proxy = settings.hub.proxy
    if proxy == "python" and importlib.util.find_spec("configurable_http_proxy") is None:
        yield 'the proxy is missing: pip install configurable-http-proxy, or proxy = "node"'
    if proxy == "node" and shutil.which("configurable-http-proxy") is None:
        yield 'the proxy is missing: npm install -g configurable-http-proxy, or proxy = "python"'
    if proxy == "external" and not os.environ.get("CONFIGPROXY_AUTH_TOKEN"):
        yield "an external proxy needs its token in the variable CONFIGPROXY_AUTH_TOKEN"


def _right_faults(settings: Settings) -> Iterator[str]:
    if isinstance(settings.spawner, Accounts) and os.geteuid() != 0:
        yield 'spawner "accounts" needs a hub that runs as root; "local" does not'
