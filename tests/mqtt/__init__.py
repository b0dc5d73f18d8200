"""Sensors that speak IP: a board, a real MQTT broker, and Home Assistant's own MQTT."""
