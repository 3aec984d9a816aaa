"""ESMEs that we did not write bind to our SMSC stand-in: a whole conversation, read by Wireshark.

Against Net::SMPP as the SMSC our own link speaks in test_net_smpp.py and test_conversation.py;
smpplib knows the ESME's side alone.
"""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.interop.relay import relay
from tests.interop.test_tshark import check, commands
from tests.unit.links.rig import ACCOUNT, NUMBER, Rig
from twofold.peers.smsc import SmscSettings
from twofold.protocol.smpp.constants import CommandId, CommandStatus

HERE = Path(__file__).parent
ESMES = {
    "smpplib": (sys.executable, "-W", "ignore", HERE / "esme_smpplib.py"),
    "Net::SMPP": ("perl", HERE / "esme.pl"),
}
GOODBYE = "Đã hủy. " * 12


class Esme:
    """The running program."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process

    async def saw(self, name: str) -> list[str]:
        """Wait for the next line of that name, passing over others; give its fields."""
        assert self.process.stdout is not None
        while line := await self.process.stdout.readline():
            found, *fields = line.decode().rstrip("\n").split("\t")
            if found == name:
                return fields
        raise AssertionError(f"it ended before it saw {name}")


@asynccontextmanager
async def esme(name: str, port: int) -> AsyncIterator[Esme]:
    """Start one; it ends by itself, or is ended."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        *ESMES[name], str(port), stdout=pipe, stderr=pipe
    )
    try:
        yield Esme(process)
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


@asynccontextmanager
async def listening() -> AsyncIterator[Rig]:
    """Run our stand-in."""
    both = Rig(SmscSettings((ACCOUNT,), enquire_after_s=0.2))
    await both.smsc.start()
    try:
        yield both
    finally:
        await both.smsc.stop()


@pytest.mark.needs("net-smpp", "tshark")
@pytest.mark.parametrize("name", ESMES)
async def test_a_service_that_we_did_not_write_has_its_whole_conversation(
    name: str, tmp_path: Path
) -> None:
    async with (
        listening() as both,
        relay(both.smsc.port) as between,
        esme(name, between.port) as service,
    ):
        assert await service.saw("bound") == ["standin"]
        for said, answer in {
            "DK THETHAO": "De dong y, soan Y gui 9166",
            "Y": "Dang ky thanh cong",
            "HUY THETHAO": GOODBYE,
        }.items():
            assert await both.phones.send(NUMBER, "9166", said) == 0
            assert await service.saw("message") == [NUMBER, "9166", said]
            (id_,) = await service.saw("accepted")
            assert await service.saw("receipt") == [id_, "DELIVRD"]
            received = await both.phones.wait_for(NUMBER, 1, 60)
            both.phones.forget(NUMBER)
            assert [message["text"] for message in received] == [answer]
        line = both.smsc.bound[0]
        line.enquire()
        assert await both.phones.send(NUMBER, "9166", "END") == 0
        await service.saw("unbound")
        assert await service.process.wait() == 0
        await both.smsc.wait_until(lambda: not both.smsc.lines)
    (chunks,) = between.connections
    check(tmp_path / "conversation.pcap", chunks)
    sent = commands(chunks, by_esme=True)
    assert sent.count(CommandId.SUBMIT_SM) == 4
    assert {CommandId.BIND_TRANSCEIVER, CommandId.ENQUIRE_LINK_RESP, CommandId.UNBIND} <= {*sent}


@pytest.mark.needs("net-smpp")
@pytest.mark.parametrize("name", ESMES)
async def test_its_wrong_password_is_refused(name: str) -> None:
    async with listening() as both:
        both.smsc.faults.refuse_binds = CommandStatus.ESME_RINVPASWD
        async with esme(name, both.smsc.port) as service:
            with pytest.raises(AssertionError, match="it ended before"):
                await service.saw("message")
        assert both.smsc.bound == []
