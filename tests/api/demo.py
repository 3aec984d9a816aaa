"""A demo in a process of its own, spoken to over HTTP as a person with curl would."""

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any


class Demo:
    """One running demo."""

    def __init__(self, folder: Path, port: int, printed: str) -> None:
        self.folder = folder
        self.port = port
        self.printed = printed

    def call(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            content = body if isinstance(body, bytes) else json.dumps(body).encode()
            connection.request(method, path, content if body is not None else None)
            answer = connection.getresponse()
            text = answer.read().decode()
            is_json = "json" in (answer.getheader("content-type") or "")
            return answer.status, json.loads(text) if is_json else text
        finally:
            connection.close()

    def send(self, sender: str, to: str, text: str, **more: object) -> int:
        status, answer = self.call(
            "POST", "/sim/messages", {"from": sender, "to": to, "text": text, **more}
        )
        assert status == 200, answer
        assert self.call("POST", "/sim/settle")[0] == 200
        return int(answer["command_status"])

    def received(self, msisdn: str) -> list[str]:
        _, answer = self.call("GET", f"/sim/messages?msisdn={msisdn}")
        return [one["text"] for one in answer["messages"] if one["direction"] == "mt"]


def free_port() -> int:
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        return int(chosen.getsockname()[1])


@contextmanager
def running_demo(folder: Path) -> Iterator[Demo]:
    """Start `twofold demo`, wait until it says that it is ready, and end it as Ctrl-C does."""
    port = free_port()
    program = Path(sys.executable).with_name("twofold")
    process = subprocess.Popen(
        [program, "demo", "--port", str(port)],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    printed = ""
    try:
        for line in process.stdout:
            printed += line
            if line.startswith("Ready: "):
                break
        else:
            raise AssertionError(printed)
        yield Demo(folder, port, printed)
    finally:
        process.terminate()
        rest = process.stdout.read()
        assert process.wait(20) == 0, rest
        process.stdout.close()
