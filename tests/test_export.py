"""Proof bundles exported from a running log, checked by those who have nothing else."""

from datetime import timedelta
from io import BytesIO
import json
from pathlib import Path
from typing import Any

import pytest

from custom_components.sensorchain import export as export_module, services
from custom_components.sensorchain.anchoring.entry import LogConfigEntry, signing_key
from custom_components.sensorchain.transparency.bundle import BundleReader
from custom_components.virtual_radio.radio import COLD_ROOM, VirtualRadio
from demo.tangle.private_tangle import PrivateTangle
from homeassistant.components import persistent_notification
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError

from .bluetooth import add_sensor
from .common import eventually
from .log import DOMAIN, add_log, export, rule_form, tangle_form, verify

FRIDGE, HIVE = "sensor.fridge", "sensor.hive"


@pytest.fixture
async def entry(hass: HomeAssistant, tangle: PrivateTangle) -> LogConfigEntry:
    """Return a log with confirmed readings."""
    url = tangle.url.replace("http://", "http://me:secret@")
    entry = await add_log(hass, tangle_form(url), rule_form(FRIDGE, HIVE))
    for number in range(20):
        hass.states.async_set(FRIDGE, str(number), {"friendly_name": "Fridge"})
        hass.states.async_set(HIVE, str(number))
        await hass.async_block_till_done()
    service = entry.runtime_data
    await eventually(lambda: service.confirmed_size == service.size == 40)
    return entry


async def test_whole_log(hass: HomeAssistant, entry: LogConfigEntry) -> None:
    """All readings are in the bundle, each proved, with the anchors and no secret."""
    answer = await export(hass, entry, include=True)
    path = Path(answer["file"])
    assert path.parent == Path(hass.config.path(DOMAIN))
    assert path.read_text() == answer["bundle"]
    assert path.stat().st_size == answer["bytes"]
    assert "secret" not in answer["bundle"]
    assert (answer["readings"], answer["anchors"] > 0) == (40, True)
    reader = BundleReader(BytesIO(answer["bundle"].encode()))
    readings = list(reader.readings())
    assert [reading.index for reading in readings] == list(range(40))
    assert reader.key == signing_key(entry).verifier
    bundle = json.loads(answer["bundle"])
    assert bundle["caption"]["entities"] == {FRIDGE: "Fridge", HIVE: "hive"}
    assert bundle["anchors"][-1]["receipt"]["status"] == "confirmed"
    assert not list(path.parent.glob("*.part"))


async def test_chosen_entities_and_period(
    hass: HomeAssistant, entry: LogConfigEntry
) -> None:
    """A bundle has what was asked for, and the anchors that this needs."""
    database = entry.runtime_data.database
    logged = await database.run(lambda: list(database.log.readings_of({FRIDGE}, 0, 40)))
    start = logged[5].leaf.reading.last_updated
    stop = logged[10].leaf.reading.last_updated
    answer = await export(
        hass,
        entry,
        entity_id=FRIDGE,
        start=start.isoformat(),
        stop=stop.isoformat(),
        include=True,
    )
    bundle = json.loads(answer["bundle"])
    states = [reading["leaf"]["state"] for reading in bundle["readings"]]
    assert states == ["5", "6", "7", "8", "9"]
    sizes = [int(each["checkpoint"].split("\n")[1]) for each in bundle["anchors"]]
    assert any(size > bundle["readings"][-1]["index"] for size in sizes)


async def test_too_large_to_answer_with(
    hass: HomeAssistant, entry: LogConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bundle that is too large for an answer is a file all the same, which the error names."""
    monkeypatch.setattr(services, "MOST_INCLUDED_BYTES", 1000)
    with pytest.raises(HomeAssistantError) as error:
        await export(hass, entry, include=True)
    assert error.value.translation_key == "too_large_to_include"
    assert error.value.translation_placeholders
    file = Path(error.value.translation_placeholders["file"])
    assert len(json.loads(file.read_text())["readings"]) == 40


async def test_anchors_that_take_much_room(
    hass: HomeAssistant, entry: LogConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where not all anchors fit, some in between are left out, and all stays proved."""
    hass.states.async_set(FRIDGE, "20")
    await eventually(lambda: entry.runtime_data.confirmed_size == 41)
    every = json.loads((await export(hass, entry, include=True))["bundle"])["anchors"]
    assert len(every) > 1
    taken = len(json.dumps(every[-1]))
    monkeypatch.setattr(export_module, "MOST_OF_ANCHORS", taken + 100)
    answer = await export(hass, entry, include=True)
    (last,) = json.loads(answer["bundle"])["anchors"]
    assert last["checkpoint"] == every[-1]["checkpoint"]
    assert len(list(BundleReader(BytesIO(answer["bundle"].encode())).readings())) == 41


async def test_later_bundle_goes_on_from_an_earlier_one(
    hass: HomeAssistant, entry: LogConfigEntry
) -> None:
    """A bundle can be compared with those that were exported before it."""
    await export(hass, entry)
    hass.states.async_set(FRIDGE, "20")
    await hass.async_block_till_done()
    answer = await export(hass, entry, include=True, unconfirmed=True)
    earlier = json.loads(answer["bundle"])["earlier"]
    assert [int(each["checkpoint"].split("\n")[1]) for each in earlier] == [40]


async def test_only_what_is_confirmed(
    hass: HomeAssistant, entry: LogConfigEntry, tangle: PrivateTangle
) -> None:
    """What no ledger has confirmed is left out, and told, unless it is asked for."""
    await tangle.stop()
    hass.states.async_set(FRIDGE, "20")
    await hass.async_block_till_done()
    answer = await export(hass, entry)
    assert (answer["readings"], answer["awaiting"]) == (40, 1)
    answer = await export(hass, entry, unconfirmed=True)
    assert (answer["readings"], answer["awaiting"]) == (41, 0)


async def test_stranger_verifies_an_export(
    hass: HomeAssistant, entry: LogConfigEntry, tangle: PrivateTangle
) -> None:
    """Who has the file alone finds its readings genuine, on the ledger; not an edited one."""
    file = Path((await export(hass, entry))["file"])
    genuine = await verify(file, "--node", tangle.url)
    assert genuine["outcome"] == "genuine"
    file.write_bytes(file.read_bytes().replace(b'"state":"7"', b'"state":"6"', 1))
    assert (await verify(file, "--offline"))["outcome"] == "not_genuine"


async def test_readings_go_on_during_an_export(
    hass: HomeAssistant, entry: LogConfigEntry
) -> None:
    """A log is recorded while it is exported; the bundle is of the moment it began."""
    exporting = hass.async_create_task(export(hass, entry), eager_start=True)
    number = 20
    while not exporting.done():
        hass.states.async_set(FRIDGE, str(number := number + 1))
        await hass.async_block_till_done(wait_background_tasks=False)
    assert (await exporting)["readings"] == 40
    assert entry.runtime_data.size > 40


async def test_progress_of_a_long_export(
    hass: HomeAssistant, entry: LogConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of an export that takes long it is told how far it is, until it is done."""
    monkeypatch.setattr(services, "PROGRESS_SECONDS", 0)
    told: list[str] = []
    removed = persistent_notification.UpdateType.REMOVED

    @callback
    def take(update: Any, notifications: Any) -> None:
        told.extend(
            "" if update is removed else each["message"]
            for each in notifications.values()
        )

    stop = persistent_notification.async_register_callback(hass, take)
    await export(hass, entry)
    stop()
    assert told[-2:] == ["100 %", ""]


async def test_where_to(
    hass: HomeAssistant, entry: LogConfigEntry, tmp_path: Path
) -> None:
    """A file goes where Home Assistant may write; a failure leaves nothing behind."""
    with pytest.raises(ServiceValidationError) as refused:
        await export(hass, entry, file="/etc/proof.json")
    assert refused.value.translation_key == "path_not_allowed"
    hass.config.allowlist_external_dirs = {str(tmp_path)}
    path = tmp_path / "proofs" / "fridge.json"
    assert (await export(hass, entry, file=str(path)))["file"] == str(path)
    folder = tmp_path / "daily"
    for _ in range(2):
        answer = await export(hass, entry, folder=str(folder))
        assert Path(answer["file"]).parent == folder
    names = sorted(path.name for path in folder.iterdir())
    assert len(names) == 2
    assert all(name.startswith("evidence-") for name in names)
    with pytest.raises(ServiceValidationError):
        await export(hass, entry, folder=str(folder / ".." / ".."))
    taken = tmp_path / "taken"
    taken.mkdir()
    with pytest.raises(HomeAssistantError) as failed:
        await export(hass, entry, file=str(taken))
    assert failed.value.translation_key == "not_exported"
    assert not list(tmp_path.glob("*.part"))


async def test_clock_of_the_period(hass: HomeAssistant, entry: LogConfigEntry) -> None:
    """A period in which nothing was recorded gives a bundle without readings."""
    state = hass.states.get(FRIDGE)
    assert state
    start = state.last_updated + timedelta(days=1)
    assert (await export(hass, entry, start=start.isoformat()))["readings"] == 0


async def test_not_a_log(hass: HomeAssistant, radio: VirtualRadio) -> None:
    """A Bluetooth sensor has nothing to export."""
    sensor = await add_sensor(hass, COLD_ROOM, "Cold room")
    for data in ({}, {"start": "2026-11-22 10:00:00"}):
        with pytest.raises(ServiceValidationError) as error:
            await export(hass, sensor, **data)
        assert error.value.translation_key == "not_a_log"
