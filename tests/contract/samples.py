"""One of each thing that a store keeps, with no field left at its default."""

from msgspec import NODEFAULT, Struct
from msgspec.structs import fields

from tests.contract.engines import NOW_AT
from twofold.domain.numbers import Line, Standing
from twofold.domain.orders import Order, OrderKind, OrderState
from twofold.domain.reason import Reason
from twofold.domain.states import RequestState, SubscriptionState
from twofold.domain.subscriber import (
    Channel,
    Complaint,
    ComplaintState,
    Copies,
    Flag,
    HeldReply,
    Hint,
    Memory,
    Owed,
    ReplyCode,
    Request,
    Seen,
    Settled,
    Subscriber,
    Subscription,
    Unwanted,
    UsedCode,
)
from twofold.domain.terms import Terms

NUMBER = 84_912_345_678
OTHER = 84_912_345_679
SEEN = Seen(b"\x00key\xff678", NOW_AT, (1 << 63) - 1)

REQUEST = Request(
    id=1 << 61,
    service="THETHAO",
    partner="abc",
    short_code="9166",
    channel=Channel.SMS,
    language="en",
    state=RequestState.PENDING,
    requested_at=NOW_AT,
    terms=Terms(2_000, 30, auto_renew=True),
    revision=3,
    policy="vn-2024",
    due_at=NOW_AT + 9,
    names_service=True,
    order_id=77,
    copies=2,
    handed_over_at=NOW_AT + 1,
    printed_until_at=NOW_AT + 8,
    opened_at=NOW_AT + 2,
    parts_left=1,
    delivered_at=NOW_AT + 3,
    held=HeldReply(5, NOW_AT),
    seen=SEEN,
    copies_known=Copies(has_first_failed=True, second_id=77, second_left=2, has_second_failed=True),
    succeeds=7,
    late_ms=120_000,
    code=ReplyCode("4821", 2),
    replaces="A1",
    sim=65_536,
)
BARE_REQUEST = Request(
    *(2, "NHAC", "abc", "9166", Channel.WEB, "vi", RequestState.WAITING_PROMPT, NOW_AT),
    *(Terms(1, 1, auto_renew=False), 1, "vn-2024", NOW_AT),
)
CHANGED_REQUEST = Request(
    *(REQUEST.id, "THETHAO", "abc", "9166", Channel.SMS, "en", RequestState.PENDING, NOW_AT),
    *(REQUEST.terms, 3, "vn-2024", NOW_AT + 19),
    names_service=True,
    order_id=0,
    copies=1,
    handed_over_at=NOW_AT + 11,
    printed_until_at=NOW_AT + 18,
    opened_at=NOW_AT + 12,
    parts_left=0,
    seen=SEEN,
    succeeds=7,
    replaces="A1",
    sim=1,
)
"""REQUEST after a change of all that may change."""

SUBSCRIPTION = Subscription(
    id=3,
    service="GAME",
    partner="xyz",
    short_code="1579",
    channel=Channel.IVR,
    language="en",
    state=SubscriptionState.SUSPENDED,
    terms=Terms(5_000, 7, auto_renew=False),
    revision=3,
    policy="vn-2024",
    requested_at=NOW_AT,
    opened_at=NOW_AT + 1,
    confirmed_at=NOW_AT + 2,
    started_at=NOW_AT + 3,
    renews_at=NOW_AT + 4,
    order_id=78,
    reason=Reason.WELCOME_NOT_ACCEPTED,
    seen=SEEN,
    is_returned=True,
    paused_at=NOW_AT + 5,
)
BARE_SUBSCRIPTION = Subscription(
    *(4, "NHAC", "abc", "9166", Channel.SMS, "vi", SubscriptionState.ACTIVATING),
    *(Terms(1, 1, auto_renew=True), 1, "vn-2024", NOW_AT, NOW_AT, NOW_AT),
)
CHANGED_SUBSCRIPTION = Subscription(
    *(3, "GAME", "xyz", "1579", Channel.IVR, "en", SubscriptionState.ACTIVE),
    *(SUBSCRIPTION.terms, 3, "vn-2024", NOW_AT, NOW_AT + 1, NOW_AT + 2),
    started_at=NOW_AT + 13,
    renews_at=NOW_AT + 14,
    order_id=0,
    seen=SEEN,
)
"""SUBSCRIPTION after a change of all that may change."""

ORDER = Order(
    id=80,
    kind=OrderKind.REFUND,
    msisdn=NUMBER,
    tenure=2,
    request_id=3,
    due_at=NOW_AT,
    until_at=NOW_AT + 5,
    key="GAME",
    source="1579",
    text="Xin chào €",
    amount_minor=5_000,
    period_at=NOW_AT + 2,
    attempts=4,
    state=OrderState.CLAIMED,
    party="xyz",
)

MEMORY = Memory(
    (Settled("THETHAO", "9166", RequestState.EXPIRED, NOW_AT, NOW_AT + 1, NOW_AT - 1),),
    (Hint("help", NOW_AT), Hint("already", NOW_AT + 1)),
    (SEEN,),
    (Unwanted("GAME", 2, NOW_AT, NOW_AT + 3),),
    ("THETHAO", "NHAC"),
    (UsedCode("4821", "NHAC", NOW_AT),),
    (Owed(3, "GAME", 1, NOW_AT, 5_000, NOW_AT + 1),),
)
LINE = Line(Standing.BARRED, NOW_AT + 2, NOW_AT, NOW_AT + 1, ((4, NOW_AT + 3),))
OWNER = Subscriber(
    NUMBER,
    tenure=2,
    language="en",
    memory=MEMORY,
    balance_minor=48_000,
    flags=Flag.BLOCKED | Flag.NO_SMS,
    line=LINE,
)

COMPLAINT = Complaint(
    id=400,
    msisdn=NUMBER,
    tenure=2,
    about_id=3,
    service="GAME",
    channel=Channel.CARE,
    state=ComplaintState.OPEN,
    opened_at=NOW_AT,
    answer_by_at=NOW_AT + 1,
)


def left_at_default(sample: Struct) -> list[str]:
    """The fields of a sample that have their default, so that losing them would not show."""
    return [
        field.name
        for field in fields(sample)
        if field.default is not NODEFAULT and getattr(sample, field.name) == field.default
    ]
