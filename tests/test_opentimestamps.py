"""Bitcoin through OpenTimestamps in a real Home Assistant: from its form to a proof that others check."""

from base64 import b64decode
from collections.abc import AsyncIterator
from datetime import timedelta
import json
from pathlib import Path
from typing import Any

import pytest

from custom_components.sensorchain.anchoring.entry import LogConfigEntry
from custom_components.sensorchain.forms import opentimestamps
from custom_components.sensorchain.ledgers.opentimestamps import ledger
from custom_components.sensorchain.ledgers.opentimestamps.bitcoin import BITCOIN
from custom_components.sensorchain.ledgers.opentimestamps.calendar import (
    PUBLIC_CALENDARS,
)
from demo.calendar.calendar import Mood
from demo.calendar.server import DemoCalendars
from homeassistant.config_entries import SOURCE_RECONFIGURE, SOURCE_USER
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir

from .common import eventually
from .ledgers.opentimestamps.test_reference_client import ots
from .log import DOMAIN, add_ledger, add_log, export, rule_form, verify

FRIDGE = "sensor.fridge"
CONFIRMATION = "sensor.fridge_confirmation"


@pytest.fixture
async def calendars(
    tmp_path: Path, socket_enabled: None, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[DemoCalendars]:
    """Run two calendars, whose blocks come on command."""
    monkeypatch.setenv("no_proxy", "*")
    async with DemoCalendars(database=tmp_path / "calendar.db") as calendars:
        yield calendars


def form(demo: DemoCalendars, seconds: float = 1, **more: Any) -> dict[str, Any]:
    """Return what a person fills in for calendars of their own."""
    chosen = {
        "calendars": demo.urls,
        "quorum": 2,
        "nodes": [demo.explorer],
        "confirmations": 2,
    }
    return {"cadence": {"seconds": seconds}, "more": chosen | more}


def attributes(hass: HomeAssistant) -> Any:
    """Return what the confirmation sensor tells."""
    state = hass.states.get(CONFIRMATION)
    assert state
    return state.attributes


def status(hass: HomeAssistant) -> str | None:
    """Return how far the newest reading has come."""
    state = hass.states.get(CONFIRMATION)
    return state.state if state else None


async def anchored(hass: HomeAssistant, calendars: DemoCalendars) -> LogConfigEntry:
    """Return a log whose first reading was submitted."""
    entry = await add_log(
        hass, form(calendars), rule_form(FRIDGE), "Evidence", "opentimestamps"
    )
    hass.states.async_set(FRIDGE, "4.5", {"friendly_name": "Fridge"})
    await eventually(lambda: status(hass) == "submitted")
    return entry


async def test_from_a_reading_to_a_proof(
    hass: HomeAssistant, calendars: DemoCalendars, tmp_path: Path
) -> None:
    """Submitted, confirmed, exported, verified by a stranger; a tampered header is refused."""
    entry = await anchored(hass, calendars)
    assert entry.subentries
    service = entry.runtime_data
    (anchorer,) = service.anchorers.values()
    assert anchorer.expected_at
    calendars.mine(1)
    await eventually(lambda: service.size == anchorer.submitted_size)
    assert status(hass) == "submitted", "one block is not enough"
    calendars.mine(1)
    await eventually(lambda: status(hass) == "confirmed")
    header = calendars.chain.header_at(1)
    assert header
    shown = attributes(hass)
    assert shown["explorer"] == f"{calendars.url}/block/{header.hash}"
    assert anchorer.last_confirmed
    assert anchorer.last_confirmed.receipt
    assert anchorer.last_confirmed.receipt.confirmed_at == header.time

    answer = await export(hass, entry, include=True)
    bundle, path = json.loads(answer["bundle"]), answer["file"]
    (anchor,) = bundle["anchors"]
    assert anchor["ledger"]["kind"] == "opentimestamps"
    assert anchor["ledger"]["settings"]["network"] == calendars.chain.genesis
    assert b64decode(anchor["receipt"]["details"]["proof"]).startswith(
        b"\x00OpenTimestamps"
    )
    said = await verify(path, "--ots", tmp_path / "timestamps")
    assert said["outcome"] == "genuine", said
    assert said["bundles"][0]["periods"][0]["existed_before"] == header.time.isoformat()
    for node, outcome in (
        (calendars.explorer, "genuine"),
        (f"opentimestamps={calendars.explorer}", "genuine"),
        ("tangle=http://127.0.0.1:1", "genuine"),
        ("opentimestamps=http://127.0.0.1:1", "undecided"),
    ):
        said = await verify(path, "--node", node)
        assert said["outcome"] == outcome, node

    node = f"--bitcoin-node=http://user:password@{calendars.url.partition('//')[2]}/rpc"
    (proof,) = (tmp_path / "timestamps").glob("*.ots")
    code, told = await ots(proof.parent, "--btc-regtest", node, "verify", proof.name)
    assert (code, "Bitcoin block 1 attests existence" in told) == (0, True), told

    calendars.spoil_header = lambda data: data[:36] + bytes(32) + data[68:]
    said = await verify(path)
    assert said["outcome"] == "undecided"
    assert "another block" in said["bundles"][0]["anchors"][0]["problem"]
    calendars.spoil_header = bytes
    calendars.reorganise(2)
    said = await verify(path)
    assert said["outcome"] == "not_genuine"
    assert said["bundles"][0]["anchors"][0]["standing"] == "refuted"


async def test_taken_back_and_confirmed_again(
    hass: HomeAssistant, calendars: DemoCalendars
) -> None:
    """A block that is gone takes the readings back to submitted; the next one confirms them."""
    await anchored(hass, calendars)
    calendars.mine(2)
    await eventually(lambda: status(hass) == "confirmed")
    calendars.reorganise(2)
    await eventually(lambda: status(hass) == "submitted")
    calendars.mine(2)
    await eventually(lambda: status(hass) == "confirmed")


async def test_goes_on_after_a_restart(
    hass: HomeAssistant, calendars: DemoCalendars
) -> None:
    """What was submitted before a restart is confirmed after it, from what was stored."""
    entry = await anchored(hass, calendars)
    assert await hass.config_entries.async_reload(entry.entry_id)
    calendars.mine(2)
    await eventually(lambda: status(hass) == "confirmed")
    assert calendars.store.messages_in(1) == len(calendars.names), "sent once to each"


async def test_forgotten(
    hass: HomeAssistant,
    calendars: DemoCalendars,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The person is told of what all calendars forgot; it is submitted again by itself."""
    entry = await anchored(hass, calendars)
    monkeypatch.setattr(ledger, "SETTLING", timedelta())
    for calendar in calendars.calendars.values():
        calendar.mood = Mood.FORGETFUL
    (ledger_id,) = entry.runtime_data.anchorers
    issues = ir.async_get(hass)
    issue = await eventually(
        lambda: issues.async_get_issue(DOMAIN, f"lost_{ledger_id}")
    )
    assert issue.translation_placeholders
    assert "No calendar knows" in issue.translation_placeholders["reason"]
    for calendar in calendars.calendars.values():
        calendar.mood = Mood.HONEST

    def is_confirmed() -> bool:
        """Have one more block, for what may have been submitted just now."""
        calendars.mine(1)
        return status(hass) == "confirmed"

    await eventually(is_confirmed)
    await eventually(lambda: not issues.async_get_issue(DOMAIN, f"lost_{ledger_id}"))


async def _first_step(hass: HomeAssistant) -> dict[str, Any]:
    """Return the form of the first ledger of a new log."""
    flow = hass.config_entries.flow
    result = await flow.async_init(DOMAIN, context={"source": SOURCE_USER})
    for step in (
        {"next_step_id": "log"},
        {"name": "Evidence"},
        {"next_step_id": "opentimestamps"},
    ):
        result = await flow.async_configure(result["flow_id"], step)
    return dict(result)


async def test_nothing_need_be_filled_in(hass: HomeAssistant) -> None:
    """It is proposed first, and every field of its form has a default."""
    flow = hass.config_entries.flow
    result = await flow.async_init(DOMAIN, context={"source": SOURCE_USER})
    for step in ({"next_step_id": "log"}, {"name": "Evidence"}):
        result = await flow.async_configure(result["flow_id"], step)
    assert result["menu_options"][0] == "opentimestamps"
    result = await _first_step(hass)
    filled = result["data_schema"]({"more": {}})
    assert filled["cadence"] == {"hours": 1}
    assert filled["more"] == {
        "calendars": list(PUBLIC_CALENDARS),
        "quorum": 2,
        "nodes": ["https://mempool.space/api", "https://blockstream.info/api"],
        "confirmations": 6,
    }


async def test_forms_that_do_not_hold(
    hass: HomeAssistant, calendars: DemoCalendars
) -> None:
    """Each mistake is told in words, before anything is added."""
    public = list(PUBLIC_CALENDARS)
    for filled, errors, told in (
        (form(calendars, seconds=0), {"cadence": "cadence_too_short"}, ""),
        (
            form(calendars, seconds=599, calendars=public),
            {"cadence": "cadence_burdens_calendars"},
            "",
        ),
        (form(calendars, quorum=3), {"base": "setting"}, "There are 2 calendars"),
        (form(calendars, nodes=["x"]), {"base": "setting"}, "http://"),
        (
            form(calendars, nodes=[calendars.url]),
            {"base": "ledger_not_a_node"},
            calendars.url,
        ),
    ):
        result = await _first_step(hass)
        result = await hass.config_entries.flow.async_configure(
            result["flow_id"], filled
        )
        assert (result.get("errors") or {}) == errors, result
        if told:
            assert told in result["description_placeholders"]["reason"]


async def test_explorers_are_away(
    hass: HomeAssistant, calendars: DemoCalendars, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the usual explorers it is known what they tell of: adding need not wait for them."""
    away = "http://127.0.0.1:1"
    result = await _first_step(hass)
    flow = hass.config_entries.flow
    filled = form(calendars, nodes=[away])
    result = dict(await flow.async_configure(result["flow_id"], filled))
    assert result["errors"] == {"base": "ledger_cannot_connect"}
    monkeypatch.setattr(opentimestamps, "PUBLIC_EXPLORERS", (away,))
    result = dict(await flow.async_configure(result["flow_id"], filled))
    assert result["step_id"] == "rule"
    result = dict(await flow.async_configure(result["flow_id"], rule_form(FRIDGE)))
    (subentry,) = result["result"].get_subentries_of_type("ledger")
    assert subentry.title == "Bitcoin (OpenTimestamps)"
    assert subentry.data["settings"]["network"] == BITCOIN.genesis


async def test_changing_it(hass: HomeAssistant, calendars: DemoCalendars) -> None:
    """A ledger stays on its chain, where its anchors are; a log is on a chain once."""
    entry = await anchored(hass, calendars)
    (subentry,) = entry.get_subentries_of_type("ledger")
    genesis = calendars.chain.genesis
    assert subentry.title == f"Test chain {genesis[:8]} (OpenTimestamps)"
    assert subentry.unique_id == f"opentimestamps {genesis}"
    result = await add_ledger(hass, entry, form(calendars), kind="opentimestamps")
    assert result["reason"] == "already_configured"
    flow = hass.config_entries.subentries
    result = await flow.async_init(
        (entry.entry_id, "ledger"),
        context={"source": SOURCE_RECONFIGURE, "subentry_id": subentry.subentry_id},
    )
    assert result["step_id"] == "opentimestamps"
    result = await flow.async_configure(
        result["flow_id"], form(calendars, seconds=5, confirmations=4)
    )
    assert result["reason"] == "reconfigure_successful"
    await hass.async_block_till_done()
    (subentry,) = entry.get_subentries_of_type("ledger")
    assert subentry.data["cadence"] == 5
    assert subentry.data["settings"]["confirmations"] == 4
    hass.config_entries.async_update_subentry(
        entry,
        subentry,
        data={
            **subentry.data,
            "settings": {**subentry.data["settings"], "network": BITCOIN.genesis},
        },
    )
    await hass.async_block_till_done()
    result = await flow.async_init(
        (entry.entry_id, "ledger"),
        context={"source": SOURCE_RECONFIGURE, "subentry_id": subentry.subentry_id},
    )
    result = await flow.async_configure(result["flow_id"], form(calendars))
    assert result["errors"] == {"base": "ledger_wrong_network"}
    assert "the ledger is on Bitcoin" in result["description_placeholders"]["reason"]
