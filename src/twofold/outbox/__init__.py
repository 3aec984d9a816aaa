"""Hand out what was ordered: claimed orders to their carriers, waiting ones when they fall due."""

from twofold.outbox.outbox import Carrier, Outbox
from twofold.outbox.routes import Route, Routes

__all__ = ["Carrier", "Outbox", "Route", "Routes"]
