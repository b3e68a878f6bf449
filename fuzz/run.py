"""Runs one harness under atheris: `python fuzz/run.py HARNESS SECONDS`; an exception that nobody expects is a finding.

A harness is a module beside this one whose `main` takes bytes. libFuzzer writes what it finds to `crash-…` in the
current folder; `python fuzz/run.py HARNESS crash-…` tries it again.
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

import atheris  # type: ignore[import-not-found,unused-ignore]


def main() -> None:
    """Fuzz, or try one file again."""
    name, what = sys.argv[1:]
    sys.path.insert(0, str(Path(__file__).parents[1]))
    with atheris.instrument_imports(include=["grader", "fuzz"]):
        harness = import_module(f"fuzz.{name}")
    bounds = [what] if Path(what).is_file() else [f"-max_total_time={what}"]
    atheris.Setup([sys.argv[0], *bounds, "-max_len=4096", "-timeout=20"], harness.main)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
