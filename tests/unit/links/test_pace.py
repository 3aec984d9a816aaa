"""How fast a link may go, on a clock that the test moves."""

from itertools import pairwise
from math import inf

from twofold.links.pace import UNLIMITED, Backoff, Rate, Throttle


def test_no_second_ever_holds_more_texts_than_allowed() -> None:
    rate = Rate(5)
    sent: list[float] = []
    for step in range(400):
        now = step * 0.013
        while rate.left(now) > 0:
            rate.note(now)
            sent.append(now)
    assert len(sent) > 20
    assert all(later - earlier >= 1.0 for earlier, later in zip(sent, sent[5:], strict=False))


def test_an_unlimited_rate_is_never_used_up() -> None:
    rate = Rate(0)
    rate.note(0.0)
    assert rate.left(0.0) == UNLIMITED
    assert rate.grows_at() == inf


def test_the_rate_grows_exactly_when_it_is_said_to() -> None:
    rate = Rate(2)
    rate.note(0.1)
    rate.note(0.4)
    assert rate.left(0.4) == 0
    grows_at = rate.grows_at()
    assert rate.left(grows_at - 0.001) == 0
    assert rate.left(grows_at) == 1


def test_rests_double_while_throttling_goes_on_and_stop_at_five_seconds() -> None:
    throttle = Throttle()
    now, rests = 0.0, []
    for _ in range(7):
        throttle.throttled(now)
        rests.append(throttle.until - now)
        now = throttle.until
    assert rests == [0.25, 0.5, 1.0, 2.0, 4.0, 5.0, 5.0]


def test_answers_to_texts_sent_before_a_rest_do_not_lengthen_it() -> None:
    throttle = Throttle()
    throttle.throttled(0.0)
    throttle.throttled(0.1)
    assert throttle.until == 0.25


def test_a_text_taken_after_a_rest_makes_the_next_rest_short_again() -> None:
    throttle = Throttle()
    throttle.throttled(0.0)
    throttle.throttled(1.0)
    throttle.accepted(1.1)
    throttle.throttled(2.0)
    assert throttle.until - 2.0 == 0.5 * 2, "an answer during the rest proves nothing"
    throttle.accepted(4.0)
    throttle.throttled(5.0)
    assert throttle.until == 5.25


def test_waits_between_binds_double_to_four_seconds() -> None:
    backoff = Backoff(lambda: 0.0)
    assert [backoff.next_s() for _ in range(6)] == [0.5, 1.0, 2.0, 4.0, 4.0, 4.0]
    backoff.succeeded()
    assert backoff.next_s() == 0.5


def test_chance_shortens_a_wait_by_half_at_most_and_never_lengthens_it() -> None:
    shares = iter((0.0, 0.5, 1.0))
    waits = [Backoff(lambda: next(shares)).next_s() for _ in range(3)]
    assert waits == [0.5, 0.375, 0.25]
    assert all(earlier > later for earlier, later in pairwise(waits))
