"""What is known of one number while one holder has it: where every decision starts from.

A `Subscriber` holds live things only: open requests, live subscriptions, and a small memory of
what was settled lately.
What is over lives in evidence and history.
"""

from enum import IntEnum, StrEnum
from typing import Final

from msgspec import UNSET, Struct, UnsetType

from twofold.domain.numbers import Line
from twofold.domain.reason import Reason
from twofold.domain.states import RequestState, SubscriptionState
from twofold.domain.terms import Terms

_INT63: Final = (1 << 63) - 1
"""What a column of a database holds without a sign."""


class Channel(StrEnum):
    """Where a request came from."""

    SMS = "sms"
    USSD = "ussd"
    WEB = "web"
    APP = "app"
    IVR = "ivr"
    CARE = "care"
    PARTNER = "partner"


class Flag(IntEnum):
    """What else is known of a number, in its row; the values are stored and never used again.

    Several are kept as the sum of their values, a plain integer: `&` of an `enum.Flag` costs more
    than all the rest of a guard (docs/benchmarks.md).
    """

    BLOCKED = 1
    """The subscriber shut it for new services (`CHAN`); only its own `MO` opens it."""
    DO_NOT_CALL = 2
    """On the national do-not-call register: no invitations; what its holder asks for is served."""
    CHILD_LINE = 4
    """The contract is for a child."""
    PARENTAL_LOCK = 8
    """A parent has locked it for services that cost something."""
    NO_SMS = 16
    """Texts do not reach it: a router, a data SIM, SMS barred. One of its own proves otherwise."""


class Seen(Struct, frozen=True, gc=False, array_like=True):
    """An MO that was decided before: its key, when, and the digest of the number after it."""

    key: bytes
    at: int
    digest: int


class Group(Struct, frozen=True, gc=False, array_like=True):
    """What the parts of one long MO have in common: by this they find each other."""

    short_code: str
    reference: int
    total: int


class Fragment(Struct, frozen=True, gc=False):
    """One part of a long MO that is kept until the others come, over whatever bind.

    Number 0 is no part: it stands for a message that became whole, and its octets are the digests
    of its parts, so that one which is resent is known.
    """

    group: Group
    number: int
    tenure: int
    data_coding: int
    shift: tuple[int, int]
    """The national alphabets of its septets: locking, single."""
    octets: bytes
    """The text's octets, without any header."""
    at: int
    effective_at: int


TOLD_FLAGS: Final = (Flag.CHILD_LINE, Flag.PARENTAL_LOCK, Flag.DO_NOT_CALL)
"""What the operator's systems may say of a number; the others are its holder's, or are seen."""

NOTHING: Final = Fragment(Group("", 0, 0), 0, 0, 0, (0, 0), b"", 0, 0)


class HeldReply(Struct, frozen=True, gc=False, array_like=True):
    """A yes that came before the SMSC answered for the prompt: decided with that answer."""

    event_id: int
    effective_at: int


class Copies(Struct, frozen=True, gc=False, array_like=True):
    """What is known of the prompt's two copies, once there is more to know than of one.

    A copy of which a part failed cannot become whole. One whose answer was lost is never reported:
    whether it arrived stays unknown.
    """

    has_first_failed: bool = False
    second_id: int = 0
    """The order of the second copy, once the SMSC has accepted it."""
    second_left: int = 0
    """Its parts that no receipt has reported as delivered yet."""
    has_second_failed: bool = False


class ReplyCode(Struct, frozen=True, gc=False, array_like=True):
    """The code that the prompt prints and nothing else does, and how often it was missed."""

    digits: str
    wrong: int = 0
    """Wrong codes that may have been meant for this one."""

    def __repr__(self) -> str:
        """Show no code: whoever reads a log must not be able to confirm."""
        return f"ReplyCode('{'*' * len(self.digits)}', wrong={self.wrong})"


class Request(Struct, frozen=True, gc=False):
    """The first yes: a subscriber's wish for a service on given terms, and what became of it."""

    id: int
    service: str
    partner: str
    short_code: str
    channel: Channel
    language: str
    state: RequestState
    requested_at: int
    terms: Terms
    revision: int
    """The catalogue revision whose terms were asked about."""
    policy: str
    """The policy version that the request keeps."""
    due_at: int
    """When its timer falls due: the end of waiting for the SMSC, later the deadline."""
    names_service: bool = False
    """Whether the prompt asked for the service's code after the yes."""
    order_id: int = 0
    """The prompt's order in hand; 0 when none is."""
    copies: int = 0
    """How many prompts may have reached the handset."""
    handed_over_at: int | None = None
    """First hand-over of a prompt that may have reached the handset; set while one is out."""
    printed_until_at: int | None = None
    """The deadline that the prompt states, rounded down to the minute."""
    opened_at: int | None = None
    """When the confirmation window opened."""
    parts_left: int = 0
    """Parts of the first accepted copy that no receipt has reported as delivered yet."""
    delivered_at: int | None = None
    held: HeldReply | None = None
    seen: Seen | None = None
    """The MO that opened it, by which a resend is known."""
    copies_known: Copies | None = None
    """None while there is one copy, of which nothing bad is known."""
    succeeds: int = 0
    """The request that ended when the SIM changed, and that this one takes up again; 0: none."""
    late_ms: int = 0
    """How long after its deadline it waits for replies that were sent in time."""
    code: ReplyCode | None = None
    """What confirms it, where it is confirmed by a code; else a word does."""
    replaces: str = ""
    """What it takes the place of, as its prompt says: a package of the same group.

    Its own service, where a yes to terms that had changed is asked anew.
    """
    sim: int = 0
    """The mark of the SIM that asked, or that was heard first; 0 where none is known."""

    @property
    def deadline_at(self) -> int:
        """The end of its window, or of waiting for the SMSC; `due_at` may be later."""
        return self.due_at - self.late_ms

    def is_over(self, at: int) -> bool:
        """Say whether its window had ended then, decided or not: whoever looks sees it expired."""
        return self.state is RequestState.PENDING and at >= self.deadline_at


class Subscription(Struct, frozen=True, gc=False):
    """A confirmed request: a service that is on, or about to be. Its id is the request's."""

    id: int
    service: str
    partner: str
    short_code: str
    channel: Channel
    language: str
    state: SubscriptionState
    terms: Terms
    revision: int
    policy: str
    requested_at: int
    opened_at: int
    confirmed_at: int
    started_at: int | None = None
    renews_at: int | None = None
    """When the period that was paid ends."""
    order_id: int = 0
    """The charge that is under way; 0 when none is."""
    reason: Reason | None = None
    """Why it is suspended or ended."""
    seen: Seen | None = None
    """The MO that confirmed it, by which a resend is known."""
    is_returned: bool = False
    """Whether its first period was given back; it may be on all the same, free for that period."""
    paused_at: int | None = None
    """Since when a stop of the operator's has held it; None while none does."""


class Settled(Struct, frozen=True, gc=False, array_like=True):
    """One line of memory: a request for `service` on `short_code` ended in `state` at `at`."""

    service: str
    short_code: str
    state: RequestState
    at: int
    deadline_at: int
    asked_at: int = 0
    """When its first prompt was handed over; 0 where none was."""


class Unwanted(Struct, frozen=True, gc=False, array_like=True):
    """One line of memory: a service that was refused, or left unanswered, and how often in a row.

    Other channels than the subscriber's own leave it alone until `rests_until_at`.
    """

    service: str
    silences: int
    at: int
    rests_until_at: int


class UsedCode(Struct, frozen=True, gc=False, array_like=True):
    """One line of memory: the code of a request for `service` that is open no more."""

    digits: str
    service: str
    at: int

    def __repr__(self) -> str:
        """Show no code."""
        return f"UsedCode('{'*' * len(self.digits)}', {self.service!r}, {self.at})"


class Hint(Struct, frozen=True, gc=False, array_like=True):
    """One line of memory: a text that only explains was sent at `at`."""

    key: str
    at: int


class Owed(Struct, frozen=True, gc=False, array_like=True):
    """One line of memory: what was paid and ended before the SMSC had surely taken the welcome.

    It is given back if it turns out that the welcome never arrived.
    """

    subscription_id: int
    service: str
    tenure: int
    period_at: int
    amount_minor: int
    started_at: int


class Memory(Struct, frozen=True, gc=False, array_like=True):
    """What a number's row remembers, most of it for a day: bounded, and empty for almost all."""

    settled: tuple[Settled, ...] = ()
    hints: tuple[Hint, ...] = ()
    seen: tuple[Seen, ...] = ()
    """MOs that neither opened nor confirmed anything, by which a resend is known."""
    unwanted: tuple[Unwanted, ...] = ()
    """Kept for as long as the policy lets a service rest, and not for a day."""
    listed: tuple[str, ...] = ()
    """The services in the order of the last list with several, for a stop that gives a number."""
    codes: tuple[UsedCode, ...] = ()
    """Codes of a day: none is drawn again, and one that comes again is known for what it is."""
    owed: tuple[Owed, ...] = ()
    """The only thing of former holders, for as long as their last welcomes may be on their way."""


class Awaited(Struct, frozen=True, gc=False):
    """A text of ours whose receipt is awaited: its id at the SMSC, and what it served."""

    smsc: str
    message_id: str
    order_id: int
    request_id: int
    key: str
    tenure: int = 0


class ComplaintState(StrEnum):
    """Where a complaint stands."""

    OPEN = "open"
    UPHELD = "upheld"
    """The subscriber was right: what was taken is given back."""
    REJECTED = "rejected"
    """The evidence says otherwise."""


class Complaint(Struct, frozen=True, gc=False):
    """One complaint about one request or subscription; its id is the event's that opened it."""

    id: int
    msisdn: int
    tenure: int
    about_id: int
    """The request or subscription."""
    service: str
    channel: Channel
    state: ComplaintState
    opened_at: int
    answer_by_at: int
    """What the subscriber was promised."""


class Past(Struct, frozen=True, gc=False):
    """A subscription of this tenure that is over, and may still be complained about."""

    id: int
    service: str
    short_code: str


class Grievances(Struct, frozen=True, gc=False):
    """What a number may complain about besides what is live, and what it complained of before.

    Loaded only for events that are about complaints.
    """

    complaints: tuple[Complaint, ...] = ()
    past: tuple[Past, ...] = ()
    """The latest last."""


class Subscriber(Struct, frozen=True, gc=False):
    """A number and its holder's tenure, with all that is live."""

    msisdn: int
    tenure: int = 0
    language: str = "vi"
    memory: Memory = Memory()
    requests: tuple[Request, ...] = ()
    subscriptions: tuple[Subscription, ...] = ()
    balance_minor: int | UnsetType = UNSET
    """The embedded prepaid account; UNSET where it has none yet or charging is elsewhere."""
    spent_minor: int | None = None
    """What was charged in the last 30 days; loaded only for events that must tell it."""
    seen: tuple[Seen, ...] = ()
    """Earlier MOs with the id of an MO that is being decided, where the bind gives ids."""
    awaited: tuple[Awaited, ...] = ()
    """The texts that a receipt being decided may be for."""
    unsettled: tuple[int, ...] = ()
    """Of the orders that an event being decided asks about, those that are not settled."""
    flags: int = 0
    """Of `Flag`, those that are set."""
    line: Line = Line()
    """What was reported of the number itself."""
    fragments: tuple[Fragment, ...] = ()
    """Parts of long MOs that wait for the others; loaded only for events that are about parts."""
    grievances: Grievances | None = None
    """Loaded only for events that are about complaints."""

    def request(self, request_id: int) -> Request | None:
        """The open request of that id."""
        for request in self.requests:
            if request.id == request_id:
                return request
        return None

    def subscription(self, subscription_id: int) -> Subscription | None:
        """The live subscription of that id."""
        for subscription in self.subscriptions:
            if subscription.id == subscription_id:
                return subscription
        return None

    @property
    def digest(self) -> int:
        """A number that changes whenever a request or subscription begins or ends, or a flag turns.

        A request that is confirmed becomes the subscription of the same id, and changes it too.
        Ids of events end in six zero bits, which leaves room for the flags.
        """
        requests = sum([held.id for held in self.requests])
        subscriptions = sum([held.id for held in self.subscriptions])
        return (requests + 2 * subscriptions + self.flags) & _INT63
