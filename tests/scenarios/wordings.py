"""What the stories of templates share: approved wordings, and how a story imports them."""

import pytest

from tests.scenarios.events import EVENTS
from tests.scenarios.story import Story
from twofold.app.failures import CannotStart
from twofold.catalog.example import example
from twofold.world.trouble import sell

TODAY = "2026-03-14"
TOMORROW = "2026-03-15"

SHORT = (
    "ĐK {service_name} ({provider_name}) {price_incl_vat}, {auto_renew}{conditions}. "
    "OK: {reply_syntax} trước {deadline}. {no_charge}. Hủy: {cancel_syntax}. LH {hotline}"
)
"""The program's own prompt but for its `Đồng ý`, and as much shorter."""

SHORT_EN = (
    "Join {service_name} ({provider_name}), {price_incl_vat}, {auto_renew}{conditions}: "
    "{reply_syntax} by {deadline}. {no_charge}. Stop: {cancel_syntax}. Help {hotline}"
)

DECLINED = (
    "QK đã từ chối {service_name}: chưa đăng ký, không mất phí. Không nhận thêm: CHAN gửi "
    "{lookup_code}. Hỗ trợ: {hotline} (miễn phí)."
)


def template(
    text: str, since: str = TODAY, *, key: str = "confirm_request", language: str = "vi"
) -> str:
    """One row of a catalogue."""
    said = f'key = "{key}"\nlanguage = "{language}"\ntext = "{text}"\nvalid_from = {since}\n'
    return f"\n[[template]]\n{said}"


def imports(patch: pytest.MonkeyPatch, name: str, *rows: str) -> None:
    """Let a story import the example's catalogue with more rows, under a name of its own."""

    async def happens(story: Story) -> None:
        await sell(story.world, example("catalog.toml") + "".join(rows))

    patch.setitem(EVENTS, name, happens)


def refuses(patch: pytest.MonkeyPatch, name: str, *rows: str) -> list[str]:
    """Let a story try that import, which is refused; the faults come into the list."""
    found: list[str] = []

    async def happens(story: Story) -> None:
        with pytest.raises(CannotStart) as refused:
            await sell(story.world, example("catalog.toml") + "".join(rows))
        found.extend(str(refused.value).splitlines())

    patch.setitem(EVENTS, name, happens)
    return found
