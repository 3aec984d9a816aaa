"""The example catalogue of these tests, and every text as it stands for it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

from msgspec import structs

from twofold.domain.catalogue import Catalogue, Partner, Service, Stage
from twofold.domain.policy import Operator, Policy, PriceChange, ReplyMode
from twofold.domain.terms import Terms
from twofold.texts import ListLine, Texts, compile_texts
from twofold.texts.sources import ABOUT

OPERATOR = Operator("VinaPhone", "18001091", "Asia/Ho_Chi_Minh", "84", "123")
POLICY = Policy(
    id="vn-2024",
    effective_from_at=0,
    reply_mode=ReplyMode.KEYWORD,
    window_ms=43_200_000,
    prompt_max_wait_ms=7_200_000,
    prompt_max_copies=2,
    resend_min_gap_ms=600_000,
    bare_yes_memory_ms=86_400_000,
    accept_words=frozenset({"Y"}),
    accept_words_with_code=frozenset({"OK"}),
    refuse_words=frozenset({"N"}),
    code_digits=4,
    code_max_wrong=3,
    code_alone_ok=True,
    code_channels=frozenset(),
    code_from_minor=None,
    languages=("vi", "en"),
    price_change_between=PriceChange.VOID_AND_REPROMPT,
    max_segments=2,
    check_max_wait_ms=30_000,
    sim_change_delay_ms=3_600_000,
    expiry_notice=False,
    expiry_notice_urgent=False,
    welcome_by_ms=600_000,
    welcome_until_ms=86_400_000,
    hint_gap_ms=600_000,
    hints_a_day=3,
    prompts_an_hour=3,
    prompts_a_day=5,
    service_prompts_a_day=2,
    rest_after_no_ms=86_400_000,
    rest_after_silence_ms=604_800_000,
    quiet_from_minute=1_320,
    quiet_until_minute=420,
    complaint_answer_ms=86_400_000,
    checked_again_at_confirm=frozenset({"block_list"}),
    prompt_fields=(
        "service_name",
        "package",
        "provider_name",
        "price_incl_vat",
        "period",
        "auto_renew",
        "reply_syntax",
        "deadline",
        "cancel_syntax",
        "hotline",
    ),
    renewal_fields=(
        "service_name",
        "service_code",
        "short_code",
        "price_incl_vat",
        "period",
        "auto_renew",
        "cancel_syntax",
        "hotline",
    ),
    cancel_fields=("service_name", "result"),
    welcome_fields=(
        "service_name",
        "service_code",
        "short_code",
        "price_incl_vat",
        "period",
        "auto_renew",
        "cancel_syntax",
        "hotline",
    ),
)
ABC = Partner("abc", "ABC Media", "19001000")
XYZ = Partner("xyz", "Trò chơi XYZ", "19002000")
SPORT = Service(
    "THETHAO", "abc", "Tin thể thao 24h", "9166", Terms(2_000, 1, auto_renew=True), Stage.ON
)
MUSIC = Service("NHAC", "abc", "Nhạc chờ", "9166", Terms(10_000, 30, auto_renew=True), Stage.ON)
GAME = Service("GAME", "xyz", "Đấu trường", "1579", Terms(5_000, 7, auto_renew=False), Stage.ON)


def at(day: int, month: int, hour: int = 0, minute: int = 0) -> int:
    """Give a time of 2026 in Viet Nam, as ms UTC."""
    zone = timezone(timedelta(hours=7))
    local = datetime(2026, month, day, hour, minute, tzinfo=zone)
    return int(local.astimezone(UTC).timestamp()) * 1_000


UNTIL_AT = at(14, 3, 21, 5)
RENEWS_AT = at(15, 3, 9, 6)
PROOF = "1B7QK0FZ3M8"
LINK = "https://vas.example/c/7Q3M8K"
VARYING: dict[str, dict[str, int | str]] = {
    "activated": {"when_at": RENEWS_AT, "proof": PROOF},
    "late_confirm": {"by_at": UNTIL_AT},
    "asked_later": {"by_at": UNTIL_AT},
    "already": {"when_at": RENEWS_AT},
    "refund": {"amount_minor": 2_000},
    "cancel_ack": {"by_at": UNTIL_AT, "proof": PROOF},
    "try_later": {"by_at": UNTIL_AT},
    "stopped_by_operator": {"by_at": UNTIL_AT},
    "resumed_by_operator": {"when_at": RENEWS_AT},
    "confirm_code": {"digits": "4"},
    "replaced": {"by_at": UNTIL_AT, "proof": PROOF},
    "renew_notice": {"when_at": RENEWS_AT},
}


def catalogue_of(*services: Service, partners: tuple[Partner, ...] = (ABC, XYZ)) -> Catalogue:
    """Make a catalogue of these services."""
    return Catalogue(
        1,
        {partner.id: partner for partner in partners},
        {},
        {service.code: service for service in services},
        {service.code: service.code for service in services},
    )


def example_texts() -> Texts:
    """Compile the texts of the example catalogue."""
    return compile_texts(OPERATOR, POLICY, catalogue_of(SPORT, MUSIC, GAME))


def prompt_of(
    texts: Texts, service: Service, language: str = "vi", *, names_service: bool = False
) -> str:
    """Render a prompt with the example deadline."""
    return texts.prompt(service, language, names_service, UNTIL_AT)


def line_of(
    service: Service, renews_at: int | None, *, pending: bool = False, paused: bool = False
) -> ListLine:
    """Write a service as one line of a list."""
    return ListLine(
        *(service.name, service.code, service.short_code, service.terms, renews_at),
        pending=pending,
        paused=paused,
    )


LINES = [
    line_of(SPORT, RENEWS_AT),
    line_of(MUSIC, None),
    line_of(GAME, at(1, 4)),
    line_of(structs.replace(MUSIC, code="NHAC7"), None, pending=True),
]


def every_text(texts: Texts, language: str) -> Iterator[tuple[str, str]]:
    """Render everything that is ever sent, each text with its name."""
    for service, note in ((SPORT, ""), (GAME, ", not renewing")):
        yield f"confirm_request{note}", prompt_of(texts, service, language)
        named = prompt_of(texts, service, language, names_service=True)
        yield f"confirm_request naming the service{note}", named
        coded = texts.prompt(service, language, False, UNTIL_AT, "4821")  # noqa: FBT003 - as held
        yield f"confirm_request with a code{note}", coded
    linked = texts.link_prompt(SPORT, language, UNTIL_AT, LINK)
    yield "confirm_request_link", linked
    adult = structs.replace(MUSIC, age=18)
    yield "confirm_request from an age on", prompt_of(texts, adult, language)
    switch = texts.prompt(MUSIC, language, False, UNTIL_AT, replaces="THETHAO")  # noqa: FBT003 - as there
    yield "confirm_request instead of another package", switch
    anew = texts.prompt(SPORT, language, False, UNTIL_AT, replaces="THETHAO")  # noqa: FBT003 - as there
    yield "confirm_request on terms that changed", anew
    for key in ABOUT:
        yield key, texts.about(key, language, SPORT, **VARYING.get(key, {}))
    for key in ("activated", "already"):
        yield f"{key}, not renewing", texts.about(key, language, GAME, **VARYING[key])
    yield from _plain_texts(texts, language)
    yield from _lists(texts, language)


def _plain_texts(texts: Texts, language: str) -> Iterator[tuple[str, str]]:
    for key in (
        "nothing_pending",
        "nothing_to_stop",
        "nothing_to_complain",
        "help",
        "blocked_on",
        "blocked_off",
        "language_set",
        "ussd_by_sms",
        "ussd_sms_alone",
        "ussd_unchanged",
    ):
        yield key, texts.plain(key, language)
    for codes in (("NHAC",), ("THETHAO", "NHAC")):
        text = texts.which(language, codes, "9166")
        yield f"confirm_which of {len(codes)}", text
    text = texts.which(language, ("THETHAO", "NHAC"), "9166", by_code=("NHAC",))
    yield "confirm_which of 2, one by code", text
    yield (
        "wrong_code",
        texts.plain("wrong_code", language, tries="2", digits="4", short_code="9166"),
    )
    for mode in (ReplyMode.PACKAGE, ReplyMode.CODE):
        policy = structs.replace(texts.policy, reply_mode=mode)
        other = compile_texts(OPERATOR, policy, texts.catalogue)
        yield f"help, by {mode}", other.plain("help", language)
    yield (
        "cancel_which",
        texts.plain("cancel_which", language, codes=("THETHAO", "NHAC"), short_code="9166"),
    )
    for key in ("complaint_open", "complaint_status", "complaint_rejected"):
        yield key, texts.complaint(key, language, SPORT.name, PROOF, by_at=UNTIL_AT)
    upheld = texts.complaint("complaint_upheld", language, SPORT.name, PROOF, amount_minor=62_000)
    yield "complaint_upheld", upheld
    yield "otp", texts.plain("otp", language, otp="482193", minutes="5")
    yield "complain_which", texts.plain("complain_which", language, codes=("THETHAO", "NHAC"))
    yield "not_on_air", texts.plain("not_on_air", language, code="BOITOAN")
    yield "not_on_air, unnamed", texts.plain("not_on_air", language, code="<b>")


def _lists(texts: Texts, language: str) -> Iterator[tuple[str, str]]:
    names = [SPORT.name, GAME.name]
    yield "cancel_all_ack", texts.ended_all(language, names, UNTIL_AT, PROOF)
    yield "tk_empty", texts.empty_listing(language, 62_000)
    yield "tk_list", texts.listing(language, LINES[:1], 62_000)
    yield "tk_list with a request that waits", texts.listing(language, LINES, 62_000)
    paused = line_of(MUSIC, None, paused=True)
    yield "tk_list with one that is paused", texts.listing(language, [paused], 62_000)
    yield "tk_list of a request that waits", texts.listing(language, LINES[3:], 0)
