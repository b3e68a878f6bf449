"""A search for primes."""

import asyncio

from parts.sizing import sized


def primes_below(limit):
    found = []
    for number in range(2, limit):  # <- blocks
        if all(number % prime for prime in found[:20]):  # <- blocks
            found.append(number)  # <- blocks
    return found


LIMIT = sized(primes_below)


async def main():
    await asyncio.sleep(0.005)
    primes_below(LIMIT)
