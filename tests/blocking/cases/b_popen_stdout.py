"""Reading the output of a process that takes its time."""

import asyncio
import subprocess


async def main():
    process = subprocess.Popen(["sh", "-c", "sleep 0.1; echo done"], stdout=subprocess.PIPE)
    await asyncio.sleep(0.005)
    assert process.stdout.read() == b"done\n"  # <- blocks
    process.stdout.close()
    process.poll()
