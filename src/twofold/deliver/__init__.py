"""Carry what was ordered, and say how it went: unknown is not failed."""
