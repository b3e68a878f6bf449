"""Who comes to the shop in a check: single customers, twins, customers in every kind of trouble."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from grader.world import STEPS
from grader.world.troubles import every_trouble, finishes, interleavings, plan

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator, Sequence

    from grader.world import Customer, World
    from grader.world.troubles import What


class Guests:
    """Arranges the world of a check."""

    def __init__(self, world: World, draw: random.Random) -> None:
        self._world = world
        self.draw = draw

    def customer(self, **plan: Any) -> Customer:  # noqa: ANN401 - see World.add
        """A new customer; see `World.add` for what may be planned."""
        return self._world.add(**plan)

    def customers(self, count: int, **plan: Any) -> list[Customer]:  # noqa: ANN401 - as above
        """Several alike."""
        return [self.customer(**plan) for _ in range(count)]

    def customers_in_trouble(
        self, kinds: Sequence[What], *, among: Sequence[What] | None = None
    ) -> list[Customer]:
        """One for each trouble at each step, and for each two that can meet; see `every_trouble`."""
        troubles = every_trouble(kinds, among=among)
        return [self.customer(latency=self._tenths(), **plan(some)) for some in troubles]

    def crowd(self, count: int, **plan: Any) -> list[Customer]:  # noqa: ANN401 - see World.add
        """Many customers, of whose answers many are due in the same instant."""
        return [self.customer(latency=self._tenths(), **plan) for _ in range(count)]

    def _tenths(self) -> dict[str, float]:
        """Latencies in tenths of a second: hundreds of checkouts are then answered in dozens of moves."""
        return {step: self.draw.randint(1, 3) / 10 for step in STEPS}

    def twins(self, count: int) -> list[Customer]:
        """Customers whose services take equally long: their checkouts go in step."""
        return self.customers(count, latency=0.2)

    def twin_batches(self, count: int, size: int) -> list[list[Customer]]:
        """The same for batches. Within one, no two replies are due in the same instant."""
        latencies = [0.2 + place**2 * 0.011 for place in range(size)]
        return [[self.customer(latency=each) for each in latencies] for _ in range(count)]

    def finishes(self, checkouts: int) -> Iterator[tuple[int, ...]]:
        """Every order in which so many checkouts can finish."""
        return finishes(checkouts, len(STEPS))

    def orders(self, samples: int = 0) -> Iterator[tuple[int, ...]]:
        """Orders in which the replies to a batch may arrive, as places of its checkouts.

        For two checkouts all there are, for three each in which they can finish, for four and five so many samples.
        """
        replies = len(STEPS)
        yield from interleavings(2, replies)
        yield from finishes(3, replies)
        for checkouts in (4, 5) * samples:
            each = tuple(range(checkouts)) * replies
            yield tuple(self.draw.sample(each, len(each)))
