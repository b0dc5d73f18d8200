"""What helps a person who looks after a log: diagnostics, system health, repairs, devices."""

from base64 import b64decode
import json
from typing import Any

from aiohttp.test_utils import TestClient
import pytest
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import (
    ClientSessionGenerator,
    WebSocketGenerator,
)

from custom_components.sensorchain.anchoring.anchorer import Anchorer
from custom_components.sensorchain.anchoring.entry import LogConfigEntry
from demo.tangle.private_tangle import PrivateTangle
from homeassistant.core import HomeAssistant
from homeassistant.helpers import (
    device_registry as dr,
    entity_registry as er,
    issue_registry as ir,
)
from homeassistant.setup import async_setup_component

from .common import eventually
from .log import DOMAIN, add_ledger, add_log, add_rule, rule_form, tangle_form

pytestmark = pytest.mark.filterwarnings(
    "ignore:It is recommended to use web.RequestKey instances for keys"
)

FRIDGE, HIVE = "sensor.aunt_emmas_fridge", "sensor.hive"


@pytest.fixture
async def entry(hass: HomeAssistant, tangle: PrivateTangle) -> LogConfigEntry:
    """Add a log of a fridge, on a Tangle whose node asks for a password and a token."""
    # No time of day has this in it.
    hass.states.async_set(FRIDGE, "-66.125", {"friendly_name": "Aunt Emma's fridge"})
    node = tangle.url.replace("http://", "http://emma:s3cret@") + "/?token=t0ken"
    entry = await add_log(hass, tangle_form(tangle.url), rule_form(FRIDGE), "Pharmacy")
    (ledger,) = entry.get_subentries_of_type("ledger")
    settings = {
        **ledger.data["settings"],
        "nodes": [node],
        "private_key": "0xc0ffee",
        "token": "t0ken",
    }
    entry.runtime_data.anchorers[ledger.subentry_id].title = f"Tangle ({node})"
    hass.config_entries.async_update_subentry(
        entry, ledger, data={**ledger.data, "settings": settings}
    )
    await hass.async_block_till_done()
    return entry


async def _fix(client: TestClient[Any, Any], issue_id: str) -> dict[str, Any]:
    """Go through the fix of an issue, as a person does who agrees to all."""
    url = "/api/repairs/issues/fix"
    response = await client.post(url, json={"handler": DOMAIN, "issue_id": issue_id})
    shown = await response.json()
    response = await client.post(f"{url}/{shown['flow_id']}", json={})
    assert (await response.json())["type"] == "create_entry"
    return dict(shown)


async def test_diagnostics_tell_nothing_of_the_home(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    entry: LogConfigEntry,
) -> None:
    """No key, password, token, address, name, entity id or state is in the diagnostics."""
    assert await async_setup_component(hass, "diagnostics", {})
    await hass.config_entries.async_reload(entry.entry_id)
    told = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    assert told["log"]["readings"] == 1
    assert told["log"]["entities"] == {"sensor": 1}
    assert told["rules"][0]["entities"] == 1
    assert told["ledgers"][0]["kind"] == "tangle"
    text = json.dumps(told)
    seed = b64decode(entry.data["signing_key"])
    (ledger,) = entry.get_subentries_of_type("ledger")
    for secret in (
        entry.data["signing_key"],
        seed.hex(),
        entry.data["origin"],
        str(entry.runtime_data.verifier_key),
        *("emma", "s3cret", "t0ken", "c0ffee", "127.0.0.1"),
        *ledger.data["settings"]["nodes"],
        *("Emma", "fridge", FRIDGE, "66.125", "Pharmacy"),
    ):
        assert secret not in text


async def test_diagnostics_of_a_log_that_is_not_running(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, entry: LogConfigEntry
) -> None:
    """They tell how it is set up."""
    assert await async_setup_component(hass, "diagnostics", {})
    await hass.config_entries.async_unload(entry.entry_id)
    told = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    assert told["log"] is None
    assert told["ledgers"] == [{"kind": "tangle", "seconds_between_anchors": 1}]


async def test_system_health(
    hass: HomeAssistant, hass_ws_client: WebSocketGenerator, tangle: PrivateTangle
) -> None:
    """The system's page tells how many logs run, and how many ledgers answer."""
    assert await async_setup_component(hass, "system_health", {})
    hass.states.async_set(FRIDGE, "4")
    entry = await add_log(hass, tangle_form(tangle.url), rule_form(FRIDGE))
    await eventually(lambda: entry.runtime_data.confirmed_size == 1)
    client = await hass_ws_client(hass)
    await client.send_json_auto_id({"type": "system_health/info"})
    told: dict[str, Any] = {}
    while told.get("type") != "finish":
        message = await client.receive_json()
        told = message.get("event", {})
        if told.get("type") == "initial" and DOMAIN in told["data"]:
            info = told["data"][DOMAIN]["info"]
        elif told.get("domain") == DOMAIN:
            info[told["key"]] = told["data"]
    assert info == {
        "logs_running": "1/1",
        "ledgers_answering": "1/1",
        "readings": 1,
        "readings_confirmed": 1,
        "readings_not_stored": 0,
    }


async def test_entities_that_were_removed(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, tangle: PrivateTangle
) -> None:
    """A rule that names what was removed is told of; the fix takes it out."""
    assert await async_setup_component(hass, "repairs", {})
    registry = er.async_get(hass)
    for name in ("fridge", "door"):
        registry.async_get_or_create("sensor", "test", name, suggested_object_id=name)
    entry = await add_log(
        hass, tangle_form(tangle.url), rule_form("sensor.fridge", HIVE)
    )
    await add_rule(hass, entry, rule_form("sensor.door"))
    issue_id = f"gone_{entry.entry_id}"
    issues = ir.async_get(hass)
    assert not issues.async_get_issue(DOMAIN, issue_id)
    for name in ("fridge", "door"):
        registry.async_remove(f"sensor.{name}")
    await hass.async_block_till_done()
    issue = issues.async_get_issue(DOMAIN, issue_id)
    assert issue and issue.translation_key == "entities_gone"
    client = await hass_client()
    shown = await _fix(client, issue_id)
    assert shown["description_placeholders"]["entities"] == "sensor.fridge, sensor.door"
    await hass.async_block_till_done()
    (rule,) = entry.get_subentries_of_type("rule")
    assert rule.data["entity_ids"] == [HIVE]
    assert not issues.async_get_issue(DOMAIN, issue_id)


async def _confirm(tangle: PrivateTangle, anchorer: Anchorer) -> None:
    """Have a Tangle confirm the one reading, once it has it."""
    await eventually(lambda: anchorer.submitted_size == 1)
    await tangle.issue_milestone()
    await eventually(lambda: anchorer.confirmed_size == 1)


async def test_refusal_is_tried_again(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    demanding_tangle: PrivateTangle,
) -> None:
    """Once the server is put right, the fix of a refusal anchors at once."""
    assert await async_setup_component(hass, "repairs", {})
    hass.states.async_set(FRIDGE, "4")
    tangle = demanding_tangle
    form = tangle_form(tangle.url, seconds=3600, minimum_weight_magnitude=1)
    entry = await add_log(hass, form, rule_form(FRIDGE))
    (ledger,) = entry.get_subentries_of_type("ledger")
    issue_id = f"ledger_{ledger.subentry_id}"
    issues = ir.async_get(hass)
    await eventually(lambda: issues.async_get_issue(DOMAIN, issue_id))
    tangle.minimum_weight_magnitude = 1
    await _fix(await hass_client(), issue_id)
    await _confirm(tangle, entry.runtime_data.anchorers[ledger.subentry_id])
    await eventually(lambda: not issues.async_get_issue(DOMAIN, issue_id))


async def _shown(client: TestClient[Any, Any], issue_id: str) -> str:
    """Open the fix of an issue; return the address that it is submitted to."""
    url = "/api/repairs/issues/fix"
    response = await client.post(url, json={"handler": DOMAIN, "issue_id": issue_id})
    return f"{url}/{(await response.json())['flow_id']}"


async def test_fixes_that_come_too_late(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    demanding_tangle: PrivateTangle,
) -> None:
    """Who agrees when the log has been stopped meanwhile changes nothing, and breaks nothing."""
    assert await async_setup_component(hass, "repairs", {})
    registry = er.async_get(hass)
    registry.async_get_or_create("sensor", "test", "door", suggested_object_id="door")
    url = demanding_tangle.url
    form = tangle_form(url, seconds=3600, minimum_weight_magnitude=1)
    entry = await add_log(hass, form, rule_form("sensor.door", HIVE))
    registry.async_remove("sensor.door")
    hass.states.async_set(HIVE, "35")
    (ledger,) = entry.get_subentries_of_type("ledger")
    issue_ids = (f"gone_{entry.entry_id}", f"ledger_{ledger.subentry_id}")
    issues = ir.async_get(hass)
    await eventually(lambda: all(issues.async_get_issue(DOMAIN, i) for i in issue_ids))
    client = await hass_client()
    urls = [await _shown(client, issue_id) for issue_id in issue_ids]
    assert await hass.config_entries.async_unload(entry.entry_id)
    for url in urls:
        response = await client.post(url, json={})
        assert (await response.json())["type"] == "create_entry"
    (rule,) = entry.get_subentries_of_type("rule")
    assert rule.data["entity_ids"] == ["sensor.door", HIVE]


async def test_only_rules_that_name_what_is_gone_are_changed(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, tangle: PrivateTangle
) -> None:
    """A rule that has a scope as well stays; a rule that names nothing of it is not touched."""
    assert await async_setup_component(hass, "repairs", {})
    registry = er.async_get(hass)
    registry.async_get_or_create("sensor", "test", "door", suggested_object_id="door")
    scoped = {**rule_form("sensor.door"), "scope": {"domains": ["weather"]}}
    entry = await add_log(hass, tangle_form(tangle.url), rule_form(HIVE))
    await add_rule(hass, entry, scoped)
    before, _ = entry.get_subentries_of_type("rule")
    registry.async_remove("sensor.door")
    await hass.async_block_till_done()
    await _fix(await hass_client(), f"gone_{entry.entry_id}")
    await hass.async_block_till_done()
    untouched, kept = entry.get_subentries_of_type("rule")
    assert untouched is before
    assert kept.data["entity_ids"] == []


async def test_refusal_of_a_ledger_among_others(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    tangle: PrivateTangle,
    demanding_tangle: PrivateTangle,
) -> None:
    """The fix is of the ledger that it is about, also where it is not the first one."""
    assert await async_setup_component(hass, "repairs", {})
    entry = await add_log(hass, tangle_form(tangle.url, seconds=3600), rule_form(HIVE))
    url = demanding_tangle.url
    form = tangle_form(url, seconds=3600, minimum_weight_magnitude=1)
    await add_ledger(hass, entry, form)
    hass.states.async_set(HIVE, "35")
    _, ledger = entry.get_subentries_of_type("ledger")
    issue_id = f"ledger_{ledger.subentry_id}"
    issues = ir.async_get(hass)
    await eventually(lambda: issues.async_get_issue(DOMAIN, issue_id))
    demanding_tangle.minimum_weight_magnitude = 1
    await _fix(await hass_client(), issue_id)
    anchorer = entry.runtime_data.anchorers[ledger.subentry_id]
    await _confirm(demanding_tangle, anchorer)


async def test_devices_that_may_be_removed(
    hass: HomeAssistant, hass_ws_client: WebSocketGenerator, tangle: PrivateTangle
) -> None:
    """A device in use stays; one that is left over can be removed."""
    assert await async_setup_component(hass, "config", {})
    entry = await add_log(hass, tangle_form(tangle.url), rule_form(FRIDGE))
    devices = dr.async_get(hass)
    left_over = devices.async_get_or_create(
        config_entry_id=entry.entry_id, identifiers={(DOMAIN, "a former ledger")}
    )
    client = await hass_ws_client(hass)
    for device in dr.async_entries_for_config_entry(devices, entry.entry_id):
        message = {"device_id": device.id, "config_entry_id": entry.entry_id}
        await client.send_json_auto_id(
            {"type": "config/device_registry/remove_config_entry", **message}
        )
        answer = await client.receive_json()
        assert answer["success"] is (device.id == left_over.id)
        assert (devices.async_get(device.id) is None) is (device.id == left_over.id)
