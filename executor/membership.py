"""Who is there to run and to serve, and what becomes of what the others had.

Theory of operation
-------------------
Every web server and worker is a member: a thread says so in Redis again and
again, and the word goes stale after ``WORKER_LOST_SECONDS``. A second
thread makes rounds: it closes what members held whom nobody has heard of for
some time. A Redis that was away makes everybody look dead, so only a silence
counts that was listened to without a break.

What was held and has not been begun goes back to the front of the line: nothing
of it was seen. What was begun is closed as lost, with what it printed, and is not
run again. The record decides which (:func:`audit.recorder.started` lets an
execution begin once), so none runs twice, whoever was wrong about whom.

A round also looks for what Redis has forgotten, calls for workers where something
waits though places are free, and records the endings that a worker could not.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import InterfaceError, OperationalError, close_old_connections

from audit import recorder
from audit.models import Execution
from executor import messages
from executor.admission import server_id, shared_and_unfinished
from executor.recorded import outcome as recorded_outcome
from executor.shared_line import Away, Steps, connected, key

logger = logging.getLogger(__name__)

_BEAT_SECONDS = 1.0
_ROUND_SECONDS = 1.0
# Of the time after which a member is lost: it is silent when it has not said a word for the
# first part of it, and somebody has to listen to that for the rest.
_SILENT_AFTER = 0.75
# For an execution that the records have and Redis has not: it may be on its way.
_MISSING_SECONDS = 10.0
# Messages of a stream that are read at a time.
_PORTION = 100

WORKER_LOST = (
    "The worker that was running this program stopped. "
    "What the program printed until then is kept. Run it again."
)
NEVER_RAN = "The server lost this program before its turn came, and it was not run. Run it again."


class Membership:
    """This process as a member, from :meth:`start` to :meth:`leave`."""

    def __init__(
        self,
        call: Callable[[int], None],
        holds: Callable[[], set[str]] = set,
        free: Callable[[], int] = lambda: 0,
    ) -> None:
        """``call`` asks so many workers to take from the line.

        ``holds`` gives what this process knows that it holds, ``free`` how many more it
        would take.
        """
        self.name = server_id()
        self._redis = connected()
        self._steps = Steps(self._redis)
        self._call, self._holds, self._free = call, holds, free
        self._silent_ms = int(1000 * _SILENT_AFTER * settings.WORKER_LOST_SECONDS)
        self._listened_seconds = (1 - _SILENT_AFTER) * settings.WORKER_LOST_SECONDS
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []
        self._silent: dict[str, float] = {}
        self._unknown: dict[str, float] = {}
        self._missing: dict[str, float] = {}
        self._unfit: set[str] = set()
        self._waited = False

    def start(self) -> None:
        """Be a member; Redis may be away."""
        for work, seconds in ((self._beat, _BEAT_SECONDS), (self._round, _ROUND_SECONDS)):
            thread = threading.Thread(target=self._keep, args=[work, seconds], daemon=True)
            thread.start()
            self._threads.append(thread)

    def leave(self) -> None:
        """Be no member any more; what is held still is for the others to close. Blocks."""
        self._stop.set()
        for thread in self._threads:
            thread.join()
        with suppress(Away):
            self._redis.delete(key("member", self.name))
        self._redis.close()

    def _keep(self, work: Callable[[], None], seconds: float) -> None:
        away = False
        while True:
            try:
                work()
                away = False
            except (Away, DatabaseError) as error:
                self._silent.clear()
                self._unknown.clear()
                self._missing.clear()
                if not away:  # once, however long it lasts
                    logger.warning("Redis or the database does not answer: %s", error)
                away = True
                close_old_connections()  # else kept: one made for each round costs more than it
            except Exception:
                logger.exception("the members could not be looked after")
                close_old_connections()
            if self._stop.wait(seconds):
                return

    def _beat(self) -> None:
        with self._redis.pipeline(transaction=False) as together:
            together.set(key("member", self.name), 1, px=self._silent_ms)
            together.sadd(key("members"), self.name)
            if free := self._free():
                together.hset(key("free"), self.name, str(free))
            else:
                together.hdel(key("free"), self.name)
            together.execute()

    def _round(self) -> None:
        for member in self._redis.smembers(key("members")):
            if member != self.name and self._is_gone(member):
                self._bury(member)
        held = self._redis.smembers(key("held", self.name)) - self._holds()
        for execution_id in self._for_long(self._unknown, held, _MISSING_SECONDS):
            self.settle(execution_id, self.name)
        self._look_for_forgotten()
        self._call_workers()
        self._record_late()

    # The dead

    def _is_gone(self, member: str) -> bool:
        here = bool(self._redis.exists(key("member", member)))
        if here:
            self._silent.pop(member, None)
            return False
        since = self._silent.setdefault(member, time.monotonic())
        return time.monotonic() - since > self._listened_seconds

    def _bury(self, member: str) -> None:
        """Close what a dead member held. Another one may do the same at the same time."""
        held = self._redis.smembers(key("held", member))
        logger.warning("%s has stopped; it held %d executions.", member, len(held))
        for execution_id in held:
            self.settle(execution_id, member)
        self._redis.srem(key("members"), member)
        self._redis.hdel(key("free"), member)
        self._silent.pop(member, None)

    def settle(self, execution_id: str, member: str) -> None:
        """Put back in line what had not begun; else close it and say how it ended."""
        record = Execution.objects.filter(pk=execution_id).first()
        if record is None:
            self._steps.forget(execution_id)
            return
        if record.state == "queued" and self._steps.put_back(execution_id, member):
            logger.warning("Execution %s had not begun and is in line again.", execution_id)
            self._call(1)
            return
        printed = self._printed(execution_id)
        recorder.lost(execution_id, WORKER_LOST if record.started else NEVER_RAN, **printed)
        self.say_ending(execution_id, member)

    def say_ending(self, execution_id: str, member: str) -> None:
        """Publish the ending that is on record as the last message."""
        record = Execution.objects.get(pk=execution_id)
        result = messages.to_json(messages.Result(recorded_outcome(record)))
        # Nobody knows how many messages there were; so many that no reader has seen this one.
        self._steps.publish(execution_id, member, -1, result, 1)
        self._redis.srem(key("held", member), execution_id)

    def _printed(self, execution_id: str) -> dict[str, str]:
        printed: dict[str, str] = {}
        at, last = 0, "-"
        while entries := self._redis.xrange(key("said", execution_id), last, count=_PORTION):
            for entry_id, entry in entries:
                last = f"({entry_id}"
                if "w" in entry:  # whether the program waits for input
                    continue
                for place, text in enumerate(entry["m"].split("\n"), int(entry["at"])):
                    message = json.loads(text)
                    if place >= at and message["type"] == "output":
                        stream = message["stream"]
                        printed[stream] = printed.get(stream, "") + message["data"]
                    at = max(at, place + 1)
        return {name: printed.get(name, "") for name in ("stdout", "stderr")}

    # The forgotten

    def _look_for_forgotten(self) -> None:
        """Close what is on record as unfinished and Redis has not."""
        unfinished = set(shared_and_unfinished())
        gone = {one for one in unfinished if not self._redis.exists(key("live", one))}
        for execution_id in self._for_long(self._missing, gone, _MISSING_SECONDS):
            record = Execution.objects.get(pk=execution_id)
            recorder.lost(execution_id, WORKER_LOST if record.started else NEVER_RAN)

    @staticmethod
    def _for_long(since: dict[str, float], those: set[str], seconds: float) -> list[str]:
        """Those that have been among ``those`` for so long, by ``since``, which is kept."""
        now = time.monotonic()
        for one in since.keys() - those:
            del since[one]
        for one in those:
            since.setdefault(one, now)
        return [one for one in those if now - since[one] > seconds]

    def _call_workers(self) -> None:
        """Call again where a call was lost: something has waited for a round, and places are."""
        waiting = self._redis.hlen(key("waiting"))
        free = self._free()
        if waiting and free and self._waited:
            self._call(min(waiting, free))
        self._waited = bool(waiting)

    def _record_late(self) -> None:
        for execution_id, outcome in self._redis.hgetall(key("unrecorded")).items():
            try:
                recorder.ended(execution_id, json.loads(outcome))
            except (OperationalError, InterfaceError):
                raise  # the next round tries again
            except Exception:
                if execution_id not in self._unfit:
                    logger.exception("the ending of %s does not fit the records", execution_id)
                # A member of another version may understand it; the others' endings go on.
                self._unfit.add(execution_id)
                continue
            self._redis.hdel(key("unrecorded"), execution_id)
