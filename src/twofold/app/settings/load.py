"""Read the configuration: all its faults at once, or the settings and where each came from."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from twofold.app.settings.fields import SHORT_CODE, read_short_codes
from twofold.app.settings.layers import KeyPath, Layers, Tree, overlay, read_toml, write_path
from twofold.app.settings.schema import (
    LISTS,
    CamaraSection,
    CatalogSection,
    Configuration,
    DatabaseSection,
    EvidenceSection,
    HttpSection,
    SmscSection,
    sections,
)
from twofold.app.settings.show import shown_rows, write_value
from twofold.app.settings.tree import (
    Camara,
    CatalogFile,
    Charging,
    Database,
    Evidence,
    Http,
    Secret,
    Settings,
    Shown,
    Sim,
    Smsc,
)
from twofold.catalog.faults import Fault, quoted, unknown_key
from twofold.catalog.packs import load_policy
from twofold.domain.policy import Operator
from twofold.protocol.smpp.manners import Manners

_WRONG_SHAPE: Final = frozenset({"model_type", "model_attributes_type", "list_type", "dict_type"})


class InvalidSettings(Exception):
    """The configuration cannot be used; `faults` are all that is wrong with it."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults


def load_settings(file: Path, environ: Mapping[str, str]) -> Settings:
    """Read `file` with `environ` laid over it.

    Raises `InvalidSettings` with every fault, each under its key path (`smsc[1].port`); no fault
    quotes a secret.
    """
    tree = read_toml(file)
    if isinstance(tree, Fault):
        raise InvalidSettings((tree,))
    layers = overlay(tree, environ)
    faults = list(layers.faults)
    configuration = _validate(layers, faults)
    faults += _crossed(layers.values)
    if configuration is None or faults:
        raise InvalidSettings(tuple(faults))
    effective = _effective(configuration, file.resolve())
    return _tree(effective, file.resolve(), shown_rows(effective, layers))


def _validate(layers: Layers, faults: list[Fault]) -> Configuration | None:
    """Check each key by itself and add what is wrong to `faults`."""
    try:
        return Configuration.model_validate(layers.values)
    except ValidationError as invalid:
        faults += [_fault(error, layers) for error in invalid.errors(include_url=False)]
        return None


def _fault(error: ErrorDetails, layers: Layers) -> Fault:
    """Say what pydantic found in our own words."""
    path: KeyPath = error["loc"]
    variable = None if error["type"] == "missing" else layers.variable(path)
    where = write_path(path) + (f" ({variable})" if variable else "")
    return Fault(where, _says(error, path))


def _says(error: ErrorDetails, path: KeyPath) -> str:
    section, key = sections().get(str(path[0])), str(path[-1])
    heading = f"[[{path[0]}]]" if path[0] in LISTS else f"[{path[0]}]"
    if error["type"] == "extra_forbidden":
        return unknown_key(
            key, sections() if len(path) == 1 or section is None else section.model_fields
        )
    if error["type"] == "missing" and (len(path) == 1 or section is None):
        return f"is missing; add a section {heading}"
    if error["type"] == "missing" and section is not None:
        return f"is missing; add {key} = {write_value(section.model_fields[key].examples[0])}"  # type: ignore[index]
    if error["type"] in _WRONG_SHAPE:
        return f"must be a section, written {heading}"
    if error["type"] == "too_short":
        return f"must stand at least once; add a section {heading}"
    if error["type"] == "too_long":
        return "stands too often; 64 times is the most"
    return error["msg"] + _is(
        error["input"], _is_secret(section, key) or not error["msg"].startswith("must")
    )


def _is_secret(section: type[object] | None, key: str) -> bool:
    return (section, key) in {(SmscSection, "password"), (CamaraSection, "token")}


def _is(value: object, hidden: bool) -> str:  # noqa: FBT001 - read at its only call
    """Quote what was written, unless it is a secret or an address with one in it."""
    return "" if hidden or "@" in str(value) else f", is {quoted(value)}"


def _crossed(values: Tree) -> Iterator[Fault]:
    """Check what lies between keys, as far as these are well formed themselves."""
    listed = values.get("smsc")
    smscs = (
        [smsc if isinstance(smsc, dict) else {} for smsc in listed]
        if isinstance(listed, list)
        else []
    )
    yield from _same_names([smsc.get("name") for smsc in smscs])
    for index, smsc in enumerate(smscs):
        yield from _tls(index, smsc)
    operator = values.get("operator")
    code = operator.get("lookup_code") if isinstance(operator, dict) else None
    carried = [_codes(smsc.get("short_codes")) for smsc in smscs]
    formed = carried and all(carried) and isinstance(code, str) and SHORT_CODE.fullmatch(code)
    if formed and not any(code in codes for codes in carried):
        says = f'is "{code}", which no SMSC carries; add it to smsc[0].short_codes'
        yield Fault("operator.lookup_code", says)


def _same_names(names: list[object]) -> Iterator[Fault]:
    for index, name in enumerate(names):
        if isinstance(name, str) and names.index(name) < index:
            first = f"smsc[{names.index(name)}]"
            yield Fault(
                f"smsc[{index}].name", f"is {quoted(name)}, as {first} is; give each its own"
            )


def _tls(index: int, smsc: Tree) -> Iterator[Fault]:
    """Take no certificate for a link that would not use it, and no key without a certificate."""
    if str(smsc.get("tls", False)).lower() in {"false", "0", "no"}:
        for key in ("tls_ca", "tls_cert", "tls_key", "tls_name"):
            if key in smsc:
                yield Fault(f"smsc[{index}].{key}", "is used with tls = true alone; add that")
    elif "tls_key" in smsc and "tls_cert" not in smsc:
        yield Fault(f"smsc[{index}].tls_key", "has no certificate; add tls_cert")


def _codes(value: object) -> tuple[str, ...]:
    try:
        return read_short_codes(value) or ()
    except PydanticCustomError:
        return ()


def _effective(given: Configuration, file: Path) -> Configuration:
    """Fill in what follows from other keys, and make every path absolute."""
    http, zone = given.http, given.operator.time_zone
    url = http.public_url or f"http://{http.host}:{http.port}"
    database = (file.parent / given.database.url.removeprefix("sqlite:///")).resolve()
    catalog, key = given.catalog.path, given.evidence.key
    currency = given.operator.currency or load_policy(given.operator.policy).currency
    return given.model_copy(
        update={
            "operator": given.operator.model_copy(update={"currency": currency}),
            "http": HttpSection.model_copy(http, update={"public_url": url}),
            "database": DatabaseSection(url=f"sqlite:///{database}"),
            "smsc": [_whole_smsc(smsc, zone, file) for smsc in given.smsc],
            "catalog": CatalogSection(path=str((file.parent / catalog).resolve()))
            if catalog
            else given.catalog,
            "evidence": EvidenceSection(
                origin=given.evidence.origin, key=str((file.parent / key).resolve())
            ),
        }
    )


def _whole_smsc(given: SmscSection, zone: str, file: Path) -> SmscSection:
    """One SMSC with its time zone and its absolute paths."""
    paths = {
        key: str((file.parent / path).resolve())
        for key in ("tls_ca", "tls_cert", "tls_key")
        if (path := getattr(given, key))
    }
    return given.model_copy(update={"time_zone": given.time_zone or zone, **paths})


def _tree(given: Configuration, file: Path, shown: tuple[Shown, ...]) -> Settings:
    """Build the plain values from the checked ones."""
    operator = given.operator.model_dump(exclude={"policy"})
    url, path = given.http.public_url, given.catalog.path
    assert url is not None
    return Settings(
        file=file,
        operator=Operator(**operator),
        policy=given.operator.policy,
        database=Database(given.database.url, Path(given.database.url.removeprefix("sqlite:///"))),
        http=Http(given.http.host, given.http.port, url),
        smsc=tuple(map(_smsc, given.smsc)),
        catalog=CatalogFile(_path(path)),
        charging=Charging(given.charging.driver.value, given.charging.opening_balance),
        camara=_camara(given.camara),
        evidence=Evidence(given.evidence.origin, Path(given.evidence.key)),
        sim=Sim(given.sim.enabled),
        shown=shown,
    )


def _camara(given: CamaraSection) -> Camara:
    return Camara(
        given.number_recycling_url,
        given.sim_swap_url,
        given.ownership_url,
        Secret(given.token),
        given.timeout,
    )


def _smsc(given: SmscSection) -> Smsc:
    assert given.time_zone is not None
    return Smsc(
        name=given.name,
        host=given.host,
        port=given.port,
        system_id=given.system_id,
        password=Secret(given.password),
        short_codes=given.short_codes,
        window=given.window,
        tps_max=given.tps_max,
        bind=given.bind,
        binds=given.binds,
        system_type=given.system_type,
        enquire_link_ms=given.enquire_link,
        response_timeout_ms=given.response_timeout,
        stall_timeout_ms=given.stall_timeout,
        busy_status=given.busy_status,
        time_zone=given.time_zone,
        manners=Manners(
            given.receipt_id, given.long_messages, given.validity, given.default_coding
        ),
        mo_id_tlv=given.mo_id_tlv,
        mo_time_tlv=given.mo_time_tlv,
        mo_imsi_tlv=given.mo_imsi_tlv,
        tls=given.tls,
        tls_ca=_path(given.tls_ca),
        tls_cert=_path(given.tls_cert),
        tls_key=_path(given.tls_key),
        tls_name=given.tls_name,
    )


def _path(written: str | None) -> Path | None:
    return Path(written) if written else None
