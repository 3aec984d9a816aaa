"""What goes wrong between us and the handset: a text is late, lost, refused, or comes twice."""

import pytest

from tests.scenarios.story import Play, Story


@pytest.mark.scenario("S017")
def test_a_yes_before_the_receipt_of_the_prompt_counts(play: Play) -> None:
    """No receipt ever comes here; the missing one blocks nothing."""
    play("""
        clock    | happens            | state   | paid | hears
        before   | no receipts        |         |      |
        00:00:00 | DK THETHAO -> 9166 | pending |      | confirm_request
        00:00:02 | Y -> 9166          | active  | 2000 | activated
    """)


@pytest.mark.scenario("S017")
def test_a_receipt_before_the_answer_to_the_prompt_harms_nothing(play: Play) -> None:
    play("""
        clock    | happens             | state   | paid | hears
        before   | receipts come first |         |      |
        00:00:00 | DK THETHAO -> 9166  | pending |      | confirm_request
        00:00:02 | Y -> 9166           | active  | 2000 | activated
    """)


@pytest.mark.scenario("S018")
def test_a_yes_before_the_prompt_was_handed_over_is_a_guess(play: Play) -> None:
    """The SMSC puts the prompt off: it certainly is not out when the yes comes."""
    play(
        """
    clock              | happens            | state          | reason          | paid | hears
    before             | SMSC throttles     |                |                 |      |
    00:00:00           | DK THETHAO -> 9166 | waiting_prompt |                 |      |
    00:00:20           | Y -> 9166          |                | NOTHING_PENDING |      |
    00:00:21           | SMSC is well       |                |                 |      |
    00:00:22..00:01:30 |                    | pending        |                 |      | {both}
    00:02:00           | Y -> 9166          | active         |                 | 2000 | activated
    """.replace("{both}", "nothing_pending + confirm_request")
    )


ANSWER_OUT = """
    clock    | happens            | state          | reason            | paid | hears
    before   | SMSC takes 5 s     |                |                   |      |
    00:00:00 | DK THETHAO -> 9166 | waiting_prompt |                   |      |
    00:00:02 | Y -> 9166          |                | PROMPT_UNANSWERED |      |
"""
"""The prompt was handed over, and the SMSC has not said whether it takes it."""


@pytest.mark.scenario("S018")
def test_a_yes_while_the_answer_to_the_prompt_is_out_counts_when_it_comes(play: Play) -> None:
    play(
        ANSWER_OUT
        + """
    00:00:03 | SMSC takes 0 s |        |  |      |
    00:00:05 |                | active |  | 2000 | confirm_request
             |                |        |  |      | + activated
    """
    )


@pytest.mark.scenario("S018")
def test_a_yes_while_the_answer_to_the_prompt_is_out_was_a_guess_when_it_is_refused(
    play: Play,
) -> None:
    play(
        ANSWER_OUT
        + """
    00:00:03 | SMSC refuses   |               |                 |  |
    00:00:04 | SMSC takes 0 s |               |                 |  |
    00:00:05 |                | undeliverable | PROMPT_REFUSED  |  |
    00:00:06 | SMSC is well   |               |                 |  |
    00:20:00 | Y -> 9166      |               | NOTHING_PENDING |  | nothing_pending
    """
    )


@pytest.mark.scenario("S018")
def test_a_yes_while_the_answer_to_the_prompt_is_out_was_a_guess_when_it_is_put_off(
    play: Play,
) -> None:
    play(
        ANSWER_OUT
        + """
    00:00:03               | SMSC throttles |         |                 |  |
    00:00:04               | SMSC takes 0 s |         |                 |  |
    00:00:05               |                |         | NOTHING_PENDING |  |
    00:00:05.600..00:00:10 | SMSC is well   | pending |                 |  | confirm_request
                           |                |         |                 |  | + nothing_pending
    00:30:00               |                |         |                 |  |
    """
    )


@pytest.mark.scenario("S018")
def test_a_yes_while_the_answer_to_the_prompt_is_out_counts_when_it_is_lost(play: Play) -> None:
    play("""
    clock    | happens              | state          | reason            | paid | hears
    before   | SMSC loses 1 answers |                |                   |      |
    before   | no receipts          |                |                   |      |
    00:00:00 | DK THETHAO -> 9166   | waiting_prompt |                   |      | confirm_request
    00:00:02 | Y -> 9166            |                | PROMPT_UNANSWERED |      |
    00:00:10 |                      | active         | SETTLED_BEFORE    | 2000 | activated
    00:30:00 |                      |                |                   |      |
    """)


@pytest.mark.scenario("S020")
def test_a_throttled_prompt_reaches_the_handset_once(play: Play) -> None:
    story = play("""
        clock              | happens            | state          | hears
        before             | SMSC throttles     |                |
        00:00:00           | DK THETHAO -> 9166 | waiting_prompt |
        00:00:10           | SMSC is well       |                |
        00:00:11..00:00:30 |                    | pending        | confirm_request
        00:10:00           |                    |                |
    """)
    tries = len(story.submitted)
    assert tries > 2
    assert attempts(story) == ["retryat: ESME_RTHROTTLED"] * (tries - 1) + ["delivered"]
    assert len(story.requests("THETHAO")) == 1


@pytest.mark.scenario("S020")
def test_a_refused_prompt_reaches_nobody_and_is_not_tried_again(play: Play) -> None:
    story = play("""
        clock    | happens            | state         | reason         | hears
        before   | SMSC refuses       |               |                |
        00:00:00 | DK THETHAO -> 9166 | undeliverable | PROMPT_REFUSED |
        00:00:01 | SMSC is well       |               |                |
        01:00:00 |                    |               |                |
    """)
    assert attempts(story) == ["rejected: ESME_RINVDSTADR"]


@pytest.mark.scenario("S020")
def test_a_prompt_whose_answer_was_lost_is_repeated_to_the_letter(play: Play) -> None:
    story = play("""
        clock    | happens              | state          | reason | paid | hears
        before   | SMSC loses 1 answers |                |        |      |
        before   | no receipts          |                |        |      |
        00:00:00 | DK THETHAO -> 9166   | waiting_prompt |        |      | confirm_request
        00:00:10 |                      | pending        |        |      | confirm_request
        00:12:00 | Y -> 9166            | active         |        | 2000 | activated
    """)
    first, second, _ = story.messages
    assert first["text"] == second["text"]
    assert attempts(story)[:2] == ["unknown: no answer in time", "delivered"]
    assert len(story.requests("THETHAO")) == 1


@pytest.mark.scenario("S020")
def test_at_most_two_prompts_reach_the_handset_whatever_is_lost(play: Play) -> None:
    story = play("""
        clock    | happens              | state          | reason       | hears
        before   | SMSC loses 9 answers |                |              |
        before   | no receipts          |                |              |
        00:00:00 | DK THETHAO -> 9166   | waiting_prompt |              | confirm_request
        00:00:10 |                      | pending        |              | confirm_request
        00:00:20 |                      |                |              |
        00:09:00 | DK THETHAO -> 9166   |                | REQUEST_OPEN |
        01:00:00 |                      |                |              |
    """)
    assert attempts(story) == ["unknown: no answer in time"] * 2


@pytest.mark.scenario("S020")
def test_a_prompt_that_the_smsc_never_got_comes_once(play: Play) -> None:
    story = play("""
        clock    | happens            | state          | hears
        before   | SMSC loses 1 texts |                |
        00:00:00 | DK THETHAO -> 9166 | waiting_prompt |
        00:00:10 |                    | pending        | confirm_request
        00:30:00 |                    |                |
    """)
    assert attempts(story) == ["unknown: no answer in time", "delivered"]


@pytest.mark.scenario("S021")
def test_a_handset_that_is_off_for_thirteen_hours_ends_in_silence(play: Play) -> None:
    """The SMSC says EXPIRED when the prompt's validity is over, shortly before the window ends."""
    story = play("""
        clock              | happens            | state   | reason          | hears
        00:00:00           | handset off        |         |                 |
        00:00:01           | DK THETHAO -> 9166 | pending |                 |
        11:59:00..12:00:00 |                    |         |                 |
        12:00:01           |                    | expired | NO_CONFIRMATION |
        13:00:00           | handset on         |         |                 |
        13:01:00           | Y -> 9166          |         | WINDOW_PASSED   | late_confirm
    """)
    details = [entry.heard.detail for entry in story.entries if entry.kind == "receipt_arrived"]
    assert details == ["EXPIRED"]


@pytest.mark.scenario("S022")
def test_receipts_that_come_twice_or_for_no_message_of_ours_change_nothing(play: Play) -> None:
    story = play("""
        clock    | happens             | state   | reason          | paid | hears
        before   | receipts come twice |         |                 |      |
        00:00:00 | DK THETHAO -> 9166  | pending | UNKNOWN_RECEIPT |      | confirm_request
        00:00:10 | a stray receipt     |         | UNKNOWN_RECEIPT |      |
        00:00:20 | Y -> 9166           | active  | UNKNOWN_RECEIPT | 2000 | activated
        00:00:30 | a stray receipt     |         | UNKNOWN_RECEIPT |      |
    """)
    deliveries = story.world.smsc.deliveries
    assert (deliveries.under_way, deliveries.resent) == (0, 0), "each was acknowledged at once"


@pytest.mark.scenario("S022")
@pytest.mark.parametrize("form", ["hex", "dec"])
def test_receipts_are_known_by_an_id_that_they_write_otherwise(play_once: Play, form: str) -> None:
    story = play_once(
        """
        clock    | happens            | state   | reason | paid | hears
        00:00:00 | DK THETHAO -> 9166 | pending |        |      | confirm_request
        00:00:20 | Y -> 9166          | active  |        | 2000 | activated
        """,
        settings={"TWOFOLD_SMSC__0__RECEIPT_ID": form},
    )
    story.world.look_back()
    assert story.world.reading.execute("SELECT count(*) FROM sent").fetchall() == [(0,)]


@pytest.mark.parametrize("manner", ["udh", "sar", "payload"])
def test_a_long_text_is_whole_on_the_handset_whatever_way_it_took(
    play_once: Play, manner: str
) -> None:
    story = play_once(
        """
        clock    | happens            | state           | reason       | paid | hears
        00:00:00 | DK THETHAO -> 9166 | pending         |              |      | confirm_request
        00:00:20 | DK NHAC -> 9166    | THETHAO pending, NHAC pending |  |  | confirm_request
        00:00:40 | TK -> 9166         |                 |              |      | tk_list
        """,
        settings={"TWOFOLD_SMSC__0__LONG_MESSAGES": manner},
    )
    assert story.messages[-1]["segments"] == (1 if manner == "payload" else 2)


@pytest.mark.scenario("S019")
def test_a_prompt_that_is_reported_undeliverable_is_tried_once_more(play: Play) -> None:
    """Afterwards nothing can be activated, with whatever reply."""
    story = play("""
        clock    | happens            | state         | reason               | hears
        before   | texts fail         |               |                      |
        00:00:00 | DK THETHAO -> 9166 | undeliverable | PROMPT_NOT_DELIVERED |
        00:01:00 | SMSC is well       |               |                      |
        00:02:00 | Y -> 9166          |               | NOTHING_PENDING      | nothing_pending
        00:03:00 | Y THETHAO -> 9166  |               | NOTHING_PENDING      |
    """)
    assert len([pdu for _, pdu in story.submitted if b"DK Tin" in pdu.short_message]) == 2


@pytest.mark.scenario("S019")
def test_a_prompt_that_arrives_at_the_second_try_can_be_confirmed(play: Play) -> None:
    play("""
        clock    | happens            | state         | reason | paid | hears
        before   | texts fail         |               |        |      |
        before   | SMSC takes 2 s     |               |        |      |
        00:00:00 | DK THETHAO -> 9166 | waiting_prompt |       |      |
        00:00:02 |                    | pending       |        |      |
        00:00:03 | SMSC is well       |               |        |      |
        00:00:04 |                    |               |        |      | confirm_request
        00:01:00 | Y -> 9166          | active        |        | 2000 | activated
    """)


@pytest.mark.scenario("S019")
def test_who_asks_again_while_both_copies_are_lost_is_asked_afresh(play: Play) -> None:
    story = play("""
        clock    | happens              | state          | reason           | paid | hears
        before   | SMSC loses 2 texts   |                |                  |      |
        00:00:00 | DK THETHAO -> 9166   | waiting_prompt |                  |      |
        00:00:10 |                      | pending        |                  |      |
        00:05:00 | DK THETHAO -> 9166   |                | REQUEST_OPEN     |      |
        00:15:00 | DK THETHAO -> 9166   |                | PROMPT_UNCERTAIN |      | confirm_request
        00:16:00 | Y -> 9166            | active         |                  | 2000 | activated
        13:00:00 |                      |                |                  |      |
    """)
    assert len(story.requests("THETHAO")) == 2


@pytest.mark.scenario("S023")
def test_a_number_that_may_get_no_sms_is_never_activated(play: Play) -> None:
    play("""
        clock    | happens            | state         | reason            | hears
        before   | no receipts        |               |                   |
        before   | handset off        |               |                   |
        00:00:00 | DK THETHAO -> 9166 | pending       |                   |
        00:00:10 | prompt barred      | undeliverable | NO_SMS_CAPABILITY |
        13:00:00 |                    |               |                   |
    """)


PUT_OFF = """
    clock    | happens            | state     | reason               | paid | hears
    00:00:00 | DK THETHAO -> 9166 | pending   |                      |      | confirm_request
    00:00:59 | SMSC throttles     |           |                      |      |
    00:01:00 | Y -> 9166          | active    |                      | 2000 |
"""
"""The welcome is ordered, and the SMSC does not take it."""


@pytest.mark.scenario("S024")
def test_a_welcome_that_is_not_accepted_in_time_gives_the_money_back(play: Play) -> None:
    """It still goes out, and with it the subscription goes on; the period given back stays free."""
    play(f"""
    {PUT_OFF}
    00:11:00 |                    | suspended | WELCOME_NOT_ACCEPTED | 0    |
    00:30:00 | SMSC is well       |           |                      |      |
    00:30:01..00:31:30 |          | active    |                      |      | activated + refund
    01:00:00 |                    |           |                      |      |
    """)


@pytest.mark.scenario("S024")
@pytest.mark.parametrize("how", ["crash", "restart"])
def test_the_money_comes_back_although_the_engine_was_started_anew(play: Play, how: str) -> None:
    play(f"""
    {PUT_OFF}
    00:05:00 | {how}              |           |                      |      |
    00:11:00 |                    | suspended | WELCOME_NOT_ACCEPTED | 0    |
    00:12:00 | {how}              |           | SETTLED_BEFORE       |      |
    01:00:00 |                    |           |                      |      |
    """)


@pytest.mark.scenario("S024")
def test_a_welcome_that_is_accepted_in_time_keeps_the_money(play: Play) -> None:
    play(f"""
    {PUT_OFF}
    00:09:00 | SMSC is well       |           |                      |      |
    00:09:01..00:10:05 |          |           |                      |      | activated
    01:00:00 |                    |           |                      |      |
    """)


@pytest.mark.scenario("S024")
@pytest.mark.usefixtures("welcome_for_an_hour")
def test_a_welcome_that_is_never_accepted_ends_the_subscription(play: Play) -> None:
    play(f"""
    {PUT_OFF}
    00:11:00 |                    | suspended | WELCOME_NOT_ACCEPTED | 0    |
    01:00:00..01:01:05 |          | ended     | WELCOME_NOT_ACCEPTED |      |
    01:05:00..01:07:00 | SMSC is well |       |                      |      | refund
    01:20:00 |                    |           |                      |      |
    """)


def attempts(story: Story) -> list[str]:
    """How each hand-over of the prompt went, by the evidence."""
    return [
        entry.heard.detail
        for entry in story.entries
        if entry.kind == "outcome_arrived" and entry.heard.key == "confirm_request"
    ]
