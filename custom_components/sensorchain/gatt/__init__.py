"""Bytes of a Bluetooth characteristic, and the quantity with a unit they mean."""
