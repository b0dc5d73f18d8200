"""The form of IOTA: which network, what an anchor is, how it is used, and who pays.

Three pages; the last one depends on who pays, and on whether the ledger is in use. Of a ledger in
use the network, the account, the form of its anchors and the trail stay: its anchors are there.
"""

import asyncio
from collections.abc import Callable, Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

import probatio as vol
from yarl import URL

from homeassistant.data_entry_flow import section
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.selector import (
    BooleanSelector,
    DurationSelector,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)

from ..const import CONF_CADENCE, CONF_LEDGER, CONF_SETTINGS
from ..ledgers.given import check_nodes
from ..ledgers.http import AiohttpTransport
from ..ledgers.iota.faucet import Faucet
from ..ledgers.iota.graphql import GraphqlClient
from ..ledgers.iota.json_rpc import JsonRpcClient
from ..ledgers.iota.key import Key
from ..ledgers.iota.ledger import IotaLedger
from ..ledgers.iota.networks import NETWORKS, Network, known
from ..ledgers.iota.settings import (
    LEAST_BYTES,
    MOST_BYTES,
    PACKAGES,
    UNIT,
    AnchorForm,
    IotaSettings,
    Wire,
    in_unit,
    public_nodes,
    usual,
)
from ..ledgers.iota.transaction import written
from ..ledgers.ledger import LedgerError
from ..ledgers.nodes import Nodes
from . import SECTION_MORE, Filled, FormError, choice, number
from .account import (
    CONF_PRIVATE_KEY,
    IMPORTED,
    NEW,
    OWN,
    SECRET,
    async_spare_key,
    costs,
    is_in_use,
)
from .ledger import (
    Draft,
    LedgerForm,
    Page,
    async_check,
    errors_told,
    ledger_of,
    read_cadence,
    shown_cadence,
)

IOTA = "iota"

CONF_NETWORK = "network"
CONF_FORM = "form"
CONF_KEY = "key"
CONF_NODES = "nodes"
CONF_CHAIN = "chain"
CONF_MOST_FEE = "most_fee"
CONF_WIRE = "wire"
CONF_GAS_STATION = "gas_station"
CONF_TOKEN = "gas_station_token"
CONF_MOST_BYTES = "most_bytes"
CONF_EXPLORER = "explorer"
CONF_FAUCET = "faucet"
CONF_ASK_FAUCET = "ask_faucet"
CONF_TRAIL = "trail"
CONF_TRAIL_VERSION = "trail_version"

ARRIVAL = timedelta(seconds=45)
"""How long the form waits for the faucet's money; people wait before it."""

LOOK = timedelta(seconds=1)
"""Between two looks whether it has arrived."""

_CADENCE = {vol.Required(CONF_CADENCE, default={"minutes": 5}): DurationSelector()}
_URLS = TextSelector(TextSelectorConfig(multiple=True, type=TextSelectorType.URL))
_URL = TextSelector(TextSelectorConfig(type=TextSelectorType.URL))


# The first page: which network, what an anchor is, how often, whose account.


def _choice_schema(draft: Draft) -> vol.Schema:
    """Return the form: of a ledger in use, how often alone."""
    if draft.before:
        return vol.Schema(_CADENCE)
    networks = choice("iota_network", (*NETWORKS, OWN))
    forms = choice("anchor_form", (each.value for each in AnchorForm))
    return vol.Schema(
        {
            vol.Required(CONF_NETWORK, default="mainnet"): networks,
            vol.Required(CONF_FORM, default=AnchorForm.AUDIT_TRAIL.value): forms,
            **_CADENCE,
            vol.Required(CONF_KEY, default=NEW): choice(CONF_KEY, (NEW, IMPORTED)),
        }
    )


async def _read_choice(draft: Draft, user_input: Mapping[str, Any]) -> None:
    """Keep what was chosen; raises FormError."""
    cadence = read_cadence(user_input)
    draft.given |= {**user_input, CONF_CADENCE: cadence}


# The second page: how the network is used.


def _network(draft: Draft) -> Network | None:
    """Return the network, if it is one of those that are known."""
    if draft.before:
        return known(draft.settings_before[CONF_CHAIN])
    return NETWORKS.get(draft.given[CONF_NETWORK])


def _network_schema(draft: Draft) -> vol.Schema:
    """Return the form: a network that nobody knows has more to tell."""
    is_new = draft.before is None
    is_own = is_new and _network(draft) is None
    fields: dict[vol.Marker, Any] = {vol.Required(CONF_NODES): _URLS}
    if is_own:
        fields |= {vol.Optional(key): TextSelector() for key in (CONF_CHAIN, *PACKAGES)}
    if is_new and draft.given[CONF_KEY] == IMPORTED:
        fields[vol.Required(CONF_PRIVATE_KEY)] = SECRET
    fields[vol.Required(CONF_MOST_FEE, default="0.05")] = TextSelector()
    return vol.Schema(
        {**fields, vol.Required(SECTION_MORE): _more_schema(is_own=is_own)}
    )


def _more_schema(*, is_own: bool) -> section:
    """Return the section of what seldom needs to be changed."""
    fields: dict[vol.Marker, Any] = {
        vol.Required(CONF_WIRE, default=Wire.GRAPHQL.value): choice(
            CONF_WIRE, (each.value for each in Wire)
        ),
        vol.Optional(CONF_GAS_STATION): _URL,
        vol.Optional(CONF_TOKEN): SECRET,
        vol.Required(CONF_MOST_BYTES, default=4096): number(LEAST_BYTES, MOST_BYTES),
        vol.Optional(CONF_EXPLORER): TextSelector(),
    }
    if is_own:
        fields[vol.Optional(CONF_FAUCET)] = _URL
    return section(vol.Schema(fields), {"collapsed": True})


def _settings_before(draft: Draft) -> Mapping[str, Any]:
    """Return the settings of a ledger in use, or how its network mostly is used."""
    network = _network(draft)
    return draft.settings_before or (usual(network).to_json() if network else {})


def _network_shown(draft: Draft) -> Mapping[str, Any]:
    """Return what the form shows at first sight; the station's token is never among it."""
    settings = _settings_before(draft)
    more = (CONF_WIRE, CONF_GAS_STATION, CONF_MOST_BYTES, CONF_EXPLORER)
    shown = {
        key: settings[key] for key in (CONF_NODES, CONF_MOST_FEE) if key in settings
    }
    return shown | {
        SECTION_MORE: {key: settings[key] for key in more if settings.get(key)}
    }


async def _read_network(draft: Draft, user_input: Mapping[str, Any]) -> None:
    """Keep how the network is used, once its nodes have answered; raises FormError."""
    more = user_input[SECTION_MORE]
    wire = Wire(more[CONF_WIRE])
    settings = {
        **_settings_before(draft),
        CONF_NODES: _nodes(_network(draft), wire, user_input[CONF_NODES]),
        CONF_WIRE: wire.value,
        CONF_MOST_FEE: user_input[CONF_MOST_FEE],
        CONF_MOST_BYTES: int(more[CONF_MOST_BYTES]),
        CONF_GAS_STATION: more.get(CONF_GAS_STATION) or None,
        CONF_TOKEN: _token(draft, more),
        CONF_EXPLORER: more.get(CONF_EXPLORER) or None,
    }
    if draft.before is None:
        settings |= await _beginning(draft, wire, settings, user_input)
    fields = (CONF_NODES, CONF_CHAIN, *PACKAGES, CONF_MOST_FEE)
    await async_check(draft, IOTA, settings, *fields)
    if draft.before is None:
        key = await _private_key(draft, settings[CONF_CHAIN], user_input)
        settings[CONF_PRIVATE_KEY] = key
    draft.given |= {
        CONF_SETTINGS: IotaSettings.from_json(settings).to_json(),
        CONF_FAUCET: more.get(CONF_FAUCET),
    }


def _nodes(network: Network | None, wire: Wire, given: list[str]) -> list[str]:
    """Return the nodes to ask: those that were proposed change with the way of asking."""
    proposed = [public_nodes(network, each) for each in Wire] if network else []
    if network and tuple(given) in proposed:
        return list(public_nodes(network, wire))
    return list(given)


def _token(draft: Draft, more: Mapping[str, Any]) -> str | None:
    """Return the token of the gas station; one that is not typed anew stays.

    It is never shown, not even after an error. Another server never gets it.
    """
    station = _server(more.get(CONF_GAS_STATION))
    before = draft.settings_before
    known_tokens = {_server(before.get(CONF_GAS_STATION)): before.get(CONF_TOKEN)}
    known_tokens |= draft.given.setdefault(CONF_TOKEN, {})
    if station and more.get(CONF_TOKEN):
        draft.given[CONF_TOKEN][station] = more[CONF_TOKEN]
        return str(more[CONF_TOKEN])
    return known_tokens.get(station)


def _server(url: str | None) -> str:
    """Return what of a URL tells one server from another; raises FormError."""
    try:
        parts = urlsplit(url or "")
    except ValueError as err:
        raise FormError({"base": "setting"}, str(err)) from None
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}" if url else ""


async def _beginning(
    draft: Draft,
    wire: Wire,
    settings: Mapping[str, Any],
    user_input: Mapping[str, Any],
) -> dict[str, Any]:
    """Return the settings that stay, but for the account; raises FormError."""
    network = _network(draft)
    chain = network.chain if network else user_input.get(CONF_CHAIN)
    chain = chain or await _chain_told(draft, wire, settings[CONF_NODES])
    return {
        CONF_CHAIN: chain,
        **{key: user_input.get(key) or None for key in PACKAGES},
        CONF_FORM: draft.given[CONF_FORM],
    }


async def _chain_told(draft: Draft, wire: Wire, nodes: list[str]) -> str:
    """Return the chain that the first node which answers belongs to; raises FormError."""
    client = GraphqlClient if wire is Wire.GRAPHQL else JsonRpcClient
    transport = AiohttpTransport(async_get_clientsession(draft.hass))
    with errors_told(CONF_NODES):
        check_nodes(nodes)
        asked = Nodes([client(transport, url) for url in nodes])
        return await asked.first(lambda node: node.chain())


async def _private_key(draft: Draft, chain: str, user_input: Mapping[str, Any]) -> str:
    """Return the account's key as it is stored: one typed here, or one for this network.

    Raises FormError, also for the account of another ledger.
    """
    if draft.given[CONF_KEY] == NEW:
        return await async_spare_key(
            draft.hass,
            f"{IOTA} {chain}",
            lambda: Key.generate().reveal(),
            lambda key: _is_taken(draft, chain, key),
        )
    with errors_told(CONF_PRIVATE_KEY):
        key = Key.parse(user_input[CONF_PRIVATE_KEY]).reveal()
    if _is_taken(draft, chain, key):
        raise FormError({CONF_PRIVATE_KEY: "account_in_use"})
    return key


def _is_taken(draft: Draft, chain: str, key: str | None) -> bool:
    """Whether another ledger pays from an account: each would hold the other's coins."""
    account = {CONF_CHAIN: chain, CONF_PRIVATE_KEY: key}
    return is_in_use(draft.hass, IOTA, account, *account)


# The third page: the account, and what it will pay; the faucet and the trail.


def _is_sponsored(draft: Draft) -> bool:
    """Whether a gas station pays."""
    return bool(draft.given[CONF_SETTINGS][CONF_GAS_STATION])


def _has_trail(draft: Draft) -> bool:
    """Whether anchors go into a trail."""
    form: str = draft.given[CONF_SETTINGS][CONF_FORM]
    return form == AnchorForm.AUDIT_TRAIL


def _ledger(draft: Draft) -> IotaLedger:
    """Return the ledger as it is filled in."""
    ledger = ledger_of(draft, IOTA, draft.given[CONF_SETTINGS])
    assert isinstance(ledger, IotaLedger)
    return ledger


def _faucet(draft: Draft) -> str | None:
    """Return the URL of what gives money to the account; None where nothing does."""
    if _is_sponsored(draft):
        return None
    network = _network(draft)
    return network.faucet if network else draft.given[CONF_FAUCET]


def _account_schema(draft: Draft) -> vol.Schema:
    """Return the form: whether the faucet shall give, where there is one."""
    if not _faucet(draft):
        return vol.Schema({})
    ask = vol.Required(CONF_ASK_FAUCET, default=draft.before is None)
    return vol.Schema({ask: BooleanSelector()})


async def _account_texts(draft: Draft) -> Mapping[str, str]:
    """Return the account, what it has, what anchors cost, who pays, and where the trail is."""
    settings = IotaSettings.from_json(draft.given[CONF_SETTINGS])
    assert settings.key
    return {
        "account": written(settings.key.address),
        "network": _title(settings),
        "station": urlsplit(settings.gas_station or "").hostname or "",
        "trail": f"\n\n`{settings.trail}`" if settings.trail else "–",
        **await costs(draft, _ledger(draft), in_unit, UNIT),
    }


async def _read_account(draft: Draft, user_input: Mapping[str, Any]) -> Filled:
    """Return the ledger, once there is money where it is wished for, and a trail if need be."""
    settings = IotaSettings.from_json(draft.given[CONF_SETTINGS])
    if draft.before is None and _is_taken(draft, settings.chain, settings.private_key):
        # By a form that was open at the same time.
        raise FormError({"base": "account_in_use"})
    if user_input.get(CONF_ASK_FAUCET):
        await _have_faucet_give(draft, settings)
    if settings.form is AnchorForm.AUDIT_TRAIL and settings.trail is None:
        await _make_trail(draft)
    return Filled(
        title=_title(settings),
        data={
            CONF_LEDGER: IOTA,
            CONF_CADENCE: draft.given[CONF_CADENCE],
            CONF_SETTINGS: draft.given[CONF_SETTINGS],
        },
        unique_id=f"{IOTA} {settings.chain}",
    )


async def _have_faucet_give(draft: Draft, settings: IotaSettings) -> None:
    """Ask the faucet, once a form, and wait for what it gives; raises FormError."""
    url, ledger = _faucet(draft), _ledger(draft)
    assert url
    assert settings.key
    faucet = Faucet(AiohttpTransport(async_get_clientsession(draft.hass)), url)
    if CONF_ASK_FAUCET not in draft.given:
        before = await _balance(ledger)
        try:
            await faucet.ask(settings.key.address)
        except LedgerError as err:
            raise FormError({CONF_ASK_FAUCET: "faucet"}, str(err)) from err
        draft.given[CONF_ASK_FAUCET] = before
    try:
        async with asyncio.timeout(ARRIVAL.total_seconds()):
            await _arrival(ledger, draft.given[CONF_ASK_FAUCET])
    except TimeoutError:
        raise FormError({CONF_ASK_FAUCET: "faucet_slow"}) from None


async def _arrival(ledger: IotaLedger, before: Decimal) -> None:
    """Wait until the account has more than before; raises FormError."""
    balance = await _balance(ledger)
    while balance <= before:
        await asyncio.sleep(LOOK.total_seconds())
        balance = await _balance(ledger)


async def _balance(ledger: IotaLedger) -> Decimal:
    """Return what the account has; raises FormError."""
    with errors_told():
        account = await ledger.account()
    return account.balance if account else Decimal()


async def _make_trail(draft: Draft) -> None:
    """Make the log's trail, and keep where it is; raises FormError."""
    with errors_told():
        trail = await _ledger(draft).make_trail()
    draft.given[CONF_SETTINGS] |= {
        CONF_TRAIL: written(trail.object_id),
        CONF_TRAIL_VERSION: trail.initial_version,
    }


def _title(settings: IotaSettings) -> str:
    """Return the network's name, or the first node's."""
    if network := known(settings.chain):
        return network.name
    return f"IOTA ({URL(settings.nodes[0]).with_user(None).authority})"


def _account_page(step_id: str, applies: Callable[[Draft], bool]) -> Page:
    """Return the last page for some ledgers; it differs in its text alone."""
    return Page(
        step_id=step_id,
        schema=_account_schema,
        shown=lambda _draft: {},
        read=_read_account,
        texts=_account_texts,
        applies=applies,
    )


IOTA_FORM = LedgerForm(
    kind=IOTA,
    pages=(
        Page(
            step_id=IOTA,
            schema=_choice_schema,
            shown=shown_cadence,
            read=_read_choice,
        ),
        Page(
            step_id="iota_network",
            schema=_network_schema,
            shown=_network_shown,
            read=_read_network,
        ),
        _account_page("iota_sponsor", _is_sponsored),
        _account_page("iota_in_use", lambda draft: draft.before is not None),
        _account_page("iota_trail", _has_trail),
        _account_page("iota_account", lambda _draft: True),
    ),
)
