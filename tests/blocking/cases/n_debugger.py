"""A person at a debugger's prompt is what the program waits for."""

import asyncio
import os
import pdb
import select


class Person:
    """Types `continue` after a while."""

    def readline(self):
        select.poll().poll(80)
        return "continue\n"


async def main():
    await asyncio.sleep(0.005)
    with open(os.devnull, "w") as screen:
        pdb.Pdb(stdin=Person(), stdout=screen, nosigint=True).set_trace()
        await asyncio.sleep(0.005)
