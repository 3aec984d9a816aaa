"""The operating log: the shape of a line, what it hides, and what changed since the last look."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any, cast

import pytest
from msgspec import Struct, field, structs

from tests.architecture.sources import ROOT
from tests.unit.decide.example import rules_of
from twofold.app.calls import Calls
from twofold.app.engine import Engine
from twofold.app.logs import EVENTS, open_log
from twofold.app.settings import Secret
from twofold.app.watch import Watch
from twofold.channels.smpp import ChannelStats
from twofold.commit.committer import CLOCK_JUMPED, Faults
from twofold.control import Paused
from twofold.decide import Rules
from twofold.domain.catalogue import DatedTemplate
from twofold.domain.msisdn import Msisdn
from twofold.links.listener import LinkStats
from twofold.protocol.smpp.session import BindMode
from twofold.store.errors import StoreUnavailable
from twofold.store.port import Parked
from twofold.timers import Progress


class Bind(Struct):
    """A bind, as far as it is watched."""

    number: int
    is_up: bool = True
    times_bound: int = 1
    why: str = ""
    mode: BindMode = BindMode.TRANSCEIVER


class Link(Struct):
    """A link, as far as it is watched."""

    name: str = "main"
    is_up: bool = False
    stats: LinkStats = field(default_factory=LinkStats)
    binds: tuple["Bind", ...] = ()

    def bind(self) -> None:
        self.is_up = True
        self.stats.binds += 1

    def fail(self, why: str) -> None:
        self.is_up = False
        self.stats.outages += 1
        self.stats.last_error = why


class Committer(Struct):
    """A committer, as far as it is watched."""

    faults: Faults = field(default_factory=Faults)
    rules: Rules = field(default_factory=rules_of)
    on_parked: list[Any] = field(default_factory=list)
    on_committed: list[Any] = field(default_factory=list)


class SmscClock(Struct):
    """What is known of an SMSC's clock."""

    skew_ms: int = 0


class Channel(Struct):
    """A channel, as far as it is watched."""

    smsc_clock: SmscClock = field(default_factory=SmscClock)
    stats: ChannelStats = field(default_factory=ChannelStats)


class Following(Struct):
    """What a sweep tells."""

    progress: Progress | None = None


class Heard(Struct):
    """Codes from elsewhere, as far as they are told of."""

    on_stray: list[Any] = field(default_factory=list)


class Stopping(Struct):
    """Services that the program stops, as far as they are told of."""

    on_paused: list[Any] = field(default_factory=list)


class Rig(Struct):
    """An engine as far as it is watched, and what its log says."""

    sweeps: Following = field(default_factory=Following)
    strays: Heard = field(default_factory=Heard)
    pauses: Stopping = field(default_factory=Stopping)
    links: list[Link] = field(default_factory=lambda: [Link()])
    channels: dict[str, Channel] = field(default_factory=lambda: {"main": Channel()})
    committer: Committer = field(default_factory=Committer)
    calls: Calls = field(default_factory=Calls)
    sound: bool = True
    stream: io.StringIO = field(default_factory=io.StringIO)

    @property
    def clock(self) -> "Rig":
        return self

    def is_sound(self) -> bool:
        return self.sound

    def watch(self) -> Watch:
        return Watch(cast("Engine", self), open_log(self.stream))

    def told(self) -> list[dict[str, Any]]:
        """The lines since the last call."""
        lines = [json.loads(line) for line in self.stream.getvalue().splitlines()]
        self.stream.seek(0)
        self.stream.truncate()
        return lines

    def names(self) -> list[str]:
        return [line["event"] for line in self.told()]


@pytest.fixture
def rig() -> Iterator[Rig]:
    """A rig; the root logger is given back as it was."""
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    yield Rig()
    root.handlers, root.level = before, level


@pytest.mark.scenario("S012")
def test_a_clock_of_an_smsc_that_is_wrong_is_told_once_with_what_to_do(rig: Rig) -> None:
    watch = rig.watch()
    rig.channels["main"].smsc_clock.skew_ms = -600_000
    watch.look()
    watch.look()
    (line,) = rig.told()
    assert (line["event"], line["smsc"], line["behind_s"]) == ("smsc_clock_skewed", "main", -600)
    assert "mo_time_tlv" in line["advice"]
    rig.channels["main"].smsc_clock.skew_ms = 0
    watch.look()
    assert rig.names() == ["smsc_clock_settled"]


def test_a_line_is_json_with_time_level_and_event_first(rig: Rig) -> None:
    open_log(rig.stream).info("link_up", smsc="main")
    line = rig.stream.getvalue()
    assert list(json.loads(line)) == ["at", "level", "event", "smsc"]
    assert (json.loads(line)["level"], json.loads(line)["at"][-1]) == ("info", "Z")
    assert line.endswith("}\n")


def test_numbers_are_masked_and_secrets_hidden(rig: Rig) -> None:
    log = open_log(rig.stream)
    log.error("event_parked", msisdn=Msisdn(84_912_345_678), reason=Secret("hunter2"))
    assert "84912345678" not in rig.stream.getvalue()
    assert "hunter2" not in rig.stream.getvalue()
    assert rig.told()[0]["msisdn"] == str(Msisdn(84_912_345_678))


def test_an_event_that_is_not_on_the_list_is_a_fault(rig: Rig) -> None:
    with pytest.raises(AssertionError, match="something_else"):
        open_log(rig.stream).info("something_else")


def test_what_libraries_warn_of_has_the_same_shape(rig: Rig) -> None:
    open_log(rig.stream)
    logging.getLogger("uvicorn.error").info("quiet")
    try:
        raise ValueError("wrong")  # noqa: TRY301 - a traceback is what is looked at
    except ValueError:
        logging.getLogger("asyncio").exception("a task of %s", "mine")
    (line,) = rig.told()
    assert (line["level"], line["event"], line["logger"]) == ("error", "a task of mine", "asyncio")
    assert "ValueError: wrong" in line["exception"]


def test_every_event_is_on_the_reference_page() -> None:
    page = (ROOT / "docs" / "reference" / "log.md").read_text()
    listed = [line for line in page.splitlines() if line.startswith("- ")]
    assert listed == [f"- `{event}`: {meaning}" for event, meaning in EVENTS.items()]


def test_a_link_that_comes_up_and_breaks_is_told_once_each(rig: Rig) -> None:
    watch, (link,) = rig.watch(), rig.links
    watch.look()
    assert rig.names() == []
    link.bind()
    watch.look()
    watch.look()
    assert rig.names() == ["link_up"]
    link.fail("closed by the peer")
    watch.look()
    watch.look()
    (down,) = rig.told()
    assert (down["event"], down["smsc"], down["reason"]) == (
        "link_down",
        "main",
        "closed by the peer",
    )
    assert down["advice"]


def test_each_new_reason_of_a_link_that_stays_down_is_told_once(rig: Rig) -> None:
    watch, (link,) = rig.watch(), rig.links
    for why in ("cannot connect: Connection refused", "bind refused: ESME_RINVPASWD"):
        link.fail(why)
        watch.look()
        watch.look()
        (line,) = rig.told()
        assert line["reason"] == why
        assert line["advice"]


def test_a_link_that_broke_and_came_back_between_two_looks_is_told_of(rig: Rig) -> None:
    watch, (link,) = rig.watch(), rig.links
    link.bind()
    watch.look()
    rig.told()
    link.fail("closed by the peer")
    link.bind()
    watch.look()
    assert rig.names() == ["link_down", "link_up"]


def test_a_store_that_is_away_is_told_with_its_return(rig: Rig) -> None:
    watch, faults = rig.watch(), rig.committer.faults
    faults.store_away = "the disk is full"
    watch.look()
    watch.look()
    (line,) = rig.told()
    assert (line["event"], line["reason"]) == ("store_away", "the disk is full")
    faults.store_away = ""
    watch.look()
    (line,) = rig.told()
    assert line["event"] == "store_back"
    assert line["away_s"] >= 0


def test_a_clock_that_jumps_is_no_fault_of_the_store(rig: Rig) -> None:
    watch = rig.watch()
    rig.sound, rig.committer.faults.store_away = False, CLOCK_JUMPED
    watch.look()
    watch.look()
    assert rig.names() == ["clock_jumped"]
    rig.sound, rig.committer.faults.store_away = True, ""
    watch.look()
    assert rig.names() == ["clock_settled"]


def test_a_parked_event_is_told_at_once_and_masked(rig: Rig) -> None:
    rig.watch()
    (heard,) = rig.committer.on_parked
    heard(Parked(7, 1, 84_912_345_678, "AssertionError: no", b"{}"))
    (line,) = rig.told()
    assert (line["event"], line["event_id"], line["reason"]) == (
        "event_parked",
        7,
        "AssertionError: no",
    )
    assert line["msisdn"] == str(Msisdn(84_912_345_678))


@pytest.mark.scenario("S082")
def test_a_service_that_was_stopped_for_its_prompt_is_told_with_what_to_mend(rig: Rig) -> None:
    rig.watch()
    (told,) = rig.pauses.on_paused
    told(Paused("THETHAO", 7, "its prompt may not be sent: no price"))
    (line,) = rig.told()
    assert (line["event"], line["level"]) == ("service_paused", "error")
    assert (line["service"], line["revision"]) == ("THETHAO", 7)
    assert line["reason"] == "its prompt may not be sent: no price"
    assert "twofold resume service THETHAO" in line["advice"]


def test_an_approved_text_that_cannot_be_filled_in_is_told_once_a_revision(rig: Rig) -> None:
    watch = rig.watch()
    bad = DatedTemplate("declined", "vi", 0, "QK đã từ chối {nobody}")
    catalogue = structs.replace(rig.committer.rules.catalogue, wording=(bad,))
    rig.committer.rules = rules_of(catalogue)
    watch.look()
    watch.look()
    (line,) = rig.told()
    assert (line["event"], line["level"]) == ("text_left_out", "error")
    assert (line["key"], line["language"]) == ("declined", "vi")
    assert line["reason"] == "{nobody} is no field of declined"
    rig.committer.rules = rules_of()
    watch.look()
    assert rig.told() == []


def test_a_call_that_failed_is_told_with_the_id_that_its_caller_has(rig: Rig) -> None:
    rig.watch()
    rig.calls.fail("1B7QK0FZ3M8", StoreUnavailable("the disk is full"))
    (line,) = rig.told()
    assert (line["event"], line["level"]) == ("call_failed", "warning")
    assert (line["request_id"], line["reason"]) == ("1B7QK0FZ3M8", "the disk is full")
    rig.calls.fail("1B7QK0FZ3M9", KeyError("fault of ours"))
    (line,) = rig.told()
    assert (line["request_id"], line["level"]) == ("1B7QK0FZ3M9", "error")
    assert rig.calls.failed == 2


def test_a_sweep_is_told_when_it_begins_and_when_it_is_done(rig: Rig) -> None:
    watch = rig.watch()
    rig.sweeps.progress = Progress(7, "partner abc", 0)
    watch.look()
    rig.sweeps.progress = Progress(7, "partner abc", 256)
    watch.look()
    rig.sweeps.progress = Progress(7, "partner abc", 300, is_done=True)
    watch.look()
    watch.look()
    lines = [(line["event"], line["swept"]) for line in rig.told()]
    assert lines == [("sweep_began", 0), ("sweep_done", 300)]


def test_one_of_several_binds_is_told_of_without_the_link(rig: Rig) -> None:
    link = rig.links[0]
    link.binds = (Bind(1), Bind(2))
    link.bind()
    watch = rig.watch()
    watch.look()
    assert rig.names() == ["link_up", "bind_up", "bind_up"]
    link.binds[1].is_up, link.binds[1].why = False, "reset by peer"
    watch.look()
    (line,) = rig.told()
    assert (line["event"], line["bind"], line["reason"]) == ("bind_down", 2, "reset by peer")
    link.binds[1].is_up = True
    link.binds[0].times_bound += 1
    watch.look()
    assert rig.names() == ["bind_down", "bind_up", "bind_up"]
    watch.look()
    assert rig.names() == []


def test_throttling_and_strange_commands_are_told_with_their_counts(rig: Rig) -> None:
    watch = rig.watch()
    rig.links[0].stats.throttled, rig.links[0].stats.denied = 3, 1
    watch.look()
    told = [(line["event"], line["times"]) for line in rig.told()]
    assert told == [("link_throttled", 3), ("link_puzzled", 1)]
    watch.look()
    assert rig.names() == []


def test_overload_is_told_once_a_minute_and_when_it_is_over(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    now_s = 1_000.0
    monkeypatch.setattr("twofold.app.watch.time.monotonic", lambda: now_s)
    stats = rig.channels["main"].stats
    watch = rig.watch()
    stats.busy = 5
    watch.look()
    stats.busy = 9
    watch.look()
    (line,) = rig.told()
    assert (line["event"], line["times"]) == ("overloaded", 5)
    now_s += 60
    watch.look()
    (line,) = rig.told()
    assert (line["event"], line["times"]) == ("overloaded", 4)
    now_s += 60
    watch.look()
    watch.look()
    assert rig.names() == ["overload_over"]


def test_a_code_from_another_number_names_both_masked() -> None:
    rig = Rig()
    rig.watch()
    (told,) = rig.strays.on_stray
    told(84_912_000_111, 84_912_345_678)
    (line,) = rig.told()
    assert (line["event"], line["level"]) == ("stray_code", "warning")
    assert (line["msisdn"], line["asked"]) == ("84•••••111", "84•••••678")
