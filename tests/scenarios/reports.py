"""What comes over no wire: what the operator's own systems say of the number and of its account."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Final

from twofold.domain.events import AccountSet, Event, NumberChanged, NumberFlagged
from twofold.domain.numbers import NumberChange
from twofold.domain.subscriber import Flag

if TYPE_CHECKING:
    from tests.scenarios.story import Story


async def balance(story: "Story", amount: int) -> None:
    """The account is set to an amount: a top-up, or the money is gone."""
    await submit(story, AccountSet(*fresh(story), amount))


def flagged(flag: Flag, *, is_set: bool) -> Callable[["Story"], Awaitable[None]]:
    """Have the operator say something of the number, or take it back."""

    async def say_so(story: "Story") -> None:
        id_, now_at, msisdn = fresh(story)
        await submit(story, NumberFlagged(id_, now_at, msisdn, flag, is_set, now_at))

    return say_so


def fresh(story: "Story") -> tuple[int, int, int]:
    """The id, the time and the number of an event that comes now."""
    engine = story.world.engine
    now_at = engine.clock.now()
    return engine.ids.next(now_at), now_at, int(story.phone)


async def submit(story: "Story", event: Event) -> None:
    """Have an event decided that comes over no wire."""
    done = story.world.loop.create_future()
    story.world.engine.committer.submit(event, done.set_result)
    await done


def number(kind: NumberChange) -> Callable[..., Awaitable[None]]:
    """The operator reports that something happened to the number, now or some seconds ago."""

    async def report(story: "Story", seconds_ago: int = 0) -> None:
        id_, now_at, msisdn = fresh(story)
        more_ids = (fresh(story)[0], fresh(story)[0])
        happened_at = now_at - seconds_ago * 1000
        await submit(story, NumberChanged(id_, now_at, msisdn, kind, happened_at, more_ids))

    return report


def office(mode: str) -> Callable[["Story"], Awaitable[None]]:
    """Whoever is asked about numbers says this from now on, or says nothing."""

    async def switch(story: "Story") -> None:
        story.world.office.mode = mode

    return switch


REPORTS: Final[dict[str, Callable[..., Awaitable[None]]]] = {
    "balance #": balance,
    "flag do_not_call": flagged(Flag.DO_NOT_CALL, is_set=True),
    "flag child_line": flagged(Flag.CHILD_LINE, is_set=True),
    "flag parental_lock": flagged(Flag.PARENTAL_LOCK, is_set=True),
    "lift parental_lock": flagged(Flag.PARENTAL_LOCK, is_set=False),
    "office is fine": office("fine"),
    "office says recycled": office("recycled"),
    "office says SIM changed": office("sim_changed"),
    "office says not ours": office("not_ours"),
    "office is silent": office("silent"),
    "office is late": office("late"),
    "office fails": office("error"),
    "number is ported out": number(NumberChange.PORTED_OUT),
    "number was ported out # s ago": number(NumberChange.PORTED_OUT),
    "number was transferred # s ago": number(NumberChange.TRANSFERRED),
    "number is ported in": number(NumberChange.PORTED_IN),
    "number is recycled": number(NumberChange.RECYCLED),
    "number was recycled # s ago": number(NumberChange.RECYCLED),
    "number is transferred": number(NumberChange.TRANSFERRED),
    "number is barred": number(NumberChange.BARRED),
    "number was barred # s ago": number(NumberChange.BARRED),
    "number is in service": number(NumberChange.UNBARRED),
    "number is terminated": number(NumberChange.TERMINATED),
    "SIM is changed": number(NumberChange.SIM_CHANGED),
    "SIM was changed # s ago": number(NumberChange.SIM_CHANGED),
}
"""In a product manager's words, as in `events.EVENTS`."""
