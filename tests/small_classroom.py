"""A small classroom's settings, for tests to spoil; and what JupyterHub makes of them without starting anything."""

from __future__ import annotations

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from jupyterhub.app import JupyterHub

from hub_config.classroom import courses, running
from hub_config.classroom.settings import Settings, load_settings

ROOT = Path(__file__).parents[1]

SMALL = f"""\
[hub]
state = "state"

[login]
kind = "passwords"

[spawner]
kind = "local"

[courses.opt]
title = "Optimisation"
directory = {str(ROOT)!r}
instructors = ["ines"]
assistants = ["tomas"]
students = ["ada", "boris"]

[courses.arr]
title = "Arrays"
directory = {str(ROOT)!r}
instructors = ["ines"]
students = ["ada"]

[profiles.cpu-small]
title = "Small"
groups = ["everyone"]
cpus = 1
memory_gib = 1.5

[profiles.cpu-large]
title = "Large"
groups = ["formgrade-opt"]
cpus = 4
memory_gib = 8

[profiles.gpu]
title = "A whole GPU"
groups = ["nbgrader-opt", "lab"]
cpus = 4
memory_gib = 8
gpu = "whole"

[groups]
lab = ["tomas"]
"""


def write(tmp_path: Path, *changes: tuple[str, str]) -> Path:
    """The small classroom's file with texts replaced, each of which must be there once."""
    text = SMALL
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    file = tmp_path / "classroom.toml"
    file.write_text(text)
    return file


LOGINS = {
    "passwords": "",
    "shared-password": 'student_password_file = "one"\nstaff_password_file = "two"\n',
    "accounts": "",
    "oauth": """
client_id = "hub"
client_secret_file = "one"
callback_url = "https://hub.example.edu/hub/oauth_callback"
authorize_url = "https://login.example.edu/authorize"
token_url = "https://login.example.edu/token"
userdata_url = "https://login.example.edu/userinfo"
""",
    "lti13": """
issuer = "https://lms.example.edu"
client_ids = ["abc"]
authorize_url = "https://lms.example.edu/auth"
jwks_url = "https://lms.example.edu/jwks"
anyone = false
""",
}
SPAWNERS = {
    "local": "",
    "accounts": "",
    "docker": 'image = "student:1"\nhomes = "homes"\n',
    "slurm": """
hub_address = "10.0.0.1"
partition = "teaching"
programs = "/opt/classroom/bin"
""",
    "kubernetes": 'image = "student:1"\nhub_image = "hub:1"\nnamespace = "class"\n',
}


def with_secrets(tmp_path: Path, *changes: tuple[str, str]) -> Settings:
    for name in ("one", "two"):
        (tmp_path / name).write_text(f"secret {name}\n")
    return load_settings(write(tmp_path, *changes))


def loaded(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> JupyterHub:
    """A hub that has read its configuration, and done nothing with it."""
    kubeconfig = settings.file.with_name("kubeconfig")
    kubeconfig.write_text(KUBECONFIG)
    monkeypatch.setenv("KUBECONFIG", str(kubeconfig))
    for name, value in courses.settings_variables(settings).items():
        monkeypatch.setenv(name, value)
    hub = JupyterHub()
    hub.load_config_file(str(running.CONFIG))
    return hub


KUBECONFIG = """\
apiVersion: v1
kind: Config
current-context: none
contexts: [{name: none, context: {cluster: none, user: none}}]
clusters: [{name: none, cluster: {server: "http://127.0.0.1:1"}}]
users: [{name: none, user: {}}]
"""


def server_of(hub: JupyterHub, name: str) -> Any:
    """A spawner as the hub makes it, for somebody who has never had one."""
    user = SimpleNamespace(
        name=name, escaped_name=name, id=1, url=f"/user/{name}/", settings={}, groups=[]
    )
    address = SimpleNamespace(
        url="http://hub/", api_url="http://hub/api", base_url="/hub/", public_host=""
    )

    async def make() -> Any:  # a client of Kubernetes wants an event loop
        return hub.spawner_class(
            config=hub.config,
            user=user,
            orm_spawner=SimpleNamespace(name="", user_options={}, state=None, server=None),
            hub=address,
            oauth_client_id=f"jupyterhub-user-{name}",
            api_token="token",
        )

    return asyncio.run(make())
