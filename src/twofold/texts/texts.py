"""Render: from a key, a language and the facts of one moment to the SMS that is sent.

What does not vary for a service is joined once per text and language and kept.
The kept parts are memory only: the same arguments always give the same text.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Final, TypeVar

from msgspec import Struct, field

from twofold.domain.catalogue import Catalogue, Service
from twofold.domain.policy import Operator, Policy
from twofold.protocol.gsm import SEPTETS_ALONE, septets
from twofold.texts.faults import Fault
from twofold.texts.fields import (
    change,
    charged,
    conditions,
    operator_values,
    renewal,
    reply_syntax,
    service_values,
)
from twofold.texts.listing import (
    Letterhead,
    ListLine,
    write_empty_listing,
    write_ended_all,
    write_listing,
)
from twofold.texts.localtime import LocalTimes
from twofold.texts.money import amount
from twofold.texts.review import review_fields, review_letters, review_prompt
from twofold.texts.sources import (
    LONG_PROMPT,
    SHORT_PROMPT,
    Source,
    Template,
    Words,
    complete,
    fill,
)
from twofold.texts.unaccented import sendable

PromptKey = tuple[str, str, bool, str, str]
"""Service, language, whether the service is named, the code's place, and what is replaced."""

K = TypeVar("K")
V = TypeVar("V")

OTHERWISE: Final = ("CO", "YES")
"""The words that `_other_yes` prefers, where the policy has them."""

TOLD_OF_CHARGE: Final = frozenset({"amount_deducted", "balance"})
"""Fields of a welcome that say what the start took and left."""

MAX_OFFERED: Final = 5
"""How many codes a text offers to choose from; the list on the look-up code has them all."""

_KEPT_MAX: Final = 20_000
"""Joined parts that are kept; a catalogue that needs more begins again."""

_SAID_MAX: Final = 1_000
"""Services whose values are kept: a check goes from one to the next."""

_SHOWN_BACK: Final = re.compile(r"[A-Z0-9]{1,20}", re.ASCII)
"""What may be repeated of a code that came from outside."""

_CODE_SLOT: Final = "########"
"""Stands in a kept part where the code goes, and is as long; no name may hold it."""

_DEADLINE_WIDTH: Final = "00:00 00/00"
"""A deadline is always as long as this, so that a service's prompt always has the same length."""


class Texts(Struct, frozen=True, eq=False):
    """Everything the operator says, for one revision of the catalogue and one policy.

    Languages that the policy does not have are served in the first that it has.
    """

    operator: Operator
    policy: Policy
    catalogue: Catalogue
    sources: dict[str, Source]
    times: LocalTimes
    version: str
    """Names the wording of every language, for evidence."""
    left_out: tuple[Fault, ...] = ()
    """What is wrong with approved wordings that cannot be filled in, and are not said."""
    _prompts: dict[PromptKey, tuple[Service, str, str, str]] = field(default_factory=dict)
    _faults: dict[PromptKey, tuple[Service, tuple[Fault, ...]]] = field(default_factory=dict)
    _frames: dict[tuple[str, str, str], tuple[Service, Template]] = field(default_factory=dict)
    _said: dict[tuple[str, str], tuple[Service, dict[str, str]]] = field(default_factory=dict)

    def prompt(
        self,
        service: Service,
        language: str,
        names_service: bool,  # noqa: FBT001 - a request's own field, passed on as it is
        until_at: int,
        code: str = "",
        replaces: str = "",
    ) -> str:
        """Render the prompt; `until_at` (ms UTC) is printed rounded down to the minute.

        `code` is what the reply must say, if a word is not enough; `replaces` is the code of the
        package that this one takes the place of, or the service's own where its terms have changed
        since the subscriber was last asked.
        """
        held = self._prompt(service, language, names_service, code, replaces)
        text = held[1] + self.times.minute(until_at) + held[2]
        return text.replace(_CODE_SLOT[: len(code)], code) if code else text

    def prompt_template(
        self,
        service: Service,
        language: str,
        names_service: bool,  # noqa: FBT001 - as in prompt
        code: str = "",
        replaces: str = "",
    ) -> str:
        """Say which template that prompt is made from: the key of the longer wording, or not."""
        return self._prompt(service, language, names_service, code, replaces)[3]

    def prompt_by(self, key: str, service: Service, language: str) -> str:
        """Render a prompt by one of its templates, whether or not that would be sent."""
        before, after = self._fill_prompt(key, service, language)
        return before + _DEADLINE_WIDTH + after

    def template_version(self, key: str, language: str) -> str:
        """Name one template and the version of its wording, for evidence."""
        return self._source(language).template_version(key)

    def link_prompt(
        self,
        service: Service,
        language: str,
        until_at: int,
        link: str,
        *,
        names_service: bool = False,
        code: str = "",
    ) -> str:
        """Render the prompt to a request from a page that may be looked at again under a link.

        `validate_prompt` judges it as any other prompt.
        """
        source = self._source(language)
        values = {
            **self._values(service, language),
            "conditions": conditions(service, self.policy, source.words, ""),
            "reply_syntax": reply_syntax(
                service, self.policy, source.words, names_service=names_service, code=code
            ),
            "deadline": self.times.minute(until_at),
            "link": link,
        }
        return complete(source.templates["confirm_request_link"], values)

    def welcome(
        self,
        service: Service,
        language: str,
        renews_at: int,
        proof: str,
        balance_minor: int | None = None,
    ) -> str:
        """Render the notice that a service is on; `renews_at` (ms UTC) ends the paid period.

        `balance_minor` is what the account holds now, None where it is not ours to look into.
        """
        fields: dict[str, int | str] = {"when_at": renews_at, "proof": proof}
        if TOLD_OF_CHARGE.intersection(self.policy.welcome_fields):
            words, left = self._source(language).words, ""
            if balance_minor is not None:
                left = amount(balance_minor, self.operator.currency, words)
            values = self._values(service, language)
            fields["charged"] = charged(values, self.policy, words, left)
        return self.about("activated", language, service, **fields)

    def about(self, key: str, language: str, service: Service, **fields: int | str) -> str:
        """Render a text on one service.

        `fields` are what varies in it: `by_at` and `when_at` (ms UTC), `proof`, `amount_minor`.
        A field too few is a KeyError, one too many an AssertionError.
        """
        held = self._frames.get((key, language, service.code))
        if held is None or held[0] is not service:
            held = self._keep_frame(key, language, service)
        frame = held[1]
        assert len(fields) == len(frame) // 2, (key, frame[1::2], [*fields])
        return complete(frame, self._written(language, service, fields)) if fields else frame[0]

    def plain(self, key: str, language: str, **fields: str | tuple[str, ...]) -> str:
        """Render a text on no service in particular.

        `fields`: `code` for not_on_air, shown back only if it looks like a code;
        `codes` and `short_code` for cancel_which, `codes` for complain_which: what may be meant;
        `otp` and `minutes` for a sign-in code.
        """
        source = self._source(language)
        values = operator_values(self.operator, self.policy)
        agree = source.words.agree[self.policy.reply_mode]
        values["agree"] = agree.replace("{yes}", values["yes"])
        for name, value in fields.items():
            if isinstance(value, str):
                values[name] = value
            else:
                offered = value[:MAX_OFFERED]
                values["complaints"] = source.words.or_.join(f"KN {code}" for code in offered)
                stop = self.policy.stop_word
                values["stops"] = source.words.or_.join(f"{stop} {code}" for code in offered)
        if key == "not_on_air" and _SHOWN_BACK.fullmatch(values["code"]) is None:
            key = "not_on_air_unnamed"
        return complete(source.templates[key], values)

    def complaint(
        self,
        key: str,
        language: str,
        service_name: str,
        complaint: str,
        *,
        by_at: int | None = None,
        amount_minor: int | None = None,
    ) -> str:
        """Render a text on a complaint.

        `by_at` (ms UTC): by when it is answered; of one that is not upheld, when the subscriber
        confirmed. `amount_minor`: what is given back.
        A field that the text needs and is not given is a KeyError.
        """
        values = operator_values(self.operator, self.policy) | {
            "service_name": sendable(service_name),
            "complaint": complaint,
        }
        if by_at is not None:
            values["by"] = self.times.minute(by_at)
        if amount_minor is not None:
            words = self._source(language).words
            values["amount"] = amount(amount_minor, self.operator.currency, words)
        return complete(self._source(language).templates[key], values)

    def which(
        self,
        language: str,
        codes: Sequence[str],
        short_code: str,
        *,
        by_code: Collection[str] = (),
        otherwise: bool = False,
    ) -> str:
        """Render confirm_which: the replies that would confirm, by service.

        Of those `by_code` the prompt alone says the code; `otherwise` offers another word than `Y`.
        """
        source = self._source(language)
        yes = self._other_yes() if otherwise else self.policy.reply_word
        by_prompt = source.words.code_of_prompt.replace("{yes}", self.policy.reply_word)
        replies = [
            by_prompt.replace("{service_name}", self._name_of(code))
            if code in by_code
            else f"{yes} {code}"
            for code in codes[:MAX_OFFERED]
        ]
        values = operator_values(self.operator, self.policy) | {
            "count": str(len(codes)),
            "replies": source.words.or_.join(replies),
            "short_code": short_code,
        }
        return complete(source.templates["confirm_which"], values)

    def listing(self, language: str, lines: Sequence[ListLine], spent_minor: int) -> str:
        """Render the answer to `TK`: all that is on or waits, and what the last 30 days cost."""
        return write_listing(self._letterhead(language), lines, spent_minor)

    def empty_listing(self, language: str, spent_minor: int) -> str:
        """Render the answer to `TK` where nothing is on and nothing waits."""
        return write_empty_listing(self._letterhead(language), spent_minor)

    def ended_all(self, language: str, names: Sequence[str], by_at: int, proof: str) -> str:
        """Render the answer to `HUY ALL`: everything that ended at `by_at` (ms UTC), by name."""
        return write_ended_all(self._letterhead(language), names, by_at, proof)

    def validate_prompt(
        self,
        text: str,
        service: Service,
        language: str,
        names_service: bool,  # noqa: FBT001 - as in prompt, whose result this judges
        until_at: int,
        code: str = "",
        replaces: str = "",
    ) -> tuple[Fault, ...]:
        """Judge a rendered prompt: all fields of the policy, plain letters, few enough SMS."""
        words = self._source(language).words
        values = {
            **self._values(service, language),
            "reply_syntax": reply_syntax(
                service, self.policy, words, names_service=names_service, code=code
            ),
            "deadline": self.times.minute(until_at),
            "change": self._change(service, words, replaces),
        }
        names = (
            *self.policy.prompt_fields,
            *(("age_statement",) if service.age or self.policy.adult_age else ()),
            *(("change",) if replaces else ()),
        )
        found = review_prompt(text, names, self.policy.max_segments, values, words)
        key = self.prompt_template(service, language, names_service, code, replaces)
        return tuple(Fault(service.code, language, key, what, fix) for what, fix in found)

    def validate(
        self, key: str, text: str, service: Service, language: str, balance_minor: int = 0
    ) -> tuple[Fault, ...]:
        """Judge a rendered text that is no prompt: all fields of the policy, plain letters.

        `balance_minor` is what a welcome was given as left.
        """
        words = self._source(language).words
        left = amount(balance_minor, self.operator.currency, words)
        values = {
            **self._values(service, language),
            "balance": words.balance.replace("{amount}", left),
        }
        names = {
            "activated": self.policy.welcome_fields,
            "renew_notice": self.policy.renewal_fields,
            "cancel_ack": self.policy.cancel_fields,
            "cancel_all": self.policy.cancel_fields,
        }.get(key, ("service_name",))
        found = (*review_fields(text, names, values, words), *review_letters(text))
        return tuple(Fault(service.code, language, key, what, fix) for what, fix in found)

    def prompt_faults(
        self,
        service: Service,
        language: str,
        names_service: bool,  # noqa: FBT001 - as in prompt
        code: str = "",
        replaces: str = "",
    ) -> tuple[Fault, ...]:
        """Why a prompt may not be sent; judged once, since all that varies is deadline and code."""
        slot = _CODE_SLOT[: len(code)]
        key = (service.code, language, names_service, slot, replaces)
        held = self._faults.get(key)
        if held is None or held[0] is not service:
            asked = (service, language, names_service, 0, "0" * len(code), replaces)
            found = self.validate_prompt(self.prompt(*asked), *asked)
            held = _keep(self._faults, key, (service, found), _KEPT_MAX)
        return held[1]

    def _source(self, language: str) -> Source:
        return self.sources.get(language) or self.sources[self.policy.languages[0]]

    def _values(self, service: Service, language: str) -> Mapping[str, str]:
        """Give what texts say of one service, kept since a check asks for it with every text."""
        held = self._said.get((service.code, language))
        if held is None or held[0] is not service:
            written = self._write_values(service, language)
            held = _keep(self._said, (service.code, language), (service, written), _SAID_MAX)
        return held[1]

    def _write_values(self, service: Service, language: str) -> dict[str, str]:
        partner = self.catalogue.partners.get(service.partner)
        name = service.partner if partner is None else partner.name
        words = self._source(language).words
        values = service_values(service, name, self.operator, self.policy, words)
        if not TOLD_OF_CHARGE.intersection(self.policy.welcome_fields):
            values["charged"] = ""
        return values

    def _other_yes(self) -> str:
        """Another word of consent than the prompt's, so that an echo of the reply is known."""
        others = self.policy.accept_words_with_code - {self.policy.reply_word}
        chosen = (*(word for word in OTHERWISE if word in others), *sorted(others))
        return next(iter(chosen), self.policy.reply_word)

    def _prompt(
        self,
        service: Service,
        language: str,
        names_service: bool,  # noqa: FBT001 - as in prompt
        code: str,
        replaces: str,
    ) -> tuple[Service, str, str, str]:
        """Give what stands around the deadline of a prompt, and which template that is."""
        slot = _CODE_SLOT[: len(code)]
        key = (service.code, language, names_service, slot, replaces)
        held = self._prompts.get(key)
        if held is None or held[0] is not service:
            parts = self._prompt_parts(
                service, language, names_service=names_service, code=slot, replaces=replaces
            )
            held = _keep(self._prompts, key, (service, *parts), _KEPT_MAX)
        return held

    def _prompt_parts(
        self, service: Service, language: str, *, names_service: bool, code: str, replaces: str
    ) -> tuple[str, str, str]:
        """Take the one-segment wording where it fits; give what stands around the deadline."""
        key = SHORT_PROMPT
        asked = (names_service, code, replaces)
        before, after = self._fill_prompt(key, service, language, asked)
        if septets(before + _DEADLINE_WIDTH + after) > SEPTETS_ALONE:
            key = LONG_PROMPT
            before, after = self._fill_prompt(key, service, language, asked)
        return before, after, key

    def _fill_prompt(
        self,
        key: str,
        service: Service,
        language: str,
        asked: tuple[bool, str, str] = (False, "", ""),
    ) -> tuple[str, str]:
        """Give what stands around the deadline in one of the two wordings, asked in that way."""
        names_service, code, replaces = asked
        source = self._source(language)
        values = {**self._values(service, language)}
        changed = self._change(service, source.words, replaces)
        values["conditions"] = conditions(service, self.policy, source.words, changed)
        values["reply_syntax"] = reply_syntax(
            service, self.policy, source.words, names_service=names_service, code=code
        )
        before, _, after = fill(source.templates[key], values)
        return before, after

    def _change(self, service: Service, words: Words, replaces: str) -> str:
        return change(service, words, replaces, self._name_of(replaces))

    def _name_of(self, code: str) -> str:
        """A service's name as it is sent, or its code where it is no longer sold."""
        service = self.catalogue.services.get(code)
        return code if service is None else sendable(service.name)

    def _keep_frame(self, key: str, language: str, service: Service) -> tuple[Service, Template]:
        """Join a text with all that does not vary for a service."""
        template = self._source(language).templates[key]
        frame = fill(template, self._values(service, language))
        return _keep(self._frames, (key, language, service.code), (service, frame), _KEPT_MAX)

    def _written(
        self, language: str, service: Service, fields: dict[str, int | str]
    ) -> dict[str, str]:
        """Write the fields that vary, under the names that the templates use."""
        words = self._source(language).words
        values = {}
        for name, value in fields.items():
            if isinstance(value, str):
                values[name] = value
            elif name == "by_at":
                values["by"] = self.times.minute(value)
            elif name == "when_at":
                values["renewal"] = renewal(service, words, self.times.day(value))
            elif name == "amount_minor":
                values["amount"] = amount(value, self.operator.currency, words)
        return values

    def _letterhead(self, language: str) -> Letterhead:
        return Letterhead(
            self._source(language),
            operator_values(self.operator, self.policy),
            self.operator.currency,
            self.times,
        )


def _keep(kept: dict[K, V], key: K, value: V, most: int) -> V:
    """Remember a part that was joined, within bounds."""
    if len(kept) >= most:
        kept.clear()
    kept[key] = value
    return value
