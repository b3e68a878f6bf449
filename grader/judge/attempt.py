"""One run of one check: a fresh world, a fresh child, and what came of it."""

from __future__ import annotations

import random
import tempfile
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from grader.judge.counter import Counter
from grader.judge.evidence import NOTHING, Focus, evidence
from grader.judge.findings import Broken
from grader.judge.session import Session
from grader.judge.submission import Submission
from grader.world import World

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from grader.judge.contract import Contract
    from grader.nursery.child import Nursery
    from grader.results import Event, Finding
    from grader.timeline.recording import Recording


class Attempt:
    """What one run of a check works with; `open` begins another one with the same seed.

    Args:
        path: The judge's copy of the submission.
        seed: Of the world's ids, amounts, latencies and orders.
        compiled: What children have made of submissions so far, by path; kept up here.

    Attributes:
        recorded: Keep what a timeline shows, from the next session on.
        backend: What runs the submission.
    """

    def __init__(
        self,
        nursery: Nursery,
        contract: Contract,
        path: Path,
        seed: str,
        compiled: dict[Path, bytes] | None = None,
    ) -> None:
        self.recorded = False
        self._compiled = {} if compiled is None else compiled
        self._nursery = nursery
        self._contract = contract
        self._path = path
        self._seed = seed
        self._careful = False
        self.backend = contract.backends[0]
        self._session: Session | None = None
        self.submission = Submission(self)
        self.shop: Counter
        self.open()

    @property
    def backends(self) -> tuple[str, ...]:
        """What is to run it, one after the other."""
        return self._contract.backends

    def open(self, *, careful: bool = False, backend: str = "") -> None:
        """Begin anew, perhaps looking closer, or on another backend."""
        self._careful = careful
        self.backend = backend or self.backend
        draw = random.Random(self._seed)  # noqa: S311 - reproducible, and never told to the child
        self._world = World(draw)
        self._session = None
        shop = Counter(self._world, draw)
        if hasattr(self, "shop"):
            self.shop.__dict__.update(shop.__dict__)  # the check holds on to the same object
        else:
            self.shop = shop

    async def session(self, *, max_parallel: int = 0, default_threads: int = 0) -> Session:
        """The session of this run; started when first asked for."""
        if self._session is None:
            order = self._contract.load(
                str(self._path),
                max_parallel=max_parallel,
                default_threads=default_threads,
                code=self._compiled.get(self._path, b""),
                backend=self.backend,
            )
            kind = _recorded_session() if self.recorded else Session
            self._session = kind(self._nursery, order, self._world, careful=self._careful)
            self.shop.attach(self._session)
            await self._session.start()
            self._compiled[self._path] = self._session.code or b""
        return self._session

    @asynccontextmanager
    async def of(self, source: str) -> AsyncGenerator[tuple[Counter, Submission]]:
        """Run another program in the same way, the one that a learner was given, say."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "pipeline.py")
            path.write_text(source, encoding="utf-8")  # noqa: ASYNC240 - a page, once
            other = Attempt(self._nursery, self._contract, path, self._seed + " given")
            other.backend = self.backend
            try:
                yield other.shop, other.submission
            finally:
                await other.close()

    async def close(self, *, broken: bool = False) -> tuple[list[Finding], list[Finding], bool]:
        """End the child; returns what it left, what is suspected, and whether the machine was too busy to tell."""
        session = self._session
        if session is None:
            return [], [], False
        try:
            findings = await self._finish(session, broken=broken)
        finally:
            await session.end()
        inconclusive = session.blocked is not None and session.blocked.inconclusive
        return findings, session.suspected(), inconclusive

    @staticmethod
    async def _finish(session: Session, *, broken: bool) -> list[Finding]:
        if session.closed or session.loaded is None or session.runs_free:
            return session.findings
        try:
            return await session.finish()
        except Broken as more:
            # Of a program that is broken already, only what it says by itself counts.
            return session.findings if broken else [*session.findings, more.finding]

    @property
    def line(self) -> int | None:
        """Where the first function of the contract is defined that has a line."""
        loaded = self._session.loaded if self._session else None
        return next(iter(loaded.lines.values()), None) if loaded else None

    @property
    def loaded(self) -> bool:
        """Whether the submission could be imported."""
        session = self._session
        return session is None or bool(session.loaded and not session.loaded.problem)

    def explain(self, found: Finding, focus: Focus | None) -> tuple[Event, ...]:
        """The events behind a finding; where the check does not say what it is about, the session may."""
        session = self._session
        if session is None:
            return ()
        owners = {
            number: tuple(c.id for c in o.customers) for number, o in session.operations.items()
        }
        about = focus or session.about.get(found, NOTHING)
        return evidence(session.history.events, about, owners)

    def recording(self, story: Sequence[Event]) -> Recording | None:
        """What a timeline shows; None where nothing ran, or nobody asked for one.

        Args:
            story: The events that explain the finding, if there is one.
        """
        kept = getattr(self._session, "recording", None)
        return kept(story) if kept else None

    def output(self) -> str:
        """What the submission printed."""
        child = self._session.child if self._session else None
        return child.output() if child else ""


def _recorded_session() -> type[Session]:
    from grader.judge.recorded import RecordedSession  # noqa: PLC0415 - ordinary grading needs none

    return RecordedSession
