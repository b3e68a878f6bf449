# expect: failed test_takes_pieces_and_ends_as_they_come
# expect: passed test_sleeps_while_nothing_is_ready
# expect: passed test_reads_nothing_from_nobody
# expect: passed test_leaves_the_sockets_open
# mistake: takes the first piece for the whole
# kind: stuck
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
    read, left = [b""] * len(socks), len(socks)
    with selectors.DefaultSelector() as selector:
        for place, sock in enumerate(socks):
            selector.register(sock, selectors.EVENT_READ, place)
        while left:
            for key, _ in selector.select():
                read[key.data] = key.fileobj.recv(1000)
                selector.unregister(key.fileobj)
                left -= 1
    return read
