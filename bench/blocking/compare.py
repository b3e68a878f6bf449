"""Our detector beside its peers: what is caught, on which line, false alarms, and the price.

    python bench/blocking/compare.py [--busy N] [--repeat N] [--tools NAME ...]

To be run in an environment that has blockbuster, pyleak, aiodebug and aiocop. The cases are those
of `tests/blocking/cases`. Every run is a fresh process; the cost is a ratio of CPU time to a bare
run.
"""

# ruff: noqa: PLC0415 - what is measured is imported in the process that measures it

import argparse
import contextlib
import importlib.util
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
CASES = ROOT / "tests" / "blocking" / "cases"
MARK = "# <- blocks"
BUSY = "import os\nparent = os.getppid()\nwhile os.getppid() == parent:\n    sum(range(10**5))\n"
STEPS = 200_000


@dataclass(frozen=True)
class Row:
    """What a tool made of one case: whether it reported, and whether it named a marked line."""

    case: str
    reported: bool
    right: bool
    failed: bool


def marked() -> set[tuple[str, int]]:
    """The lines that block, by the file's name."""
    return {
        (file.name, number)
        for file in CASES.rglob("*.py")
        for number, line in enumerate(file.read_text().splitlines(), 1)
        if MARK in line
    }


def judge(tool: str, case: Path, lines: set[tuple[str, int]]) -> Row:
    """Run one case under one tool in a process of its own."""
    command = [sys.executable, __file__, "--inside", tool, str(case)]
    try:
        done = subprocess.run(
            command, capture_output=True, timeout=60, check=True, stdin=subprocess.DEVNULL
        )
        reports = json.loads(done.stdout.splitlines()[-1])
    except (subprocess.SubprocessError, ValueError, IndexError):
        return Row(case.stem, reported=False, right=False, failed=True)
    right = any(innermost(report) in lines for report in reports)
    return Row(case.stem, reported=bool(reports), right=right, failed=False)


def innermost(report: list[list[object]]) -> tuple[str, int] | None:
    """The innermost line of a report that lies in a case."""
    for file, line in reversed(report):
        path = Path(str(file))
        if path.parent.name in {"cases", "parts"} and path.name != "sizing.py":
            return path.name, int(str(line))
    return None


def inside(tool: str, case: Path) -> None:
    """Run a case under a tool, and print its reports on the last line."""
    sys.path[:0] = [str(ROOT), str(case.parent)]
    from peers import TOOLS

    spec = importlib.util.spec_from_file_location(case.stem, case)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[case.stem] = module
    spec.loader.exec_module(module)
    print(json.dumps(TOOLS[tool](module.main)), flush=True)
    os._exit(0)


def cost_inside(tool: str, kind: str) -> None:
    """Print the CPU seconds of many steps, or of plain synchronous code, under a tool."""
    sys.path.insert(0, str(ROOT))
    import asyncio

    from peers import TOOLS

    async def steps() -> None:
        for _ in range(STEPS):
            await asyncio.sleep(0)

    async def synchronous() -> None:
        for _ in range(STEPS // 400):
            sum(len(str([number])) for number in range(2_000))
            await asyncio.sleep(0)

    best = 1e9
    for _ in range(3):
        began = time.process_time()
        TOOLS[tool]({"steps": steps, "synchronous": synchronous}[kind])
        best = min(best, time.process_time() - began)
    print(best, flush=True)
    os._exit(0)


def cost(tool: str, kind: str) -> float:
    """CPU seconds of one kind of program under a tool; infinite if it fails."""
    command = [sys.executable, __file__, "--cost-inside", tool, kind]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return float(done.stdout) if done.returncode == 0 and done.stdout else float("inf")


@contextlib.contextmanager
def busy(processes: int) -> Iterator[None]:
    """Keep the machine busy meanwhile."""
    started = [subprocess.Popen([sys.executable, "-c", BUSY]) for _ in range(processes)]
    try:
        yield
    finally:
        for process in started:
            process.kill()
            process.wait()


def print_accuracy(tools: list[str], repeat: int) -> None:
    """Print the table of what is caught and what is not."""
    lines = marked()
    print(f"{'tool':14} {'caught':>9} {'right line':>11} {'false alarms':>13} {'failed':>7}")
    for tool in tools:
        rows = [judge(tool, case, lines) for case in sorted(CASES.glob("[bn]_*.py")) * repeat]
        block = [row for row in rows if row.case.startswith("b_")]
        quiet = [row for row in rows if row.case.startswith("n_")]
        caught = sum(row.reported for row in block)
        right = sum(row.right for row in block)
        alarms = sum(row.reported for row in quiet)
        failed = sum(row.failed for row in rows)
        print(
            f"{tool:14} {caught:>5}/{len(block):<3} {right:>7}/{caught:<3}"
            f" {alarms:>9}/{len(quiet):<3} {failed:>7}",
            flush=True,
        )


def ratio(tool: str, kind: str, rounds: int = 4) -> float:
    """What a tool costs, relative to a bare run beside each of its own."""
    pairs = [(cost(tool, kind), cost("none", kind)) for _ in range(rounds)]
    return min(watched for watched, _ in pairs) / min(bare for _, bare in pairs)


def print_cost(tools: list[str]) -> None:
    """Print the table of what each tool costs."""
    print(f"\n{'tool':14} {'sleep(0)':>9} {'synchronous':>12}")
    for tool in tools:
        ratios = [ratio(tool, kind) for kind in ("steps", "synchronous")]
        print(f"{tool:14} {ratios[0]:>8.2f}x {ratios[1]:>11.2f}x", flush=True)


def main() -> None:
    """Compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--busy", type=int, default=0, help="busy processes beside it")
    parser.add_argument("--repeat", type=int, default=1)
    parser.add_argument("--tools", nargs="*")
    parser.add_argument("--no-accuracy", action="store_true")
    parser.add_argument("--no-cost", action="store_true")
    wish = parser.parse_args()
    sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]
    from peers import TOOLS

    tools = wish.tools or [tool for tool in TOOLS if tool != "none"]
    if not wish.no_accuracy:
        with busy(wish.busy):
            print_accuracy(tools, wish.repeat)
    if not wish.no_cost:
        print_cost(tools)


if __name__ == "__main__":
    if "--inside" in sys.argv:
        inside(sys.argv[2], Path(sys.argv[3]))
    elif "--cost-inside" in sys.argv:
        cost_inside(sys.argv[2], sys.argv[3])
    else:
        main()
