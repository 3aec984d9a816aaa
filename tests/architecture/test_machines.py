"""The machines that try any order of events know every event that the engine can hear."""

import ast

from tests.architecture.sources import parsed, python_files
from twofold.commit.recording import KINDS


def test_each_kind_of_event_is_made_by_a_machine() -> None:
    """An event that only stories play meets the orders that somebody thought of, and no others."""
    made = {
        node.func.id
        for path in python_files("tests/properties")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert {event.__name__ for event in KINDS} - made == set()
