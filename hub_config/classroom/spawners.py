"""JupyterHub's spawners, each with the same profiles.

Only `Local` is imported with this module; the others are made when the settings ask for one, so that a laptop needs
no Docker, Slurm or Kubernetes packages.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jupyterhub.spawner import LocalProcessSpawner, SimpleLocalProcessSpawner
from traitlets import Instance, Unicode
from traitlets.config import LoggingConfigurable

from hub_config.classroom.leases import Holder, Leases
from hub_config.classroom.settings import Profile


class Profiled(LoggingConfigurable):  # type: ignore[misc]
    """What every spawner here can do: take on a profile, and keep the card lent to it through a restart of the hub.

    Attributes:
        leases: of this hub; set by jupyterhub_config.py.
        card: id of the GPU that was lent to this server; "" if none.
    """

    leases = Instance(Leases).tag(config=True)
    card = Unicode()

    @property
    def holder(self) -> Holder:
        return (self.user.name, self.name)

    async def cards_in_use(self) -> Mapping[Holder, str]:
        """Cards of servers that the engine knows to be running; none where the hub's own memory is all there is."""
        return {}

    def remember(self, options: dict[str, str]) -> None:
        """Keep options for the culler, and for a start without any."""
        self.user_options = self.orm_spawner.user_options = options

    def fit(self, profile: Profile, card: str | None) -> None:
        """Take on the profile's limits, and the card that was lent."""
        self.card = card or ""
        self.mem_limit = f"{profile.memory_gib}G"
        self.cpu_limit = profile.cpus

    def get_state(self) -> dict[str, Any]:
        state: dict[str, Any] = super().get_state()
        return state | {"card": self.card} if self.card else state

    def load_state(self, state: Mapping[str, Any]) -> None:
        super().load_state(state)
        if "card" in state:
            self.card = state["card"]
            self.leases.restore(self.holder, self.card)

    def clear_state(self) -> None:
        """Called whenever the server is gone, or about to start anew."""
        super().clear_state()
        self.card = ""
        self.leases.give_back(self.holder)


class _Visible:
    """Servers that are processes of this machine see the cards they are told of; nothing stops them from others."""

    card: str

    def get_env(self) -> dict[str, str]:
        env: dict[str, str] = super().get_env()  # type: ignore[misc]
        return env | {"CUDA_VISIBLE_DEVICES": self.card}


class LocalServer(_Visible, Profiled, SimpleLocalProcessSpawner):  # type: ignore[misc]
    """A process of the hub's own user, in a home directory of its own."""


class AccountServer(_Visible, Profiled, LocalProcessSpawner):  # type: ignore[misc]
    """A process of a real account."""
