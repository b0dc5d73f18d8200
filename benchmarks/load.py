"""A busy home: thousands of anchored entities that change all the time.

A whole Home Assistant with the integration set up, each entity with its confirmation sensor,
and a private Tangle in a process of its own that confirms its anchors.
"""

import asyncio
from base64 import b64encode
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
import json
from pathlib import Path
import statistics
import sys
import time
from types import MappingProxyType
from unittest.mock import patch

from aiohttp import ThreadedResolver
from pytest_homeassistant_custom_component.common import (  # type: ignore[import-untyped]
    MockConfigEntry,
    async_test_home_assistant,
)

from custom_components import sensorchain
from custom_components.sensorchain.anchoring.entry import (
    LogConfigEntry,
    async_make_log,
    new_origin,
)
from custom_components.sensorchain.const import DOMAIN
from custom_components.sensorchain.transparency.note import SigningKey
from homeassistant.config_entries import ConfigSubentryData
from homeassistant.core import HomeAssistant
from homeassistant.loader import DATA_CUSTOM_COMPONENTS
from tests.common import eventually

from .common import FULL, Scale
from .figure import Figure

ENTITIES, SECONDS = 2000, 20
QUICK_ENTITIES, QUICK_SECONDS = 100, 2
STEP = 0.01
"""Seconds between two looks at how late the event loop is, and between two bursts of changes."""


def measure(scale: Scale, folder: Path) -> Iterator[Figure]:
    """Start a home that is known already, and have its entities change twice a second."""
    is_full = scale is FULL
    entities = ENTITIES if is_full else QUICK_ENTITIES
    seconds = SECONDS if is_full else QUICK_SECONDS
    start, lost, lag = asyncio.run(_measure(folder, entities, seconds))
    name = f"{entities} entities, 2 changes a second each"
    yield Figure(f"{name}: readings lost", lost, "readings", "<= 0")
    yield Figure(f"{name}: lag of the event loop, p99", lag * 1000, "ms", "< 50")
    yield Figure(f"{entities} entities: added to the start", start, "s", "< 0.5")


async def _measure(
    folder: Path, entities: int, seconds: int
) -> tuple[float, float, float]:
    """Return the seconds of a start, how many readings are lost, and the lag in seconds."""
    ids = [f"sensor.room_{number}_temperature" for number in range(entities)]
    async with _tangle(folder) as node, _home(folder) as hass:
        for entity_id in ids:
            hass.states.async_set(entity_id, "0")
        entry = await _log(hass, node)
        await _set_up(hass, entry)
        await eventually(
            lambda: hass.states.async_entity_ids_count("sensor") >= 2 * entities
        )
        await hass.config_entries.async_unload(entry.entry_id)
        began = time.thread_time()
        await _set_up(hass, entry)
        start = time.thread_time() - began
        await asyncio.sleep(1)
        changes = asyncio.create_task(_change(hass, ids, seconds))
        lag = _p99(await _lags(changes))
        service = entry.runtime_data
        await service.async_record(())
        # The state that each entity had at the start was recorded, too.
        lost = (1 + 2 * seconds) * entities - service.size
        await hass.config_entries.async_unload(entry.entry_id)
    return start, lost, lag


def _p99(values: list[float]) -> float:
    """Return what 99 of 100 values do not exceed."""
    return statistics.quantiles(values, n=100)[98]


async def _change(hass: HomeAssistant, ids: list[str], seconds: int) -> None:
    """Have each entity change twice a second, evenly spread."""
    loop = asyncio.get_running_loop()
    start, done, total = loop.time(), 0, 2 * seconds * len(ids)
    attributes = {"unit_of_measurement": "°C"}
    while done < total:
        due = min(total, int((loop.time() - start) * 2 * len(ids)))
        # What is late is made good in the same small steps.
        for number in range(done, min(due, done + len(ids) // 20)):
            state = f"{1 + number // len(ids)}"
            hass.states.async_set(ids[number % len(ids)], state, attributes)
            done = number + 1
        await asyncio.sleep(STEP)


async def _lags(until: asyncio.Task[None]) -> list[float]:
    """Return by how many seconds the event loop was late, each time that it was asked.

    No more than this process has worked meanwhile, the log's thread included: what else the
    machine is doing makes the loop late, too, and is not what is measured.
    """
    loop, lags = asyncio.get_running_loop(), []
    while not until.done():
        due, worked = loop.time() + STEP, time.process_time()
        await asyncio.sleep(STEP)
        lags.append(min(loop.time() - due, time.process_time() - worked))
    await until
    return lags


class _Resolver(ThreadedResolver):
    """Asks the operating system for names."""

    async def real_close(self) -> None:
        """Close, as Home Assistant's own resolvers do at its end."""
        await self.close()


@asynccontextmanager
async def _home(folder: Path) -> AsyncIterator[HomeAssistant]:
    """Run a Home Assistant that finds the integration."""
    resolver = "homeassistant.helpers.aiohttp_client._async_make_resolver"
    # Home Assistant's own one asks the network for names; there is only an address here.
    with patch(resolver, lambda _hass: _Resolver()):
        async with async_test_home_assistant(config_dir=str(folder / "home")) as hass:
            hass.data.pop(DATA_CUSTOM_COMPONENTS, None)
            manifest = Path(sensorchain.__file__).with_name("manifest.json")
            # No radio and no web server takes part.
            depends_on = json.loads(manifest.read_text())["dependencies"]
            hass.config.components.update(depends_on)
            yield hass
            await hass.async_stop(force=True)


async def _set_up(hass: HomeAssistant, entry: LogConfigEntry) -> None:
    """Start the log."""
    if not await hass.config_entries.async_setup(entry.entry_id):
        raise RuntimeError(entry.reason)


async def _log(hass: HomeAssistant, node: str) -> LogConfigEntry:
    """Add a log of all sensors, which is anchored every five seconds."""
    key = SigningKey.generate(new_origin())
    settings = {
        "nodes": [node],
        "minimum_weight_magnitude": 4,
        "proof_of_work": "local",
        "transactions": 4,
        "explorer": None,
        "coordinator": None,
    }
    rule = {
        "entity_ids": [],
        "scope": {"domains": ["sensor"]},
        "occasion": "change",
        "public": False,
        "moved_by": 0,
        "at_most_every": 0,
        "at_least_every": 0,
    }
    ledger = {"ledger": "tangle", "cadence": 5, "settings": settings}
    entry = MockConfigEntry(
        domain=DOMAIN,
        title="Load",
        data={
            "kind": "log",
            "origin": key.name,
            "signing_key": b64encode(key.seed).decode(),
        },
        subentries_data=[_part("ledger", ledger), _part("rule", rule)],
    )
    entry.add_to_hass(hass)
    await async_make_log(hass, key)
    log: LogConfigEntry = entry
    return log


def _part(kind: str, data: dict[str, object]) -> ConfigSubentryData:
    """Return a part of the log."""
    return ConfigSubentryData(
        subentry_type=kind, title=kind, data=MappingProxyType(data), unique_id=None
    )


@asynccontextmanager
async def _tangle(folder: Path) -> AsyncIterator[str]:
    """Run a private Tangle in a process of its own; yield its address."""
    program = (
        "import asyncio, sys; from pathlib import Path\n"
        "from demo.tangle.private_tangle import PrivateTangle\n"
        "async def main():\n"
        "    tangle = PrivateTangle(database=Path(sys.argv[1]),"
        " minimum_weight_magnitude=4, milestone_interval=0.5)\n"
        "    async with tangle:\n"
        "        print(tangle.url, flush=True)\n"
        "        await asyncio.Event().wait()\n"
        "asyncio.run(main())"
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        program,
        folder / "tangle.db",
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout
    try:
        yield (await process.stdout.readline()).decode().strip()
    finally:
        process.kill()
        await process.wait()
