"""Of a course's service: it opens with the formgrader, in a tab of its own.

Inside JupyterLab the formgrader would stay blank: the hub lets no page of its servers be framed, so that no
student's page can put a TA's formgrader under a TA's mouse.
"""

import os
import shutil
import sys
from pathlib import Path

c = get_config()  # noqa: F821 - Jupyter defines it

c.ServerApp.default_url = "/formgrader"

# Terminals have `autograder` and `nbgrader`. A login shell, the usual one, would set PATH anew.
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
c.ServerApp.terminado_settings = {"shell_command": [shutil.which("bash") or "sh"]}
