"""What tests share: this repository as a course, and sandboxes that stay warm for the whole session."""

from __future__ import annotations

import os
import shutil
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from autograder.course import Course, load_course
from autograder.model import Policy
from autograder.sandbox.pool import Sandboxes

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def course() -> Course:
    return load_course(ROOT)


@pytest.fixture(scope="session")
def policy() -> Policy:
    return Policy(cell_time_limit_s=5.0, notebook_time_limit_s=60.0)


@pytest.fixture(scope="session")
def sandboxes(policy: Policy) -> Iterator[Sandboxes]:
    """For functions in files; started at first use."""
    with Sandboxes(policy=policy, notebook=False) as found:
        yield found


@pytest.fixture(scope="session")
def notebook_sandboxes(policy: Policy) -> Iterator[Sandboxes]:
    """For notebook cells; started at first use."""
    with Sandboxes(policy=policy, notebook=True) as found:
        yield found


def pytest_runtest_setup(item: pytest.Item) -> None:
    path = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin"])
    for marker in item.iter_markers("needs"):
        for tool in marker.args:
            if shutil.which(tool, path=path) is None:
                pytest.skip(f"{tool} is not installed")
    if item.get_closest_marker("gpu") is not None:
        import torch

        if not torch.cuda.is_available():
            pytest.skip("no GPU was found")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In CI nothing is skipped but what needs a GPU: a tool that is missing there is a failure."""
    report = yield
    is_allowed = hasattr(report, "wasxfail") or item.get_closest_marker("gpu") is not None
    if report.skipped and os.environ.get("CI") and not is_allowed:
        report.outcome = "failed"
        report.longrepr = f"skipped, which CI does not allow: {report.longrepr}"
    return report
