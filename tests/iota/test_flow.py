"""Adding IOTA and changing it: what the forms show, take and refuse."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from unittest.mock import patch

from aiohttp import ClientConnectionError, web
import pytest
from pytest_homeassistant_custom_component.test_util.aiohttp import AiohttpClientMocker
from yarl import URL

from custom_components.sensorchain.forms import iota as form
from custom_components.sensorchain.ledgers.iota.key import Key
from custom_components.sensorchain.ledgers.iota.networks import NETWORKS
from custom_components.sensorchain.ledgers.iota.settings import PACKAGES, Wire
from custom_components.sensorchain.ledgers.iota.transaction import address
from demo.iota.gas_station import GasStation
from demo.iota.private_iota import PrivateIota
from homeassistant.config_entries import SOURCE_RECONFIGURE
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers.storage import Store
from homeassistant.util.file import WriteError
from tests.common import eventually
from tests.confirmation import FRIDGE
from tests.forms import fields, fill_in, go_on, suggested
from tests.log import add_ledger, add_log, rule_form

from .forms import (
    ACCOUNT,
    ACCOUNT_KEY,
    SECRET,
    TOKEN,
    choice_page,
    network_page,
    node_of,
)

STATION = "http://127.0.0.1:9"
NO_PACKAGES = dict.fromkeys(PACKAGES)


def in_iota(text: str) -> float:
    """Return an amount that a form tells."""
    amount, unit = text.split(" ")
    assert unit == "IOTA"
    return float(amount)


@dataclass
class Faucet:
    """A faucet that answers what it is told to, and counts how often it is asked."""

    url: str = ""
    answers: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    asked: int = 0

    async def answer(self, _request: web.Request) -> web.Response:
        """Answer a request."""
        self.asked += 1
        status, body = self.answers.pop(0)
        return web.json_response(body, status=status)


@pytest.fixture
async def faucet(socket_enabled: None) -> AsyncIterator[Faucet]:
    """Run a faucet that has nothing to give."""
    faucet = Faucet()
    application = web.Application()
    application.router.add_post("/v1/gas", faucet.answer)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    faucet.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield faucet
    await runner.cleanup()


async def test_known_network(hass: HomeAssistant) -> None:
    """Of a network that is known nothing has to be looked up."""
    result = await fill_in(hass, "iota", choice_page(network="testnet", key="new"))
    assert result["step_id"] == "iota_network"
    shown = suggested(result["data_schema"])
    assert shown["nodes"] == ["https://graphql.testnet.iota.cafe"]
    assert shown["more"]["explorer"].endswith("?network=testnet")
    assert fields(result) == {"nodes", "most_fee", "more"}


@pytest.mark.parametrize(
    ("nodes", "asked"),
    [
        (["https://graphql.testnet.iota.cafe"], "https://api.testnet.iota.cafe"),
        (["https://api.testnet.iota.cafe"], "https://api.testnet.iota.cafe"),
        (["https://mine.example/rpc"], "https://mine.example/rpc"),
    ],
)
async def test_proposed_node_changes_with_the_wire(
    hass: HomeAssistant,
    aioclient_mock: AiohttpClientMocker,
    nodes: list[str],
    asked: str,
) -> None:
    """Whoever asks for JSON-RPC need not look up where the network offers it."""
    aioclient_mock.post(asked, exc=ClientConnectionError())
    result = await fill_in(
        hass,
        "iota",
        choice_page(network="testnet", key="new"),
        {
            "nodes": nodes,
            "most_fee": "0.05",
            "more": {"wire": "json_rpc", "most_bytes": 4096},
        },
    )
    assert result["errors"] == {"base": "ledger_cannot_connect"}
    assert {str(url) for _, url, _, _ in aioclient_mock.mock_calls} == {asked}


async def test_from_the_faucet_to_the_trail(
    hass: HomeAssistant, iota: PrivateIota, wire: Wire
) -> None:
    """The account, its money and the trail are made here; the chain is asked of the node."""
    result = await fill_in(
        hass,
        "iota",
        choice_page(key="new", cadence={"minutes": 5}),
        network_page(iota, wire, private_key=None, more={"faucet": iota.faucet}),
    )
    assert result["step_id"] == "iota_trail"
    assert fields(result) == {"ask_faucet"}
    texts = result["description_placeholders"]
    host = URL(node_of(iota, wire)).authority
    assert texts["network"] == f"IOTA ({host})"
    assert texts["balance"] == "0 IOTA"
    assert 0.001 < in_iota(texts["fee"]) < 0.05
    month = 30 * 24 * 12 * in_iota(texts["fee"])
    assert in_iota(texts["month"]) == pytest.approx(month, rel=0.02)

    result = await go_on(hass, result, {"ask_faucet": True})
    assert result["step_id"] == "rule"
    result = await go_on(hass, result, rule_form(FRIDGE))
    assert result["type"] is FlowResultType.CREATE_ENTRY
    (ledger,) = result["result"].get_subentries_of_type("ledger")
    settings = ledger.data["settings"]
    assert settings["chain"] == iota.chain
    assert settings["private_key"].startswith("iotaprivkey1")
    assert len(address(settings["trail"])) == 32
    assert settings["trail_version"] > 0
    assert ledger.unique_id == f"iota {iota.chain}"
    assert ledger.title == f"IOTA ({host})"


async def test_account_is_imported(hass: HomeAssistant, iota: PrivateIota) -> None:
    """It is shown by its address, never by its key; notarizations need no money yet."""
    await iota.fund(ACCOUNT_KEY.address, 1_500_000_000)
    result = await fill_in(
        hass,
        "iota",
        choice_page(form="notarization"),
        network_page(iota, private_key=f" {SECRET}\n", chain=iota.chain),
    )
    assert fields(result) == set()
    assert result["description_placeholders"]["account"] == ACCOUNT
    assert result["description_placeholders"]["balance"] == "1.5 IOTA"
    assert SECRET not in str(result)
    result = await go_on(hass, result, {})
    result = await go_on(hass, result, rule_form(FRIDGE))
    (ledger,) = result["result"].get_subentries_of_type("ledger")
    assert ledger.data["settings"]["private_key"] == SECRET
    assert ledger.data["settings"]["trail"] is None


async def test_trail_has_to_be_paid(hass: HomeAssistant, iota: PrivateIota) -> None:
    """Without money the page says so, and goes on once there is some."""
    result = await fill_in(hass, "iota", choice_page(), network_page(iota))
    result = await go_on(hass, result, {})
    assert result["step_id"] == "iota_trail"
    assert result["errors"] == {"base": "ledger_insufficient_funds"}
    assert ACCOUNT in result["description_placeholders"]["reason"]
    await iota.fund(ACCOUNT_KEY.address, 10**9)
    result = await go_on(hass, result, {})
    assert result["step_id"] == "rule"


async def test_own_nodes_of_a_known_network(
    hass: HomeAssistant, socket_enabled: None
) -> None:
    """The ledger bears the network's name, whoever runs the node; its packages are known."""
    testnet = NETWORKS["testnet"]
    async with PrivateIota(chain=testnet.chain, packages=testnet.packages) as own:
        pages = (choice_page(), network_page(own, **NO_PACKAGES))
        result = await fill_in(hass, "iota", *pages)
        assert result["description_placeholders"]["network"] == "IOTA Testnet"
        pages = (choice_page(network="testnet"), network_page(own, **NO_PACKAGES))
        result = await fill_in(hass, "iota", *pages)
    assert result["description_placeholders"]["network"] == "IOTA Testnet"
    assert fields(result) == {"ask_faucet"}


async def test_faucet_refuses(
    hass: HomeAssistant, iota: PrivateIota, faucet: Faucet
) -> None:
    """What it says is told; it is asked again with the page."""
    page = network_page(iota, more={"faucet": faucet.url})
    result = await fill_in(hass, "iota", choice_page(), page)
    faucet.answers = [(500, {"task": None, "error": "We are empty"})] * 2
    for asked in (1, 2):
        result = await go_on(hass, result, {"ask_faucet": True})
        assert result["errors"] == {"ask_faucet": "faucet"}
        assert "We are empty" in result["description_placeholders"]["reason"]
        assert faucet.asked == asked
    await iota.fund(ACCOUNT_KEY.address, 10**9)
    result = await go_on(hass, result, {"ask_faucet": False})
    assert result["step_id"] == "rule"


async def test_faucet_is_slow(
    hass: HomeAssistant,
    iota: PrivateIota,
    faucet: Faucet,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The form waits no longer than a person does; then it looks again, and asks no more."""
    page = network_page(iota, more={"faucet": faucet.url})
    result = await fill_in(hass, "iota", choice_page(), page)
    faucet.answers = [(202, {"task": "6f1c", "error": None})]
    with monkeypatch.context() as impatient:
        impatient.setattr(form, "ARRIVAL", timedelta())
        result = await go_on(hass, result, {"ask_faucet": True})
    assert result["errors"] == {"ask_faucet": "faucet_slow"}

    async def pay() -> None:
        before = len(iota.asked)
        await eventually(lambda: len(iota.asked) > before)
        await iota.fund(ACCOUNT_KEY.address, 10**9)

    paying = asyncio.create_task(pay())
    monkeypatch.setattr(form, "LOOK", timedelta(seconds=0.05))
    result = await go_on(hass, result, {"ask_faucet": True})
    assert result["step_id"] == "rule"
    assert faucet.asked == 1
    await paying


async def test_node_goes_away_meanwhile(
    hass: HomeAssistant, iota: PrivateIota, faucet: Faucet
) -> None:
    """What no node tells is shown as unknown, and nothing is asked of the faucet."""
    page = network_page(iota, more={"faucet": faucet.url})
    result = await fill_in(hass, "iota", choice_page(), page)
    await iota.stop()
    result = await go_on(hass, result, {"ask_faucet": True})
    assert result["errors"] == {"base": "ledger_cannot_connect"}
    texts = result["description_placeholders"]
    assert texts["account"] == ACCOUNT
    assert [texts[key] for key in ("balance", "fee", "month")] == ["?"] * 3
    assert faucet.asked == 0
    await iota.start()
    result = await go_on(hass, result, {"ask_faucet": False})
    assert result["errors"] == {"base": "ledger_insufficient_funds"}
    assert result["description_placeholders"]["balance"] == "0 IOTA"


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"chain": "6364aad5"}, {"trails": "setting"}),
        ({"chain": "12345678"}, {"base": "ledger_wrong_network"}),
        ({"chain": "mainnet"}, {"chain": "setting"}),
        ({"private_key": "12"}, {"private_key": "setting"}),
        ({"private_key": SECRET[:-1] + "q"}, {"private_key": "setting"}),
        ({"most_fee": "much"}, {"most_fee": "setting"}),
        ({"most_fee": "0"}, {"most_fee": "setting"}),
        ({"trails": None}, {"trails": "setting"}),
        ({"notarization": "0x1"}, {"notarization": "setting"}),
        ({"nodes": ["fridge"]}, {"nodes": "setting"}),
        ({"nodes": []}, {"nodes": "setting"}),
        ({"more": {"wire": "json_rpc"}}, {"base": "ledger_not_a_node"}),
        ({"more": {"explorer": "here"}}, {"base": "setting"}),
        ({"more": {"gas_station": "here"}}, {"base": "setting"}),
        ({"more": {"gas_station": "http://[here"}}, {"base": "setting"}),
    ],
)
async def test_what_cannot_be(
    hass: HomeAssistant,
    iota: PrivateIota,
    changes: dict[str, Any],
    errors: dict[str, str],
) -> None:
    """It is refused where it stands, and the same form then takes what is right."""
    page = network_page(iota, **changes)
    result = await fill_in(hass, "iota", choice_page(), page)
    assert result["errors"] == errors
    assert suggested(result["data_schema"])["nodes"] == page["nodes"]
    assert SECRET not in str(suggested(result["data_schema"]))
    result = await go_on(hass, result, network_page(iota))
    assert result["step_id"] == "iota_trail"


async def test_cadence(hass: HomeAssistant) -> None:
    """Anchoring takes time."""
    result = await fill_in(hass, "iota", choice_page(cadence={"seconds": 0}))
    assert result["errors"] == {"cadence": "cadence_too_short"}


async def test_new_account_is_kept(
    hass: HomeAssistant, iota: PrivateIota, hass_storage: dict[str, Any]
) -> None:
    """Whoever closes the form after sending money finds the same account in the next one."""
    choice, network = choice_page(key="new"), network_page(iota, private_key=None)
    result = await fill_in(hass, "iota", choice, network)
    account = result["description_placeholders"]["account"]
    hass.config_entries.flow.async_abort(result["flow_id"])
    await iota.fund(address(account), 10**9)
    result = await fill_in(hass, "iota", choice, network)
    assert result["description_placeholders"]["account"] == account
    assert result["description_placeholders"]["balance"] == "1 IOTA"
    other = await fill_in(hass, "iota", choice, network)
    key = hass_storage["sensorchain.accounts"]["data"][f"iota {iota.chain}"]
    pages = (choice_page(), network_page(iota, private_key=key))
    imported = await fill_in(hass, "iota", *pages)
    assert imported["description_placeholders"]["account"] == account
    result = await go_on(hass, result, {})
    result = await go_on(hass, result, rule_form(FRIDGE))
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()

    # Other forms that were open at the same time.
    for each in (other, imported):
        result = await go_on(hass, each, {})
        assert result["errors"] == {"base": "account_in_use"}
    other = await fill_in(hass, "iota", choice, network)
    assert other["description_placeholders"]["account"] != account


async def test_one_account_for_one_ledger(
    hass: HomeAssistant, iota: PrivateIota
) -> None:
    """Two ledgers would hold each other's coins; a log is on a network once."""
    pages = (choice_page(form="notarization"), network_page(iota), {})
    entry = await add_log(
        hass, pages[0], rule_form(FRIDGE), "Evidence", "iota", *pages[1:]
    )
    result = await fill_in(hass, "iota", *pages[:2])
    assert result["errors"] == {"private_key": "account_in_use"}
    choice = choice_page(key="new", form="notarization")
    pages = (choice, network_page(iota, private_key=None), {})
    result = await add_ledger(hass, entry, *pages, kind="iota")
    assert result["reason"] == "already_configured"


async def test_gas_station(hass: HomeAssistant, iota: PrivateIota) -> None:
    """It pays for the trail too; its token is typed once, and shown nowhere."""
    async with GasStation(network=iota.network, token=TOKEN) as station:
        given = {"gas_station": station.url, "gas_station_token": TOKEN}
        page = network_page(iota, most_fee="much", more=given)
        result = await fill_in(hass, "iota", choice_page(), page)
        assert result["errors"] == {"most_fee": "setting"}
        shown = suggested(result["data_schema"])
        assert shown["more"]["gas_station"] == station.url
        assert TOKEN not in str(shown)
        assert SECRET not in str(shown)

        given = {"gas_station": station.url, "faucet": iota.faucet}
        result = await go_on(hass, result, network_page(iota, more=given))
        assert result["step_id"] == "iota_sponsor"
        texts = result["description_placeholders"]
        assert texts["station"] == "127.0.0.1"
        assert texts["trail"] == "–"
        assert in_iota(texts["month"]) > 0
        assert fields(result) == set()
        assert TOKEN not in str(result)
        result = await go_on(hass, result, {})
    assert result["step_id"] == "rule"
    result = await go_on(hass, result, rule_form(FRIDGE))
    (ledger,) = result["result"].get_subentries_of_type("ledger")
    assert ledger.data["settings"]["gas_station_token"] == TOKEN
    assert ledger.data["settings"]["trail"]


async def test_gas_station_refuses(hass: HomeAssistant, iota: PrivateIota) -> None:
    """What it says is told at the page, which can be submitted again."""
    async with GasStation(network=iota.network, token=TOKEN) as station:
        given = {"gas_station": station.url, "gas_station_token": "guessed"}
        result = await fill_in(
            hass, "iota", choice_page(), network_page(iota, more=given)
        )
        result = await go_on(hass, result, {})
        assert result["step_id"] == "iota_sponsor"
        assert result["errors"] == {"base": "ledger_rejected"}
        reason = result["description_placeholders"]["reason"]
        assert reason == f"The gas station {station.url} wants another token"
        station.token = "guessed"
        result = await go_on(hass, result, {})
    assert result["step_id"] == "rule"


async def test_change(hass: HomeAssistant, iota: PrivateIota) -> None:
    """Cadence, nodes and limits can be changed; network, account and trail stay."""
    await iota.fund(ACCOUNT_KEY.address, 10**9)
    pages = (network_page(iota), {})
    entry = await add_log(
        hass, choice_page(), rule_form(FRIDGE), "Evidence", "iota", *pages
    )
    (before,) = entry.get_subentries_of_type("ledger")
    own = dict.fromkeys((*PACKAGES, "private_key", "chain"))
    flow = hass.config_entries.subentries
    result = await flow.async_init(
        (entry.entry_id, "ledger"),
        context={"source": SOURCE_RECONFIGURE, "subentry_id": before.subentry_id},
    )
    assert suggested(result["data_schema"]) == {"cadence": {"seconds": 1}}
    result = await flow.async_configure(result["flow_id"], {"cadence": {"minutes": 5}})
    assert fields(result) == {"nodes", "most_fee", "more"}
    assert suggested(result["data_schema"])["nodes"] == [iota.graphql]
    assert SECRET not in str(result)
    async with PrivateIota(chain="87654321") as other:
        page = network_page(other, **own)
        result = await flow.async_configure(result["flow_id"], page)
        assert result["errors"] == {"base": "ledger_wrong_network"}
    page = network_page(iota, Wire.JSON_RPC, **own)
    page["most_fee"] = "0.2"
    result = await flow.async_configure(result["flow_id"], page)
    assert result["step_id"] == "iota_in_use"
    assert result["description_placeholders"]["account"] == ACCOUNT
    trail = before.data["settings"]["trail"]
    assert trail in result["description_placeholders"]["trail"]
    result = await flow.async_configure(result["flow_id"], {})
    assert result["reason"] == "reconfigure_successful"
    await hass.async_block_till_done()
    (after,) = entry.get_subentries_of_type("ledger")
    assert after.data["cadence"] == 300
    assert after.data["settings"] == {
        **before.data["settings"],
        "nodes": [iota.json_rpc],
        "wire": "json_rpc",
        "most_fee": "0.2",
    }


@pytest.mark.parametrize(
    ("more", "token"),
    [
        ({"gas_station": STATION}, TOKEN),
        ({"gas_station": f"{STATION}/"}, TOKEN),
        ({"gas_station": STATION, "gas_station_token": "another"}, "another"),
        ({"gas_station": "http://127.0.0.2:9"}, None),
        ({}, None),
    ],
)
async def test_token_stays_with_its_station(
    hass: HomeAssistant, iota: PrivateIota, more: dict[str, str], token: str | None
) -> None:
    """It stays where nothing is typed, and goes to no other server."""
    station = {"gas_station": STATION, "gas_station_token": TOKEN}
    pages = (network_page(iota, more=station), {})
    entry = await add_log(
        hass,
        choice_page(form="notarization"),
        rule_form(FRIDGE),
        "Evidence",
        "iota",
        *pages,
    )
    (ledger,) = entry.get_subentries_of_type("ledger")
    own = dict.fromkeys((*PACKAGES, "private_key", "chain"))
    flow = hass.config_entries.subentries
    result = await flow.async_init(
        (entry.entry_id, "ledger"),
        context={"source": SOURCE_RECONFIGURE, "subentry_id": ledger.subentry_id},
    )
    result = await flow.async_configure(result["flow_id"], {"cadence": {"minutes": 5}})
    assert TOKEN not in str(suggested(result["data_schema"]))
    page = network_page(iota, **own, more=more)
    result = await flow.async_configure(result["flow_id"], page)
    assert fields(result) == set()
    await flow.async_configure(result["flow_id"], {})
    await hass.async_block_till_done()
    (ledger,) = entry.get_subentries_of_type("ledger")
    assert ledger.data["settings"]["gas_station_token"] == token
    assert ledger.data["settings"]["gas_station"] == more.get("gas_station")


async def test_what_is_stored_of_a_new_account(
    hass: HomeAssistant, iota: PrivateIota, hass_storage: dict[str, Any]
) -> None:
    """Its key alone, by network, once that has answered."""
    choice = choice_page(key="new")
    page = network_page(iota, private_key=None, chain="12345678")
    result = await fill_in(hass, "iota", choice, page)
    assert result["errors"] == {"base": "ledger_wrong_network"}
    assert "sensorchain.accounts" not in hass_storage
    result = await go_on(hass, result, network_page(iota, private_key=None))
    stored = hass_storage["sensorchain.accounts"]["data"]
    assert list(stored) == [f"iota {iota.chain}"]
    account = address(result["description_placeholders"]["account"])
    assert Key.parse(*stored.values()).address == account


async def test_key_cannot_be_stored(hass: HomeAssistant, iota: PrivateIota) -> None:
    """Nobody is told to send money to an account that may be forgotten."""

    pages = (choice_page(key="new"), network_page(iota, private_key=None))
    error = WriteError("No space left on device")
    with patch.object(Store, "_async_write_data", side_effect=error):
        result = await fill_in(hass, "iota", *pages)
    assert result["step_id"] == "iota_network"
    assert result["errors"] == {"base": "key_not_stored"}
