"""How tests fill in the form of a log's first ledger, and what they look at in one."""

from typing import Any

import probatio as vol

from homeassistant.config_entries import SOURCE_USER
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import section

from .log import DOMAIN


async def fill_in(
    hass: HomeAssistant, kind: str, *pages: dict[str, Any]
) -> dict[str, Any]:
    """Return what a new log says to pages of the form of a kind of ledger."""
    flow = hass.config_entries.flow
    result = await flow.async_init(DOMAIN, context={"source": SOURCE_USER})
    beginning = ({"next_step_id": "log"}, {"name": "Evidence"}, {"next_step_id": kind})
    for step in (*beginning, *pages):
        result = await flow.async_configure(result["flow_id"], step)
    return dict(result)


async def go_on(
    hass: HomeAssistant, result: dict[str, Any], page: dict[str, Any]
) -> dict[str, Any]:
    """Return what it says to the next page."""
    flow = hass.config_entries.flow
    return dict(await flow.async_configure(result["flow_id"], page))


def fields(result: dict[str, Any]) -> set[str]:
    """Return what a form asks."""
    return {str(key) for key in result["data_schema"].schema}


def suggested(schema: vol.Schema) -> dict[str, Any]:
    """Return what a form holds at first sight."""
    return {
        str(field): suggested(kind.schema)
        if isinstance(kind, section)
        else field.description["suggested_value"]
        for field, kind in schema.schema.items()
        if isinstance(kind, section) or field.description
    }
