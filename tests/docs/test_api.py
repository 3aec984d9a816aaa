"""What the documents say of the API's roles and problems is what the code says."""

import re

from tests.architecture.sources import ROOT
from twofold.access.tokens import CHANNELS
from twofold.api.problems import FAULTS


def test_the_guide_lists_every_role_with_its_channels() -> None:
    page = (ROOT / "docs" / "how-to" / "let-a-partner-ask.md").read_text()
    told = {
        role: tuple(re.findall(r"`(\w+)`", channels))
        for role, channels in re.findall(r"(?m)^\| `(\w+)` \| (.+?) \| ", page)
    }
    assert told == {role.value: tuple(map(str, channels)) for role, channels in CHANNELS.items()}


def test_the_reference_lists_every_fault_with_its_status() -> None:
    page = (ROOT / "docs" / "reference" / "http.md").read_text()
    told = re.findall(r"(?m)^\| `([A-Z_]+)` \| (\d+) \| (.+) \|$", page)
    assert told == [(fault.value, str(one.status), one.title) for fault, one in FAULTS.items()]
