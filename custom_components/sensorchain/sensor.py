"""Sensors: what a Bluetooth sensor measures; how far a log and its readings have come."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.config_entries import ConfigEntry
from homeassistant.const import (
    MATCH_ALL,
    SIGNAL_STRENGTH_DECIBELS_MILLIWATT,
    EntityCategory,
    UnitOfTime,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from .anchoring.anchorer import Anchorer
from .anchoring.entry import LogConfigEntry
from .anchoring.service import AnchoringService, Confirmation, ReadingStatus
from .confirmations import Confirmations
from .const import CONF_KIND, KIND_BLUETOOTH_SENSOR, KIND_LOG
from .coordinator import RSSI, BluetoothSensorConfigEntry, BluetoothSensorCoordinator
from .entity import LedgerEntity, LogEntity, SourceEntity, add_ledger_entities
from .gatt.channels import Channel
from .measurements import MeasurementSensor
from .targets import (
    ATTR_LAST_CONFIRMED,
    ATTR_UNCONFIRMED_SINCE,
    CONFIRMATION,
    LOG_CONFIRMATION,
)

PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class LogSensorDescription(SensorEntityDescription):
    """A sensor of a log: a value of its service."""

    value_fn: Callable[[AnchoringService], int | str]


LOG_SENSORS = (
    LogSensorDescription(
        key="recorded",
        translation_key="recorded",
        state_class=SensorStateClass.TOTAL_INCREASING,
        value_fn=lambda service: service.size,
    ),
    LogSensorDescription(
        key="not_stored",
        translation_key="not_stored",
        entity_category=EntityCategory.DIAGNOSTIC,
        state_class=SensorStateClass.MEASUREMENT,
        value_fn=lambda service: service.unstored,
    ),
    LogSensorDescription(
        key="verifier_key",
        translation_key="verifier_key",
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda service: str(service.verifier_key),
    ),
)


@dataclass(frozen=True, kw_only=True)
class LedgerSensorDescription(SensorEntityDescription):
    """A sensor of a ledger: a value of its anchorer, in a log of some size."""

    value_fn: Callable[[Anchorer, int], int | float | Decimal | datetime | None]


LEDGER_SENSORS = (
    LedgerSensorDescription(
        key="awaiting_confirmation",
        translation_key="awaiting_confirmation",
        state_class=SensorStateClass.MEASUREMENT,
        value_fn=lambda anchorer, size: size - anchorer.confirmed_size,
    ),
    LedgerSensorDescription(
        key="last_confirmation",
        translation_key="last_confirmation",
        device_class=SensorDeviceClass.TIMESTAMP,
        value_fn=lambda anchorer, _: (
            anchorer.last_confirmed.confirmed_at if anchorer.last_confirmed else None
        ),
    ),
    LedgerSensorDescription(
        key="time_to_confirmation",
        translation_key="time_to_confirmation",
        device_class=SensorDeviceClass.DURATION,
        native_unit_of_measurement=UnitOfTime.SECONDS,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=0,
        value_fn=lambda anchorer, _: (
            anchorer.time_to_confirmation.total_seconds()
            if anchorer.time_to_confirmation
            else None
        ),
    ),
    LedgerSensorDescription(
        key="expected_confirmation",
        translation_key="expected_confirmation",
        device_class=SensorDeviceClass.TIMESTAMP,
        value_fn=lambda anchorer, _: anchorer.expected_at,
    ),
)

COST_SENSORS = (
    LedgerSensorDescription(
        key="balance",
        translation_key="balance",
        device_class=SensorDeviceClass.MONETARY,
        suggested_display_precision=6,
        value_fn=lambda anchorer, _: (
            anchorer.account.balance if anchorer.account else None
        ),
    ),
    LedgerSensorDescription(
        key="last_fee",
        translation_key="last_fee",
        device_class=SensorDeviceClass.MONETARY,
        suggested_display_precision=9,
        value_fn=lambda anchorer, _: anchorer.last_fee,
    ),
    LedgerSensorDescription(
        key="spent",
        translation_key="spent",
        device_class=SensorDeviceClass.MONETARY,
        state_class=SensorStateClass.TOTAL,
        suggested_display_precision=6,
        value_fn=lambda anchorer, _: anchorer.spent,
    ),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: ConfigEntry[Any],
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the sensors of a config entry of either kind."""
    await ADD_SENSORS[entry.data[CONF_KIND]](hass, entry, async_add_entities)


async def _add_measurements(
    _hass: HomeAssistant,
    entry: BluetoothSensorConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add a sensor for each channel of a Bluetooth sensor, now and later."""
    coordinator = entry.runtime_data

    def add(channels: Iterable[Channel]) -> None:
        async_add_entities(
            MeasurementSensor(coordinator, channel)
            for channel in channels
            if not channel.quantity.is_binary
        )

    async_add_entities([SignalStrengthSensor(coordinator)])
    entry.async_on_unload(coordinator.async_follow_channels(add))


async def _add_log_sensors(
    hass: HomeAssistant,
    entry: LogConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the sensors of a log, of its ledgers, and of what its rules name."""
    async_add_entities(LogSensor(entry, description) for description in LOG_SENSORS)
    async_add_entities([LogConfirmationSensor(entry)])
    add_ledger_entities(entry, async_add_entities, LedgerSensor, LEDGER_SENSORS)
    add_ledger_entities(
        entry, async_add_entities, CostSensor, COST_SENSORS, where=costs_something
    )
    confirmations = Confirmations(
        hass, entry, lambda source: ConfirmationSensor(hass, entry, source)
    )
    await confirmations.async_start()


ADD_SENSORS: dict[
    str,
    Callable[
        [HomeAssistant, ConfigEntry[Any], AddConfigEntryEntitiesCallback],
        Awaitable[None],
    ],
] = {
    KIND_BLUETOOTH_SENSOR: _add_measurements,
    KIND_LOG: _add_log_sensors,
}


class SignalStrengthSensor(CoordinatorEntity[BluetoothSensorCoordinator], SensorEntity):
    """How strong the signal of a Bluetooth sensor was when it advertised last."""

    _attr_has_entity_name = True
    entity_description = SensorEntityDescription(
        key=RSSI,
        device_class=SensorDeviceClass.SIGNAL_STRENGTH,
        native_unit_of_measurement=SIGNAL_STRENGTH_DECIBELS_MILLIWATT,
        state_class=SensorStateClass.MEASUREMENT,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
    )

    def __init__(self, coordinator: BluetoothSensorCoordinator) -> None:
        """Stand for the signal, on the device of its sensor."""
        super().__init__(coordinator, context=RSSI)
        self._attr_unique_id = f"{coordinator.identity}-{RSSI}"
        self._attr_device_info = coordinator.device_info

    @property
    @override
    def native_value(self) -> int | None:
        """Return the strength in dBm."""
        return self.coordinator.rssi


class LogSensor(LogEntity, SensorEntity):
    """A value of a log."""

    entity_description: LogSensorDescription

    def __init__(
        self, entry: LogConfigEntry, description: LogSensorDescription
    ) -> None:
        """Show a value of a log."""
        super().__init__(entry)
        self.entity_description = description
        self._attr_unique_id = f"{entry.entry_id}-{description.key}"

    @property
    @override
    def native_value(self) -> int | str:
        """Return the value."""
        return self.entity_description.value_fn(self._service)


class LedgerSensor(LedgerEntity, SensorEntity):
    """A value of a ledger."""

    entity_description: LedgerSensorDescription

    @property
    @override
    def native_value(self) -> int | float | Decimal | datetime | None:
        """Return the value."""
        return self.entity_description.value_fn(self._anchorer, self._service.size)


class CostSensor(LedgerSensor):
    """What a ledger costs, in the unit that it is paid in."""

    @property
    @override
    def native_unit_of_measurement(self) -> str | None:
        """Return the unit."""
        return self._anchorer.ledger.unit


def costs_something(anchorer: Anchorer) -> bool:
    """Whether anchors on a ledger are paid for."""
    return anchorer.ledger.unit is not None


class LogConfirmationSensor(LogEntity, SensorEntity):
    """How far the newest reading of a log has come, on the log's own device."""

    _attr_device_class = SensorDeviceClass.ENUM
    _attr_translation_key = LOG_CONFIRMATION
    _unrecorded_attributes = frozenset({MATCH_ALL})

    def __init__(self, entry: LogConfigEntry) -> None:
        """Stand for all readings of a log."""
        super().__init__(entry)
        self._attr_unique_id = f"{entry.entry_id}-{CONFIRMATION}"
        self._attr_options = [status.value for status in ReadingStatus]

    @property
    @override
    def native_value(self) -> str | None:
        """Return how far the newest reading has come; unknown before the first one."""
        newest = self._service.size - 1
        return self._service.status(newest).value if newest >= 0 else None

    @property
    @override
    def extra_state_attributes(self) -> Mapping[str, Any]:
        """Return how many readings wait, since when, and up to where all are confirmed."""
        size, anchor = self._service.confirmed_size, self._service.last_confirmed
        return {
            "awaiting": self._service.size - size,
            ATTR_UNCONFIRMED_SINCE: self._service.unconfirmed_since(),
            ATTR_LAST_CONFIRMED: (
                {"index": size - 1, **self._anchor_attributes(anchor)} if size else None
            ),
        }


class ConfirmationSensor(SourceEntity, SensorEntity):
    """How far the newest reading of an entity has come, on that entity's device."""

    _attr_device_class = SensorDeviceClass.ENUM
    _attr_translation_key = CONFIRMATION
    _unrecorded_attributes = frozenset({MATCH_ALL})

    def __init__(self, hass: HomeAssistant, entry: LogConfigEntry, source: str) -> None:
        """Stand for the readings of an entity."""
        super().__init__(hass, entry, source)
        self._attr_options = [status.value for status in ReadingStatus]

    @property
    @override
    def native_value(self) -> str | None:
        """Return how far the newest reading has come; unknown before the first one."""
        latest = self._service.latest(self._source)
        return latest.status.value if latest else None

    @property
    @override
    def extra_state_attributes(self) -> Mapping[str, Any]:
        """Return the newest reading, and the newest confirmed one."""
        latest = self._service.latest(self._source)
        confirmed = self._service.latest_confirmed(self._source)
        return {
            "source": self._source,
            "recorded_as": self._service.name(self._source),
            **(self._attributes(latest) if latest else {}),
            "ledgers": (
                self._service.ledger_statuses(latest.reading.index) if latest else {}
            ),
            ATTR_UNCONFIRMED_SINCE: self._service.unconfirmed_since(self._source),
            ATTR_LAST_CONFIRMED: self._attributes(confirmed) if confirmed else None,
        }

    def _attributes(self, confirmation: Confirmation) -> dict[str, Any]:
        """Return what is told of a reading and of the anchor it is in."""
        leaf = confirmation.reading.leaf
        return {
            "reading": leaf.reading.state,
            "unit": leaf.reading.unit,
            "time": leaf.reading.last_updated,
            "index": confirmation.reading.index,
            "sequence": leaf.sequence,
            **self._anchor_attributes(confirmation.anchor),
        }
