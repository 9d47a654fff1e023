"""JupyterHub's configuration of a classroom. It only sets values; what they are follows from the settings file.

CLASSROOM_SETTINGS=/etc/classroom.toml jupyterhub -f hub_config/jupyterhub_config.py
"""

import sys

from hub_config.classroom import courses, leases, profiles, settings, spawners
from hub_config.classroom.state import State

c = get_config()  # noqa: F821 - JupyterHub defines it

classroom = settings.of_environment()
hub, login, spawner = classroom.hub, classroom.login, classroom.spawner
state = State(hub.state)

# -- addresses and files. Only the proxy is for other machines, and only if the settings say so.

c.JupyterHub.bind_url = f"http://{hub.address}:{hub.port}"
c.JupyterHub.hub_bind_url = f"http://127.0.0.1:{hub.port + 2}"
c.JupyterHub.public_url = hub.public_url or ""
c.JupyterHub.db_url = state.database_url
c.JupyterHub.cookie_secret_file = str(state.cookie_secret)

c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{hub.port + 1}"
c.ConfigurableHTTPProxy.pid_file = str(state.proxy_pid)
c.ConfigurableHTTPProxy.should_start = hub.proxy != "external"
if hub.proxy == "python":
    program = "from configurable_http_proxy.cli import main; main()"
    c.ConfigurableHTTPProxy.command = [sys.executable, "-c", program]

# -- people and courses: a group of staff and one of students for each course, and its formgrader

c.JupyterHub.load_groups = courses.groups(classroom)
c.JupyterHub.load_roles = courses.roles(classroom)
c.JupyterHub.services = courses.services(classroom)
c.JupyterHub.allow_named_servers = False  # or everybody could take a GPU for each name
c.Authenticator.admin_users = set(hub.admins)
c.Authenticator.allowed_users = set(classroom.people)

# -- who people are

match login:
    case settings.Passwords():
        c.JupyterHub.authenticator_class = "hub_config.classroom.passwords.PasswordAuthenticator"
        c.PasswordAuthenticator.password_file = str(state.passwords)

# -- servers and profiles

c.Spawner.server_token_scopes = courses.SERVER_TOKEN_SCOPES
c.Spawner.environment = courses.server_environment(state.exchange, "person")
c.Spawner.default_url = "/lab"
c.Spawner.consecutive_failure_limit = 0  # a hub that exits helps nobody

offered = profiles.Profiles(classroom, leases.Leases(classroom.gpus))
c.Spawner.options_form = offered.form
c.Spawner.options_from_form = profiles.options_from_form
c.Spawner.apply_user_options = offered.apply
c.Profiled.leases = offered.leases

c.JupyterHub.active_server_limit = hub.running_servers
c.JupyterHub.concurrent_spawn_limit = hub.starting_servers

match spawner:
    case settings.Local():
        c.JupyterHub.spawner_class = spawners.LocalServer
        c.LocalServer.home_dir_template = f"{state.homes}/{{username}}"
        c.LocalServer.cmd = courses.server_command(classroom)
