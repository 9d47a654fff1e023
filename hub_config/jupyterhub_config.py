"""JupyterHub's configuration of a classroom. It only sets values; what they are follows from the settings file.

CLASSROOM_SETTINGS=/etc/classroom.toml jupyterhub -f hub_config/jupyterhub_config.py
"""

from hub_config.classroom import courses, leases, profiles, proxy, settings, spawners
from hub_config.classroom.state import State

c = get_config()  # noqa: F821 - JupyterHub defines it

classroom = settings.of_environment()
hub, login, spawner = classroom.hub, classroom.login, classroom.spawner
state = State(hub.state)

# -- addresses and files; on Kubernetes they are the chart's. Only the proxy is for other machines, and only if
# the settings say so; the hub itself listens where servers can reach it.

if not isinstance(spawner, settings.Kubernetes):
    hub_address = getattr(spawner, "hub_address", "127.0.0.1")
    c.JupyterHub.bind_url = f"http://{hub.address}:{hub.port}"
    c.JupyterHub.hub_bind_url = f"http://{hub_address}:{hub.port + 2}"
    c.JupyterHub.public_url = hub.public_url or ""
    c.JupyterHub.db_url = state.database_url
    c.JupyterHub.cookie_secret_file = str(state.cookie_secret)
    c.JupyterHub.services = courses.services(classroom)

    c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{hub.port + 1}"
    c.ConfigurableHTTPProxy.pid_file = str(state.proxy_pid)
    c.ConfigurableHTTPProxy.should_start = hub.proxy != "external"
    if hub.proxy != "external":
        c.ConfigurableHTTPProxy.command = proxy.command(hub.proxy)

# Where a hub restarts while people work, their servers go on; a demo leaves nothing behind.
c.JupyterHub.cleanup_servers = isinstance(spawner, settings.Local)

# -- people and courses: a group of staff and one of students for each course, and the rights of its formgrader

c.JupyterHub.load_groups = courses.groups(classroom)
c.JupyterHub.load_roles = courses.roles(classroom)
c.JupyterHub.allow_named_servers = False  # or everybody could take a GPU for each name

# -- who people are

c.Authenticator.allowed_users = set(classroom.people)
c.Authenticator.admin_users = set(hub.admins)
c.Authenticator.username_pattern = settings.PERSON  # names go into paths and command lines

match login:
    case settings.Passwords():
        c.JupyterHub.authenticator_class = "hub_config.classroom.passwords.PasswordAuthenticator"
        c.PasswordAuthenticator.password_file = str(state.passwords)
    case settings.SharedPassword():
        c.JupyterHub.authenticator_class = "hub_config.classroom.passwords.TwoPasswordAuthenticator"
        c.TwoPasswordAuthenticator.student_password_file = str(login.student_password_file)
        c.TwoPasswordAuthenticator.staff_password_file = str(login.staff_password_file)
        c.TwoPasswordAuthenticator.staff = set(hub.admins).union(
            *(x.staff for x in classroom.courses)
        )
    case settings.SystemAccounts():
        c.JupyterHub.authenticator_class = "pam"
    case settings.OAuth():
        c.JupyterHub.authenticator_class = "generic-oauth"
        c.GenericOAuthenticator.client_id = login.client_id
        c.GenericOAuthenticator.client_secret = login.client_secret_file.read_text().strip()
        c.GenericOAuthenticator.oauth_callback_url = login.callback_url
        c.GenericOAuthenticator.authorize_url = login.authorize_url
        c.GenericOAuthenticator.token_url = login.token_url
        c.GenericOAuthenticator.userdata_url = login.userdata_url
        c.GenericOAuthenticator.username_claim = login.username_claim
        c.GenericOAuthenticator.scope = list(login.scopes)
        c.GenericOAuthenticator.login_service = login.login_service
        c.GenericOAuthenticator.allow_all = login.anyone
    case settings.Lti13():
        c.JupyterHub.authenticator_class = "ltiauthenticator.lti13.auth.LTI13Authenticator"
        c.LTI13Authenticator.issuer = login.issuer
        c.LTI13Authenticator.client_id = set(login.client_ids)
        c.LTI13Authenticator.authorize_url = login.authorize_url
        c.LTI13Authenticator.jwks_endpoint = login.jwks_url
        c.LTI13Authenticator.username_key = login.username_claim
        c.LTI13Authenticator.allow_all = login.anyone

# -- profiles

offered = profiles.Profiles(classroom, leases.Leases(classroom.gpus))
c.Spawner.options_form = offered.form
c.Spawner.options_from_form = profiles.options_from_form
c.Spawner.apply_user_options = offered.apply
c.Profiled.leases = offered.leases

# -- servers

c.Spawner.server_token_scopes = courses.SERVER_TOKEN_SCOPES
c.Spawner.default_url = "/lab"
c.Spawner.consecutive_failure_limit = 0  # a hub that exits helps nobody
c.Spawner.start_timeout = 600  # a wait for a GPU, and a start without one
c.JupyterHub.active_server_limit = hub.running_servers
c.JupyterHub.concurrent_spawn_limit = hub.starting_servers

match spawner:
    case settings.Local():
        c.JupyterHub.spawner_class = spawners.LocalServer
        c.LocalServer.cmd = courses.server_command(classroom)
        c.LocalServer.home_dir_template = f"{state.homes}/{{username}}"
        c.LocalServer.environment = courses.server_environment(state.exchange, "person")
    case settings.Accounts():
        c.JupyterHub.spawner_class = spawners.AccountServer
        c.AccountServer.cmd = courses.server_command(classroom)
        c.AccountServer.environment = courses.server_environment(state.exchange, "person")
    case settings.Docker():
        from hub_config.classroom import docker_server as engine

        c.JupyterHub.spawner_class = engine.DockerServer
        c.DockerServer.image = spawner.image
        c.DockerServer.pull_policy = "never"  # a start must not wait for a download
        c.DockerServer.remove = True
        c.DockerServer.cmd = ["jupyterhub-singleuser"]
        c.DockerServer.network_name = spawner.network
        c.DockerServer.use_internal_ip = True
        c.DockerServer.ip = "127.0.0.1" if spawner.network == "host" else "0.0.0.0"
        c.DockerServer.homes = str(spawner.homes)
        c.DockerServer.uid = spawner.uid
        c.DockerServer.notebook_dir = engine.HOME
        c.DockerServer.volumes = {
            f"{spawner.homes}/{{raw_username}}": engine.HOME,
            str(state.exchange): engine.EXCHANGE,
        }
        c.DockerServer.environment = {
            "HOME": engine.HOME,
            **courses.server_environment(engine.EXCHANGE, "person", servers=engine.SERVERS),
        }
    case settings.Slurm():
        from hub_config.classroom import slurm_server

        c.JupyterHub.spawner_class = slurm_server.SlurmServer
        c.SlurmServer.cmd = [f"{spawner.programs}/jupyterhub-singleuser"]
        c.SlurmServer.batchspawner_singleuser_cmd = f"{spawner.programs}/batchspawner-singleuser"
        c.SlurmServer.exec_prefix = spawner.exec_prefix
        c.SlurmServer.req_partition = spawner.partition
        c.SlurmServer.req_prologue = spawner.prologue
        c.SlurmServer.req_options = "--nodes=1 --ntasks=1"
        c.SlurmServer.gres = spawner.gres
        c.SlurmServer.environment = courses.server_environment(state.exchange, "person")
    case settings.Kubernetes():
        from hub_config.classroom import kubernetes_server as engine

        c.JupyterHub.spawner_class = engine.KubernetesServer
        c.KubernetesServer.image = spawner.image
        c.KubernetesServer.namespace = spawner.namespace
        c.KubernetesServer.cmd = ["jupyterhub-singleuser"]
        c.KubernetesServer.uid = c.KubernetesServer.gid = c.KubernetesServer.fs_gid = spawner.uid
        c.KubernetesServer.storage_pvc_ensure = True
        c.KubernetesServer.storage_capacity = f"{spawner.storage_gib}Gi"
        c.KubernetesServer.exchange_claim = spawner.exchange_claim
        c.KubernetesServer.resources = spawner.resources
        c.KubernetesServer.gpu_nodes = spawner.gpu_nodes
        c.KubernetesServer.gpu_taint = spawner.gpu_taint
        c.KubernetesServer.notebook_dir = engine.HOME
        c.KubernetesServer.environment = {
            "HOME": engine.HOME,
            **courses.server_environment(engine.EXCHANGE, "person", servers=engine.SERVERS),
        }
