"""Texts that an operator approved: imported, checked whole, in force from their date on."""

# ruff: noqa: E501 - a row of a story is one line

import pytest

from tests.scenarios.story import Play, Story
from tests.scenarios.wordings import (
    DECLINED,
    SHORT,
    SHORT_EN,
    TOMORROW,
    imports,
    refuses,
    template,
)
from tests.unit.texts.facts import facts
from twofold.domain.catalogue import DatedTemplate
from twofold.protocol.gsm import GSM_DATA_CODING
from twofold.texts.sources import load

OWN = f"vi {load('vi').version}"


def prompts(story: Story) -> list[tuple[str, str, int]]:
    """Every prompt that evidence has: by which template, its text, and under which revision."""
    return [
        (sent.template, sent.text, entry.revision)
        for entry in story.entries
        for sent in entry.sent
        if sent.kind == "send_prompt" and sent.text
    ]


def version(text: str) -> str:
    """The version of a wording."""
    return DatedTemplate("", "", 0, text).version


@pytest.mark.scenario("S055")
def test_a_template_that_changes_while_a_request_waits_is_that_of_the_next_prompt(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The yes counts all the same; evidence keeps what was sent, and by which template."""
    imports(monkeypatch, "new wording", template(SHORT), template(DECLINED, key="declined"))
    story = play("""
        clock    | happens            | state   | reason | paid | hears
        00:00:00 | DK THETHAO -> 9166 | pending |        |      | confirm_request "Dong y: soan Y gui"
        00:10:00 | new wording        |         |        |      |
        00:20:00 | Y -> 9166          | active  |        | 2000 | activated
        00:30:00 | DK GAME -> 1579    | THETHAO active, GAME pending | | | confirm_request "OK: soan Y gui 1579"
        00:40:00 | N -> 1579          | THETHAO active, GAME declined | SUBSCRIBER_DECLINED | | declined "Khong nhan them: CHAN"
    """)
    old, new = prompts(story)
    assert old == (f"confirm_request {OWN}", story.messages[0]["text"], 1)
    assert new == (f"confirm_request vi {version(SHORT)}", story.messages[2]["text"], 2)
    told = [entry.templates for entry in story.entries if entry.sent]
    assert told[0] == f"{OWN}, en {load('en').version}"
    assert told[-1].startswith(f"{OWN}+")
    assert told[-1].endswith(f", en {load('en').version}")


@pytest.mark.scenario("S055")
def test_a_template_comes_into_force_at_its_midnight_without_an_import_or_a_start(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The import was the day before. Midnight is <14:59:25>; a second copy of a prompt keeps its deadline, in the new words."""
    imports(monkeypatch, "new wording from midnight", template(SHORT, TOMORROW))
    story = play("""
        clock    | happens            | state   | reason       | paid | hears
        before   | new wording from midnight |  |              |      |
        14:59:20 | DK NHAC -> 9166    | pending |              |      | confirm_request "Dong y: soan" "truoc <26:59:20>"
        14:59:26 | DK GAME -> 1579    | NHAC pending, GAME pending | | | confirm_request "OK: soan"
        15:20:00 | DK NHAC -> 9166    |         | REQUEST_OPEN |      | confirm_request "OK: soan" "truoc <26:59:20>"
        15:30:00 | Y -> 9166          | NHAC active, GAME pending | | 10000 | activated
    """)
    new = f"confirm_request vi {version(SHORT)}"
    assert [(by, revision) for by, _, revision in prompts(story)] == [
        (f"confirm_request_long {OWN}", 2),
        (new, 2),
        (new, 2),
    ]
    assert [text for _, text, _ in prompts(story)] == [
        message["text"] for message in story.messages[:3]
    ]


@pytest.mark.scenario("S083")
def test_an_accented_wording_is_sent_in_one_sms_of_plain_letters(
    play_once: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    imports(monkeypatch, "new wording", template(SHORT))
    story = play_once("""
        clock    | happens            | state   | reason | paid | hears
        before   | new wording        |         |        |      |
        00:00:00 | DK THETHAO -> 9166 | pending |        |      | confirm_request "OK: soan Y gui 9166"
    """)
    ((_, pdu),) = story.submitted
    assert (pdu.data_coding, len(pdu.short_message)) == (GSM_DATA_CODING, 156)


LONG = "Đây là dịch vụ do đối tác cung cấp, nhà mạng chỉ thu hộ; " * 3


@pytest.mark.parametrize(
    ("row", "says"),
    [
        pytest.param(
            template(SHORT.replace("LH", "☎")),
            "text: '☎' has no GSM-7 form",
            marks=pytest.mark.scenario("S083"),
            id="no GSM-7 form",
        ),
        pytest.param(
            template(
                LONG + load("vi").authored["confirm_request_long"], key="confirm_request_long"
            ),
            "text: of THETHAO, NHAC, GAME and 2 more: it needs 3 SMS, 2 are allowed",
            marks=pytest.mark.scenario("S083"),
            id="too long",
        ),
        pytest.param(
            template(SHORT.replace("{auto_renew}", "hàng ngày {auto_renew}").replace("Hủy: ", "")),
            'text: of NHAC: "hang ngay" contradicts a period of 30 days',
            marks=pytest.mark.scenario("S084"),
            id="another period",
        ),
        pytest.param(
            template(SHORT.replace("{price_incl_vat}", "2.000đ/tuần gồm VAT")),
            "text: {price_incl_vat} is missing",
            marks=pytest.mark.scenario("S084"),
            id="a price of its own",
        ),
        pytest.param(
            template(SHORT.replace("ĐK", "Khuyến mãi: ĐK")),
            'text: "Khuyen mai" is promotion',
            marks=pytest.mark.scenario("S085"),
            id="promotion",
        ),
        pytest.param(
            template(SHORT.replace("LH", "Xem abcmedia.vn, LH")),
            'text: "abcmedia.vn" is a link',
            marks=pytest.mark.scenario("S085"),
            id="a link",
        ),
        pytest.param(
            template(SHORT.replace("OK:", "Đồng ý cho dùng dữ liệu:")),
            'text: "Dong y cho" asks for a second consent',
            marks=pytest.mark.scenario("S085"),
            id="a second purpose",
        ),
        pytest.param(
            template(DECLINED.replace("{service_name}", "{service_name} {price}"), key="declined"),
            "text: {price} is not in the text in en",
            marks=pytest.mark.scenario("S086"),
            id="more in one language",
        ),
    ],
)
def test_a_wording_that_may_not_be_said_is_refused_at_its_import_and_never_sent(
    play_once: Play, monkeypatch: pytest.MonkeyPatch, row: str, says: str
) -> None:
    """Nothing of the file is taken: what was sold and said before goes on."""
    faults = refuses(monkeypatch, "bad wording", template(SHORT, TOMORROW), row)
    story = play_once("""
        clock    | happens            | state   | reason | paid | hears
        before   | bad wording        |         |        |      |
        14:50:00 | DK THETHAO -> 9166 | pending |        |      | confirm_request "Dong y: soan Y"
        15:00:00 | DK GAME -> 1579    | THETHAO pending, GAME pending | | | confirm_request "Dong y: soan Y"
    """)
    assert [line for line in faults if says in line and "template[1]" in line], faults
    assert not [line for line in faults if "template[0]" in line], faults
    assert {revision for _, _, revision in prompts(story)} == {1}


@pytest.mark.scenario("S086")
def test_an_approved_text_states_the_same_facts_in_either_language(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    imports(
        monkeypatch,
        "new wording",
        template(SHORT),
        template(SHORT_EN, language="en"),
    )
    story = play("""
        clock    | happens            | state    | reason | paid | hears
        before   | new wording        |          |        |      |
        00:00:00 | DK THETHAO -> 9166 | pending  |        |      | confirm_request "OK: soan Y"
        00:00:05 | N -> 9166          | declined | SUBSCRIBER_DECLINED | | declined
        00:00:10 | EN -> 123          |          |        |      | language_set
        00:00:15 | DK THETHAO -> 9166 | pending  |        |      | confirm_request "Join Tin the thao"
    """)
    vietnamese, english = story.messages[0]["text"], story.messages[-1]["text"]
    assert english.startswith("Join ")
    assert facts(vietnamese) == facts(english)
    assert [by for by, _, _ in prompts(story)] == [
        f"confirm_request vi {version(SHORT)}",
        f"confirm_request en {version(SHORT_EN)}",
    ]
