"""IOTA as it is today: a chain of objects, programmed in Move."""
