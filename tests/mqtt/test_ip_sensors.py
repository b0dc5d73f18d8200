"""A board's readings, through Home Assistant's MQTT integration, anchored like any other."""

from custom_components.sensorchain.anchoring.entry import signing_key
from demo.tangle.private_tangle import PrivateTangle
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from tests.common import eventually
from tests.log import add_log, published, rule_form, tangle_form

from .board import Board

TEMPERATURE = "sensor.nano2_temperature"
CONFIRMATION = f"{TEMPERATURE}_confirmation"


def _value(hass: HomeAssistant, entity_id: str) -> str | None:
    """Return the state of an entity."""
    state = hass.states.get(entity_id)
    return state.state if state else None


async def test_from_board_to_ledger(
    hass: HomeAssistant, mqtt: ConfigEntry, board: Board, tangle: PrivateTangle
) -> None:
    """What the board publishes becomes an entity, a reading, and is confirmed."""
    await board.announce()
    await eventually(lambda: _value(hass, TEMPERATURE) == "unavailable")
    entry = await add_log(hass, tangle_form(tangle.url), rule_form(TEMPERATURE))
    for temperature in (21.5, 21.6):
        await board.measure(temperature)
        await eventually(
            lambda value=str(temperature): _value(hass, TEMPERATURE) == value
        )
    await eventually(
        lambda: (
            (state := hass.states.get(CONFIRMATION))
            and state.state == "confirmed"
            and state.attributes["reading"] == "21.6"
        )
    )
    anchors = await published(tangle.url, signing_key(entry).verifier)
    told = {
        reading["sequence"]: (reading["entity_id"], reading["state"], reading["unit"])
        for anchor in anchors
        for reading in anchor.readings
    }
    assert told[max(told)] == (TEMPERATURE, "21.6", "°C")
    assert [told[number][1] for number in sorted(told)] == [
        "unavailable",
        "21.5",
        "21.6",
    ]


async def test_confirmation_is_on_the_boards_device(
    hass: HomeAssistant, mqtt: ConfigEntry, board: Board, tangle: PrivateTangle
) -> None:
    """The board's device shows how far its readings have come."""
    await board.announce()
    await eventually(lambda: _value(hass, TEMPERATURE))
    await add_log(hass, tangle_form(tangle.url), rule_form(TEMPERATURE))
    entities = er.async_get(hass)
    source, confirmation = map(entities.async_get, (TEMPERATURE, CONFIRMATION))
    assert source and confirmation
    assert source.device_id == confirmation.device_id is not None


async def test_board_that_falls_silent(
    hass: HomeAssistant,
    mqtt: ConfigEntry,
    board: Board,
    tangle: PrivateTangle,
) -> None:
    """That nothing comes any more is a reading too, where the board says when it lives."""
    await board.announce(expire_after=1)
    await eventually(lambda: _value(hass, TEMPERATURE))
    entry = await add_log(hass, tangle_form(tangle.url), rule_form(TEMPERATURE))
    await eventually(lambda: entry.runtime_data.size == 1)
    await board.measure(4.1)
    await eventually(lambda: entry.runtime_data.size == 3)
    database = entry.runtime_data.database
    logged = await database.run(lambda: list(database.log.readings()))
    assert [each.leaf.reading.state for each in logged] == [
        "unavailable",
        "4.1",
        "unavailable",
    ]
