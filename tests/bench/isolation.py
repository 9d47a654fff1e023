"""What the walls of an empty child cost, beside a plain fork of the same template."""

from __future__ import annotations

import dataclasses
import statistics
import subprocess
import time
from collections.abc import Sequence
from typing import Any

from harness import Figure, Sizes, on_one_core, spread_ms

from autograder.model import Policy
from autograder.sandbox import pool
from autograder.sandbox.pool import Sandbox

_WITHOUT_WALLS = (
    "from autograder.sandbox import zygote\n"
    "zygote._Template.wall_in = lambda self: None\n"
    "zygote.main()\n"
)
_WARM_UP = 5


class PlainSandbox(Sandbox):
    """The same template and protocol, and a plain fork for each child; nothing of a student's may run in it."""

    def __init__(self, imports: Sequence[str], *, policy: Policy, notebook: bool) -> None:
        unsafe = dataclasses.replace(policy, allow_unsafe=True)
        layers = ("namespaces", "landlock", "seccomp")
        super().__init__(imports, policy=unsafe, notebook=notebook, without=layers)

    def _begin(self) -> None:
        start = subprocess.Popen

        def start_without_walls(command: list[str], **settings: Any) -> Any:
            place = command.index("-m")
            changed = [*command[:place], "-c", _WITHOUT_WALLS, *command[place + 2 :]]
            return start(changed, **settings)

        pool.subprocess.Popen = start_without_walls  # type: ignore[assignment, misc]
        try:
            super()._begin()
        finally:
            pool.subprocess.Popen = start  # type: ignore[misc]


def isolation(sizes: Sizes) -> list[Figure]:
    """An empty child with all walls and a plain fork, in turn, on one core."""
    return [
        _overhead("numpy", ["numpy"], 5.0, sizes.children),
        _overhead("torch", ["numpy", "torch"], 12.0, sizes.children),
    ]


def _overhead(part: str, imports: Sequence[str], limit_ms: float, count: int) -> Figure:
    settings: dict[str, Any] = {"policy": Policy(), "notebook": True}
    with (
        on_one_core(),
        Sandbox(imports, **settings) as walled,
        PlainSandbox(imports, **settings) as plain,
    ):
        pairs = [(empty_child_s(plain), empty_child_s(walled)) for _ in range(_WARM_UP + count)]
        level = walled.level
    forked, full = zip(*pairs[_WARM_UP:], strict=True)
    overhead = (statistics.median(full) - statistics.median(forked)) * 1e3
    return Figure(
        part,
        "isolation of an empty child",
        f"{overhead:.2f} ms: {spread_ms(full)} at level {level}, a plain fork {spread_ms(forked)}",
        f"≤ {limit_ms:g} ms",
        overhead <= limit_ms,
        f"fork and teardown, {statistics.median(forked) / statistics.median(full):.0%}",
    )


def empty_child_s(sandbox: Sandbox) -> float:
    """Seconds to make a process that is ready for student code, and to have it killed and reaped."""
    begin = time.perf_counter()
    child = sandbox.child()
    sandbox.how_it_ended(child._pid, child._generation)
    seconds = time.perf_counter() - begin
    child.close()
    return seconds
