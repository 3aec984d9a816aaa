"""The configuration: what a whole file gives, and what a wrong one is told, all of it at once."""

from pathlib import Path

import pytest

from twofold.app.settings import Bind, InvalidSettings, Settings, load_settings, show
from twofold.protocol.smpp.manners import USUAL

WHOLE = """
[operator]
name = "VinaPhone"
hotline = "18001091"
time_zone = "Asia/Ho_Chi_Minh"
country_code = "84"
lookup_code = "123"
policy = "vn"

[database]
url = "sqlite:///var/twofold.db"

[http]
host = "127.0.0.1"
port = 8080

[[smsc]]
name = "main"
host = "127.0.0.1"
port = 2775
system_id = "twofold"
password = "hunter2"
short_codes = ["123", "9166"]

[[smsc]]
name = "spare"
host = "10.0.0.9"
port = 2776
system_id = "twofold"
password = "hunter3"
short_codes = ["9166", "1579"]
bind = "transmitter_receiver"
enquire_link = "PT5S"
time_zone = "UTC"
receipt_id = "as_is"
mo_id_tlv = 0x1401

[catalog]
path = "catalog.toml"
"""


BUSY = '"ESME_RX_T_APPN" or "ESME_RMSGQFUL" or "ESME_RTHROTTLED"'


def load(tmp_path: Path, text: str, **environ: str) -> Settings:
    file = tmp_path / "twofold.toml"
    file.write_text(text)
    return load_settings(file, environ)


def faults(tmp_path: Path, text: str, **environ: str) -> list[str]:
    with pytest.raises(InvalidSettings) as caught:
        load(tmp_path, text, **environ)
    return [str(fault) for fault in caught.value.faults]


def test_a_whole_file_gives_plain_values_and_absolute_paths(tmp_path: Path) -> None:
    settings = load(tmp_path, WHOLE)
    assert settings.operator.lookup_code == "123"
    assert settings.policy == "vn"
    assert settings.database.path == tmp_path / "var" / "twofold.db"
    assert settings.catalog.path == tmp_path / "catalog.toml"
    assert settings.evidence.key == tmp_path / "evidence.key"
    assert settings.http.public_url == "http://127.0.0.1:8080"
    assert settings.charging.opening_balance_minor == 50_000
    assert not settings.sim.enabled
    assert settings.short_codes == {"123", "9166", "1579"}
    assert settings.carriers == {"123": "main", "9166": "main", "1579": "spare"}


def test_an_smsc_has_defaults_and_what_it_says_itself(tmp_path: Path) -> None:
    main, spare = load(tmp_path, WHOLE).smsc
    assert (main.bind, main.enquire_link_ms, main.response_timeout_ms) == (
        Bind.TRANSCEIVER,
        30_000,
        10_000,
    )
    assert (main.time_zone, main.manners, main.mo_id_tlv) == ("Asia/Ho_Chi_Minh", USUAL, None)
    assert (spare.bind, spare.enquire_link_ms) == (Bind.TRANSMITTER_RECEIVER, 5_000)
    assert (spare.time_zone, spare.manners, spare.mo_id_tlv) == ("UTC", USUAL, 0x1401)


def test_an_absolute_database_has_four_slashes(tmp_path: Path) -> None:
    settings = load(tmp_path, WHOLE, TWOFOLD_DATABASE__URL="sqlite:////srv/twofold.db")
    assert settings.database.path == Path("/srv/twofold.db")


@pytest.mark.parametrize(
    ("variable", "value", "key", "shown"),
    [
        ("TWOFOLD_HTTP__PORT", "9090", "http.port", "9090"),
        ("TWOFOLD_OPERATOR__NAME", "Other", "operator.name", '"Other"'),
        ("TWOFOLD_SMSC__1__PORT", "2799", "smsc[1].port", "2799"),
        ("TWOFOLD_SMSC__0__SHORT_CODES", "123, 9166", "smsc[0].short_codes", '["123", "9166"]'),
        ("TWOFOLD_SMSC__0__SHORT_CODES__1", "9199", "smsc[0].short_codes", '["123", "9199"]'),
        ("TWOFOLD_SMSC__0__MO_ID_TLV", "0x1402", "smsc[0].mo_id_tlv", "0x1402"),
        ("TWOFOLD_SMSC__0__RESPONSE_TIMEOUT", "PT2M", "smsc[0].response_timeout", '"PT2M"'),
        ("TWOFOLD_SIM__ENABLED", "true", "sim.enabled", "true"),
    ],
)
def test_every_key_is_also_a_variable(
    tmp_path: Path, variable: str, value: str, key: str, shown: str
) -> None:
    settings = load(tmp_path, WHOLE, **{variable: value})
    row = next(row for row in settings.shown if row.key == key)
    assert (row.value, row.origin) == (shown, variable)


def test_variables_can_add_an_smsc(tmp_path: Path) -> None:
    keys = {"NAME": "third", "HOST": "h", "PORT": "1", "SYSTEM_ID": "i", "PASSWORD": "p"}
    added = {f"TWOFOLD_SMSC__2__{key}": value for key, value in keys.items()}
    settings = load(tmp_path, WHOLE, **added, TWOFOLD_SMSC__2__SHORT_CODES="8088")
    assert settings.smsc[2].short_codes == ("8088",)


def test_what_is_no_setting_of_ours_in_the_environment_is_left_alone(tmp_path: Path) -> None:
    assert load(tmp_path, WHOLE, TWOFOLD_HOME="/x", HTTP__PORT="x") == load(tmp_path, WHOLE)


ENVIRONMENT = [
    (
        "TWOFOLD_HTTP__PROT",
        "1",
        'http.prot (TWOFOLD_HTTP__PROT): unknown key; did you mean "port"?',
    ),
    ("TWOFOLD_HTPT__PORT", "1", 'htpt (TWOFOLD_HTPT__PORT): unknown key; did you mean "http"?'),
    ("TWOFOLD_HTTP__PORT", "x", 'http.port (TWOFOLD_HTTP__PORT): must be 1..65535, is "x"'),
    (
        "TWOFOLD_SMSC__4__PORT",
        "1",
        "TWOFOLD_SMSC__4__PORT: there is no smsc[4]; the next free is [2]",
    ),
    (
        "TWOFOLD_SMSC__PORT",
        "1",
        "TWOFOLD_SMSC__PORT: names no setting; a list's items are numbered, a section's keys not",
    ),
]


@pytest.mark.parametrize(("variable", "value", "line"), ENVIRONMENT)
def test_a_wrong_variable_is_named(tmp_path: Path, variable: str, value: str, line: str) -> None:
    assert faults(tmp_path, WHOLE, **{variable: value}) == [line]


BROKEN = [
    ("port = 2776", "port = 99999", ["smsc[1].port: must be 1..65535, is 99999"]),
    ("port = 2776", "port = true", ["smsc[1].port: must be 1..65535, is true"]),
    ("port = 2776", "port = 2776.5", ["smsc[1].port: must be 1..65535, is 2776.5"]),
    ("port = 2776\n", "", ["smsc[1].port: is missing; add port = 2775"]),
    (
        'name = "spare"',
        'name = "main"',
        ['smsc[1].name: is "main", as smsc[0] is; give each its own'],
    ),
    ("bind =", "bnd =", ['smsc[1].bnd: unknown key; did you mean "bind"?']),
    (
        '"transmitter_receiver"',
        '"receiver"',
        ['smsc[1].bind: must be "transceiver" or "transmitter_receiver", is "receiver"'],
    ),
    (
        '"PT5S"',
        '"5s"',
        ['smsc[1].enquire_link: must be an ISO 8601 duration such as "PT30S", is "5s"'],
    ),
    (
        '"UTC"',
        '"Mars"',
        ['smsc[1].time_zone: must be a time zone such as "Asia/Ho_Chi_Minh", is "Mars"'],
    ),
    (
        '"as_is"',
        '"octal"\nlong_messages = "glued"\nvalidity = "soon"\ndefault_coding = "baudot"',
        [
            'smsc[1].receipt_id: must be "as_is" or "hex" or "dec", is "octal"',
            'smsc[1].long_messages: must be "udh" or "sar" or "payload", is "glued"',
            'smsc[1].validity: must be "relative" or "absolute", is "soon"',
            'smsc[1].default_coding: must be "gsm" or "latin1" or "ascii", is "baudot"',
        ],
    ),
    (
        "mo_id_tlv =",
        "mo_time_tlv = 1\nmo_imsi_tlv = 0x4000\nmo_id_tlv =",
        [
            "smsc[1].mo_time_tlv: must be a vendor's TLV, 0x1400..0x3FFF, is 1",
            "smsc[1].mo_imsi_tlv: must be a vendor's TLV, 0x1400..0x3FFF, is 16384",
        ],
    ),
    (
        "mo_id_tlv =",
        'tls_ca = "ca.pem"\nmo_id_tlv =',
        ["smsc[1].tls_ca: is used with tls = true alone; add that"],
    ),
    (
        "mo_id_tlv =",
        'tls = true\ntls_key = "key.pem"\nmo_id_tlv =',
        ["smsc[1].tls_key: has no certificate; add tls_cert"],
    ),
    (
        "mo_id_tlv =",
        'binds = 0\nbusy_status = "ESME_ROK"\nmo_id_tlv =',
        [
            "smsc[1].binds: must be 1..64, is 0",
            f'smsc[1].busy_status: must be {BUSY}, is "ESME_ROK"',
        ],
    ),
    ("0x1401", "0x13FF", ["smsc[1].mo_id_tlv: must be a vendor's TLV, 0x1400..0x3FFF, is 5119"]),
    (
        '["9166", "1579"]',
        "[9166]",
        ['smsc[1].short_codes: must be a list of 3 to 8 digits each, such as ["9166"], is a list'],
    ),
    (
        '["9166", "1579"]',
        '["9166", "9166"]',
        ["smsc[1].short_codes: names a short code twice; name each once"],
    ),
    (
        '"123"\npolicy',
        '"999"\npolicy',
        ['operator.lookup_code: is "999", which no SMSC carries; add it to smsc[0].short_codes'],
    ),
    (
        'policy = "vn"',
        'policy = "xx"',
        [
            (
                "operator.policy: must be a rule pack that is here: "
                'id, ie, in, vn, vn-mobifone, za, is "xx"'
            )
        ],
    ),
    (
        '"sqlite:///var/twofold.db"',
        '"postgresql://root:hunter4@/db"',
        ["database.url: PostgreSQL is not supported by this version; use sqlite:///var/twofold.db"],
    ),
    (
        '"sqlite:///var/twofold.db"',
        '"mysql://root:hunter4@/db"',
        ['database.url: must be a file such as "sqlite:///var/twofold.db"'],
    ),
    (
        "[catalog]",
        '[charging]\ndriver = "diameter"\n[catalog]',
        ['charging.driver: is not supported by this version, which knows "prepaid"'],
    ),
    ("[catalog]", "[catalogue]", ['catalogue: unknown key; did you mean "catalog"?']),
    (
        '"hunter3"',
        '"hunter3-and-more"',
        ["smsc[1].password: must be text of 1 to 8 ASCII characters"],
    ),
    (
        '[operator]\nname = "VinaPhone"',
        "[operator]",
        ['operator.name: is missing; add name = "VinaPhone"'],
    ),
]


@pytest.mark.parametrize(("old", "new", "lines"), BROKEN)
def test_a_wrong_key_is_named_with_what_it_must_be(
    tmp_path: Path, old: str, new: str, lines: list[str]
) -> None:
    assert old in WHOLE
    assert faults(tmp_path, WHOLE.replace(old, new)) == lines


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    text = WHOLE
    for old, new in (("8080", "0"), ("2776", "99999"), ('"PT5S"', '"5"'), ('"spare"', '"main"')):
        text = text.replace(old, new)
    assert faults(tmp_path, text, TWOFOLD_SIM__ENABLED="maybe") == [
        "http.port: must be 1..65535, is 0",
        "smsc[1].port: must be 1..65535, is 99999",
        'smsc[1].enquire_link: must be an ISO 8601 duration such as "PT30S", is "5"',
        'sim.enabled (TWOFOLD_SIM__ENABLED): must be true or false, is "maybe"',
        'smsc[1].name: is "main", as smsc[0] is; give each its own',
    ]


def test_an_empty_file_is_told_what_it_lacks(tmp_path: Path) -> None:
    assert faults(tmp_path, "") == [
        "operator: is missing; add a section [operator]",
        "smsc: is missing; add a section [[smsc]]",
    ]


def test_a_section_of_the_wrong_shape_is_told_its_form(tmp_path: Path) -> None:
    without = WHOLE[WHOLE.index("[operator]") : WHOLE.index("[database]")]
    assert faults(tmp_path, 'smsc = "hunter2"\nhttp = 3\n' + without) == [
        "http: must be a section, written [http]",
        "smsc: must be a section, written [[smsc]]",
    ]


def test_no_secret_is_ever_shown(tmp_path: Path) -> None:
    settings = load(tmp_path, WHOLE)
    assert "hunter" not in show(settings) + repr(settings) + str(settings.smsc[0].password)
    assert settings.smsc[0].password.reveal() == "hunter2"
    text = WHOLE.replace('"hunter3"', '"hunter3\\u00e9"').replace("password", "pasword", 1)
    assert "hunter" not in "".join(faults(tmp_path, text))


def test_show_writes_one_line_a_key_with_where_it_came_from(tmp_path: Path) -> None:
    lines = show(load(tmp_path, WHOLE, TWOFOLD_HTTP__PORT="81")).splitlines()
    rows = {line.split()[0]: line.split()[-1] for line in lines}
    assert rows["operator.name"] == "file"
    assert rows["http.port"] == "TWOFOLD_HTTP__PORT"
    assert rows["smsc[0].window"] == "default"
    assert len(rows) == len(lines)
