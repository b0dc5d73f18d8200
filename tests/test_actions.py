"""Actions: what they record, what they answer, and what they refuse."""

from pathlib import Path
from typing import Any

import pytest

from custom_components.sensorchain.anchoring.entry import LogConfigEntry, signing_key
from custom_components.sensorchain.const import DOMAIN
from custom_components.sensorchain.transparency.merkle import leaf_hash
from custom_components.sensorchain.transparency.note import encode_base64
from demo.tangle.private_tangle import PrivateTangle
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import entity_registry as er
from homeassistant.util.yaml import load_yaml_dict

from .common import eventually
from .log import ROOT, add_log, export, rule_form, tangle_form

FRIDGE, HIVE, DOOR = "sensor.fridge", "sensor.hive", "binary_sensor.door"


async def _call(hass: HomeAssistant, action: str, **data: Any) -> Any:
    """Return what an action answers."""
    return await hass.services.async_call(
        DOMAIN, action, data, blocking=True, return_response=True
    )


@pytest.fixture
async def entry(hass: HomeAssistant, tangle: PrivateTangle) -> LogConfigEntry:
    """Return a log that records by request alone, and does not anchor by itself."""
    hass.states.async_set(FRIDGE, "4.1")
    hass.states.async_set(HIVE, "35")
    form = tangle_form(tangle.url, seconds=3600)
    return await add_log(hass, form, rule_form(FRIDGE, HIVE, occasion="request"))


async def test_anchor(hass: HomeAssistant, entry: LogConfigEntry) -> None:
    """What is recorded is recorded by the action alone; it tells where it is."""
    hass.states.async_set(FRIDGE, "4.2")
    await hass.async_block_till_done()
    service = entry.runtime_data
    assert service.size == 0
    answer = await _call(hass, "anchor", entity_id=[FRIDGE, HIVE])
    ((fridge,), (hive,)) = (answer["readings"][each] for each in (FRIDGE, HIVE))
    assert (fridge["reading"], fridge["sequence"], fridge["status"]) == (
        "4.2",
        0,
        "recorded",
    )
    assert {fridge["index"], hive["index"]} == {0, 1}
    assert fridge["log"] == entry.entry_id
    leaf = await service.database.run(service.database.log.leaf, fridge["index"])
    assert fridge["hash"] == leaf_hash(leaf.leaf.to_bytes()).hex()
    await eventually(lambda: service.confirmed_size == 2)


async def test_anchor_later(hass: HomeAssistant, entry: LogConfigEntry) -> None:
    """Not at once, an anchor comes when it is due; recorded it is all the same."""
    service = entry.runtime_data
    await _call(hass, "anchor", entity_id=FRIDGE)
    await eventually(lambda: service.confirmed_size == 1)
    await _call(hass, "anchor", entity_id=FRIDGE, at_once=False)
    assert service.size == 2
    (anchorer,) = service.anchorers.values()
    await anchorer.ledger.check()
    assert anchorer.submitted_size == 1


async def test_anchor_what_is_labelled(
    hass: HomeAssistant, entry: LogConfigEntry
) -> None:
    """Of a label, an area or a device that is recorded which a rule names."""
    entities = er.async_get(hass)
    for entity_id in (FRIDGE, DOOR):
        hass.states.async_remove(entity_id)
        platform, name = entity_id.split(".")
        entities.async_get_or_create(platform, "test", name, suggested_object_id=name)
        entities.async_update_entity(entity_id, labels={"kitchen"})
        hass.states.async_set(entity_id, "on")
    answer = await _call(hass, "anchor", label_id="kitchen")
    assert list(answer["readings"]) == [FRIDGE]


@pytest.mark.parametrize(
    ("target", "key"),
    [
        ({"entity_id": DOOR}, "no_rule"),
        ({"entity_id": [FRIDGE, HIVE]}, "no_state"),
        ({"label_id": "nothing"}, "nothing_to_record"),
    ],
)
async def test_anchor_what_cannot_be(
    hass: HomeAssistant, entry: LogConfigEntry, target: Any, key: str
) -> None:
    """What is named and cannot be recorded is an error, and nothing is recorded."""
    hass.states.async_set(DOOR, "on")
    hass.states.async_remove(HIVE)
    with pytest.raises(ServiceValidationError) as error:
        await _call(hass, "anchor", **target)
    assert (error.value.translation_domain, error.value.translation_key) == (
        DOMAIN,
        key,
    )
    assert entry.runtime_data.size == 0


async def test_disk_full(hass: HomeAssistant, entry: LogConfigEntry) -> None:
    """What the disk does not take is an error; it is kept, and written when it does."""
    service = entry.runtime_data
    connection = service.database._connection

    def limit(pages: int) -> None:
        connection.execute(f"PRAGMA max_page_count = {pages}")

    await service.database.run(limit, 1)
    hass.states.async_set(FRIDGE, "4" * 255)

    async def fill() -> None:
        for _ in range(100):
            await _call(hass, "anchor", entity_id=FRIDGE)

    with pytest.raises(HomeAssistantError) as error:
        await fill()
    assert error.value.translation_key == "not_recorded"
    await service.database.run(limit, 1_000_000)
    await eventually(lambda: service.unwritten == 0)


async def test_verify_without_a_recorder(
    hass: HomeAssistant, entry: LogConfigEntry
) -> None:
    """Without a history the log and its ledgers are verified all the same."""
    service = entry.runtime_data
    await _call(hass, "anchor", entity_id=FRIDGE)
    await eventually(lambda: service.confirmed_size == 1)
    found = await _call(hass, "verify", log=entry.entry_id, entity_id=FRIDGE)
    assert (found["outcome"], found["history"], found["compared"]) == (
        "genuine",
        "none",
        0,
    )


@pytest.mark.parametrize("action", ["verify", "read_ledger"])
async def test_log_that_cannot_be_read(
    hass: HomeAssistant, entry: LogConfigEntry, action: str
) -> None:
    """A damaged file is said to be that."""
    service = entry.runtime_data
    await _call(hass, "anchor", entity_id=FRIDGE)
    await eventually(lambda: service.confirmed_size == 1)
    spoil = "UPDATE leaf SET data = x'00'"
    await service.database.run(service.database._connection.execute, spoil)
    entity = {"entity_id": FRIDGE} if action == "verify" else {}
    with pytest.raises(HomeAssistantError) as error:
        await _call(hass, action, log=entry.entry_id, **entity)
    assert error.value.translation_key == "not_verified"


async def test_read_ledger(
    hass: HomeAssistant, entry: LogConfigEntry, tangle: PrivateTangle
) -> None:
    """What stands on the ledger is fetched, decoded, and held against the log."""
    service, log = entry.runtime_data, entry.runtime_data.database.log
    assert (await _call(hass, "read_ledger", log=entry.entry_id))["ledgers"][0][
        "published"
    ] == []
    for state in ("4.1", "4.2"):
        hass.states.async_set(FRIDGE, state)
        await _call(hass, "anchor", entity_id=FRIDGE)
        await eventually(lambda: service.confirmed_size == service.size)
    answer = await _call(hass, "read_ledger", log=entry.entry_id)
    assert answer["verifier_key"] == str(signing_key(entry).verifier)
    (ledger,) = answer["ledgers"]
    newest, oldest = ledger["published"]
    assert (newest["size"], newest["status"], newest["in_log"]) == (
        2,
        "confirmed",
        True,
    )
    assert newest["root"] == encode_base64(await service.database.run(log.root))
    (reading,) = newest["readings"]
    assert (reading["reading"], reading["index"], reading["in_log"]) == ("4.2", 1, True)
    assert oldest["size"] == 1
    answer = await _call(hass, "read_ledger", log=entry.entry_id, limit=1)
    assert answer["ledgers"][0]["published"] == [newest]
    await tangle.stop()
    (ledger,) = (await _call(hass, "read_ledger", log=entry.entry_id))["ledgers"]
    assert ledger["published"] == []
    assert "node" in ledger["problem"]


async def test_read_ledger_that_knows_more(
    hass: HomeAssistant, entry: LogConfigEntry, tmp_path: Path
) -> None:
    """What the log does not hold is told: the database is not asked what is there."""
    service = entry.runtime_data
    await _call(hass, "anchor", entity_id=FRIDGE)
    await eventually(lambda: service.confirmed_size == 1)
    connection = service.database._connection
    change = """UPDATE leaf SET data = CAST(replace(CAST(data AS TEXT), '4.1', '3.1') AS BLOB)"""
    await service.database.run(connection.execute, change)
    (ledger,) = (await _call(hass, "read_ledger", log=entry.entry_id))["ledgers"]
    ((reading,),) = [each["readings"] for each in ledger["published"]]
    assert (reading["reading"], reading["in_log"]) == ("4.1", False)


async def test_fields_are_described(hass: HomeAssistant, entry: LogConfigEntry) -> None:
    """What the form of an action offers is what the action takes."""
    described = load_yaml_dict(
        str(ROOT / "custom_components" / DOMAIN / "services.yaml")
    )
    services = hass.services.async_services_for_domain(DOMAIN)
    assert set(described) == set(services)
    for name in ("export", "read_ledger", "verify"):
        schema = services[name].schema
        assert schema
        assert set(described[name]["fields"]) == {str(key) for key in schema.schema}


async def test_file_or_folder(hass: HomeAssistant, entry: LogConfigEntry) -> None:
    """A bundle goes to one place."""
    with pytest.raises(Exception, match="where"):
        await export(hass, entry, file="a.json", folder="b")
