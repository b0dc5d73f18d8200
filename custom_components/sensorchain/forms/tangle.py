"""The form of a Tangle."""

from collections.abc import Mapping
from typing import Any

import probatio as vol
from yarl import URL

from homeassistant.data_entry_flow import section
from homeassistant.helpers.selector import (
    DurationSelector,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)

from ..const import CONF_CADENCE, CONF_LEDGER, CONF_SETTINGS
from . import SECTION_MORE, Filled, choice, number
from .ledger import Draft, LedgerForm, Page, async_check, read_cadence

CONF_NODES = "nodes"
CONF_WEIGHT = "minimum_weight_magnitude"
CONF_PROOF_OF_WORK = "proof_of_work"
CONF_TRANSACTIONS = "transactions"
CONF_EXPLORER = "explorer"
CONF_COORDINATOR = "coordinator"

TANGLE = "tangle"

SCHEMA = vol.Schema(
    {
        vol.Required(CONF_NODES): TextSelector(
            TextSelectorConfig(multiple=True, type=TextSelectorType.URL)
        ),
        vol.Required(CONF_CADENCE, default={"minutes": 1}): DurationSelector(),
        vol.Required(CONF_WEIGHT, default=9): number(1, 81),
        vol.Required(SECTION_MORE): section(
            vol.Schema(
                {
                    vol.Required(CONF_PROOF_OF_WORK, default="local"): choice(
                        CONF_PROOF_OF_WORK, ("local", "node")
                    ),
                    vol.Required(CONF_TRANSACTIONS, default=4): number(1, 20),
                    vol.Optional(CONF_EXPLORER): TextSelector(),
                }
            ),
            {"collapsed": True},
        ),
    }
)


async def _read(draft: Draft, user_input: Mapping[str, Any]) -> Filled:
    """Return the Tangle that a form describes, once its nodes have answered.

    A ledger in use stays on its network: its anchors are there. Raises FormError.
    """
    cadence = read_cadence(user_input)
    more = user_input[SECTION_MORE]
    settings = {
        CONF_NODES: list(user_input[CONF_NODES]),
        CONF_WEIGHT: int(user_input[CONF_WEIGHT]),
        CONF_PROOF_OF_WORK: more[CONF_PROOF_OF_WORK],
        CONF_TRANSACTIONS: int(more[CONF_TRANSACTIONS]),
        CONF_EXPLORER: more.get(CONF_EXPLORER) or None,
        CONF_COORDINATOR: draft.settings_before.get(CONF_COORDINATOR),
    }
    settings[CONF_COORDINATOR] = await async_check(
        draft, TANGLE, settings, CONF_NODES, CONF_WEIGHT
    )
    return Filled(
        title=f"Tangle ({URL(settings[CONF_NODES][0]).with_user(None).authority})",
        data={CONF_LEDGER: TANGLE, CONF_CADENCE: cadence, CONF_SETTINGS: settings},
        unique_id=f"{TANGLE} {settings[CONF_COORDINATOR]}",
    )


def _shown(draft: Draft) -> Mapping[str, Any]:
    """Return what a form shows of a Tangle in use."""
    if draft.before is None:
        return {}
    settings = draft.settings_before
    more = (CONF_PROOF_OF_WORK, CONF_TRANSACTIONS, CONF_EXPLORER)
    return {
        CONF_NODES: settings[CONF_NODES],
        CONF_CADENCE: {"seconds": draft.before[CONF_CADENCE]},
        CONF_WEIGHT: settings[CONF_WEIGHT],
        SECTION_MORE: {key: settings[key] for key in more if settings[key] is not None},
    }


TANGLE_FORM = LedgerForm(
    kind=TANGLE,
    pages=(
        Page(step_id=TANGLE, schema=lambda _draft: SCHEMA, shown=_shown, read=_read),
    ),
)
