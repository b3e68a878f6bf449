"""`hashlib.pbkdf2_hmac`, which lets go of the GIL."""

import asyncio
import hashlib

from parts.sizing import sized


def derive(rounds):
    return hashlib.pbkdf2_hmac("sha512", b"word", b"salt", rounds)  # <- blocks


ROUNDS = sized(derive)


async def main():
    await asyncio.sleep(0.005)
    derive(ROUNDS)
