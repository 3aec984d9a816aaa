"""The rule packs: what the Vietnamese one says, and what makes a pack unusable."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from msgspec import structs

from tests.unit.catalog.market import EXAMPLE, MARKET
from twofold.catalog.file import parse_catalogue
from twofold.catalog.packs import load_policy, pack_names, parse_pack
from twofold.decide.keywords import Keywords, Word
from twofold.domain.catalogue import Catalogue
from twofold.domain.policy import ReplyMode

HOUR, MINUTE = 3_600_000, 60_000
PACK = """
market = "a test"
currency = "VND"
time_zone = "Asia/Ho_Chi_Minh"
[[version]]
id = "a"
effective_from = 2024-01-01
reply_mode = "keyword"
window = "PT12H"
accept_words = ["Y"]
accept_words_with_code = ["Y"]
refuse_words = ["N"]
bare_yes_memory = "PT24H"
prompt_max_wait = "PT2H"
prompt_max_copies = 2
resend_min_gap = "PT10M"
price_change_between = "void"
max_segments = 2
expiry_notice = false
expiry_notice_urgent = false
code_digits = 4
code_max_wrong = 3
code_alone_ok = true
code_channels = []
languages = ["vi"]
prompt_fields = []
check_max_wait = "PT30S"
sim_change_delay = "PT1H"
welcome_by = "PT10M"
welcome_until = "PT24H"
welcome_fields = []
renewal_fields = []
cancel_fields = []
reply_word = "Y"
stop_word = "HUY"
tax = "VAT"
adult_age = 0
unmet = []
hint_gap = "PT10M"
hints_a_day = 3
prompts_an_hour = 3
prompts_a_day = 5
service_prompts_a_day = 2
rest_after_no = "P1D"
rest_after_silence = "P7D"
quiet_from = 22:00:00
quiet_until = 07:00:00
complaint_answer = "P1D"
checked_again_at_confirm = ["block_list"]
"""


def test_the_vietnamese_pack_says_what_the_announced_process_says() -> None:
    policy = load_policy("vn").versions["vn-2024"]
    assert policy.reply_mode is ReplyMode.KEYWORD
    assert policy.window_ms == 12 * HOUR
    assert policy.prompt_max_wait_ms == 2 * HOUR
    assert (policy.prompt_max_copies, policy.resend_min_gap_ms) == (2, 10 * MINUTE)
    assert policy.bare_yes_memory_ms == 24 * HOUR
    assert (policy.welcome_by_ms, policy.welcome_until_ms) == (10 * MINUTE, 24 * HOUR)
    assert (policy.hint_gap_ms, policy.hints_a_day, policy.max_segments) == (10 * MINUTE, 3, 2)
    assert policy.accept_words == {"Y", "YES", "CO", "DONGY", "DONG Y"}
    assert policy.accept_words_with_code == policy.accept_words | {"OK", "XN"}
    assert policy.sim_change_delay_ms == HOUR
    assert not policy.expiry_notice


def test_the_pack_begins_at_local_midnight_of_the_decree() -> None:
    begins = datetime(2024, 12, 25, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
    assert load_policy("vn").versions["vn-2024"].effective_from_at == begins.timestamp() * 1000


@pytest.mark.parametrize("name", pack_names())
def test_the_words_of_each_pack_mean_what_the_program_takes_them_for(name: str) -> None:
    for policy in load_policy(name).versions.values():
        understand = Keywords(policy).understand
        assert {understand(word).word for word in policy.accept_words} == {Word.YES}
        with_code = {understand(f"{word} GAME").word for word in policy.accept_words_with_code}
        assert with_code == {Word.YES}
        refused = {understand(word).word for word in policy.refuse_words}
        assert refused <= {Word.NO, Word.STOP}


@pytest.mark.parametrize("name", pack_names())
def test_under_each_pack_every_text_of_the_example_states_what_the_pack_demands(name: str) -> None:
    for policy in load_policy(name).versions.values():
        market = structs.replace(MARKET, policy=policy)
        assert isinstance(parse_catalogue(EXAMPLE.encode(), 1, market), Catalogue)


def test_every_market_names_its_own_words_and_currency() -> None:
    said = {}
    for name in pack_names():
        pack = load_policy(name)
        (policy,) = pack.versions.values()
        said[name] = (policy.reply_word, policy.stop_word, policy.tax, pack.currency)
    assert said == {
        "id": ("YES", "UNREG", "VAT", "IDR"),
        "ie": ("AGREE", "STOP", "VAT", "EUR"),
        "in": ("YES", "STOP", "GST", "INR"),
        "vn": ("Y", "HUY", "VAT", "VND"),
        "vn-mobifone": ("Y", "HUY", "VAT", "VND"),
        "za": ("Y", "STOP", "VAT", "ZAR"),
    }


@pytest.mark.parametrize("name", pack_names())
def test_the_stop_word_of_each_pack_stops_and_so_do_those_of_every_market(name: str) -> None:
    for policy in load_policy(name).versions.values():
        understand = Keywords(policy).understand
        for word in {policy.stop_word, "HUY", "STOP"}:
            assert understand(word).word is Word.STOP
            assert understand(f"{word.lower()} game").words == ("GAME",)
            assert understand(f"{word} ALL").word is Word.STOP_ALL


def test_a_market_of_one_language_offers_no_other() -> None:
    (indian,) = load_policy("in").versions.values()
    (vietnamese,) = load_policy("vn").versions.values()
    assert Keywords(indian).understand("VI").word is Word.OTHER
    assert Keywords(vietnamese).understand("VI").word is Word.LANGUAGE


@pytest.mark.parametrize("name", pack_names())
def test_a_pack_says_what_it_does_not_meet_in_one_line_each(name: str) -> None:
    pack = load_policy(name)
    assert pack.unmet.keys() == pack.versions.keys()
    for version in pack.unmet.values():
        assert version
        for unmet in version:
            assert unmet.rule.strip()
            assert len(unmet.demand.splitlines()) == 1


def test_there_is_a_pack_for_each_reply_mode() -> None:
    packs = [load_policy(name) for name in pack_names()]
    modes = {policy.reply_mode for pack in packs for policy in pack.versions.values()}
    assert modes == set(ReplyMode)


def test_a_pack_that_is_based_on_another_states_what_differs() -> None:
    text = (
        'market = "x"\ncurrency = "VND"\ntime_zone = "Asia/Ho_Chi_Minh"\nbased_on = "vn"\n'
        '[[version]]\nid = "x"\nwindow = "PT1H"\n'
    )
    (policy,) = parse_pack("test", text).versions.values()
    base = load_policy("vn").versions["vn-2024"]
    assert policy == structs.replace(base, id="x", window_ms=HOUR)


def test_a_request_begins_under_the_latest_version_in_force() -> None:
    second = PACK[PACK.index("[[version]]") :].replace('"a"', '"b"').replace("2024", "2025")
    pack = parse_pack("test", PACK + second)
    begins = pack.versions["b"].effective_from_at
    assert pack.at(begins - 1).id == "a"
    assert pack.at(begins).id == "b"
    assert pack.at(0).id == "a"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('window = "PT12H"', 'window = "12h"'),
        ("hints_a_day = 3", ""),
        ("hints_a_day", "hint_a_day"),
        ("prompts_a_day = 5", "prompts_a_day = 9"),
        ("prompts_an_hour = 3", "prompts_an_hour = 0"),
        ('reply_word = "Y"', 'reply_word = "YES"'),
        ('currency = "VND"', 'currency = "dong"'),
        ("expiry_notice = false", 'expiry_notice = "no"'),
        ('["block_list"]', '["blocklist"]'),
        ("22:00:00", '"22:00"'),
        (PACK, PACK + PACK[PACK.index("[[version]]") :]),
        (PACK, PACK + PACK[PACK.index("[[version]]") :].replace('"a"', '"b"')),
        (
            PACK,
            PACK + PACK[PACK.index("[[version]]") :].replace('"a"', '"b"').replace("2024", "2023"),
        ),
        (PACK, PACK[: PACK.index("[[version]]")] + "version = []"),
    ],
)
def test_a_pack_that_is_not_well_formed_is_refused(old: str, new: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_pack("test", PACK.replace(old, new))


def test_an_unknown_pack_is_told_which_there_are() -> None:
    with pytest.raises(
        LookupError, match="no rule pack xx; there are: id, ie, in, vn, vn-mobifone, za"
    ):
        load_policy("xx")
