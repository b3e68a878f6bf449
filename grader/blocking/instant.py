"""The clock that steps are timed with; kept apart, so that a program may replace `time`'s."""

import time

wall_clock = time.perf_counter_ns
"""Nanoseconds since some moment; never goes back."""
