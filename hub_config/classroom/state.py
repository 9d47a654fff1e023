"""The state directory: everything that a classroom keeps between starts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class State:
    """Names of what lies in the state directory `root`."""

    root: Path

    @property
    def homes(self) -> Path:
        return self.root / "homes"

    @property
    def exchange(self) -> Path:
        return self.root / "exchange"

    @property
    def database(self) -> Path:
        return self.root / "jupyterhub.sqlite"

    @property
    def database_url(self) -> str:
        return f"sqlite:///{self.database}"

    @property
    def cookie_secret(self) -> Path:
        return self.root / "cookie_secret"

    @property
    def passwords(self) -> Path:
        return self.root / "passwords.json"

    @property
    def proxy_pid(self) -> Path:
        return self.root / "proxy.pid"

    @property
    def hub_log(self) -> Path:
        return self.root / "hub.log"

    def course(self, course_id: str) -> Path:
        """Nbgrader's course directory."""
        return self.root / "courses" / course_id

    def released_mark(self, course_id: str, set_name: str) -> Path:
        """A file that is there once a set, or "all" of a course, has been released whole."""
        return self.course(course_id) / ".released" / set_name
