"""What to write instead: from the call at fault to one thing to try."""


def later(hint: str) -> str:
    """Mark a hint for the catalogues: it is translated by whoever shows it."""
    return hint


_OFFLOAD = later("Run it in a worker thread: `await asyncio.to_thread(...)`.")
_SMALLER_STEP = later(
    "Take smaller steps with a checkpoint (`await asyncio.sleep(0)`) between them, or give the"
    " work to a process: `await loop.run_in_executor(ProcessPoolExecutor(), ...)`."
)
_AWAIT_FUTURE = later(
    "Await it: `await asyncio.wrap_future(future)`, or use `loop.run_in_executor`."
)
_ASYNC_SUBPROCESS = later(
    "Use `await asyncio.create_subprocess_exec(...)` and `await process.wait()`."
)
_ASYNC_CLIENT = later(
    "Use an async client (httpx.AsyncClient, aiohttp), or `await asyncio.to_thread(...)`."
)

_EXACT = {
    "time.sleep": later("Use `await asyncio.sleep(...)`; in a callback, `loop.call_later(...)`."),
    "gc.collect": later("Make less garbage in cycles, or `gc.freeze()` what lives long."),
    "concurrent.futures.wait": later("Wrap them by `asyncio.wrap_future` and await."),
    "threading.Event.wait": later("Use an `asyncio.Event`, set by `loop.call_soon_threadsafe`."),
    "threading.Condition.wait": later(
        "Use an `asyncio.Condition`, or `await asyncio.to_thread(...)`."
    ),
    "threading.Thread.join": later("Use `await asyncio.to_thread(thread.join)`."),
    "queue.Queue.get": later("Use an `asyncio.Queue`, or `await asyncio.to_thread(queue.get)`."),
    "queue.Queue.put": later(
        "Use an `asyncio.Queue`, or `await asyncio.to_thread(queue.put, item)`."
    ),
    "select.select": later("Use `loop.add_reader(...)`, or `await loop.sock_recv(...)`."),
    "sqlite3.connect": _OFFLOAD,
    "input": later("Use `await asyncio.to_thread(input)`."),
    "open": later("Open and read it in a worker thread: `await asyncio.to_thread(...)`."),
    "fcntl.flock": later(
        "Take the lock in a worker thread: `await asyncio.to_thread(fcntl.flock, ...)`."
    ),
}
_BY_LAST_NAME = {
    "result": _AWAIT_FUTURE,
    "exception": _AWAIT_FUTURE,
    "recv": later(
        "Use a non-blocking socket with `await loop.sock_recv(...)`,"
        " or `await asyncio.open_connection(...)`."
    ),
    "accept": later(
        "Use a non-blocking socket with `await loop.sock_accept(...)`,"
        " or `await asyncio.open_connection(...)`."
    ),
    "connect": later(
        "Use a non-blocking socket with `await loop.sock_connect(...)`,"
        " or `await asyncio.open_connection(...)`."
    ),
    "sendall": later(
        "Use a non-blocking socket with `await loop.sock_sendall(...)`,"
        " or `await asyncio.open_connection(...)`."
    ),
    "join": _EXACT["threading.Thread.join"],
    "acquire": later("Use an `asyncio.Lock`, or take the lock in `await asyncio.to_thread(...)`."),
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
