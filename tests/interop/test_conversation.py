"""The whole conversation with an SMSC that we did not write, `twofold serve` a process of its own.

Every octet goes through a relay that writes it down, so that Wireshark reads what was really sent.
"""

from pathlib import Path

import pytest

from tests.faults.serving import Installation, serving
from tests.interop.perl_smsc import PerlSmsc, Submitted, perl_smsc
from tests.interop.relay import Chunks, relay
from tests.interop.test_tshark import check, commands
from twofold.protocol.smpp.constants import CommandId

NUMBER = "84912345678"
RECEIPTS = {"DK THETHAO": 1, "Y": 1, "TK": 0, "HUY THETHAO": 1}
"""How many receipts follow what each message is answered with."""

TELLING = {
    "DK THETHAO": ("soan Y", "gui 9166", "2.000d/ngay", "VAT", "gia han", "HUY THETHAO"),
    "Y": ("thanh cong", "HUY THETHAO"),
    "TK": ("THETHAO",),
    "HUY THETHAO": ("da huy",),
}
"""Words that each answer must have."""


async def converse(smsc: PerlSmsc) -> list[Submitted]:
    """Say each line, once the one before is answered whole; give the texts that came."""
    texts = []
    for said, words in TELLING.items():
        smsc.deliver(NUMBER, "123" if said == "TK" else "9166", said.encode())
        _, status = await smsc.saw("deliver_sm_resp")
        assert status == "0", said
        text = await smsc.saw_submit()
        texts.append(text)
        answered = text.text.decode("latin-1")
        if text.esm_class:
            text = await smsc.saw_submit()
            answered += text.text.decode("latin-1")
        for word in words:
            assert word in answered, (said, answered)
        for _ in range(RECEIPTS[said]):
            _, status = await smsc.saw("deliver_sm_resp")
            assert status == "0", said
    return texts


@pytest.mark.needs("net-smpp", "tshark")
async def test_one_double_confirmation_with_an_smsc_that_we_did_not_write(tmp_path: Path) -> None:
    async with perl_smsc() as smsc, relay(smsc.port) as between:
        installation = Installation(tmp_path / "installation", between.port)
        async with serving(installation) as engine:
            installation.close()
            assert await smsc.saw("bind_transceiver") == ["twofold", "secret", "52"]
            texts = await converse(smsc)
            assert await engine.stop() == 0
            await smsc.saw("unbind")
    prompt, welcome, listing, stopped = texts
    assert {text.to for text in texts} == {NUMBER}
    assert [text.sender for text in texts] == ["9166", "9166", "123", "9166"]
    assert [text.registered for text in texts] == [1, 1, 0, 1]
    assert prompt.validity.endswith("000R")
    assert prompt.validity <= "000000120000000R"
    assert welcome.validity > prompt.validity
    assert (prompt.data_coding, listing.data_coding, stopped.data_coding) == (0, 0, 0)
    (chunks,) = between.connections
    read_by_wireshark(tmp_path / "conversation.pcap", chunks)


def read_by_wireshark(path: Path, chunks: Chunks) -> None:
    """See that nothing that was sent is malformed."""
    check(path, chunks)
    sent = commands(chunks, by_esme=True)
    assert sent.count(CommandId.DELIVER_SM_RESP) == len(TELLING) + sum(RECEIPTS.values())
    assert {CommandId.BIND_TRANSCEIVER, CommandId.SUBMIT_SM, CommandId.UNBIND} <= {*sent}
