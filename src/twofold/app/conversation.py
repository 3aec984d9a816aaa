"""The conversation that the demo plays at its start, printed as it goes.

Each message stands with what the engine did about it, in the words of the page with the phone.
"""

from collections.abc import Iterator
from datetime import datetime
from textwrap import wrap
from typing import Any, Final
from zoneinfo import ZoneInfo

from twofold.app.standins import StandIns
from twofold.domain.msisdn import Msisdn
from twofold.pages.sim import Line, Story, stories
from twofold.pages.wording import Words

SUBSCRIBER: Final = "84912345678"
PLAYED: Final = (
    ("9166", "DK THETHAO", "The first yes: a subscriber asks for a service."),
    ("9166", "Y", "The second yes, by SMS from the same SIM, inside the window."),
    ("123", "TK", "What am I paying for? Free, on any short code."),
    ("9166", "HUY THETHAO", "Stop it: at once, and free."),
)
COLUMNS: Final = 79
MARGIN: Final = 14
"""Where what the engine did begins."""

MESSAGE: Final = 29
"""Where the text of a message begins."""

MANY: Final = 50


async def converse(sim: StandIns) -> None:
    """Play the conversation and print it, each message with what the engine did about it."""
    operator = sim.engine.settings.operator
    words, zone = Words("en", operator.time_zone, operator.currency), ZoneInfo(operator.time_zone)
    print(f"One double confirmation over SMPP. Subscriber {Msisdn(int(SUBSCRIBER))}.")
    heard, told = 0, set[int]()
    for number, (short_code, text, says) in enumerate(PLAYED, 1):
        print(f"\n{number}. {says}\n")
        await sim.phones.send(SUBSCRIBER, short_code, text)
        await sim.settle()
        messages = sim.phones.messages(SUBSCRIBER)
        show(message_lines(messages[heard], zone))
        happened = [line for line in sim.entries(int(SUBSCRIBER), MANY) if line.id not in told]
        told.update(line.id for line in happened)
        for story in reversed(stories(happened, words)):
            show(story_lines(story, words))
        for message in messages[heard + 1 :]:
            show(message_lines(message, zone))
        heard = len(messages)
    account = sim.account(int(SUBSCRIBER))
    left, debits = words.amount(account["balance"]), len(account["debits"])
    print(f"\nThe account has {left} left, after {debits} debit{'s' * (debits != 1)}.")


def show(lines: Iterator[str]) -> None:
    """Print some lines."""
    for line in lines:
        print(line)


def message_lines(message: dict[str, Any], zone: ZoneInfo) -> Iterator[str]:
    """One SMS as a phone shows it."""
    at = datetime.fromisoformat(message["at"]).astimezone(zone)
    is_mo = message["direction"] == "mo"
    way = f"phone > {message['to']}" if is_mo else f"{message['from']} > phone"
    head = f"   {at:%H:%M:%S}  {way}"
    for paragraph in message["text"].splitlines():
        for line in wrap(paragraph, COLUMNS - MESSAGE) or [""]:
            yield f"{head:<{MESSAGE}}{line}"
            head = ""
    if not is_mo:
        yield f"{'':<{MESSAGE}}({message['segments']} SMS)"


def story_lines(story: Story, words: Words) -> Iterator[str]:
    """What the engine did about one message: decided, ordered, and how that went."""
    for line in story.cause.lines:
        name = "ordered" if line.kind == "order" else "decided"
        yield stated(words(f"timeline.{name}"), plain(line, words))
    for effect in story.effects:
        name = "ignored" if effect.is_ignored else "then"
        yield stated(words(f"timeline.{name}"), effect.title)
        for line in effect.lines:
            yield stated("", plain(line, words))


def stated(name: str, said: str) -> str:
    """One line of it."""
    return f"{'':<{MARGIN}}{name:<9} {said}"


def plain(line: Line, words: Words) -> str:
    """One line of a telling, without the page's marks."""
    if line.kind == "reason":
        return f"{words('timeline.because')} {line.text}"
    return f"{line.text}: {line.said}" if line.said else line.text
