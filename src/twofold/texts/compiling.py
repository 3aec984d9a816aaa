"""Make the texts of one revision of the catalogue, before anything is said."""

from twofold.domain.catalogue import Catalogue
from twofold.domain.policy import Operator, Policy
from twofold.texts.fields import STATED_BY
from twofold.texts.localtime import LocalTimes
from twofold.texts.sources import load
from twofold.texts.texts import Texts
from twofold.texts.wording import worded


def compile_texts(operator: Operator, policy: Policy, catalogue: Catalogue) -> Texts:
    """Make the texts of one catalogue revision.

    A ValueError names a field of the policy that no text knows.
    A ZoneInfoNotFoundError names a time zone that is not in the database.
    """
    unknown = [
        name
        for fields in (
            policy.prompt_fields,
            policy.welcome_fields,
            policy.renewal_fields,
            policy.cancel_fields,
        )
        for name in fields
        if name not in STATED_BY
    ]
    if unknown:
        raise ValueError(f"policy {policy.id}: {', '.join(unknown)}: no such field")
    read = {language: worded(load(language), catalogue.wording) for language in policy.languages}
    sources = {language: source for language, (source, _) in read.items()}
    return Texts(
        operator,
        policy,
        catalogue,
        sources,
        LocalTimes(operator.time_zone),
        version=", ".join(source.whole_version() for source in sources.values()),
        left_out=tuple(fault for _, left_out in read.values() for fault in left_out),
    )
