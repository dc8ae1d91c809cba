"""`python -m gradwidgets` is the command `gradwidgets`."""

import sys

from gradwidgets.cli import main

sys.exit(main())
