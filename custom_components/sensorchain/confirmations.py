"""Confirmations: one sensor for each entity that a log's rules select, as those come and go."""

import asyncio
from collections import defaultdict
from collections.abc import Callable
from itertools import islice

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.device import async_entity_id_to_device
from homeassistant.helpers.entity_platform import async_get_current_platform
from homeassistant.helpers.start import async_at_started

from .anchoring.entry import LogConfigEntry
from .anchoring.watcher import SourceListener
from .const import DOMAIN
from .entity import SourceEntity, identity
from .targets import CONFIRMATION

AT_ONCE = 100
"""So many sensors are there when a log is set up; Home Assistant's start waits for them."""

_BATCH = 10
"""Sensors added in one go, after which others have their turn in the event loop."""

type Make = Callable[[str], SourceEntity]


class Confirmations:
    """Keeps the sensors of a log in step with the entities that its rules select."""

    def __init__(self, hass: HomeAssistant, entry: LogConfigEntry, make: Make) -> None:
        """Remove what is stale, and add what is there; `make` makes an entity's sensor."""
        self._hass = hass
        self._entry = entry
        self._make = make
        self._service = entry.runtime_data
        self._platform = async_get_current_platform()
        self._registry = er.async_get(hass)
        self._sensors: dict[str, SourceEntity] = {}
        self._changed: dict[str, None] = {}
        self._task: asyncio.Task[None] | None = None
        self._is_started = False
        self._remove_stale()

    async def async_start(self) -> None:
        """Add the first sensors; the others follow, and whatever comes later."""
        self._changed = dict.fromkeys(self._service.entity_ids)
        await self._settle(self._take(AT_ONCE))
        listener = SourceListener(self._source_changed, self._source_renamed)
        stop = self._service.async_add_source_listener(listener)
        self._entry.async_on_unload(stop)
        # The rest takes its time only once Home Assistant has started.
        self._entry.async_on_unload(async_at_started(self._hass, self._started))

    @callback
    def _started(self, _hass: HomeAssistant) -> None:
        """Add what has not been added so far."""
        self._is_started = True
        self._work_soon()

    def _remove_stale(self) -> None:
        """Remove the sensors of entities that are gone, or that no rule selects any more."""
        prefix = f"{self._entry.entry_id}-"
        kept = {identity(self._hass, each) for each in self._service.entity_ids}
        sensors = er.async_entries_for_config_entry(
            self._registry, self._entry.entry_id
        )
        for sensor in sensors:
            source = sensor.unique_id.removeprefix(prefix)
            is_expected = source in kept or self._service.expects(source)
            if sensor.translation_key == CONFIRMATION and not is_expected:
                self._registry.async_remove(sensor.entity_id)

    @callback
    def _source_changed(self, source: str) -> None:
        """Look at an entity again, soon."""
        self._changed[source] = None
        self._work_soon()

    @callback
    def _source_renamed(self, old: str, new: str) -> None:
        """Have a sensor follow its entity to another id."""
        if sensor := self._sensors.pop(old, None):
            sensor.async_follow(new)
            self._sensors[new] = sensor
        self._source_changed(new)

    def _work_soon(self) -> None:
        """Have what has changed looked at."""
        if self._is_started and self._changed and not self._task:
            self._task = self._entry.async_create_background_task(
                self._hass, self._work(), "sensorchain confirmations", eager_start=False
            )

    async def _work(self) -> None:
        """Look at everything that has changed, a few entities at a time."""
        try:
            while self._changed:
                await self._settle(self._take(_BATCH))
                await asyncio.sleep(0)
        finally:
            self._task = None

    def _take(self, count: int) -> list[str]:
        """Return the first entities that have changed, and forget that."""
        sources = list(islice(self._changed, count))
        for source in sources:
            del self._changed[source]
        return sources

    async def _settle(self, sources: list[str]) -> None:
        """Add the sensors that are missing, remove those too many, refresh the others."""
        missing = defaultdict[str, list[SourceEntity]](list)
        for source in sources:
            rule_id = self._rule_id(source)
            if (sensor := self._sensors.get(source)) and self._is_wrong(sensor):
                await self._remove(source, sensor)
                sensor = None
            if rule_id is None:
                continue
            if sensor is None:
                sensor = self._sensors[source] = self._make(source)
                missing[rule_id].append(sensor)
            else:
                self._refresh(sensor, rule_id)
        for rule_id, sensors in missing.items():
            if rule_id in self._entry.subentries:
                await self._platform.async_add_entities(
                    sensors, config_subentry_id=rule_id
                )

    def _rule_id(self, source: str) -> str | None:
        """Return the rule under which an entity has a sensor, if it is to have one."""
        rule = self._service.rule(source)
        is_gone = not self._hass.states.get(source) and self._service.is_gone(source)
        return rule.rule_id if rule and not is_gone else None

    def _is_wrong(self, sensor: SourceEntity) -> bool:
        """Whether a sensor is of no use: not wanted, of another identity, or removed."""
        return (
            self._rule_id(sensor.source) is None
            or sensor.unique_id != sensor.unique_id_of(sensor.source)
            or self._registered(sensor) is None
        )

    async def _remove(self, source: str, sensor: SourceEntity) -> None:
        """Remove a sensor for good."""
        del self._sensors[source]
        if entity_id := self._registered(sensor):
            self._registry.async_remove(entity_id)
        if sensor.entity_id in self._platform.entities:
            await sensor.async_remove(force_remove=True)

    def _refresh(self, sensor: SourceEntity, rule_id: str) -> None:
        """Have a sensor stand where its entity stands, under its rule and its name."""
        sensor.async_follow(sensor.source)
        device = async_entity_id_to_device(self._hass, sensor.source)
        if entity_id := self._registered(sensor):
            self._registry.async_update_entity(
                entity_id,
                device_id=device.id if device else None,
                config_subentry_id=rule_id,
            )

    def _registered(self, sensor: SourceEntity) -> str | None:
        """Return the id under which a sensor is registered."""
        assert sensor.unique_id
        return self._registry.async_get_entity_id(
            Platform.SENSOR, DOMAIN, sensor.unique_id
        )
