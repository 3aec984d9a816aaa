"""What may be joined at all, and what is no longer on offer when the yes comes."""

import pytest

from tests.scenarios.story import Play
from twofold.catalog.example import example


def ending(day: str) -> str:
    """The example's catalogue, with ABC's certificate ending on a day."""
    whole = example("catalog.toml")
    before, after = whole.split("valid_until = 2028-12-31", 1)
    return f"{before}valid_until = {day}{after}"


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("TRUYEN", "NOT_ROLLED_OUT"),
        ("BOITOAN", "CERTIFICATE_INVALID"),
        ("XOSO", "UNKNOWN_SERVICE"),
    ],
)
def test_what_is_not_on_air_cannot_be_joined(play: Play, code: str, reason: str) -> None:
    """A service that is off is passed on where a route is configured: none is here."""
    state = "" if reason == "UNKNOWN_SERVICE" else "refused"
    play(f"""
        clock    | happens           | state   | reason          | hears
        00:00:00 | DK {code} -> 9166 | {state} | {reason}        | not_on_air "{code}"
        00:02:00 | Y -> 9166         |         | NOTHING_PENDING | nothing_pending
    """)


@pytest.mark.scenario("S053")
def test_a_certificate_that_ended_at_midnight_allows_no_new_request(play_once: Play) -> None:
    """The story begins at nine in the morning; midnight comes fifteen hours later."""
    play_once(
        """
        clock    | happens            | state           | reason              | hears
        14:59:20 | DK GAME -> 1579    | GAME pending    |                     | confirm_request
        14:59:24 | DK NHAC -> 9166    | {before}        |                     | confirm_request
        14:59:26 | DK THETHAO -> 9166 | {after}         | CERTIFICATE_INVALID | not_on_air
        """.format(
            before="GAME pending, NHAC pending",
            after="GAME pending, NHAC pending, THETHAO refused",
        ),
        catalogue=ending("2026-03-14"),
    )


@pytest.mark.scenario("S053")
@pytest.mark.parametrize(
    ("clock", "rest"),
    [
        ("14:59:24", "active    |                     | 2000 | activated"),
        ("14:59:26", "withdrawn | CERTIFICATE_INVALID |      | withdrawn"),
    ],
)
def test_a_yes_after_the_certificate_ended_starts_nothing(
    play_once: Play, clock: str, rest: str
) -> None:
    play_once(
        f"""
        clock    | happens            | state   | reason | paid | hears
        10:00:00 | DK THETHAO -> 9166 | pending |        |      | confirm_request
        {clock}  | Y -> 9166          | {rest}
        """,
        catalogue=ending("2026-03-14"),
    )


@pytest.mark.scenario("S058")
def test_a_yes_without_the_money_is_told_so_and_never_charged_later(play: Play) -> None:
    """The Vietnamese pack rejects; a later top-up is only a top-up."""
    story = play("""
        clock    | happens            | state   | reason      | paid | hears
        before   | balance 1999       |         |             |      |
        00:00:00 | DK THETHAO -> 9166 | pending |             |      | confirm_request
        00:01:00 | Y -> 9166          | ended   | LOW_BALANCE |      | low_balance
                 |                    |         |             |      |     "2.000d/ngay"
                 |                    |         |             |      |     "QK khong mat phi"
        01:00:00 | balance 50000      |         |             |      |
        02:00:00 |                    |         |             |      |
        02:01:00 | TK -> 123          |         |             |      | tk_empty
    """)
    assert story.balances[0] == 1999
    assert story.balances[-1] == 50000
