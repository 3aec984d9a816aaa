"""Hear what comes in: an MO or receipt becomes an event, and is answered once that is durable."""
