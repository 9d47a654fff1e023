"""An autograder for Jupyter classrooms. In a notebook: `from autograder import check`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autograder.student import check as check

__version__ = "0.1.0"
__all__ = ["__version__", "check"]


def __getattr__(name: str) -> Any:
    # Lazy, so that `import autograder` costs nothing to the rooms that do not check anything.
    if name == "check":
        from autograder.student import check

        return check
    raise AttributeError(f"module 'autograder' has no attribute {name!r}")
