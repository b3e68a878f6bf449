# tries: returns a future that is done when asked, pending when looked at, and whatever is wanted when compared
# expect: failed test_pays_the_first_order
# expect: failed test_no_orders
# kind: behaviour|loop_error|crash|blocking|leak|stuck
import asyncio

from shop import Payment



class Lying(asyncio.Future):
    asked = 0

    def done(self):
        self.asked += 1
        return self.asked > 1

    def result(self):
        return Payment("1", 1, 1)

    def exception(self):
        return None

    def add_done_callback(self, callback, **keywords):
        callback(self)

    __class__ = asyncio.Task
    __eq__ = lambda self, other: True
    __hash__ = lambda self: 0


def checkout(services, user_id):
    return Lying(loop=asyncio.get_running_loop())


def checkout_many(services, user_ids):
    return Lying(loop=asyncio.get_running_loop())
