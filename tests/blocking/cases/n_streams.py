"""A server and a client in one loop."""

import asyncio


async def answer(reader, writer):
    writer.write(await reader.readline())
    await asyncio.sleep(0.05)
    writer.close()


async def main():
    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname()[:2])
    writer.write(b"order 11\n")
    assert await reader.readline() == b"order 11\n"
    writer.close()
    server.close()
