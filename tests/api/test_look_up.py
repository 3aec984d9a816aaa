"""What a number has is told alike to its holder by SMS and to the app and the agent by the API."""

import re
from collections.abc import Mapping

import pytest

from tests.api.caller import Api
from tests.api.demo import Demo

LINE = re.compile(r"^\d (.+) (\S+)d/.+ \(HUY (\w+)\)", re.MULTILINE)


def told_by_sms(demo: Demo, number: str) -> dict[str, int]:
    """Price by service, as the last text to a number lists them."""
    text = demo.received(number)[-1]
    return {code: int(price.replace(".", "")) for _, price, code in LINE.findall(text)}


@pytest.mark.scenario("S089", "S090")
@pytest.mark.parametrize("role", ["app", "care"])
def test_a_text_and_the_api_tell_the_same(
    served: Demo, callers: Mapping[str, Api], number: str, role: str
) -> None:
    for code, to in (("THETHAO", "9166"), ("GAME", "1579"), ("NHAC", "9166")):
        served.send(number, to, f"DK {code}")
        if code != "NHAC":
            served.send(number, to, f"Y {code}")
    served.send(number, "123", "TK")
    found = callers[role].post("/api/v1/subscriptions/search", {"msisdn": number}).body
    held = {one["service"]: one["price_minor"] for one in found["subscriptions"]}
    waiting = {one["service"]: one["price_minor"] for one in found["pending"]}
    assert (sorted(held), sorted(waiting)) == (["GAME", "THETHAO"], ["NHAC"])
    assert told_by_sms(served, number) == held | waiting
