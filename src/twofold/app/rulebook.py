"""From a catalogue revision to the rules that a batch is judged by."""

from msgspec import structs

from twofold.app.settings import Settings
from twofold.catalog.canonical import from_json
from twofold.catalog.packs import all_versions, load_policy
from twofold.decide import Rules
from twofold.decide.keywords import Keywords
from twofold.domain.catalogue import Catalogue
from twofold.domain.clock import Clock
from twofold.store.port import Store
from twofold.texts import compile_texts

EMPTY = Catalogue(0, {}, {}, {}, {})
"""What is sold before anything was imported: nothing."""


class Rulebook:
    """Reads the newest catalogue and compiles it, with the policy in force, into rules."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        """`accounts_inside` is turned off while the demo plays a faulty charging system."""
        self.accounts_inside = True
        self._settings = settings
        self._clock = clock

    async def newest(self, store: Store) -> Rules:
        """The rules of the newest revision in the store."""
        kept = await store.newest_catalogue()
        if kept is None:
            return self.of(EMPTY)
        revision, _digest, document = kept
        return self.of(from_json(document, revision))

    def of(self, catalogue: Catalogue) -> Rules:
        """The rules of one revision at this moment."""
        settings, now_at = self._settings, self._clock.now()
        pack = load_policy(settings.policy)
        policy, catalogue = pack.at(now_at), catalogue.at(now_at)
        begins = (catalogue.next_at(now_at), pack.next_at(now_at))
        return Rules(
            operator=settings.operator,
            catalogue=catalogue,
            policy=policy,
            policies={**all_versions(), **pack.versions},
            keywords=Keywords(policy),
            texts=compile_texts(settings.operator, policy, catalogue),
            opening_balance_minor=settings.charging.opening_balance_minor,
            accounts_inside=self.accounts_inside,
            charge_horizon_ms=None,
            short_codes=settings.short_codes,
            timed_codes=settings.timed_codes,
            asks_number=settings.camara.is_asked,
            until_at=min((at for at in begins if at is not None), default=None),
        )

    def switch_accounts(self, rules: Rules, *, inside: bool) -> Rules:
        """The same rules with the accounts inside the decision, or asked by an order."""
        self.accounts_inside = inside
        return structs.replace(rules, accounts_inside=inside)
