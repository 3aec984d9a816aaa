"""Certificates of an authority that lives as long as a test's folder does, made by openssl."""

import ssl
import subprocess
from pathlib import Path

from msgspec import Struct


class Authority(Struct, frozen=True):
    """An authority in a folder: it signs for whatever name is asked."""

    folder: Path
    name: str = "authority"

    @property
    def certificate(self) -> Path:
        """What its clients trust."""
        return self.folder / f"{self.name}.pem"

    def sign(self, name: str, says: str) -> tuple[Path, Path]:
        """Make a certificate and its key; `says` is whom it names, as `DNS:smsc.example`."""
        certificate, key = self.folder / f"{name}.pem", self.folder / f"{name}.key"
        signer = ("-CA", self.certificate, "-CAkey", self.folder / f"{self.name}.key")
        _openssl(name, certificate, key, f"subjectAltName={says}", *signer)
        return certificate, key

    def server(self, says: str) -> ssl.SSLContext:
        """What an SMSC with such a certificate listens with."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*self.sign("smsc", says))
        return context

    def client(self) -> ssl.SSLContext:
        """What trusts this authority, and nobody else."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(self.certificate)
        return context


def authority(folder: Path, name: str = "authority") -> Authority:
    """Make one."""
    made = Authority(folder, name)
    _openssl(name, made.certificate, folder / f"{name}.key", "basicConstraints=critical,CA:TRUE")
    return made


def _openssl(name: str, certificate: Path, key: Path, extension: str, *more: str | Path) -> None:
    curve = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2")
    where = ("-keyout", key, "-out", certificate, "-subj", f"/CN={name}", "-addext", extension)
    command = ("openssl", "req", "-x509", *curve, *where, *more)
    subprocess.run(command, check=True, capture_output=True, timeout=60)
