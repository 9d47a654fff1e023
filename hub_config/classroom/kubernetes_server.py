"""A pod for each person; Kubernetes allots cores, memory and GPUs, and holds pods to them."""

from __future__ import annotations

import math
from typing import Any, ClassVar

from kubespawner import KubeSpawner
from traitlets import Dict, Unicode

from hub_config.classroom.profiles import GPU
from hub_config.classroom.settings import Profile
from hub_config.classroom.spawners import Fault, Profiled

HOME = "/home/student"
EXCHANGE = "/srv/exchange"
SERVERS = "/etc/classroom/servers"  # hub_config/servers in the image


class KubernetesServer(Profiled, KubeSpawner):  # type: ignore[misc]
    """A pod.

    Attributes:
        resources: the cluster's name for each kind of GPU in profiles.
        gpu_nodes: labels of nodes with GPUs.
        gpu_taint: taint of nodes with GPUs.
        exchange_claim: volume claim of the exchange; many pods mount it.
    """

    resources = Dict().tag(config=True)
    gpu_nodes = Dict().tag(config=True)
    gpu_taint = Unicode().tag(config=True)
    exchange_claim = Unicode().tag(config=True)

    faults: ClassVar[tuple[Fault, ...]] = (
        Fault(
            r"exceeded quota.*gpu|Insufficient .*(gpu|mig)",
            GPU,
            "No GPU is free on the cluster. Try again later, or choose a profile without a GPU.",
        ),
        Fault(
            r"exceeded quota",
            "room",
            "The cluster has no room for your server just now. Try again in a few minutes.",
        ),
        Fault(
            r"ClientConnector|Connection refused|ApiException|TimeoutError",
            "engine",
            "The cluster does not answer. That is not your doing, and your files are safe. "
            "Try again in a few minutes.",
        ),
    )

    def limit(self, profile: Profile) -> None:
        """Guarantees, the GPU and the nodes that have one, shared memory, and the age at which the pod ends."""
        self.mem_guarantee = self.mem_limit
        self.cpu_guarantee = self.cpu_limit / 2  # students think more than they compute
        has_gpu = profile.gpu != "none"
        resource = {self.resources[profile.gpu]: "1"} if has_gpu else {}
        self.extra_resource_limits = resource
        self.extra_resource_guarantees = dict(resource)
        self.node_selector = dict(self.gpu_nodes) if has_gpu else {}
        taint = {"key": self.gpu_taint, "operator": "Exists", "effect": "NoSchedule"}
        self.tolerations = [taint] if has_gpu and self.gpu_taint else []
        self.extra_pod_config = {"activeDeadlineSeconds": math.ceil(profile.hours * 3600)}
        self.volumes, self.volume_mounts = self._volumes(profile)

    def _volumes(self, profile: Profile) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        # Named for what they hold; kubespawner fills in the person.
        volumes = [
            {"name": "home", "persistentVolumeClaim": {"claimName": "{pvc_name}"}},
            {"name": "exchange", "persistentVolumeClaim": {"claimName": self.exchange_claim}},
            {"name": "shm", "emptyDir": {"medium": "Memory", "sizeLimit": f"{profile.shm_mib}Mi"}},
        ]
        places = {"home": HOME, "exchange": EXCHANGE, "shm": "/dev/shm"}
        return volumes, [{"name": name, "mountPath": path} for name, path in places.items()]
