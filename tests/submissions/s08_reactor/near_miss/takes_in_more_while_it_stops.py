# expect: failed test_answers_before_it_stops
# expect: passed test_answers_each_request
# expect: passed test_slow_handler_delays_nobody
# expect: passed test_stops_while_all_is_silent
# mistake: goes on to take in requests when it has been told to stop, as long as another is being handled
# kind: behaviour
import queue
import selectors
import socket
import threading


class Client:
    def __init__(self, sock):
        self.sock = sock
        self.lines = b""
        self.out = b""
        self.busy = False
        self.gone = False


class Reactor:
    def __init__(self, handler, workers):
        self.handler = handler
        self.workers = workers
        self.most = 2 * workers
        self.taken = 0
        self.jobs = queue.Queue(self.most)
        self.results = queue.Queue()
        self.clients = {}
        self.selector = selectors.DefaultSelector()
        self.reader, self.writer = socket.socketpair()
        self.reader.setblocking(False)
        self.stopping = False

    def serve(self, listener):
        threads = [threading.Thread(target=self.work) for _ in range(self.workers)]
        for thread in threads:
            thread.start()
        listener.setblocking(False)
        self.selector.register(listener, selectors.EVENT_READ)
        self.selector.register(self.reader, selectors.EVENT_READ)
        while not self.is_over():
            for key, events in self.selector.select():
                if key.fileobj is listener:
                    self.accept(listener)
                elif key.fileobj is self.reader:
                    self.finish()
                else:
                    self.turn(key.data, events)
            for client in list(self.clients.values()):
                self.watch(client)
        self.close(threads)

    def is_over(self):
        unsent = any(client.out for client in self.clients.values())
        return self.stopping and not self.taken and not unsent

    def close(self, threads):
        for client in list(self.clients.values()):
            client.sock.close()
        for thread in threads:
            self.jobs.put(None)
        for thread in threads:
            thread.join()
        self.selector.close()
        self.reader.close()
        self.writer.close()

    def stop(self):
        self.stopping = True
        self.writer.send(b"s")

    def work(self):
        while (job := self.jobs.get()) is not None:
            client, request = job
            try:
                reply = self.handler(request)
            except Exception:
                reply = None
            self.results.put((client, reply))
            self.writer.send(b"r")

    def accept(self, listener):
        sock, _ = listener.accept()
        sock.setblocking(False)
        self.clients[sock] = Client(sock)

    def finish(self):
        self.reader.recv(1000)
        while not self.results.empty():
            client, reply = self.results.get()
            self.taken -= 1
            client.busy = False
            if reply is None:
                self.drop(client)
            else:
                client.out = reply + b"\n"
        for client in list(self.clients.values()):
            self.take(client)

    def turn(self, client, events):
        try:
            if events & selectors.EVENT_WRITE:
                sent = client.sock.send(client.out)
                client.out = client.out[sent:]
            elif self.may_take():
                data = client.sock.recv(10_000)
                if not data:
                    return self.drop(client)
                client.lines += data
        except OSError:
            return self.drop(client)
        self.take(client)

    def may_take(self):
        return self.taken < self.most

    def take(self, client):
        if client.busy or client.out or not self.may_take() or b"\n" not in client.lines:
            return
        request, client.lines = client.lines.split(b"\n", 1)
        client.busy = True
        self.taken += 1
        self.jobs.put((client, request))

    def watch(self, client):
        events = 0
        if client.out:
            events = selectors.EVENT_WRITE
        elif not client.busy and self.may_take():
            events = selectors.EVENT_READ
        known = self.selector.get_map().get(client.sock)
        if known and known.events != events:
            self.selector.unregister(client.sock)
        if events and (known is None or known.events != events):
            self.selector.register(client.sock, events, client)

    def drop(self, client):
        if client.sock in self.selector.get_map():
            self.selector.unregister(client.sock)
        del self.clients[client.sock]
        client.sock.close()
