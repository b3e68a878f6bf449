import selectors


def read_all_polling(socks):
    read, polls = [b""] * len(socks), 0
    left = set(range(len(socks)))
    for sock in socks:
        sock.setblocking(False)
    while left:
        for place in sorted(left):
            polls += 1
            try:
                data = socks[place].recv(1000)
            except BlockingIOError:
                continue
            read[place] += data
            if not data:
                left.remove(place)
    return read, polls


class Reader:
    """One socket, and what it has given so far."""

    def __init__(self, sock):
        sock.setblocking(False)
        self.sock, self.data = sock, b""

    def drain(self):
        """Take all that is there; whether that was the end."""
        while True:
            try:
                data = self.sock.recv(16)
            except BlockingIOError:
                return False
            if not data:
                return True
            self.data += data


def read_all_ready(socks):
    readers = [Reader(sock) for sock in socks]
    selector = selectors.PollSelector()
    for reader in readers:
        selector.register(reader.sock, selectors.EVENT_READ, reader)
    while selector.get_map():
        for key, _ in selector.select():
            if key.data.drain():
                selector.unregister(key.data.sock)
    selector.close()
    return [reader.data for reader in readers]
