"""The fridge of the house, its log, and what is told of its readings."""

import asyncio
from base64 import b64decode
import json
import sqlite3
from typing import Any

from custom_components.sensorchain.transparency.database import open_database
from custom_components.sensorchain.transparency.log import Log, LoggedReading
from custom_components.sensorchain.transparency.note import SigningKey
from demo.world.home_assistant import HomeAssistant
from tests.log import rule_form

from .house import House, Wire

FRIDGE = "sensor.fridge"
CONFIRMATION = "sensor.fridge_confirmation"

FLOW = "/api/config/config_entries/flow"


async def add_log(home: HomeAssistant, kind: str, *pages: dict[str, Any]) -> None:
    """Add a log through the forms; `pages` are those of its ledger."""
    step = await home.post(FLOW, {"handler": "sensorchain"})
    for answer in (
        {"next_step_id": "log"},
        {"name": "Evidence"},
        {"next_step_id": kind},
        *pages,
        rule_form(FRIDGE),
    ):
        step = await home.post(f"{FLOW}/{step['flow_id']}", answer)
    assert step["type"] == "create_entry", step


async def set_fridge(home: HomeAssistant, value: str) -> None:
    """Set the fridge's state."""
    await home.post(f"/api/states/{FRIDGE}", {"state": value})


async def confirmation(home: HomeAssistant) -> dict[str, Any]:
    """Return the fridge's confirmation: its attributes, and its state as `status`."""
    states = await home.get("/api/states")
    for state in states:
        if state["entity_id"] == CONFIRMATION:
            return {**state["attributes"], "status": state["state"]}
    return {}


async def wait_for(home: HomeAssistant, **expected: object) -> dict[str, Any]:
    """Return the fridge's confirmation once it is as expected."""
    while True:
        told = await confirmation(home)
        if all(told.get(key) == value for key, value in expected.items()):
            return told
        await asyncio.sleep(0.05)


def _entries(house: House) -> list[dict[str, Any]]:
    """Return the logs' entries as Home Assistant has stored them."""
    storage = house.folder / "home-assistant" / ".storage" / "core.config_entries"
    stored = json.loads(storage.read_text()) if storage.exists() else None
    entries = stored["data"]["entries"] if stored else []
    return [each["data"] for each in entries if each["domain"] == "sensorchain"]


async def until_stored(house: House) -> None:
    """Wait until Home Assistant, which takes its time, has stored that there is a log."""
    while not _entries(house):
        await asyncio.sleep(0.05)


async def live_through_cut(
    house: House, wire: Wire, at: tuple[str, str], kind: str, *pages: dict[str, Any]
) -> SigningKey:
    """Have Home Assistant killed at a step of its second anchor, and started again.

    Both readings are in the log then, and confirmed. Returns the log's key.
    """
    async with house.inhabited() as home:
        await add_log(home, kind, *pages)
        await set_fridge(home, "4.1")
        await wait_for(home, reading="4.1", status="confirmed")
        await until_stored(house)
        wire.at = at
        await set_fridge(home, "4.2")
        await wire.has_called.wait()
    async with house.inhabited() as home:
        await wait_for(home, reading="4.2", status="confirmed")
    key, readings = read_log(house)
    assert [each.leaf.reading.state for each in readings] == ["4.1", "4.2"]
    return key


def read_log(house: House) -> tuple[SigningKey, list[LoggedReading]]:
    """Return the log's key and its readings, read from the disk."""
    (data,) = _entries(house)
    key = SigningKey.from_seed(data["origin"], b64decode(data["signing_key"]))
    folder = house.folder / "home-assistant" / ".storage" / "sensorchain"
    (path,) = folder.glob("*.db")
    connection: sqlite3.Connection = open_database(path, create=False)
    readings = list(Log(connection, key).readings())
    connection.close()
    return key, readings
