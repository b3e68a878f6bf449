# expect: failed test_counts_its_polls
# expect: passed test_polling_reads_what_is_there
# expect: passed test_reads_what_is_ready
# mistake: counts the reads that gave something
# kind: behaviour
import selectors


def read_all_polling(socks):
    read, polls = [b""] * len(socks), 0
    left = set(range(len(socks)))
    for sock in socks:
        sock.setblocking(False)
    while left:
        for place in sorted(left):
            try:
                data = socks[place].recv(1000)
            except BlockingIOError:
                continue
            polls += 1
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
                data = key.fileobj.recv(1000)
                read[key.data] += data
                if not data:
                    selector.unregister(key.fileobj)
                    left -= 1
    return read
