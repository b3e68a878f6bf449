"""`Popen.communicate`."""

import asyncio
import subprocess


async def main():
    process = subprocess.Popen(["sleep", "0.1"], stdout=subprocess.PIPE)
    await asyncio.sleep(0.005)
    process.communicate()  # <- blocks
