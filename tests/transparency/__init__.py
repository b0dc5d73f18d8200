"""The tests of the log, without Home Assistant."""
