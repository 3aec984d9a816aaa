"""What the tests of the catalogue share: a market, a small file, and how a changed one reads."""

from twofold.catalog.example import example
from twofold.catalog.file import parse_catalogue
from twofold.catalog.packs import load_policy
from twofold.catalog.rows import Market
from twofold.domain.catalogue import Catalogue
from twofold.domain.policy import Operator

ZONE = "Asia/Ho_Chi_Minh"
MARKET = Market(
    Operator("VinaPhone", "18001091", ZONE, "84", "123"),
    load_policy("vn").versions["vn-2024"],
    frozenset({"123", "9166", "1579"}),
)
EXAMPLE = example("catalog.toml")

SMALL = """
[[partner]]
id = "abc"
name = "ABC Media"
hotline = "19001000"

[[certificate]]
partner = "abc"
number = "1/GCN"
kind = "content-services"
issuer = "Cục Viễn thông"
valid_from = 2026-01-01
valid_until = 2028-12-31

[[service]]
code = "GAME"
partner = "abc"
name = "Game vui"
short_code = "1579"
price = 5000
period = "P7D"
auto_renew = true
stage = "on"
"""


PRICED = f"""{SMALL}
[[price]]
service = "GAME"
price = 6000
from = 2026-07-01

[[price]]
service = "GAME"
price = 700
period = "P1D"
from = 2026-04-01
"""


def read(text: str) -> Catalogue:
    """Read a catalogue that has no faults."""
    catalogue = parse_catalogue(text.encode(), 1, MARKET)
    assert isinstance(catalogue, Catalogue), "\n".join(map(str, catalogue))
    return catalogue


def faults(text: str | bytes) -> list[str]:
    """Give the faults of a catalogue, one line each."""
    content = text.encode() if isinstance(text, str) else text
    found = parse_catalogue(content, 1, MARKET)
    assert not isinstance(found, Catalogue), "there is no fault"
    return [str(fault) for fault in found]


def changed(*pairs: tuple[str, str]) -> str:
    """Give the small catalogue with each first text replaced by the second."""
    text = SMALL
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text
