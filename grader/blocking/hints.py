"""What to write instead: from the call at fault to one thing to try."""

_OFFLOAD = "Run it in a worker thread: `await asyncio.to_thread(...)`."
_SMALLER_STEP = (
    "Take smaller steps with a checkpoint (`await asyncio.sleep(0)`) between them, or give the"
    " work to a process: `await loop.run_in_executor(ProcessPoolExecutor(), ...)`."
)
_AWAIT_FUTURE = "Await it: `await asyncio.wrap_future(future)`, or use `loop.run_in_executor`."
_ASYNC_SUBPROCESS = "Use `await asyncio.create_subprocess_exec(...)` and `await process.wait()`."
_SOCKET = (
    "Use a non-blocking socket with `await loop.{call}(...)`,"
    " or `await asyncio.open_connection(...)`."
)
_ASYNC_CLIENT = (
    "Use an async client (httpx.AsyncClient, aiohttp), or `await asyncio.to_thread(...)`."
)

_EXACT = {
    "time.sleep": "Use `await asyncio.sleep(...)`.",
    "gc.collect": "Make less garbage in cycles, or `gc.freeze()` what lives long.",
    "concurrent.futures.wait": "Wrap them by `asyncio.wrap_future` and await.",
    "threading.Event.wait": "Use an `asyncio.Event`, set by `loop.call_soon_threadsafe`.",
    "threading.Condition.wait": "Use an `asyncio.Condition`, or `await asyncio.to_thread(...)`.",
    "threading.Thread.join": "Use `await asyncio.to_thread(thread.join)`.",
    "queue.Queue.get": "Use an `asyncio.Queue`, or `await asyncio.to_thread(queue.get)`.",
    "queue.Queue.put": "Use an `asyncio.Queue`, or `await asyncio.to_thread(queue.put, item)`.",
    "select.select": "Use `loop.add_reader(...)`, or `await loop.sock_recv(...)`.",
    "sqlite3.connect": _OFFLOAD,
    "input": "Use `await asyncio.to_thread(input)`.",
    "open": "Open and read it in a worker thread: `await asyncio.to_thread(...)`.",
    "fcntl.flock": "Take the lock in a worker thread: `await asyncio.to_thread(fcntl.flock, ...)`.",
}
_BY_LAST_NAME = {
    "result": _AWAIT_FUTURE,
    "exception": _AWAIT_FUTURE,
    "recv": _SOCKET.format(call="sock_recv"),
    "accept": _SOCKET.format(call="sock_accept"),
    "connect": _SOCKET.format(call="sock_connect"),
    "sendall": _SOCKET.format(call="sock_sendall"),
    "join": _EXACT["threading.Thread.join"],
    "acquire": "Use an `asyncio.Lock`, or take the lock in `await asyncio.to_thread(...)`.",
    "urlopen": _ASYNC_CLIENT,
    "getresponse": _ASYNC_CLIENT,
    "sleep": _EXACT["time.sleep"],
}
_BY_FIRST_NAME = {
    "subprocess": _ASYNC_SUBPROCESS,
    "requests": _ASYNC_CLIENT,
    "urllib": _ASYNC_CLIENT,
    "http": _ASYNC_CLIENT,
}
_SYSTEM_CALLS = {"os.system", "os.waitpid", "os.wait"}


def hint_for(call: str | None, *, computes: bool) -> str:
    """One thing to try instead of a call; a general one where the call is not known."""
    if call in _EXACT:
        return _EXACT[call]
    if computes or call is None:
        return _SMALLER_STEP if computes else _OFFLOAD
    if call in _SYSTEM_CALLS:
        return _ASYNC_SUBPROCESS
    first, last = call.split(".")[0], call.split(".")[-1]
    return _BY_FIRST_NAME.get(first) or _BY_LAST_NAME.get(last) or _OFFLOAD
