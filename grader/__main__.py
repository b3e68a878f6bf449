"""`python -m grader` is the console script `unblocked`; it also runs from a checkout in which nothing is installed."""

import sys
from importlib.util import find_spec
from pathlib import Path

if find_spec("shop") is None:
    sys.path.append(str(Path(__file__).resolve().parents[1] / "exercises"))

from grader.cli import main

if __name__ == "__main__":
    main()
