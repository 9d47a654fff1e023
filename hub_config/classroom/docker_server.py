"""A container for each person, with the card that was lent to it: Docker itself gives everybody the same one."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from docker.types import DeviceRequest
from dockerspawner import DockerSpawner
from jupyterhub.utils import random_port
from traitlets import Int, Unicode

from hub_config.classroom.leases import Holder
from hub_config.classroom.profiles import GPU
from hub_config.classroom.settings import Profile
from hub_config.classroom.spawners import Fault, Profiled

HOME = "/home/student"
EXCHANGE = "/srv/exchange"
SERVERS = "/etc/classroom/servers"  # hub_config/servers in the image

_CARD, _PERSON, _SERVER = "classroom.card", "classroom.person", "classroom.server"


class DockerServer(Profiled, DockerSpawner):  # type: ignore[misc]
    """A container.

    Attributes:
        homes: on the host; each person's directory in it becomes their home.
        uid: of everybody in containers; the hub's own if the hub is not root.
    """

    homes = Unicode().tag(config=True)
    uid = Int(1000).tag(config=True)

    faults: ClassVar[tuple[Fault, ...]] = (
        Fault(
            r"could not select device driver|nvidia-container|[Uu]nknown device|CDI device",
            GPU,
            "This machine's Docker cannot give a GPU to a server. Choose a profile without one, "
            "and tell whoever runs this hub.",
        ),
        Fault(
            r"ImageNotFound|No such image|pull access denied|manifest unknown",
            "engine",
            "The image of the servers is not on this machine. Tell whoever runs this hub.",
        ),
        Fault(
            r"ConnectionError|Connection refused|Connection aborted|No such file or directory|DockerException",
            "engine",
            "Docker does not answer on this machine. That is not your doing, and your files are safe. "
            "Tell whoever runs this hub.",
        ),
    )

    async def cards_in_use(self) -> Mapping[Holder, str]:
        """Cards by what runs, so that a hub that was killed midway lends none twice."""
        if not self.leases.has_cards:
            return {}
        try:
            containers = await self.docker("containers", filters={"label": _CARD})
        except Exception as error:
            raise self.explained(error) from error
        return {
            (labels[_PERSON], labels[_SERVER]): labels[_CARD]
            for labels in (container["Labels"] for container in containers)
        }

    def limit(self, profile: Profile) -> None:
        """Shared memory, the card, and the home directory."""
        host: dict[str, Any] = {"shm_size": f"{profile.shm_mib}m"}
        create: dict[str, Any] = {"user": str(self._uid)}
        if self.card:
            host["device_requests"] = [
                DeviceRequest(device_ids=[self.card], capabilities=[["gpu"]])
            ]
            create["labels"] = {_CARD: self.card, _PERSON: self.user.name, _SERVER: self.name}
        self.extra_host_config, self.extra_create_kwargs = host, create
        self._make_home()
        if self.network_name == "host":  # where each server needs a port of its own
            self.port = random_port()

    @property
    def _uid(self) -> int:
        return int(self.uid) if os.geteuid() == 0 else os.geteuid()

    def _make_home(self) -> None:
        # Docker would make it, as root's.
        home = Path(self.homes) / self.user.name
        if not home.exists():
            home.mkdir(mode=0o700, parents=True)
            if os.geteuid() == 0:
                os.chown(home, self._uid, self._uid)

    async def get_ip_and_port(self) -> tuple[str, int]:
        """Where the hub and the proxy reach the server."""
        if self.network_name == "host":
            return "127.0.0.1", self.port
        found: tuple[str, int] = await super().get_ip_and_port()
        return found
