"""Constants of SensorChain."""

from typing import Final

DOMAIN: Final = "sensorchain"

CONF_KIND: Final = "kind"
KIND_BLUETOOTH_SENSOR: Final = "bluetooth_sensor"
