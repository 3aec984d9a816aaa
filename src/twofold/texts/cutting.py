"""Cut a text into SMS: a list between its lines, so that no service is cut in two.

A phone that joins parts shows the same text either way; an old one shows whole lines.
"""

from twofold.protocol.gsm import (
    GSM_DATA_CODING,
    PARTS_MAX,
    SEPTETS_IN_PART,
    Segments,
    encode,
    is_gsm,
    segment,
)


def cut(text: str) -> Segments:
    """Encode a text and cut it; the parts put together are the text.

    A list is cut between its lines if each line fits an SMS, any other text as `gsm.segment` does.
    Errors are those of `gsm.segment`.
    """
    whole = segment(text)
    if len(whole.parts) == 1 or "\n" not in text or not is_gsm(text):
        return whole
    parts = _between_lines(text)
    if len(parts) > PARTS_MAX or any(len(part) > SEPTETS_IN_PART for part in parts):
        return whole
    return Segments(GSM_DATA_CODING, parts)


def _between_lines(text: str) -> tuple[bytes, ...]:
    """Put as many whole lines into each part as it holds; a line keeps the break that ends it."""
    *lines, last = text.split("\n")
    parts = [b""]
    for line in (*(f"{line}\n" for line in lines), last):
        octets = encode(line)
        if len(parts[-1]) + len(octets) > SEPTETS_IN_PART:
            parts.append(octets)
        else:
            parts[-1] += octets
    return tuple(parts)
