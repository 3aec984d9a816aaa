"""A request that is confirmed by the code of its prompt: drawn, told and missed."""

import re

import pytest
from msgspec import structs

from tests.unit.decide.example import (
    CHANCE,
    HOUR_MS,
    MUSIC,
    POLICY,
    RULES,
    WINDOW_MS,
    Number,
    catalogue_of,
    ends_of,
    money_of,
    orders_of,
    rules_of,
)
from twofold.commit.room import Seats
from twofold.decide import Rules, decide
from twofold.domain.numbers import NumberChange
from twofold.domain.orders import Order, RetryAt
from twofold.domain.policy import ReplyMode
from twofold.domain.reason import Reason
from twofold.domain.subscriber import Channel

BY_CODE = rules_of(policy=structs.replace(POLICY, reply_mode=ReplyMode.CODE))
BY_PACKAGE = rules_of(policy=structs.replace(POLICY, reply_mode=ReplyMode.PACKAGE))


def asked(service: str = "THETHAO") -> tuple[Number, str]:
    """A number that was asked for a code, and the code."""
    number = Number(BY_CODE)
    return number, code_of(number, service)


def code_of(number: Number, service: str = "THETHAO") -> str:
    """Ask for a service, and read the code in the prompt."""
    number.says(f"DK {service}")
    order = number.order
    number.hears(order)
    return read_in(order)


def read_in(order: Order) -> str:
    """The code that a prompt prints."""
    found = re.search(r"soan Y (\d{4}) gui 9166", order.text)
    assert found is not None, order.text
    return found[1]


def wrong(code: str) -> str:
    """A code that is another one."""
    return str((int(code) - 999) % 9_000 + 1_000)


@pytest.mark.scenario("S025", "S026")
@pytest.mark.parametrize(
    "said",
    [
        *(
            "Y {}",
            "y {}",
            "Y{}",
            " Y  {} ",
            "Y.{}",
            "Y-{}.",
            "{}",
            "Y {}\r\n",
            "Có {}",
            "Đồng ý {}",
        ),
        *("DONGY {}", "ok {}", "XN {}", "\u00d0ồng ý {}", "Ｙ {}", "({})", "yes: {}"),
    ],
)
def test_the_code_confirms_in_every_usual_spelling(said: str) -> None:
    number, code = asked()
    decision = number.says(said.format(code))
    assert (number.states, money_of(decision)) == (["THETHAO active"], [2_000])


@pytest.mark.scenario("S028", "S029", "S030", "S032")
@pytest.mark.parametrize(
    "said",
    [
        *(
            "Y {}?",
            "Y {} {}",
            "toi dong y {}",
            "\u0423 {}",
            "\u03a5 {}",
            "DK {}",
            "Y HUY {}",
            "Y {} N",
        ),
        *("{} Y", "A {}", "Y 0{}", "Y{}5", "Ma {}", "Y THETHAO {}"),
    ],
)
def test_what_is_not_the_whole_message_confirms_nothing_and_costs_no_try(said: str) -> None:
    number, code = asked()
    decision = number.says(said.format(code, code))
    assert number.states == ["THETHAO pending"]
    assert decision.reason is not Reason.WRONG_CODE
    held = number.request.code
    assert held is not None
    assert held.wrong == 0


@pytest.mark.scenario("S034")
@pytest.mark.parametrize("said", ["Y", "Y.", "Co", "Đồng ý", "Y THETHAO", "ok thethao"])
def test_a_yes_without_the_code_is_asked_for_it(said: str) -> None:
    number, code = asked()
    decision = number.says(said)
    assert (decision.reason, orders_of(decision)) == (Reason.CODE_MISSING, ["confirm_code"])
    assert number.states == ["THETHAO pending"]
    assert code not in number.order.text


@pytest.mark.scenario("S031")
def test_three_wrong_codes_end_the_request_and_a_new_one_has_a_new_code() -> None:
    number, code = asked()
    for left in (2, 1):
        number.passes(HOUR_MS)
        decision = number.says(f"Y {wrong(code)}")
        assert (decision.reason, orders_of(decision)) == (Reason.WRONG_CODE, ["wrong_code"])
        assert f"con {left} lan nhap" in number.order.text
    number.passes(HOUR_MS)
    decision = number.says(f"Y {wrong(code)}")
    assert orders_of(decision) == ["code_used_up"]
    assert ends_of(decision) == ["THETHAO cancelled"]
    assert decision.settled[0].reason is Reason.CODES_USED_UP
    number.passes(HOUR_MS)
    again = code_of(number)
    assert again != code
    number.says(f"Y {code}")
    assert number.states == ["THETHAO pending"]
    number.says(f"Y {again}")
    assert number.states == ["THETHAO active"]


@pytest.mark.scenario("S068")
def test_the_code_of_yesterday_meets_nothing_today() -> None:
    number, code = asked()
    number.passes(WINDOW_MS)
    number.times_out()
    late = number.says(f"Y {code}")
    assert (late.reason, orders_of(late)) == (Reason.WINDOW_PASSED, ["late_confirm"])
    number.passes(HOUR_MS)
    assert code_of(number) != code
    decision = number.says(f"Y {code}")
    assert (decision.reason, number.states) == (Reason.WRONG_CODE, ["THETHAO pending"])


@pytest.mark.scenario("S018")
def test_a_code_before_the_hand_over_is_a_guess_even_if_it_is_right() -> None:
    number = Number(BY_CODE, leaving=False)
    number.says("DK THETHAO")
    held = number.request.code
    assert held is not None
    decision = number.says(f"Y {held.digits}")
    assert (decision.reason, number.states) == (Reason.WRONG_CODE, ["THETHAO waiting_prompt"])


@pytest.mark.scenario("S018")
def test_a_right_code_is_kept_while_the_answer_is_out_and_a_guess_if_it_is_a_refusal() -> None:
    number = Number(BY_CODE)
    number.says("DK THETHAO")
    order, held = number.order, number.request.code
    assert held is not None
    kept = number.says(f"Y {held.digits}")
    assert kept.reason is Reason.PROMPT_UNANSWERED
    decision = number.hears(order, RetryAt(number.now_at + 1_000, "throttled"))
    assert (decision.reason, orders_of(decision)) == (Reason.WRONG_CODE, ["wrong_code"])
    missed = number.request.code
    assert missed is not None
    assert (missed.digits, missed.wrong) == (held.digits, 1)


@pytest.mark.scenario("S035")
def test_a_bare_yes_while_two_wait_starts_neither_and_lists_both() -> None:
    number, code = asked()
    other = code_of(number, "NHAC")
    decision = number.says("Y")
    assert (decision.reason, orders_of(decision)) == (Reason.SEVERAL_PENDING, ["confirm_which"])
    assert "Tin the thao hoac Y kem ma trong tin hoi Nhac cho" in number.order.text
    assert code not in number.order.text
    number.says(f"Y {other}")
    assert number.states == ["THETHAO pending", "NHAC active"]


@pytest.mark.scenario("S065")
def test_a_doubled_code_is_told_what_is_on_and_costs_the_other_request_nothing() -> None:
    number, code = asked()
    number.says(f"Y {code}")
    code_of(number, "NHAC")
    decision = number.says(f"Y{code}")
    assert (decision.reason, orders_of(decision)) == (Reason.ALREADY_ACTIVE, ["already"])
    held = number.request.code
    assert held is not None
    assert held.wrong == 0


@pytest.mark.scenario("S038")
@pytest.mark.parametrize("to", ["123", "1579"])
def test_a_code_to_another_short_code_is_told_the_right_one_and_costs_no_try(to: str) -> None:
    number, code = asked()
    for said in (f"Y {code}", f"Y {wrong(code)}"):
        decision = number.says(said, to)
        assert (decision.reason, number.states) == (Reason.WRONG_SHORT_CODE, ["THETHAO pending"])
    assert number.says(f"Y {code}").reason is None


@pytest.mark.scenario("S006", "S007")
@pytest.mark.parametrize(
    ("said", "ends"),
    [
        *(("N {}", "declined"), ("N{}", "declined"), ("khong dong y {}", "declined")),
        *(("HUY {}", "cancelled"), ("HUY THETHAO", "cancelled")),
    ],
)
def test_a_no_or_a_stop_with_the_code_ends_that_request(said: str, ends: str) -> None:
    number, code = asked()
    code_of(number, "NHAC")
    assert ends_of(number.says(said.format(code))) == [f"THETHAO {ends}"]
    later = number.says(f"Y {code}", "1579")
    assert number.states == ["NHAC pending"]
    assert money_of(later) == []


@pytest.mark.scenario("S036")
def test_in_package_mode_the_service_is_always_named() -> None:
    number = Number(BY_PACKAGE)
    number.says("DK THETHAO")
    assert "soan Y THETHAO gui" in number.order.text
    number.hears(number.order)
    decision = number.says("Y")
    assert (decision.reason, number.states) == (Reason.SERVICE_NOT_NAMED, ["THETHAO pending"])
    number.says("Y THETHAO")
    assert number.states == ["THETHAO active"]


def test_a_risk_rule_steps_up_to_a_code_and_none_steps_down() -> None:
    dear = Number(rules_of(policy=structs.replace(POLICY, code_from_minor=10_000)))
    dear.is_asked()
    assert dear.request.code is None
    assert code_of(dear, "NHAC")
    by_web = structs.replace(POLICY, code_channels=frozenset({Channel.WEB}))
    assert Number(rules_of(policy=by_web)).is_asked().code is None


@pytest.mark.scenario("S044")
@pytest.mark.parametrize("later", [BY_CODE, RULES], ids=["by code still", "by a word by then"])
def test_what_takes_up_a_request_with_a_code_after_a_change_of_sim_has_a_code_of_its_own(
    later: Rules,
) -> None:
    number, code = asked()
    number.passes(HOUR_MS)
    number.rules = later
    number.changes(NumberChange.SIM_CHANGED)
    early = number.says(f"Y {code}")
    assert (early.reason, orders_of(early)) == (Reason.NOTHING_PENDING, ["nothing_pending"])
    number.passes(number.request.due_at - number.now_at)
    number.times_out()
    again = read_in(number.order)
    number.hears(number.order)
    assert again != code
    for said in ("Y", f"Y {code}"):
        assert money_of(number.says(said)) == []
    assert money_of(number.says(f"Y {again}")) == [2_000]


def test_the_same_chance_draws_the_same_code_and_another_chance_another() -> None:
    number = Number(BY_CODE)
    number.says("DK THETHAO")
    event, fresh = number.decision.event, Number(BY_CODE).subscriber
    texts = [
        decide(fresh, event, BY_CODE, leaving=Seats(1), chance=chance).orders[0].text
        for chance in (CHANCE, CHANCE, bytes(16))
    ]
    assert texts[0] == texts[1] != texts[2]


def test_a_code_is_not_shown_where_a_number_is_written_down() -> None:
    number, code = asked()
    assert code not in repr(number.request)
    number.says(f"Y {code}")
    assert code not in repr(number.subscriber.memory)


@pytest.mark.parametrize(
    ("said", "to"), [("Y", "9166"), ("Y {}", "123"), ("Y {}", "9166"), ("Y 1000", "9166")]
)
def test_a_reply_about_a_service_that_nobody_sells_any_more_starts_nothing(
    said: str, to: str
) -> None:
    number, code = asked()
    without = catalogue_of(MUSIC, revision=2)
    policy = structs.replace(POLICY, reply_mode=ReplyMode.CODE)
    number.rules = rules_of(without, policy=policy)
    decision = number.says(said.format(code), to)
    assert (money_of(decision), number.subscriber.subscriptions) == ([], ())
    assert len(decision.orders) == 1
