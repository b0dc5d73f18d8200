"""Adding and changing a log, its ledgers and its rules: what the forms take and refuse."""

from collections.abc import AsyncIterator, Awaitable, Callable
import json
from pathlib import Path
from typing import Any

from aiohttp import web
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from demo.tangle.private_tangle import PrivateTangle
from homeassistant.config_entries import (
    SOURCE_RECONFIGURE,
    SOURCE_USER,
    ConfigEntryState,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, InvalidData

from .log import DOMAIN, ROOT, add_ledger, add_log, add_rule, rule_form, tangle_form

FRIDGE, HIVE = "sensor.fridge", "sensor.hive"

type Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


async def _html(_request: web.Request) -> web.Response:
    return web.Response(text="<h1>It works!</h1>", content_type="text/html")


async def _garbage(_request: web.Request) -> web.Response:
    return web.Response(body=bytes(range(256)), content_type="application/json")


async def _huge(_request: web.Request) -> web.Response:
    return web.Response(body=b" " * 10_000_000, content_type="application/json")


async def _something_else(_request: web.Request) -> web.Response:
    return web.json_response({"jsonrpc": "2.0", "result": []})


@pytest.fixture
async def serve(socket_enabled: None) -> AsyncIterator[Callable[[Handler], Any]]:
    """Return how to run a server that answers as it likes."""
    runners = []

    async def serve(handler: Handler) -> str:
        application = web.Application()
        application.router.add_route("*", "/{path:.*}", handler)
        runner = web.AppRunner(application, shutdown_timeout=0)
        await runner.setup()
        runners.append(runner)
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        return f"http://127.0.0.1:{runner.addresses[0][1]}"

    yield serve
    for runner in runners:
        await runner.cleanup()


async def _tangle_step(hass: HomeAssistant, form: dict[str, Any]) -> dict[str, Any]:
    """Return what a new log says of a Tangle's form."""
    flow = hass.config_entries.flow
    result = await flow.async_init(DOMAIN, context={"source": SOURCE_USER})
    for step in (
        {"next_step_id": "log"},
        {"name": "Evidence"},
        {"next_step_id": "tangle"},
        form,
    ):
        result = await flow.async_configure(result["flow_id"], step)
    return dict(result)


@pytest.mark.parametrize(
    ("handler", "error"),
    [
        (_html, "ledger_not_a_node"),
        (_garbage, "ledger_not_a_node"),
        (_something_else, "ledger_not_a_node"),
        (_huge, "ledger_answer_too_large"),
    ],
)
async def test_not_a_node(
    hass: HomeAssistant,
    tangle: PrivateTangle,
    serve: Callable[[Handler], Awaitable[str]],
    handler: Handler,
    error: str,
) -> None:
    """What is no node is refused, and why; the same form then takes a node."""
    url = await serve(handler)
    result = await _tangle_step(hass, tangle_form(url))
    assert result["errors"] == {"base": error}
    assert url in result["description_placeholders"]["reason"]
    result = await hass.config_entries.flow.async_configure(
        result["flow_id"], tangle_form(tangle.url)
    )
    assert result["step_id"] == "rule"


async def test_nobody_there(hass: HomeAssistant, tangle: PrivateTangle) -> None:
    """A node that is down cannot be added."""
    await tangle.stop()
    result = await _tangle_step(hass, tangle_form(tangle.url))
    assert result["errors"] == {"base": "ledger_cannot_connect"}


async def test_out_of_sync(hass: HomeAssistant, tangle: PrivateTangle) -> None:
    """A node that has not caught up cannot be added."""
    tangle.unsolid_milestones = 5
    result = await _tangle_step(hass, tangle_form(tangle.url))
    assert result["errors"] == {"base": "ledger_out_of_sync"}


async def test_nodes_of_two_networks(
    hass: HomeAssistant, tangle: PrivateTangle, tmp_path: Path
) -> None:
    """Nodes of one ledger belong to one network."""
    async with PrivateTangle(
        database=tmp_path / "other.db", coordinator_address="B" * 81
    ) as other:
        result = await _tangle_step(hass, tangle_form(tangle.url, other.url))
    assert result["errors"] == {"base": "ledger_wrong_network"}


@pytest.mark.parametrize(
    ("form", "errors"),
    [
        (tangle_form("fridge"), {"nodes": "setting"}),
        (tangle_form("ftp://127.0.0.1"), {"nodes": "setting"}),
        (tangle_form(), {"nodes": "setting"}),
        (
            tangle_form("http://127.0.0.1:1", seconds=0),
            {"cadence": "cadence_too_short"},
        ),
        (tangle_form("http://127.0.0.1:1", explorer="here"), {"base": "setting"}),
    ],
)
async def test_settings(
    hass: HomeAssistant, form: dict[str, Any], errors: dict[str, str]
) -> None:
    """A setting that cannot be is refused where it stands."""
    result = await _tangle_step(hass, form)
    assert result["errors"] == errors


async def test_rules(hass: HomeAssistant, tangle: PrivateTangle) -> None:
    """An entity is in one rule of a log; what a log tells is in none."""
    hass.states.async_set(HIVE, "35", {"friendly_name": "Hive"})
    entry = await add_log(hass, tangle_form(tangle.url), rule_form(FRIDGE))
    for own in ("sensor.fridge_confirmation", "sensor.evidence_readings_recorded"):
        assert hass.states.get(own)
        with pytest.raises(InvalidData):
            await add_rule(hass, entry, rule_form(own))
    for entities, error in (
        ([], "no_entities"),
        ([FRIDGE, HIVE], "in_another_rule"),
    ):
        result = await add_rule(hass, entry, rule_form(*entities))
        assert result["errors"] == {"entity_ids": error}
    result = await add_rule(hass, entry, rule_form(HIVE))
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["title"] == "Hive"


async def test_log_that_cannot_be_made(
    hass: HomeAssistant, tangle: PrivateTangle
) -> None:
    """A log that cannot be written is not added."""
    folder = Path(hass.config.path(".storage", DOMAIN))
    folder.parent.mkdir(parents=True)
    folder.touch()
    result = await _tangle_step(hass, tangle_form(tangle.url))
    flow = hass.config_entries.flow
    result = await flow.async_configure(result["flow_id"], rule_form())
    assert result["errors"] == {"entity_ids": "no_entities"}
    result = await flow.async_configure(result["flow_id"], rule_form(FRIDGE))
    assert result["errors"] == {"base": "cannot_store"}
    folder.unlink()
    result = await flow.async_configure(result["flow_id"], rule_form(FRIDGE))
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def _reconfigure(
    hass: HomeAssistant, entry: MockConfigEntry, kind: str, form: dict[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what a form shows of a part at first, and what it says to a change."""
    (part,) = entry.get_subentries_of_type(kind)
    flow = hass.config_entries.subentries
    first = await flow.async_init(
        (entry.entry_id, kind),
        context={"source": SOURCE_RECONFIGURE, "subentry_id": part.subentry_id},
    )
    shown = {
        str(field): field.description["suggested_value"]
        for field in first["data_schema"].schema
        if field.description
    }
    result = await flow.async_configure(first["flow_id"], form)
    await hass.async_block_till_done()
    return shown, dict(result)


async def test_change_a_rule(hass: HomeAssistant, tangle: PrivateTangle) -> None:
    """A rule's form shows the rule; another entity takes the place of the first."""
    entry = await add_log(
        hass, tangle_form(tangle.url), rule_form(FRIDGE, moved_by=0.5)
    )
    shown, result = await _reconfigure(
        hass, entry, "rule", rule_form(HIVE, at_least_every={"minutes": 5})
    )
    assert shown["entity_ids"] == [FRIDGE]
    assert result["reason"] == "reconfigure_successful"
    (rule,) = entry.get_subentries_of_type("rule")
    assert rule.data["at_least_every"] == 300
    assert hass.states.get("sensor.hive_confirmation")
    assert not hass.states.get("sensor.fridge_confirmation")


async def test_change_a_ledger(
    hass: HomeAssistant, tangle: PrivateTangle, tmp_path: Path
) -> None:
    """A ledger keeps to its network, where its anchors are."""
    entry = await add_log(hass, tangle_form(tangle.url), rule_form(FRIDGE))
    async with PrivateTangle(
        database=tmp_path / "other.db", coordinator_address="B" * 81
    ) as other:
        shown, result = await _reconfigure(
            hass, entry, "ledger", tangle_form(other.url)
        )
    assert shown["nodes"] == [tangle.url]
    assert result["errors"] == {"base": "ledger_wrong_network"}
    shown, result = await _reconfigure(
        hass, entry, "ledger", tangle_form(tangle.url, seconds=5)
    )
    assert result["reason"] == "reconfigure_successful"
    (ledger,) = entry.get_subentries_of_type("ledger")
    assert ledger.data["cadence"] == 5


async def test_one_tangle_once(hass: HomeAssistant, tangle: PrivateTangle) -> None:
    """A log is not anchored twice on one network."""
    entry = await add_log(hass, tangle_form(tangle.url), rule_form(FRIDGE))
    result = await add_ledger(hass, entry, tangle_form(tangle.url))
    assert result["reason"] == "already_configured"


async def test_log_that_is_not_running(
    hass: HomeAssistant, tangle: PrivateTangle
) -> None:
    """Parts are added to a log that is running."""
    entry = await add_log(hass, tangle_form(tangle.url), rule_form(FRIDGE))
    await hass.config_entries.async_unload(entry.entry_id)
    assert entry.state is ConfigEntryState.NOT_LOADED
    for kind in ("ledger", "rule"):
        result = await hass.config_entries.subentries.async_init(
            (entry.entry_id, kind), context={"source": SOURCE_USER}
        )
        assert result["reason"] == "entry_not_loaded"


async def test_bluetooth_sensor_has_no_parts(hass: HomeAssistant) -> None:
    """Ledgers and rules belong to logs."""
    sensor = MockConfigEntry(domain=DOMAIN, data={"kind": "bluetooth_sensor"})
    sensor.add_to_hass(hass)
    assert sensor.supported_subentry_types == {}


def test_both_halves_of_the_texts_say_the_same() -> None:
    """A log's first ledger and rule are asked for in the words of those added later."""
    path = ROOT / "custom_components" / DOMAIN / "translations" / "en.json"
    texts = json.loads(path.read_text())
    first = texts["config"]
    for part in texts["config_subentries"].values():
        for key, step in part["step"].items():
            assert first["step"][key] == step, key
        for key, error in part["error"].items():
            assert first["error"][key] == error, key
