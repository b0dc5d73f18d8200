"""The tests of SensorChain."""
