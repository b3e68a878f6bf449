import select


def read_all_polling(socks):
    """Asks without waiting, socket by socket, and leaves them as they are."""
    import socket

    parts, polls = [[] for _ in socks], 0
    left = dict(enumerate(socks))
    while left:
        for place, sock in tuple(left.items()):
            polls += 1
            try:
                data = sock.recv(64, socket.MSG_DONTWAIT)
            except BlockingIOError:
                continue
            if data:
                parts[place].append(data)
            else:
                del left[place]
    return [b"".join(some) for some in parts], polls


def read_all_ready(socks):
    parts, left = {sock: [] for sock in socks}, list(socks)
    while left:
        ready, _, _ = select.select(left, [], [])
        for sock in ready:
            data = sock.recv(64)
            if data:
                parts[sock].append(data)
            else:
                left.remove(sock)
    return [b"".join(parts[sock]) for sock in socks]
