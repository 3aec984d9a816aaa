"""The nouns of double confirmation: frozen values, states and reasons, with no IO, no clock and no chance."""
