"""How tests add a log, as a person would."""

from typing import Any

from custom_components.sensorchain.anchoring.entry import LogConfigEntry
from homeassistant.config_entries import SOURCE_USER
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType

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
    tangle: dict[str, Any],
    rule: dict[str, Any],
    name: str = "Evidence",
) -> LogConfigEntry:
    """Add a log with its first ledger and its first rule."""
    flow = hass.config_entries.flow
    result = await flow.async_init(DOMAIN, context={"source": SOURCE_USER})
    for step in ({"next_step_id": "log"}, {"name": name}, tangle, rule):
        result = await flow.async_configure(result["flow_id"], step)
    assert result["type"] is FlowResultType.CREATE_ENTRY, result
    await hass.async_block_till_done()
    return result["result"]


async def add_part(
    hass: HomeAssistant, entry: LogConfigEntry, kind: str, form: dict[str, Any]
) -> dict[str, Any]:
    """Add a ledger or a rule to a log; return the flow's last result."""
    flow = hass.config_entries.subentries
    result = await flow.async_init(
        (entry.entry_id, kind), context={"source": SOURCE_USER}
    )
    result = await flow.async_configure(result["flow_id"], form)
    await hass.async_block_till_done()
    return dict(result)
