"""Stage 6: Readiness."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shop import AsyncServices, Payment


async def checkout(services: AsyncServices, user_id: int) -> Payment:
    """Pay the first order of a user.

    Raises:
        ShopError: A step failed; no later step was started.
    """
    # TODO: four steps in a row. Four lines are enough.
    raise NotImplementedError("Stage 6: write checkout in pipeline.py.")
