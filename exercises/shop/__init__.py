"""The shop that every stage shares: its values, its errors and what its services promise."""

from .errors import (
    DetailsUnavailable,
    NoOrders,
    OrdersUnavailable,
    PaymentDeclined,
    ShopError,
    UserNotFound,
)
from .models import Order, OrderDetails, Payment, User, request_id
from .services import AsyncOrderServices, AsyncServices, CallbackServices, PaymentSDK

__all__ = [
    "AsyncOrderServices",
    "AsyncServices",
    "CallbackServices",
    "DetailsUnavailable",
    "NoOrders",
    "Order",
    "OrderDetails",
    "OrdersUnavailable",
    "Payment",
    "PaymentDeclined",
    "PaymentSDK",
    "ShopError",
    "User",
    "UserNotFound",
    "request_id",
]
