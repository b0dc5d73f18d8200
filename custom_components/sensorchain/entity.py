"""What the entities of SensorChain have in common."""

from collections.abc import Callable, Iterable
from typing import Any, override

from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant, callback, split_entity_id
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.device import async_entity_id_to_device
from homeassistant.helpers.device_registry import DeviceEntryType, DeviceInfo
from homeassistant.helpers.entity import Entity, EntityDescription
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from .anchoring.anchorer import Anchorer
from .anchoring.anchors import Anchor
from .anchoring.entry import LogConfigEntry
from .const import CONF_LEDGER, DOMAIN, SUBENTRY_LEDGER
from .coordinator import BluetoothSensorCoordinator
from .gatt.channels import Channel
from .ledgers.catalog import CATALOG


class BluetoothSensorEntity(CoordinatorEntity[BluetoothSensorCoordinator]):
    """One channel of a Bluetooth sensor."""

    _attr_has_entity_name = True

    def __init__(
        self, coordinator: BluetoothSensorCoordinator, channel: Channel
    ) -> None:
        """Stand for a channel, on the device of its sensor."""
        super().__init__(coordinator, context=channel.id)
        self._channel_id = channel.id
        self._attr_unique_id = f"{coordinator.identity}-{channel.id}"
        self._attr_device_info = coordinator.device_info

    @property
    @override
    def available(self) -> bool:
        """Tell whether the sensor is connected and this channel makes sense."""
        return super().available and self._channel_id in self.coordinator.data


class LogEntity(Entity):
    """Something of a log, on the log's own device unless it says otherwise."""

    _attr_has_entity_name = True
    _attr_should_poll = False
    _source: str | None = None
    """The entity whose readings this is about; None: the log as a whole."""

    def __init__(self, entry: LogConfigEntry) -> None:
        """Stand for something of a log."""
        self._entry = entry
        self._service = entry.runtime_data
        self._attr_device_info = DeviceInfo(
            identifiers={(DOMAIN, entry.entry_id)},
            name=entry.title,
            manufacturer="SensorChain",
            model="Log",
            entry_type=DeviceEntryType.SERVICE,
        )

    @override
    async def async_added_to_hass(self) -> None:
        """Follow the log."""
        self.async_on_remove(
            self._service.async_add_listener(self.async_write_ha_state, self._source)
        )

    def _anchor_attributes(self, anchor: Anchor | None) -> dict[str, Any]:
        """Return what is told of an anchor: where it is, and since when it is confirmed."""
        receipt = anchor.receipt if anchor else None
        ledger = self._service.anchorers[anchor.ledger_id].ledger if anchor else None
        return {
            "transaction": receipt.transaction if receipt else None,
            "explorer": ledger.explorer_url(receipt) if ledger and receipt else None,
            "confirmed_at": anchor.confirmed_at if anchor else None,
        }


class SourceEntity(LogEntity):
    """Something of one entity's readings, on that entity's device."""

    _source: str

    def __init__(self, hass: HomeAssistant, entry: LogConfigEntry, source: str) -> None:
        """Stand for the readings of an entity."""
        super().__init__(entry)
        self._home = hass
        self._source = source
        self._attr_unique_id = self.unique_id_of(source)
        self._attr_device_info = None
        self._attr_translation_placeholders = {"name": _name(hass, source)}
        self.device_entry = async_entity_id_to_device(hass, source)

    @property
    def source(self) -> str:
        """The entity whose readings this is about."""
        return self._source

    def unique_id_of(self, source: str) -> str:
        """Return the unique id that this would have for an entity as it is now."""
        return f"{self._entry.entry_id}-{identity(self._home, source)}"

    @callback
    def async_follow(self, source: str) -> None:
        """Speak of the entity under the id and the name that it has now."""
        name = {"name": _name(self._home, source)}
        if (source, name) == (self._source, self._attr_translation_placeholders):
            return
        self._source = source
        self._attr_translation_placeholders = name
        if self.platform and self.entity_id in self.platform.entities:
            self._cached_friendly_name = None
            self.async_write_ha_state()


def identity(hass: HomeAssistant, entity_id: str) -> str:
    """Return what an entity keeps when it is renamed; its id where that is all it has."""
    entity = er.async_get(hass).async_get(entity_id)
    return entity.id if entity else entity_id


def _name(hass: HomeAssistant, entity_id: str) -> str:
    """Return the name of an entity, on its device where it has one."""
    entity = er.async_get(hass).async_get(entity_id)
    if (
        entity
        and entity.has_entity_name
        and (name := entity.name or entity.original_name)
    ):
        return name
    state = hass.states.get(entity_id)
    return state.name if state else split_entity_id(entity_id)[1]


class LedgerEntity(LogEntity):
    """Something of one of a log's ledgers, on the ledger's device."""

    def __init__(
        self,
        entry: LogConfigEntry,
        subentry: ConfigSubentry,
        description: EntityDescription,
    ) -> None:
        """Stand for something of a ledger."""
        super().__init__(entry)
        self.entity_description = description
        self._anchorer: Anchorer = self._service.anchorers[subentry.subentry_id]
        self._attr_unique_id = f"{subentry.subentry_id}-{description.key}"
        self._attr_device_info = DeviceInfo(
            identifiers={(DOMAIN, subentry.subentry_id)},
            name=f"{entry.title} {CATALOG[subentry.data[CONF_LEDGER]].name}",
            manufacturer="SensorChain",
            model="Ledger",
            entry_type=DeviceEntryType.SERVICE,
        )


def add_ledger_entities[Description: EntityDescription](
    entry: LogConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
    entity: Callable[[LogConfigEntry, ConfigSubentry, Description], LedgerEntity],
    descriptions: Iterable[Description],
    where: Callable[[Anchorer], bool] = lambda _anchorer: True,
) -> None:
    """Add an entity of each description for each of a log's ledgers, or for some of them."""
    for subentry in entry.get_subentries_of_type(SUBENTRY_LEDGER):
        if not where(entry.runtime_data.anchorers[subentry.subentry_id]):
            continue
        async_add_entities(
            [entity(entry, subentry, description) for description in descriptions],
            config_subentry_id=subentry.subentry_id,
        )
