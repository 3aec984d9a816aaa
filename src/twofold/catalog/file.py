"""`catalog.toml`: read as a whole, every row checked, every fault named at once.

A row is named by its kind, its place (from 0), its own name and line: `service[2] GAME (line 40)`.
What each row must hold is in `rows`; here is what concerns the file and more rows than one.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Final

from twofold.catalog.canonical import assemble
from twofold.catalog.faults import Fault, quoted, unknown_key
from twofold.catalog.fitting import misfits, miswordings
from twofold.catalog.row import Row
from twofold.catalog.rows import (
    KEYS,
    MAX_PRICES,
    MAX_TEXT_DAYS,
    NAMED_BY,
    Market,
    aliases_of,
    certificate,
    dated_price,
    dated_template,
    partner,
    service,
)
from twofold.catalog.words import TakenWords
from twofold.domain.catalogue import Catalogue, DatedTemplate

MAX_BYTES: Final = 8 << 20
MAX_ROWS: Final = 20_000

Table = dict[str, object]


def read_catalogue(file: Path, revision: int, market: Market) -> Catalogue | tuple[Fault, ...]:
    """Read a catalogue file as `revision`, or say all that is wrong with it."""
    try:
        with file.open("rb") as opened:
            content = opened.read(MAX_BYTES + 1)
    except OSError as error:
        return (Fault(str(file), f"cannot be read ({error.strerror}); name another file"),)
    return parse_catalogue(content, revision, market, name=str(file))


def parse_catalogue(
    content: bytes, revision: int, market: Market, *, name: str = "catalog.toml"
) -> Catalogue | tuple[Fault, ...]:
    """Do what `read_catalogue` does with a file's content; `name` stands in faults of the whole."""
    parsed = _parse_toml(content, name)
    if isinstance(parsed, Fault):
        return (parsed,)
    faults: list[Fault] = []
    tables = {kind: _tables(kind, parsed, faults) for kind in KEYS}
    unknown = (key for key in parsed if key not in KEYS)
    faults += [Fault(quoted(key).strip('"'), unknown_key(key, KEYS)) for key in unknown]
    if not 0 < sum(map(len, tables.values())) <= MAX_ROWS:
        return (*faults, Fault(name, f"must have 1 to {MAX_ROWS} rows, each headed as [[service]]"))
    text = content.decode()
    rows = {kind: _rows(kind, tables[kind], text, faults) for kind in KEYS}
    templates = _templates(rows["template"], market)
    catalogue = _checked(rows, templates, revision, market)
    named = {str(row.get("code")): row.where for row in rows["service"]}
    unfit = [*misfits(catalogue, market)]
    faults += (Fault(named[code], says) for code, says in unfit)
    for held, says in miswordings(catalogue, market, {code for code, _ in unfit}):
        templates[held].wrong("text", says)
    return tuple(faults) or catalogue


def _parse_toml(content: bytes, name: str) -> Table | Fault:
    if len(content) > MAX_BYTES:
        return Fault(name, f"is larger than {MAX_BYTES} bytes; divide it")
    try:
        return tomllib.loads(content.decode())
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return Fault(name, f"is not UTF-8 text (line {line}); save it as UTF-8")
    except RecursionError:
        return Fault(name, "is nested too deeply to be a catalogue")
    except ValueError as error:
        return Fault(name, f"is not TOML: {error}")


def _tables(kind: str, parsed: Table, faults: list[Fault]) -> list[Table]:
    """Give the tables of one kind."""
    tables = parsed.get(kind, [])
    if isinstance(tables, list) and all(isinstance(table, dict) for table in tables):
        return tables
    faults.append(Fault(kind, f"must be tables, each headed [[{kind}]]"))
    return []


def _rows(kind: str, tables: list[Table], text: str, faults: list[Fault]) -> list[Row]:
    """Make the rows of one kind, named so that a person finds them."""
    lines = _header_lines(kind, text)
    rows = []
    for index, table in enumerate(tables):
        own = table.get(NAMED_BY[kind])
        name = f" {quoted(own)[1:-1]}" if isinstance(own, str) and own else ""
        line = f" (line {lines[index]})" if len(lines) == len(tables) else ""
        row = Row(f"{kind}[{index}]{name}{line}", table, faults)
        row.only(KEYS[kind])
        rows.append(row)
    return rows


def _header_lines(kind: str, text: str) -> list[int]:
    """Find the lines that head a table; tables written inline have none."""
    header = re.compile(rf"[ \t]*\[\[[ \t]*{kind}[ \t]*\]\]")
    return [number for number, line in enumerate(text.split("\n"), 1) if header.match(line)]


def _templates(rows: list[Row], market: Market) -> dict[DatedTemplate, Row]:
    """Give the templates that are whole, each with its row."""
    _once(rows, "valid_from", "key", "language")
    _few_text_days(rows)
    return {held: row for row in rows if (held := dated_template(row, market))}


def _checked(
    rows: Mapping[str, list[Row]],
    templates: Iterable[DatedTemplate],
    revision: int,
    market: Market,
) -> Catalogue:
    """Check every row and give the catalogue of those that are whole."""
    ids = frozenset(held for row in rows["partner"] if isinstance(held := row.get("id"), str))
    _once(rows["partner"], "id")
    _once(rows["certificate"], "number", "partner")
    _words_once(rows["service"])
    codes = frozenset(held for row in rows["service"] if isinstance(held := row.get("code"), str))
    _once(rows["price"], "from", "service")
    _few_prices(rows["price"])
    zone, taken = market.operator.time_zone, TakenWords(market.policy)
    return assemble(
        revision,
        [held for row in rows["partner"] if (held := partner(row))],
        [held for row in rows["certificate"] if (held := certificate(row, ids, zone))],
        [held for row in rows["service"] if (held := service(row, ids, market, taken))],
        prices=[held for row in rows["price"] if (held := dated_price(row, codes, zone))],
        templates=templates,
    )


def _once(rows: list[Row], key: str, *within: str) -> None:
    """Add a fault to each row whose `key` (with its `within`) an earlier row has."""
    seen: dict[tuple[object, ...], str] = {}
    for row in rows:
        name = tuple(row.get(part) for part in (key, *within))
        if not all(isinstance(part, str | date) for part in name):
            continue
        if name in seen:
            row.wrong(key, f"is {quoted(row.get(key))}, as {seen[name]} is; give each its own")
        seen.setdefault(name, row.where)


def _few_prices(rows: list[Row]) -> None:
    """Add a fault for each price beyond those that a service may have ahead: all are rendered."""
    seen: Counter[str] = Counter()
    for row in rows:
        code = row.get("service")
        if isinstance(code, str):
            seen[code] += 1
            if seen[code] > MAX_PRICES:
                row.wrong("service", f"{quoted(code)} has {MAX_PRICES} dated prices; remove some")


def _few_text_days(rows: list[Row]) -> None:
    """Add a fault for each day beyond those on which texts may change."""
    seen: list[date] = []
    for row in rows:
        day = row.get("valid_from")
        if isinstance(day, date) and day not in seen:
            if len(seen) == MAX_TEXT_DAYS:
                row.wrong(
                    "valid_from", f"texts change on {MAX_TEXT_DAYS} days already; remove some"
                )
            else:
                seen.append(day)


def _words_once(rows: list[Row]) -> None:
    """Add a fault for each code or alias that names a service of an earlier place already."""
    seen: dict[str, str] = {}
    for row in rows:
        for key, word in (("code", row.get("code")), *aliases_of(row)):
            if not isinstance(word, str):
                continue
            if word in seen:
                row.wrong(key, f"{quoted(word)} names {seen[word]} already; choose another")
            seen.setdefault(word, row.where)
