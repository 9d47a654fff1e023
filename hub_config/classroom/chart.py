"""Values for the chart Zero to JupyterHub, from the same settings as everything else."""

from __future__ import annotations

from typing import Any

from hub_config.classroom import courses
from hub_config.classroom.settings import FILE_VARIABLE, Kubernetes, Settings

REPOSITORY = "/srv/classroom"  # this repository in the hub's image
SETTINGS_FILE = "/etc/classroom/classroom.toml"
GRADER_PORT = 8888


def values(settings: Settings) -> dict[str, Any]:
    """What `helm upgrade --values` takes. The chart's own defaults hold for everything else.

    Each course's formgrader is a deployment and a service named grader-COURSE: what grades needs solutions, which no
    other pod may have.
    """
    spawner = settings.spawner
    assert isinstance(spawner, Kubernetes)
    services: dict[str, Any] = {
        course.id: {
            "url": f"http://{courses.grader_account(course)}:{GRADER_PORT}",
            "oauth_no_confirm": True,
        }
        for course in settings.courses
    }
    services[courses.CULLER] = {
        "command": [
            "python3",
            "-m",
            "jupyterhub_idle_culler",
            f"--config={REPOSITORY}/hub_config/culler_config.py",
        ],
        "environment": {FILE_VARIABLE: SETTINGS_FILE, "PYTHONPATH": REPOSITORY},
    }
    return {
        "hub": {
            "image": _image(spawner.hub_image),
            "services": services,
            "extraEnv": {FILE_VARIABLE: SETTINGS_FILE, "PYTHONPATH": REPOSITORY},
            "extraFiles": {
                "classroom": {
                    "mountPath": SETTINGS_FILE,
                    "stringData": settings.file.read_text(encoding="utf-8"),
                }
            },
            # A name that comes last: what it sets holds over the chart's.
            "extraConfig": {
                "zz-classroom": f'load_subconfig("{REPOSITORY}/hub_config/jupyterhub_config.py")\n'
            },
            "activeServerLimit": settings.hub.running_servers,
            "concurrentSpawnLimit": settings.hub.starting_servers,
        },
        # So that nodes have it before the first lecture.
        "singleuser": {"image": _image(spawner.image)},
        "cull": {"enabled": False},  # ours knows the limits of profiles
    }


def _image(text: str) -> dict[str, str]:
    """An image as the chart wants it.

    >>> _image("registry.example.edu:5000/classroom/student:3")
    {'name': 'registry.example.edu:5000/classroom/student', 'tag': '3'}
    """
    name, colon, tag = text.rpartition(":")
    if not colon or "/" in tag:
        name, tag = text, "latest"
    return {"name": name, "tag": tag}
