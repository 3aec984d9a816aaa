"""A market's rules as data: versioned, dated, never edited in place.

Each request keeps the version that it began under.
"""

from enum import StrEnum

from msgspec import Struct


class ReplyMode(StrEnum):
    """Which reply confirms."""

    KEYWORD = "keyword"
    PACKAGE = "package"
    CODE = "code"


class PriceChange(StrEnum):
    """What becomes of a yes to a price, period or partner that changed after the prompt."""

    VOID = "void"
    """It starts nothing, and is told so."""
    VOID_AND_REPROMPT = "void_and_reprompt"
    """It starts nothing, and asks anew on the terms of today."""


class LowerPrice(StrEnum):
    """What becomes of a yes where nothing has changed but the price, and that is lower."""

    ASK_AGAIN = "ask_again"
    """What becomes of it with any other price."""
    TAKE = "take"
    """It starts the service at the lower price, and the welcome states that."""


class Policy(Struct, frozen=True):
    """One version of one pack. Durations are milliseconds; an interval is half-open.

    The words are compared after `decide.keywords.normalize`.
    """

    id: str
    """Name and version, such as `vn-2024`."""
    effective_from_at: int
    reply_mode: ReplyMode
    window_ms: int
    """The confirmation window, from the moment the SMSC accepted the prompt."""
    prompt_max_wait_ms: int
    """How long a prompt may wait for the SMSC before the request is undeliverable."""
    prompt_max_copies: int
    """How many prompts of one request may have reached the handset, whatever the cause."""
    resend_min_gap_ms: int
    """A subscriber who asks again gets the prompt again after this, while a copy is left."""
    bare_yes_memory_ms: int
    """How long another request on the short code keeps a prompt from offering the bare yes."""
    accept_words: frozenset[str]
    accept_words_with_code: frozenset[str]
    refuse_words: frozenset[str]
    code_digits: int
    """How long the code is that a prompt prints ..."""
    code_max_wrong: int
    """... how many wrong ones end the request ..."""
    code_alone_ok: bool
    """... and whether the code may be the whole message, without the yes before it."""
    code_channels: frozenset[str]
    """Requests from these channels are confirmed by a code, whatever the reply mode ..."""
    code_from_minor: int | None
    """... and so are those at this price or above; None: the price does not matter."""
    price_change_between: PriceChange
    max_segments: int
    expiry_notice: bool
    expiry_notice_urgent: bool
    """Whether it is sent in the quiet hours too; else it waits for their end."""
    check_max_wait_ms: int
    """How long the answer of a system that must be asked is waited for."""
    sim_change_delay_ms: int
    """How long after a change of SIM a request that it ended is asked about anew."""
    welcome_by_ms: int
    """A welcome not accepted by then gives the charge back and holds the subscription."""
    welcome_until_ms: int
    """A held subscription whose welcome is not accepted by then ends."""
    hint_gap_ms: int
    """At most one help text in this time ..."""
    hints_a_day: int
    """... and so many in a day."""
    prompts_an_hour: int
    """What a number is asked at most, over all partners and channels; the next one is refused."""
    prompts_a_day: int
    service_prompts_a_day: int
    """What a number is asked at most about one service by other channels than its own."""
    rest_after_no_ms: int
    """How long other channels leave a service alone that the subscriber refused ..."""
    rest_after_silence_ms: int
    """... and one that went unanswered twice in a row."""
    quiet_from_minute: int
    """Quiet hours begin at this minute of the operator's local day ..."""
    quiet_until_minute: int
    """... and end at this one."""
    complaint_answer_ms: int
    """By when a complaint is answered."""
    checked_again_at_confirm: frozenset[str]
    """Which of `decide.guards.AGAIN` are asked again when the yes comes."""
    languages: tuple[str, ...]
    """The languages of the texts; the first serves whoever asks for another."""
    prompt_fields: tuple[str, ...]
    """What a prompt must contain (names of `texts.fields`)."""
    welcome_fields: tuple[str, ...]
    renewal_fields: tuple[str, ...] = ()
    """What a notice before a renewal must contain ..."""
    cancel_fields: tuple[str, ...] = ()
    """... and the answer to a stop."""
    lower_price: LowerPrice = LowerPrice.ASK_AGAIN
    reply_word: str = "Y"
    """The yes that a prompt prints; one of `accept_words`."""
    stop_word: str = "HUY"
    """How a text says to stop a service; `HUY` and `STOP` are understood in every market."""
    tax: str = "VAT"
    """What the tax is called that every price includes."""
    adult_age: int = 0
    """Years that every prompt has the subscriber declare, whatever the service; 0: none."""


class Operator(Struct, frozen=True):
    """The mobile operator in whose name everything is sent."""

    name: str
    hotline: str
    time_zone: str
    country_code: str
    lookup_code: str
    currency: str = "VND"
