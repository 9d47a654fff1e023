"""A real Slurm of one node, on this machine's loopback, for as long as a command takes.

    python slurm.py DIRECTORY -- sinfo

Everything lies in the new DIRECTORY: the configuration, the state, the logs and the key. It runs as whoever starts it.
"""

from __future__ import annotations

import getpass
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

SBIN = "/usr/sbin"  # not in everybody's PATH
GUARD_S = 60
CONFIG = """\
ClusterName=loopback
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={controller}
SlurmdPort={node}
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/munge
AuthInfo=socket={place}/munge/socket
# Else the daemons listen on every address.
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
StateSaveLocation={place}/state
SlurmdSpoolDir={place}/spool
SlurmctldPidFile={place}/slurmctld.pid
SlurmdPidFile={place}/slurmd.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
MpiDefault=none
KillWait=5
NodeName={host} NodeAddr=127.0.0.1 CPUs={cores} RealMemory={memory_mib} State=UNKNOWN
PartitionName=grading Nodes={host} Default=YES State=UP
"""


@contextmanager
def slurm(place: Path) -> Iterator[dict[str, str]]:
    """The environment in which Slurm's commands find it; `place` is a directory that is made."""
    place.mkdir()
    munge = place / "munge"
    for folder in (munge, place / "state", place / "spool"):
        folder.mkdir(mode=0o755)
    key = munge / "key"
    key.write_bytes(secrets.token_bytes(128))
    key.chmod(0o600)
    controller, node = _free_ports(2)
    text = CONFIG.format(
        place=place,
        host=socket.gethostname().split(".")[0],
        user=getpass.getuser(),
        cores=os.cpu_count(),
        memory_mib=os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") >> 20,
        controller=controller,
        node=node,
    )
    config = place / "slurm.conf"
    config.write_text(text)
    environment = {**os.environ, "SLURM_CONF": str(config)}
    files = ("key-file", "pid-file", "seed-file", "socket")
    options = [f"--{name}={munge / name.removesuffix('-file')}" for name in files]
    with ExitStack() as stack:
        for command in (
            ["munged", "--foreground", "--force", "--num-threads=1", *options],
            ["slurmctld", "-D"],
            ["slurmd", "-D"],
        ):
            stack.enter_context(_running(command, environment, place / "log"))
        try:
            _wait_until_idle(environment)
            yield environment
        finally:
            words = ["scancel", "--user", getpass.getuser()]
            subprocess.run(words, env=environment, timeout=GUARD_S, check=False)
            _wait_until_idle(environment)


def _free_ports(count: int) -> list[int]:
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


@contextmanager
def _running(command: list[str], environment: dict[str, str], log: Path) -> Iterator[None]:
    words = [f"{SBIN}/{command[0]}", *command[1:]]
    with log.open("ab") as file:
        process = subprocess.Popen(words, env=environment, stdout=file, stderr=file)
    try:
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(GUARD_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_until_idle(environment: dict[str, str]) -> None:
    """Until the node waits for jobs; Slurm has no command that waits for it."""
    deadline = time.monotonic() + GUARD_S
    state = ""
    while state != "idle":
        words = ["timeout", "5", "sinfo", "--noheader", "--format=%T"]
        done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)
        state = done.stdout.strip()
        if time.monotonic() > deadline:
            raise TimeoutError(f"the node is {state or done.stderr}")
        time.sleep(0.1)


if __name__ == "__main__":
    split = sys.argv.index("--")
    with slurm(Path(sys.argv[1]).resolve()) as environment:
        sys.exit(subprocess.run(sys.argv[split + 1 :], env=environment, check=False).returncode)
