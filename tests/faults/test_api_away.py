"""The disk fails or the process dies under a call: the same call again is done, and once."""

import asyncio
import json
import signal
from http.client import HTTPConnection, RemoteDisconnected
from pathlib import Path
from typing import Any

import pytest

from tests.faults.phoning import smsc_and_phones
from tests.faults.serving import Installation, serving
from tests.faults.test_store_away import NO_LIMIT, limit_files

NUMBER = "84912345678"
BODY = {
    "msisdn": NUMBER,
    "service": "THETHAO",
    "channel": "app",
    "proof": {"kind": "session", "ref": "s-1"},
}


async def ask(at: Installation, token: str) -> tuple[int, str | None, Any]:
    """Ask with one key: the status, Retry-After, and what was answered."""

    def call() -> tuple[int, str | None, Any]:
        connection = HTTPConnection("127.0.0.1", at.http_port, timeout=60)
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "one"}
        headers["Content-Type"] = "application/json"
        try:
            connection.request("POST", "/api/v1/requests", json.dumps(BODY), headers)
            answer = connection.getresponse()
            return answer.status, answer.getheader("retry-after"), json.loads(answer.read())
        finally:
            connection.close()

    return await asyncio.to_thread(call)


async def test_a_call_under_a_failing_disk_is_put_off_and_then_done_once(tmp_path: Path) -> None:
    async with (
        smsc_and_phones(tmp_path) as (smsc, phones, installation),
        serving(installation) as server,
    ):
        await server.ready()
        await smsc.wait_until(lambda: bool(smsc.bound))
        made = installation.run("token", "create", "--role", "app")
        token = made.stdout.splitlines()[-1]
        limit_files(server, 0)
        status, retry_after, problem = await ask(installation, token)
        assert (status, retry_after) == (503, "2")
        assert problem["type"].endswith("/AWAY")
        limit_files(server, NO_LIMIT)
        status, _, asked = await ask(installation, token)
        assert (status, asked["state"]) == (201, "waiting_prompt")
        assert await ask(installation, token) == (201, None, asked)
        (prompt,) = await phones.wait_for(NUMBER, 1, 60)
        assert "soan Y" in prompt["text"]
        (line,) = server.logged("call_failed")
        assert line["request_id"] == problem["request_id"]
        assert "the disk failed" in line["reason"]
        assert await server.stop() == 0
        assert token not in "\n".join(server.complained)


@pytest.mark.parametrize("point", ["written", "committed"])
@pytest.mark.scenario("S067")
async def test_a_call_under_which_the_process_is_killed_is_done_once(
    tmp_path: Path, point: str
) -> None:
    async with smsc_and_phones(tmp_path) as (_, phones, installation):
        assert installation.run("migrate", "up").returncode == 0
        made = installation.run("token", "create", "--role", "app")
        token = made.stdout.splitlines()[-1]
        async with serving(installation, crash_at=f"commit.{point}:1") as dying:
            await dying.ready()
            with pytest.raises((RemoteDisconnected, ConnectionError)):
                await ask(installation, token)
            assert await dying.ended() == -signal.SIGKILL
        async with serving(installation) as server:
            await server.ready()
            status, _, asked = await ask(installation, token)
            assert status == 201
            assert await ask(installation, token) == (201, None, asked)
            (prompt,) = await phones.wait_for(NUMBER, 1, 60)
            assert "soan Y" in prompt["text"]
            assert await server.stop() == 0
