"""What an engine changes of its interpreter changes nothing that anyone can see."""

import subprocess
import sys

ASKS = """
import re
from enum import Enum, IntEnum, StrEnum
from http import HTTPStatus
from twofold.app.interpreter import settle_interpreter
from twofold.domain.reason import Reason
from twofold.protocol.smpp.constants import EsmClass

settle_interpreter()

class Odd(Enum):
    name = "n"
    value = "v"
    other = "o"

class Late(StrEnum):
    ONE = "one"

assert Reason["RESENT"] is Reason.RESENT and Reason.RESENT.name == "RESENT"
assert Late.ONE == "one" and Late("one") is Late.ONE
assert (Odd.name._value_, Odd.value._value_, Odd.other.value) == ("n", "v", "o")
assert HTTPStatus.OK == 200 and re.IGNORECASE is re.RegexFlag.I
assert EsmClass.UDH_INDICATOR | 1
assert not hasattr(Reason, "NO_SUCH_REASON") and not hasattr(IntEnum, "NO_SUCH")
print("as before")
"""


def test_members_of_every_kind_are_found_without_the_hook() -> None:
    # In a process of its own: the change cannot be taken back.
    done = subprocess.run([sys.executable, "-c", ASKS], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "as before"), done.stderr


def test_a_member_costs_no_more_than_an_attribute_of_a_class() -> None:
    asks = (
        "from enum import EnumType\n"
        "from twofold.app.interpreter import settle_interpreter\n"
        "settle_interpreter()\n"
        "print(hasattr(EnumType, '__getattr__'))"
    )
    done = subprocess.run([sys.executable, "-c", asks], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
