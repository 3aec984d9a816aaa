"""The description of the API is complete, and what it describes is what is there."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import hypothesis.strategies as st
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode, checks
from schemathesis.core.result import Ok

from tests.api.caller import Api
from tests.api.demo import Demo
from tests.architecture.sources import ROOT
from twofold.api.problems import FAULTS, Fault
from twofold.domain.reason import Reason

Callers = Mapping[str, Api]


@pytest.fixture(scope="module")
def described(callers: Callers) -> dict[str, Any]:
    """Read the description as anyone may."""
    answer = callers["abc"].call("GET", "/api/openapi.json", Authorization="")
    assert answer.status == 200
    body: dict[str, Any] = answer.body
    return body


def operations(described: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every operation: its path, its method and what is said of it."""
    for path, item in described["paths"].items():
        for method, operation in item.items():
            yield path, method, operation


def test_it_is_openapi_3_1_and_names_the_paths_as_they_are_called(
    described: dict[str, Any],
) -> None:
    assert described["openapi"].startswith("3.1")
    assert all(path.startswith(("/api/v1/", "/api/problems/")) for path in described["paths"])
    assert "servers" not in described


def test_every_operation_says_what_it_does_and_how_it_fails(described: dict[str, Any]) -> None:
    for path, method, operation in operations(described):
        place = f"{method} {path}"
        assert operation["description"].endswith("."), place
        assert operation["tags"], place
        responses = operation["responses"]
        is_open = path.startswith("/api/problems/")
        assert {"500", "503"} | (set() if is_open else {"401", "403"}) <= set(responses), place
        for status, response in responses.items():
            media = set(response.get("content", {}))
            wanted = "application/problem+json" if int(status) >= 400 else "application/json"
            assert media == {wanted}, f"{place} {status}"


def test_every_operation_wants_a_token_but_the_explanations(described: dict[str, Any]) -> None:
    scheme = described["components"]["securitySchemes"]["token"]
    assert (scheme["type"], scheme["scheme"]) == ("http", "bearer")
    without = [
        path for path, _, operation in operations(described) if not operation.get("security")
    ]
    assert without == ["/api/problems/{name}"]


def test_every_call_that_changes_something_wants_a_key(described: dict[str, Any]) -> None:
    for path, method, operation in operations(described):
        keys = [one for one in operation.get("parameters", ()) if one["name"] == "Idempotency-Key"]
        changes = method == "post" and not path.endswith("/search")
        assert bool(keys) is changes, path
        assert all(one["required"] for one in keys)


def test_no_body_takes_an_unknown_field_and_every_field_is_bounded(
    described: dict[str, Any],
) -> None:
    schemas = described["components"]["schemas"]
    bodies = {name: one for name, one in schemas.items() if name.endswith("Body")}
    assert bodies
    for name, one in bodies.items():
        assert one["additionalProperties"] is False, name
        for field, shape in one["properties"].items():
            texts = [
                held for held in (shape, *shape.get("anyOf", ())) if held.get("type") == "string"
            ]
            assert all({"maxLength", "enum", "format"} & held.keys() for held in texts), (
                f"{name}.{field}"
            )


def test_no_number_stands_in_a_path(described: dict[str, Any]) -> None:
    for path, _, operation in operations(described):
        names = re.findall(r"{(\w+)}", path)
        names += [one["name"] for one in operation.get("parameters", ()) if one["in"] == "query"]
        assert [name for name in names if re.search("msisdn|phone|number$", name)] == []


def test_the_reference_lists_every_path(described: dict[str, Any]) -> None:
    page = (ROOT / "docs" / "reference" / "http.md").read_text()
    for path, method, _ in operations(described):
        shown = re.sub(r"{\w+_id}", "{id}", path)
        assert f"| `{method.upper()} {shown}` |" in page, path


@pytest.mark.parametrize("name", [*(fault.name for fault in Fault), *(one.name for one in Reason)])
def test_every_type_of_problem_is_explained_where_it_points(callers: Callers, name: str) -> None:
    answer = callers["abc"].get(f"/api/problems/{name}")
    assert (answer.status, answer.body["name"]) == (200, name)
    assert answer.body["meaning"].endswith(".")


def test_a_problem_that_nobody_has_is_not_explained(callers: Callers) -> None:
    assert callers["abc"].get("/api/problems/NOBODYS").status == 404
    assert all(meaning.title.endswith(".") for meaning in FAULTS.values())


def test_whatever_is_sent_the_answer_is_one_that_is_described(
    served: Demo, callers: Callers
) -> None:
    url = f"http://127.0.0.1:{served.port}/api/openapi.json"
    headers = {"Authorization": f"Bearer {callers['abc'].token}"}
    fuzzed = [
        fuzz(found.ok(), headers)
        for found in schemathesis.openapi.from_url(url).get_all_operations()
        if isinstance(found, Ok)
    ]
    assert len(fuzzed) >= 8


def fuzz(operation: Any, headers: Mapping[str, str]) -> str:  # noqa: ANN401 - schemathesis's own
    """Send what fits the description of an operation, and what does not; its name."""
    modes = [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]

    @given(st.one_of(*(operation.as_strategy(generation_mode=mode) for mode in modes)))
    @settings(
        max_examples=40,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        derandomize=True,
        database=None,
    )
    def sends(case: schemathesis.Case[Any]) -> None:
        # A body that fits may still be refused: nobody sells a service of a random name.
        case.call_and_validate(
            headers=dict(headers), excluded_checks=[checks.positive_data_acceptance]
        )

    sends()
    return str(operation.label)
