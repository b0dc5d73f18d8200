"""Hands what the virtual radio hears to Home Assistant's Bluetooth."""

from functools import partial
from typing import Final, cast, override

from bleak.backends.client import BaseBleakClient
from bleak_retry_connector.bluez import Allocations
from bluetooth_data_tools import monotonic_time_coarse
from habluetooth import BaseHaRemoteScanner, BluetoothScanningMode, HaBluetoothConnector

from .client import VirtualRadioClient
from .radio import CENTRAL, VirtualRadio

SLOTS: Final = 3
"""Connections at a time, as many as an ESPHome proxy has."""


class VirtualRadioScanner(BaseHaRemoteScanner):
    """A Bluetooth adapter, as Home Assistant sees it."""

    def __init__(self, radio: VirtualRadio) -> None:
        """Stand for the central of a radio."""
        self._radio = radio
        client = partial(VirtualRadioClient, radio=radio, scanner=self)
        super().__init__(
            CENTRAL,
            "Virtual radio",
            HaBluetoothConnector(
                # A factory serves as well as a class: it is only called.
                client=cast(type[BaseBleakClient], client),
                source=CENTRAL,
                can_connect=lambda: len(radio.connections) < SLOTS,
            ),
            True,
            BluetoothScanningMode.ACTIVE,
            BluetoothScanningMode.ACTIVE,
        )

    def heard(self, address: str, rssi: int, data: bytes) -> None:
        """Take an advertisement; `data` as it was in the air."""
        self._async_on_raw_advertisement(
            address, rssi, data, {}, monotonic_time_coarse()
        )

    @override
    def get_allocations(self) -> Allocations:
        """Tell which connections are in use."""
        used = list(self._radio.connections)
        return Allocations(self.source, SLOTS, SLOTS - len(used), used)
