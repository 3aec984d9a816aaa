"""Who asks for something over HTTP in a story, in a product manager's words.

    abc asks for THETHAO                with a session as the proof of the subscriber's act
    web asks for THETHAO unproved       with nothing that shows one
    care asks for THETHAO as k-1        under that Idempotency-Key; a fresh one where none is named
    abc ends THETHAO                    the request or subscription that was last answered with
    abc charges THETHAO, abc delivers THETHAO
    abc replies to THETHAO              in the subscriber's name, at every door that might take it
    A, and at once B                    two calls that are under way together; which of them comes
                                        first is chance, so their answers stand in order

`abc` and `xyz` are partners, everybody else is a channel of the operator's.
The octets are those of HTTP/1.1 on the wires of the world, and uvicorn reads them, as in `serve`.
"""

import asyncio
import json
import re
from collections.abc import Callable, Mapping
from functools import partial
from hashlib import sha256
from itertools import count
from typing import TYPE_CHECKING, Any, Final, cast

from msgspec import Struct
from starlette.applications import Starlette

from twofold.access.tokens import Role, token_hash, write_token
from twofold.app.engine import Engine
from twofold.app.faces import face_routes
from twofold.app.running import pages
from twofold.store.sqlite import Connection, SqliteCallers
from twofold.world.world import World

if TYPE_CHECKING:
    from tests.scenarios.story import Story


class Who(Struct, frozen=True):
    """Whose token calls, and the channel that it speaks for."""

    role: Role
    channel: str
    partner: str = ""

    @property
    def token(self) -> str:
        """Its token: the same in every play."""
        return write_token(sha256(f"{self.role}{self.partner}".encode()).digest())


CALLERS: Final = {
    "abc": Who(Role.PARTNER, "partner", "abc"),
    "xyz": Who(Role.PARTNER, "partner", "xyz"),
    "web": Who(Role.APP, "web"),
    "app": Who(Role.APP, "app"),
    "ivr": Who(Role.IVR, "ivr"),
    "ussd": Who(Role.USSD, "ussd"),
    "care": Who(Role.CARE, "care"),
}

CALL: Final = re.compile(
    rf"({'|'.join(CALLERS)}) (asks for|ends|charges|delivers|replies to) (\w+)"
    r"( unproved)?(?: as ([\w-]+))?"
)
SESSION: Final = {"kind": "session", "ref": "s-1"}
DOORS: Final[tuple[tuple[str, Mapping[str, object]], ...]] = (
    ("confirmations", {"text": "Y"}),
    ("replies", {"text": "Y {service}"}),
    ("messages", {"text": "Y", "short_code": "9166"}),
    ("requests/{id}/confirm", {}),
    ("requests/{id}/confirmation", {"text": "Y"}),
    ("requests", {"service": "{service}", "channel": "sms"}),
    ("requests", {"service": "{service}", "channel": "partner", "kind": "SUBSCRIBER_REPLY"}),
    ("requests", {"service": "{service}", "channel": "partner", "confirmed": True}),
    ("deliveries", {"service": "{service}", "reference": "r-1", "consent": "Y"}),
)
"""Where somebody might think that a subscriber's reply is taken."""

Answer = tuple[int, dict[str, Any]]

_keys = count(1)


async def serve(engine: Engine, connection: Connection) -> None:
    """Show the engine's faces on the network of its world; whoever calls has a token already."""
    callers = SqliteCallers(connection)
    for name, who in CALLERS.items():
        hash_ = token_hash(who.token)
        if await callers.token(hash_) is None:
            await callers.add_token(hash_, who.role, who.partner, name, engine.clock.now())
    where = engine.settings.http
    await listen(Starlette(routes=face_routes(engine, connection)), where.host, where.port)


async def listen(application: Starlette, host: str, port: int) -> None:
    """Have uvicorn read what comes over the network of a world, as it is set up in `serve`."""
    server, loop = pages(application), asyncio.get_running_loop()
    server.config.load()
    connected: Callable[[], asyncio.Protocol] = partial(
        cast("Callable[..., asyncio.Protocol]", server.config.http_protocol_class),
        config=server.config,
        server_state=server.server_state,
        app_state={},
        _loop=loop,
    )
    await loop.create_server(connected, host, port)


async def call(story: "Story", said: re.Match[str]) -> list[str]:
    """Call, and say in short what was answered."""
    who, what, service = CALLERS[said[1]], said[2], said[3]
    named = {"msisdn": story.phone, "service": service}
    match what:
        case "asks for":
            proof = {} if said[4] else {"proof": SESSION}
            body = named | {"channel": who.channel} | proof
            answers = [await post(story.world, who, "requests", body, said[5])]
            story.asked[service] = answers[0][1].get("id", story.asked.get(service, ""))
        case "ends":
            path = f"requests/{story.asked[service]}/cancel"
            answers = [await post(story.world, who, path, None)]
        case "charges":
            answers = [
                await post(
                    story.world, who, "charges", named | {"reference": "r", "amount_minor": 2_000}
                )
            ]
        case "delivers":
            answers = [await post(story.world, who, "deliveries", named | {"reference": "r-1"})]
        case _:
            answers = [
                await post(story.world, who, *at_door(story, path, claimed, service))
                for path, claimed in DOORS
            ]
    return [in_short(*answer) for answer in answers]


def at_door(
    story: "Story", path: str, claimed: Mapping[str, object], service: str
) -> tuple[str, dict[str, object]]:
    """Where a reply is claimed, and with which body."""
    filled = {
        name: value.format(service=service) if isinstance(value, str) else value
        for name, value in claimed.items()
    }
    return path.format(id=story.asked[service]), {"msisdn": story.phone} | filled


async def post(world: World, who: Who, path: str, body: object, key: str | None = None) -> Answer:
    """Post over a connection of its own."""
    where = world.settings.http
    content = b"" if body is None else json.dumps(body).encode()
    head = (
        f"POST /api/v1/{path} HTTP/1.1\r\nHost: {where.host}\r\nConnection: close\r\n"
        f"Authorization: Bearer {who.token}\r\nIdempotency-Key: {key or f'key-{next(_keys)}'}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    reader, writer = await asyncio.open_connection(where.host, where.port)
    writer.write(head.encode() + content)
    answer, _, told = (await reader.read()).partition(b"\r\n\r\n")
    writer.close()
    return int(answer.split()[1]), json.loads(told)


def in_short(status: int, body: Mapping[str, Any]) -> str:
    """What a call was answered: its status, and the state or the problem."""
    said = body.get("type", "").rpartition("/")[2] or body.get("state", "noted")
    return f"{status} {said}"
