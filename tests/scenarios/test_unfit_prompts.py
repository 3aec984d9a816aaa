"""A prompt that may not be sent: it is not, and its service is stopped for everybody by itself."""

# ruff: noqa: E501 - a row of a story is one line

from collections.abc import Callable

import pytest
from msgspec import structs

from tests.scenarios.events import EVENTS
from tests.scenarios.story import Play, Story
from tests.scenarios.wordings import SHORT
from twofold.catalog.canonical import digest, from_json, to_json
from twofold.domain.catalogue import Catalogue, DatedTemplate
from twofold.store.ledger import Revision
from twofold.world.trouble import ledger_of

STOPPED = "SERVICE_SUSPENDED"
OTHER = "84912000001"


def tampers(
    patch: pytest.MonkeyPatch, name: str, change: Callable[[Catalogue], Catalogue]
) -> list[Revision]:
    """Let a story change the catalogue in the store, past every check of an import.

    The ledger of the story comes into the list when it is `read the ledger`.
    """
    ledger_lines: list[Revision] = []

    async def happens(story: Story) -> None:
        async with ledger_of(story.world) as ledger:
            kept = await ledger.newest_catalogue()
            assert kept is not None
            document = to_json(change(from_json(kept[2], kept[0])))
            await ledger.begin()
            await ledger.add_catalogue(story.world.true_now(), digest(document), document)
            await ledger.commit()

    async def read(story: Story) -> None:
        async with ledger_of(story.world) as ledger:
            ledger_lines.extend(await ledger.revisions(100))

    patch.setitem(EVENTS, name, happens)
    patch.setitem(EVENTS, "read the ledger", read)
    return ledger_lines


def renamed(catalogue: Catalogue) -> Catalogue:
    """Give NHAC a name that no prompt has room for."""
    long = structs.replace(catalogue.services["NHAC"], name="Nhạc chờ cho cả nhà " * 12)
    return structs.replace(catalogue, services={**catalogue.services, "NHAC": long})


def without_price(catalogue: Catalogue) -> Catalogue:
    """Have the prompt say no price."""
    text = SHORT.replace(" {price_incl_vat},", "")
    return structs.replace(catalogue, templates=(DatedTemplate("confirm_request", "vi", 0, text),))


def asked(story: Story) -> list[str]:
    """Every prompt that evidence says was handed over."""
    return [
        sent.text
        for entry in story.entries
        for sent in entry.sent
        if sent.kind == "send_prompt" and sent.text
    ]


@pytest.mark.scenario("S082")
def test_a_service_whose_name_has_become_too_long_is_stopped_at_the_first_wish_for_it(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever has it is told like after any stop; other services go on."""
    ledger = tampers(monkeypatch, "NHAC is renamed in the store", renamed)
    story = play(f"""
        clock    | happens            | state   | reason | paid  | hears
        00:00:00 | DK NHAC -> 9166    | pending |        |       | confirm_request
        00:01:00 | Y -> 9166          | active  |        | 10000 | activated
        00:10:00 | NHAC is renamed in the store |  |      |       |
        00:20:00..00:20:06 | {OTHER}: DK NHAC -> 9166 | suspended | {STOPPED} | | stopped_by_operator
        00:30:00 | DK NHAC -> 9166    |         | {STOPPED} |    | not_on_air
        00:40:00 | DK GAME -> 1579    | NHAC suspended, GAME pending | | | confirm_request
        00:50:00 | HUY NHAC -> 9166   | NHAC ended, GAME pending | SUBSCRIBER_STOPPED | | cancel_ack
        01:00:00 | read the ledger    |         |        |       |
    """)
    made = ledger[-1]
    assert (made.act, made.about, made.by) == ("stop", "service NHAC", "twofold")
    assert "confirm_request_long (vi): it needs" in made.why
    story.world.look_back()
    other = story.world.entries(OTHER)
    assert [entry.reason for entry in other if entry.reason] == ["PROMPT_UNFIT"]
    assert not [sent for entry in other for sent in entry.sent if sent.kind == "send_prompt"]


@pytest.mark.scenario("S082")
def test_a_prompt_that_says_no_price_is_not_sent_and_the_request_that_waits_is_withdrawn(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first copy was fit; the second is not, and its yes starts nothing any more."""
    ledger = tampers(monkeypatch, "the prompt loses its price in the store", without_price)
    story = play(f"""
        clock    | happens            | state     | reason       | paid | hears
        00:00:00 | DK THETHAO -> 9166 | pending   |              |      | confirm_request
        00:10:00 | the prompt loses its price in the store |    | |    |
        00:20:00 | DK THETHAO -> 9166 | withdrawn | PROMPT_UNFIT |      | withdrawn
        00:30:00 | Y -> 9166          |           | NOTHING_PENDING |   | nothing_pending
        00:40:00 | DK THETHAO -> 9166 | refused   | {STOPPED}    |      | not_on_air
        00:50:00 | TK -> 123          |           |              |      | tk_empty
        01:00:00 | read the ledger    |           |              |      |
    """)
    assert len(asked(story)) == 1
    assert (ledger[-1].about, ledger[-1].by) == ("service THETHAO", "twofold")
    assert "confirm_request (vi): price_incl_vat is missing" in ledger[-1].why


@pytest.mark.scenario("S082")
def test_a_service_that_was_stopped_so_is_stopped_after_a_crash_too(
    play_once: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It waits for two people, and not for the text to be mended by chance."""
    tampers(monkeypatch, "NHAC is renamed in the store", renamed)
    play_once(f"""
        clock    | happens            | state   | reason       | paid | hears
        00:00:00 | NHAC is renamed in the store |  |            |      |
        00:10:00 | DK NHAC -> 9166    | refused | PROMPT_UNFIT |      | not_on_air
        00:20:00 | crash              |         |              |      |
        00:30:00 | import             |         |              |      |
        00:40:00 | DK NHAC -> 9166    |         | {STOPPED}    |      | not_on_air
    """)
