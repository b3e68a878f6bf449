"""A function that waits, far from the coroutine that calls it."""

import time


def read_settings():
    return _fetch()


def _fetch():
    time.sleep(0.07)  # <- blocks
    return {}
