"""Blueprints, as Home Assistant imports them, and the automations that they make."""

from datetime import timedelta
import json
from pathlib import Path
import re
import shutil
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed
from pytest_homeassistant_custom_component.test_util.aiohttp import AiohttpClientMocker

from custom_components.sensorchain.anchoring.entry import LogConfigEntry
from demo.tangle.private_tangle import PrivateTangle
from homeassistant.components import persistent_notification
from homeassistant.components.automation.config import AUTOMATION_BLUEPRINT_SCHEMA
from homeassistant.components.blueprint.importer import fetch_blueprint_from_url
from homeassistant.components.blueprint.models import Blueprint
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from homeassistant.util.yaml import load_yaml_dict, parse_yaml
from tests.common import eventually
from tests.log import DOMAIN, ROOT

from .common import FRIDGE, LOG_CONFIRMATION, become, value

FOLDER = ROOT / "blueprints" / "automation" / DOMAIN
NAMES = sorted(path.stem for path in FOLDER.iterdir())
DOOR = "binary_sensor.fridge_door"

RAW = "https://raw.githubusercontent.com/sensorchain/sensorchain/main"
BLOB = "https://github.com/sensorchain/sensorchain/blob/main"


async def _use(hass: HomeAssistant, name: str, **given: Any) -> None:
    """Make an automation of a blueprint, as its form does."""
    folder = Path(hass.config.path("blueprints", "automation", DOMAIN))
    shutil.copytree(FOLDER, folder, dirs_exist_ok=True)
    automation = {
        "alias": "Ours",
        "use_blueprint": {"path": f"{DOMAIN}/{name}.yaml", "input": given},
    }
    assert await async_setup_component(hass, "automation", {"automation": [automation]})
    await hass.async_block_till_done()
    assert value(hass, "automation.ours") == "on"


async def _switch_off(hass: HomeAssistant) -> None:
    """Have no automation wait for anything any more."""
    await hass.services.async_call(
        "automation", "turn_off", {"entity_id": "all"}, blocking=True
    )


@pytest.mark.parametrize("name", NAMES)
async def test_import_by_link(
    hass: HomeAssistant, name: str, aioclient_mock: AiohttpClientMocker
) -> None:
    """The address in the documentation leads to a blueprint that is valid."""
    path = FOLDER / f"{name}.yaml"
    link = f"{BLOB}/{path.relative_to(ROOT)}"
    aioclient_mock.get(f"{RAW}/{path.relative_to(ROOT)}", text=path.read_text())
    assert await async_setup_component(hass, "automation", {})
    imported = await fetch_blueprint_from_url(hass, link)
    assert imported.blueprint.validate() is None
    assert imported.blueprint.metadata["source_url"] == link
    assert imported.blueprint.domain == "automation"
    documented = (ROOT / "docs" / "automations.md").read_text()
    assert link.replace(":", "%3A").replace("/", "%2F") in documented


@pytest.mark.parametrize("name", NAMES)
def test_every_input_is_described(name: str) -> None:
    """A person is told what each input is, and helped to choose."""
    blueprint = Blueprint(
        load_yaml_dict(str(FOLDER / f"{name}.yaml")),
        expected_domain="automation",
        schema=AUTOMATION_BLUEPRINT_SCHEMA,
    )
    assert blueprint.inputs
    for field in blueprint.inputs.values():
        assert field["name"] and field["selector"]


async def test_anchor_when_opened(hass: HomeAssistant, entry: LogConfigEntry) -> None:
    """The fridge is recorded and anchored when its door opens, not when it closes."""
    await become(hass, FRIDGE, "4.1")
    await become(hass, DOOR, "off")
    recorded = {"entity_id": [FRIDGE]}
    await _use(hass, "anchor_when_opened", door=[DOOR], recorded=recorded)
    service = entry.runtime_data
    before = service.size
    await become(hass, DOOR, "on")
    assert service.size == before + 1
    await become(hass, DOOR, "off")
    assert service.size == before + 1
    await eventually(lambda: service.confirmed_size == before + 1)


async def test_tell_when_overdue(
    hass: HomeAssistant, entry: LogConfigEntry, tangle: PrivateTangle
) -> None:
    """A notification tells what waits, and since when."""
    assert await async_setup_component(hass, "persistent_notification", {})
    told: list[str] = []
    persistent_notification.async_register_callback(
        hass,
        lambda _kind, notes: told.extend(note["message"] for note in notes.values()),
    )
    readings = {"entity_id": [LOG_CONFIRMATION]}
    await _use(
        hass, "tell_when_overdue", readings=readings, waiting={"milliseconds": 300}
    )
    await tangle.stop()
    await become(hass, FRIDGE, "4.1")
    await eventually(lambda: told)
    assert told[0].startswith("Evidence Confirmation: readings have been waiting since")


async def test_daily_proof(
    hass: HomeAssistant, entry: LogConfigEntry, tmp_path: Path
) -> None:
    """The bundle of the day before is in the folder in the morning."""
    folder = tmp_path / "evidence"
    hass.config.allowlist_external_dirs = {str(tmp_path)}
    await become(hass, FRIDGE, "4.1")
    await eventually(lambda: entry.runtime_data.confirmed_size == 1)
    await _use(
        hass, "daily_proof", log=entry.entry_id, folder=str(folder), at="06:00:00"
    )
    first = dt_util.start_of_local_day()
    morning = first + timedelta(days=1, hours=6, seconds=1)
    async_fire_time_changed(hass, morning)
    (file,) = await eventually(lambda: list(folder.glob("*.json")))
    caption = json.loads(await hass.async_add_executor_job(file.read_text))["caption"]
    start, stop = (dt_util.parse_datetime(caption[each]) for each in ("from", "until"))
    # It may have become midnight.
    days = {
        day: day - timedelta(days=1) for day in (first, dt_util.start_of_local_day())
    }
    assert days[stop] == start
    await _switch_off(hass)


async def test_documented_automations(
    hass: HomeAssistant, entry: LogConfigEntry
) -> None:
    """What the documentation shows is what Home Assistant takes."""
    text = (ROOT / "docs" / "automations.md").read_text()
    blocks = re.findall(r"^```yaml\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    shown = [parse_yaml(block) for block in blocks]
    automations = [
        each for each in shown if isinstance(each, dict) and "triggers" in each
    ]
    assert automations
    assert await async_setup_component(hass, "automation", {"automation": automations})
    await hass.async_block_till_done()
    states = hass.states.async_all("automation")
    assert [state.state for state in states] == ["on"] * len(automations)
    await _switch_off(hass)
