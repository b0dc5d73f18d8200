"""Binary sensors: what a Bluetooth sensor finds so or not; whether ledgers answer."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, override

from homeassistant.components.binary_sensor import (
    BinarySensorEntity,
    BinarySensorEntityDescription,
)
from homeassistant.components.binary_sensor.const import BinarySensorDeviceClass
from homeassistant.config_entries import ConfigEntry
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .anchoring.anchorer import Anchorer
from .anchoring.entry import LogConfigEntry
from .const import CONF_KIND, KIND_BLUETOOTH_SENSOR, KIND_LOG
from .coordinator import BluetoothSensorConfigEntry
from .entity import LedgerEntity, add_ledger_entities
from .gatt.channels import Channel
from .measurements import MeasurementBinarySensor

PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class LedgerBinarySensorDescription(BinarySensorEntityDescription):
    """A binary sensor of a ledger: a value of its anchorer."""

    value_fn: Callable[[Anchorer], bool | None]


BINARY_SENSORS = (
    LedgerBinarySensorDescription(
        key="connected",
        device_class=BinarySensorDeviceClass.CONNECTIVITY,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda anchorer: anchorer.is_connected,
    ),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: ConfigEntry[Any],
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the binary sensors of a config entry of either kind."""
    ADD_BINARY_SENSORS[entry.data[CONF_KIND]](entry, async_add_entities)


def _add_conditions(
    entry: BluetoothSensorConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add what a Bluetooth sensor finds so or not, now and later."""
    coordinator = entry.runtime_data

    def add(channels: Iterable[Channel]) -> None:
        async_add_entities(
            MeasurementBinarySensor(coordinator, channel)
            for channel in channels
            if channel.quantity.is_binary
        )

    entry.async_on_unload(coordinator.async_follow_channels(add))


def _add_connectivity(
    entry: LogConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the connectivity of each ledger."""
    add_ledger_entities(entry, async_add_entities, LedgerBinarySensor, BINARY_SENSORS)


ADD_BINARY_SENSORS: dict[
    str, Callable[[ConfigEntry[Any], AddConfigEntryEntitiesCallback], None]
] = {KIND_BLUETOOTH_SENSOR: _add_conditions, KIND_LOG: _add_connectivity}


class LedgerBinarySensor(LedgerEntity, BinarySensorEntity):
    """Something of a ledger that is so or not."""

    entity_description: LedgerBinarySensorDescription

    @property
    @override
    def is_on(self) -> bool | None:
        """Return whether it is so; None before it is known."""
        return self.entity_description.value_fn(self._anchorer)
