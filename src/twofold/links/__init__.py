"""Connections that speak a protocol, kept up on an asyncio loop, real or virtual."""
