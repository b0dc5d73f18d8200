"""How tests add a log, as a person would, and read what it has published."""

import asyncio
from collections import defaultdict
from dataclasses import dataclass
import json
import os
from pathlib import Path
from typing import Any

from aiohttp import ClientSession

from custom_components.sensorchain.anchoring.entry import LogConfigEntry
from custom_components.sensorchain.ledgers.tangle.address import address_of
from custom_components.sensorchain.ledgers.tangle.transaction import Transaction
from custom_components.sensorchain.ledgers.tangle.trytes import trytes_to_text
from custom_components.sensorchain.transparency.checkpoint import SignedCheckpoint
from custom_components.sensorchain.transparency.note import VerifierKey
from homeassistant.config_entries import SOURCE_USER
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType

ROOT = Path(__file__).parents[1]

DOMAIN = "sensorchain"
NO_TIME = {"hours": 0, "minutes": 0, "seconds": 0}


def tangle_form(*nodes: str, seconds: float = 1, **more: Any) -> dict[str, Any]:
    """Return what a person fills in for a Tangle."""
    return {
        "nodes": list(nodes),
        "cadence": {"seconds": seconds},
        "minimum_weight_magnitude": more.pop("minimum_weight_magnitude", 4),
        "more": {"proof_of_work": "local", "transactions": 4, **more},
    }


def rule_form(*entity_ids: str, **changes: Any) -> dict[str, Any]:
    """Return what a person fills in for a rule."""
    more = {"moved_by": 0, "at_most_every": NO_TIME, "at_least_every": NO_TIME}
    return {
        "entity_ids": list(entity_ids),
        "occasion": changes.pop("occasion", "change"),
        "public": changes.pop("public", True),
        "more": more | changes,
    }


async def add_log(
    hass: HomeAssistant,
    ledger: dict[str, Any],
    rule: dict[str, Any],
    name: str = "Evidence",
    kind: str = "tangle",
    *pages: dict[str, Any],
) -> LogConfigEntry:
    """Add a log with its first ledger, whose form may have further pages, and its first rule."""
    flow = hass.config_entries.flow
    result = await flow.async_init(DOMAIN, context={"source": SOURCE_USER})
    beginning = ({"next_step_id": "log"}, {"name": name}, {"next_step_id": kind})
    for step in (*beginning, ledger, *pages, rule):
        result = await flow.async_configure(result["flow_id"], step)
    assert result["type"] is FlowResultType.CREATE_ENTRY, result
    await hass.async_block_till_done()
    return result["result"]


async def add_ledger(
    hass: HomeAssistant,
    entry: LogConfigEntry,
    *pages: dict[str, Any],
    kind: str = "tangle",
) -> dict[str, Any]:
    """Add a ledger to a log; return the flow's last result."""
    return await _add_part(hass, entry, "ledger", {"next_step_id": kind}, *pages)


async def add_rule(
    hass: HomeAssistant, entry: LogConfigEntry, form: dict[str, Any]
) -> dict[str, Any]:
    """Add a rule to a log; return the flow's last result."""
    return await _add_part(hass, entry, "rule", form)


async def _add_part(
    hass: HomeAssistant, entry: LogConfigEntry, part: str, *steps: dict[str, Any]
) -> dict[str, Any]:
    """Add a part to a log; return the flow's last result."""
    flow = hass.config_entries.subentries
    result = await flow.async_init(
        (entry.entry_id, part), context={"source": SOURCE_USER}
    )
    for step in steps:
        result = await flow.async_configure(result["flow_id"], step)
    await hass.async_block_till_done()
    return dict(result)


@dataclass
class Published:
    """An anchor on a Tangle: the size of its checkpoint, and the public readings."""

    size: int
    readings: list[dict[str, Any]]


async def _ask(url: str, command: str, **arguments: object) -> dict[str, Any]:
    """Return a node's answer to a command."""
    headers = {"X-IOTA-API-Version": "1"}
    body = {"command": command, **arguments}
    async with (
        ClientSession() as session,
        session.post(url, json=body, headers=headers) as response,
    ):
        return dict(await response.json())


async def published(url: str, key: VerifierKey) -> list[Published]:
    """Return what stands on a Tangle at a log's address, smallest checkpoint first."""
    found = await _ask(url, "findTransactions", addresses=[address_of(key)])
    trytes = await _ask(url, "getTrytes", hashes=found["hashes"])
    bundles = defaultdict(dict)
    for transaction in map(Transaction.from_trytes, trytes["trytes"]):
        bundles[transaction.bundle][transaction.current_index] = transaction.message
    published = []
    for bundle in bundles.values():
        trytes = "".join(bundle[index] for index in sorted(bundle)).rstrip("9")
        message = json.loads(trytes_to_text(trytes + "9" * (len(trytes) % 2)))
        opened = SignedCheckpoint.open(message["checkpoint"], key)
        published.append(Published(opened.checkpoint.size, message["readings"]))
    return sorted(published, key=lambda each: each.size)


async def export(hass: HomeAssistant, entry: LogConfigEntry, **data: Any) -> Any:
    """Return what the action answers."""
    return await hass.services.async_call(
        DOMAIN,
        "export",
        {"log": entry.entry_id, **data},
        blocking=True,
        return_response=True,
    )


async def verify(*arguments: str | Path) -> Any:
    """Return what the stand-alone verifier says."""
    process = await asyncio.create_subprocess_exec(
        ROOT / "scripts" / "verify",
        "--json",
        *arguments,
        stdout=asyncio.subprocess.PIPE,
        # What is asked is on this machine, whatever proxy it has for others.
        env={**os.environ, "no_proxy": "*"},
    )
    output, _ = await process.communicate()
    return json.loads(output)
