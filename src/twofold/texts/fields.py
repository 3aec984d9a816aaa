"""The fields that a policy may demand of a text, and whether a text states them.

They have the names of the rule packs.
A field is stated when its value, as that language writes it, stands in the text as a whole word.
"""

from collections.abc import Mapping
from typing import Final

from twofold.domain.catalogue import Service
from twofold.domain.policy import Operator, Policy
from twofold.texts.money import amount, price
from twofold.texts.sources import Words
from twofold.texts.unaccented import sendable

STATED_BY: Final[Mapping[str, str]] = {
    "service_name": "service_name",
    "service_code": "code",
    "package": "cancel_syntax",
    "provider_name": "provider_name",
    "price_incl_vat": "price_incl_vat",
    "period": "price",
    "auto_renew": "auto_renew",
    "reply_syntax": "reply_syntax",
    "deadline": "deadline",
    "cancel_syntax": "cancel_syntax",
    "short_code": "short_code",
    "hotline": "hotline",
    "age_statement": "age",
    "change": "change",
    "amount_deducted": "deducted",
    "balance": "balance",
    "result": "stopped",
}
"""Each field with the value that states it; a package is named by its code in the cancel syntax."""


def service_values(
    service: Service, provider_name: str, operator: Operator, policy: Policy, words: Words
) -> dict[str, str]:
    """Write everything that texts say of one service."""
    cost = price(service.terms, operator.currency, words)
    taxed = words.price_incl_vat.replace("{price}", cost).replace("{tax}", policy.tax)
    deducted = amount(service.terms.price_minor, operator.currency, words)
    return {
        "service_name": sendable(service.name),
        "provider_name": sendable(provider_name),
        "code": service.code,
        "short_code": service.short_code,
        "price": cost,
        "price_incl_vat": taxed,
        "auto_renew": words.auto_renew if service.terms.auto_renew else words.auto_renew_not,
        "cancel_syntax": f"{policy.stop_word} {service.code}",
        "no_charge": words.no_charge,
        "age": age_statement(service, policy, words),
        "deducted": words.deducted.replace("{amount}", deducted),
        "stopped": words.stopped,
        **operator_values(operator, policy),
    }


def operator_values(operator: Operator, policy: Policy) -> dict[str, str]:
    """Write what any text may say of the operator, and the words that a subscriber sends."""
    return {
        "hotline": operator.hotline,
        "lookup_code": operator.lookup_code,
        "yes": policy.reply_word,
        "stop": policy.stop_word,
    }


def age_statement(service: Service, policy: Policy, words: Words) -> str:
    """Write the age that a yes declares: the service's or the market's, the higher; mostly none."""
    age = max(service.age, policy.adult_age)
    return words.age.replace("{age}", str(age)) if age else ""


def charged(service_values: Mapping[str, str], policy: Policy, words: Words, balance: str) -> str:
    """Write what the start took and left, where a welcome must say so; mostly nothing.

    `balance` is empty where the account is not ours to look into.
    """
    said = []
    if "amount_deducted" in policy.welcome_fields:
        said.append(service_values["deducted"])
    if "balance" in policy.welcome_fields and balance:
        said.append(words.balance.replace("{amount}", balance))
    return "".join(f", {phrase}" for phrase in said)


def reply_syntax(
    service: Service, policy: Policy, words: Words, *, names_service: bool, code: str = ""
) -> str:
    """Write how to agree: `soan Y gui 9166`, with the prompt's or the service's code if need be."""
    yes = policy.reply_word
    named = f"{yes} {service.code}" if names_service else yes
    reply = f"{yes} {code}" if code else named
    return words.reply_syntax.replace("{reply}", reply).replace("{short_code}", service.short_code)


def change(service: Service, words: Words, replaces: str, replaced: str) -> str:
    """Write what a yes changes: the package, the terms since the last prompt, or nothing.

    `replaces` is the code of what the service takes the place of, and `replaced` the name.
    """
    if not replaces:
        return ""
    if replaces == service.code:
        return words.terms_changed
    return words.replaces.replace("{package}", replaced)


def conditions(service: Service, policy: Policy, words: Words, changed: str) -> str:
    """Write what else a yes means: what `change` gave, an age; mostly nothing."""
    said = [changed] if changed else []
    if age := age_statement(service, policy, words):
        said.append(age)
    return "".join(f", {phrase}" for phrase in said)


def renewal(service: Service, words: Words, day: str) -> str:
    """Write what happens on a day: the service renews, or runs out."""
    phrase = words.renews if service.terms.auto_renew else words.renews_not
    return phrase.replace("{date}", day)


def missing(
    text: str, names: tuple[str, ...], values: Mapping[str, str], words: Words
) -> tuple[str, ...]:
    """Say which of the fields a text does not state; a name that is no field is a KeyError."""
    return tuple(name for name in names if not _states(text, STATED_BY[name], values, words))


def _states(text: str, name: str, values: Mapping[str, str], words: Words) -> bool:
    """Look for a value as a whole word; "renews" is not found inside "does not renew"."""
    value = values[name]
    if value == words.auto_renew:
        text = text.replace(words.auto_renew_not, "")
    return bool(value) and stands_in(value, text)


def stands_in(value: str, text: str) -> bool:
    """Say whether a value stands in a text by itself, not as a part of a longer word or number."""
    start = text.find(value)
    while start >= 0:
        before, after = text[max(start - 1, 0) : start], text[start + len(value) :][:1]
        if not (_is_of_a_word(before) or before == "." or _is_of_a_word(after)):
            return True
        start = text.find(value, start + 1)
    return False


def _is_of_a_word(letter: str) -> bool:
    return letter.isalnum() or letter == "_"
