"""What each market demands of each message stands in the message, read as its reader would.

The readers here know nothing of how a text was made: they look for a price, a date, a word.
"""

import re
from collections.abc import Callable, Iterator

import pytest
from msgspec import Struct, structs

from tests.unit.texts.examples import OPERATOR, PROOF, RENEWS_AT, UNTIL_AT, catalogue_of
from twofold.catalog.packs import load_policy, pack_names
from twofold.domain.catalogue import Partner, Service, Stage
from twofold.domain.policy import Policy, ReplyMode
from twofold.domain.terms import Terms
from twofold.texts import Texts, compile_texts, lint_texts

MATRIX = {
    ("vn", "prompt"): (
        *("service_name", "provider_name", "price_incl_vat", "auto_renew", "reply_syntax"),
        *("deadline", "period", "cancel_syntax", "hotline"),
    ),
    ("in", "prompt"): ("service_name", "short_code", "reply_syntax", "price_incl_vat", "period"),
    ("id", "prompt"): ("service_name", "price_incl_vat", "period"),
    ("ie", "prompt"): (
        *("service_name", "service_code", "short_code", "price_incl_vat", "period"),
        "age_statement",
    ),
    ("vn", "welcome"): (
        *("service_name", "service_code", "short_code", "price_incl_vat", "auto_renew", "period"),
        *("cancel_syntax", "hotline"),
    ),
    ("in", "welcome"): ("service_name", "amount_deducted", "period", "cancel_syntax", "balance"),
    ("vn", "renewal"): (
        *("service_name", "service_code", "short_code", "price_incl_vat", "auto_renew", "period"),
        *("cancel_syntax", "hotline"),
    ),
    ("vn", "cancel"): ("service_name", "result"),
}
"""What rules demand at the least; a pack may demand more."""

KINDS = ("prompt", "welcome", "renewal", "cancel")
LEFT_MINOR = 1_234_567
ABC = Partner("abc", "ABC Media", "19001000")
LONG = Partner("long", "Trò chơi ABCDE", "19001000")
ORDINARY = Service(
    "THETHAO", "abc", "Tin thể thao 24h", "9166", Terms(2_000, 1, auto_renew=True), Stage.ON
)
ONCE = Service("GAME", "abc", "Đấu trường", "1579", Terms(5_000, 7, auto_renew=False), Stage.ON)
WORST = Service(
    *("TINHOTMOI247", "long", "Tin thể thao 24h mới", "91660000"),
    Terms(999_999, 30, auto_renew=True),
    Stage.ON,
)
SERVICES = (ORDINARY, ONCE, WORST)


class Case(Struct, frozen=True):
    """One message of one service under one pack, and what it is read by."""

    name: str
    policy: Policy
    service: Service
    language: str
    texts: Texts
    code: str
    """What a reply must say after the yes, if a word is not enough."""

    def render(self, kind: str) -> str:
        """Make the message."""
        texts, service, language = self.texts, self.service, self.language
        if kind == "prompt":
            return texts.prompt(service, language, self.names_service, UNTIL_AT, self.code)
        if kind == "welcome":
            return texts.welcome(service, language, RENEWS_AT, PROOF, LEFT_MINOR)
        if kind == "renewal":
            return texts.about("renew_notice", language, service, when_at=RENEWS_AT)
        return texts.about("cancel_ack", language, service, by_at=UNTIL_AT, proof=PROOF)

    def judge(self, kind: str, text: str) -> list[str]:
        """Say what the program finds wrong with a message."""
        service, language = self.service, self.language
        if kind == "prompt":
            asked = (service, language, self.names_service, UNTIL_AT, self.code)
            return [fault.what for fault in self.texts.validate_prompt(text, *asked)]
        key = {"welcome": "activated", "renewal": "renew_notice", "cancel": "cancel_ack"}[kind]
        found = self.texts.validate(key, text, service, language, LEFT_MINOR)
        return [fault.what for fault in found]

    @property
    def names_service(self) -> bool:
        """Whether the prompt asks for the service's code."""
        return self.policy.reply_mode is ReplyMode.PACKAGE

    def demanded(self, kind: str) -> tuple[str, ...]:
        """Give what the pack demands of a message."""
        return {
            "prompt": self.policy.prompt_fields,
            "welcome": self.policy.welcome_fields,
            "renewal": self.policy.renewal_fields,
            "cancel": self.policy.cancel_fields,
        }[kind]


def cases(name: str) -> Iterator[Case]:
    """Give every service in every language of a pack's versions."""
    pack = load_policy(name)
    operator = structs.replace(OPERATOR, currency=pack.currency)
    for policy in pack.versions.values():
        texts = compile_texts(operator, policy, catalogue_of(*SERVICES, partners=(ABC, LONG)))
        code = "4821" if policy.reply_mode is ReplyMode.CODE else ""
        for service in SERVICES:
            for language in policy.languages:
                yield Case(name, policy, service, language, texts, code)


AMOUNT = r"\d[\d.,]*(?:d| [A-Z]{3})"
PERIOD = r"/(?:ngay|day|\d+ (?:ngay|days))"
PLAIN = {
    "Tin thể thao 24h": "Tin the thao 24h",
    "Đấu trường": "Dau truong",
    "Tin thể thao 24h mới": "Tin the thao 24h moi",
}

READERS: dict[str, Callable[[Case], str]] = {
    "service_name": lambda case: rf"{PLAIN[case.service.name]}(?! moi)",
    "provider_name": lambda _: r"\((?:ABC Media|Tro choi ABCDE)\)",
    "service_code": lambda case: rf"\b{case.service.code}\b",
    "package": lambda case: rf"\b{case.service.code}\b",
    "short_code": lambda case: rf"\b{case.service.short_code}\b",
    "price_incl_vat": lambda _: rf"{AMOUNT}{PERIOD} (?:gom|incl) (?:VAT|GST)",
    "period": lambda _: rf"{AMOUNT}{PERIOD}",
    "auto_renew": lambda case: (
        r"(?<!khong )tu gia han|auto-renews"
        if case.service.terms.auto_renew
        else "khong tu gia han|does not renew"
    ),
    "reply_syntax": lambda case: (
        rf"(?:soan|text) (?:Y|YES|AGREE)(?: \w+)? (?:gui|to) {case.service.short_code}"
    ),
    "deadline": lambda _: r"(?:truoc|by) \d\d:\d\d \d\d/\d\d",
    "cancel_syntax": lambda case: rf"(?:HUY|STOP|UNREG) {case.service.code}",
    "hotline": lambda _: r"\b18001091\b",
    "age_statement": lambda _: r"QK du 18 tuoi|you are 18\+",
    "amount_deducted": lambda _: rf"(?:da tru {AMOUNT}|{AMOUNT} taken)",
    "balance": lambda _: rf"(?:con lai {AMOUNT}|{AMOUNT} left)",
    "result": lambda _: r"\bda huy\b|\bstopped\b",
}
"""By field, how a reader finds it in a message."""


@pytest.mark.parametrize(("pack", "kind"), MATRIX)
def test_a_pack_demands_at_least_what_its_rules_do(pack: str, kind: str) -> None:
    for case in cases(pack):
        assert set(MATRIX[pack, kind]) <= set(case.demanded(kind))


@pytest.mark.scenario("S001", "S082")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", pack_names())
def test_whatever_a_pack_demands_stands_in_the_message(name: str, kind: str) -> None:
    for case in cases(name):
        text = case.render(kind)
        missing = [
            field for field in case.demanded(kind) if not re.search(READERS[field](case), text)
        ]
        assert missing == [], text
        assert case.judge(kind, text) == [], text


@pytest.mark.scenario("S082")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", pack_names())
def test_a_message_without_any_one_of_them_is_found_unfit(name: str, kind: str) -> None:
    for case in cases(name):
        text = case.render(kind)
        for field in case.demanded(kind):
            broken = re.sub(READERS[field](case), "", text)
            assert broken != text
            assert f"{field} is missing" in case.judge(kind, broken), (field, broken)


@pytest.mark.parametrize("name", pack_names())
def test_the_texts_of_each_pack_pass_the_check_of_the_import_in_its_own_currency(name: str) -> None:
    for case in cases(name):
        catalogue = catalogue_of(*SERVICES, partners=(ABC, LONG))
        operator = structs.replace(OPERATOR, currency=load_policy(name).currency)
        assert lint_texts(operator, case.policy, catalogue) == ()


def test_a_price_is_written_in_the_market_s_own_currency_and_tax() -> None:
    said = {
        case.name: re.findall(rf"{AMOUNT}{PERIOD} incl \w+", case.render("prompt"))
        for name in ("in", "ie", "id", "za")
        for case in cases(name)
        if case.service is ORDINARY
    }
    assert said == {
        "in": ["20.00 INR/day incl GST"],
        "ie": ["20.00 EUR/day incl VAT"],
        "id": ["20.00 IDR/day incl VAT"],
        "za": ["20.00 ZAR/day incl VAT"],
    }


def test_a_welcome_does_not_guess_a_balance_that_another_system_keeps() -> None:
    (case, *_) = cases("in")
    text = case.texts.welcome(case.service, "en", RENEWS_AT, PROOF)
    assert "20.00 INR taken" in text
    assert "left" not in text
    assert case.judge("welcome", text) == ["balance is missing"]


def test_every_prompt_of_a_market_for_adults_declares_the_higher_age() -> None:
    (case, *_) = cases("ie")
    older = structs.replace(case.service, age=21)
    younger = structs.replace(case.service, age=12)
    said = [
        case.texts.prompt(service, "en", names_service=False, until_at=UNTIL_AT)
        for service in (older, younger)
    ]
    assert "you are 21+" in said[0]
    assert "you are 18+" in said[1]
