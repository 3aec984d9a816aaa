"""Who still has room: a flood for one partner's services never shuts out the others."""

from pathlib import Path

from tests.unit.commit.rig import FIRST, Bench, bench
from tests.unit.commit.test_committer import order_of
from twofold.commit.admission import FLOOD_LEAST, NO_BOUND, Backlog, Crowd, Serving, has_room
from twofold.commit.committer import QUEUE_BATCHES
from twofold.domain.events import MessageReceived, OutcomeArrived
from twofold.domain.orders import Rejected

SPORT, GAME = "DK THETHAO", "DK GAME"
"""Asked of two partners."""


def heard(made: Bench) -> list[str | None]:
    """The texts of the last batch, in the order in which they were decided."""
    events = [decision.event for decision in made.batches[-1]]
    return [event.text for event in events if isinstance(event, MessageReceived)]


def crowd_of(*parties: str) -> Crowd:
    """Make one."""
    crowd = Crowd()
    for party in parties:
        crowd.add(party)
    return crowd


def test_while_there_is_room_all_have_it() -> None:
    assert has_room("flood", 4, crowd_of(*["flood"] * 3))
    assert not has_room("flood", 4, crowd_of(*["flood"] * 4))


def test_beyond_the_room_a_flood_is_refused_and_whoever_is_not_in_it_goes_on() -> None:
    crowd = crowd_of(*["flood"] * 9)
    taken = 0
    while has_room("quiet", 9, crowd):
        crowd.add("quiet")
        taken += 1
    assert taken == 3, "a share of the room, one share kept for the next"
    assert has_room("another", 9, crowd)
    assert not has_room("flood", 9, crowd)


def test_at_twice_the_room_nobody_has_any() -> None:
    assert not has_room("another", 2, crowd_of("a", "b", "c", "d"))


def test_what_has_gone_on_makes_room() -> None:
    crowd = crowd_of("flood")
    crowd.remove("flood")
    assert (crowd.total, has_room("flood", 1, crowd)) == (0, True)


def test_what_waits_at_two_places_counts_at_both() -> None:
    first, second = crowd_of("flood", "flood"), crowd_of("flood", "quiet")
    assert has_room("flood", 5, first, second)
    assert not has_room("flood", 4, first, second)
    assert not has_room("quiet", 4, first, second)
    assert has_room("another", 4, first, second)


async def test_requests_take_turns_by_partner(tmp_path: Path) -> None:
    with bench(tmp_path, batch_max=8) as made:
        for number in range(20):
            made.says(SPORT, FIRST + number)
        for number in range(2):
            made.says(GAME, FIRST + 100 + number)
        await made.committer.work()
        assert heard(made) == [SPORT, GAME, SPORT, GAME, *[SPORT] * 4]
        await made.settle()
        assert len(made.answers) == 22


async def test_turns_never_change_the_order_of_one_number(tmp_path: Path) -> None:
    with bench(tmp_path, batch_max=4) as made:
        for number in range(8):
            made.says(SPORT, FIRST + number)
        made.says("junk", FIRST + 9)
        made.says(GAME, FIRST + 9)
        await made.committer.work()
        assert heard(made) == [SPORT, "junk", SPORT, GAME]


async def test_requests_have_a_part_of_each_batch_however_many_say_yes(tmp_path: Path) -> None:
    with bench(tmp_path, batch_max=16) as made:
        for number in range(40):
            made.says("Y", FIRST + number)
        for number in range(4):
            made.says(SPORT, FIRST + 100 + number)
        await made.committer.work()
        assert heard(made) == [*["Y"] * 14, SPORT, SPORT]


async def test_junk_is_refused_while_prompts_yes_and_stop_have_room(tmp_path: Path) -> None:
    with bench(tmp_path, batch_max=4) as made:
        room = QUEUE_BATCHES * 4
        for number in range(room):
            assert not made.committer.refuses(made.message("junk", FIRST + number))
            made.says("junk", FIRST + number)
        assert made.committer.refuses(made.message("junk", FIRST + 900))
        for text in (SPORT, GAME, "Y", "HUY", "N"):
            assert not made.committer.refuses(made.message(text, FIRST + 901)), text
        while not made.committer.refuses(made.message(GAME, FIRST + 902)):
            made.says(GAME, FIRST + 902)
        assert not made.committer.refuses(made.message(SPORT, FIRST + 903))


async def test_stops_and_outcomes_have_room_when_nothing_else_has(tmp_path: Path) -> None:
    with bench(tmp_path, batch_max=1) as made:
        for number in range(2 * QUEUE_BATCHES):
            made.says("HUY", FIRST + number)
        assert made.committer.refuses(made.message(SPORT))
        assert made.committer.refuses(made.message("Y"))
        for text in ("HUY", "HUY ALL", "N"):
            assert not made.committer.refuses(made.message(text))
        assert not made.committer.refuses(outcome(made))


def test_the_requests_that_are_served_soon_follow_from_how_fast_events_are_decided() -> None:
    serving = Serving()
    assert serving.requests_soon == NO_BOUND
    serving.note(0.0, 0.1, 600, is_behind=False)
    assert serving.requests_soon == 300
    serving.note(5.0, 5.1, 600, is_behind=True)
    assert serving.requests_soon == 300
    serving.note(5.4, 5.5, 600, is_behind=False)
    assert serving.requests_soon == 243, "what is read and refused in between counts"
    serving.note(9.0, 9.0, 600, is_behind=False)
    assert serving.requests_soon == 243


async def test_no_more_requests_wait_than_are_served_soon_however_slow_the_machine_is(
    tmp_path: Path,
) -> None:
    with bench(tmp_path, batch_max=8) as made:
        made.committer.serving.note(0.0, 1.0, 200, is_behind=False)
        taken = 0
        while not made.committer.refuses(made.message(SPORT, FIRST + taken)):
            made.says(SPORT, FIRST + taken)
            taken += 1
        assert taken == FLOOD_LEAST
        for text in (GAME, "Y", "HUY"):
            assert not made.committer.refuses(made.message(text, FIRST + 901)), text
        await made.settle()
        assert not made.committer.refuses(made.message(SPORT, FIRST + 900))


async def test_texts_that_cannot_leave_hold_requests_back_and_nothing_else(tmp_path: Path) -> None:
    with bench(tmp_path) as made:
        backlog = Backlog()
        made.committer.backlogs.add(backlog, ["9166", "123"])
        for _ in range(backlog.room):
            backlog.add("9166")
        assert made.committer.refuses(made.message("junk"))
        for text in (SPORT, "Y", "HUY"):
            assert not made.committer.refuses(made.message(text)), text
        backlog.clear()
        assert not made.committer.refuses(made.message("junk"))


async def test_texts_that_cannot_leave_over_one_link_hold_nothing_of_another_back(
    tmp_path: Path,
) -> None:
    with bench(tmp_path) as made:
        backlog = Backlog()
        made.committer.backlogs.add(backlog, ["1579"])
        made.committer.backlogs.add(Backlog(), ["9166"])
        for _ in range(2 * backlog.room):
            backlog.add("abc")
        assert made.committer.refuses(made.message(GAME))
        for text in ("junk", SPORT):
            assert not made.committer.refuses(made.message(text)), text


def outcome(made: Bench) -> OutcomeArrived:
    """How an order went."""
    return OutcomeArrived(made.next_id(), made.now_at, FIRST, order_of(FIRST), Rejected("refused"))
