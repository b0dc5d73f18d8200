"""The form of a chain of the Ethereum kind: which one, how it is used, and who pays.

Three pages. Of a ledger in use the chain and the account stay: its anchors are there.
"""

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
from ..ledgers.evm.chains import CHAINS, Chain, known
from ..ledgers.evm.key import Key
from ..ledgers.evm.ledger import EvmLedger
from ..ledgers.evm.settings import (
    LEAST_BYTES,
    MOST_BLOCKS,
    MOST_BYTES,
    MOST_CHAIN_ID,
    EvmSettings,
    FeeStyle,
    Finality,
    in_unit,
)
from ..ledgers.ledger import SettingsError
from . import SECTION_MORE, Filled, FormError, choice, number
from .account import CONF_PRIVATE_KEY, IMPORTED, NEW, OWN, SECRET, costs, is_in_use
from .ledger import (
    Draft,
    LedgerForm,
    Page,
    async_check,
    ledger_of,
    read_cadence,
    shown_cadence,
)

EVM = "evm"

CONF_NETWORK = "network"
CONF_KEY = "key"
CONF_NODES = "nodes"
CONF_CHAIN_ID = "chain_id"
CONF_MOST_FEE = "most_fee"
CONF_FINALITY = "finality"
CONF_BLOCKS = "blocks"
CONF_MOST_BYTES = "most_bytes"
CONF_EXPLORER = "explorer"
CONF_UNIT = "unit"
CONF_FEES = "fees"

_CADENCE = {vol.Required(CONF_CADENCE, default={"hours": 1}): DurationSelector()}
_NODES = TextSelector(TextSelectorConfig(multiple=True, type=TextSelectorType.URL))


# The first page: which chain, how often, whose account.


def _choice_schema(draft: Draft) -> vol.Schema:
    """Return the form: of a ledger in use, how often alone."""
    if draft.before:
        return vol.Schema(_CADENCE)
    networks = choice(CONF_NETWORK, (*CHAINS, OWN))
    return vol.Schema(
        {
            vol.Required(CONF_NETWORK, default="base"): networks,
            **_CADENCE,
            vol.Required(CONF_KEY, default=NEW): choice(CONF_KEY, (NEW, IMPORTED)),
        }
    )


async def _read_choice(draft: Draft, user_input: Mapping[str, Any]) -> None:
    """Keep what was chosen; make the key. Raises FormError."""
    draft.given |= user_input
    draft.given[CONF_CADENCE] = read_cadence(user_input)
    if draft.before is None and CONF_PRIVATE_KEY not in draft.given:
        draft.given[CONF_PRIVATE_KEY] = Key.generate().reveal()


# The second page: how the chain is used.


def _chain(draft: Draft) -> Chain | None:
    """Return the chain, if it is one of those that are known."""
    if draft.before:
        return known(draft.settings_before[CONF_CHAIN_ID])
    return CHAINS.get(draft.given[CONF_NETWORK])


def _network_schema(draft: Draft) -> vol.Schema:
    """Return the form: a chain that nobody knows has more to tell."""
    is_new, is_own = draft.before is None, _chain(draft) is None
    fields: dict[vol.Marker, Any] = {vol.Required(CONF_NODES): _NODES}
    if is_new and is_own:
        fields[vol.Required(CONF_CHAIN_ID)] = number(1, MOST_CHAIN_ID)
    if is_new and draft.given[CONF_KEY] == IMPORTED:
        fields[vol.Required(CONF_PRIVATE_KEY)] = SECRET
    fields[vol.Required(CONF_MOST_FEE, default="0.001")] = TextSelector()
    return vol.Schema(
        {**fields, vol.Required(SECTION_MORE): _more_schema(is_own=is_own)}
    )


def _more_schema(*, is_own: bool) -> section:
    """Return the section of what seldom needs to be changed."""
    fields: dict[vol.Marker, Any] = {
        vol.Required(CONF_FINALITY, default=Finality.FINALIZED.value): choice(
            CONF_FINALITY, (each.value for each in Finality)
        ),
        vol.Required(CONF_BLOCKS, default=12): number(1, MOST_BLOCKS),
        vol.Required(CONF_MOST_BYTES, default=4096): number(LEAST_BYTES, MOST_BYTES),
        vol.Optional(CONF_EXPLORER): TextSelector(),
    }
    if is_own:
        fields[vol.Required(CONF_UNIT, default="ETH")] = TextSelector()
        fields[vol.Required(CONF_FEES, default=FeeStyle.EIP1559.value)] = choice(
            CONF_FEES, (each.value for each in FeeStyle)
        )
    return section(vol.Schema(fields), {"collapsed": True})


def _network_shown(draft: Draft) -> Mapping[str, Any]:
    """Return what the form shows: how the ledger is used, or how its chain mostly is."""
    chain = _chain(draft)
    settings = draft.settings_before or (chain.usual.to_json() if chain else {})
    more = [CONF_FINALITY, CONF_BLOCKS, CONF_MOST_BYTES, CONF_EXPLORER]
    if chain is None:
        more += [CONF_UNIT, CONF_FEES]
    shown = {
        key: settings[key] for key in (CONF_NODES, CONF_MOST_FEE) if key in settings
    }
    return shown | {
        SECTION_MORE: {key: settings[key] for key in more if settings.get(key)}
    }


async def _read_network(draft: Draft, user_input: Mapping[str, Any]) -> None:
    """Keep how the chain is used, once its nodes have answered; raises FormError."""
    more = user_input[SECTION_MORE]
    chain = _chain(draft)
    base = draft.settings_before or (chain.usual.to_json() if chain else {})
    settings = {
        **base,
        CONF_NODES: list(user_input[CONF_NODES]),
        CONF_MOST_FEE: user_input[CONF_MOST_FEE],
        CONF_FINALITY: more[CONF_FINALITY],
        CONF_BLOCKS: int(more[CONF_BLOCKS]),
        CONF_MOST_BYTES: int(more[CONF_MOST_BYTES]),
        CONF_EXPLORER: more.get(CONF_EXPLORER) or None,
    }
    settings |= {key: more[key] for key in (CONF_UNIT, CONF_FEES) if key in more}
    if CONF_CHAIN_ID in user_input:
        settings[CONF_CHAIN_ID] = int(user_input[CONF_CHAIN_ID])
    if draft.before is None:
        given = {**draft.given, **user_input}
        settings[CONF_PRIVATE_KEY] = _normal(given[CONF_PRIVATE_KEY])
    fields = (CONF_NODES, CONF_CHAIN_ID, CONF_PRIVATE_KEY, CONF_MOST_FEE)
    await async_check(draft, EVM, settings, *fields)
    account = (CONF_CHAIN_ID, CONF_PRIVATE_KEY)
    if draft.before is None and is_in_use(draft.hass, EVM, settings, *account):
        # They would take each other's nonces.
        raise FormError({CONF_PRIVATE_KEY: "account_in_use"})
    draft.given[CONF_SETTINGS] = settings


def _normal(secret: str) -> str:
    """Return a private key as it is stored; raises FormError."""
    try:
        return Key.parse(secret).reveal()
    except SettingsError as err:
        raise FormError({CONF_PRIVATE_KEY: "setting"}, str(err)) from None


# The third page: the account, and what it will pay.


async def _account_texts(draft: Draft) -> Mapping[str, str]:
    """Return the account, what it has, and what anchors cost; "?" for what cannot be told."""
    settings = EvmSettings.from_json(draft.given[CONF_SETTINGS])
    ledger = ledger_of(draft, EVM, draft.given[CONF_SETTINGS])
    assert isinstance(ledger, EvmLedger)
    assert settings.key
    return {
        "account": settings.key.account,
        "network": _title(settings),
        **await costs(draft, ledger, in_unit, settings.unit),
    }


async def _read_account(draft: Draft, _user_input: Mapping[str, Any]) -> Filled:
    """Return the ledger."""
    settings = EvmSettings.from_json(draft.given[CONF_SETTINGS])
    return Filled(
        title=_title(settings),
        data={
            CONF_LEDGER: EVM,
            CONF_CADENCE: draft.given[CONF_CADENCE],
            CONF_SETTINGS: draft.given[CONF_SETTINGS],
        },
        unique_id=f"{EVM} {settings.chain_id}",
    )


def _title(settings: EvmSettings) -> str:
    """Return the chain's name, or its number and the first node's."""
    if chain := known(settings.chain_id):
        return chain.name
    return f"Chain {settings.chain_id} ({URL(settings.nodes[0]).host})"


EVM_FORM = LedgerForm(
    kind=EVM,
    pages=(
        Page(
            step_id=EVM,
            schema=_choice_schema,
            shown=shown_cadence,
            read=_read_choice,
        ),
        Page(
            step_id="evm_network",
            schema=_network_schema,
            shown=_network_shown,
            read=_read_network,
        ),
        Page(
            step_id="evm_account",
            schema=lambda _draft: vol.Schema({}),
            shown=lambda _draft: {},
            read=_read_account,
            texts=_account_texts,
        ),
    ),
)
