"""Nothing that is reached over HTTP can make the event of a subscriber's own message."""

import ast

import pytest

from tests.architecture.sources import ROOT, here, parsed
from twofold.api.desk import HEARD
from twofold.domain.events import MessageReceived

FACES = ("api", "access", "pages", "reports")
"""Packages that answer people and programs; control watches what was decided, and answers nobody.

The stand-ins' phones speak SMPP, as any phone does.
"""


@pytest.mark.scenario("S101")
def test_no_face_names_the_event_of_a_message() -> None:
    files = [
        path
        for package in FACES
        for path in sorted((ROOT / "src" / "twofold" / package).rglob("*.py"))
    ]
    assert files
    found = [
        here(path, node.lineno)
        for path in files
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Name | ast.Attribute | ast.alias)
        and "MessageReceived" in ast.unparse(node)
    ]
    assert found == []


@pytest.mark.scenario("S042", "S101")
def test_no_event_that_a_call_can_make_is_a_message() -> None:
    assert HEARD
    for heard in HEARD:
        assert not issubclass(heard, MessageReceived)
        assert not issubclass(MessageReceived, heard)
        assert not hasattr(heard, "key_is_sure")
