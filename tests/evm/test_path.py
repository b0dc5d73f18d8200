"""The whole way of a reading to a chain and back, and of the key nowhere."""

import json
import logging
from pathlib import Path
from typing import Any

import pytest

from custom_components.sensorchain.anchoring.entry import LogConfigEntry
from custom_components.sensorchain.diagnostics import async_get_config_entry_diagnostics
from custom_components.sensorchain.ledgers.evm.ledger import EvmLedger
from demo.evm.private_chain import PrivateChain
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from tests.common import eventually
from tests.confirmation import FRIDGE, confirmed, in_money, issue_of, statuses
from tests.ledgers.evm.conftest import ACCOUNT_KEY
from tests.log import add_log, export, rule_form, verify

from .forms import SECRET, choice_page, network_page


async def evm_log(hass: HomeAssistant, *nodes: str, **changes: Any) -> LogConfigEntry:
    """Return a log on a chain."""
    pages = (network_page(*nodes, **changes), {})
    return await add_log(
        hass, choice_page(), rule_form(FRIDGE), "Evidence", "evm", *pages
    )


async def test_from_the_flow_to_the_verifier(
    hass: HomeAssistant, chain: PrivateChain, tmp_path: Path
) -> None:
    """Submitted, confirmed, exported, verified by a stranger; what was changed is refused."""
    await chain.fund(ACCOUNT_KEY.account)
    entry = await evm_log(hass, chain.url)
    with statuses(hass) as seen:
        hass.states.async_set(FRIDGE, "4.5", {"friendly_name": "Fridge"})
        attributes = await confirmed(hass, "4.5")
    assert seen[-2:] == ["submitted", "confirmed"]
    transaction = attributes["transaction"]
    assert attributes["explorer"] == f"http://explorer.example/tx/{transaction}"
    money = await eventually(lambda: in_money(hass, "ETH"))
    assert money["spent"] == money["fee_of_the_last_anchor"] > 0
    assert money["balance"] <= 1
    on_chain = await chain.call("eth_getTransactionByHash", transaction)
    data = bytes.fromhex(on_chain["input"][2:]).decode()
    assert data.startswith("sensorchain/v1\n")
    (reading,) = json.loads(data.split("\n", 1)[1])["readings"]
    assert reading["state"] == "4.5"

    answer = await export(hass, entry, include=True)
    assert SECRET not in answer["bundle"]
    told = await verify(answer["file"])
    assert told["outcome"] == "genuine", told
    (anchor,) = told["bundles"][0]["anchors"]
    assert anchor["standing"] == "confirmed"
    assert anchor["transaction"] == transaction
    told = await verify(answer["file"], "--node", chain.url)
    assert told["outcome"] == "genuine"

    forged = tmp_path / "forged.json"
    forged.write_text(answer["bundle"].replace('"state":"4.5"', '"state":"4.6"'))
    assert (await verify(forged))["outcome"] == "not_genuine"
    forged.write_text(answer["bundle"].replace(transaction, f"0x{'ab' * 32}"))
    assert (await verify(forged))["outcome"] == "not_genuine"
    await chain.stop()
    assert (await verify(answer["file"]))["outcome"] == "undecided"


async def test_no_funds_and_then_some(hass: HomeAssistant, chain: PrivateChain) -> None:
    """A repair tells the account and what it lacks; with money, everything is anchored."""
    entry = await evm_log(hass, chain.url)
    hass.states.async_set(FRIDGE, "4.5")

    issue = await eventually(lambda: issue_of(hass, "ledger_refuses"), within=60)
    assert issue.translation_placeholders
    assert ACCOUNT_KEY.account in issue.translation_placeholders["reason"]
    await chain.fund(ACCOUNT_KEY.account)
    entry.runtime_data.async_anchor_now()
    await confirmed(hass, "4.5")
    await eventually(lambda: not issue_of(hass, "ledger_refuses"))


async def test_reorganisation(hass: HomeAssistant, chain: PrivateChain) -> None:
    """A reading whose block is gone is submitted again, and confirmed with the same bytes."""
    await chain.fund(ACCOUNT_KEY.account)
    await evm_log(hass, chain.url)
    await chain.mine(5)
    hass.states.async_set(FRIDGE, "4.5")
    before = await confirmed(hass, "4.5")
    found = await chain.call("eth_getTransactionReceipt", before["transaction"])
    # No block may come between counting them and taking them back.
    await chain.call("evm_setIntervalMining", 0)
    head = int(await chain.call("eth_blockNumber"), 16)
    with statuses(hass) as seen:
        await chain.call("anvil_rollback", head - int(found["blockNumber"], 16) + 1)
        await chain.call("evm_setIntervalMining", 1)
        await eventually(lambda: "submitted" in seen or "recorded" in seen, within=90)
        after = await confirmed(hass, "4.5")
    assert after["transaction"] == before["transaction"]
    count = await chain.call("eth_getTransactionCount", ACCOUNT_KEY.account, "latest")
    assert int(count, 16) == 1


async def test_the_key_is_nowhere(
    hass: HomeAssistant, chain: PrivateChain, caplog: pytest.LogCaptureFixture
) -> None:
    """Not in logs at any level, states, events, forms, errors, bundles, or what prints objects."""
    caplog.set_level(logging.DEBUG)
    told: list[str] = []
    hass.bus.async_listen("*", lambda event: told.append(str(event.as_dict())))
    entry = await evm_log(hass, chain.url)
    hass.states.async_set(FRIDGE, "4.5")
    await eventually(lambda: ir.async_get(hass).issues, within=60)
    await chain.fund(ACCOUNT_KEY.account)
    entry.runtime_data.async_anchor_now()
    await confirmed(hass, "4.5")
    answer = await export(hass, entry, include=True)

    await chain.stop()
    hass.states.async_set(FRIDGE, "4.6")
    (anchorer,) = entry.runtime_data.anchorers.values()
    await eventually(lambda: anchorer.error, within=60)
    await chain.start()
    ledger = anchorer.ledger
    assert isinstance(ledger, EvmLedger)
    settings = ledger._settings
    told += [
        str(await async_get_config_entry_diagnostics(hass, entry)),
        answer["bundle"],
        repr(settings),
        repr(settings.key),
        repr(ledger),
        repr(vars(anchorer)),
        repr(anchorer.error),
        str([state.as_dict() for state in hass.states.async_all()]),
        str([each.to_json() for each in ir.async_get(hass).issues.values()]),
        caplog.text,
    ]
    number = str(int(SECRET, 16))
    for text in told:
        assert SECRET.lower() not in text.lower()
        assert number not in text
