"""Run `async def` tests, each on a loop of its own that must come to rest within two minutes.

That is for what hangs: what is slow on a busy machine is not wrong yet.

Asynchronous fixtures are not offered: a test opens what it needs with `async with`, so that what
belongs to a loop is made and closed on that loop.
"""

import asyncio
import inspect

import pytest

TIMEOUT_S = 120.0


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run a coroutine test to its end; leave every other test to pytest."""
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    names = pyfuncitem._fixtureinfo.argnames  # noqa: SLF001 - pytest's own runner asks the same
    wanted = {name: pyfuncitem.funcargs[name] for name in names}
    asyncio.run(_bounded(pyfuncitem, wanted), debug=False)
    return True


async def _bounded(item: pytest.Function, wanted: dict[str, object]) -> None:
    try:
        async with asyncio.timeout(TIMEOUT_S) as limit:
            await item.obj(**wanted)
    except TimeoutError as error:
        if limit.expired():
            message = f"{item.name} was not done after {TIMEOUT_S:.0f} s"
            raise AssertionError(message) from error
        raise
