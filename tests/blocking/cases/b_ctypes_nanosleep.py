"""A sleep in C that Python knows nothing of."""

import asyncio
import ctypes

libc = ctypes.CDLL(None)


class Timespec(ctypes.Structure):
    _fields_ = [("seconds", ctypes.c_long), ("nanoseconds", ctypes.c_long)]


async def main():
    wish = Timespec(0, 70_000_000)
    await asyncio.sleep(0.005)
    libc.nanosleep(ctypes.byref(wish), None)  # <- blocks
