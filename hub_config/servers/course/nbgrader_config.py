"""Of a course's service; the course's own nbgrader_config.py in its directory is loaded as well."""

c = get_config()  # noqa: F821 - nbgrader defines it

c.Authenticator.plugin_class = "hub_config.classroom.exchange.CourseAuthPlugin"
