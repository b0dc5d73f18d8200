"""The whole way of a reading to IOTA and back; of the key and the token nothing anywhere."""

import json
import logging
from pathlib import Path
from typing import Any

import pytest

from custom_components.sensorchain.anchoring.entry import LogConfigEntry
from custom_components.sensorchain.diagnostics import async_get_config_entry_diagnostics
from custom_components.sensorchain.ledgers.iota.ledger import IotaLedger
from custom_components.sensorchain.ledgers.iota.settings import Wire
from demo.iota.gas_station import GasStation
from demo.iota.private_iota import PrivateIota
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from tests.common import eventually
from tests.confirmation import (
    CONFIRMATION,
    FRIDGE,
    confirmed,
    in_money,
    issue_of,
    statuses,
)
from tests.log import DOMAIN, add_log, export, rule_form, verify

from .forms import (
    ACCOUNT,
    ACCOUNT_KEY,
    SECRET,
    TOKEN,
    choice_page,
    network_page,
    node_of,
)

PLENTY = 10**11
"""NANOS: 100 IOTA."""


async def iota_log(
    hass: HomeAssistant,
    iota: PrivateIota,
    wire: Wire = Wire.GRAPHQL,
    form: str = "audit_trail",
    **changes: Any,
) -> LogConfigEntry:
    """Return a log on IOTA."""
    choice, rule = choice_page(form=form), rule_form(FRIDGE)
    pages = (network_page(iota, wire, **changes), {})
    return await add_log(hass, choice, rule, "Evidence", "iota", *pages)


@pytest.mark.parametrize("form", ["audit_trail", "notarization"])
async def test_from_the_flow_to_the_verifier(
    hass: HomeAssistant, iota: PrivateIota, wire: Wire, form: str, tmp_path: Path
) -> None:
    """Submitted, confirmed, exported, verified by a stranger; what was changed is refused.

    The nodes forget the transaction; what it has made is still there.
    """
    await iota.fund(ACCOUNT_KEY.address, PLENTY)
    entry = await iota_log(hass, iota, wire, form)
    with statuses(hass) as seen:
        hass.states.async_set(FRIDGE, "4.5", {"friendly_name": "Fridge"})
        attributes = await confirmed(hass, "4.5")
    assert seen[-2:] == ["submitted", "confirmed"]
    transaction = attributes["transaction"]
    assert attributes["explorer"] == f"{iota.url}/txblock/{transaction}"
    money = await eventually(lambda: in_money(hass, "IOTA"))
    assert money["spent"] == money["fee_of_the_last_anchor"] > 0
    assert 99 < money["balance"] <= 100
    (anchorer,) = entry.runtime_data.anchorers.values()
    (found,) = await anchorer.ledger.published(9)
    (subentry,) = entry.get_subentries_of_type("ledger")
    trail = subentry.data["settings"]["trail"]
    assert found.transaction == (f"{trail}/0" if trail else transaction)
    assert found.is_confirmed
    assert [leaf.reading.state for _, leaf in found.readings] == ["4.5"]

    answer = await hass.services.async_call(
        DOMAIN,
        "verify",
        {"log": entry.entry_id, "entity_id": FRIDGE},
        blocking=True,
        return_response=True,
    )
    assert answer
    # What a network of one's own holds proves no time to strangers.
    assert answer["outcome"] == "genuine", answer
    answer = await export(hass, entry, include=True)
    told = await verify(answer["file"])
    assert told["outcome"] == "genuine", told
    (anchor,) = told["bundles"][0]["anchors"]
    assert anchor["standing"] == "confirmed"
    assert anchor["transaction"] == transaction
    assert anchor["trial"]
    told = await verify(answer["file"], "--node", node_of(iota, wire))
    assert told["outcome"] == "genuine"

    forged = tmp_path / "forged.json"
    forged.write_text(answer["bundle"].replace('"state":"4.5"', '"state":"4.6"'))
    assert (await verify(forged))["outcome"] == "not_genuine"
    await iota.prune()
    told = await verify(answer["file"])
    assert told["outcome"] == "genuine", told
    await iota.stop()
    assert (await verify(answer["file"]))["outcome"] == "undecided"


async def test_no_funds_and_then_some(hass: HomeAssistant, iota: PrivateIota) -> None:
    """A repair tells the account and what it lacks; with money, everything is anchored."""
    entry = await iota_log(hass, iota, form="notarization")
    hass.states.async_set(FRIDGE, "4.5")
    issue = await eventually(lambda: issue_of(hass, "ledger_refuses"), within=60)
    assert issue.translation_placeholders
    assert ACCOUNT in issue.translation_placeholders["reason"]
    await iota.fund(ACCOUNT_KEY.address, 10**9)
    entry.runtime_data.async_anchor_now()
    await confirmed(hass, "4.5")
    await eventually(lambda: not issue_of(hass, "ledger_refuses"))


async def test_balance_runs_low(hass: HomeAssistant, iota: PrivateIota) -> None:
    """A repair tells of an account that will soon pay for no more anchors."""
    await iota.fund(ACCOUNT_KEY.address, 10**9)
    entry = await iota_log(hass, iota)
    hass.states.async_set(FRIDGE, "4.5")
    await confirmed(hass, "4.5")
    issue = await eventually(lambda: issue_of(hass, "balance_low"), within=60)
    assert issue.translation_placeholders
    assert issue.translation_placeholders["address"] == ACCOUNT
    assert issue.translation_placeholders["balance"].endswith(" IOTA")
    await iota.fund(ACCOUNT_KEY.address, 10**15)
    entry.runtime_data.async_anchor_now()
    hass.states.async_set(FRIDGE, "4.6")
    await confirmed(hass, "4.6")
    await eventually(lambda: not issue_of(hass, "balance_low"), within=60)


async def test_gas_station_pays(hass: HomeAssistant, iota: PrivateIota) -> None:
    """The account has no money, and there is none to tell of."""
    async with GasStation(network=iota.network, token=TOKEN) as station:
        more = {"gas_station": station.url, "gas_station_token": TOKEN}
        entry = await iota_log(hass, iota, more=more)
        hass.states.async_set(FRIDGE, "4.5")
        await confirmed(hass, "4.5")
        units = [
            state.attributes.get("unit_of_measurement")
            for state in hass.states.async_all("sensor")
        ]
        assert "IOTA" not in units
        answer = await export(hass, entry, include=True)
        assert (await verify(answer["file"]))["outcome"] == "genuine"
        assert TOKEN not in answer["bundle"]
        assert await hass.config_entries.async_unload(entry.entry_id)


async def test_restart(hass: HomeAssistant, socket_enabled: None) -> None:
    """An anchor that was under way is found again, and nothing is anchored twice."""
    async with PrivateIota() as iota:
        await iota.fund(ACCOUNT_KEY.address, PLENTY)
        entry = await iota_log(hass, iota)
        hass.states.async_set(FRIDGE, "4.5")

        def is_submitted() -> bool:
            state = hass.states.get(CONFIRMATION)
            return bool(state and state.state == "submitted")

        await eventually(is_submitted, within=60)
        assert await hass.config_entries.async_unload(entry.entry_id)
        await iota.checkpoint()
        assert await hass.config_entries.async_setup(entry.entry_id)
        await confirmed(hass, "4.5")
        (anchorer,) = entry.runtime_data.anchorers.values()
        assert len(await anchorer.ledger.published(9)) == 1
        assert await hass.config_entries.async_unload(entry.entry_id)


async def test_secrets_are_nowhere(
    hass: HomeAssistant, iota: PrivateIota, caplog: pytest.LogCaptureFixture
) -> None:
    """Not in logs at any level, states, events, forms, errors, bundles, or what prints objects."""
    caplog.set_level(logging.DEBUG)
    told: list[str] = []
    hass.bus.async_listen("*", lambda event: told.append(str(event.as_dict())))
    entry = await iota_log(hass, iota, form="notarization")
    hass.states.async_set(FRIDGE, "4.5")
    await eventually(lambda: ir.async_get(hass).issues, within=60)
    await iota.fund(ACCOUNT_KEY.address, PLENTY)
    entry.runtime_data.async_anchor_now()
    await confirmed(hass, "4.5")

    # A gas station that nobody runs takes over.
    (subentry,) = entry.get_subentries_of_type("ledger")
    station = {"gas_station": "http://127.0.0.1:9", "gas_station_token": TOKEN}
    data = {**subentry.data, "settings": {**subentry.data["settings"], **station}}
    hass.config_entries.async_update_subentry(entry, subentry, data=data)
    await hass.async_block_till_done()
    hass.states.async_set(FRIDGE, "4.6")
    (anchorer,) = entry.runtime_data.anchorers.values()
    await eventually(lambda: anchorer.error, within=60)
    answer = await export(hass, entry, include=True)
    ledger = anchorer.ledger
    assert isinstance(ledger, IotaLedger)
    told += [
        json.dumps(await async_get_config_entry_diagnostics(hass, entry), default=str),
        answer["bundle"],
        repr(ledger),
        repr(vars(ledger)),
        repr(vars(anchorer)),
        repr(anchorer.error),
        str([state.as_dict() for state in hass.states.async_all()]),
        str([each.to_json() for each in ir.async_get(hass).issues.values()]),
        caplog.text,
    ]
    secrets = (SECRET, ACCOUNT_KEY.secret.hex(), str(ACCOUNT_KEY.secret), TOKEN)
    for text in told:
        for secret in secrets:
            assert secret.lower() not in text.lower()
