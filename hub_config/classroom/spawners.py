"""What every server here can do, and servers that are processes of this machine.

The servers of Docker, Slurm and Kubernetes are modules of their own, so that a laptop needs none of their packages.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import Mapping
from typing import Any, ClassVar, NamedTuple

from jupyterhub.spawner import LocalProcessSpawner, SimpleLocalProcessSpawner, SpawnException
from traitlets import Float, Instance, Unicode
from traitlets.config import LoggingConfigurable

from hub_config.classroom.leases import Holder, Leases
from hub_config.classroom.profiles import GPU, PROFILE
from hub_config.classroom.settings import Profile


class Fault(NamedTuple):
    """What an engine says when it cannot start a server, and what to tell the person.

    Attributes:
        pattern: found in the engine's own words.
        reason: `profiles.GPU` where a server without a GPU may well start.
        text: a sentence or two.
    """

    pattern: str
    reason: str
    text: str


_ANY = Fault(
    "",
    "engine",
    "Your server could not be started. That is not your doing, and your files are safe. "
    "Try again; if it stays so, tell whoever runs this hub.",
)
NO_ACCOUNT = Fault(
    r"name not found|Invalid account|User not found|Invalid user|unknown user",
    "account",
    "There is no account of your name here. Ask your instructor for one.",
)
NO_GPU_NOW = "No GPU became free in time. Try again later, or choose a profile without a GPU."
NO_PLACE_NOW = "There is no room for your server just now. Try again in a few minutes."


class Profiled(LoggingConfigurable):  # type: ignore[misc]
    """Takes on a profile, keeps the card lent to it through a restart of the hub, and fails in plain words.

    Attributes:
        leases: of this hub; set by jupyterhub_config.py.
        patience_s: how long an engine may take to start a server, such as one that waits in a queue.
        card: id of the GPU that was lent to this server; "" if none.
        profile: what it was started with.
        otherwise: what its owner takes if there is no GPU.
    """

    faults: ClassVar[tuple[Fault, ...]] = ()

    leases = Instance(Leases).tag(config=True)
    patience_s = Float(240.0).tag(config=True)
    card = Unicode()
    profile = Instance(Profile, allow_none=True)
    otherwise = Instance(Profile, allow_none=True)

    @property
    def holder(self) -> Holder:
        return (self.user.name, self.name)

    async def cards_in_use(self) -> Mapping[Holder, str]:
        """Cards of servers that the engine knows to be running; none where the hub's own memory is all there is."""
        return {}

    # -- profiles

    def fit(self, profile: Profile, card: str | None, otherwise: Profile | None = None) -> None:
        """Take on the profile's limits, and the card that was lent."""
        self.remember({PROFILE: profile.name})
        self.profile, self.card, self.otherwise = profile, card or "", otherwise
        self.mem_limit = f"{profile.memory_gib}G"
        self.cpu_limit = profile.cpus
        self.limit(profile)

    def limit(self, profile: Profile) -> None:
        """What the engine has to be told besides cores and memory."""

    def remember(self, options: dict[str, str]) -> None:
        """Keep options for the culler, and for a start without any."""
        self.user_options = self.orm_spawner.user_options = options

    # -- starting

    async def start(self) -> Any:
        """Start the server, without a GPU if its owner wants that where there is none.

        Raises:
            SpawnException: what to tell the person.
        """
        try:
            return await self._attempt()
        except SpawnException as refusal:
            if refusal.reason != GPU or self.otherwise is None:
                raise
        self.leases.give_back(self.holder)
        self.fit(self.otherwise, None)
        return await self._attempt()

    async def _attempt(self) -> Any:
        try:
            return await asyncio.wait_for(super().start(), self.patience_s)
        except SpawnException:
            raise
        except Exception as error:
            self.log.exception("%s could not be started", self._log_name)
            with contextlib.suppress(Exception):  # what was begun, such as a job in a queue
                await self.stop(now=True)
            raise self.explained(error) from error

    def explained(self, error: Exception) -> SpawnException:
        """An engine's error as something to tell the person."""
        wants_gpu = self.profile is not None and self.profile.gpu != "none"
        if isinstance(error, TimeoutError):
            found = Fault("", GPU, NO_GPU_NOW) if wants_gpu else Fault("", "room", NO_PLACE_NOW)
        else:
            said = f"{type(error).__name__}: {error}"
            found = next((f for f in self.faults if re.search(f.pattern, said)), _ANY)
        return SpawnException(
            found.text, reason=found.reason, status_code=503, log_message=f"{found.text} ({error})"
        )

    # -- what lasts

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
    """Processes of this machine see the cards they are told of; nothing stops them from taking others."""

    card: str

    def get_env(self) -> dict[str, str]:
        env: dict[str, str] = super().get_env()  # type: ignore[misc]
        return env | {"CUDA_VISIBLE_DEVICES": self.card}


class LocalServer(_Visible, Profiled, SimpleLocalProcessSpawner):  # type: ignore[misc]
    """A process of the hub's own user, in a home directory of its own."""


class AccountServer(_Visible, Profiled, LocalProcessSpawner):  # type: ignore[misc]
    """A process of a real account."""

    faults: ClassVar[tuple[Fault, ...]] = (NO_ACCOUNT,)
