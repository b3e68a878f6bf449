# expect: failed test_batch_keeps_the_order_of_its_input
# expect: failed test_checkouts_overlap
# expect: failed test_batch_keeps_failures_as_values
# expect: passed test_pays_the_first_order
# expect: passed test_empty_batch
# expect: passed test_cancelled_at_each_step
# mistake: waits for the batch with time.sleep before it returns
# kind: blocking|limit
# line: 59
import asyncio
import time

from shop import NoOrders, ShopError


def checkout(services, user_id):
    out = asyncio.get_running_loop().create_future()

    def fail(error):
        if not out.done():
            out.set_exception(error)

    def guarded(service, argument, next_step):
        waiting = [True]

        def heard():
            return waiting and waiting.pop() and not out.done()

        try:
            service(
                argument,
                lambda value: next_step(value) if heard() else None,
                lambda error: fail(error) if heard() else None,
            )
        except Exception as error:
            if heard():
                fail(error)

    def with_user(user):
        guarded(services.get_orders, user, with_orders)

    def with_orders(orders):
        if not orders:
            return fail(NoOrders(user_id))
        return guarded(services.get_order_details, orders[0], with_details)

    def with_details(details):
        guarded(services.process_payment, details, out.set_result)

    guarded(services.get_user_data, user_id, with_user)
    return out


def checkout_many(services, user_ids):
    payments = [checkout(services, user_id) for user_id in user_ids]
    batch = asyncio.gather(*payments, return_exceptions=True)
    for _ in range(40 if payments else 0):
        if not batch.done():
            time.sleep(0.02)
    return first_bug_or_list(batch)


def first_bug_or_list(batch):
    class Sorted(asyncio.Future):
        def cancel(self, msg=None):
            batch.cancel()
            return super().cancel(msg)

    out = Sorted()

    def sort_out(_):
        if out.done():
            batch.cancelled() or batch.exception()
            return
        outcomes = batch.result()
        for outcome in outcomes:
            if isinstance(outcome, BaseException) and not isinstance(outcome, ShopError):
                out.set_exception(outcome)
                return
        out.set_result(outcomes)

    batch.add_done_callback(sort_out)
    return out
