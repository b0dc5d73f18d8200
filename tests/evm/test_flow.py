"""Adding a chain and changing it: what the forms show, take and refuse."""

from typing import Any

import pytest

from custom_components.sensorchain.ledgers.evm.chains import CHAINS
from demo.evm.anvil import CHAIN_ID
from demo.evm.private_chain import PrivateChain
from demo.world.ports import free_ports
from homeassistant.config_entries import SOURCE_RECONFIGURE
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from tests.confirmation import FRIDGE
from tests.forms import fields, fill_in, suggested
from tests.ledgers.evm.conftest import ACCOUNT_KEY
from tests.log import add_ledger, add_log, rule_form

from .forms import SECRET, choice_page, network_page


async def test_known_network(hass: HomeAssistant) -> None:
    """Of a network that is known nothing has to be looked up."""
    result = await fill_in(hass, "evm", choice_page(network="gnosis", key="new"))
    assert result["step_id"] == "evm_network"
    assert suggested(result["data_schema"])["nodes"][0] == "https://rpc.gnosischain.com"
    assert suggested(result["data_schema"])["most_fee"] == "0.02"
    assert fields(result) == {"nodes", "most_fee", "more"}


async def test_account_is_made(hass: HomeAssistant, chain: PrivateChain) -> None:
    """The last page shows the account, what it has, and what anchors cost a month."""
    result = await fill_in(
        hass,
        "evm",
        choice_page(key="new", cadence={"hours": 1}),
        network_page(chain.url, private_key=None),
    )
    assert result["step_id"] == "evm_account"
    texts = result["description_placeholders"]
    assert texts["balance"] == "0 ETH"
    assert texts["network"] == f"Chain {CHAIN_ID} (127.0.0.1)"
    fee, month = (float(texts[key].removesuffix(" ETH")) for key in ("fee", "month"))
    assert 0 < fee < 0.001
    assert month == pytest.approx(720 * fee, rel=0.02)
    assert SECRET not in str(result)

    flow = hass.config_entries.flow
    result = await flow.async_configure(result["flow_id"], {})
    assert result["step_id"] == "rule"
    result = await flow.async_configure(result["flow_id"], rule_form(FRIDGE))
    assert result["type"] is FlowResultType.CREATE_ENTRY
    (ledger,) = result["result"].get_subentries_of_type("ledger")
    assert len(ledger.data["settings"]["private_key"]) == 64
    assert ledger.unique_id == f"evm {CHAIN_ID}"


async def test_account_is_imported(hass: HomeAssistant, chain: PrivateChain) -> None:
    """It is shown by its address, never by its key."""
    await chain.fund(ACCOUNT_KEY.account, 10**17)
    result = await fill_in(
        hass,
        "evm",
        choice_page(),
        network_page(chain.url, private_key=f" 0x{SECRET.upper()}"),
    )
    texts = result["description_placeholders"]
    assert texts["account"] == ACCOUNT_KEY.account
    assert texts["balance"] == "0.1 ETH"


async def test_node_goes_away_meanwhile(
    hass: HomeAssistant, chain: PrivateChain
) -> None:
    """What no node tells is shown as unknown; it is there when the page is opened again."""
    result = await fill_in(hass, "evm", choice_page(), network_page(chain.url))
    flow = hass.config_entries.flow
    await chain.stop()
    result = await flow.async_configure(result["flow_id"])
    texts = result["description_placeholders"]
    assert texts["account"] == ACCOUNT_KEY.account
    assert [texts[key] for key in ("balance", "fee", "month")] == ["?"] * 3
    await chain.start()
    result = await flow.async_configure(result["flow_id"])
    assert result["description_placeholders"]["balance"] == "0 ETH"


async def test_own_node_of_a_known_network(
    hass: HomeAssistant, anvil: None, socket_enabled: None
) -> None:
    """The ledger bears the name of its chain, whoever runs the node."""
    async with PrivateChain(*free_ports(1), chain_id=CHAINS["gnosis"].chain_id) as own:
        page = network_page(own.url, chain_id=None, private_key=None)
        for key in ("unit", "fees"):
            del page["more"][key]
        result = await fill_in(
            hass, "evm", choice_page(network="gnosis", key="new"), page
        )
    assert result["description_placeholders"]["network"] == CHAINS["gnosis"].name


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"chain_id": 8453}, {"base": "ledger_wrong_network"}),
        ({"private_key": "12"}, {"private_key": "setting"}),
        ({"private_key": "0" * 64}, {"private_key": "setting"}),
        ({"private_key": "f" * 64}, {"private_key": "setting"}),
        ({"most_fee": "much"}, {"most_fee": "setting"}),
        ({"most_fee": "0"}, {"most_fee": "setting"}),
        ({"nodes": ["fridge"]}, {"nodes": "setting"}),
        ({"nodes": []}, {"nodes": "setting"}),
        ({"more": {"explorer": "here"}}, {"base": "setting"}),
        ({"more": {"unit": ""}}, {"base": "setting"}),
    ],
)
async def test_what_cannot_be(
    hass: HomeAssistant,
    chain: PrivateChain,
    changes: dict[str, Any],
    errors: dict[str, str],
) -> None:
    """It is refused where it stands, and the same form then takes what is right."""
    page = network_page(*changes.pop("nodes", [chain.url]), **changes)
    result = await fill_in(hass, "evm", choice_page(), page)
    assert result["errors"] == errors
    shown = suggested(result["data_schema"])
    assert shown["nodes"] == page["nodes"]
    assert "private_key" not in shown
    result = await hass.config_entries.flow.async_configure(
        result["flow_id"], network_page(chain.url)
    )
    assert result["step_id"] == "evm_account"


async def test_cadence(hass: HomeAssistant) -> None:
    """Anchoring takes time."""
    result = await fill_in(hass, "evm", choice_page(cadence={"seconds": 0}))
    assert result["errors"] == {"cadence": "cadence_too_short"}


async def test_one_account_for_one_ledger(
    hass: HomeAssistant, chain: PrivateChain
) -> None:
    """Two ledgers would take each other's nonces; a log is on a chain once."""
    pages = (choice_page(), network_page(chain.url), {})
    entry = await add_log(
        hass, pages[0], rule_form(FRIDGE), "Evidence", "evm", *pages[1:]
    )
    result = await fill_in(hass, "evm", *pages[:2])
    assert result["errors"] == {"private_key": "account_in_use"}
    pages = (choice_page(key="new"), network_page(chain.url, private_key=None), {})
    result = await add_ledger(hass, entry, *pages, kind="evm")
    assert result["reason"] == "already_configured"


async def test_change(hass: HomeAssistant, chain: PrivateChain) -> None:
    """Cadence, nodes and limits can be changed; chain and account stay, the key is not shown."""
    entry = await add_log(
        hass,
        choice_page(),
        rule_form(FRIDGE),
        "Evidence",
        "evm",
        network_page(chain.url),
        {},
    )
    (before,) = entry.get_subentries_of_type("ledger")
    flow = hass.config_entries.subentries
    result = await flow.async_init(
        (entry.entry_id, "ledger"),
        context={"source": SOURCE_RECONFIGURE, "subentry_id": before.subentry_id},
    )
    assert suggested(result["data_schema"]) == {"cadence": {"seconds": 1}}
    result = await flow.async_configure(result["flow_id"], {"cadence": {"minutes": 5}})
    shown = suggested(result["data_schema"])
    assert shown["nodes"] == [chain.url]
    assert shown["more"]["finality"] == "blocks"
    assert "private_key" not in shown
    assert SECRET not in str(shown)
    async with PrivateChain(*free_ports(1), chain_id=CHAIN_ID + 1) as other:
        page = network_page(other.url, chain_id=None, private_key=None)
        result = await flow.async_configure(result["flow_id"], page)
        assert result["errors"] == {"base": "ledger_wrong_network"}
    page = network_page(chain.url, chain_id=None, private_key=None, most_fee="0.5")
    result = await flow.async_configure(result["flow_id"], page)
    assert result["description_placeholders"]["account"] == ACCOUNT_KEY.account
    result = await flow.async_configure(result["flow_id"], {})
    assert result["reason"] == "reconfigure_successful"
    await hass.async_block_till_done()
    (after,) = entry.get_subentries_of_type("ledger")
    assert after.data["cadence"] == 300
    assert after.data["settings"] == {**before.data["settings"], "most_fee": "0.5"}
