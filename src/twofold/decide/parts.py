"""Long MOs: each part is kept before it is answered, and all together are one message.

Parts come over different binds, in any order, and again.
A part says nothing by itself: a yes is never found in one.
What never becomes whole is evidence, and its sender is offered help.
"""

from hashlib import blake2b
from typing import Final

from msgspec import structs

from twofold.decide.answers import carried, hint, plain
from twofold.decide.decision import Draft
from twofold.domain.events import MessageReceived, PartReceived, PartsAbandoned
from twofold.domain.reason import Reason
from twofold.domain.subscriber import Fragment, Group
from twofold.protocol.gsm import Shift, decode_short_message

GROUPS_MAX: Final = 4
"""Long messages of one number that may be incomplete at once; the oldest gives way."""

PARTS_MAX: Final = 10
"""A keyword is never so long (`keywords.MAX_TEXT`): a longer message is not put together."""

DIGEST_BYTES: Final = 8


def whole_of(draft: Draft, event: PartReceived) -> MessageReceived | None:
    """Take a part in; the whole message, if this was the last that it waited for."""
    part = structs.replace(event.fragment, tenure=draft.subscriber.tenure)
    if part.group.total > PARTS_MAX:
        return as_message(event, (part,), None)
    kept = {held.number: held for held in of_group(draft, part.group)}
    done = kept.pop(0, None)
    if done is not None and digest(part) in digests(done.octets):
        draft.refuse(Reason.RESENT)
        return None
    same = kept.get(part.number)
    if same is not None and same.octets == part.octets:
        draft.refuse(Reason.RESENT)
        return None
    if done is not None or same is not None:
        # Another message under the same reference: what there was will not become whole.
        forget(draft, part.group)
        kept.clear()
    kept[part.number] = part
    if len(kept) < part.group.total:
        keep(draft, part)
        return None
    parts = tuple(kept[number] for number in sorted(kept))
    forget(draft, part.group)
    keep(draft, structs.replace(part, number=0, octets=b"".join(map(digest, parts))))
    return as_message(event, parts, text_of(parts))


def on_parts_abandoned(draft: Draft, event: PartsAbandoned) -> None:
    """The rest never came: what there is is evidence, and never a yes."""
    kept = of_group(draft, event.group)
    forget(draft, event.group)
    if not kept or kept[0].number == 0:
        return draft.refuse(Reason.SETTLED_BEFORE)
    draft.refuse(Reason.INCOMPLETE)
    return hint(draft, "help", plain(draft, "help"), carried(draft, event.group.short_code))


def of_group(draft: Draft, group: Group) -> list[Fragment]:
    """The parts of one message that are here, of this holder of the number."""
    tenure = draft.subscriber.tenure
    fragments = draft.subscriber.fragments
    return [held for held in fragments if held.group == group and held.tenure == tenure]


def forget(draft: Draft, group: Group) -> None:
    """Keep nothing of a message any more."""
    left = tuple(held for held in draft.subscriber.fragments if held.group != group)
    draft.subscriber = structs.replace(draft.subscriber, fragments=left)


def keep(draft: Draft, part: Fragment) -> None:
    """Keep a part; too many incomplete messages push out the oldest."""
    held = draft.subscriber.fragments
    groups = list(dict.fromkeys(one.group for one in sorted(held, key=lambda one: one.at)))
    for group in groups[: max(0, len(groups) - GROUPS_MAX + (part.group not in groups))]:
        forget(draft, group)
    kept = (*draft.subscriber.fragments, part)
    draft.subscriber = structs.replace(draft.subscriber, fragments=kept)


def text_of(parts: tuple[Fragment, ...]) -> str | None:
    """Read all parts as one text; parts in different alphabets are read one by one."""
    coding = parts[0].data_coding
    if any(part.data_coding != coding for part in parts):
        return None
    if all(part.shift == parts[0].shift for part in parts):
        octets = b"".join(part.octets for part in parts)
        return decode_short_message(octets, coding, Shift(*parts[0].shift))
    texts = [decode_short_message(part.octets, coding, Shift(*part.shift)) for part in parts]
    return None if None in texts else "".join(text for text in texts if text is not None)


def as_message(
    event: PartReceived, parts: tuple[Fragment, ...], text: str | None
) -> MessageReceived:
    """The whole message: it was sent when its last part was."""
    octets = b"".join(part.octets for part in parts)
    said = f"{event.short_code} {event.data_coding} ".encode() + octets
    return MessageReceived(
        event.id,
        event.at,
        event.msisdn,
        event.short_code,
        event.smsc,
        event.data_coding,
        octets,
        text,
        blake2b(said, digest_size=DIGEST_BYTES).digest(),
        key_is_sure=False,
        effective_at=max(part.effective_at for part in parts),
        answered_before_at=event.answered_before_at,
        smsc_at=event.smsc_at,
        imsi=event.imsi,
    )


def digest(part: Fragment) -> bytes:
    """8 bytes that tell a part from all others of its message."""
    said = bytes((part.number,)) + part.octets
    return blake2b(said, digest_size=DIGEST_BYTES).digest()


def digests(octets: bytes) -> list[bytes]:
    """What `digest` said of each part of a message that became whole."""
    return [octets[at : at + DIGEST_BYTES] for at in range(0, len(octets), DIGEST_BYTES)]
