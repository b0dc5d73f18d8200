"""Hands what the virtual radio hears to Home Assistant's Bluetooth."""

from functools import partial
from typing import cast, override

from bleak.backends.client import BaseBleakClient
from bleak_retry_connector.bluez import Allocations
from bluetooth_data_tools import monotonic_time_coarse
from habluetooth import (
    BaseHaRemoteScanner,
    BluetoothScanningMode,
    HaBluetoothConnector,
    get_manager,
)

from .client import VirtualRadioClient
from .radio import CENTRAL, SLOTS, VirtualRadio


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
        radio.connections_changed = self._tell_allocations

    def _tell_allocations(self) -> None:
        """Tell that there is one connection more or less, as a proxy does."""
        get_manager().async_on_allocation_changed(self.get_allocations())

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
