"""A batch job for each person; Slurm allots cores, memory and GPUs, and holds jobs to them."""

from __future__ import annotations

import json
import math
from typing import ClassVar

from batchspawner import SlurmSpawner
from batchspawner.api import BatchSpawnerAPIHandler
from jupyterhub.apihandlers import APIHandler, default_handlers
from tornado import web
from traitlets import Dict

from hub_config.classroom.profiles import GPU
from hub_config.classroom.settings import Profile
from hub_config.classroom.spawners import NO_ACCOUNT, Fault, Profiled


class SlurmServer(Profiled, SlurmSpawner):  # type: ignore[misc]
    """A job.

    Attributes:
        gres: Slurm's name for each kind of GPU in profiles.
    """

    gres = Dict().tag(config=True)

    faults: ClassVar[tuple[Fault, ...]] = (
        Fault(
            r"Invalid generic resource|Requested node configuration is not available|gres",
            GPU,
            "The cluster has no such GPU. Choose a profile without one, and tell whoever runs this hub.",
        ),
        Fault(
            r"Unable to contact slurm controller|Connection refused|command not found|No such file",
            "engine",
            "The cluster does not answer. That is not your doing, and your files are safe. "
            "Try again in a few minutes.",
        ),
        NO_ACCOUNT,
    )

    def limit(self, profile: Profile) -> None:
        """What the job asks for."""
        self.req_memory = f"{math.ceil(profile.memory_gib * 1024)}M"
        self.req_nprocs = str(math.ceil(profile.cpus))
        self.req_runtime = str(math.ceil(profile.hours * 60))  # minutes
        self.req_gres = "" if profile.gpu == "none" else self.gres[profile.gpu]


class PortHandler(APIHandler):  # type: ignore[misc]
    """A job tells the hub which port its server listens on.

    batchspawner's own handler sets whatever attribute it is sent on the person's spawner, commands that the hub
    runs among them: with the token in their own server a student could act as the hub.
    """

    @web.authenticated
    def post(self) -> None:
        body = self.get_json_body()
        port = body.get("port") if isinstance(body, dict) else None
        if type(port) is not int or not 1024 <= port < 65536 or len(body) != 1:
            raise web.HTTPError(400, "a job may tell its port, and nothing else")
        token = self.get_auth_token()
        for spawner in self.current_user.spawners.values():
            if token and spawner.api_token == token and spawner.pending == "spawn":
                spawner.port = port
                self.set_status(201)
                self.finish(json.dumps({"message": "noted"}))
                return
        raise web.HTTPError(404, "no server of yours is starting")


default_handlers[:] = [
    (path, PortHandler if handler is BatchSpawnerAPIHandler else handler, *rest)
    for path, handler, *rest in default_handlers
]
