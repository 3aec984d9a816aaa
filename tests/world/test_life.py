"""Random lives in a world of faults; and the judge, who must find what is broken on purpose."""

from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec import structs

from twofold.app.clock import SystemClock
from twofold.channels.smpp import SmppChannel
from twofold.decide import confirming, dialling, numbers
from twofold.decide.decision import Draft
from twofold.decide.keywords import Word
from twofold.domain.numbers import Line, Standing
from twofold.domain.reason import Reason
from twofold.outbox import Outbox
from twofold.world.run import Unsound, run
from twofold.world.trouble import TROUBLES

DAY = 24.0
SEEDS = (1, 2, 3)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_day_of_random_life_breaks_no_invariant(tmp_path: Path, seed: int) -> None:
    lived = run(seed, tmp_path, hours=DAY)
    assert lived.started > 5
    assert lived.crashes > 5
    assert lived.octets > 100_000
    assert lived.sessions > 5
    assert (lived.sims > 0) == ("mo_imsi_tlv" in lived.set_up)
    met = [trouble.name for trouble in TROUBLES if lived.troubles[trouble.name]]
    assert len(met) > len(TROUBLES) // 2


def test_the_same_seed_is_the_same_life(tmp_path: Path) -> None:
    lived = run(8, tmp_path / "a", hours=3)
    assert lived == run(8, tmp_path / "b", hours=3)
    assert min(lived.sessions, lived.sims) > 0
    assert lived.steps != run(5, tmp_path / "c", hours=3).steps


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(1_000, 1_024))
def test_three_days_of_random_life_break_no_invariant(tmp_path: Path, seed: int) -> None:
    run(seed, tmp_path, hours=3 * DAY)


@pytest.mark.soak
def test_every_trouble_is_met(tmp_path: Path) -> None:
    met = run(2_000, tmp_path, hours=8 * DAY, people=2).troubles
    assert [trouble.name for trouble in TROUBLES if not met[trouble.name]] == []


def live_on(folder: Path) -> None:
    """Live a day of each of some seeds."""
    for seed in range(1, 10):
        run(seed, folder / str(seed), hours=DAY)


def acknowledge_too_early(monkeypatch: pytest.MonkeyPatch) -> None:
    """Answer for an MO before it is durable."""

    def answer(channel: SmppChannel, ticket: object) -> Callable[[object], None]:
        channel._link.respond(ticket, 0)  # type: ignore[arg-type]  # noqa: SLF001 - broken on purpose
        return lambda _decision: None

    monkeypatch.setattr(SmppChannel, "_answer", answer)


def forget_orphans(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave alone what a dead engine had claimed."""

    async def recover(_outbox: Outbox) -> None:
        return

    monkeypatch.setattr(Outbox, "recover", recover)


def believe_a_jump(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tell whatever time the wall clock tells."""
    monkeypatch.setattr(SystemClock, "now", lambda clock: clock._wall_ms())  # noqa: SLF001


def keep_what_a_former_holder_had(monkeypatch: pytest.MonkeyPatch) -> None:
    """Count a new tenure, and end nothing of the old one."""

    def end_tenure(draft: Draft, happened_at: int, reason: Reason, standing: Standing) -> None:
        draft.refuse(reason)
        held = draft.subscriber
        line = Line(standing, happened_at, happened_at)
        draft.subscriber = structs.replace(held, tenure=held.tenure + 1, line=line)

    monkeypatch.setattr(numbers, "end_tenure", end_tenure)


def let_a_session_confirm(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take a yes that was dialled for the subscriber's SMS."""
    monkeypatch.setattr(dialling, "BY_SMS_ALONE", frozenset({Word.UNBLOCK}))


def take_any_sim(monkeypatch: pytest.MonkeyPatch) -> None:
    """Count a yes from whatever SIM."""
    monkeypatch.setattr(confirming, "is_from_another_sim", lambda *_: False)


@pytest.mark.parametrize(
    ("break_it", "says"),
    [
        (acknowledge_too_early, "acknowledged messages to"),
        (forget_orphans, "was claimed and forgotten|its welcome never arrived"),
        (believe_a_jump, "which is still to come|after something at"),
        (keep_what_a_former_holder_had, "invariant 12: "),
        (let_a_session_confirm, "confirmed without a message|what was dialled"),
        (take_any_sim, "asked for by one SIM and confirmed by another"),
    ],
)
def test_an_engine_that_is_broken_on_purpose_is_found_out(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    break_it: Callable[[pytest.MonkeyPatch], None],
    says: str,
) -> None:
    break_it(monkeypatch)
    with pytest.raises(Unsound, match=says) as unsound:
        live_on(tmp_path)
    assert "twofold world run --seed" in str(unsound.value)
