"""Calls that often wait, and here have nothing to wait for."""

import asyncio
import concurrent.futures
import os
import select
import subprocess
import sys
from concurrent.futures import Future

COMMAND = [sys.executable, "-c", "pass"]


async def ended():
    process = subprocess.Popen(COMMAND, stdout=subprocess.PIPE)
    await asyncio.to_thread(os.waitid, os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    return process


async def main():
    (await ended()).wait()
    (await ended()).communicate()
    process = await ended()
    os.waitpid(process.pid, 0)
    reader, writer = os.pipe()
    os.write(writer, b"!")
    select.select([reader], [], [], 1)
    select.select([], [writer], [])
    done, pending = Future(), Future()
    done.set_result(None)
    concurrent.futures.wait([done, pending], return_when=concurrent.futures.FIRST_COMPLETED)
