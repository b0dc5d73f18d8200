"""Many sensors share the three connections that a proxy can have."""

import asyncio
from collections.abc import Iterable
from unittest.mock import patch

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.sensorchain import slots
from custom_components.sensorchain.const import DOMAIN
from custom_components.sensorchain.slots import async_get_slots
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from tests.common import eventually

from . import logged, sensor_entry, state
from .proxy import TEMPERATURE, Proxy, Sensor, Value


def crowd(
    hass: HomeAssistant, proxy: Proxy, count: int, **options: object
) -> list[MockConfigEntry]:
    """Switch sensors on, and return an entry for each that is not set up yet."""
    entries = []
    for _ in range(count):
        number = len(proxy.sensors) + 1
        address = f"C3:00:00:00:00:{number:02X}"
        proxy.add(Sensor(address, f"Room {number}", [Value(TEMPERATURE, b"\0\0")]))
        entry = sensor_entry(address, f"Room {number}", **options)
        entry.add_to_hass(hass)
        entries.append(entry)
    return entries


async def set_up(hass: HomeAssistant, entries: Iterable[MockConfigEntry]) -> None:
    """Set entries up, all at once."""
    assert await async_setup_component(hass, DOMAIN, {})
    await asyncio.gather(
        *(
            hass.config_entries.async_setup(entry.entry_id)
            for entry in entries
            if entry.state is ConfigEntryState.NOT_LOADED
        )
    )
    assert all(entry.state is ConfigEntryState.LOADED for entry in entries)


async def unload(hass: HomeAssistant, entries: list[MockConfigEntry]) -> None:
    """Unload entries, after which none of them waits for a slot or holds one."""
    addresses = {entry.unique_id for entry in entries}
    for entry in entries:
        assert await hass.config_entries.async_unload(entry.entry_id)
    queue = async_get_slots(hass)
    assert addresses.isdisjoint({*queue.waiting, *queue.holding})


def states(hass: HomeAssistant, count: int) -> list[str | None]:
    """Return what the sensors of a crowd show."""
    return [
        state(hass, f"sensor.room_{number}_temperature")
        for number in range(1, count + 1)
    ]


async def test_forty_sensors_on_three_slots(hass: HomeAssistant, proxy: Proxy) -> None:
    """All want to be polled far more often than three slots allow; none starves."""

    async def take_time(_sensor: Sensor, _request: str) -> None:
        await asyncio.sleep(0.02)

    entries = crowd(hass, proxy, 40, connection="poll", poll_every=0.0005)
    for sensor in proxy.sensors.values():
        sensor.deed = take_time
    await set_up(hass, entries)
    assert states(hass, 40) == ["0"] * 40
    for sensor in proxy.sensors.values():
        sensor.values[0].data = bytes.fromhex("6608")
    await eventually(lambda: states(hass, 40) == ["21.5"] * 40)
    rounds = proxy.connections.values()
    await eventually(lambda: min(rounds) >= 6)
    assert max(rounds) - min(rounds) <= 2, sorted(rounds)
    assert proxy.most == proxy.slots
    await unload(hass, entries)


async def test_those_who_stay_make_room(
    hass: HomeAssistant,
    proxy: Proxy,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Three that stay connected hold all slots, and yet others are polled."""
    with patch.object(slots, "PATIENCE", 0.2), patch.object(slots, "LOOK_AGAIN", 0.05):
        staying = crowd(hass, proxy, 3, connection="stay")
        await set_up(hass, staying)
        assert len(proxy.connected) == 3
        polled = crowd(hass, proxy, 5, connection="poll", poll_every=0.005)
        await set_up(hass, polled)
        caplog.clear()
        await eventually(lambda: min(proxy.connections.values()) >= 3)
        assert states(hass, 8) == ["0"] * 8
        assert not logged(caplog)
    await unload(hass, polled)
    await eventually(lambda: len(proxy.connected) == 3)
    await unload(hass, staying)


async def test_more_stay_than_there_are_slots(
    hass: HomeAssistant, proxy: Proxy
) -> None:
    """Those who stay connected take turns where there are too many of them."""
    with patch.object(slots, "PATIENCE", 0.2), patch.object(slots, "LOOK_AGAIN", 0.05):
        entries = crowd(hass, proxy, 5, connection="stay")
        await set_up(hass, entries)
        await eventually(lambda: min(proxy.connections.values()) >= 3)
        assert states(hass, 5) == ["0"] * 5
    await unload(hass, entries)


async def test_nobody_is_disturbed_while_there_is_room(
    hass: HomeAssistant, proxy: Proxy
) -> None:
    """Two that stay connected keep their slots while others share the third."""
    with patch.object(slots, "LOOK_AGAIN", 0.05):
        staying = crowd(hass, proxy, 2, connection="stay")
        await set_up(hass, staying)
        polled = crowd(hass, proxy, 4, connection="poll", poll_every=0.001)
        await set_up(hass, polled)
        await eventually(
            lambda: min(proxy.connections[entry.unique_id] for entry in polled) >= 5
        )
    assert [proxy.connections[entry.unique_id] for entry in staying] == [1, 1]
    await unload(hass, [*staying, *polled])


async def test_a_proxy_that_does_not_tell(hass: HomeAssistant, proxy: Proxy) -> None:
    """Where nobody tells how many slots are left, it is tried."""
    proxy.tells = False
    entries = crowd(hass, proxy, 3, connection="stay")
    await set_up(hass, entries)
    assert states(hass, 3) == ["0"] * 3
    await unload(hass, entries)


async def test_who_leaves_as_its_turn_comes(hass: HomeAssistant, proxy: Proxy) -> None:
    """One that gives up at that very moment holds no slot, and is served when it returns."""
    address = proxy.add(
        Sensor("C4:00:00:00:00:01", "Shed", [Value(TEMPERATURE)])
    ).address
    queue = async_get_slots(hass)
    proxy.slots = 0
    waiting = asyncio.create_task(queue.wait(address))
    await eventually(lambda: queue.waiting == (address,))
    proxy.slots = 1
    waiting.cancel()
    proxy.tell_allocations()
    assert queue.holding == (address,)
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert queue.holding == queue.waiting == ()
    turn = await queue.wait(address)
    assert queue.holding == (address,)
    queue.release(turn)


async def test_no_slot_for_the_time_being(hass: HomeAssistant, proxy: Proxy) -> None:
    """Where others hold all slots, setting up is put off, and keeps its place."""
    busy = [
        proxy.add(Sensor(f"C4:00:00:00:00:0{number}", "Busy", [Value(TEMPERATURE)]))
        for number in (1, 2, 3)
    ]
    for sensor in busy:
        sensor.client = object()  # type: ignore[assignment]
    (entry,) = crowd(hass, proxy, 1, connection="poll")
    with patch("custom_components.sensorchain.coordinator.TURN_AT_START", 0.1):
        assert await async_setup_component(hass, DOMAIN, {})
    assert entry.state is ConfigEntryState.SETUP_RETRY
    assert "all connection slots are in use" in (entry.reason or "")
    for sensor in busy:
        sensor.client = None
    await hass.config_entries.async_reload(entry.entry_id)
    assert entry.state is ConfigEntryState.LOADED
    await unload(hass, [entry])
