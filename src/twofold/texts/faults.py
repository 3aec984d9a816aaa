"""What is wrong with a text: for which service, in which language, and what to do about it."""

from msgspec import Struct


class Fault(Struct, frozen=True):
    """One fault of one text: `service` is a code, `key` names the text, `fix` says what to do."""

    service: str
    language: str
    key: str
    what: str
    fix: str

    def __str__(self) -> str:
        """Write it as one line."""
        return f"{self.service}: {self.key} ({self.language}): {self.what}; {self.fix}"
