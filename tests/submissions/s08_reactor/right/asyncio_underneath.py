# style: asyncio's own loop has the sockets, and hands handlers to an executor
import asyncio
from concurrent.futures import ThreadPoolExecutor


class Reactor:
    def __init__(self, handler, workers):
        self.handler = handler
        self.workers = workers
        self.stopping = None
        self.loop = None

    def serve(self, listener):
        asyncio.run(self.main(listener))

    def stop(self):
        self.loop.call_soon_threadsafe(self.stopping.set)

    async def main(self, listener):
        self.loop = asyncio.get_running_loop()
        self.stopping = asyncio.Event()
        self.room = asyncio.Semaphore(2 * self.workers)
        listener.setblocking(False)
        with ThreadPoolExecutor(self.workers) as self.pool:
            clients = {}
            accepting = asyncio.create_task(self.accept(listener, clients))
            await self.stopping.wait()
            accepting.cancel()
            for task, state in clients.items():
                if not state["working"]:
                    task.cancel()
            await asyncio.gather(accepting, *clients, return_exceptions=True)

    async def accept(self, listener, clients):
        while True:
            sock, _ = await self.loop.sock_accept(listener)
            sock.setblocking(False)
            state = {"working": False}
            clients[asyncio.create_task(self.client(sock, state))] = state

    async def client(self, sock, state):
        lines = b""
        with sock:
            while not self.stopping.is_set():
                async with self.room:
                    pass
                if b"\n" not in lines:
                    await self.readable(sock)
                async with self.room:
                    if self.stopping.is_set():
                        return
                    if b"\n" not in lines:
                        try:
                            data = sock.recv(4096)
                        except BlockingIOError:
                            continue
                        if not data:
                            return
                        lines += data
                    if b"\n" not in lines:
                        continue
                    request, lines = lines.split(b"\n", 1)
                    state["working"] = True
                    reply = await self.loop.run_in_executor(self.pool, self.handler, request)
                await self.loop.sock_sendall(sock, reply + b"\n")
                state["working"] = False

    async def readable(self, sock):
        ready = self.loop.create_future()
        self.loop.add_reader(sock, lambda: ready.done() or ready.set_result(None))
        try:
            await ready
        finally:
            self.loop.remove_reader(sock)
