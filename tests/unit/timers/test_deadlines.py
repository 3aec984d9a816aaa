"""What a timer does with an event that cannot be decided."""

from pathlib import Path

from tests.unit.commit.rig import FIRST, bench
from twofold.domain.events import DeadlinePassed
from twofold.timers import Deadlines


async def test_a_timer_that_cannot_be_decided_is_left_alone_for_a_while(tmp_path: Path) -> None:
    with bench(tmp_path) as made:
        made.says("DK THETHAO")
        await made.settle()
        due_at = made.rows("SELECT due_at FROM requests")[0][0]
        asked = []

        class Parking:
            def submit(self, event: DeadlinePassed, answer: object) -> None:
                asked.append(event)
                assert callable(answer)
                answer(None)

        class Clock:
            def now(self) -> int:
                return int(due_at)

        deadlines = Deadlines(made.store, Parking(), Clock(), made.ids)  # type: ignore[arg-type]
        assert await deadlines._decide_due() is False  # noqa: SLF001 - one turn of the loop
        assert [event.msisdn for event in asked] == [FIRST]
