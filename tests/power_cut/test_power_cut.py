"""A power cut at any step of an anchor loses no reading and publishes nothing twice."""

import asyncio
from base64 import b64decode
from collections.abc import AsyncIterator
from contextlib import suppress
from itertools import groupby
import json
from pathlib import Path
from random import uniform
import signal
import sqlite3
from typing import Any

from aiohttp import ClientError
import pytest

from custom_components.sensorchain.transparency.database import open_database
from custom_components.sensorchain.transparency.log import Log, LoggedReading
from custom_components.sensorchain.transparency.note import SigningKey
from demo.tangle.private_tangle import PrivateTangle
from demo.world.home_assistant import HomeAssistant
from demo.world.ports import free_ports
from tests.log import published, rule_form, tangle_form

from .house import House, Wire, real_python

FRIDGE = "sensor.fridge"
CONFIRMATION = "sensor.fridge_confirmation"

FLOW = "/api/config/config_entries/flow"


@pytest.fixture
async def wire(tangle: PrivateTangle) -> AsyncIterator[Wire]:
    """Lay the wire to the Tangle."""
    async with Wire(lambda: tangle.url).laid() as wire:
        yield wire


@pytest.fixture
def house(tmp_path: Path, wire: Wire) -> House:
    """Build a house whose power the wire can cut."""
    house = House(tmp_path, *free_ports(1), real_python())
    house.prepare()
    wire.call = house.cut_power
    return house


async def _add_log(home: HomeAssistant, url: str, seconds: float = 1) -> None:
    """Add a log through the forms."""
    step = await home.post(FLOW, {"handler": "sensorchain"})
    for answer in (
        {"next_step_id": "log"},
        {"name": "Evidence"},
        {"next_step_id": "tangle"},
        tangle_form(url, seconds=seconds),
        rule_form(FRIDGE),
    ):
        step = await home.post(f"{FLOW}/{step['flow_id']}", answer)
    assert step["type"] == "create_entry", step


async def _set(home: HomeAssistant, value: str) -> None:
    """Set the fridge's state."""
    await home.post(f"/api/states/{FRIDGE}", {"state": value})


async def _confirmation(home: HomeAssistant) -> dict[str, Any]:
    """Return the fridge's confirmation: its attributes, and its state as `status`."""
    states = await home.get("/api/states")
    for state in states:
        if state["entity_id"] == CONFIRMATION:
            return {**state["attributes"], "status": state["state"]}
    return {}


async def _wait(home: HomeAssistant, **expected: object) -> dict[str, Any]:
    """Return the fridge's confirmation once it is as expected."""
    while True:
        told = await _confirmation(home)
        if all(told.get(key) == value for key, value in expected.items()):
            return told
        await asyncio.sleep(0.05)


def _entry(house: House) -> dict[str, Any]:
    """Return the log's entry as Home Assistant has stored it."""
    storage = house.folder / "home-assistant" / ".storage"
    entries = json.loads((storage / "core.config_entries").read_text())
    (entry,) = (e for e in entries["data"]["entries"] if e["domain"] == "sensorchain")
    return entry["data"]


def _read_log(house: House) -> tuple[SigningKey, list[LoggedReading]]:
    """Return the log's key and its readings, read from the disk."""
    data = _entry(house)
    key = SigningKey.from_seed(data["origin"], b64decode(data["signing_key"]))
    folder = house.folder / "home-assistant" / ".storage" / "sensorchain"
    (path,) = folder.glob("*.db")
    connection: sqlite3.Connection = open_database(path, create=False)
    readings = list(Log(connection, key).readings())
    connection.close()
    return key, readings


@pytest.mark.parametrize(
    "at",
    [
        ("getTransactionsToApprove", "before"),  # nothing is prepared yet
        ("storeTransactions", "before"),  # prepared and stored, not sent
        ("storeTransactions", "after"),  # sent, without an answer
        ("broadcastTransactions", "after"),  # sent, the receipt not stored
        ("findTransactions", "before"),  # submitted, not asked for
        ("getInclusionStates", "after"),  # confirmed, which is not stored
    ],
    ids=" ".join,
)
async def test_power_cut_at(
    house: House, wire: Wire, tangle: PrivateTangle, at: tuple[str, str]
) -> None:
    """Home Assistant is killed at a step, started again, and confirms what was recorded."""
    async with house.inhabited() as home:
        await _add_log(home, wire.url)
        await _set(home, "4.1")
        await _wait(home, reading="4.1", status="confirmed")
        wire.at = at
        await _set(home, "4.2")
        await wire.has_called.wait()
    async with house.inhabited() as home:
        await _wait(home, reading="4.2", status="confirmed")
    key, readings = _read_log(house)
    assert [each.leaf.reading.state for each in readings] == ["4.1", "4.2"]
    anchors = await published(tangle.url, key.verifier)
    for size, versions in groupby(anchors, key=lambda anchor: anchor.size):
        assert len(list(versions)) == 1, f"two versions of the checkpoint of {size}"
    assert anchors[-1].size == 2


async def test_power_cut_at_any_time(
    house: House, wire: Wire, tangle: PrivateTangle
) -> None:
    """Whatever was told to be recorded is in the log after each of several power cuts."""
    told = -1
    for cut in range(3):
        async with house.inhabited() as home:
            if not cut:
                await _add_log(home, wire.url)
            asyncio.get_running_loop().call_later(uniform(1, 3), house.cut_power)
            with suppress(ClientError):
                for number in range(1000):
                    await _set(home, f"{cut}.{number}")
                    told = max(told, (await _confirmation(home)).get("index", -1))
        assert house.process
        assert house.process.returncode == -signal.SIGKILL
        key, readings = _read_log(house)
        assert len(readings) > told
        assert [each.leaf.sequence for each in readings] == list(range(len(readings)))
    async with house.inhabited() as home:
        await _wait(home, index=len(readings) - 1, status="confirmed")
    sizes = [anchor.size for anchor in await published(tangle.url, key.verifier)]
    assert len(sizes) == len(set(sizes))
    assert sizes[-1] == len(readings)
