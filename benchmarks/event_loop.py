"""What one change of state costs Home Assistant's event loop when a log is there.

Two instances of Home Assistant in one process, one of them with a log, take the same
changes in turns. Both have somebody else listening to state changes too, as every home
has: without anybody, Home Assistant would not even make an event of them.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
import statistics
import time

from custom_components.sensorchain.anchoring.database import Database
from custom_components.sensorchain.anchoring.names import Naming
from custom_components.sensorchain.anchoring.rule import Rule
from custom_components.sensorchain.anchoring.watcher import Watcher
from custom_components.sensorchain.anchoring.writer import Writer
from custom_components.sensorchain.transparency.log import LoggedReading
from homeassistant.config_entries import ConfigEntries
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.event import async_track_state_change_event

from .common import KEY, Scale
from .figure import Figure

ANCHORED = "sensor.anchored"
OTHER = "sensor.other"
CHANGES = 200
"""Changes one after another in a block, during which the log commits now and then."""


def measure(scale: Scale, folder: Path) -> Iterator[Figure]:
    """Change an anchored entity and another one, with and without a log."""
    anchored, other = asyncio.run(_measure(scale.rounds, folder))
    name = "event loop: a state change of an entity that is"
    yield Figure(f"{name} anchored", anchored, "µs", "< 15")
    yield Figure(f"{name} not", other, "µs", "< 1")


async def _measure(rounds: int, folder: Path) -> tuple[float, float]:
    """Return the microseconds that the log adds to a change of either entity."""
    plain, logging = await _home(folder), await _home(folder)
    added: dict[str, list[float]] = {ANCHORED: [], OTHER: []}
    async with _log(logging, folder / "event_loop.db") as writer:
        for _ in range(5 * rounds):
            for entity_id, differences in added.items():
                without = await _change(plain, entity_id)
                differences.append(await _change(logging, entity_id) - without)
                await writer.async_flush()
    for hass in (plain, logging):
        await hass.async_stop(force=True)
    anchored, other = (statistics.median(times) * 1e6 for times in added.values())
    return anchored, other


async def _home(folder: Path) -> HomeAssistant:
    """Return a Home Assistant in which somebody listens to another entity."""
    hass = HomeAssistant(str(folder))
    hass.config_entries = ConfigEntries(hass, {})
    dr.async_setup(hass)
    await dr.async_load(hass, load_empty=True)
    await er.async_load(hass, load_empty=True)
    async_track_state_change_event(hass, "sensor.third", lambda _: None)
    return hass


async def _change(hass: HomeAssistant, entity_id: str) -> float:
    """Return the seconds of a typical change, until all who listen have done their work."""
    attributes = {"unit_of_measurement": "°C"}
    times = []
    for number in range(CHANGES):
        start = time.thread_time()
        hass.states.async_set(entity_id, f"{number / 10}", attributes)
        # In the next turn of the loop the listeners are called, then what they started.
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        times.append(time.thread_time() - start)
    return statistics.median(times)


@asynccontextmanager
async def _log(hass: HomeAssistant, path: Path) -> AsyncIterator[Writer]:
    """Record an entity as the service does; nobody is told of it."""
    database = await Database.open(path, KEY, create=True)
    latest: dict[str, LoggedReading] = {}

    def recorded(logged: list[LoggedReading]) -> None:
        latest.update({entry.leaf.reading.entity_id: entry for entry in logged})

    watcher = Watcher(hass, [Rule(entity_ids=(ANCHORED,))])
    writer = Writer(hass, database, recorded, lambda _: None)
    watcher.async_begin(
        lambda _: None, lambda *reading: writer.async_write([reading]), Naming(hass, {})
    )
    try:
        yield writer
    finally:
        watcher.async_stop()
        await writer.async_flush()
        await database.close()
