"""`twofold demo`: everything on one machine, fresh each time, and one conversation played.

The SMSC is a stand-in on a real socket; the engine is the one that `serve` runs, with a clock
that can be moved.
"""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from twofold.app.database import only_engine
from twofold.app.interpreter import settle_interpreter
from twofold.app.running import (
    listening_socket,
    pages,
    stop_requested,
)
from twofold.app.settings import Settings, load_settings
from twofold.app.standins import StandIns, standing_in
from twofold.app.timeline import told
from twofold.catalog.example import example
from twofold.domain.msisdn import Msisdn

FOLDER: Final = Path("var/demo")
SUBSCRIBER: Final = "84912345678"
CONVERSATION: Final = (
    ("9166", "DK THETHAO", "The first yes: a subscriber asks for a service."),
    ("9166", "Y", "The second yes, by SMS from the same SIM, inside the window."),
    ("123", "TK", "What am I paying for? Free, on any short code."),
    ("9166", "HUY THETHAO", "Stop it: at once, and free."),
)
TOKEN: Final = (
    f".venv/bin/twofold token create --role partner --partner abc --config {FOLDER}/twofold.toml"
)
WRAP: Final = 76


def run(*, port: int, once: bool) -> None:
    """Play the conversation, then serve until interrupted; with `once`, end after it."""
    asyncio.run(play(port, once=once))


async def play(port: int, *, once: bool) -> None:
    """Start everything, play, print, and serve."""
    listening = listening_socket("127.0.0.1", port)
    host, real_port = listening.getsockname()[:2]
    stop = stop_requested()
    async with demo_at(FOLDER, real_port) as (sim, routes):
        await converse(sim)
        if once:
            listening.close()
            return
        async with pages(Starlette(routes=routes)).serving(listening):
            settle_interpreter()
            print(f"\nA token for the API: {TOKEN}")
            print(f"\nReady: http://{host}:{real_port}/sim   (Ctrl-C ends it)", flush=True)
            await stop.wait()


@asynccontextmanager
async def demo_at(folder: Path, port: int) -> AsyncIterator[tuple[StandIns, list[BaseRoute]]]:
    """Run an SMSC stand-in and an engine on a fresh folder."""
    fresh(folder)
    with listening_socket("127.0.0.1", 0) as free:
        smsc_port = free.getsockname()[1]
    async with standing_in(written(folder, port, smsc_port)) as (sim, routes):
        yield sim, [*routes, Route("/", to_the_phone, methods=["GET"])]


async def to_the_phone(_: Request) -> Response:
    """Lead whoever comes to the front door to the page with the phone."""
    return RedirectResponse("/sim")


def fresh(folder: Path) -> None:
    """Empty the demo's folder: it starts anew each time, but never under another one's feet."""
    if (folder / "twofold.toml").exists():
        with only_engine(folder / "twofold.db"):
            shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)


def written(folder: Path, port: int, smsc_port: int) -> Settings:
    """Write the example configuration and catalogue, set to this demo's ports, and read them."""
    changes = {
        "port = 8080": f"port = {port}",
        "port = 2775": f"port = {smsc_port}",
        "# window = 50 ": "window = 500 ",
        # Whoever presses the same key twice in the demo means it twice.
        "# mo_id_tlv = 0x1401 ": "mo_id_tlv = 0x1401 ",
        "sqlite:///var/twofold.db": "sqlite:///twofold.db",
        "# [sim]\n# enabled = false": "[sim]\nenabled = true",
    }
    text = example("twofold.toml")
    for before, after in changes.items():
        assert before in text, before
        text = text.replace(before, after)
    (folder / "twofold.toml").write_text(text, encoding="utf-8")
    (folder / "catalog.toml").write_text(example("catalog.toml"), encoding="utf-8")
    return load_settings(folder / "twofold.toml", {})


async def converse(sim: StandIns) -> None:
    """Play the conversation and print it, each message with what the engine did for it."""
    zone = ZoneInfo(sim.engine.settings.operator.time_zone)
    print(f"One double confirmation over SMPP, subscriber {Msisdn(int(SUBSCRIBER))}\n")
    shown, last_id = 0, 0
    for short_code, text, says in CONVERSATION:
        print(f"== {says}")
        await sim.phones.send(SUBSCRIBER, short_code, text)
        await sim.settle()
        messages = sim.phones.messages(SUBSCRIBER)
        show_message(messages[shown], zone)
        for entry in sim.reader.entries_since(last_id):
            last_id = entry[0]
            first, *rest = told(entry[5])
            print(f"          . {first}")
            for line in rest:
                print(f"              {line}")
        for message in messages[shown + 1 :]:
            show_message(message, zone)
        shown = len(messages)
        print()
    account = sim.account(int(SUBSCRIBER))
    print(f"The account: {account['balance']} VND left, {len(account['debits'])} debit.")


def show_message(message: dict[str, Any], zone: ZoneInfo) -> None:
    """Print one SMS as a phone shows it."""
    at = datetime.fromisoformat(message["at"]).astimezone(zone)
    arrow = "phone -->" if message["direction"] == "mo" else "phone <--"
    peer = message["to"] if message["direction"] == "mo" else message["from"]
    segments = "" if message["direction"] == "mo" else f"  [{message['segments']} segment(s)]"
    print(f"{at:%H:%M:%S}  {arrow} {peer}{segments}")
    for paragraph in message["text"].splitlines():
        words, line = paragraph.split(" "), ""
        for word in words:
            if line and len(line) + len(word) >= WRAP:
                print(f"            | {line}")
                line = ""
            line = f"{line} {word}" if line else word
        print(f"            | {line}")
