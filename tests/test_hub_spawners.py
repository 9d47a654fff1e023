"""What each engine is told for a profile, and what a person is told when an engine cannot."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import docker
import pytest
from jupyterhub.apihandlers import default_handlers
from jupyterhub.spawner import LocalProcessSpawner, SpawnException
from small_classroom import SPAWNERS, loaded, server_of, with_secrets
from tornado.web import HTTPError

from hub_config.classroom import docker_server, slurm_server
from hub_config.classroom.leases import Leases
from hub_config.classroom.settings import Gpus, Profile
from hub_config.classroom.spawners import NO_GPU_NOW, NO_PLACE_NOW, Profiled

CPU = Profile("cpu", "Small", ("everyone",), cpus=1.5, memory_gib=2, hours=3)
GPU = Profile("gpu", "GPU", ("everyone",), cpus=4, memory_gib=8, shm_mib=2048, hours=1, gpu="whole")

MakeServer = Callable[..., Any]


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MakeServer:
    def make(kind: str, more: str = "") -> Any:
        settings = with_secrets(
            tmp_path, ('kind = "local"', f'kind = "{kind}"\n{SPAWNERS[kind]}{more}')
        )
        return server_of(loaded(settings, monkeypatch), "ada")

    return make


# ---------------------------------------------------------------------------------------------
# What an engine is told


def test_processes_see_the_card_they_were_lent_and_no_other(server: MakeServer) -> None:
    ada = server("local")
    ada.fit(GPU, "GPU-1")
    assert ada.get_env()["CUDA_VISIBLE_DEVICES"] == "GPU-1"
    assert ada.user_options == ada.orm_spawner.user_options == {"profile": "gpu"}
    ada.fit(CPU, None)
    assert ada.get_env()["CUDA_VISIBLE_DEVICES"] == ""


def container_of(ada: Any, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What Docker is asked to create, as its own client puts it; nobody is listening."""
    client = docker.APIClient(base_url="http://127.0.0.1:1", version="1.43")
    monkeypatch.setattr(type(ada), "client", client)
    asked: list[dict[str, Any]] = []

    async def record(self: Any, method: str, *_: Any, **options: Any) -> Any:
        assert method == "create_container"
        asked.append(options)
        return {"Id": "x"}

    monkeypatch.setattr(type(ada), "docker", record)
    asyncio.run(ada.create_object())
    return asked[0]


def test_a_container_gets_its_limits_and_the_one_card(
    server: MakeServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ada = server("docker")
    ada.fit(GPU, "GPU-1")
    asked = container_of(ada, monkeypatch)
    host = asked["host_config"]
    assert host["Memory"] == 8 * 2**30
    assert host["CpuQuota"] == 4 * host["CpuPeriod"]
    assert host["ShmSize"] == 2 * 2**30
    (request,) = host["DeviceRequests"]
    assert request["DeviceIDs"] == ["GPU-1"]
    assert request["Count"] == 0  # of Docker's own choice: none
    assert asked["labels"] == {
        "classroom.card": "GPU-1",
        "classroom.person": "ada",
        "classroom.server": "",
    }
    home, exchange = sorted(host["Binds"])
    assert home == f"{tmp_path}/homes/ada:/home/student:rw"
    assert exchange == f"{tmp_path}/state/exchange:/srv/exchange:rw"
    assert (tmp_path / "homes/ada").is_dir()
    assert asked["environment"]["CLASSROOM_EXCHANGE"] == "/srv/exchange"

    ada.fit(CPU, None)  # the same spawner, next time without a GPU
    asked = container_of(ada, monkeypatch)
    assert not asked["host_config"].get("DeviceRequests")
    assert "labels" not in asked
    assert asked["host_config"]["Memory"] == 2 * 2**30


def test_cards_of_containers_that_run_are_taken(
    server: MakeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = server("docker")
    assert asyncio.run(ada.cards_in_use()) == {}  # no cards, no question
    ada.leases = Leases(Gpus(whole=("0", "1")))

    async def listed(self: Any, method: str, **options: Any) -> Any:
        assert (method, options) == ("containers", {"filters": {"label": "classroom.card"}})
        labels = {
            "classroom.card": "1",
            "classroom.person": "eve",
            "classroom.server": "",
            "x": "y",
        }
        return [{"Labels": labels}]

    monkeypatch.setattr(type(ada), "docker", listed)
    running = asyncio.run(ada.cards_in_use())
    assert running == {("eve", ""): "1"}
    assert ada.leases.take(ada.holder, "whole", running) == "0"


def test_a_job_asks_for_its_limits_and_its_gpu(server: MakeServer) -> None:
    ada = server("slurm")
    ada.req_homedir, ada.req_keepvars = "/home/ada", "PATH"
    ada.fit(GPU, None)
    lines = script_of(ada)
    assert {
        "#SBATCH --partition=teaching",
        "#SBATCH --time=60",
        "#SBATCH --mem=8192M",
        "#SBATCH --gres=gpu:1",
        "#SBATCH --cpus-per-task=4",
        "#SBATCH --nodes=1 --ntasks=1",
    } <= lines
    ada.fit(CPU, None)
    lines = script_of(ada)
    assert {"#SBATCH --time=180", "#SBATCH --mem=2048M", "#SBATCH --cpus-per-task=2"} <= lines
    assert not any("gres" in line for line in lines)
    command = next(line for line in lines if "batchspawner-singleuser" in line)
    assert (
        "/opt/classroom/bin/batchspawner-singleuser /opt/classroom/bin/jupyterhub-singleuser"
        in command
    )


def script_of(ada: Any) -> set[str]:
    """The job script as batchspawner makes it, options and all."""
    subvars = ada.get_req_subvars() | {"cmd": ada.cmd_formatted_for_batch()} | ada.user_options
    return set(asyncio.run(ada._get_batch_script(**subvars)).splitlines())


def test_a_pod_asks_for_its_limits_and_its_gpu(server: MakeServer) -> None:
    ada = server("kubernetes", 'gpu_nodes = {pool = "gpu"}\n')
    ada.fit(GPU, None)
    pod = manifest_of(ada)
    (container,) = pod["spec"]["containers"]
    assert container["resources"] == {
        "limits": {"cpu": 4.0, "memory": 8 * 2**30, "nvidia.com/gpu": "1"},
        "requests": {"cpu": 2.0, "memory": 8 * 2**30, "nvidia.com/gpu": "1"},
    }
    assert pod["spec"]["nodeSelector"] == {"pool": "gpu"}
    assert {"key": "nvidia.com/gpu", "operator": "Exists", "effect": "NoSchedule"} in pod["spec"][
        "tolerations"
    ]
    assert pod["spec"]["activeDeadlineSeconds"] == 3600
    assert pod["spec"]["automountServiceAccountToken"] is False
    volumes = {volume["name"]: volume for volume in pod["spec"]["volumes"]}
    assert volumes["shm"]["emptyDir"] == {"medium": "Memory", "sizeLimit": "2048Mi"}
    assert volumes["home"]["persistentVolumeClaim"]["claimName"] == ada.pvc_name
    mounts = {mount["name"]: mount["mountPath"] for mount in container["volumeMounts"]}
    assert mounts == {"home": "/home/student", "exchange": "/srv/exchange", "shm": "/dev/shm"}

    ada.fit(CPU, None)
    pod = manifest_of(ada)
    assert "nvidia.com/gpu" not in str(pod)
    assert "nodeSelector" not in pod["spec"]


def manifest_of(ada: Any) -> dict[str, Any]:
    async def make() -> dict[str, Any]:
        pod = await ada.get_pod_manifest()
        found: dict[str, Any] = ada.api.api_client.sanitize_for_serialization(pod)
        return found

    return asyncio.run(make())


# ---------------------------------------------------------------------------------------------
# What a person is told


class Engine(LocalProcessSpawner):
    """An engine whose starts come to what a test says."""

    async def start(self) -> Any:
        found = self.outcomes.pop(0)
        if isinstance(found, Exception):
            raise found
        if found is None:
            await asyncio.Event().wait()  # queued for ever
        return found

    async def stop(self, now: bool = False) -> None:
        self.stopped += 1

    async def poll(self) -> None:
        return None


class Server(Profiled, Engine):
    outcomes: list[Any]
    stopped = 0
    faults = docker_server.DockerServer.faults


def starting(*outcomes: Any) -> Server:
    ada = Server(
        user=SimpleNamespace(name="ada", settings={}),
        orm_spawner=SimpleNamespace(name="", user_options={}, state=None, server=None),
        leases=Leases(Gpus(whole=("0",))),
        patience_s=0.05,
    )
    ada.outcomes = list(outcomes)
    return ada


NO_DRIVER = docker.errors.APIError(
    '500 Server Error: could not select device driver "" with capabilities: [[gpu]]'
)


def test_what_the_engine_cannot_is_a_sentence() -> None:
    cases = [
        (CPU, docker.errors.ImageNotFound("student:1"), "engine", "The image of the servers"),
        (
            CPU,
            ConnectionRefusedError(111, "Connection refused"),
            "engine",
            "Docker does not answer",
        ),
        (GPU, NO_DRIVER, "gpu", "This machine's Docker cannot give a GPU"),
        (GPU, None, "gpu", NO_GPU_NOW),
        (CPU, None, "room", NO_PLACE_NOW),
        (CPU, ValueError("odd"), "engine", "Your server could not be started. That is not your"),
    ]
    for profile, outcome, reason, text in cases:
        ada = starting(outcome)
        ada.fit(profile, None)
        with pytest.raises(SpawnException) as caught:
            asyncio.run(ada.start())
        assert caught.value.message.startswith(text)
        assert (caught.value.reason, caught.value.status_code) == (reason, 503)
        assert ada.stopped == 1  # what was begun is taken back


@pytest.mark.parametrize("outcome", [NO_DRIVER, None])
def test_who_wants_to_starts_without_the_gpu_that_the_engine_lacks(outcome: Any) -> None:
    ada = starting(outcome, "http://there")
    assert ada.leases.take(ada.holder, "whole") == "0"
    ada.fit(GPU, "0", CPU)
    assert asyncio.run(ada.start()) == "http://there"
    assert ada.user_options == {"profile": "cpu"}
    assert ada.card == ""
    assert ada.mem_limit == 2 * 2**30
    assert ada.leases.take(("boris", ""), "whole") == "0"  # given back


def test_another_fault_is_no_reason_to_start_without_a_gpu() -> None:
    ada = starting(ConnectionRefusedError(111, "Connection refused"), "http://there")
    ada.fit(GPU, "0", CPU)
    with pytest.raises(SpawnException, match="Docker does not answer"):
        asyncio.run(ada.start())


def test_a_card_is_kept_through_a_restart_and_given_back_at_the_end() -> None:
    ada = starting()
    ada.leases.take(ada.holder, "whole")
    ada.fit(GPU, "0")
    state = ada.get_state()
    again = starting()  # as a new hub makes it
    again.load_state(state)
    assert again.card == "0"
    assert again.leases.take(("boris", ""), "whole") is None
    again.clear_state()
    assert again.leases.take(("boris", ""), "whole") == "0"


def test_somebody_without_an_account_is_told_so(server: MakeServer) -> None:
    for kind in ("accounts", "slurm"):
        ada = server(kind)
        ada.user.name = "nobody-of-this-name"
        ada.fit(CPU, None)
        with pytest.raises(SpawnException, match="no account of your name"):
            asyncio.run(ada.start())


# ---------------------------------------------------------------------------------------------
# batchspawner's door into the hub


def post(body: Any, *, token: str = "mine", pending: str | None = "spawn") -> Any:
    """A job's request to the hub; its spawner."""
    spawner = SimpleNamespace(api_token="mine", port=0, pending=pending, exec_prefix="sudo")
    handler = SimpleNamespace(
        get_json_body=lambda: body,
        get_auth_token=lambda: token,
        current_user=SimpleNamespace(spawners={"": spawner}),
        set_status=lambda status: None,
        finish=lambda text: None,
    )
    slurm_server.PortHandler.post.__wrapped__(handler)
    return spawner


def test_a_job_may_tell_its_port_and_nothing_else() -> None:
    assert post({"port": 40000}).port == 40000
    for body in (
        {"exec_prefix": "sh -c evil"},
        {"port": 40000, "batch_cancel_cmd": "evil"},
        {"port": "40000"},
        {"port": 22},
        {"port": True},
        ["port"],
        None,
    ):
        with pytest.raises(HTTPError) as caught:
            post(body)
        assert caught.value.status_code == 400
    for refused in ({"token": "another's"}, {"token": ""}, {"pending": None}):
        with pytest.raises(HTTPError) as caught:
            post({"port": 40000}, **refused)
        assert caught.value.status_code == 404


def test_batchspawners_own_handler_is_not_there() -> None:
    doors = {handler for path, handler, *_ in default_handlers if "batchspawner" in path}
    assert doors == {slurm_server.PortHandler}
