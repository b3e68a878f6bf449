"""`python -m grader.blocking FILE`: the probe by itself."""

from .command import probe

if __name__ == "__main__":
    probe(prog_name="python -m grader.blocking")
