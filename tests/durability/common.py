"""What these tests do with a log, and how they look into it."""

from collections.abc import Iterable
from pathlib import Path

from custom_components.sensorchain.anchoring.entry import (
    LogConfigEntry,
    log_path,
    signing_key,
)
from custom_components.sensorchain.anchoring.succession import PREVIOUS_LOG
from custom_components.sensorchain.transparency.checkpoint import SignedCheckpoint
from custom_components.sensorchain.transparency.log import LoggedReading
from custom_components.sensorchain.transparency.note import VerifierKey
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from tests.common import eventually
from tests.log import DOMAIN

FRIDGE = "sensor.fridge"


async def record(hass: HomeAssistant, values: Iterable[object]) -> None:
    """Have the fridge show values, one after the other."""
    for value in values:
        hass.states.async_set(FRIDGE, str(value))
        await hass.async_block_till_done()


async def confirmed(entry: LogConfigEntry, size: int) -> None:
    """Wait until a log of this size is confirmed."""
    await eventually(
        lambda: (
            entry.state is ConfigEntryState.LOADED
            and entry.runtime_data.size == size
            and entry.runtime_data.confirmed_size == size
        )
    )


async def readings(entry: LogConfigEntry) -> list[LoggedReading]:
    """Return what is in the log."""
    database = entry.runtime_data.database
    return await database.run(lambda: list(database.log.readings()))


def states(logged: Iterable[LoggedReading]) -> list[str]:
    """Return the states of readings."""
    return [each.leaf.reading.state for each in logged]


async def stopped(hass: HomeAssistant, entry: LogConfigEntry) -> Path:
    """Stop the log; return its file."""
    if entry.state is ConfigEntryState.LOADED:
        assert await hass.config_entries.async_unload(entry.entry_id)
    return log_path(hass, signing_key(entry))


async def successor(entry: LogConfigEntry, old: VerifierKey) -> VerifierKey:
    """Return the key of the log that has taken over, once it has."""

    def has_taken_over() -> bool:
        return (
            entry.state is ConfigEntryState.LOADED
            and signing_key(entry).verifier != old
        )

    await eventually(has_taken_over)
    return signing_key(entry).verifier


def check_first_leaf(logged: LoggedReading, old: VerifierKey, size: int) -> None:
    """Check that the first leaf names the last checkpoint of the old log."""
    assert logged.leaf.reading.entity_id == PREVIOUS_LOG
    opened = SignedCheckpoint.open(logged.leaf.reading.state, old)
    assert opened.checkpoint.size == size


def issue_of(hass: HomeAssistant, issue_id: str) -> ir.IssueEntry | None:
    """Return an issue that is being told."""
    return ir.async_get(hass).async_get_issue(DOMAIN, issue_id)
