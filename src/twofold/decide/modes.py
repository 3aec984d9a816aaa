"""Which reply confirms a request: the bare word, the word with the service's code, or a code.

The policy names the mode; a risk rule of the policy may step one request up to a code, never down.
"""

from hashlib import blake2b
from itertools import count

from msgspec import structs

from twofold.decide.decision import Draft
from twofold.domain.policy import Policy, ReplyMode
from twofold.domain.subscriber import Channel, ReplyCode, Request
from twofold.domain.terms import Terms


def in_its_mode(draft: Draft, request: Request, *, by_code: bool = False) -> Request:
    """Have a request that is made now be confirmed as the policy says; a code is its own.

    `by_code`: it takes up one that had a code, and is never confirmed by less.
    """
    mode = mode_of(draft.rules.policy, request.channel, request.terms)
    if by_code or mode is ReplyMode.CODE:
        return structs.replace(request, code=draw_code(draft, request.short_code))
    if mode is ReplyMode.PACKAGE:
        return structs.replace(request, names_service=True)
    return request


def mode_of(policy: Policy, channel: Channel, terms: Terms) -> ReplyMode:
    """Say how a request is confirmed that is made now, through this channel and on these terms."""
    is_dear = policy.code_from_minor is not None and terms.price_minor >= policy.code_from_minor
    if is_dear or channel in policy.code_channels:
        return ReplyMode.CODE
    return policy.reply_mode


def draw_code(draft: Draft, short_code: str) -> ReplyCode:
    """Draw a code from the decision's own chance.

    No open request of the number has it, and none had it lately: an old reply meets nothing.
    It has no zero in front, which people leave out, and it is not the number that they write to.
    """
    digits = draft.rules.policy.code_digits
    open_ones = (*draft.aside, *draft.subscriber.requests)
    taken = [held.code.digits for held in open_ones if held.code is not None]
    taken += [short_code, *[used.digits for used in draft.subscriber.memory.codes]]
    least = 10 ** (digits - 1)
    for attempt in count():
        drawn = blake2b(draft.chance, digest_size=8, person=b"reply code", salt=bytes((attempt,)))
        code = str(least + int.from_bytes(drawn.digest()) % (9 * least))
        if code not in taken:
            return ReplyCode(code)
    raise AssertionError
