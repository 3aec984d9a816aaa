"""A catalogue kept and given back: its document, the exported file, and the store's revisions."""

import msgspec
import pytest
from msgspec import structs

from tests.unit.catalog.market import EXAMPLE, PRICED, SMALL, ZONE, changed, read
from twofold.catalog.advice import advise
from twofold.catalog.canonical import digest, from_json, to_json
from twofold.catalog.export import to_toml
from twofold.catalog.intake import take_catalogue
from twofold.domain.catalogue import Act, Note
from twofold.store.sqlite import SqliteStore, migrate, open_database

NOTE = Note(Act.IMPORT, "catalog.toml", "an", "spring prices")
RICH = SMALL + 'aliases = ["CHOI", {word = "OK", whole = true}]\ngroup = "fun"\nage = 18\n'


@pytest.mark.parametrize("text", [EXAMPLE, RICH, PRICED])
def test_a_document_gives_the_same_catalogue_back(text: str) -> None:
    catalogue = structs.replace(read(text), revision=7)
    kept = from_json(to_json(catalogue), 7)
    assert kept.words == catalogue.words
    assert kept.services == catalogue.services
    assert (kept.partners, kept.certificates) == (catalogue.partners, catalogue.certificates)
    assert kept.prices == catalogue.prices
    assert kept.revision == 7


def test_the_order_of_rows_and_the_revision_do_not_change_the_document() -> None:
    catalogue = read(EXAMPLE)
    turned = structs.replace(
        catalogue,
        revision=9,
        services=dict(reversed(list(catalogue.services.items()))),
        partners=dict(reversed(list(catalogue.partners.items()))),
    )
    assert to_json(turned) == to_json(catalogue)


def test_another_price_is_another_digest() -> None:
    dearer = read(changed(("5000", "5001")))
    assert digest(to_json(dearer)) != digest(to_json(read(SMALL)))


@pytest.mark.parametrize("document", [b"", b"{}", b"[]", b'{"partners":1}'])
def test_what_is_no_document_is_refused(document: bytes) -> None:
    with pytest.raises(msgspec.DecodeError):
        from_json(document, 1)


@pytest.mark.parametrize(
    "text", [EXAMPLE, RICH, PRICED, changed(("ABC Media", 'A \\"B\\" \\\\ C'))]
)
def test_an_exported_catalogue_can_be_imported_again(text: str) -> None:
    catalogue = read(text)
    assert to_json(read(to_toml(catalogue, ZONE))) == to_json(catalogue)


async def test_an_import_is_a_new_revision_only_if_it_says_something_new() -> None:
    connection = open_database(":memory:")  # type: ignore[arg-type]
    migrate(connection, 0)
    store = SqliteStore(connection)
    first = await take_catalogue(store, read(SMALL), lambda: 1_000, NOTE)
    again = await take_catalogue(store, read(SMALL), lambda: 2_000, NOTE)
    dearer = read(changed(("5000", "5001")))
    second = await take_catalogue(store, dearer, lambda: 3_000, NOTE)
    assert (first.is_new, again.is_new, second.is_new) == (True, False, True)
    assert first.revision == again.revision < second.revision
    newest = await store.newest_catalogue()
    assert newest == (second.revision, digest(to_json(dearer)), to_json(dearer))
    store.close()


def test_advice_names_what_is_kept_but_not_served_and_who_cannot_sell() -> None:
    text = (
        RICH.replace('"on"', '"pilot"') + '[[partner]]\nid = "xyz"\nname = "X"\nhotline = "190"\n'
    )
    catalogue = read(text)
    assert [str(advice) for advice in advise(catalogue, 0)] == [
        "service GAME: partner abc has no certificate in force today; DK is refused",
        "service GAME: whole: is kept, but not served by this version",
        'service GAME: stage = "pilot": is kept, but not served by this version',
        "partner xyz: sells nothing",
    ]


def test_there_is_no_advice_on_a_catalogue_that_is_served_as_it_stands() -> None:
    catalogue = read(SMALL)
    begins = catalogue.certificates["abc"][0].valid_from_at
    assert list(advise(catalogue, begins)) == []
