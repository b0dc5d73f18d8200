"""Listeners are called, however many they are, and others have their turn meanwhile."""

import asyncio
import time

import pytest

from custom_components.sensorchain.anchoring import teller
from custom_components.sensorchain.anchoring.teller import Teller
from homeassistant.core import HomeAssistant
from tests.common import eventually, never


async def test_few_are_called_at_once(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those who listen to what is told about, and nobody else; not those who have left."""
    monkeypatch.setattr(teller, "SLICE_SECONDS", 60)
    called: list[str] = []
    told = Teller(hass)
    told.async_add_listener(lambda: called.append("log"), None)
    told.async_add_listener(lambda: called.append("fridge"), "sensor.fridge")
    leave = told.async_add_listener(lambda: called.append("hive"), "sensor.hive")
    told.async_tell("sensor.fridge", "sensor.door")
    assert called == ["fridge"]
    told.async_tell(None, "sensor.fridge")
    assert called == ["fridge", "log", "fridge"]
    leave()
    told.async_tell_all()
    assert called == ["fridge", "log", "fridge", "log", "fridge"]


async def test_many_are_called_in_slices(hass: HomeAssistant) -> None:
    """Each is called once for all that has come until its turn; the loop stays free."""
    called: list[int] = []
    told = Teller(hass)

    def work(number: int) -> None:
        start = time.thread_time()
        while time.thread_time() - start < teller.SLICE_SECONDS / 2:
            pass
        called.append(number)

    for number in range(10):
        told.async_add_listener(lambda number=number: work(number), f"sensor.{number}")
    told.async_tell_all()
    assert 0 < len(called) < 10
    told.async_tell(*(f"sensor.{number}" for number in reversed(range(10))))
    first = len(called)
    turns = 0
    while len(called) < 10 + first:
        await asyncio.sleep(0)
        turns += 1
    assert turns > 3
    assert sorted(called) == sorted([*range(10), *called[:first]])
    await asyncio.sleep(0)
    assert len(called) == 10 + first


async def test_stop(hass: HomeAssistant) -> None:
    """Nobody is called after the end; one who leaves while due is not called."""
    called: list[int] = []
    told = Teller(hass)

    def work(number: int) -> None:
        start = time.thread_time()
        while time.thread_time() - start < teller.SLICE_SECONDS:
            pass
        called.append(number)

    leave = [
        told.async_add_listener(lambda number=number: work(number), "sensor.fridge")
        for number in range(4)
    ]
    told.async_tell("sensor.fridge")
    (first,) = called
    gone = next(number for number in range(4) if number != first)
    leave[gone]()
    await eventually(lambda: len(called) > 1)
    told.async_stop()
    before = len(called)
    await never(lambda: len(called) > before, 0.1)
    assert gone not in called
