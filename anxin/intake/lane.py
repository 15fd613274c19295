"""The lane itself: check at once, wait for the next call, answer after the commit.

Natural batching: whatever has arrived while one call was under way goes into the next; no timer. What cannot be kept
now is refused at once with "come again", and the sender keeps the answers: nothing is acknowledged that is not on disk.
"""

import asyncio
import logging
import time
from collections.abc import Sequence
from typing import Any

import psycopg

from anxin.domains.campaigns import api as campaigns
from anxin.domains.campaigns.contracts import FormRefused, Verdict
from anxin.intake import steps
from anxin.intake.answers import BROKEN, Answer, answer_for
from anxin.intake.calls import Calls
from anxin.intake.sendings import Reply, Sending, SignalSending, SubmissionSending
from anxin.intake.waiting import FairQueue
from anxin.kernel import clock, readiness

log = logging.getLogger(__name__)
WAITING_LIMIT = 16_384
BATCH = 500
RETRY_SECONDS = 0.2
CALL_SECONDS = 10.0
IDLE_SECONDS = 5.0
CLOCK_SECONDS = 0.1  # how often the clock is looked at for the end of tokens
KINDS: dict[bytes, type[Sending]] = {
    b"/intake/submissions": SubmissionSending,
    b"/intake/critical": SignalSending,
}
KEPT = {Verdict.STORED, Verdict.ALREADY_THERE, Verdict.CONFLICT}
STATEMENTS = {
    "ping": "SELECT 1",
    "steps": steps.QUERY,
    **{kind.STATEMENT: kind.QUERY for kind in KINDS.values()},
}


class Lane:
    """One per process. ``receive`` may be called from the event loop only."""

    def __init__(self, *, limit: int = WAITING_LIMIT) -> None:
        self._forms: FairQueue[SubmissionSending] = FairQueue(limit)
        self._signals: FairQueue[SignalSending] = FairQueue(limit)
        self._strangers: list[Sending] = []
        self._limit = limit
        self._book = steps.StepBook()
        self._allowance = campaigns.new_allowance()
        self._key = b""
        self._now = clock.now()
        self._looked = 0.0
        self._wake = asyncio.Event()
        self._connections = 0

    @property
    def is_ready(self) -> bool:
        """Whether anything can be kept at the moment."""
        return self._connections > 0

    def receive(self, kind: type[Sending], body: bytes, reply: Reply) -> None:
        """Check one request and put it in line, or answer it at once."""
        self._key = self._key or campaigns.token_key()
        try:
            form = kind.read(body)
            seconds = time.monotonic()
            if seconds - self._looked > CLOCK_SECONDS:
                self._now, self._looked = clock.now(), seconds
            bearer = campaigns.bearer_of(form.token, key=self._key, now=self._now)
            if not self._allowance.admits(bearer.participant_id, seconds):
                raise FormRefused(Verdict.TOO_MANY)
        except FormRefused as refused:
            reply(answer_for(refused.verdict))
            return
        self._admit(kind(form, bearer, reply))

    def _admit(self, sending: Sending) -> None:
        step = self._book.find(sending.campaign_id, sending.form.step)
        if step is None:
            if self.is_ready and len(self._strangers) < self._limit:
                self._strangers.append(sending)
                self._wake.set()
            else:
                self._answer(sending, Verdict.BUSY)
            return
        try:
            sending.prepare(step)
        except FormRefused as refused:
            if not self._reads_again(sending):
                self._answer(sending, refused.verdict)
            return
        line: FairQueue[Any] = self._forms if isinstance(sending, SubmissionSending) else self._signals
        if self.is_ready and line.offer(sending):
            self._wake.set()
        else:
            self._answer(sending, Verdict.BUSY)

    def _answer(self, sending: Sending, verdict: str, uid: bytes = b"") -> None:
        sender = sending.bearer.participant_id
        self._reply(sending, answer_for(verdict, uid=uid, help_first=sending.help_first, sender=sender))

    @staticmethod
    def _reply(sending: Sending, answer: Answer) -> None:
        try:
            sending.reply(answer)
        except Exception:
            log.exception("intake: an answer could not be sent")

    async def serve(self, conninfo: dict[str, Any]) -> None:
        """Work over one connection for ever; after a lost database, again. Run as many of these as wanted."""
        while True:
            try:
                connection = await psycopg.AsyncConnection.connect(**conninfo, autocommit=True)
                async with connection:
                    calls = await Calls.open(connection, STATEMENTS, on_lost=self._wake.set)
                    self._tell(+1)
                    try:
                        await self._work(calls)
                    finally:
                        self._tell(-1)
                        calls.close()
            except (psycopg.Error, OSError, TimeoutError) as error:
                log.warning("intake: the database does not answer (%s); trying again", type(error).__name__)
            except Exception:
                log.exception("intake: a fault of our own; going on")
            await asyncio.sleep(RETRY_SECONDS)

    def _tell(self, change: int) -> None:
        self._connections += change
        readiness.tell("intake", self.is_ready)
        if not self.is_ready:
            strangers, self._strangers = self._strangers, []
            for sending in [*self._signals.drain(), *self._forms.drain(), *strangers]:
                self._answer(sending, Verdict.BUSY)

    async def _work(self, calls: Calls) -> None:
        while True:
            if self._strangers:
                await self._read_steps(calls)
            if len(self._signals):
                await self._keep(calls, self._signals.take(BATCH))
            if len(self._forms):
                await self._keep(calls, self._forms.take(BATCH))
            elif not self._strangers and not len(self._signals):
                await self._rest(calls)

    async def _rest(self, calls: Calls) -> None:
        """Until something arrives, or the database goes; now and then see whether it still answers."""
        self._wake.clear()
        if calls.is_lost:
            raise psycopg.OperationalError("the connection is lost")
        try:
            async with asyncio.timeout(IDLE_SECONDS):
                await self._wake.wait()
        except TimeoutError:
            await calls.call("ping", [], seconds=CALL_SECONDS)

    async def _read_steps(self, calls: Calls) -> None:
        strangers, self._strangers = self._strangers, []
        try:
            for campaign_id in {one.campaign_id for one in strangers}:
                if self._book.find(campaign_id, 0) is None:
                    rows = await calls.call("steps", [b"%d" % campaign_id], seconds=CALL_SECONDS)
                    self._book.write(campaign_id, rows)
        except BaseException:
            for one in strangers:
                self._answer(one, Verdict.BUSY)
            raise
        for one in strangers:
            self._admit(one)

    async def _keep(self, calls: Calls, batch: Sequence[Sending]) -> None:
        """Keep ``batch`` and answer for each. A row the database cannot take is found by asking one by one."""
        kind = type(batch[0])
        try:
            rows = await calls.call(kind.STATEMENT, kind.parameters(batch, clock.now()), seconds=CALL_SECONDS)
        except (psycopg.DataError, psycopg.IntegrityError, psycopg.InternalError, psycopg.ProgrammingError):
            if len(batch) == 1:
                log.exception("intake: a form could not be kept")
                self._reply(batch[0], BROKEN)
                return
            for one in batch:
                await self._keep(calls, [one])
            return
        except BaseException:
            for one in batch:
                self._answer(one, Verdict.BUSY)
            raise
        for place, outcome, uid in rows:
            self._conclude(batch[int(place or 0) - 1], (outcome or b"").decode(), uid or b"")

    def _conclude(self, sending: Sending, outcome: str, uid: bytes) -> None:
        if outcome == Verdict.STEP_UNKNOWN and self._reads_again(sending):
            return
        self._answer(sending, outcome, uid if outcome in KEPT else b"")

    def _reads_again(self, sending: Sending) -> bool:
        """Before something is refused for its step: whether that step is read anew and the sending tried again."""
        if sending.is_second_try or not self._book.forget(sending.campaign_id):
            return False
        sending.is_second_try = True
        self._admit(sending)
        return True
