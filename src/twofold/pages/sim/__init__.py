"""Trying Twofold out: the stand-ins' faces for programs, and a page with a phone for people.

Both are absent unless the demo runs or `[sim] enabled = true`.
"""

from twofold.pages.sim.changes import Changes
from twofold.pages.sim.faces import Faces, faces_routes, rfc3339
from twofold.pages.sim.page import page_routes
from twofold.pages.sim.port import EntryLine, Playground, Sim
from twofold.pages.sim.saying import Line
from twofold.pages.sim.story import Story, stories

__all__ = [
    "Changes",
    "EntryLine",
    "Faces",
    "Line",
    "Playground",
    "Sim",
    "Story",
    "faces_routes",
    "page_routes",
    "rfc3339",
    "stories",
]
