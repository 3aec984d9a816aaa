"""The nouns of double confirmation: frozen values, states, reasons; no IO, clock or chance."""
