"""Where Home Assistant, and the tests, find custom integrations."""
