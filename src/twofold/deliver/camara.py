"""CAMARA (GSMA Open Gateway) over HTTPS: Number Recycling and SIM Swap, asked by `POST /check`.

Everything that is not the one answer asked for is no answer: a refusal, an error, a redirect, a
body too long or of another shape.
CAMARA has no question for portability; where the operator has one, `ownership_url` takes a number
the same way and answers `{"ours": true}`.
"""

from datetime import UTC, datetime
from typing import Final, TypeVar

import aiohttp
import msgspec

from twofold.deliver.numbers import NoAnswer, Ownership

HOUR_MS: Final = 3_600_000
BODY_MAX: Final = 4_096
SIM_HOURS_MAX: Final = 2_400
"""CAMARA's SIM Swap looks back so many hours at most."""

CONNECTIONS: Final = 64
"""Open to each of the systems at once, at most."""

OK: Final = 200

T = TypeVar("T")


class CamaraSettings(msgspec.Struct, frozen=True):
    """Whom to ask; a URL that is None is not asked."""

    recycling_url: str | None
    """The API's root: `/check` is added."""
    sim_swap_url: str | None
    ownership_url: str | None
    token: str
    """An OAuth bearer token."""
    timeout_ms: int


class Recycling(msgspec.Struct, frozen=True, rename="camel"):
    """The answer of Number Recycling."""

    phone_number_recycled: bool


class SimSwap(msgspec.Struct, frozen=True):
    """The answer of SIM Swap."""

    swapped: bool


class Owned(msgspec.Struct, frozen=True):
    """The answer of the operator's own question."""

    ours: bool


class Camara:
    """Fulfils `deliver.numbers.NumberPort`; certificates are always verified."""

    def __init__(self, settings: CamaraSettings) -> None:
        """Nothing is opened before the first question."""
        self._settings = settings
        self._session: aiohttp.ClientSession | None = None

    async def ownership(self, msisdn: int) -> Ownership:
        """Ask the operator, where it can be asked."""
        url = self._settings.ownership_url
        if url is None:
            return Ownership.UNKNOWN
        body: dict[str, str | int] = {"phoneNumber": written(msisdn)}
        owned = await self._ask(url, body, Owned)
        return Ownership.OURS if owned.ours else Ownership.NOT_OURS

    async def is_recycled(self, msisdn: int, since_at: int) -> bool:
        """Ask by the day, as CAMARA does."""
        url = self._settings.recycling_url
        if url is None:
            return False
        day = datetime.fromtimestamp(since_at / 1000, UTC).date().isoformat()
        body: dict[str, str | int] = {"phoneNumber": written(msisdn), "specifiedDate": day}
        return (await self._ask(f"{url}/check", body, Recycling)).phone_number_recycled

    async def is_sim_changed(self, msisdn: int, since_at: int, now_at: int) -> bool:
        """Ask by whole hours, rounded up."""
        url = self._settings.sim_swap_url
        if url is None:
            return False
        hours = min(max(-((since_at - now_at) // HOUR_MS), 1), SIM_HOURS_MAX)
        body: dict[str, str | int] = {"phoneNumber": written(msisdn), "maxAge": hours}
        return (await self._ask(f"{url}/check", body, SimSwap)).swapped

    async def close(self) -> None:
        """Let go of all connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _ask(self, url: str, body: dict[str, str | int], shape: type[T]) -> T:
        """Post one question and read its answer, of a bounded size and of one shape."""
        try:
            async with self._opened().post(url, json=body, allow_redirects=False) as response:
                if response.status != OK:
                    raise NoAnswer(f"it answered {response.status}")
                document = await read(response)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise NoAnswer(f"it cannot be asked: {type(error).__name__}") from error
        try:
            return msgspec.json.decode(document, type=shape)
        except msgspec.DecodeError as error:
            raise NoAnswer("its answer has another shape") from error

    def _opened(self) -> aiohttp.ClientSession:
        """The session, which keeps connections open between questions."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit_per_host=CONNECTIONS),
                headers={
                    "Authorization": f"Bearer {self._settings.token}",
                    "Accept": "application/json",
                },
                timeout=aiohttp.ClientTimeout(total=self._settings.timeout_ms / 1000),
                cookie_jar=aiohttp.DummyCookieJar(),
                trust_env=False,
            )
        return self._session


async def read(response: aiohttp.ClientResponse) -> bytes:
    """A body of a bounded size."""
    document = b""
    async for piece in response.content.iter_any():
        document += piece
        if len(document) > BODY_MAX:
            raise NoAnswer("its answer is too long")
    return document


def written(msisdn: int) -> str:
    """A number as CAMARA takes it: E.164 with a plus."""
    return f"+{int.__repr__(msisdn)}"
