import asyncio


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
    """Somebody else's selector."""
    loop = asyncio.new_event_loop()
    read, left = [b""] * len(socks), set(range(len(socks)))

    def ready(place):
        data = socks[place].recv(100)
        read[place] += data
        if not data:
            loop.remove_reader(socks[place])
            left.discard(place)
            if not left:
                loop.stop()

    for place, sock in enumerate(socks):
        sock.setblocking(False)
        loop.add_reader(sock, ready, place)
    if socks:
        loop.run_forever()
    loop.close()
    return read
