"""An entry of evidence for whoever looks into a seed: what came in, was decided, was ordered.

The page with the phone tells entries by `pages.sim.saying`, in people's words and without the
references, the reasons' names and the steps in between that looking into a seed takes.
"""

from typing import Any

import msgspec


def told(document: bytes) -> list[str]:
    """Tell one entry."""
    entry: dict[str, Any] = msgspec.json.decode(document)
    lines = [f"{entry['kind'].replace('_', ' ')}{_heard(entry.get('heard', {}))}"]
    lines += [_changed(change) for change in entry.get("changes", ())]
    lines += [_charged(money) for money in entry.get("debits", ())]
    if "reason" in entry:
        lines.append(f"because {entry['reason']}")
    lines += [_ordered(order) for order in entry.get("sent", ())]
    return lines


def _heard(heard: dict[str, Any]) -> str:
    """What came in."""
    if "text" in heard:
        return (
            f": {heard['text']!r} to {heard.get('short_code', '?')} over {heard.get('smsc', '?')}"
        )
    if "via" in heard:
        return ": " + ", ".join(f"{name} {value}" for name, value in heard["via"].items())
    of = f" of {heard['key']}" if "key" in heard else ""
    said = f": {heard['detail']}" if "detail" in heard else ""
    return of + said


def _changed(change: dict[str, Any]) -> str:
    """What became of a request or subscription."""
    before = f"{change['before']} -> " if "before" in change else ""
    return f"{change['service']} {change['request']}: {before}{change['after']}"


def _charged(money: dict[str, Any]) -> str:
    """What was taken or given back."""
    amount = money["amount_minor"]
    return (
        f"debited {amount} VND for {money['service']}" if amount > 0 else f"refunded {-amount} VND"
    )


def _ordered(order: dict[str, Any]) -> str:
    """What is to be done outside."""
    what = order["kind"].replace("_", " ")
    amount = f" {order['amount_minor']}" if "amount_minor" in order else ""
    return f"order {what}{amount} ({order.get('key', '')})"
