# tries: calls back from a thread, twice, and then from its last breath
# expect: failed test_pays_the_first_order
# expect: failed test_no_orders
# kind: behaviour|loop_error|leak
import threading

from shop import Payment


class Breath:
    def __init__(self, on_done):
        self.on_done = on_done

    def __del__(self):
        self.on_done(Payment("1", 1, 1))


def checkout(services, user_id, on_done, on_error):
    last = Breath(on_done)
    for _ in range(2):
        threading.Thread(target=on_done, args=(Payment("1", 1, 1),)).start()
    last.again = last
