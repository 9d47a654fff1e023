"""Of every server: where the exchange is."""

import os

c = get_config()  # noqa: F821 - nbgrader defines it

c.Exchange.root = os.environ["CLASSROOM_EXCHANGE"]
c.Exchange.path_includes_course = True
