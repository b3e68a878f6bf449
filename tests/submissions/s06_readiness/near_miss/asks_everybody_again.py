# expect: failed test_wakes_once_for_each_datum
# expect: passed test_reads_what_is_ready
# expect: passed test_sleeps_while_nothing_is_ready
# expect: passed test_leaves_the_sockets_open
# mistake: wakes for one socket, and then waits a moment for each
# kind: behaviour
import select
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
            selector.select()
            for sock in socks:
                select.select([sock], [], [], 0.001)
            for key, _ in selector.select(0):
                data = key.fileobj.recv(1000)
                read[key.data] += data
                if not data:
                    selector.unregister(key.fileobj)
                    left -= 1
    return read
