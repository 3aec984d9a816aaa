"""Named queries kept in `.sql` files: `-- name: x` opens one, comments below say what it is for."""

import re
from importlib.resources import files
from typing import Final

_NAME: Final = re.compile(r"^-- name: (\w+)$", re.MULTILINE)


def read_queries(package: str) -> dict[str, str]:
    """All queries of all `.sql` files in `package`'s `queries` folder, by name.

    Raises ValueError where a name stands twice.
    """
    queries: dict[str, str] = {}
    for path in sorted(files(package).joinpath("queries").iterdir(), key=lambda entry: entry.name):
        if not path.name.endswith(".sql"):
            continue
        pieces = _NAME.split(path.read_text(encoding="utf-8"))
        for name, body in zip(pieces[1::2], pieces[2::2], strict=True):
            if name in queries:
                message = f"query {name} stands twice, again in {path.name}"
                raise ValueError(message)
            queries[name] = "\n".join(
                line for line in body.splitlines() if not line.startswith("--")
            ).strip()
    return queries
