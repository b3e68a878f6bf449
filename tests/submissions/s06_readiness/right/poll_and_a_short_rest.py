import select
import time


def read_all_polling(socks):
    """Rests a little between two rounds: it polls all the same."""
    read, polls = [bytearray() for _ in socks], 0
    ended = [False] * len(socks)
    for sock in socks:
        sock.settimeout(0)
    while not all(ended):
        for place, sock in enumerate(socks):
            if ended[place]:
                continue
            polls += 1
            try:
                data = sock.recv(4096)
            except BlockingIOError:
                continue
            read[place].extend(data)
            ended[place] = data == b""
        time.sleep(0.0001)
    return list(map(bytes, read)), polls


def read_all_ready(socks):
    poll = select.poll()
    by_number = {sock.fileno(): place for place, sock in enumerate(socks)}
    read = [bytearray() for _ in socks]
    for number in by_number:
        poll.register(number, select.POLLIN)
    while by_number:
        for number, _ in poll.poll():
            place = by_number[number]
            data = socks[place].recv(4096)
            read[place].extend(data)
            if not data:
                poll.unregister(number)
                del by_number[number]
    return list(map(bytes, read))
