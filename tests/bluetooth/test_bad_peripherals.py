"""Whatever a sensor does wrong costs its own values, and nobody else's."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
import random
from unittest.mock import patch

from bleak.exc import BleakError, BleakGATTProtocolError, BleakGATTProtocolErrorCode
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from homeassistant.components.bluetooth import async_ble_device_from_address
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from tests.common import eventually

from . import add_sensor, becomes, logged, sensor_entry, state
from .proxy import TEMPERATURE, Deed, Proxy, Sensor, Value

HUMIDITY = 0x2A6F
GOOD, BAD = "C3:00:00:00:00:01", "C3:00:00:00:00:02"
FINE = "sensor.fine_temperature"
ODD = "sensor.odd_temperature"
WELL = bytes.fromhex("6608")
REQUESTS = ("connect", "discover", "describe", "read", "subscribe")
ATTIC = {0x2901: b"Attic"}


@pytest.fixture(autouse=True)
async def fine(hass: HomeAssistant, proxy: Proxy) -> AsyncIterator[Sensor]:
    """Have a good sensor beside the bad one, which goes on undisturbed."""
    sensor = proxy.add(Sensor(GOOD, "Fine", [Value(TEMPERATURE, WELL)]))
    entry = await add_sensor(hass, GOOD, "Fine")
    yield sensor
    assert proxy.connections[GOOD] == 1
    assert state(hass, FINE) == "21.5"
    sensor.send(sensor.values[0], b"\0\0")
    await becomes(hass, FINE, "0")
    await hass.config_entries.async_unload(entry.entry_id)


@pytest.fixture(autouse=True)
def quick_times() -> AsyncIterator[None]:
    """Have short times instead of long ones."""
    coordinator = "custom_components.sensorchain.coordinator"
    with (
        patch(f"{coordinator}.SHORTEST_WAIT", 0.01),
        patch(f"{coordinator}.INTRODUCTION_TIMEOUT", 1.0),
        patch("custom_components.sensorchain.gatt.device.TRANSACTION_TIMEOUT", 0.2),
    ):
        yield


async def add_odd(
    hass: HomeAssistant, proxy: Proxy, *values: Value
) -> tuple[Sensor, MockConfigEntry]:
    """Add a sensor that is going to misbehave."""
    sensor = proxy.add(Sensor(BAD, "Odd", list(values)))
    return sensor, await add_sensor(hass, BAD, "Odd")


def once(request: str, misdeed: Deed) -> Deed:
    """Return a deed that is done at one request, the first time."""
    done = False

    async def do(sensor: Sensor, requested: str) -> None:
        nonlocal done
        if requested == request and not done:
            done = True
            await misdeed(sensor, requested)

    return do


async def hang_up(sensor: Sensor, _request: str) -> None:
    """Lose the connection."""
    sensor.drop()


async def keep_silent(_sensor: Sensor, _request: str) -> None:
    """Never answer."""
    await asyncio.Event().wait()


@pytest.mark.parametrize("misdeed", [hang_up, keep_silent])
@pytest.mark.parametrize("request_", REQUESTS)
async def test_in_the_middle(
    hass: HomeAssistant, proxy: Proxy, misdeed: Deed, request_: str
) -> None:
    """A sensor that goes away or falls silent in the middle is tried again."""
    value = Value(TEMPERATURE, WELL, descriptors=ATTIC)
    sensor, entry = await add_odd(hass, proxy, value)
    sensor.deed = once(request_, misdeed)
    sensor.drop()
    await becomes(hass, ODD, "unavailable")
    value.data = b"\0\0"
    await becomes(hass, ODD, "0")
    await hass.config_entries.async_unload(entry.entry_id)
    assert proxy.connected == [GOOD]


async def test_descriptors_that_are_never_given(
    hass: HomeAssistant, proxy: Proxy
) -> None:
    """One that falls silent whenever it is asked for a descriptor is not asked again."""
    value = Value(TEMPERATURE, WELL, descriptors=ATTIC)
    sensor, entry = await add_odd(hass, proxy, value)

    async def say_nothing_of_itself(sensor: Sensor, requested: str) -> None:
        if requested == "describe":
            await keep_silent(sensor, requested)

    sensor.deed = say_nothing_of_itself
    sensor.drop()
    await becomes(hass, ODD, "unavailable")
    await becomes(hass, ODD, "21.5")
    await hass.config_entries.async_unload(entry.entry_id)


async def test_it_never_answers_again(
    hass: HomeAssistant, proxy: Proxy, caplog: pytest.LogCaptureFixture
) -> None:
    """One that only takes connections is let go each time, further and further apart."""
    sensor, entry = await add_odd(hass, proxy, Value(TEMPERATURE, WELL))
    caplog.clear()
    sensor.deed = keep_silent
    sensor.drop()
    before = proxy.connections[BAD]
    await eventually(lambda: proxy.connections[BAD] >= before + 3)
    assert state(hass, ODD) == "unavailable"
    assert [record.levelname for record in logged(caplog)] == ["ERROR"]
    sensor.deed = None
    await becomes(hass, ODD, "21.5")
    await hass.config_entries.async_unload(entry.entry_id)


@pytest.mark.parametrize(
    "refusal",
    [
        BleakGATTProtocolError(BleakGATTProtocolErrorCode.READ_NOT_PERMITTED),
        BleakGATTProtocolError(BleakGATTProtocolErrorCode.UNLIKELY_ERROR),
        BleakError("no reason"),
    ],
    ids=str,
)
async def test_readable_but_refuses(
    hass: HomeAssistant, proxy: Proxy, refusal: Exception
) -> None:
    """What says that it can be read and can not costs one value."""
    values = (
        Value(TEMPERATURE, WELL, ("read",), refusal=refusal),
        Value(HUMIDITY, WELL, ("read", "notify")),
    )
    _, entry = await add_odd(hass, proxy, *values)
    assert state(hass, ODD) == "unavailable"
    assert state(hass, "sensor.odd_humidity") == "21.5"
    await hass.config_entries.async_unload(entry.entry_id)


async def test_will_not_be_subscribed_to(hass: HomeAssistant, proxy: Proxy) -> None:
    """What says that it sends its values and does not is asked for them."""
    value = Value(TEMPERATURE, WELL)
    sensor = proxy.add(Sensor(BAD, "Odd", [value]))

    async def refuse(_sensor: Sensor, requested: str) -> None:
        if requested == "subscribe":
            raise BleakGATTProtocolError(BleakGATTProtocolErrorCode.UNLIKELY_ERROR)

    sensor.deed = refuse
    entry = await add_sensor(hass, BAD, "Odd")
    assert state(hass, ODD) == "21.5"
    value.data = b"\0\0"
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=61))
    await becomes(hass, ODD, "0")
    await hass.config_entries.async_unload(entry.entry_id)


async def test_descriptors_that_are_refused(hass: HomeAssistant, proxy: Proxy) -> None:
    """What can not be told of a value does not cost the value."""
    sensor = proxy.add(
        Sensor(BAD, "Odd", [Value(TEMPERATURE, WELL, descriptors=ATTIC)])
    )

    async def refuse(_sensor: Sensor, requested: str) -> None:
        if requested == "describe":
            raise BleakGATTProtocolError(BleakGATTProtocolErrorCode.READ_NOT_PERMITTED)

    sensor.deed = refuse
    entry = await add_sensor(hass, BAD, "Odd")
    assert state(hass, ODD) == "21.5"
    await hass.config_entries.async_unload(entry.entry_id)


async def test_leaves_instead_of_sending(hass: HomeAssistant, proxy: Proxy) -> None:
    """One that goes away while a poll waits for what it sends was not polled."""
    value = Value(TEMPERATURE, WELL, ("indicate",))
    sensor = proxy.add(Sensor(BAD, "Odd", [value]))

    async def leave(sensor: Sensor, requested: str) -> None:
        if requested == "subscribed":
            hass.loop.call_soon(sensor.drop)

    async def send(sensor: Sensor, requested: str) -> None:
        if requested == "subscribed":
            sensor.send(value, WELL)

    sensor.deed = leave
    await eventually(lambda: async_ble_device_from_address(hass, BAD))
    entry = sensor_entry(BAD, "Odd", connection="poll")
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is ConfigEntryState.SETUP_RETRY
    assert "the connection was lost" in (entry.reason or "")
    sensor.deed = send
    await hass.config_entries.async_reload(entry.entry_id)
    assert state(hass, ODD) == "21.5"
    await hass.config_entries.async_unload(entry.entry_id)


async def test_sends_before_all_have_subscribed(
    hass: HomeAssistant, proxy: Proxy
) -> None:
    """What is sent at the first subscription is the value of all that is in it."""
    value = Value(0x2A37, b"", ("notify",), 0x180D)
    sensor = proxy.add(Sensor(BAD, "Odd", [value]))

    async def send(sensor: Sensor, requested: str) -> None:
        if requested == "subscribed":
            sensor.send(value, bytes.fromhex("06 3c"))

    sensor.deed = send
    entry = await add_sensor(hass, BAD, "Odd")
    assert state(hass, "sensor.odd_heart_rate") == "60"
    assert state(hass, "binary_sensor.odd_skin_contact") == "on"
    await hass.config_entries.async_unload(entry.entry_id)


async def test_two_hundred_characteristics(hass: HomeAssistant, proxy: Proxy) -> None:
    """So many of one kind are each an entity, random bytes or not."""
    noise = random.Random(4)
    values = [
        Value(TEMPERATURE, noise.randbytes(noise.choice((0, 1, 2, 2, 2, 3, 600))))
        for _ in range(200)
    ]
    with patch("custom_components.sensorchain.coordinator.INTRODUCTION_TIMEOUT", 60):
        sensor, entry = await add_odd(hass, proxy, *values)
    states = hass.states.async_all("sensor")
    odd = [found for found in states if found.entity_id.startswith(ODD)]
    assert len(odd) == 200
    for found in odd:
        assert (
            found.state in {"unavailable", "unknown"} or float(found.state) >= -273.15
        )
    sensor.send(values[199], WELL)
    await becomes(hass, f"{ODD}_200", "21.5")
    await hass.config_entries.async_unload(entry.entry_id)


@pytest.mark.parametrize(
    "descriptors",
    [
        {0x2901: b"\xff\xfe\0\x01" * 100},
        {0x2901: b""},
        {0x2906: b"\x66"},
        {0x2906: bytes.fromhex("ff7f0080")},
        {0x290C: b"\xff" * 40, 0x290D: b"\x77", 0x290B: b""},
        {0x2901: b"same", 0x2904: b"\0" * 3},
    ],
    ids=lambda descriptors: ",".join(f"{uuid:x}" for uuid in descriptors),
)
async def test_descriptors_that_lie(
    hass: HomeAssistant, proxy: Proxy, descriptors: dict[int, bytes]
) -> None:
    """Descriptors make a value unknown at the worst."""
    value = Value(TEMPERATURE, WELL, descriptors=descriptors)
    _, entry = await add_odd(hass, proxy, value)
    assert state(hass, ODD) in {"21.5", "unknown"}
    await hass.config_entries.async_unload(entry.entry_id)


async def test_bytes_of_every_length(hass: HomeAssistant, proxy: Proxy) -> None:
    """Values that are too short, too long or noise come and go; the good one stays."""
    noise = random.Random(5)
    value = Value(TEMPERATURE, WELL)
    sensor, entry = await add_odd(hass, proxy, value)
    for length in (0, 1, 3, 20, 512):
        sensor.send(value, noise.randbytes(length))
        await becomes(hass, ODD, "unavailable")
        sensor.send(value, WELL)
        await becomes(hass, ODD, "21.5")
    await hass.config_entries.async_unload(entry.entry_id)
