"""An operator stops a partner or a service: that binds at once, and a sweep follows."""

# ruff: noqa: E501 - a row of a story is one line

import pytest
from msgspec import structs

from tests.scenarios.events import EVENTS
from tests.scenarios.story import Play, Story
from twofold.texts import compiling, sources
from twofold.texts.sources import Source

STOPPED = "PARTNER_SUSPENDED"


@pytest.mark.scenario("S052")
def test_a_yes_after_its_partner_was_stopped_starts_and_charges_nothing(play: Play) -> None:
    """The yes is heard before any sweep: the stop binds from its commit."""
    play(f"""
        clock    | happens            | state            | reason    | paid | hears
        00:00:00 | DK THETHAO -> 9166 | THETHAO pending  |           |      | confirm_request
        00:10:00 | partner abc stops, then Y -> 9166 | THETHAO withdrawn | {STOPPED} |      | not_on_air
        00:20:00 | DK THETHAO -> 9166 | THETHAO refused  | {STOPPED} |      | not_on_air
        00:21:00 | DK GAME -> 1579    | THETHAO refused, GAME pending |  |  | confirm_request
    """)


@pytest.mark.scenario("S052")
def test_what_waits_for_a_yes_is_closed_and_told_once(play: Play) -> None:
    """Nobody writes: an idle engine finds the stop by itself, within seconds."""
    play(f"""
        clock    | happens            | state           | reason    | paid | hears
        00:00:00 | DK THETHAO -> 9166 | THETHAO pending |           |      | confirm_request
        00:01:00 | DK GAME -> 1579    | THETHAO pending, GAME pending | | | confirm_request
        00:10:00..00:10:06 | partner abc stops | THETHAO withdrawn, GAME pending | {STOPPED} | | not_on_air "THETHAO"
        00:20:00 | Y -> 1579          | THETHAO withdrawn, GAME active |  | 5000 | activated
        12:30:00 | Y -> 9166          |                 | NOTHING_PENDING | | nothing_pending
    """)


@pytest.mark.scenario("S052")
def test_what_is_on_is_paused_and_goes_on_with_the_rest_of_its_period(play: Play) -> None:
    play(f"""
        clock    | happens            | state             | reason    | paid | hears
        00:00:00 | DK THETHAO -> 9166 | pending           |           |      | confirm_request
        00:01:00 | Y -> 9166          | active            |           | 2000 | activated
        01:00:00..01:00:06 | partner abc stops | suspended | {STOPPED} |     | stopped_by_operator "tu <01:00:00>"
        02:00:00 | TK -> 123          |                   |           |      | tk_list "tam ngung"
        02:01:00 | DK THETHAO -> 9166 |                   | {STOPPED} |      | not_on_air
        49:00:00..49:00:06 | partner abc goes on | active |           |      | resumed_by_operator "<day 72:01:00>"
        50:00:00 | TK -> 123          |                   |           |      | tk_list "tu gia han"
        50:01:00 | HUY THETHAO -> 9166 | ended            | SUBSCRIBER_STOPPED |      | cancel_ack
    """)


@pytest.mark.scenario("S054")
def test_a_service_that_is_stopped_while_a_request_waits_is_not_confirmed(play: Play) -> None:
    play("""
        clock    | happens            | state           | reason          | paid | hears
        00:00:00 | DK THETHAO -> 9166 | THETHAO pending |                 |      | confirm_request
        00:01:00 | DK NHAC -> 9166    | THETHAO pending, NHAC pending | |  | confirm_request
        00:10:00 | service THETHAO stops, then Y THETHAO -> 9166 | THETHAO withdrawn, NHAC pending | SERVICE_SUSPENDED | | not_on_air
        00:11:00 | Y NHAC -> 9166     | THETHAO withdrawn, NHAC active | | 10000 | activated
    """)


@pytest.mark.scenario("S052")
def test_a_stop_outlives_a_crash_and_an_import(play_once: Play) -> None:
    play_once(f"""
        clock    | happens            | state             | reason    | paid | hears
        00:00:00 | DK THETHAO -> 9166 | pending           |           |      | confirm_request
        00:01:00 | Y -> 9166          | active            |           | 2000 | activated
        01:00:00 | crash and stay down |                  |           |      |
        01:01:00 | partner abc stops  |                   |           |      |
        01:02:00..01:02:06 | start    | suspended         | {STOPPED} |      | stopped_by_operator
        01:10:00 | import             |                   |           |      |
        01:11:00 | DK THETHAO -> 9166 |                   | {STOPPED} |      | not_on_air
    """)


@pytest.mark.scenario("S051")
def test_a_yes_to_a_price_that_was_raised_is_asked_anew_and_never_charged(play: Play) -> None:
    """The old consent starts nothing; the new prompt has its price, its deadline and its yes."""
    story = play("""
        clock    | happens            | state     | reason        | paid  | hears
        00:00:00 | DK NHAC -> 9166    | pending   |               |       | confirm_request "10.000d"
        00:10:00 | import, then Y -> 9166 | pending | PRICE_CHANGED |     | confirm_request "11.000d/30 ngay" "dieu kien da doi" "truoc <12:10:00>"
        00:20:00 | Y -> 9166          | active    |               | 11000 | activated "11.000d"
        00:30:00 | Y -> 9166          |           | ALREADY_ACTIVE |      | already
    """)
    old, new = story.requests("NHAC")
    assert story.subscriptions[0].terms.price_minor == 11_000
    assert story.entries[-1].revision == 2
    assert old != new


@pytest.mark.scenario("S051")
def test_a_price_that_is_raised_while_the_smsc_has_the_prompt_is_not_charged(play: Play) -> None:
    """The yes is kept until the SMSC answers, and judged on the catalogue of that moment."""
    play("""
        clock    | happens            | state     | reason        | paid  | hears
        before   | SMSC takes 3 s     |           |               |       |
        00:00:00 | DK NHAC -> 9166    | waiting_prompt |          |       |
        00:00:01 | Y -> 9166          | waiting_prompt | PROMPT_UNANSWERED |  |
        00:00:02..00:00:08 | import, then SMSC is well | pending | PRICE_CHANGED | | confirm_request "10.000d" + confirm_request "11.000d"
        00:01:00 | Y -> 9166          | active    |               | 11000 | activated "11.000d"
    """)


@pytest.mark.scenario("S051")
def test_a_price_that_rises_at_midnight_by_its_date_is_asked_about_anew(play: Play) -> None:
    """Nothing is imported at midnight, which is <14:59:25>, and nothing is started again.

    Who agreed before keeps the terms that were agreed to.
    """
    story = play("""
        clock    | happens            | state     | reason        | paid  | hears
        before   | NHAC costs 11000 from midnight |  |               |       |
        14:50:00 | DK NHAC -> 9166    | pending   |               |       | confirm_request "10.000d"
        15:10:00 | Y -> 9166          | pending   | PRICE_CHANGED |       | confirm_request "11.000d/30 ngay" "truoc <27:10:00>"
        15:20:00 | Y -> 9166          | active    |               | 11000 | activated "11.000d"
    """)
    assert {entry.revision for entry in story.entries} == {2}


@pytest.mark.scenario("S051")
def test_a_subscription_of_before_midnight_is_told_its_own_price_after_it(play: Play) -> None:
    play("""
        clock    | happens            | state     | reason         | paid  | hears
        before   | NHAC costs 11000 from midnight |  |                |       |
        14:40:00 | DK NHAC -> 9166    | pending   |                |       | confirm_request "10.000d"
        14:50:00 | Y -> 9166          | active    |                | 10000 | activated "10.000d"
        15:10:00 | DK NHAC -> 9166    |           | ALREADY_ACTIVE |       | already
        15:20:00 | TK -> 123          |           |                |       | tk_list "10.000d"
    """)


@pytest.mark.scenario("S055")
def test_a_prompt_whose_wording_changes_later_stands_in_evidence_as_it_was_sent(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The program is started anew with other templates, while the request waits for its yes."""

    def reworded(language: str) -> Source:
        kept = sources.load(language)
        prompts = {key: kept.templates[key] for key in sources.ONCE}
        new = {key: (*said[:-1], said[-1] + " Moi.") for key, said in prompts.items()}
        templates = {**kept.templates, **new}
        return structs.replace(kept, version="later", templates=templates)

    async def happens(_story: Story) -> None:
        monkeypatch.setattr(compiling, "load", reworded)

    monkeypatch.setattr(compiling, "load", sources.load)
    monkeypatch.setitem(EVENTS, "new wording", happens)
    story = play("""
        clock    | happens            | state     | reason        | paid  | hears
        00:00:00 | DK THETHAO -> 9166 | pending   |               |       | confirm_request
        00:10:00 | crash and stay down |          |               |       |
        00:10:01 | new wording        |           |               |       |
        00:11:00 | start              |           |               |       |
        00:20:00 | Y -> 9166          | active    |               | 2000  | activated
        00:30:00 | DK NHAC -> 9166    | THETHAO active, NHAC pending | |  | confirm_request "Moi."
    """)
    old, new = [
        (entry.templates, sent.text)
        for entry in story.entries
        for sent in entry.sent
        if sent.kind == "send_prompt"
    ]
    assert old[1] == story.messages[0]["text"]
    assert not str(old[1]).endswith("Moi.")
    assert str(new[1]).endswith("Moi.")
    assert sources.load("vi").version in old[0]
    assert "later" not in old[0]
    assert "later" in new[0]
