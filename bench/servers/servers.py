"""The reference loop and coroutines of stage 10 against asyncio's own servers: `nox -s bench -- servers`.

Answers a second as multiples of those of asyncio's streams in the same round, medians of the rounds. The reference is
written to be read; it should not be much slower than what asyncio brings along.
"""

from __future__ import annotations

import statistics
from pathlib import Path

from grader.shootout.plan import WORKS, in_turns
from grader.shootout.referee import Referee

SERVERS = ("loop", "coroutines", "streams", "protocols")
YARDSTICK = "streams"
CONNECTIONS = (50, 500)
ROUNDS = 5
BAR = 0.7


def main() -> None:
    """Print the ratios beside their bar."""
    with Referee(Path(__file__).with_name("program.py")) as referee:
        rates = {
            (turn, cell): referee.measure(cell, turn=turn)[0].rate
            for turn in range(1, ROUNDS + 1)
            for cell in in_turns(SERVERS, WORKS, CONNECTIONS, turn)
        }
    for cell in in_turns(SERVERS, WORKS, CONNECTIONS, 0):
        beside = {turn: rate for (turn, other), rate in rates.items() if other == cell}
        yard = {
            turn: rate
            for (turn, other), rate in rates.items()
            if (other.server, other.work, other.connections)
            == (YARDSTICK, cell.work, cell.connections)
        }
        ratio = statistics.median(beside[turn] / yard[turn] for turn in beside)
        bar = f" (bar {BAR})" if cell.server in ("loop", "coroutines") else ""
        print(f"{cell.work:<9} {cell.connections:>4} clients  {cell.server:<11} {ratio:.2f}{bar}")


if __name__ == "__main__":
    main()
