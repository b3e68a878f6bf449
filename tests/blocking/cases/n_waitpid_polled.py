"""`os.waitpid` with WNOHANG."""

import asyncio
import os


async def main():
    pid = os.posix_spawn("/bin/sleep", ["sleep", "0.05"], {})
    while os.waitpid(pid, os.WNOHANG) == (0, 0):
        await asyncio.sleep(0.005)
