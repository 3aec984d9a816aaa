"""Watching one engine for its log: what changed of its links, its store and its clock.

Looked at once a second, so that the hot path logs nothing and a fault that is met a thousand times
is told once.
"""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from msgspec import Struct

from twofold.app.engine import Engine
from twofold.app.logs import Log
from twofold.commit.committer import CLOCK_JUMPED
from twofold.control import Paused
from twofold.domain.msisdn import Msisdn
from twofold.domain.reason import Reason
from twofold.links.keeping import KeptBind
from twofold.links.smpp import SmppLink
from twofold.store.errors import StoreError
from twofold.store.port import Parked
from twofold.texts import Fault

LOOK_S: Final = 1.0

CALM_S: Final = 60.0

OVERLOAD_ADVICE: Final = (
    "see in /metrics what is narrow: deciding (events_queued) or the links (texts_behind)"
)

ADVICE: Final = (
    (
        "bind refused",
        "correct system_id and password of this [[smsc]], or ask the SMSC's operator for them",
    ),
    (
        "cannot connect",
        "see that host and port of this [[smsc]] are right and that nothing stands between",
    ),
    ("", "nothing: it is tried again; if that lasts, ask the SMSC's operator"),
)
"""What to do about a link that is down, by how its reason begins."""


class Seen(Struct):
    """What was last told of a link, or of one of its binds; `times` is how often it changed."""

    is_up: bool = False
    times: int = 0
    why: str = ""
    throttled: int = 0
    denied: int = 0


class Watch:
    """Tells the log what changed since it last looked."""

    def __init__(self, engine: Engine, log: Log) -> None:
        """Watch one engine, and hear from it what it parks."""
        self._engine = engine
        self._log = log
        self._links = {link.name: Seen() for link in engine.links}
        self._binds = {
            (link.name, bind.number): Seen() for link in engine.links for bind in link.binds
        }
        self._skewed: list[str] = []
        self._busy = 0
        self._busy_since_s: float | None = None
        self._store_away = ""
        self._away_since_s = 0.0
        self._clock_was_sound = True
        self._sweep_told: tuple[int, bool] = (0, True)
        self._left_out: tuple[Fault, ...] = ()
        engine.committer.on_parked.append(self.parked)
        engine.pauses.on_paused.append(self.paused)
        engine.calls.on_failed.append(self.call_failed)
        engine.calls.on_alarm.append(self.overstepped)
        engine.strays.on_stray.append(self.strayed)

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Look once a second while the block runs, and once more at its end."""
        task = asyncio.create_task(self._keep_looking(), name="watch")
        try:
            yield
        finally:
            task.cancel()
            self.look()

    def look(self) -> None:
        """Tell what changed."""
        for link in self._engine.links:
            seen = self._links[link.name]
            self._look_at_link(link, seen)
            self._look_at_counts(link, seen)
            self._look_at_smsc_clock(link)
            if len(link.binds) > 1:
                for bind in link.binds:
                    self._look_at_bind(link, bind, self._binds[link.name, bind.number])
        self._look_at_overload()
        self._look_at_store()
        self._look_at_clock()
        self._look_at_sweep()
        self._look_at_texts()

    def parked(self, parked: Parked) -> None:
        """Tell of an event that could not be decided."""
        self._log.error(
            "event_parked",
            event_id=parked.id,
            msisdn=Msisdn(parked.msisdn),
            reason=parked.why,
            advice="nothing is lost: report this line; the event is kept in the table parked",
        )

    def paused(self, paused: Paused) -> None:
        """Tell of a service that the program stopped, because its prompt may not be sent."""
        self._log.error(
            "service_paused",
            service=paused.service,
            revision=paused.revision,
            reason=paused.why,
            advice="mend its row or its texts, import them, then twofold resume service "
            f"{paused.service}",
        )

    def call_failed(self, request_id: str, error: Exception) -> None:
        """Tell of a call that was answered by no fault of its own with a failure."""
        if isinstance(error, StoreError):
            self._log.warning("call_failed", request_id=request_id, reason=str(error))
        else:
            self._log.error(
                "call_failed",
                request_id=request_id,
                advice="nothing is half done: report this line",
                exc_info=error,
            )

    def overstepped(self, owner: str, reason: Reason, msisdn: int) -> None:
        """Tell of a call for what nobody may have."""
        whom = {"msisdn": Msisdn(msisdn)} if msisdn else {}
        self._log.warning("partner_alarm", caller=owner, reason=reason.name, **whom)

    def strayed(self, sender: int, asked: int) -> None:
        """Tell of a code that came from another number than the one that was asked for it."""
        self._log.warning("stray_code", msisdn=Msisdn(sender), asked=Msisdn(asked))

    async def _keep_looking(self) -> None:
        while True:
            self.look()
            await asyncio.sleep(LOOK_S)

    def _look_at_link(self, link: SmppLink, seen: Seen) -> None:
        """A link that broke and came back between two looks is told of, too."""
        why, outages = link.stats.last_error, link.stats.outages
        was_lost = seen.is_up and (not link.is_up or outages != seen.times)
        if was_lost or (not link.is_up and why and why != seen.why):
            reason = why or "not bound"
            self._log.warning("link_down", smsc=link.name, reason=reason, advice=advice(reason))
            seen.is_up = False
        if link.is_up and not seen.is_up:
            self._log.info("link_up", smsc=link.name)
        seen.is_up, seen.times, seen.why = link.is_up, outages, why

    def _look_at_bind(self, link: SmppLink, bind: KeptBind, seen: Seen) -> None:
        """One of several: the link goes on without it."""
        was_lost = seen.is_up and (not bind.is_up or bind.times_bound != seen.times)
        which = {"smsc": link.name, "bind": bind.number, "mode": bind.mode.value}
        if was_lost or (not bind.is_up and bind.why and bind.why != seen.why):
            reason = bind.why or "not bound"
            self._log.warning("bind_down", **which, reason=reason, advice=advice(reason))
            seen.is_up = False
        if bind.is_up and not seen.is_up:
            self._log.info("bind_up", **which)
        seen.is_up, seen.times, seen.why = bind.is_up, bind.times_bound, bind.why

    def _look_at_counts(self, link: SmppLink, seen: Seen) -> None:
        """What goes on for a while is told once a look, with its count."""
        throttled, denied = link.stats.throttled, link.stats.denied
        if throttled != seen.throttled:
            says = "lower tps_max of this [[smsc]], or ask the SMSC's operator for a higher rate"
            self._log.warning(
                "link_throttled", smsc=link.name, times=throttled - seen.throttled, advice=says
            )
        if denied != seen.denied:
            self._log.warning("link_puzzled", smsc=link.name, times=denied - seen.denied)
        seen.throttled, seen.denied = throttled, denied

    def _look_at_smsc_clock(self, link: SmppLink) -> None:
        """Its times are ignored while its clock is wrong: whoever keeps it should know."""
        skew_ms = self._engine.channels[link.name].smsc_clock.skew_ms
        was_skewed = link.name in self._skewed
        if skew_ms and not was_skewed:
            self._skewed.append(link.name)
            self._log.error(
                "smsc_clock_skewed",
                smsc=link.name,
                behind_s=round(skew_ms / 1000, 1),
                advice="its times are ignored: ask the SMSC's operator to set its clock, or leave "
                "mo_time_tlv out",
            )
        elif was_skewed and not skew_ms:
            self._skewed.remove(link.name)
            self._log.info("smsc_clock_settled", smsc=link.name)

    def _look_at_overload(self) -> None:
        """Told once a minute while it lasts, and when a minute has passed without."""
        busy = sum(channel.stats.busy for channel in self._engine.channels.values())
        now_s, since_s = time.monotonic(), self._busy_since_s
        is_quiet = since_s is None or now_s - since_s >= CALM_S
        if busy != self._busy and is_quiet:
            self._log.warning("overloaded", times=busy - self._busy, advice=OVERLOAD_ADVICE)
            self._busy, self._busy_since_s = busy, now_s
        elif since_s is not None and is_quiet:
            self._log.info("overload_over")
            self._busy_since_s = None

    def _look_at_store(self) -> None:
        away = self._engine.committer.faults.store_away
        if away == CLOCK_JUMPED:
            return
        if away and away != self._store_away:
            if not self._store_away:
                self._away_since_s = time.monotonic()
            self._log.error("store_away", reason=away)
        elif self._store_away and not away:
            away_s = round(time.monotonic() - self._away_since_s, 1)
            self._log.info("store_back", away_s=away_s)
        self._store_away = away

    def _look_at_clock(self) -> None:
        is_sound = self._engine.clock.is_sound()
        if is_sound != self._clock_was_sound:
            if is_sound:
                self._log.info("clock_settled")
            else:
                self._log.error("clock_jumped", advice="see that time is kept by one service alone")
        self._clock_was_sound = is_sound

    def _look_at_sweep(self) -> None:
        """A sweep that is over between two looks is told of once, by its end."""
        progress = self._engine.sweeps.progress
        if progress is None or (progress.revision, progress.is_done) == self._sweep_told:
            return
        self._sweep_told = (progress.revision, progress.is_done)
        self._log.info(
            "sweep_done" if progress.is_done else "sweep_began",
            about=progress.about,
            revision=progress.revision,
            swept=progress.swept,
        )

    def _look_at_texts(self) -> None:
        """An approved text that cannot be filled in: the program says its own till it is mended."""
        left_out = self._engine.committer.rules.texts.left_out
        for fault in left_out if left_out != self._left_out else ():
            self._log.error(
                "text_left_out",
                key=fault.key,
                language=fault.language,
                reason=fault.what,
                advice=f"{fault.fix} in its [[template]], and import the catalogue",
            )
        self._left_out = left_out


def advice(reason: str) -> str:
    """What to do about a link that is down."""
    return next(says for begins, says in ADVICE if reason.startswith(begins))
