"""The proxy that stands before a hub: the same program in Python, which needs nothing else, or on Node."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

NODE_PACKAGE = Path(__file__).parents[1] / "proxy"  # what `make proxy` installs
_PROGRAM = "configurable-http-proxy"
_IN_PYTHON = "from configurable_http_proxy.cli import main; main()"


class ProxyMissingError(Exception):
    """The proxy is not installed; the text says how to get it."""


def command(kind: Literal["python", "node"]) -> list[str]:
    """How a hub starts its proxy.

    Raises:
        ProxyMissingError: it is not installed.
    """
    if kind == "python":
        if importlib.util.find_spec("configurable_http_proxy") is None:
            raise ProxyMissingError(
                'the proxy is missing: pip install configurable-http-proxy, or proxy = "node"'
            )
        return [sys.executable, "-c", _IN_PYTHON]
    node = shutil.which("node")
    program = next(_node_programs(), None)
    if node is None or program is None:
        raise ProxyMissingError(
            "the proxy is missing: install Node, then `make proxy` or "
            'npm install -g configurable-http-proxy; proxy = "python" needs neither'
        )
    return [node, str(program)]


def _node_programs() -> Iterator[Path]:
    """Programs of this name that Node runs: the package in Python brings one as well."""
    directories = [NODE_PACKAGE / "node_modules/.bin", *map(Path, os.get_exec_path())]
    for directory in directories:
        program = directory / _PROGRAM
        if program.is_file() and b"node" in program.read_bytes()[:80].partition(b"\n")[0]:
            yield program
