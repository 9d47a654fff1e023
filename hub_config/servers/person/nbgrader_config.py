"""Of a person's server: who the person is, and that the hub knows their courses."""

import os

c = get_config()  # noqa: F821 - nbgrader defines it

# Not the account's name, which is the same for everybody on a hub without accounts.
c.CourseDirectory.student_id = os.environ["JUPYTERHUB_USER"]
c.Authenticator.plugin_class = "nbgrader.auth.JupyterHubAuthPlugin"
c.ExchangeFactory.submit = "hub_config.classroom.exchange.WholeSubmit"
