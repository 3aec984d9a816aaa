"""HTTP connections that do not wait for ever, and are never too many.

uvicorn itself bounds how long a connection may be idle between two requests, and nothing more: a
client that sends its request octet by octet would keep its connection for good.
"""

import asyncio
from typing import Final

from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

WHOLE_WITHIN_S: Final = 15.0
"""A request must be here whole so long after the connection opened, or after the last answer."""

CONNECTIONS_MAX: Final = 512
"""Half of the files that most systems let a process have: the SMSC and the database need theirs."""


class PatientProtocol(H11Protocol):
    """uvicorn's protocol, with a bound on patience and on company."""

    _gives_up: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a connection, if there is room."""
        super().connection_made(transport)
        if len(self.connections) > CONNECTIONS_MAX:
            return transport.abort()
        return self._wait()

    def data_received(self, data: bytes) -> None:
        """Take what came; a request that is whole is waited for no longer."""
        super().data_received(data)
        if not self._is_to_come():
            self._wait_no_more()

    def on_response_complete(self) -> None:
        """Wait for the next request."""
        super().on_response_complete()
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing any more."""
        self._wait_no_more()
        super().connection_lost(exc)

    def _wait(self) -> None:
        self._wait_no_more()
        self._gives_up = self.loop.call_later(WHOLE_WITHIN_S, self._give_up)

    def _wait_no_more(self) -> None:
        if self._gives_up is not None:
            self._gives_up.cancel()
            self._gives_up = None

    def _is_to_come(self) -> bool:
        """Say whether something of a request is still to come, whose answer has not begun."""
        cycle: RequestResponseCycle | None = self.cycle
        if cycle is None or cycle.response_complete:
            return True
        return cycle.more_body and not cycle.response_started

    def _give_up(self) -> None:
        """Hang up on a client that has kept us waiting; an answer under way is not cut."""
        if self._is_to_come():
            self.transport.close()
