"""What stands around every call: bounds, headers, and a bounded limit on guessing."""

import pytest
from starlette.types import Message, Receive, Scope, Send

from twofold.api.guard import (
    ADDRESSES_MAX,
    BAD_TOKENS_A_MINUTE,
    HEADERS,
    MAX_BODY_BYTES,
    BadTokens,
    Guard,
)
from twofold.api.problems import Fault, Problem


class Called:
    """One call to a guarded application."""

    def __init__(self, *parts: bytes) -> None:
        self.parts = list(parts)
        self.is_cut = False
        self.body: bytes | None = None
        self.sent: list[Message] = []
        self.counted: list[int] = []
        self.failures: list[Exception] = []
        self.raises: Exception | None = None

    def fail(self, request_id: str, error: Exception) -> None:
        assert request_id == "R1"
        self.failures.append(error)

    def answered(self, status: int) -> None:
        self.counted.append(status)

    async def receive(self) -> Message:
        if not self.parts:
            return {"type": "http.disconnect"}
        part = self.parts.pop(0)
        return {"type": "http.request", "body": part, "more_body": bool(self.parts) or self.is_cut}

    async def send(self, message: Message) -> None:
        self.sent.append(message)

    async def app(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.raises is not None:
            raise self.raises
        assert scope["state"]["request_id"] == "R1"
        self.body = (await receive())["body"]
        await send({"type": "http.response.start", "status": 204, "headers": []})

    async def run(self) -> "Called":
        guard = Guard(self.app, lambda: "R1", self)
        await guard({"type": "http"}, self.receive, self.send)
        return self


async def test_a_body_is_read_whole_and_handed_on_once() -> None:
    called = await Called(b"ab", b"", b"cd").run()
    assert called.body == b"abcd"


@pytest.mark.parametrize(("size", "taken"), [(MAX_BODY_BYTES, True), (MAX_BODY_BYTES + 1, False)])
async def test_a_body_has_a_bound(size: int, taken: bool) -> None:  # noqa: FBT001 - a column
    called = await Called(b"x" * 10_000, b"x" * (size - 10_000), b"").run()
    assert (called.body is not None) is taken
    assert called.sent[0]["status"] == (204 if taken else 413)


async def test_a_body_that_was_cut_short_is_never_acted_on() -> None:
    called = Called(b'{"msisdn": "84912345678"}')
    called.is_cut = True
    await called.run()
    assert (called.body, called.sent, called.failures) == (None, [], [])


async def test_every_answer_is_counted_by_its_status() -> None:
    assert (await Called(b"").run()).counted == [204]
    assert (await Called(b"x" * (MAX_BODY_BYTES + 1), b"").run()).counted == [413]


async def test_every_answer_carries_its_id_and_the_headers_of_all() -> None:
    called = await Called(b"").run()
    headers = called.sent[0]["headers"]
    assert (b"x-request-id", b"R1") in headers
    assert set(HEADERS) <= set(headers)


async def test_what_an_application_raises_is_told_and_goes_no_further() -> None:
    called = Called(b"")
    called.raises = KeyError("ours")
    await called.run()
    assert [type(error) for error in called.failures] == [KeyError]


def test_guessing_is_slowed_down_by_address_and_minute() -> None:
    now_s = [0.0]
    bad = BadTokens(lambda: now_s[0])
    for _ in range(BAD_TOKENS_A_MINUTE):
        bad.note("10.0.0.1")
    with pytest.raises(Problem) as refused:
        bad.note("10.0.0.1")
    assert refused.value.kind is Fault.TOO_MANY_BAD_TOKENS
    bad.note("10.0.0.2")
    now_s[0] = 60.0
    bad.note("10.0.0.1")
    assert bad.total == BAD_TOKENS_A_MINUTE + 3


def test_what_is_remembered_of_guessers_is_bounded() -> None:
    bad = BadTokens(lambda: 0.0)
    for number in range(2 * ADDRESSES_MAX):
        bad.note(str(number))
    assert len(bad._seen) == ADDRESSES_MAX  # noqa: SLF001 - the bound is the point
