"""The harnesses of fuzz/, shortly: any bytes are dealt with, and none raises what nobody expects."""

import sys
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

FUZZ = Path(__file__).parents[1] / "fuzz"
HARNESSES = sorted(path.stem for path in FUZZ.glob("*.py") if "def main(data" in path.read_text())

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="a harness may need packets")


def test_there_are_harnesses():
    """One for each place at which a stranger's bytes come in, and one for where they go out."""
    assert {"decoding", "framing", "hearing", "reports", "vetting"} <= set(HARNESSES)


@pytest.mark.parametrize("name", HARNESSES)
def test_any_bytes_are_dealt_with(name):
    harness = import_module(f"fuzz.{name}")

    @settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.binary(max_size=600))
    @example(b"\xff\xfe")
    @example(b"[" * 600)
    def deals_with(data):
        harness.main(data)

    deals_with()
