# expect: failed test_polling_reads_what_is_there
# expect: passed test_reads_what_is_ready
# expect: passed test_sleeps_while_nothing_is_ready
# mistake: polling without setblocking: recv waits at the first socket
# kind: stuck
import selectors


def read_all_polling(socks):
    read, polls = [b""] * len(socks), 0
    left = set(range(len(socks)))
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
                data = key.fileobj.recv(1000)
                read[key.data] += data
                if not data:
                    selector.unregister(key.fileobj)
                    left -= 1
    return read
