"""Parts of long messages: kept, put together, known again, and given up."""

from hashlib import blake2b

from msgspec import structs

from tests.unit.decide.example import NUMBER, Number, orders_of
from twofold.decide import Decision
from twofold.decide.parts import GROUPS_MAX, PARTS_MAX
from twofold.domain.events import PartReceived, PartsAbandoned
from twofold.domain.reason import Reason
from twofold.domain.subscriber import Fragment, Group

GROUP = Group("9166", 7, 2)
JOIN = (b"DK THE", b"THAO")


def part(
    number: Number,
    octets: bytes,
    place: int,
    *,
    group: Group = GROUP,
    coding: int = 0,
    shift: tuple[int, int] = (0, 0),
) -> Decision:
    """Have a part come."""
    fragment = Fragment(group, place, 0, coding, shift, octets, number.now_at, number.now_at)
    key = blake2b(octets, digest_size=8).digest()
    return number.meets(
        PartReceived(
            *(number._id(), number.now_at, NUMBER, group.short_code, "main", coding),  # noqa: SLF001
            *(octets, None, key),
            *(False, number.now_at),
            fragment=fragment,
        )
    )


def test_a_message_is_judged_when_its_last_part_is_there() -> None:
    number = Number()
    assert part(number, JOIN[1], 2).reason is None
    assert (number.states, len(number.subscriber.fragments)) == ([], 1)
    assert orders_of(part(number, JOIN[0], 1)) == ["confirm_request"]
    assert [held.number for held in number.subscriber.fragments] == [0]


def test_a_part_that_comes_again_is_nothing_new_before_and_after() -> None:
    number = Number()
    part(number, JOIN[0], 1)
    assert part(number, JOIN[0], 1).reason is Reason.RESENT
    part(number, JOIN[1], 2)
    for place in (1, 2):
        assert part(number, JOIN[place - 1], place).reason is Reason.RESENT
    assert number.states == ["THETHAO waiting_prompt"]


def test_another_message_under_the_same_reference_begins_anew() -> None:
    number = Number()
    part(number, b"Y", 1)
    part(number, JOIN[0], 1)
    assert orders_of(part(number, JOIN[1], 2)) == ["confirm_request"]
    part(number, b"TK", 1)
    assert orders_of(part(number, b" ", 2)) == ["tk_list"]


def test_parts_under_other_references_or_short_codes_do_not_meet() -> None:
    number = Number()
    part(number, JOIN[0], 1)
    for other in (Group("9166", 8, 2), Group("1579", 7, 2), Group("9166", 7, 3)):
        assert orders_of(part(number, JOIN[1], 2, group=other)) == []
    assert number.states == []


def test_the_same_long_text_to_another_short_code_is_another_message() -> None:
    number = Number()
    for short_code, reason in (("9166", Reason.WRONG_SHORT_CODE), ("1579", None)):
        group = Group(short_code, 7, 2)
        part(number, b"DK GA", 1, group=group)
        assert part(number, b"ME", 2, group=group).reason is reason
    assert number.states == ["GAME waiting_prompt"]


def test_too_many_unfinished_messages_push_out_the_oldest() -> None:
    number = Number()
    for reference in range(GROUPS_MAX + 3):
        number.passes(1)
        part(number, b"a", 1, group=Group("9166", reference, 2))
    references = [held.group.reference for held in number.subscriber.fragments]
    assert references == list(range(3, GROUPS_MAX + 3))


def test_a_message_longer_than_any_keyword_is_not_put_together() -> None:
    number = Number()
    decision = part(number, b"Y", 1, group=Group("9166", 1, PARTS_MAX + 1))
    assert (decision.reason, number.subscriber.fragments) == (Reason.UNDECODABLE, ())


def test_what_never_becomes_whole_is_given_up_with_help() -> None:
    number = Number()
    number.is_asked()
    part(number, b"Y", 1)
    decision = number.meets(PartsAbandoned(number._id(), number.now_at, NUMBER, GROUP))  # noqa: SLF001
    assert (decision.reason, orders_of(decision)) == (Reason.INCOMPLETE, ["help"])
    assert (number.states, number.subscriber.fragments) == (["THETHAO pending"], ())
    again = number.meets(PartsAbandoned(number._id(), number.now_at, NUMBER, GROUP))  # noqa: SLF001
    assert again.reason is Reason.SETTLED_BEFORE


def test_a_character_that_was_cut_in_two_is_read_whole() -> None:
    number = Number()
    octets = "Đồng ý 🙂".encode("utf-16-be")
    part(number, octets[:-3], 1, coding=8)
    assert part(number, octets[-3:], 2, coding=8).event.text == "Đồng ý 🙂"  # type: ignore[attr-defined]


def test_parts_in_different_alphabets_are_read_each_by_its_own() -> None:
    number = Number()
    part(number, b"\x0b", 1, shift=(1, 0))
    assert part(number, b"\x0b", 2).event.text == "ĞØ"  # type: ignore[attr-defined]


def test_parts_of_different_codings_are_no_text() -> None:
    number = Number()
    part(number, b"DK", 1)
    assert part(number, b"\x00A", 2, coding=8).reason is Reason.UNDECODABLE


def test_a_part_of_a_former_holder_does_not_count() -> None:
    number = Number()
    part(number, JOIN[0], 1)
    number.subscriber = structs.replace(number.subscriber, tenure=1)
    assert orders_of(part(number, JOIN[1], 2)) == []
