# expect: failed test_reads_what_is_ready
# expect: failed test_wakes_once_for_each_datum
# expect: passed test_polling_reads_what_is_there
# expect: passed test_leaves_the_sockets_open
# mistake: stands still at each socket in turn
# kind: stuck
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
    return [b"".join(iter(lambda: sock.recv(1000), b"")) for sock in socks]
