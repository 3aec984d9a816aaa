"""The happy path once more over the kernel's own sockets, in real time."""

from pathlib import Path

import pytest

from tests.scenarios.sayings import name_of
from twofold.app.demo import demo_at

PHONE = "84912345678"
ESTABLISHED = "01"
"""The state of a connection in /proc/net/tcp."""


@pytest.mark.scenario("S001")
async def test_two_yeses_start_a_service_over_tcp(tmp_path: Path) -> None:
    async with demo_at(tmp_path / "demo", 8080) as (sim, _routes):
        assert connections(sim.engine.settings.smsc[0].port) == 2, "both ends are on this machine"
        assert await sim.phones.send(PHONE, "9166", "DK THETHAO") == 0
        await sim.settle()
        assert heard(sim.phones.received(PHONE)) == ["confirm_request"]
        assert sim.account(int(PHONE))["debits"] == []
        assert await sim.phones.send(PHONE, "9166", "Y") == 0
        await sim.settle()
        assert heard(sim.phones.received(PHONE)) == ["confirm_request", "activated"]
        assert [debit["amount"] for debit in sim.account(int(PHONE))["debits"]] == [2000]
        (subscription,) = sim.reader.subscriptions(int(PHONE))
        assert subscription.state == "active"


def heard(messages: list[dict[str, object]]) -> list[str]:
    """Name what the phone received."""
    return [name_of(str(message["text"])) for message in messages]


def connections(port: int) -> int:
    """Count the ends of TCP connections that the kernel holds with a port on either side."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text("ascii").splitlines()[1:]]
    ends = f":{port:04X}"
    return sum(
        row[3] == ESTABLISHED and (row[1].endswith(ends) or row[2].endswith(ends)) for row in rows
    )
