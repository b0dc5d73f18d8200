"""What the entities of SensorChain have in common."""

from typing import override

from homeassistant.helpers.update_coordinator import CoordinatorEntity

from .coordinator import BluetoothSensorCoordinator
from .gatt.device import Channel


class BluetoothSensorEntity(CoordinatorEntity[BluetoothSensorCoordinator]):
    """One channel of a Bluetooth sensor."""

    _attr_has_entity_name = True

    def __init__(
        self, coordinator: BluetoothSensorCoordinator, channel: Channel
    ) -> None:
        """Stand for a channel, on the device of its sensor."""
        super().__init__(coordinator, context=channel.id)
        self._channel_id = channel.id
        self._attr_unique_id = f"{coordinator.address}-{channel.id}"
        self._attr_device_info = coordinator.device_info

    @property
    @override
    def available(self) -> bool:
        """Tell whether the sensor is connected and this channel makes sense."""
        return super().available and self._channel_id in self.coordinator.data
