# expect: failed test_bug_comes_out_of_the_batch
# expect: passed test_bug_at_step_3
# expect: passed test_batch_keeps_failures_as_values
# expect: passed test_empty_batch
# mistake: return_exceptions=True puts a KeyError into the list
# kind: behaviour
import asyncio

from shop import NoOrders


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
    return asyncio.gather(*payments, return_exceptions=True)
