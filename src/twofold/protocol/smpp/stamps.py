"""What vendors put into TLVs of their own beside an MO: when it was sent, and by whose SIM.

No standard says how, so every form that is met is read; what is none of them is nothing.
"""

from datetime import UTC, datetime, tzinfo
from typing import Final

from twofold.protocol.smpp.times import parse_absolute

_SECONDS: Final = 4
_MILLISECONDS: Final = 8
_SEMI_OCTETS: Final = 7
_LOCAL: Final = {12: "%y%m%d%H%M%S", 14: "%Y%m%d%H%M%S"}
_EPOCH_SECONDS: Final = 10
_EPOCH_MILLISECONDS: Final = 13
_LATEST_AT: Final = 1 << 43
"""The year 2248: no time that is later is one."""

_IMSI_LEAST: Final = 6
_IMSI_MOST: Final = 15
"""ITU-T E.212."""


def parse_stamp(value: bytes, zone: tzinfo) -> int | None:
    """Read a time in ms UTC; `zone` is that of forms that name none. None when it is no time.

    Forms: absolute SMPP time, digits of a local time (12 or 14) or of a Unix time (10 or 13),
    octets of a Unix time (4 or 8), and the seven semi-octets of a service centre time stamp
    (3GPP TS 23.040, 9.2.3.11).
    """
    text = value.rstrip(b"\0")
    if text.isdigit():
        return _from_digits(text.decode(), zone)
    at = parse_absolute(text.decode("latin-1"))
    if at is None and len(value) in {_SECONDS, _MILLISECONDS}:
        at = int.from_bytes(value, "big") * (1000 if len(value) == _SECONDS else 1)
    if at is None and len(value) == _SEMI_OCTETS:
        at = _from_semi_octets(value)
    return at if at is not None and 0 < at < _LATEST_AT else None


def parse_imsi(value: bytes) -> str:
    """Read an IMSI, in digits or in semi-octets (TBCD); "" when it is none."""
    text = value.rstrip(b"\0")
    if not text.isdigit():
        swapped = "".join(f"{octet & 15:x}{octet >> 4:x}" for octet in value)
        text = swapped.rstrip("f").encode()
    read = text.decode("latin-1")
    return read if is_imsi(read) else ""


def is_imsi(text: str) -> bool:
    """Say whether these are the digits of an IMSI."""
    return text.isascii() and text.isdigit() and _IMSI_LEAST <= len(text) <= _IMSI_MOST


def _from_digits(text: str, zone: tzinfo) -> int | None:
    if len(text) == _EPOCH_SECONDS:
        return int(text) * 1000
    if len(text) == _EPOCH_MILLISECONDS:
        return int(text)
    form = _LOCAL.get(len(text))
    if form is None:
        return None
    try:
        return int(datetime.strptime(text, form).replace(tzinfo=zone).timestamp()) * 1000
    except ValueError:
        return None


def _from_semi_octets(value: bytes) -> int | None:
    """Year to second and the zone in quarters of an hour, the digits of each octet swapped."""
    *fields, zone = value
    numbers = [(octet & 15) * 10 + (octet >> 4) for octet in fields]
    quarters = (zone & 7) * 10 + (zone >> 4)
    year, month, day, hour, minute, second = numbers
    try:
        local = datetime(2000 + year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None
    offset_ms = quarters * 900_000 * (-1 if zone & 8 else 1)
    return int(local.timestamp()) * 1000 - offset_ms
