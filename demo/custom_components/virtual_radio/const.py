"""Constants of the virtual radio."""

from typing import Final

DOMAIN: Final = "virtual_radio"

CONF_ADVERTISING_INTERVAL: Final = "advertising_interval"
CONF_VALUE_INTERVAL: Final = "value_interval"
CONF_HCI_PORT: Final = "hci_port"
CONF_SHOWROOM: Final = "showroom"

DEFAULTS: Final = {CONF_ADVERTISING_INTERVAL: 1.0, CONF_VALUE_INTERVAL: 5.0}
"""Seconds. A value interval of 0 keeps all values as they are."""
