"""A log on a chain of the Ethereum kind, in a real Home Assistant."""
