"""A graded class for each way to grade: graded once, looked at by every attack's test."""

from __future__ import annotations

from pathlib import Path

import pytest
from graded import Graded, grade_class

_known: dict[str, Graded] = {}


@pytest.fixture
def graded(way: str, tmp_path_factory: pytest.TempPathFactory) -> Graded:
    """What became of the class that was graded in this way."""
    if way not in _known:
        _known[way] = grade_class(way, Path(tmp_path_factory.mktemp(way)) / "room")
    return _known[way]
