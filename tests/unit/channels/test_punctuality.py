"""When a message counts as sent: what an SMSC says, as far as its clock can be believed."""

from twofold.channels.punctuality import Outages, SmscClock, Timing

AT = 1_773_453_600_000
MINUTE_MS = 60_000


def up() -> SmscClock:
    """A clock of an SMSC whose link has been up for long."""
    outages = Outages(AT - 2_000_000)
    outages.link_changed(AT - 1_000_000, is_up=True)
    return SmscClock(outages)


def punctual() -> SmscClock:
    """One that has proved itself."""
    clock = up()
    clock.judge(AT - 100, AT)
    return clock


def test_a_message_counts_as_sent_when_the_smsc_had_it() -> None:
    assert punctual().judge(AT + 1_000, AT + 41_000) == Timing(AT + 1_000, AT + 1_000)


def test_nothing_was_sent_after_it_came() -> None:
    assert punctual().judge(AT + 2_000, AT + 1_000).effective_at == AT + 1_000


def test_two_minutes_late_is_in_time_and_more_is_not() -> None:
    assert punctual().judge(AT, AT + 120_000) == Timing(AT, AT)
    assert punctual().judge(AT, AT + 120_001) == Timing(AT + 120_001, AT)


def test_an_smsc_whose_messages_are_all_early_or_all_late_is_not_believed() -> None:
    for skew_ms in (-600_000, -5_001, 5_001, 600_000):
        clock = up()
        assert clock.judge(AT - skew_ms, AT) == Timing(AT)
        assert clock.skew_ms == skew_ms


def test_what_evidence_says_of_the_clock_counts_after_a_start() -> None:
    fresh = up()
    assert fresh.judge(AT, AT + 40_000) == Timing(AT + 40_000), "it may be the clock"
    knowing = up()
    knowing.remember(AT // MINUTE_MS - 3, 120)
    assert knowing.judge(AT, AT + 40_000) == Timing(AT, AT)
    assert knowing.skew_ms == 0


def test_five_seconds_are_no_skew() -> None:
    for skew_ms in (-5_000, 5_000):
        clock = up()
        clock.judge(AT - skew_ms, AT)
        assert clock.skew_ms == 0


def test_a_clock_that_was_put_right_is_believed_again() -> None:
    clock = up()
    clock.judge(AT + 600_000, AT)
    for minute in range(1, 11):
        at = AT + minute * MINUTE_MS
        clock.judge(at, at)
    assert clock.skew_ms == 0


def test_an_outage_of_ours_is_not_counted() -> None:
    clock = punctual()
    seen = [clock.outages.up_since_at]
    clock.outages.link_changed(AT + 1_000, is_up=False)
    seen.append(clock.outages.up_since_at)
    clock.outages.link_changed(AT + 3_601_000, is_up=True)
    seen.append(clock.outages.up_since_at)
    assert seen == [AT - 1_000_000, None, AT + 3_601_000]
    assert clock.judge(AT + 2_000, AT + 3_602_000) == Timing(AT + 2_000, AT + 2_000)
    assert clock.judge(AT + 500, AT + 3_601_000 + 120_000).effective_at != AT + 500


def test_a_store_that_is_away_while_the_link_is_down_is_one_outage() -> None:
    outages = punctual().outages
    outages.link_changed(AT, is_up=False)
    outages.store_away(AT + 10)
    outages.link_changed(AT + 20, is_up=True)
    assert outages.is_store_away
    outages.store_back(AT + 30)
    assert outages.down_ms(AT - 100, AT + 100) == 30


def test_what_is_not_over_counts_until_now() -> None:
    outages = punctual().outages
    outages.link_changed(AT, is_up=False)
    assert outages.down_ms(AT + 40, AT + 100) == 60
