"""What each text to a subscriber is known by, as a person would tell them apart.

These are the tests' own words, not the templates': a text whose meaning changes must be noticed.
Every text that reaches a phone is exactly one of these.
"""

import re
from typing import Final

SAYINGS: Final = {
    "confirm_request": r"(ĐK|DK|Yeu cau DK) .* VAT, .*soan Y.* gui \d+ truoc \d\d:\d\d"
    r"|(To join|Join) .* VAT, .*text Y.* to \d+ by \d\d:\d\d",
    "activated": r"DK thanh cong .* VAT, .*Huy: HUY ",
    "declined": r"QK da tu choi .*khong mat phi",
    "expired": r"Yeu cau DK .* da het han: QK chua dang ky, khong mat phi",
    "late_confirm": r"Yeu cau DK .* da het han luc .*chua dang ky, khong mat phi",
    "already": r"QK dang dung .*Khong dang ky them, khong thu them",
    "wrong_short_code": r"Sai dau so: .*chua dang ky, khong mat phi",
    "withdrawn": r"Dich vu .* da thay doi .*chua dang ky, khong mat phi",
    "number_not_served": r"So cua QK hien khong dang ky duoc .*QK khong mat phi",
    "sim_changed": r"SIM cua QK vua duoc doi nen chua DK .*QK khong mat phi.* lat nua soan DK ",
    "asked_later": r"SIM cua QK vua duoc doi nen chua DK .*QK khong mat phi.* duoc hoi lai",
    "not_checked": r"Chua kiem tra duoc so cua QK nen chua DK .*QK khong mat phi",
    "low_balance": r"Tai khoan khong du .*QK khong mat phi",
    "charge_failed": r"Chua tru duoc phi nen chua dang ky",
    "refund": r"QK duoc hoan tien ",
    "cancelled": r"QK da huy yeu cau DK .*khong mat phi",
    "cancel_ack": r"QK da huy .* luc .*Tu nay khong thu phi dich vu nay",
    "cancel_all": r"QK da huy tat ca luc .*khong thu phi:",
    "stopped_by_operator": r".* da tam ngung tu .*khong bi thu phi trong thoi gian nay",
    "resumed_by_operator": r".* hoat dong lai, .*khong bi thu phi cho thoi gian tam ngung",
    "nothing_pending": r"Khong co yeu cau nao dang cho QK xac nhan",
    "confirm_code": r"Chua dang ky .* gui Y kem ma \d so trong tin hoi",
    "wrong_code": r"Sai ma nen chua dang ky dich vu nao, khong mat phi",
    "code_used_up": r"QK da nhap sai ma qua so lan .*khong mat phi",
    "confirm_which": r"QK co \d+ yeu cau dang cho",
    "cancel_which": r"Chua huy dich vu nao: ",
    "nothing_to_stop": r"QK khong co dich vu nao de huy",
    "not_on_air": r"Dich vu .* hien khong cung cap nen QK chua dang ky, khong mat phi",
    "try_later": r"QK da gui nhieu yeu cau nen chua dang ky .*khong mat phi.* sau ",
    "blocked_on": r"QK da chan dang ky dich vu moi cho so nay",
    "blocked_off": r"QK da mo chan, so nay lai dang ky duoc dich vu moi",
    "blocked": r"So nay dang chan dich vu moi nen chua dang ky ",
    "minor_protected": r"So nay duoc bao ve danh cho tre em nen chua dang ky ",
    "replaced": r"Da doi goi: .* ngung luc .*khong thu phi dich vu nay",
    "other_package": r"QK da chon goi khac nen yeu cau DK .*khong mat phi",
    "disputed": r"QK dang khieu nai .*chua dang ky lai, khong mat phi",
    "complaint_open": r"Da nhan khieu nai \w+ ve .*ngung thu phi",
    "complaint_status": r"Khieu nai \w+ ve .* dang duoc xem xet",
    "complain_which": r"Chua nhan khieu nai nao: ",
    "nothing_to_complain": r"QK chua co dich vu nao de khieu nai",
    "language_set": r"Tu nay nha mang gui tin cho QK |You will get our texts in English",
    "ussd_asked": r"QK nhan SMS hoi ve .* tu \d+\. .*chua dang ky, khong mat phi",
    "ussd_by_sms": r"Tra loi cho QK duoc gui bang SMS",
    "ussd_sms_alone": r"Chua dang ky dich vu nao, khong mat phi: dong y .* chi nhan qua SMS",
    "ussd_unchanged": r"Khong co gi thay doi, khong mat phi",
    "help": r"Soan gui dau so dich vu: DK ma = dang ky; Y( ma| kem ma da nhan)? = dong y",
    "tk_list": r"QK (dang dung \d+ dich vu|khong dung dich vu nao),.*phi 30 ngay qua la",
    "tk_empty": r"QK khong dung dich vu gia tri gia tang nao",
}

ENGLISH: Final = {
    "confirm_request": r"(To join|Request to join) .* incl \w+, .*text .* to \d+ by \d\d:\d\d",
    "activated": r"You joined .* incl \w+, .*Stop: (STOP|UNREG|HUY) ",
    "declined": r"You refused .*: not joined, no charge",
    "late_confirm": r"Your request for .* expired at .* so it was not joined, no charge",
    "cancel_ack": r".* stopped at .*It will not charge you again",
    "nothing_pending": r"No request is waiting for your answer",
    "help": r"Text to the service's number: DK code = join; ",
    "tk_list": r"Your services: \d+, ",
    "tk_empty": r"You have no value-added service and are not being charged",
}
"""The texts that stories in English have heard so far."""

_COMPILED: Final = {
    name: re.compile(f"{words}|{ENGLISH[name]}" if name in ENGLISH else words)
    for name, words in SAYINGS.items()
}


def name_of(text: str | None) -> str:
    """Say which text it is; `?` with the text itself when it is none or several of these."""
    names = [name for name, words in _COMPILED.items() if text and words.match(text)]
    return names[0] if len(names) == 1 else f"? {text!r} ({', '.join(names) or 'no such text'})"
