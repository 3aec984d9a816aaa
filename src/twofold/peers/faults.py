"""What a person at `/sim` can make the SMSC stand-in do wrong, and what tests ask of it besides."""

from typing import Literal

from msgspec import Struct

SubmitFault = Literal["ok", "throttle", "reject", "silent"]
ReceiptFault = Literal["ok", "none", "twice", "first", "fail"]
MoFault = Literal["once", "twice"]


class Faults(Struct):
    """Switches that stay until they are switched back, and counts that are used up.

    `submit`: `throttle` answers ESME_RTHROTTLED, `reject` ESME_RINVDSTADR; `silent` takes a text,
    which reaches its handset, and never answers.
    `receipt`: `none` sends none, `twice` sends each twice, `first` sends it before the answer to
    the text, `fail` lets no text reach its handset and says so.
    `mo`: `twice` brings each message of a phone twice, as after a lost answer.
    `delay_ms` passes before a text is looked at, and so before its answer.
    """

    submit: SubmitFault = "ok"
    receipt: ReceiptFault = "ok"
    mo: MoFault = "once"
    delay_ms: int = 0
    mo_delay_ms: int = 0
    """Messages of phones wait so long before they are brought; their times are those of writing."""
    refuse_binds: int = 0
    """The command_status of each answer to a bind, 0 to take them."""
    answers_to_drop: int = 0
    """So many texts are taken, and their answers lost."""
    texts_to_drop: int = 0
    """So many texts are lost before the SMSC has taken them: no answer either."""
