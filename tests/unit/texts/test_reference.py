"""docs/reference/texts.md shows every text as it is sent; `make golden` writes it anew."""

from tests.plugins.golden import Compare
from tests.unit.texts.examples import every_text, example_texts
from twofold.protocol.gsm import segment, septets
from twofold.texts.fields import STATED_BY
from twofold.texts.sources import FIELDS, load

WHEN = {
    "confirm_request": "the prompt: sent for every request, through whatever channel it came",
    "confirm_request_link": "the prompt to a request from a page, with a link to look at it again; "
    "no pack allows a link, and this version never sends one",
    "activated": "the welcome: confirmed, charged, on",
    "declined": "`N` while a request waits",
    "expired": "the deadline passed without an answer, where the policy wants a notice",
    "late_confirm": "`Y` after the deadline",
    "already": "`DK` or `Y` for a service that is on",
    "wrong_short_code": "`DK` or `Y` and a service's code, sent to another short code than its own",
    "withdrawn": "`Y` after the service, its price or its partner changed",
    "sim_changed": "asked for or confirmed soon after a change of SIM that another system tells of",
    "asked_later": "`Y` from another SIM than the one that asked: asked anew later, by itself",
    "not_checked": "the system that must be asked about the number gave no answer",
    "number_not_served": "`DK` or `Y` from a number that is barred or was given up",
    "low_balance": "confirmed, but the account cannot pay",
    "charge_failed": "confirmed, but the charge was refused or its outcome stayed unknown",
    "refund": "a charge was given back",
    "cancelled": "`HUY` for a request that was not confirmed",
    "cancel_ack": "`HUY` for a service that was on",
    "try_later": "`DK` from a number that was asked as often as it may be; once",
    "blocked": "`DK` from a number that is shut for new services",
    "minor_protected": "`DK` from a child's line, or one with a parental lock",
    "replaced": "another package of the group is on, and this one ended",
    "other_package": "another package of the group was chosen while this one was asked about",
    "renew_notice": "before a renewal; this version renews nothing yet",
    "feedback": "one question after joining; this version does not send it yet",
    "disputed": "`DK` for a service that a complaint holds",
    "stopped_by_operator": "the operator stopped the service or its partner while it was on",
    "resumed_by_operator": "what the operator had stopped goes on",
    "nothing_pending": "`Y` or `N` while nothing waits",
    "nothing_to_stop": "`HUY` while nothing is on and nothing waits",
    "help": "`HD`, or a text that is no keyword",
    "blocked_on": "`CHAN`",
    "blocked_off": "`MO`",
    "language_set": "`EN` or `VI`",
    "complaint_open": "`KN` and a service's code, or the id of its proof: a complaint is opened",
    "complaint_status": "`KN` and a complaint's id, or what was complained about before",
    "complaint_upheld": "a complaint was upheld; this version does not answer complaints yet",
    "complaint_rejected": "a complaint was not upheld, with the proof; as above",
    "otp": "a sign-in code for self-care; this version has no such page yet",
    "complain_which": "`KN` that names nothing the number has or had",
    "nothing_to_complain": "`KN` from a number that has and had nothing",
    "confirm_code": "`Y` without the code that the prompt printed",
    "wrong_code": "a wrong code, while another may be tried",
    "code_used_up": "the last of the wrong codes: the request is cancelled",
    "confirm_which": "`Y` without a code while it could mean several requests",
    "cancel_which": "`HUY` that does not say which of several",
    "not_on_air": "`DK` for a service that is unknown, stopped or without a valid certificate",
    "cancel_all_ack": "`HUY ALL`",
    "ussd_asked": "on the screen of a USSD session: a service was asked for, and an SMS asks back",
    "ussd_by_sms": "on the screen: the answer is too long for it",
    "ussd_sms_alone": "on the screen: a yes, or `MO`, which count by SMS alone",
    "ussd_unchanged": "on the screen: nothing else is to be said",
    "tk_empty": "`TK` while nothing is on and nothing waits",
    "tk_list": "`TK`",
}
"""Each key with when it is sent."""

HEAD = """# Texts

Every SMS that a subscriber may get, as the example catalogue makes it.
This page is written by `make golden` from the templates, and a test holds it to them.

The Vietnamese texts are authored with accents and sent without: a letter is one septet then, and a prompt fits one SMS.
They live in `src/twofold/texts/templates`, one file a language, each with a version that evidence records.
An operator's own words may stand in for any of them from a day on, approved at an import ([how](../how-to/change-a-price-or-a-text.md)).
A prompt that would not fit one SMS takes a longer wording of two, in which silence being free comes before how to agree.
Whoever asks for a language that the policy does not have is served in the first that it has.
Nothing that came from outside is repeated in a text, but for a code of at most 20 capital letters and digits.

"""  # noqa: E501 - one sentence a line

FIELD_HEAD = """## Fields that a policy may demand

A rule pack lists these names under what a prompt, a welcome, a notice before a renewal and the answer to a stop must contain ([policies](policies.md)).
`lint_texts` renders every text for every service and names each field that is missing.

"""  # noqa: E501 - one sentence a line


def shown(text: str) -> str:
    """Write a text so that it stands in a table."""
    return text.replace("|", "\\|").replace("\n", "<br>")


def page() -> str:
    """Write the page."""
    texts = example_texts()
    vi, en = (dict(every_text(texts, language)) for language in ("vi", "en"))
    rows = [
        f"| {key} | {shown(vi[key])} | {shown(en[key])} | {cost(vi[key])}, {cost(en[key])} |"
        for key in vi
    ]
    table = ["| text | Vietnamese, as sent | English | septets (SMS) |", "|---|---|---|---|", *rows]
    when = ["| key | sent when |", "|---|---|", *(f"| {key} | {WHEN[key]} |" for key in WHEN)]
    fields = "".join(f"- `{name}`\n" for name in STATED_BY)
    versions = ", ".join(f"{one} {load(one).version}" for one in ("vi", "en"))
    return (
        f"{HEAD}Versions shown: {versions}.\n\n## When\n\n{lines(when)}\n"
        f"## What they say\n\n{lines(table)}\n{FIELD_HEAD}{fields}"
    )


def cost(text: str) -> str:
    """Say how long a text is."""
    return f"{septets(text)} ({len(segment(text).parts)})"


def lines(rows: list[str]) -> str:
    """Join the rows of a table."""
    return "".join(f"{row}\n" for row in rows)


def test_the_reference_page_shows_the_texts_as_they_are(golden: Compare) -> None:
    golden("../../docs/reference/texts.md", page())


def test_every_text_on_the_page_says_when_it_is_sent() -> None:
    shown_keys = {key.split(",")[0].split(" ")[0] for key, _ in every_text(example_texts(), "vi")}
    assert shown_keys == WHEN.keys()


def test_every_authored_text_is_on_the_page() -> None:
    parts = {"confirm_request_long", "not_on_air_unnamed"}
    lists = {key for key in FIELDS if key.startswith(("cancel_all", "tk_"))}
    assert FIELDS.keys() - parts - lists <= WHEN.keys()
