"""python -m tests.pictures."""

from tests.pictures import make_pictures

if __name__ == "__main__":
    make_pictures()
