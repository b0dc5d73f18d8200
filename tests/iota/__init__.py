"""A log on IOTA, in a real Home Assistant."""
