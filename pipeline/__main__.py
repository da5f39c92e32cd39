"""python -m pipeline."""

import os
import sys

from pipeline.cli import main

# Worker processes import this module too, and must not run the program again.
if __name__ == "__main__":
    if sys.getfilesystemencoding() != "utf-8":
        # A system set to another alphabet could not name our files; Python itself may know better, if told at the start.
        os.execv(sys.executable, [sys.executable, "-X", "utf8", *sys.orig_argv[1:]])  # noqa: S606  ourselves
    main(prog_name="python -m pipeline")
