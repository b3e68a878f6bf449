"""A spent budget ends a check; the finding says which, and where the program stood."""

import pytest

from grader.judge import Broken
from grader.results import Kind

pytestmark = pytest.mark.asyncio

SPENDERS = {
    "memory": (
        "kept = []\n    while True:\n        kept.append(bytearray(20 << 20))",
        # The kernel's own limit comes first where the judge is kept from looking.
        {
            "used more than 512 MiB of memory",
            "pipeline.py raised MemoryError() while it was imported",
        },
    ),
    "space": (
        "for n in range(10_000):\n        open(f'f{n}', 'wb').write(bytes(1 << 20))",
        {"wrote more than 16 MiB"},
    ),
    "files": (
        "for n in range(10**9):\n        open(f'f{n}', 'wb').close()",
        {"made more than 1,000 files"},
    ),
    "output": (
        "while True:\n        print('x' * 100_000)",
        {"printed more than 8 MiB"},
    ),
}


@pytest.mark.parametrize("name", SPENDERS)
async def test_spent_budget_is_named_with_its_line(session_of, right, name):
    """While the module is imported, where nothing else ends it sooner."""
    body, messages = SPENDERS[name]

    with pytest.raises(Broken) as broken:
        await session_of(f"def spend():\n    {body}\nspend()\n{right}")

    found = broken.value.finding
    assert found.kind in {Kind.LIMIT, Kind.CRASH}
    assert found.message.removeprefix("importing pipeline.py ") in messages
    assert found.line in {2, 3, 4}


async def test_thousands_of_threads_are_too_many(session_of, right):
    source = f"""
import threading
threading.stack_size(64 << 10)
for _ in range(5_000):
    threading.Thread(target=threading.Event().wait, daemon=True).start()
{right}
"""

    with pytest.raises(Broken) as broken:
        await session_of(source)

    assert broken.value.finding.kind is Kind.LIMIT
    assert "500 threads" in broken.value.finding.message


async def test_endless_calls_are_too_many(session_of):
    source = """
import asyncio
async def checkout(services, user_id):
    while True:
        asyncio.ensure_future(services.get_user_data(user_id))
        await asyncio.sleep(0)
"""
    session = await session_of(source)

    with pytest.raises(Broken) as broken:
        await session.drive(await session.begin("checkout", session.world.add()))

    assert broken.value.finding.kind in {Kind.LIMIT, Kind.BLOCKING}
