"""What every test has: `async def` runs on its own loop, and the suite says what is unproved."""

pytest_plugins = [
    "pytester",
    "tests.plugins.aio",
    "tests.plugins.golden",
    "tests.plugins.needs",
    "tests.plugins.order",
    "tests.plugins.scenarios",
]
