"""`/healthz`, `/readyz` and `/metrics`: does the process live, does it decide, how does it fare."""

from collections.abc import Iterator
from typing import Final

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from twofold.app.engine import Engine
from twofold.commit.committer import CLOCK_JUMPED
from twofold.links.smpp import SmppLink
from twofold.store.sqlite import SqliteReader

LINK_COUNTS: Final = (
    ("mo", "deliver_sm received, receipts included."),
    ("mt", "submit_sm sent."),
    ("answered", "submit_sm answered, whatever the status."),
    ("throttled", "Answers that asked for a rest: ESME_RTHROTTLED, or ESME_RMSGQFUL in a row."),
    ("lost", "submit_sm whose outcome stayed unknown."),
    ("late", "Answers that came too late, or that answer nothing."),
    ("enquired", "enquire_link received, each answered."),
    ("denied", "Commands that nobody speaks, each answered generic_nack."),
    ("failures", "Connections that could not be made or bound, or that broke."),
    ("refused_binds", "Binds that the SMSC refused."),
    ("reconnects", "Binds after the first of each."),
)
"""What a link counts, for the metrics."""

ANSWERS_SAY = "Calls of the API that were answered, by status."
ALARMS_SAY = "Calls for what nobody may have, by whose token it was."
STRAYS_SENT = "Codes that came from another number than the one that was asked for them."
STRAYS_MEANT = "Numbers whose code came from another one."
PAUSED_SAY = "Services that were stopped because their prompt is not fit to be sent."
SHOWN = 20
"""Stops that `/readyz` shows at most."""
METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def health_routes(engine: Engine, reader: SqliteReader) -> list[Route]:
    """The three pages of one engine."""
    registry = CollectorRegistry()
    registry.register(EngineCollector(engine, reader))

    async def healthz(_: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def readyz(_: Request) -> Response:
        answer = readiness(engine)
        return JSONResponse(answer, 200 if answer["ready"] else 503)

    async def metrics(_: Request) -> Response:
        return Response(generate_latest(registry), media_type=METRICS_TYPE)

    return [
        Route("/healthz", healthz, methods=["GET"]),
        Route("/readyz", readyz, methods=["GET"]),
        Route("/metrics", metrics, methods=["GET"]),
    ]


def readiness(engine: Engine) -> dict[str, object]:
    """Whether the engine decides, and why not; an SMSC that is down is named, and no reason."""
    faults = engine.committer.faults
    stops = engine.committer.rules.catalogue.stops
    reasons = []
    if not engine.is_ready:
        reasons.append("the engine is not running yet, or is stopping")
    if faults.store_away and faults.store_away != CLOCK_JUMPED:
        reasons.append(f"store: {faults.store_away}")
    if not engine.clock.is_sound():
        reasons.append("the clock jumped: nothing is committed until it has agreed again for 60 s")
    return {
        "ready": not reasons,
        "reasons": reasons,
        "catalogue_revision": engine.committer.rules.revision,
        "events_parked": faults.parked,
        "sweep": sweeping(engine),
        "stopped": [f"{held.kind} {held.name}, by {held.by}: {held.why}" for held in stops[:SHOWN]],
        "smsc": {link.name: in_words(link) for link in engine.links},
    }


def sweeping(engine: Engine) -> str:
    """What the engine still tidies up behind a stop; empty when nothing."""
    progress = engine.sweeps.progress
    if progress is None or progress.is_done:
        return ""
    return f"{progress.about}, revision {progress.revision}: {progress.swept} numbers swept"


def in_words(link: SmppLink) -> str:
    """How a link is, and why it is not whole."""
    if not link.is_up:
        return f"down: {link.stats.last_error or 'not bound yet'}"
    down = [bind for bind in link.binds if not bind.is_up]
    if not down:
        return "up"
    whole = len(link.binds)
    return f"up on {whole - len(down)} of {whole} binds: {down[0].why or 'not bound yet'}"


class EngineCollector(Collector):
    """Reads the engine's own counts when asked."""

    def __init__(self, engine: Engine, reader: SqliteReader) -> None:
        """Collect from one engine and its database."""
        self._engine = engine
        self._reader = reader

    def collect(self) -> Iterator[Metric]:
        """Give every metric."""
        committer, outbox = self._engine.committer, self._engine.outbox
        calls = self._engine.calls
        yield _counter("decisions", "Events decided and durable.", committer.decided)
        yield _counter("batches", "Transactions committed.", committer.batches)
        yield _counter("batches_failed", "Transactions undone.", committer.faults.batches_failed)
        yield _gauge("events_queued", "Events that wait to be decided.", committer.depth)
        waiting = committer.backlogs.total
        yield _gauge("texts_behind", "Texts that could leave, were there room.", waiting)
        yield _gauge("orders_claimed", "Orders under way.", outbox.depth)
        sweeps = self._engine.sweeps
        yield _counter("sweep_numbers", "Numbers swept behind a stop or its end.", sweeps.swept)
        is_sweeping = int(bool(sweeping(self._engine)))
        yield _gauge("sweeps_running", "Whether a sweep goes on.", is_sweeping)
        yield _gauge(
            "clock_sound", "Whether the clock is believed.", int(self._engine.clock.is_sound())
        )
        yield _gauge("ready", "Whether the engine decides.", int(self._engine.is_ready))
        for name, count in self._reader.counts().items():
            yield _gauge(name, f"Rows: {name.replace('_', ' ')}.", count)
        yield _counter("calls_failed", "Calls that failed by a fault of ours.", calls.failed)
        strays = self._engine.strays
        yield _counter("stray_codes_sent", STRAYS_SENT, strays.sent)
        yield _counter("stray_codes_meant", STRAYS_MEANT, strays.meant)
        pauses = self._engine.pauses
        yield _counter("prompts_unfit", "Prompts that were not fit to be sent.", pauses.unfit)
        yield _counter("services_paused", PAUSED_SAY, pauses.paused)
        stops = committer.rules.catalogue.stops
        yield _gauge("stops", "Partners and services that are stopped.", len(stops))
        answers = CounterMetricFamily("twofold_api_answers", ANSWERS_SAY, labels=["status"])
        for status, count in sorted(calls.answers.items()):
            answers.add_metric([str(status)], count)
        yield answers
        alarms = CounterMetricFamily(
            "twofold_partner_alarms", ALARMS_SAY, labels=["caller", "reason"]
        )
        for place, count in sorted(calls.alarms.items()):
            alarms.add_metric(place, count)
        yield alarms
        yield from self._links()

    def _links(self) -> Iterator[Metric]:
        """Give what each link counts."""
        up = GaugeMetricFamily("twofold_smsc_up", "Whether the link is bound.", labels=["smsc"])
        labels = ["smsc", "bind", "mode"]
        bound = GaugeMetricFamily("twofold_smsc_bind_up", "Whether it is bound.", labels=labels)
        for link in self._engine.links:
            up.add_metric([link.name], int(link.is_up))
            for bind in link.binds:
                bound.add_metric([link.name, str(bind.number), bind.mode.value], int(bind.is_up))
        yield from (up, bound)
        skew = GaugeMetricFamily(
            "twofold_smsc_clock_skew_seconds",
            "How far its clock is behind ours, 0 while its times are believed.",
            labels=["smsc"],
        )
        for name, channel in self._engine.channels.items():
            skew.add_metric([name], channel.smsc_clock.skew_ms / 1000)
        yield skew
        for field, says in LINK_COUNTS:
            family = CounterMetricFamily(f"twofold_smsc_{field}", says, labels=["smsc"])
            for link in self._engine.links:
                family.add_metric([link.name], getattr(link.stats, field))
            yield family
        busy = CounterMetricFamily(
            "twofold_smsc_busy", "MOs put off because more came than has room.", labels=["smsc"]
        )
        for name, channel in self._engine.channels.items():
            busy.add_metric([name], channel.stats.busy)
        yield busy


def _counter(name: str, says: str, count: int) -> CounterMetricFamily:
    return CounterMetricFamily(f"twofold_{name}", says, value=count)


def _gauge(name: str, says: str, count: int) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"twofold_{name}", says, value=count)
