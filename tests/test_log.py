"""A log in Home Assistant, from a state change to a confirmed reading on a Tangle."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aiohttp import ClientSession
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.sensorchain.anchoring.database import Database
from custom_components.sensorchain.anchoring.entry import (
    LogConfigEntry,
    log_path,
    signing_key,
)
from custom_components.sensorchain.anchoring.service import Confirmation, ReadingStatus
from custom_components.sensorchain.transparency.reading import Leaf
from demo.tangle.private_tangle import PrivateTangle
from homeassistant.config_entries import SOURCE_RECONFIGURE, ConfigEntryState
from homeassistant.const import (
    EVENT_HOMEASSISTANT_FINAL_WRITE,
    EVENT_HOMEASSISTANT_STOP,
)
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import (
    device_registry as dr,
    entity_registry as er,
    issue_registry as ir,
)

from .common import eventually
from .log import (
    DOMAIN,
    Published,
    add_ledger,
    add_log,
    add_rule,
    published,
    rule_form,
    tangle_form,
)

FRIDGE, HIVE = "sensor.fridge", "sensor.hive"
CONFIRMATION = "sensor.fridge_confirmation"


@asynccontextmanager
async def _tangle(
    folder: Path, name: str = "tangle", **options: Any
) -> AsyncIterator[PrivateTangle]:
    """Run a private Tangle, with a milestone a moment."""
    options = {"minimum_weight_magnitude": 4, "milestone_interval": 0.2} | options
    async with PrivateTangle(database=folder / f"{name}.db", **options) as tangle:
        yield tangle


def _state(hass: HomeAssistant, entity_id: str) -> str | None:
    state = hass.states.get(entity_id)
    return state.state if state else None


async def _confirmed(hass: HomeAssistant, value: str, entity_id: str = FRIDGE) -> None:
    """Wait until a value of an entity is confirmed."""

    def is_confirmed() -> bool:
        state = hass.states.get(f"{entity_id}_confirmation")
        return (
            state is not None
            and state.state == "confirmed"
            and state.attributes["reading"] == value
        )

    await eventually(is_confirmed)


async def _published(url: str, entry: LogConfigEntry) -> list[Published]:
    """Return what stands on a Tangle at a log's address."""
    return await published(url, signing_key(entry).verifier)


async def test_from_state_to_confirmation(
    hass: HomeAssistant, tangle: PrivateTangle
) -> None:
    """A state becomes a reading, is submitted and confirmed, and can be found again."""
    hass.states.async_set(FRIDGE, "4.1", {"unit_of_measurement": "°C"})
    explorer = f"{tangle.url}/transaction/{{transaction}}"
    entry = await add_log(
        hass, tangle_form(tangle.url, explorer=explorer), rule_form(FRIDGE)
    )
    await _confirmed(hass, "4.1")
    state = hass.states.get(CONFIRMATION)
    assert state
    assert state.attributes["unit"] == "°C"
    assert state.attributes["index"] == 0
    assert state.attributes["ledgers"] == {
        f"Tangle ({tangle.url.removeprefix('http://')})": "confirmed"
    }
    async with (
        ClientSession() as session,
        session.get(state.attributes["explorer"]) as page,
    ):
        assert state.attributes["transaction"] in await page.text()
    assert _state(hass, "sensor.evidence_verifier_key") == str(
        signing_key(entry).verifier
    )
    (anchor,) = await _published(tangle.url, entry)
    (reading,) = anchor.readings
    assert (anchor.size, reading.pop("index")) == (1, 0)
    assert Leaf.from_json(reading).reading.state == "4.1"


async def test_confirmed_reading_has_an_anchor_at_any_time(
    hass: HomeAssistant, tangle: PrivateTangle, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever asks while its anchor is being looked up gets it, too."""
    entry = await add_log(hass, tangle_form(tangle.url), rule_form(FRIDGE))
    service = entry.runtime_data
    told: list[Confirmation] = []
    run = service.database.run

    async def look_and_run(*asked: Any) -> Any:
        """Note what is told whenever the database is asked something."""
        if latest := service.latest(FRIDGE):
            told.append(latest)
        return await run(*asked)

    monkeypatch.setattr(service.database, "run", look_and_run)
    hass.states.async_set(FRIDGE, "4.1")
    await _confirmed(hass, "4.1")
    confirmed = [each for each in told if each.status is ReadingStatus.CONFIRMED]
    assert confirmed
    assert all(each.anchor and each.anchor.confirmed_at for each in confirmed)


async def test_thousands_of_readings_in_one_anchor(
    hass: HomeAssistant, tangle: PrivateTangle
) -> None:
    """Ten thousand readings take one anchor, and each has a valid proof to it."""
    entry = await add_log(
        hass, tangle_form(tangle.url, seconds=3600), rule_form(FRIDGE, HIVE)
    )
    for number in range(5000):
        hass.states.async_set(FRIDGE, str(number))
        hass.states.async_set(HIVE, str(number))
    await hass.async_block_till_done()
    service = entry.runtime_data
    assert service.size == 10_000
    # The first reading was due at once; the rest follows when it is asked for.
    await eventually(lambda: service.confirmed_size)
    service.async_anchor_now()
    await eventually(lambda: service.confirmed_size == 10_000)
    anchors = await _published(tangle.url, entry)
    assert anchors[-1].size == 10_000
    assert len(anchors) <= 2
    database, key = service.database, signing_key(entry).verifier

    def check_proofs() -> None:
        opened = database.log.checkpoint(10_000).checkpoint
        for logged in database.log.readings():
            proof = database.log.inclusion_proof(logged.index, 10_000)
            proof.verify_in(logged.leaf.to_bytes(), opened)
        database.log.inclusion_proof(0).verify(
            database.log.leaf(0).leaf.to_bytes(), key
        )

    await database.run(check_proofs)


async def test_public_and_private(hass: HomeAssistant, tangle: PrivateTangle) -> None:
    """Only what a rule marks public leaves the home; all of it is in the checkpoint."""
    hass.states.async_set(FRIDGE, "4.1")
    hass.states.async_set(HIVE, "35")
    entry = await add_log(
        hass, tangle_form(tangle.url), rule_form(FRIDGE, public=False)
    )
    await _confirmed(hass, "4.1")
    await add_rule(hass, entry, rule_form(HIVE))
    await _confirmed(hass, "35", HIVE)
    anchors = await _published(tangle.url, entry)
    assert [anchor.size for anchor in anchors] == [1, 2]
    told = [reading["entity_id"] for anchor in anchors for reading in anchor.readings]
    assert told == [HIVE]


async def test_node_down_for_the_whole_run(
    hass: HomeAssistant, tangle: PrivateTangle, caplog: pytest.LogCaptureFixture
) -> None:
    """Readings are recorded while no node answers, and all are confirmed after that."""
    hass.states.async_set(FRIDGE, "0")
    entry = await add_log(hass, tangle_form(tangle.url), rule_form(FRIDGE))
    await _confirmed(hass, "0")
    await tangle.stop()
    connected = hass.states.async_entity_ids("binary_sensor")[0]
    for number in range(1, 20):
        hass.states.async_set(FRIDGE, str(number))
        await hass.async_block_till_done()
    await eventually(lambda: _state(hass, connected) == "off")
    await eventually(lambda: _state(hass, CONFIRMATION) in ("recorded", "submitted"))
    assert entry.runtime_data.size == 20
    assert await hass.config_entries.async_reload(entry.entry_id)
    await eventually(lambda: _state(hass, connected) == "off")
    await tangle.start()
    entry.runtime_data.async_anchor_now()
    await _confirmed(hass, "19")
    await eventually(lambda: _state(hass, connected) == "on")
    assert entry.runtime_data.confirmed_size == 20
    told = [record.message for record in caplog.records if "Tangle (" in record.message]
    assert len([each for each in told if "is back" in each]) <= 2


async def test_ledger_added_later(
    hass: HomeAssistant, tangle: PrivateTangle, tmp_path: Path
) -> None:
    """A second ledger covers the whole log with its first checkpoint."""
    entry = await add_log(hass, tangle_form(tangle.url), rule_form(FRIDGE))
    for number in range(5):
        hass.states.async_set(FRIDGE, str(number))
    await _confirmed(hass, "4")
    async with _tangle(tmp_path, "other", coordinator_address="B" * 81) as other:
        result = await add_ledger(hass, entry, tangle_form(other.url))
        assert result["type"] is FlowResultType.CREATE_ENTRY
        state = hass.states.get(CONFIRMATION)
        assert state and len(state.attributes["ledgers"]) == 2

        def is_on_both() -> bool:
            state = hass.states.get(CONFIRMATION)
            return bool(state) and set(state.attributes["ledgers"].values()) == {
                "confirmed"
            }

        await eventually(is_on_both)
        (anchor,) = await _published(other.url, entry)
        assert anchor.size == 5
        ledger = entry.get_subentries_of_type("ledger")[1]
        assert hass.config_entries.async_remove_subentry(entry, ledger.subentry_id)
        await hass.async_block_till_done()
    hass.states.async_set(FRIDGE, "5")
    await _confirmed(hass, "5")
    state = hass.states.get(CONFIRMATION)
    assert state and len(state.attributes["ledgers"]) == 1


async def test_one_ledger_failing(
    hass: HomeAssistant, tangle: PrivateTangle, tmp_path: Path
) -> None:
    """A ledger that is down holds up no other; what counts as confirmed is a choice."""
    hass.states.async_set(FRIDGE, "4.1")
    entry = await add_log(hass, tangle_form(tangle.url), rule_form(FRIDGE))
    async with _tangle(tmp_path, "other", coordinator_address="B" * 81) as other:
        await add_ledger(hass, entry, tangle_form(other.url))
    await _confirmed(hass, "4.1")
    hass.states.async_set(FRIDGE, "4.2")
    await _confirmed(hass, "4.2")
    flow = await hass.config_entries.options.async_init(entry.entry_id)
    await hass.config_entries.options.async_configure(
        flow["flow_id"], {"needs_all_ledgers": True}
    )
    await hass.async_block_till_done()
    assert _state(hass, CONFIRMATION) == "submitted"
    await other.start()
    entry.runtime_data.async_anchor_now()
    await _confirmed(hass, "4.2")
    await other.stop()


async def test_refused_weight_is_told_and_mended(
    hass: HomeAssistant, demanding_tangle: PrivateTangle
) -> None:
    """Too little proof of work is a repair issue; once it is changed, all is anchored."""
    tangle = demanding_tangle
    hass.states.async_set(FRIDGE, "4.1")
    form = tangle_form(tangle.url, minimum_weight_magnitude=1)
    entry = await add_log(hass, form, rule_form(FRIDGE))
    await eventually(lambda: _state(hass, CONFIRMATION) == "failed")
    (ledger,) = entry.get_subentries_of_type("ledger")
    issues, issue_id = ir.async_get(hass), f"ledger_{ledger.subentry_id}"
    issue = await eventually(lambda: issues.async_get_issue(DOMAIN, issue_id))
    assert issue.translation_key == "ledger_refuses"
    flow = await hass.config_entries.subentries.async_init(
        (entry.entry_id, "ledger"),
        context={"source": SOURCE_RECONFIGURE, "subentry_id": ledger.subentry_id},
    )
    tangle.minimum_weight_magnitude = 6
    form = tangle_form(tangle.url, minimum_weight_magnitude=6)
    result = await hass.config_entries.subentries.async_configure(flow["flow_id"], form)
    assert result["reason"] == "reconfigure_successful"
    await eventually(lambda: _state(hass, CONFIRMATION) == "submitted")
    await tangle.issue_milestone()
    await _confirmed(hass, "4.1")
    await eventually(lambda: not issues.async_get_issue(DOMAIN, issue_id))
    assert [anchor.size for anchor in await _published(tangle.url, entry)] == [1]


async def test_issue_goes_with_its_ledger(
    hass: HomeAssistant, demanding_tangle: PrivateTangle
) -> None:
    """Nothing is told of a ledger that is gone."""
    hass.states.async_set(FRIDGE, "4.1")
    form = tangle_form(demanding_tangle.url, minimum_weight_magnitude=1)
    entry = await add_log(hass, form, rule_form(FRIDGE))
    issues = ir.async_get(hass)
    await eventually(lambda: issues.issues)
    (ledger,) = entry.get_subentries_of_type("ledger")
    assert hass.config_entries.async_remove_subentry(entry, ledger.subentry_id)
    await hass.async_block_till_done()
    assert not issues.issues


async def test_lost_anchor_is_attached_again(
    hass: HomeAssistant, tmp_path: Path, socket_enabled: None
) -> None:
    """An anchor that a network has forgotten is published again: the same content."""
    hass.states.async_set(FRIDGE, "4.1")
    async with _tangle(tmp_path, milestone_interval=0) as tangle:
        entry = await add_log(hass, tangle_form(tangle.url), rule_form(FRIDGE))
        await eventually(lambda: _state(hass, CONFIRMATION) == "submitted")
        (before,) = await _published(tangle.url, entry)
        await tangle.stop()
        for file in tmp_path.glob("tangle.db*"):
            file.unlink()
        tangle.milestone_interval = 0.2
        await tangle.start()
        entry.runtime_data.async_anchor_now()
        await _confirmed(hass, "4.1")
        (after,) = await _published(tangle.url, entry)
        assert after == before


async def test_confirmation_is_on_the_device_of_its_entity(
    hass: HomeAssistant, tangle: PrivateTangle
) -> None:
    """The confirmation stands on the device of the entity that it speaks of."""
    source = MockConfigEntry(domain="test")
    source.add_to_hass(hass)
    device = dr.async_get(hass).async_get_or_create(
        config_entry_id=source.entry_id, identifiers={("test", "fridge")}, name="Fridge"
    )
    entities = er.async_get(hass)
    entity = entities.async_get_or_create(
        "sensor",
        "test",
        "fridge",
        config_entry=source,
        device_id=device.id,
        has_entity_name=True,
        original_name="Temperature",
        suggested_object_id="fridge_temperature",
    )
    hass.states.async_set(entity.entity_id, "4.1")
    await add_log(hass, tangle_form(tangle.url), rule_form(entity.entity_id))
    confirmation = entities.async_get("sensor.fridge_temperature_confirmation")
    assert confirmation and confirmation.device_id == device.id
    state = hass.states.get(confirmation.entity_id)
    assert state and state.name == "Fridge Temperature confirmation"


async def test_nothing_is_lost_at_the_end(
    hass: HomeAssistant, tangle: PrivateTangle
) -> None:
    """What changes until Home Assistant's very last write is in the log."""
    entry = await add_log(hass, tangle_form(tangle.url), rule_form(FRIDGE))

    def change(event: Event) -> None:
        hass.states.async_set(FRIDGE, event.event_type)

    for event_type in (EVENT_HOMEASSISTANT_STOP, EVENT_HOMEASSISTANT_FINAL_WRITE):
        hass.bus.async_listen_once(event_type, callback(change))
    path, key = log_path(hass, signing_key(entry)), signing_key(entry)
    await hass.async_stop(force=True)
    database = await Database.open(path, key)
    logged = await database.run(lambda: list(database.log.readings()))
    assert [each.leaf.reading.state for each in logged] == [
        EVENT_HOMEASSISTANT_STOP,
        EVENT_HOMEASSISTANT_FINAL_WRITE,
    ]
    await database.close()


async def test_reload_while_readings_arrive(
    hass: HomeAssistant, tangle: PrivateTangle
) -> None:
    """A log that is reloaded goes on where it was, without gap or repetition."""
    entry = await add_log(hass, tangle_form(tangle.url), rule_form(FRIDGE))
    for number in range(4):
        hass.states.async_set(FRIDGE, str(number))
        assert await hass.config_entries.async_reload(entry.entry_id)
    await _confirmed(hass, "3")
    database = entry.runtime_data.database
    logged = await database.run(lambda: list(database.log.readings()))
    assert [each.leaf.reading.state for each in logged] == ["0", "1", "2", "3"]
    assert [each.leaf.sequence for each in logged] == [0, 1, 2, 3]


async def test_log_without_its_file(hass: HomeAssistant, tangle: PrivateTangle) -> None:
    """A log whose file is gone does not begin anew: that would contradict its anchors."""
    entry = await add_log(hass, tangle_form(tangle.url), rule_form(FRIDGE))
    await hass.config_entries.async_unload(entry.entry_id)
    path = log_path(hass, signing_key(entry))
    path.unlink()
    assert not await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is ConfigEntryState.SETUP_ERROR
    assert entry.reason and "No log at" in entry.reason
    assert not path.exists()


async def test_button_anchors_now(hass: HomeAssistant, tangle: PrivateTangle) -> None:
    """The button does not wait for the cadence."""
    hass.states.async_set(FRIDGE, "4.1")
    await add_log(hass, tangle_form(tangle.url, seconds=3600), rule_form(FRIDGE))
    await _confirmed(hass, "4.1")
    hass.states.async_set(FRIDGE, "4.2")
    await eventually(lambda: _state(hass, CONFIRMATION) == "recorded")
    (button,) = hass.states.async_entity_ids("button")
    await hass.services.async_call(
        "button", "press", {"entity_id": button}, blocking=True
    )
    await _confirmed(hass, "4.2")


async def test_disk_full(hass: HomeAssistant, tangle: PrivateTangle) -> None:
    """Readings that the disk does not take are told, kept, and written when it does."""
    entry = await add_log(hass, tangle_form(tangle.url), rule_form(FRIDGE))
    database = entry.runtime_data.database

    def limit(pages: int) -> None:
        database._connection.execute(f"PRAGMA max_page_count = {pages}")

    await database.run(limit, 1)
    for number in range(500):
        hass.states.async_set(FRIDGE, str(number))
    issues = ir.async_get(hass)
    issue_id = f"storage_{entry.entry_id}"
    issue = await eventually(lambda: issues.async_get_issue(DOMAIN, issue_id))
    assert issue.translation_placeholders
    assert int(issue.translation_placeholders["unwritten"]) > 0
    assert _state(hass, CONFIRMATION) != "confirmed"
    await database.run(limit, 1_000_000)
    await _confirmed(hass, "499")
    assert not issues.async_get_issue(DOMAIN, issue_id)
    logged = await database.run(lambda: list(database.log.readings()))
    assert [int(each.leaf.reading.state) for each in logged] == list(range(500))


async def test_changes_while_starting(
    hass: HomeAssistant, tangle: PrivateTangle
) -> None:
    """What changes while a log is being opened is recorded, in order and without gap."""
    entry = await add_log(hass, tangle_form(tangle.url), rule_form(FRIDGE))
    assert await hass.config_entries.async_unload(entry.entry_id)
    starting = hass.async_create_task(
        hass.config_entries.async_setup(entry.entry_id), eager_start=True
    )
    number = 0
    while not starting.done():
        hass.states.async_set(FRIDGE, str(number := number + 1))
        await asyncio.sleep(0)
    assert await starting
    await _confirmed(hass, str(number))
    database = entry.runtime_data.database
    logged = await database.run(lambda: list(database.log.readings()))
    states = [int(each.leaf.reading.state) for each in logged]
    # The first ones may have come before the log's entry had its turn.
    assert states == list(range(states[0], number + 1))
    assert len(states) > 1
