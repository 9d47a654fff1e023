"""Profiles: the form that offers them, and the check on the server that a form cannot bypass.

JupyterHub calls `apply` for every start, whether it was asked for by the form, by a link or through the API.
"""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from jupyterhub.spawner import SpawnException

from hub_config.classroom.leases import Holder, Leases
from hub_config.classroom.settings import Kubernetes, Profile, Settings, Slurm

PROFILE, OTHERWISE = "profile", "otherwise"
GPU = "gpu"  # the reason of a refusal that a profile without one mends


class Server(Protocol):
    """What profiles need of a spawner; see `spawners.Profiled`."""

    user: Any

    @property
    def holder(self) -> Holder: ...

    def remember(self, options: dict[str, str]) -> None:
        """Keep options for the culler, and for a start without any."""

    def fit(self, profile: Profile, card: str | None, otherwise: Profile | None) -> None:
        """Take on the profile's limits, the card that was lent, and what to do if the engine has none."""

    async def cards_in_use(self) -> Mapping[Holder, str]:
        """Cards of servers that the engine knows to be running."""


@dataclass(frozen=True)
class Profiles:
    """The profiles of a running hub."""

    settings: Settings
    leases: Leases

    def of(self, user: Any) -> Sequence[Profile]:
        """What a user of the hub may choose."""
        return self.settings.profiles_of({group.name for group in user.groups})

    # -- the form

    async def form(self, server: Server) -> str:
        """HTML of the choice; "" where there is nothing to choose."""
        allowed = self.of(server.user)
        if len(allowed) < 2:
            return ""
        running = await server.cards_in_use()
        notes = {profile.name: self._availability(profile, running) for profile in allowed}
        first = next((p for p in allowed if not notes[p.name][1]), allowed[0])
        rows = [_row(p, *notes[p.name], checked=p is first) for p in allowed]
        cpu = next((p for p in allowed if p.gpu == "none"), None)
        if cpu is not None and any(p.gpu != "none" and not notes[p.name][1] for p in allowed):
            rows.append(
                f'<div class="form-check mb-3"><label><input type="checkbox" name="{OTHERWISE}" '
                f'value="{html.escape(cpu.name)}"> If no GPU is free, start '
                f"“{html.escape(cpu.title)}” instead</label></div>"
            )
        return "\n".join(rows)

    def _availability(self, profile: Profile, running: Mapping[Holder, str]) -> tuple[str, bool]:
        """A few words on a profile's GPUs, and whether it cannot be chosen."""
        if profile.gpu == "none":
            return "", False
        if self._engine_allots():
            is_known = profile.gpu in self._names_of_gpus()
            return ("" if is_known else "not on this cluster", not is_known)
        total = self.leases.places(profile.gpu).total()
        free = self.leases.free(profile.gpu, running).total()
        return (f"{free} of {total} free", False) if total else ("not on this machine", True)

    def _engine_allots(self) -> bool:
        return isinstance(self.settings.spawner, Slurm | Kubernetes)

    def _names_of_gpus(self) -> Mapping[str, str]:
        """The engine's name for each kind of GPU that it has."""
        spawner = self.settings.spawner
        if isinstance(spawner, Slurm):
            return spawner.gres
        return spawner.resources if isinstance(spawner, Kubernetes) else {}

    # -- the check

    async def apply(self, server: Server, options: Mapping[str, Any]) -> None:
        """Hold a server that is about to start to a profile its owner may use.

        Raises:
            SpawnException: with a sentence for the person: another's profile, a faulty request, no GPU.
        """
        server.remember(
            {}
        )  # a refused choice must not be tried again by the next start without one
        allowed = self.of(server.user)
        profile = _chosen(options, allowed)
        other = _otherwise(options, allowed)
        try:
            card = self._lend(server, profile, await server.cards_in_use())
        except SpawnException as refusal:
            if refusal.reason != GPU or other is None:
                raise
            profile, card, other = other, None, None
        server.fit(profile, card, other)

    def _lend(self, server: Server, profile: Profile, running: Mapping[Holder, str]) -> str | None:
        self.leases.give_back(server.holder)
        if profile.gpu == "none":
            return None
        if self._engine_allots():
            if profile.gpu not in self._names_of_gpus():
                raise _no_gpu(profile, 0)
            return None
        card = self.leases.take(server.holder, profile.gpu, running)
        if card is None:
            raise _no_gpu(profile, self.leases.places(profile.gpu).total())
        return card


def options_from_form(form: Mapping[str, Sequence[str]]) -> dict[str, str]:
    return {key: form[key][0] for key in (PROFILE, OTHERWISE) if form.get(key)}


def _chosen(options: Mapping[str, Any], allowed: Sequence[Profile]) -> Profile:
    # Engines merge options into job scripts and images: nothing else may come in.
    strange = sorted(map(str, options.keys() - {PROFILE, OTHERWISE}))
    if strange:
        raise _refused(f"A server has no option {', '.join(strange)}; it has {PROFILE}.", 400)
    if not allowed:
        raise _refused("You are in no course of this hub; ask your instructor to add you.", 403)
    if PROFILE not in options:
        return allowed[0]
    return _named(options[PROFILE], allowed)


def _otherwise(options: Mapping[str, Any], allowed: Sequence[Profile]) -> Profile | None:
    if OTHERWISE not in options:
        return None
    profile = _named(options[OTHERWISE], allowed)
    if profile.gpu != "none":
        raise _refused(f"{profile.name} needs a GPU as well.", 400)
    return profile


def _named(name: object, allowed: Sequence[Profile]) -> Profile:
    for profile in allowed:
        if profile.name == name:
            return profile
    names = ", ".join(profile.name for profile in allowed)
    raise _refused(f"You may not use the profile {str(name)[:40]!r}. Yours: {names}.", 403)


def _refused(text: str, status: int) -> SpawnException:
    return SpawnException(text, reason="profile", status_code=status)


def _no_gpu(profile: Profile, total: int) -> SpawnException:
    if not total:
        text = f"This machine has no GPU for “{profile.title}”. Choose a profile without one."
    else:
        text = (
            f"No GPU is free: {'the only one is' if total == 1 else f'all {total} are'} in use. "
            "Try again later, or choose a profile without a GPU."
        )
    return SpawnException(text, reason=GPU, status_code=503)


def _row(profile: Profile, note: str, is_disabled: bool, *, checked: bool) -> str:
    limits = (
        f"{profile.cpus:g} {'core' if profile.cpus == 1 else 'cores'}, {profile.memory_gib:g} GiB, "
        f"up to {profile.hours:g} h, stopped after {profile.idle_minutes:g} min without work"
    )
    state = " disabled" if is_disabled else " checked" if checked else ""
    note = f" <em>({html.escape(note)})</em>" if note else ""
    return (
        f'<div class="form-check mb-3"><label><input type="radio" name="{PROFILE}" '
        f'value="{html.escape(profile.name)}"{state}> <strong>{html.escape(profile.title)}</strong>'
        f"{note}<br><small>{html.escape(limits)}</small></label></div>"
    )
