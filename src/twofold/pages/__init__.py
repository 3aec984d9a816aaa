"""Pages for people, and the faces of the stand-ins."""
