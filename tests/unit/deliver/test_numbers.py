"""A question about a number has one outcome, and asks no more than it must."""

import asyncio
from collections.abc import Callable

from msgspec import structs

from tests.unit.decide.example import NOW_AT, NUMBER, POLICY
from twofold.deliver.numbers import NumbersCarrier
from twofold.domain.clock import Signal
from twofold.domain.ids import EPOCH_AT
from twofold.domain.orders import Delivered, Order, OrderKind, Outcome, Rejected, Unknown
from twofold.domain.reason import Reason
from twofold.world.operator import NumbersOffice

ORDER = Order(
    *(9, OrderKind.ASK_NUMBER, NUMBER, 0, (NOW_AT - EPOCH_AT) << 20, NOW_AT, NOW_AT + 30_000),
    key="joining",
    source="sms",
    period_at=NOW_AT,
)
BY_WEB = structs.replace(ORDER, source="web")
STARTING = structs.replace(BY_WEB, key="starting")


class Still:
    """A clock that stands."""

    def now(self) -> int:
        return NOW_AT

    def is_sound(self) -> bool:
        return True

    async def wait(self, until_at: int | None, wake: Signal) -> None:
        raise AssertionError(until_at, wake)


async def outcome_of(
    order: Order, mode: str, office: NumbersOffice | None = None, timeout_s: float = 5.0
) -> Outcome:
    """Carry one question."""
    asked = office or NumbersOffice()
    asked.mode = mode
    reported: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
    report: Callable[[Order, Outcome], None] = lambda _order, outcome: reported.set_result(outcome)  # noqa: E731
    carrier = NumbersCarrier(asked, Still(), report, lambda: POLICY, timeout_s=timeout_s)
    assert carrier.carry(order)
    return await reported


async def test_what_speaks_against_a_number_is_the_reason_of_the_refusal() -> None:
    assert await outcome_of(ORDER, "fine") == Delivered()
    assert await outcome_of(ORDER, "recycled") == Rejected(
        "number_recycled", Reason.NUMBER_RECYCLED
    )
    assert await outcome_of(ORDER, "sim_changed") == Rejected("sim_changed", Reason.SIM_CHANGED)


async def test_an_own_message_proves_that_the_number_is_ours_and_other_channels_have_it_asked() -> (
    None
):
    assert await outcome_of(ORDER, "not_ours") == Delivered()
    assert await outcome_of(STARTING, "not_ours") == Delivered()
    assert await outcome_of(BY_WEB, "not_ours") == Rejected(
        "number_not_ours", Reason.NUMBER_NOT_OURS
    )


async def test_no_answer_is_unknown_and_never_a_yes() -> None:
    assert await outcome_of(ORDER, "error") == Unknown("it answered 503")
    assert await outcome_of(ORDER, "silent", timeout_s=0.02) == Unknown("no answer in time")


async def test_a_fault_of_ours_is_unknown_as_well() -> None:
    assert await outcome_of(ORDER, "no such mode") == Unknown("it failed: AssertionError")


async def test_a_polite_end_leaves_what_is_asked_to_the_next_start() -> None:
    reported: list[Outcome] = []
    office = NumbersOffice()
    office.mode = "silent"
    carrier = NumbersCarrier(
        office, Still(), lambda _o, outcome: reported.append(outcome), lambda: POLICY, timeout_s=5.0
    )
    carrier.carry(ORDER)
    await asyncio.sleep(0)
    await carrier.close()
    assert reported == []
