"""Settings, wiring, roles and health: where the parts are joined into one running program."""
