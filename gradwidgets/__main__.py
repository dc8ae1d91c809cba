"""`python -m gradwidgets` is the command `gradwidgets`."""

import os
import sys
from contextlib import suppress

with suppress(OSError):  # the folder may be gone
    if sys.path[0] == os.getcwd():
        # Python looks into the folder first; what lies there is no package, whatever its name.
        del sys.path[0]

from gradwidgets.command.main import main  # noqa: E402

sys.exit(main())
