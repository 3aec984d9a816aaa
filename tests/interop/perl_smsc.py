"""Runs smsc.pl, an SMSC made of Debian's Net::SMPP, and reads what it says it read."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from msgspec import Struct

SCRIPT = Path(__file__).with_name("smsc.pl")
PASSWORD = "secret"


class Submitted(Struct, frozen=True):
    """A submit_sm, as Net::SMPP read it."""

    sequence: int
    sender: str
    to: str
    esm_class: int
    data_coding: int
    registered: int
    validity: str
    text: bytes


class PerlSmsc:
    """The running program: `tell` it what to do, and wait for what it `saw`."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.port = 0

    def tell(self, *words: str) -> None:
        """Give it one command."""
        assert self.process.stdin is not None
        self.process.stdin.write((" ".join(words) + "\n").encode())

    def deliver(self, msisdn: str, short_code: str, text: bytes) -> None:
        """Have it deliver a message."""
        self.tell("deliver", msisdn, short_code, text.hex())

    def data(self, msisdn: str, short_code: str, text: bytes) -> None:
        """Have it deliver a message by data_sm."""
        self.tell("data", msisdn, short_code, text.hex())

    async def saw(self, name: str) -> list[str]:
        """Wait for the next PDU of that name, passing over others; give its fields."""
        assert self.process.stdout is not None
        while line := await self.process.stdout.readline():
            found, *fields = line.decode().rstrip("\n").split("\t")
            if found == name:
                return fields
        raise AssertionError(f"smsc.pl ended before it saw {name}")

    async def saw_submit(self) -> Submitted:
        """Wait for the next submit_sm."""
        fields = await self.saw("submit_sm")
        sequence, sender, to, esm_class, data_coding, registered, validity, text = fields
        return Submitted(
            int(sequence),
            sender,
            to,
            int(esm_class),
            int(data_coding),
            int(registered),
            validity,
            bytes.fromhex(text),
        )


@asynccontextmanager
async def perl_smsc() -> AsyncIterator[PerlSmsc]:
    """Start it; it ends when its standard input does."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec("perl", SCRIPT, stdin=pipe, stdout=pipe)
    assert process.stdin is not None
    assert process.stdout is not None
    smsc = PerlSmsc(process)
    smsc.port = int((await process.stdout.readline()).split()[1])
    try:
        yield smsc
    finally:
        process.stdin.close()
        await process.stdout.read()
        await process.wait()
