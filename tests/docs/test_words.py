"""The glossary has every word of the field, and the list of scenarios every number."""

import re

import pytest

from tests.architecture.sources import ROOT, here, python_files
from tests.docs.text import documents, prose
from tests.plugins.scenarios import ALL
from twofold.domain.states import RequestState, SubscriptionState

WORDS = """
    ESME, SMSC, MO, MT, MSISDN, short code, keyword, receipt, partner, certificate, offer, request,
    prompt, confirmation, confirmation window, subscription, tenure, expired, declined, refused,
    cancelled, renewal, grace, charge, refund, complaint, event, decision, order, outcome, evidence,
    entry, checkpoint, inclusion proof, witness, subscriber, service, policy, reason, welcome,
    revision, stop, resume, sweep
"""
"""The words that code, SQL, JSON, screens and documents spell alike."""


def explained() -> dict[str, str]:
    """Read the glossary: each word with its meaning."""
    text = (ROOT / "docs" / "glossary.md").read_text()
    return dict(re.findall(r"(?m)^- \*\*(.+?)\*\*: (.+)$", text))


def numbered() -> dict[str, str]:
    """Read the list of scenarios: each number with what must be shown."""
    text = (ROOT / "docs" / "reference" / "scenarios.md").read_text()
    return dict(re.findall(r"(?m)^- \*\*(S\d+)\*\* (.+)$", text))


@pytest.mark.parametrize("word", [" ".join(word.split()) for word in WORDS.split(",")])
def test_every_word_of_the_field_is_in_the_glossary(word: str) -> None:
    assert word in explained()


def test_every_state_is_in_the_glossary() -> None:
    states = {*RequestState, *SubscriptionState}
    assert {state.value for state in states} - set(explained()) == set()


def test_no_word_is_explained_twice() -> None:
    text = (ROOT / "docs" / "glossary.md").read_text()
    assert len(re.findall(r"(?m)^- \*\*", text)) == len(explained())


def test_every_scenario_has_its_line_in_order() -> None:
    assert tuple(numbered()) == ALL


def test_every_scenario_that_a_test_names_has_its_line() -> None:
    marks = re.compile(r"mark\.scenario\(([^)]*)\)")
    named = {
        number
        for path in python_files("tests")
        for arguments in marks.findall(path.read_text())
        for number in re.findall(r'"(S\d+)"', arguments)
    }
    assert named - set(numbered()) == set()


def test_a_document_has_one_sentence_on_a_line() -> None:
    several = re.compile(r"[a-z`)][.!?] [A-Z]")
    found = [
        here(path, number)
        for path in documents()
        for number, line in prose(path.read_text())
        if several.search(line)
    ]
    assert found == []


def test_every_link_between_documents_leads_somewhere() -> None:
    link = re.compile(r"\]\((?!https?:|#)([^)#]+)")
    found = [
        f"{path.relative_to(ROOT)}: {target}"
        for path in documents()
        for target in link.findall(path.read_text())
        if not (path.parent / target).exists()
    ]
    assert found == []


def test_every_decision_is_listed_with_its_siblings() -> None:
    folder = ROOT / "docs" / "adr"
    pages = {path.name for path in folder.glob("[0-9]*.md")}
    assert pages == set(re.findall(r"\((\d{4}-[a-z-]+\.md)\)", (folder / "README.md").read_text()))
