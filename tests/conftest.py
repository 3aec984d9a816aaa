"""What every test has: coroutines run on a loop of their own, and the suite says what it did not prove."""

pytest_plugins = [
    "tests.plugins.aio",
    "tests.plugins.golden",
    "tests.plugins.needs",
    "tests.plugins.scenarios",
]
