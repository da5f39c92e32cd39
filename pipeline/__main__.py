"""python -m pipeline."""

import os
import sys

# A worker process on Windows imports this module too, under another name: it must not run the program again, nor read
# in more of it than it works with.
if __name__ == "__main__":
    if sys.getfilesystemencoding() != "utf-8":
        # A system set to another alphabet could not name our files; Python can, if asked to at its start.
        os.execv(sys.executable, [sys.executable, "-X", "utf8", *sys.orig_argv[1:]])  # noqa: S606  ourselves
    from pipeline.cli import main

    main(prog_name="python -m pipeline")
