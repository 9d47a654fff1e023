"""When a server is to be stopped: by the limits of its profile."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from hub_config.classroom.profiles import PROFILE
from hub_config.classroom.settings import Profile


def arbiter(
    profiles: Sequence[Profile], now: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> Callable[..., bool]:
    """A hook for the idle culler: whether a server is idle for too long, or too old.

    A server whose profile has been taken out of the settings is held to the strictest limits of all.
    """
    by_name = {profile.name: profile for profile in profiles}
    strictest = (
        min(profile.idle_minutes for profile in profiles),
        min(profile.hours for profile in profiles),
    )

    def is_over(*, inactive: timedelta | None, server: Mapping[str, Any], **_: object) -> bool:
        profile = by_name.get((server.get("user_options") or {}).get(PROFILE, ""))
        idle_minutes, hours = (profile.idle_minutes, profile.hours) if profile else strictest
        if inactive is not None and inactive >= timedelta(minutes=idle_minutes):
            return True
        started: str | None = server.get("started")
        if not started:
            return False
        return now() - datetime.fromisoformat(started) >= timedelta(hours=hours)

    return is_over
