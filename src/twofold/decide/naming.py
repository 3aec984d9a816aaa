"""Which of a number's services the words after a stop or a no name.

A word names a service by its code or an alias, by its place in the last list that was sent, or by
the code that its prompt printed; the words together may be its name, or a part of the name that
no other service of the number shares (`HUY the thao`).
A code with one letter wrong counts where only one service is that near, since a stop or a no does
no harm and its answer says what it meant.
"""

from collections.abc import Iterable, Sequence

from twofold.decide.decision import Draft
from twofold.decide.keywords import words_of
from twofold.domain.catalogue import Catalogue
from twofold.domain.subscriber import Request, Subscription

Held = Request | Subscription

NEAR_LEAST = 2
"""Shorter words are near to nothing."""


def services_named(draft: Draft, words: Sequence[str], among: Iterable[Held]) -> tuple[str, ...]:
    """Say which services of `among` the words name, by code, in the order of the words."""
    held = tuple(dict.fromkeys([line.service for line in among]))
    exact = [code for word in words if (code := _exactly(draft, word, held))]
    if exact:
        return tuple(dict.fromkeys(exact))
    catalogue = draft.rules.catalogue
    return (
        _by_name(catalogue, words, held)
        or _by_part_of_name(catalogue, words, held)
        or _nearly(catalogue, words, held)
    )


def is_sold(draft: Draft, words: Sequence[str]) -> bool:
    """Say whether a word names a service that is sold, whether the number has it or not."""
    return any(draft.rules.catalogue.find(word) is not None for word in words)


def listed(draft: Draft) -> tuple[str, ...]:
    """The services in the order of the last list, which has what is on before what waits."""
    subscriber = draft.subscriber
    on = [line.service for line in subscriber.subscriptions]
    return subscriber.memory.listed or (*on, *[line.service for line in subscriber.requests])


def _exactly(draft: Draft, word: str, held: tuple[str, ...]) -> str | None:
    """What one word names without a doubt."""
    if word.isdecimal():
        for request in draft.subscriber.requests:
            if request.code is not None and request.code.digits == word:
                return request.service if request.service in held else None
        lines = listed(draft)
        place = int(word)
        named = lines[place - 1] if 1 <= place <= len(lines) else ""
    else:
        service = draft.rules.catalogue.find(word)
        named = word if service is None else service.code
    return named if named in held else None


def _by_name(catalogue: Catalogue, words: Sequence[str], held: tuple[str, ...]) -> tuple[str, ...]:
    """The services whose whole name stands among the words."""
    said = f" {' '.join(words)} "
    services = [catalogue.services[code] for code in held if code in catalogue.services]
    return tuple(one.code for one in services if f" {' '.join(words_of(one.name))} " in said)


def _by_part_of_name(
    catalogue: Catalogue, words: Sequence[str], held: tuple[str, ...]
) -> tuple[str, ...]:
    """The only service in whose name the words stand side by side; a letter alone is no part."""
    if max(map(len, words), default=0) < NEAR_LEAST:
        return ()
    said = f" {' '.join(words)} "
    services = [catalogue.services[code] for code in held if code in catalogue.services]
    named = tuple(one.code for one in services if said in f" {' '.join(words_of(one.name))} ")
    return named if len(named) == 1 else ()


def _nearly(catalogue: Catalogue, words: Sequence[str], held: tuple[str, ...]) -> tuple[str, ...]:
    """The only service whose code or alias is one letter away from a word."""
    unsold = [word for word in words if len(word) >= NEAR_LEAST and catalogue.find(word) is None]
    near = {
        code: None
        for code in held
        for known in _words_for(catalogue, code)
        for word in unsold
        if is_near(word, known)
    }
    return tuple(near) if len(near) == 1 else ()


def _words_for(catalogue: Catalogue, code: str) -> tuple[str, ...]:
    """A service's code and aliases."""
    service = catalogue.services.get(code)
    return (code, *(alias.word for alias in service.aliases)) if service else (code,)


def is_near(said: str, meant: str) -> bool:
    """Say whether one letter is wrong, missing or too many, or two neighbors are swapped."""
    if abs(len(said) - len(meant)) > 1:
        return False
    start = 0
    while start < min(len(said), len(meant)) and said[start] == meant[start]:
        start += 1
    a, b = said[start:], meant[start:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])
