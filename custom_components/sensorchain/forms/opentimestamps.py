"""The form of Bitcoin through OpenTimestamps: all of it has a default."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import probatio as vol

from homeassistant.data_entry_flow import section
from homeassistant.helpers.selector import (
    DurationSelector,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)

from ..const import CONF_CADENCE, CONF_LEDGER, CONF_SETTINGS
from ..ledgers.opentimestamps.bitcoin import BITCOIN, network
from ..ledgers.opentimestamps.calendar import PUBLIC_CALENDARS
from ..ledgers.opentimestamps.settings import MOST_CALENDARS, MOST_CONFIRMATIONS
from ..ledgers.opentimestamps.sources import PUBLIC_EXPLORERS
from . import SECTION_MORE, Filled, FormError, number
from .ledger import Draft, LedgerForm, Page, async_check, read_cadence

CONF_CALENDARS = "calendars"
CONF_QUORUM = "quorum"
CONF_NODES = "nodes"
CONF_CONFIRMATIONS = "confirmations"
CONF_NETWORK = "network"

OPENTIMESTAMPS = "opentimestamps"

LEAST_CADENCE = timedelta(minutes=10)
"""Public calendars live on donations: nobody should ask them more often."""

_MORE = (CONF_CALENDARS, CONF_QUORUM, CONF_NODES, CONF_CONFIRMATIONS)
_URLS = TextSelector(TextSelectorConfig(multiple=True, type=TextSelectorType.URL))

SCHEMA = vol.Schema(
    {
        vol.Required(CONF_CADENCE, default={"hours": 1}): DurationSelector(),
        vol.Required(SECTION_MORE): section(
            vol.Schema(
                {
                    vol.Required(CONF_CALENDARS, default=list(PUBLIC_CALENDARS)): _URLS,
                    vol.Required(CONF_QUORUM, default=2): number(1, MOST_CALENDARS),
                    vol.Required(CONF_NODES, default=list(PUBLIC_EXPLORERS)): _URLS,
                    vol.Required(CONF_CONFIRMATIONS, default=6): number(
                        1, MOST_CONFIRMATIONS
                    ),
                }
            ),
            {"collapsed": True},
        ),
    }
)


async def _read(draft: Draft, user_input: Mapping[str, Any]) -> Filled:
    """Return the ledger that a form describes, once its servers have answered.

    A ledger in use stays on its chain: its anchors are there. Raises FormError.
    """
    cadence, more = read_cadence(user_input), user_input[SECTION_MORE]
    settings: dict[str, Any] = {
        CONF_CALENDARS: list(more[CONF_CALENDARS]),
        CONF_QUORUM: int(more[CONF_QUORUM]),
        CONF_NODES: list(more[CONF_NODES]),
        CONF_CONFIRMATIONS: int(more[CONF_CONFIRMATIONS]),
        CONF_NETWORK: None,
    }
    is_public = not set(PUBLIC_CALENDARS).isdisjoint(settings[CONF_CALENDARS])
    if is_public and cadence < LEAST_CADENCE.total_seconds():
        raise FormError({CONF_CADENCE: "cadence_burdens_calendars"})
    if set(PUBLIC_EXPLORERS) == set(settings[CONF_NODES]):
        # What they tell of is known: one that is away for a moment does no harm.
        settings[CONF_NETWORK] = BITCOIN.genesis
    settings[CONF_NETWORK] = await async_check(draft, OPENTIMESTAMPS, settings)
    _check_network(draft, settings[CONF_NETWORK])
    return Filled(
        title=f"{_name(settings[CONF_NETWORK])} (OpenTimestamps)",
        data={
            CONF_LEDGER: OPENTIMESTAMPS,
            CONF_CADENCE: cadence,
            CONF_SETTINGS: settings,
        },
        unique_id=f"{OPENTIMESTAMPS} {settings[CONF_NETWORK]}",
    )


def _check_network(draft: Draft, genesis: str) -> None:
    """Refuse another chain for a ledger in use; raises FormError."""
    before = draft.settings_before.get(CONF_NETWORK, genesis)
    if before != genesis:
        raise FormError(
            {"base": "ledger_wrong_network"},
            f"the ledger is on {_name(before)}, and this is {_name(genesis)}",
        )


def _name(genesis: str) -> str:
    """Return a chain in words, at the beginning of a title."""
    name = network(genesis).name or "Bitcoin"
    return name.removeprefix("a ").removeprefix("the ").capitalize()


def _shown(draft: Draft) -> Mapping[str, Any]:
    """Return what a form shows of a ledger in use."""
    if draft.before is None:
        return {}
    return {
        CONF_CADENCE: {"seconds": draft.before[CONF_CADENCE]},
        SECTION_MORE: {key: draft.settings_before[key] for key in _MORE},
    }


OPENTIMESTAMPS_FORM = LedgerForm(
    kind=OPENTIMESTAMPS,
    pages=(
        Page(
            step_id=OPENTIMESTAMPS,
            schema=lambda _draft: SCHEMA,
            shown=_shown,
            read=_read,
        ),
    ),
)
