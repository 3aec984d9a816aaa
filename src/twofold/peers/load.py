"""An SMSC full of people who join services: the load of the benches and of the SIGKILL tests.

`python -m twofold.peers.load --port 2775 --journeys 20000 --open 200` waits for an ESME to bind,
plays `DK <service>`, prompt, `Y`, welcome for that many numbers, receipts on, and prints a JSON
report. It survives the ESME dying: what was not answered is delivered again, the same bytes.
It shares the machine with what it measures, so it is made of templates and nothing else.
"""

import asyncio
import gc
import socket
import sys
import time
from argparse import ArgumentParser, Namespace
from collections import deque
from collections.abc import Iterator
from typing import Final, NamedTuple, cast

import msgspec

from twofold.peers import load_wire as wire
from twofold.peers.load_journeys import (
    PROMPT,
    WELCOME,
    Journey,
    Latencies,
    LoadSettings,
    Record,
    Report,
    numbers,
)

_ASK, _CONFIRM, _RECEIPT, _LAST_RECEIPT = range(4)
_TICK_S: Final = 0.002


class _Unanswered(NamedTuple):
    kind: int
    journey: Journey
    body: bytes


class Load:
    """The load: `await start(...)`, then `await finished()` for its report."""

    def __init__(self, settings: LoadSettings) -> None:
        self.settings = settings
        self.report = Report(record=Record() if settings.record else None)
        self.port = 0
        self._waiting = deque(numbers(settings))
        self._open: dict[bytes, Journey] = {}
        self._again: deque[_Unanswered] = deque()
        self._connected: list[_Line] = []
        self._lines: list[_Line] = []
        """Those that have bound."""
        self._ask = wire.MobileOriginated(settings.short_code, f"DK {settings.service}")
        self._confirm = wire.MobileOriginated(settings.short_code, "Y")
        self._receipts = wire.Receipts(settings.short_code)
        self._latencies = Latencies()
        self._turn = 0
        self._began_at = 0.0
        self._launched = 0
        self._progress_at = 0.0
        self._message_id = 0
        self._date = b""
        self._date_until = 0.0

    async def start(self, host: str, port: int) -> None:
        """Listen for the ESME; port 0 takes a free one, named in `port`."""
        loop = asyncio.get_running_loop()
        self._done = loop.create_future()
        self._closed = loop.create_future()
        self._server = await loop.create_server(lambda: _Line(self), host, port)
        self.port = self._server.sockets[0].getsockname()[1]
        self._watch = loop.call_later(1.0, self._look_after)

    async def finished(self) -> Report:
        """Wait for the last journey, or for no progress in `give_up_s`; stop listening."""
        cpu = time.process_time()
        await self._done
        self._watch.cancel()
        self._server.close()
        for line in list(self._connected):
            line.transport.close()
        if self._connected:
            await self._closed
        report = self.report
        report.generator_cpu_s = round(time.process_time() - cpu, 3)
        report.seconds = round(self._progress_at - self._began_at, 3)
        report.journeys_per_s = round(report.journeys / max(report.seconds, 0.001), 1)
        report.left = len(self._open) + len(self._waiting)
        report.prompt_p50_ms = self._latencies.percentile_ms(0.5)
        report.prompt_p99_ms = self._latencies.percentile_ms(0.99)
        return report

    # -- what lines tell -----------------------------------------------------------------------

    def connected(self, line: "_Line") -> None:
        """Know a connection before it binds, so that it is closed in the end."""
        self._connected.append(line)

    def bound(self, line: "_Line") -> None:
        """Take an ESME in: what was left unanswered goes first."""
        self._lines.append(line)
        self.report.binds += 1
        if not self._began_at:
            self._began_at = self._progress_at = time.perf_counter()
        self.report.resent += len(self._again)
        self.resend()
        self.launch()

    def lost(self, line: "_Line", unanswered: Iterator[_Unanswered]) -> None:
        """Keep what a dead ESME had not answered."""
        self._connected.remove(line)
        if line in self._lines:
            self._lines.remove(line)
        if self._done.done() and not self._connected and not self._closed.done():
            self._closed.set_result(None)
        self._again.extend(unanswered)
        if self._lines:
            self.resend()

    def resend(self) -> None:
        """Deliver again what is still without an answer."""
        while self._again and self._lines:
            self._next_line().deliver(self._again.popleft())

    def launch(self) -> None:
        """Begin as many journeys as the settings allow at this moment."""
        if not self._lines:
            return
        for _ in range(min(self._allowed(), len(self._waiting))):
            journey = Journey(self._waiting.popleft())
            self._open[journey.msisdn] = journey
            journey.asked_at = time.perf_counter()
            body = self._ask.body(journey.msisdn)
            self._next_line().deliver(_Unanswered(_ASK, journey, body))
            self._launched += 1
        if self.settings.rate and self._waiting:
            asyncio.get_running_loop().call_later(_TICK_S, self.launch)

    def _allowed(self) -> int:
        if not self.settings.rate:
            return self.settings.open_at_once - len(self._open)
        due = int((time.perf_counter() - self._began_at) * self.settings.rate) - self._launched
        if not self.settings.window:
            return due
        unanswered = sum(line.unanswered for line in self._lines)
        return max(0, min(due, self.settings.window - unanswered))

    def answered(self, sent: _Unanswered, status: int) -> None:
        """Go on after a deliver_sm_resp."""
        kind, journey, _ = sent
        if status:
            self._not_taken(sent, status)
        elif kind == _LAST_RECEIPT:
            self._complete(journey)
        elif self.report.record is not None and kind != _RECEIPT:
            record = self.report.record
            (record.asked if kind == _ASK else record.confirmed).append(journey.msisdn.decode())

    def _not_taken(self, sent: _Unanswered, status: int) -> None:
        if status == wire.ESME_RX_T_APPN:
            self.report.put_off += 1
            self._again.append(sent)
            asyncio.get_running_loop().call_later(self.settings.retry_s, self.resend)
            return
        self.report.refused += 1
        self._end(sent.journey)

    def _complete(self, journey: Journey) -> None:
        self.report.journeys += 1
        self._progress_at = time.perf_counter()
        self._end(journey)

    def _end(self, journey: Journey) -> None:
        if self._open.pop(journey.msisdn, None) is None:
            return
        if not self.settings.rate:
            self.launch()
        if not self._open and not self._waiting and not self._done.done():
            self._done.set_result(None)

    def submit(self, line: "_Line", sequence: int, submit: wire.Submitted) -> None:
        """Answer a text, send its receipt, and play what its reader does next."""
        self._message_id += 1
        message_id = b"%08x" % self._message_id
        line.write(wire.submitted(sequence, message_id))
        journey = self._open.get(submit.msisdn) or Journey(submit.msisdn, ended=True)
        last = self._read(line, journey, submit)
        if submit.registered:
            body = self._receipts.body(submit.msisdn, message_id, self._today())
            kind = _LAST_RECEIPT if last else _RECEIPT
            self._next_line().deliver(_Unanswered(kind, journey, body))
        elif last:
            self._complete(journey)

    def _read(self, line: "_Line", journey: Journey, submit: wire.Submitted) -> bool:
        """Say whether this text ends the journey."""
        text = submit.text
        if self.report.record is not None:
            self.report.record.texts[journey.msisdn.decode()].append(text.decode("latin-1"))
        if submit.parts > 1:
            journey.parts.append(text)
            if len(journey.parts) < submit.parts:
                return False
            text = b"".join(journey.parts)
            journey.parts.clear()
        if WELCOME in text:
            return self._welcomed(journey)
        if PROMPT in text:
            self._prompted(line, journey)
        else:
            self.report.unexpected += 1
        return False

    def _welcomed(self, journey: Journey) -> bool:
        if journey.welcomed:
            self.report.again += 1
            return False
        if not journey.prompted:
            self.report.unexpected += 1
        journey.welcomed = True
        return True

    def _prompted(self, line: "_Line", journey: Journey) -> None:
        if journey.prompted:
            self.report.again += 1
            return
        journey.prompted = True
        self._latencies.add(line.now - journey.asked_at)
        body = self._confirm.body(journey.msisdn)
        self._next_line().deliver(_Unanswered(_CONFIRM, journey, body))

    def _next_line(self) -> "_Line":
        self._turn += 1
        return self._lines[self._turn % len(self._lines)]

    def _today(self) -> bytes:
        now = time.time()
        if now >= self._date_until:
            self._date = time.strftime("%y%m%d%H%M", time.gmtime(now)).encode()
            self._date_until = now + 1.0
        return self._date

    def _look_after(self) -> None:
        """Give up on a load that stands still."""
        idle = time.perf_counter() - self._progress_at if self._began_at else 0.0
        if idle > self.settings.give_up_s and not self._done.done():
            self._done.set_result(None)
        if not self._done.done():
            self._watch = asyncio.get_running_loop().call_later(1.0, self._look_after)


class _Line(asyncio.Protocol):
    """One connection of the ESME."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self._rest = b""
        self._out: list[bytes] = []
        self._flushing = False
        self._sequence = 0
        self._unanswered: dict[int, _Unanswered] = {}
        self.now = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self._loop = asyncio.get_running_loop()
        self._load.connected(self)
        found = self.transport.get_extra_info("socket")
        if found is not None:
            found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def connection_lost(self, error: Exception | None) -> None:
        del error
        self._load.lost(self, iter(self._unanswered.values()))

    def data_received(self, data: bytes) -> None:
        self.now = time.perf_counter()
        if self._rest:
            data = self._rest + data
        start, size = 0, len(data)
        while size - start >= wire.HEADER.size:
            length, command, status, sequence = wire.HEADER.unpack_from(data, start)
            if size - start < length:
                break
            if command == wire.DELIVER_SM | wire.RESPONSE:
                if (sent := self._unanswered.pop(sequence, None)) is not None:
                    self._load.answered(sent, status)
            elif command == wire.SUBMIT_SM:
                submit = wire.read_submit(data, start, start + length)
                self._load.submit(self, sequence, submit)
            else:
                self._other(command, sequence, data, start)
            start += length
        self._rest = data[start:]

    def _other(self, command: int, sequence: int, data: bytes, start: int) -> None:
        if command in wire.BINDS:
            self._bind(command, sequence, *wire.read_bind(data, start))
        elif command in {wire.ENQUIRE_LINK, wire.UNBIND}:
            self.write(wire.answer(command | wire.RESPONSE, 0, sequence))
        elif command < wire.RESPONSE:
            self.write(wire.answer(wire.GENERIC_NACK, wire.ESME_RINVCMDID, sequence))

    def _bind(self, command: int, sequence: int, system_id: str, password: str) -> None:
        settings = self._load.settings
        welcome = (system_id, password) == (settings.system_id, settings.password)
        status = 0 if welcome else wire.ESME_RINVPASWD
        self.write(wire.answer(command | wire.RESPONSE, status, sequence, b"load\0" * welcome))
        if welcome:
            self._load.bound(self)

    @property
    def unanswered(self) -> int:
        """How many deliver_sm have no answer yet."""
        return len(self._unanswered)

    def deliver(self, unanswered: _Unanswered) -> None:
        """Send a deliver_sm, and remember it until it is answered."""
        self._sequence += 1
        self._unanswered[self._sequence] = unanswered
        self.write(wire.deliver(unanswered.body, self._sequence))

    def write(self, pdu: bytes) -> None:
        """Send once in each turn of the loop, all that has come together."""
        self._out.append(pdu)
        if not self._flushing:
            self._flushing = True
            self._loop.call_soon(self._flush)

    def _flush(self) -> None:
        self._flushing = False
        if not self.transport.is_closing():
            self.transport.write(b"".join(self._out))
        self._out.clear()


async def play(settings: LoadSettings, host: str, port: int) -> Report:
    """Play a load to its end; its port is told on standard error as soon as it listens."""
    load = Load(settings)
    await load.start(host, port)
    sys.stderr.write(f"listening on {host}:{load.port}\n")
    sys.stderr.flush()
    return await load.finished()


def settings_of(options: Namespace) -> LoadSettings:
    """Read the settings from the command's options."""
    first, last = options.numbers.split(":")
    return LoadSettings(
        journeys=options.journeys,
        open_at_once=options.open,
        rate=options.rate,
        service=options.service,
        short_code=options.short_code,
        first_number=int(first),
        last_number=int(last),
        seed=options.seed,
        system_id=options.system_id,
        password=options.password,
        window=options.window,
        give_up_s=options.give_up,
        record=options.record,
    )


def parser() -> ArgumentParser:
    """Describe the command."""
    made = ArgumentParser("python -m twofold.peers.load", description=__doc__)
    made.add_argument("--host", default="127.0.0.1")
    made.add_argument("--port", type=int, default=0)
    made.add_argument("--journeys", type=int, required=True)
    made.add_argument("--open", type=int, default=200, help="journeys kept open at once")
    made.add_argument("--rate", type=float, default=0.0, help="instead of --open: begun a second")
    made.add_argument("--window", type=int, default=0, help="unanswered at once; 0: any number")
    made.add_argument("--service", default="THETHAO")
    made.add_argument("--short-code", default="9166")
    made.add_argument("--numbers", default="84912000000:84912999999", help="first:last")
    made.add_argument("--seed", type=int, default=1)
    made.add_argument("--system-id", default="twofold")
    made.add_argument("--password", default="secret")
    made.add_argument("--give-up", type=float, default=30.0, help="seconds without progress")
    made.add_argument("--record", action="store_true", help="report each MO and text, too")
    return made


def main() -> None:
    """Play one load and print its report as JSON."""
    options = parser().parse_args()
    settings = settings_of(options)
    gc.disable()  # Nothing here makes cycles, and a collection would show in the 99th percentile.
    report = asyncio.run(play(settings, options.host, options.port))
    sys.stdout.write(msgspec.json.encode(report).decode() + "\n")


if __name__ == "__main__":
    main()
