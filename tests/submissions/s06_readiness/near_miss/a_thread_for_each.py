# expect: failed test_sleeps_while_nothing_is_ready
# expect: failed test_wakes_once_for_each_datum
# expect: passed test_reads_what_is_ready
# expect: passed test_takes_pieces_and_ends_as_they_come
# expect: passed test_leaves_the_sockets_open
# mistake: no readiness at all: as many threads as sockets
# kind: behaviour
import threading


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
    read = [b""] * len(socks)

    def take(place):
        while data := socks[place].recv(1000):
            read[place] += data

    threads = [threading.Thread(target=take, args=(place,)) for place in range(len(socks))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return read
