# expect: failed test_sleeps_while_nothing_is_ready
# expect: passed test_reads_what_is_ready
# expect: passed test_leaves_the_sockets_open
# mistake: an ended socket stays registered, and is ready for ever
# kind: blocking
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


def read_all_ready(socks):
    read, ended = [b""] * len(socks), set()
    with selectors.DefaultSelector() as selector:
        for place, sock in enumerate(socks):
            selector.register(sock, selectors.EVENT_READ, place)
        while len(ended) < len(socks):
            for key, _ in selector.select():
                data = key.fileobj.recv(1000)
                read[key.data] += data
                if not data:
                    ended.add(key.data)
    return read
