"""A program that calls the API of a running demo over a socket, with a token of its own."""

import json
import subprocess
import sys
from http.client import HTTPConnection
from itertools import count
from pathlib import Path
from typing import Any

from msgspec import Struct

from tests.api.demo import Demo

PROGRAM = Path(sys.executable).with_name("twofold")
PROOF = {"kind": "session", "ref": "s-1"}
"""By which a channel shows the subscriber's act: without it nobody is asked at night."""

_keys = count(1)


class Reply(Struct):
    """What the API answered."""

    status: int
    headers: dict[str, str]
    body: Any

    @property
    def problem(self) -> str:
        """What the type of the problem ends in."""
        assert self.headers["content-type"] == "application/problem+json", self
        assert self.body["status"] == self.status
        return str(self.body["type"]).rpartition("/")[2]


class Api:
    """One caller."""

    def __init__(self, demo: Demo, token: str) -> None:
        self._demo = demo
        self.token = token

    def post(self, path: str, body: object = None, key: str | None = "", **headers: str) -> Reply:
        """Post; the key is a fresh one unless it is given, and absent where it is None."""
        sent = {} if key is None else {"Idempotency-Key": key or f"key-{next(_keys)}"}
        return self.call("POST", path, body, **sent, **headers)

    def get(self, path: str) -> Reply:
        """Get."""
        return self.call("GET", path)

    def call(self, method: str, path: str, body: object = None, **headers: str) -> Reply:
        """Call, with the token unless another Authorization is given."""
        connection = HTTPConnection("127.0.0.1", self._demo.port, timeout=30)
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        sent = {"Content-Type": "application/json", "Authorization": f"Bearer {self.token}"}
        try:
            connection.request(method, path, content if body is not None else None, sent | headers)
            answer = connection.getresponse()
            text = answer.read()
            told = {name.lower(): value for name, value in answer.getheaders()}
            return Reply(answer.status, told, json.loads(text) if text else None)
        finally:
            connection.close()

    def ask(self, msisdn: str, channel: str, service: str = "THETHAO", **more: Any) -> Reply:  # noqa: ANN401
        """Ask for a service with a proof."""
        key = more.pop("key", "")
        body = {"msisdn": msisdn, "service": service, "channel": channel, "proof": PROOF, **more}
        return self.post("/api/v1/requests", body, key)


def run(demo: Demo, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command on the demo while it runs."""
    return subprocess.run(
        [PROGRAM, *arguments, "--config", "var/demo/twofold.toml"],
        cwd=demo.folder,
        capture_output=True,
        text=True,
        check=False,
    )


def token(demo: Demo, role: str, partner: str = "") -> str:
    """Make a token."""
    whose = ("--partner", partner) if partner else ()
    made = run(demo, "token", "create", "--role", role, *whose)
    assert made.returncode == 0, made.stderr
    return made.stdout.splitlines()[-1]
