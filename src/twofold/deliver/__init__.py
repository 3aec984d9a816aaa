"""Carry what was ordered: texts over SMPP, charges to the charging system. Each says how it went, and unknown is not failed."""
