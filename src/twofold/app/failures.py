"""Why the program cannot start: one line for each thing that is wrong, each saying what to do."""


class CannotStart(Exception):
    """An expected failure; whoever started the program prints `lines` and nothing else."""

    def __init__(self, *lines: str) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines
