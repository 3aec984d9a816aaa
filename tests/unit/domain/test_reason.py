"""Every reason is explained to everyone who meets it; docs/reference/reasons.md lists them."""

import re
from pathlib import Path

from tests.architecture.sources import ROOT
from tests.plugins.golden import Compare
from twofold.domain.reason import EXPLANATIONS, Reason, problem_type
from twofold.texts.sources import FIELDS, LANGUAGES, load

HEAD = """# Reasons

Why something was refused, or ended: one list for the core, evidence, the care agent, the API and the subscriber.
This page is written by `make golden` from `src/twofold/domain/reason.py`, and a test holds it to that.

The numbers are stable and are never used again; their order is the precedence of the guards, so the first guard that has something to say is heard.
The name is what evidence records, and the last part of the `type` of an RFC 9457 problem.
The text is the key of the SMS that tells the subscriber ([texts](texts.md)); where there is none, silence is right.

"""  # noqa: E501 - one sentence a line


def page() -> str:
    """Write the page."""
    rows = [
        f"| {int(reason)} | `{reason.name}` | {known.doc} | {known.agent} "
        f"| {f'`{known.text}`' if known.text else ''} |"
        for reason, known in EXPLANATIONS.items()
    ]
    table = [
        "| number | name | what it means | for the care agent | text |",
        "|---|---|---|---|---|",
        *rows,
    ]
    return HEAD + "".join(f"{row}\n" for row in table)


def sources(folder: str) -> str:
    """Every source of a package, joined."""
    package = ROOT / "src" / "twofold" / folder
    return "\n".join(path.read_text() for path in sorted(Path(package).glob("*.py")))


def test_the_page_lists_the_reasons_as_they_are(golden: Compare) -> None:
    golden("../../docs/reference/reasons.md", page())


def test_every_reason_is_explained_in_the_order_of_precedence() -> None:
    assert list(EXPLANATIONS) == sorted(Reason)


def test_every_explanation_says_something_to_everyone() -> None:
    for reason, known in EXPLANATIONS.items():
        assert re.fullmatch(r"[A-Z].{10,150}\.", known.doc), reason.name
        assert re.fullmatch(r".{10,150}\.", known.agent), reason.name
        assert not known.agent.isascii(), reason.name


def test_every_text_that_a_reason_names_is_written_in_every_language() -> None:
    named = {known.text for known in EXPLANATIONS.values() if known.text is not None}
    assert named - FIELDS.keys() == set()
    for language in LANGUAGES:
        assert named - load(language).templates.keys() == set()


def test_every_reason_is_given_by_a_decider() -> None:
    code = sources("decide")
    assert [reason.name for reason in Reason if f"Reason.{reason.name}" not in code] == []


def test_the_numbers_are_those_that_were_published() -> None:
    assert [int(reason) for reason in Reason] == [
        *(10, 20, 25, 30, 40, 45),
        *(100, 105, 110, 112, 114, 120, 130, 135, 140, 145, 150, 155, 160, 165, 170, 175, 180),
        *(200, 210, 220, 230, 240, 250, 260, 270, 280, 290),
        *(300, 310, 320, 330, 332, 334, 336, 340, 345, 350, 352, 360),
        *(400, 410, 420, 430),
        *(500, 510, 520, 525, 530),
        *(600, 610, 620),
        *(700, 710, 720, 722, 724, 726, 728, 730, 732),
        *(800, 810),
    ]


def test_a_problem_is_named_after_its_reason() -> None:
    assert problem_type(Reason.WINDOW_PASSED) == "WINDOW_PASSED"
