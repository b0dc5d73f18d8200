"""Connections come and go at random moments, and nothing is left behind of them."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
import gc
import logging
import os
import random
from unittest.mock import patch
import weakref

import pytest

from custom_components.sensorchain.slots import async_get_slots
from homeassistant.core import HomeAssistant
from tests.common import eventually

from . import add_sensor, state
from .proxy import TEMPERATURE, Proxy, Sensor, Value

CONNECTIONS = int(os.environ.get("SENSORCHAIN_CONNECTIONS", "200"))
SENSORS = 6
"""Twice as many as there are slots; every other one is polled."""


@pytest.fixture
def _no_logging() -> Iterator[None]:
    """Log nothing: what is logged keeps tracebacks, and all that they know, alive."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.usefixtures("_no_logging")
async def test_connects_and_disconnects(hass: HomeAssistant, proxy: Proxy) -> None:
    """After 200 connections every entity is right, and nothing was leaked."""
    chance = random.Random(CONNECTIONS)

    async def misbehave(sensor: Sensor, request: str) -> None:
        if chance.random() < 0.06:
            sensor.drop()
        elif chance.random() < 0.02:
            await asyncio.sleep(0.3)

    sensors = [
        proxy.add(
            Sensor(
                f"C3:00:00:00:00:{n:02X}", f"Room {n}", [Value(TEMPERATURE, b"\0\0")]
            )
        )
        for n in range(1, SENSORS + 1)
    ]
    with (
        patch("custom_components.sensorchain.coordinator.SHORTEST_WAIT", 0.01),
        patch("custom_components.sensorchain.coordinator.LONGEST_WAIT", 0.1),
        patch(
            "custom_components.sensorchain.coordinator.READ_INTERVAL",
            timedelta(seconds=1),
        ),
        patch("custom_components.sensorchain.gatt.device.TRANSACTION_TIMEOUT", 0.2),
        patch("custom_components.sensorchain.slots.PATIENCE", 0.1),
        patch("custom_components.sensorchain.slots.LOOK_AGAIN", 0.02),
    ):
        entries = [
            await add_sensor(
                hass,
                sensor.address,
                sensor.name,
                connection=("stay", "poll")[number % 2],
                poll_every=0.002,
            )
            for number, sensor in enumerate(sensors)
        ]
        await hass.async_block_till_done()
        coordinators = [weakref.ref(entry.runtime_data) for entry in entries]
        before = asyncio.all_tasks()
        for sensor in sensors:
            sensor.deed = misbehave
        while proxy.connections.total() < CONNECTIONS:
            victim = chance.choice(sensors)
            victim.drop()
            victim.send(victim.values[0], chance.randbytes(chance.randrange(4)))
            await asyncio.sleep(chance.random() * 0.05)
        for number, sensor in enumerate(sensors):
            sensor.deed = None
            sensor.send(sensor.values[0], number.to_bytes(2, "little"))
        for number in range(SENSORS):
            expected = "0" if number == 0 else f"{number / 100}"
            entity_id = f"sensor.room_{number + 1}_temperature"
            await eventually(lambda e=entity_id, x=expected: state(hass, e) == x)
        for entry in entries:
            assert await hass.config_entries.async_unload(entry.entry_id)
    queue = async_get_slots(hass)
    assert (queue.waiting, queue.holding) == ((), ())
    await eventually(lambda: not proxy.connected)
    await hass.async_block_till_done(wait_background_tasks=True)
    await eventually(lambda: asyncio.all_tasks() <= before)
    gc.collect()
    assert [found() for found in coordinators] == [None] * SENSORS
    assert proxy.most <= proxy.slots
