"""What may go wrong in a checkout without anybody having made a mistake.

    Exception
      ShopError               an expected failure: hand it to the caller
        UserNotFound          step 1, get_user_data
        OrdersUnavailable     step 2, get_orders
        NoOrders              step 2 answered with []; the pipeline raises this one itself
        DetailsUnavailable    step 3, get_order_details
        PaymentDeclined       step 4, process_payment or charge

Any other exception is a bug, and must reach the caller as what it is.
"""


class ShopError(Exception):
    """Base of every failure that a caller of the pipeline has to expect."""


class UserNotFound(ShopError):
    """Step 1 knows no user of this id."""


class OrdersUnavailable(ShopError):
    """Step 2 could not list the user's orders."""


class NoOrders(ShopError):
    """The user has nothing to pay. No service raises this: the pipeline does."""


class DetailsUnavailable(ShopError):
    """Step 3 could not price the order."""


class PaymentDeclined(ShopError):
    """Step 4 refused the payment; no money was taken."""
