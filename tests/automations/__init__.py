"""Tests of what automations see of SensorChain, by automations that really run."""
