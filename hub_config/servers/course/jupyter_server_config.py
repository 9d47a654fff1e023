"""Of a course's service: it opens with the formgrader, in a tab of its own.

Inside JupyterLab the formgrader would stay blank: the hub lets no page of its servers be framed, so that no
student's page can put a TA's formgrader under a TA's mouse.
"""

c = get_config()  # noqa: F821 - Jupyter defines it

c.ServerApp.default_url = "/formgrader"
