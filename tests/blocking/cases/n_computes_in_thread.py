"""A long computation, but in a thread, beside short steps."""

import asyncio
import hashlib


async def main():
    job = asyncio.to_thread(hashlib.pbkdf2_hmac, "sha256", b"word", b"salt", 50_000)
    task = asyncio.create_task(job)
    while not task.done():
        await asyncio.sleep(0.002)
