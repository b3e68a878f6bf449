"""`subprocess.check_output`."""

import asyncio
import subprocess


async def main():
    await asyncio.sleep(0.005)
    subprocess.check_output(["sleep", "0.08"])  # <- blocks
