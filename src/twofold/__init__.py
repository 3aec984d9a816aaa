"""Twofold: nothing starts and nothing is charged until a subscriber has said yes twice."""
