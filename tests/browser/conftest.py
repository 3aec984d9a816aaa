"""A demo and Debian's Chromium, and pages that watch themselves while a test plays on them.

Both live as long as a file of tests: Playwright keeps a loop running, beside which no coroutine
test could have its own.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

from tests.api.demo import Demo, running_demo

CHROMIUM = "/usr/bin/chromium"
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
TIMEOUT_MS = 15_000

Visit = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here wants the browser."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.needs("chromium"))


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    with running_demo(tmp_path_factory.mktemp("demo")) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with TemporaryDirectory() as home, sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=CHROMIUM, args=[*QUIET], env={"HOME": home}
        )
        yield started
        started.close()


class Watched:
    """What must not happen on a page: an error, a refusal of the policy, a foreign request."""

    def __init__(self, page: Page, base: str, expected: str) -> None:
        self.wrong: list[str] = []
        self._base = base
        self._expected = expected
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on("request", self._asked)

    def _said(self, message: ConsoleMessage) -> None:
        is_expected = self._expected and self._expected in message.text
        if message.type in {"error", "warning"} and not is_expected:
            self.wrong.append(message.text)

    def _asked(self, request: Request) -> None:
        if not request.url.startswith(self._base):
            self.wrong.append(f"asked for {request.url}")


@pytest.fixture
def visit(demo: Demo, browser: Browser) -> Iterator[Visit]:
    """Open the page; whatever goes wrong on it fails the test at its end."""
    opened: list[tuple[Page, Watched]] = []

    def open_page(
        query: str = "lang=en",
        *,
        width: int = 1280,
        script: bool = True,
        dark: bool = False,
        port: int = 0,
        expected: str = "",
        still: bool = True,
    ) -> Page:
        base = f"http://127.0.0.1:{port or demo.port}"
        context = browser.new_context(
            base_url=base,
            java_script_enabled=script,
            viewport={"width": width, "height": 800},
            color_scheme="dark" if dark else "light",
            # Each click waits until the page stands still.
            reduced_motion="reduce" if still else "no-preference",
        )
        context.set_default_timeout(TIMEOUT_MS)
        page = context.new_page()
        opened.append((page, Watched(page, base, expected or ("net::ERR_" if port else ""))))
        page.goto(f"/sim?{query}")
        return page

    yield open_page
    assert demo.call("PUT", "/sim/faults", {})[0] == 200
    wrong = [text for _, watched in opened for text in watched.wrong]
    for page, _ in opened:
        page.context.close()
    assert wrong == []
