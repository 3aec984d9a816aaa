"""A key press whose message was not taken: it is answered with what to do, and nothing is lost."""

from types import SimpleNamespace
from typing import Any

import pytest

from twofold.pages.answering import Assets
from twofold.pages.sim.faces import Faces
from twofold.pages.sim.page import BadForm, Page
from twofold.pages.sim.where import Where
from twofold.protocol.smpp.constants import CommandStatus

HERE = Where("en", "84912000001", "9166")


def page_where(answer: int | Exception) -> Page:
    """A page whose SMSC answers every message so."""

    async def send(*_: object, **__: object) -> int:
        if isinstance(answer, Exception):
            raise answer
        return answer

    playground: Any = SimpleNamespace(
        phones=SimpleNamespace(send=send),
        faults=SimpleNamespace(mo="once"),
        country_code="84",
        short_codes=("9166", "123"),
        operator=SimpleNamespace(time_zone="UTC", currency="VND"),
    )
    return Page(playground, Faces(playground, lambda _: None), Assets(), lambda _: None)


@pytest.mark.parametrize("form", [{"key": "Y", "text": "half"}, {"text": "Y"}])
async def test_a_message_that_was_taken_leads_back_without_a_notice(form: dict[str, str]) -> None:
    assert await page_where(0).send(HERE, {**form, "to": "123"}) == HERE.with_(to="123")


@pytest.mark.parametrize(
    "status",
    [CommandStatus.ESME_RX_T_APPN, CommandStatus.ESME_RMSGQFUL, CommandStatus.ESME_RTHROTTLED],
)
async def test_a_message_that_was_put_off_is_said_to_come_again(status: CommandStatus) -> None:
    there = await page_where(status).send(HERE, {"text": "Y"})
    assert (there.notice, there.status) == ("put_off", str(int(status)))


@pytest.mark.parametrize(
    ("answer", "key"),
    [(CommandStatus.ESME_RSYSERR, "notice.refused"), (KeyError("9166"), "notice.away")],
)
async def test_a_message_that_nobody_took_is_given_back_with_what_to_do(
    answer: int | Exception, key: str
) -> None:
    with pytest.raises(BadForm) as caught:
        await page_where(answer).send(HERE, {"text": "Y"})
    assert (caught.value.key, caught.value.status) == (key, 503)
