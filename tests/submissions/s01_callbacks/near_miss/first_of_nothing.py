# expect: failed test_no_orders
# expect: passed test_pays_the_first_order
# expect: passed test_orders_unavailable
# expect: passed test_bug_at_step_3
# mistake: orders[0] without a look whether there is one
# kind: loop_error|stuck|behaviour|crash
from dataclasses import dataclass, field
from typing import Any, Callable

from shop import CallbackServices, Order, OrderDetails, Payment, User


@dataclass
class Reply:
    then: Callable[[Any], None]
    fail: Callable[[Exception], None]
    came: bool = field(default=False, init=False)

    def done(self, value: Any) -> None:
        if not self.came:
            self.came = True
            self.then(value)

    def error(self, error: Exception) -> None:
        if not self.came:
            self.came = True
            self.fail(error)

    def to(self, service: Callable, argument: Any) -> None:
        try:
            service(argument, self.done, self.error)
        except Exception as error:
            if self.came:
                raise
            self.error(error)


def checkout(
    services: CallbackServices,
    user_id: int,
    on_done: Callable[[Payment], None],
    on_error: Callable[[Exception], None],
) -> None:
    def user_known(user: User) -> None:
        Reply(orders_known, on_error).to(services.get_orders, user)

    def orders_known(orders: list[Order]) -> None:
        Reply(details_known, on_error).to(services.get_order_details, orders[0])

    def details_known(details: OrderDetails) -> None:
        Reply(on_done, on_error).to(services.process_payment, details)

    Reply(user_known, on_error).to(services.get_user_data, user_id)
