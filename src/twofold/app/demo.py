"""`twofold demo`: everything on one machine, fresh each time, and one conversation played.

The SMSC is a stand-in on a real socket; the engine is the one that `serve` runs, with a clock
that can be moved.
"""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from twofold.app.conversation import converse
from twofold.app.database import only_engine
from twofold.app.interpreter import settle_interpreter
from twofold.app.running import (
    listening_socket,
    pages,
    stop_requested,
)
from twofold.app.settings import Settings, load_settings
from twofold.app.standins import StandIns, standing_in
from twofold.catalog.example import example

FOLDER: Final = Path("var/demo")
TOKEN: Final = (
    "   .venv/bin/twofold token create --role partner --partner abc \\\n"
    f"       --config {FOLDER}/twofold.toml"
)


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
            print(f"\nA token for the API:\n\n{TOKEN}")
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
        "# mo_imsi_tlv = 0x1403 ": "mo_imsi_tlv = 0x1403 ",
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
