"""Hear what comes in: each MO and receipt becomes an event, and is answered once that is durable."""
