"""`python -m hub_config.classroom.tethered COMMAND …`: a command that ends when whoever started it does."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Sequence

_PR_SET_PDEATHSIG = 1


def die_with_parent() -> None:
    """Let the kernel end this process when its parent is gone, however that came. Linux only."""
    if sys.platform == "linux":
        parent = os.getppid()
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # it was gone before the call
            os.kill(os.getpid(), signal.SIGTERM)


def main(command: Sequence[str]) -> None:
    die_with_parent()  # kept by exec
    os.execvp(command[0], list(command))


if __name__ == "__main__":
    main(sys.argv[1:])
