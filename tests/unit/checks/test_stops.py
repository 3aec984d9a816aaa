"""What a stop must keep from happening is found in evidence, and so is a revision that was over."""

import pytest
from msgspec import structs

from tests.unit.checks.lively import found, play, rewrite
from tests.unit.commit.rig import Bench
from tests.unit.decide.example import RULES, rules_of
from twofold.catalog.canonical import digest, to_json
from twofold.domain.catalogue import Stop, StopKind

STOPS = (
    Stop(StopKind.PARTNER, "abc", 0, "an", "complaints"),
    Stop(StopKind.SERVICE, "THETHAO", 0, "an", "complaints"),
)


async def revised(made: Bench, *stops: Stop, obeyed: bool) -> None:
    """Commit revision 2 with these stops, which the engine obeys or only pretends to know."""
    catalogue = structs.replace(RULES.catalogue, revision=2, stops=stops)
    document = to_json(catalogue)
    assert await made.store.add_catalogue(made.now_at, digest(document), document) == 2
    known = catalogue if obeyed else structs.replace(RULES.catalogue, revision=2)
    made.rules = rules_of(known)


@pytest.mark.parametrize("stop", STOPS, ids=lambda stop: stop.kind.value)
async def test_what_goes_on_after_its_stop_is_found(made: Bench, stop: Stop) -> None:
    await play(made, "DK THETHAO")
    await revised(made, stop, obeyed=False)
    await play(made, "Y")
    await play(made, "DK THETHAO", msisdn=84_912_000_002)
    said = "6 THETHAO went on after it was stopped, by message_received"
    assert found(made) == [said, said, said]  # confirmed, charged; and another number's prompt


@pytest.mark.parametrize("stop", STOPS, ids=lambda stop: stop.kind.value)
async def test_a_stop_that_is_obeyed_is_no_violation(made: Bench, stop: Stop) -> None:
    await play(made, "DK THETHAO")
    await revised(made, stop, obeyed=True)
    await play(made, "Y", "DK THETHAO")
    assert made.rows("SELECT state FROM settled_requests") == [("withdrawn",), ("refused",)]
    assert found(made) == []


async def test_what_was_decided_before_a_stop_stands(made: Bench) -> None:
    await play(made, "DK THETHAO", "Y")
    await revised(made, *STOPS, obeyed=True)
    await play(made, "TK")
    assert found(made) == []


async def test_a_decision_by_a_revision_that_was_over_is_found(made: Bench) -> None:
    """Whatever it says: the next one might be a stop."""
    await play(made, "DK THETHAO")
    await revised(made, obeyed=True)
    await play(made, "TK")
    assert found(made) == []
    rewrite(made, "message_received", revision=1)
    assert found(made) == ["6 message_received was decided by a revision that was over"]
