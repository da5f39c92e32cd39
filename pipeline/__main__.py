"""python -m pipeline."""

from pipeline.cli import main

# Worker processes import this module too, and must not run the program again.
if __name__ == "__main__":
    main(prog_name="python -m pipeline")
