"""What protects a number from requests, guard by guard, at the edges of each."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from msgspec import structs

from tests.unit.decide.example import (
    CHANCE,
    GAME,
    HOUR_MS,
    MUSIC,
    NOW_AT,
    POLICY,
    SPORT,
    WINDOW_MS,
    Number,
    catalogue_of,
    ends_of,
    orders_of,
    rules_of,
)
from twofold.commit.room import Seats
from twofold.decide.decision import Draft
from twofold.decide.guards import AGAIN, guard
from twofold.domain.catalogue import Service
from twofold.domain.events import NumberFlagged
from twofold.domain.numbers import NumberChange
from twofold.domain.reason import Reason
from twofold.domain.subscriber import Channel, Flag, Memory
from twofold.domain.terms import DAY_MS, MINUTE_MS

OTHERS = [Channel.WEB, Channel.APP, Channel.IVR, Channel.CARE, Channel.PARTNER]


def judged(
    number: Number,
    service: Service = SPORT,
    channel: Channel = Channel.PARTNER,
    *,
    is_proved: bool = True,
) -> Reason | None:
    """Ask the guards about a request at this moment."""
    msisdn = number.subscriber.msisdn
    now = NumberFlagged(0, number.now_at, msisdn, Flag.NO_SMS, is_set=False, happened_at=1)
    draft = Draft(number.subscriber, now, number.rules, leaving=Seats(1), chance=CHANCE)
    return guard(draft, service, channel, is_proved=is_proved)


def at_local(hour: int, minute: int, second: int = 0) -> int:
    """A time of the day after the story begins, in Viet Nam, ms UTC."""
    zone = ZoneInfo("Asia/Ho_Chi_Minh")
    return int(datetime(2026, 7, 2, hour, minute, second, tzinfo=zone).timestamp() * 1000)


def refuse(number: Number, code: str = "THETHAO", to: str = "9166") -> None:
    """Be asked, and say no."""
    number.is_asked(code, to)
    number.says(f"N {code}", to)


def be_silent(number: Number, code: str = "THETHAO", to: str = "9166") -> None:
    """Be asked, and let the window pass."""
    request = number.is_asked(code, to)
    number.passes(WINDOW_MS)
    number.times_out(request)


# -- a number's flags ------------------------------------------------------------------------------

FLAGGED = [
    (Flag.BLOCKED, Channel.SMS, True, Reason.BLOCK_LISTED),
    (Flag.BLOCKED, Channel.PARTNER, True, Reason.BLOCK_LISTED),
    (Flag.CHILD_LINE, Channel.SMS, True, Reason.MINOR_PROTECTED),
    (Flag.PARENTAL_LOCK, Channel.APP, True, Reason.MINOR_PROTECTED),
    (Flag.DO_NOT_CALL, Channel.SMS, True, None),
    (Flag.DO_NOT_CALL, Channel.USSD, False, None),
    (Flag.DO_NOT_CALL, Channel.CARE, False, None),
    (Flag.DO_NOT_CALL, Channel.PARTNER, True, None),
    (Flag.DO_NOT_CALL, Channel.PARTNER, False, Reason.DO_NOT_CALL),
    (Flag.DO_NOT_CALL, Channel.WEB, False, Reason.DO_NOT_CALL),
    (Flag.NO_SMS, Channel.SMS, True, None),
    (Flag.NO_SMS, Channel.USSD, True, Reason.NO_SMS_CAPABILITY),
    (Flag.NO_SMS, Channel.WEB, True, Reason.NO_SMS_CAPABILITY),
]


@pytest.mark.scenario("S074", "S075", "S076")
@pytest.mark.parametrize(("flag", "channel", "is_proved", "reason"), FLAGGED)
def test_a_flag_refuses_whom_it_is_meant_for(
    flag: Flag,
    channel: Channel,
    is_proved: bool,  # noqa: FBT001 - a column
    reason: Reason | None,
) -> None:
    number = Number()
    number.is_flagged(flag)
    assert judged(number, channel=channel, is_proved=is_proved) is reason
    number.is_flagged(flag, is_set=False)
    assert judged(number, channel=channel, is_proved=is_proved) is None


def test_a_flag_that_says_nothing_new_changes_nothing() -> None:
    number = Number()
    assert number.is_flagged(Flag.DO_NOT_CALL).reason is None
    before = number.subscriber
    assert number.is_flagged(Flag.DO_NOT_CALL).reason is Reason.SETTLED_BEFORE
    assert number.subscriber is before


def test_of_two_reports_of_a_flag_the_later_one_counts_whichever_comes_first() -> None:
    number = Number()
    number.passes(HOUR_MS)
    number.is_flagged(Flag.CHILD_LINE, is_set=False)
    late = number.is_flagged(Flag.CHILD_LINE, happened_at=number.now_at - 1)
    assert late.reason is Reason.SETTLED_BEFORE
    assert number.subscriber.flags == 0
    number.is_flagged(Flag.DO_NOT_CALL, happened_at=number.now_at - 1)
    assert number.subscriber.flags == Flag.DO_NOT_CALL, "each flag has a time of its own"


def test_what_was_said_of_a_former_holder_is_not_said_of_the_next() -> None:
    number = Number()
    number.is_flagged(Flag.CHILD_LINE)
    number.passes(HOUR_MS)
    number.changes(NumberChange.RECYCLED)
    assert number.subscriber.flags == 0
    late = number.is_flagged(Flag.CHILD_LINE, happened_at=number.now_at - 1)
    assert (late.reason, number.subscriber.flags) == (Reason.SETTLED_BEFORE, 0)


def test_nothing_is_said_of_a_number_that_nobody_has_here() -> None:
    number = Number()
    number.changes(NumberChange.PORTED_OUT)
    number.passes(HOUR_MS)
    assert number.is_flagged(Flag.DO_NOT_CALL).reason is Reason.SETTLED_BEFORE


@pytest.mark.scenario("S076")
@pytest.mark.parametrize("flag", [Flag.CHILD_LINE, Flag.PARENTAL_LOCK])
def test_a_childs_line_is_told_why_and_asks_in_vain(flag: Flag) -> None:
    number = Number()
    number.is_flagged(flag)
    decision = number.says("DK THETHAO")
    assert decision.reason is Reason.MINOR_PROTECTED
    assert orders_of(decision) == ["minor_protected"]
    assert ends_of(decision) == ["THETHAO refused"]


# -- the yes ---------------------------------------------------------------------------------------

TURNED: dict[str, tuple[Callable[[Number], object], Reason, str]] = {
    "CHAN": (lambda number: number.says("CHAN", "123"), Reason.BLOCK_LISTED, "blocked"),
    "locked": (
        lambda number: number.is_flagged(Flag.PARENTAL_LOCK),
        Reason.MINOR_PROTECTED,
        "minor_protected",
    ),
}


@pytest.mark.scenario("S074", "S076")
@pytest.mark.parametrize("turn", TURNED)
def test_a_yes_after_the_number_was_shut_starts_nothing(turn: str) -> None:
    happen, reason, key = TURNED[turn]
    number = Number()
    number.is_asked()
    happen(number)
    decision = number.says("Y")
    assert decision.reason is reason
    assert orders_of(decision) == [key]
    assert ends_of(decision) == ["THETHAO withdrawn"]


def test_a_policy_that_asks_nothing_again_lets_the_yes_count() -> None:
    lenient = structs.replace(POLICY, checked_again_at_confirm=frozenset())
    number = Number(rules_of(policy=lenient))
    number.is_asked()
    number.says("CHAN", "123")
    number.says("Y")
    assert number.states == ["THETHAO active"]


def test_the_vietnamese_pack_asks_all_of_it_again() -> None:
    assert set(AGAIN) == POLICY.checked_again_at_confirm


# -- the night -------------------------------------------------------------------------------------

HOURS = [
    ((21, 59, 59), None),
    ((22, 0, 0), Reason.QUIET_HOURS),
    ((23, 59, 59), Reason.QUIET_HOURS),
    ((0, 0, 0), Reason.QUIET_HOURS),
    ((6, 59, 59), Reason.QUIET_HOURS),
    ((7, 0, 0), None),
]


@pytest.mark.parametrize(("local", "reason"), HOURS)
def test_nobody_is_invited_at_night(local: tuple[int, int, int], reason: Reason | None) -> None:
    number = Number()
    number.now_at = at_local(*local)
    for channel in (Channel.PARTNER, Channel.WEB):
        assert judged(number, channel=channel, is_proved=False) is reason
        assert judged(number, channel=channel, is_proved=True) is None
    for channel in (Channel.SMS, Channel.USSD, Channel.APP, Channel.IVR, Channel.CARE):
        assert judged(number, channel=channel, is_proved=False) is None


# -- cool-downs ------------------------------------------------------------------------------------


@pytest.mark.scenario("S006")
@pytest.mark.parametrize("channel", OTHERS)
def test_after_a_no_other_channels_leave_the_service_alone_for_a_day(channel: Channel) -> None:
    number = Number()
    refuse(number)
    number.passes(DAY_MS - 1)
    assert judged(number, channel=channel) is Reason.COOL_DOWN
    assert judged(number, MUSIC, channel) is None
    number.passes(1)
    assert judged(number, channel=channel) is None


@pytest.mark.scenario("S006")
@pytest.mark.parametrize("channel", [Channel.SMS, Channel.USSD])
def test_after_a_no_the_subscriber_may_start_over_at_once(channel: Channel) -> None:
    number = Number()
    refuse(number)
    assert judged(number, channel=channel) is None
    number.says("DK THETHAO")
    assert number.states == ["THETHAO waiting_prompt"]


@pytest.mark.parametrize("end", ["HUY THETHAO", "Y"])
def test_what_was_no_refusal_makes_nothing_rest(end: str) -> None:
    number = Number()
    number.is_asked()
    number.says(end)
    assert judged(number) is None


def test_one_silence_makes_nothing_rest_and_two_in_a_row_do_for_a_week() -> None:
    number = Number()
    be_silent(number)
    assert judged(number) is None
    number.passes(3 * DAY_MS)
    be_silent(number)
    number.passes(7 * DAY_MS - 1)
    assert judged(number) is Reason.COOL_DOWN
    assert judged(number, channel=Channel.USSD) is None
    number.passes(1)
    assert judged(number) is None


def between_silences(number: Number) -> None:
    """Let the first silence be forgotten."""
    number.passes(7 * DAY_MS)


def agree_and_stop(number: Number) -> None:
    """Want it after all, for a moment."""
    number.passes(DAY_MS)
    number.joins()
    number.says("HUY")
    number.passes(DAY_MS)


NOT_IN_A_ROW: dict[str, Callable[[Number], object]] = {
    "a week apart": between_silences,
    "a yes between": agree_and_stop,
    "of another service": lambda number: number.passes(DAY_MS),
}


@pytest.mark.parametrize("what", NOT_IN_A_ROW)
def test_two_silences_that_are_not_in_a_row_make_nothing_rest(what: str) -> None:
    number = Number()
    be_silent(number, "GAME", "1579") if what == "of another service" else be_silent(number)
    NOT_IN_A_ROW[what](number)
    be_silent(number)
    assert judged(number) is None


def test_refusals_of_many_services_stay_within_bounds() -> None:
    names = [f"S{index}" for index in range(12)]
    services = [structs.replace(SPORT, code=name, name=name) for name in names]
    number = Number(rules_of(catalogue_of(*services)))
    for name in names:
        number.passes(6 * HOUR_MS)
        refuse(number, name)
    assert len(number.subscriber.memory.unwanted) <= 8
    assert judged(number, services[-1]) is Reason.COOL_DOWN


# -- caps ------------------------------------------------------------------------------------------


@pytest.mark.scenario("S072")
@pytest.mark.parametrize("channel", OTHERS)
def test_other_channels_ask_about_one_service_twice_a_day(channel: Channel) -> None:
    number = Number()
    for _ in range(2):
        number.is_asked("GAME", "1579")
        number.says("HUY GAME", "1579")
        number.passes(2 * HOUR_MS)
    number.now_at = NOW_AT + DAY_MS - 1
    assert judged(number, GAME, channel) is Reason.SERVICE_RATE_LIMIT
    assert judged(number, SPORT, channel) is None
    number.passes(1)
    assert judged(number, GAME, channel) is None


@pytest.mark.scenario("S072")
@pytest.mark.parametrize("channel", [Channel.SMS, Channel.USSD])
def test_the_subscriber_may_ask_about_one_service_more_often(channel: Channel) -> None:
    number = Number()
    for _ in range(2):
        number.is_asked()
        number.says("HUY THETHAO")
        number.passes(2 * HOUR_MS)
    assert judged(number, channel=channel) is None


def ask_thrice(number: Number) -> None:
    """One request waits, one became a subscription, one is over: each is a prompt."""
    number.joins()
    number.passes(10 * MINUTE_MS)
    number.is_asked("GAME", "1579")
    number.says("N", "1579")
    number.passes(10 * MINUTE_MS)
    number.is_asked("NHAC")


@pytest.mark.scenario("S077")
@pytest.mark.parametrize("channel", [Channel.SMS, Channel.USSD, *OTHERS])
def test_the_fourth_prompt_in_an_hour_is_not_sent_whoever_asks(channel: Channel) -> None:
    number = Number()
    ask_thrice(number)
    number.now_at = NOW_AT + HOUR_MS - 1
    assert judged(number, GAME, channel) in {Reason.SUBSCRIBER_RATE_LIMIT, Reason.COOL_DOWN}
    remember(number, structs.replace(number.subscriber.memory, unwanted=()))
    assert judged(number, GAME, channel) is Reason.SUBSCRIBER_RATE_LIMIT
    number.passes(1)
    assert judged(number, GAME, channel) is None


@pytest.mark.scenario("S077")
def test_the_sixth_prompt_in_a_day_is_not_sent() -> None:
    number = Number()
    for _ in range(5):
        refuse(number)
        number.passes(2 * HOUR_MS)
    number.now_at = NOW_AT + DAY_MS - 1
    assert judged(number, channel=Channel.SMS) is Reason.SUBSCRIBER_RATE_LIMIT
    number.passes(1)
    assert judged(number, channel=Channel.SMS) is None


@pytest.mark.scenario("S077")
def test_the_subscriber_is_told_once_from_when_on_to_ask_again() -> None:
    number = Number()
    ask_thrice(number)
    decision = number.says("DK GAME", "1579")
    assert decision.reason is Reason.SUBSCRIBER_RATE_LIMIT
    assert orders_of(decision) == ["try_later"]
    assert ends_of(decision) == ["GAME refused"]
    assert "sau 10:01 01/07" in number.order.text
    for _ in range(3):
        number.passes(12 * MINUTE_MS)
        again = number.says("DK GAME", "1579")
        assert (again.reason, orders_of(again)) == (Reason.SUBSCRIBER_RATE_LIMIT, [])
    number.now_at = NOW_AT + HOUR_MS + 26_000
    assert orders_of(number.says("DK GAME", "1579")) == ["confirm_request"]


def test_a_new_run_of_requests_is_told_anew() -> None:
    number = Number()
    ask_thrice(number)
    number.says("DK GAME", "1579")
    number.passes(41 * MINUTE_MS)
    number.is_asked("GAME", "1579")
    number.says("N", "1579")
    assert orders_of(number.says("DK GAME", "1579")) == ["try_later"]


def test_a_prompt_that_never_left_is_not_counted() -> None:
    number = Number(leaving=False)
    for _ in range(4):
        number.says("DK THETHAO")
        number.says("HUY THETHAO")
        number.passes(MINUTE_MS)
    assert judged(number) is None


def test_a_prompt_that_waits_to_leave_is_counted_already() -> None:
    number = Number(leaving=False)
    for code, to in (("THETHAO", "9166"), ("NHAC", "9166"), ("GAME", "1579")):
        number.says(f"DK {code}", to)
    number.passes(90 * MINUTE_MS)
    assert judged(number) is Reason.SUBSCRIBER_RATE_LIMIT


def test_copies_of_one_prompt_are_one_request() -> None:
    number = Number()
    request = number.is_asked()
    number.passes(15 * MINUTE_MS)
    number.hears(number.says("DK THETHAO").orders[0])
    assert number.request.copies == 2
    assert request.id == number.request.id
    number.is_asked("GAME", "1579")
    assert judged(number, MUSIC) is None


# -- precedence ------------------------------------------------------------------------------------


def test_the_first_guard_that_has_something_to_say_is_heard() -> None:
    number = Number()
    for _ in range(3):
        refuse(number)
    number.now_at = at_local(0, 0) - HOUR_MS
    memory = number.subscriber.memory
    lately = tuple(structs.replace(line, asked_at=number.now_at) for line in memory.settled)
    rests = (structs.replace(memory.unwanted[0], rests_until_at=number.now_at + 1),)
    remember(number, structs.replace(memory, settled=lately, unwanted=rests))
    flags = [Flag.BLOCKED, Flag.CHILD_LINE, Flag.DO_NOT_CALL, Flag.NO_SMS]
    for flag in flags:
        number.is_flagged(flag)
    heard = []
    for flag in flags:
        heard.append(judged(number, is_proved=False))
        number.is_flagged(flag, is_set=False)
    heard += [judged(number, is_proved=False), judged(number)]
    remember(number, structs.replace(memory, settled=lately, unwanted=()))
    heard += [judged(number), judged(number, MUSIC)]
    in_order = sorted(Reason)
    first = in_order.index(Reason.BLOCK_LISTED)
    assert heard == in_order[first : first + len(heard)]


def remember(number: Number, memory: Memory) -> None:
    """Have the number remember this."""
    number.subscriber = structs.replace(number.subscriber, memory=memory)
