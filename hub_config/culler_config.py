"""Configuration of jupyterhub-idle-culler: servers end by the limits of their profiles."""

from hub_config.classroom import culling, settings

c = get_config()  # noqa: F821 - the culler defines it

c.IdleCuller.cull_arbiter_hook = culling.arbiter(settings.of_environment().profiles)
c.IdleCuller.cull_every = 60
c.IdleCuller.cull_admin_users = True
