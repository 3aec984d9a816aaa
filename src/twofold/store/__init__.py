"""Where everything is kept: one port, one contract suite, and nothing else speaks SQL."""
