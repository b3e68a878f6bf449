"""A recursion."""

import asyncio

from parts.sizing import smallest


def fibonacci(n):
    return n if n < 2 else fibonacci(n - 1) + fibonacci(n - 2)  # <- blocks


N = smallest(fibonacci, size=15)


async def main():
    await asyncio.sleep(0.005)
    fibonacci(N)
