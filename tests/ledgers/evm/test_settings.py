"""What can be set, what cannot, and what strangers see of it."""

import json
from typing import Any

import pytest

from custom_components.sensorchain.ledgers.catalog import CATALOG
from custom_components.sensorchain.ledgers.evm.chains import CHAINS, known
from custom_components.sensorchain.ledgers.evm.settings import (
    EvmSettings,
    FeeStyle,
    Finality,
    in_unit,
    wei,
)
from custom_components.sensorchain.ledgers.ledger import SettingsError
from custom_components.sensorchain.transparency.jcs import canonical_json

URL = "http://127.0.0.1:8545"
SECRET = "c0ffee" * 10 + "beef"


def settings(*nodes: str, **changes: Any) -> EvmSettings:
    """Return settings for nodes."""
    return EvmSettings(nodes=nodes or (URL,), **{"chain_id": 5} | changes)


def test_settings_come_back() -> None:
    """They are stored as JSON."""
    given = settings(
        private_key=SECRET,
        fees=FeeStyle.FIXED,
        most_fee="0.5",
        unit="xDAI",
        finality=Finality.BLOCKS,
        blocks=3,
        most_bytes=1000,
        explorer="https://explorer.example/tx/{transaction}",
    )
    assert EvmSettings.from_json(json.loads(json.dumps(given.to_json()))) == given
    assert EvmSettings.from_json({"nodes": [URL], "chain_id": 5}) == settings()


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("nodes", []),
        ("nodes", ["127.0.0.1"]),
        ("nodes", [URL, URL]),
        ("chain_id", 0),
        ("chain_id", 2**53),
        ("chain_id", "5"),
        ("chain_id", None),
        ("private_key", "12"),
        ("private_key", 12),
        ("fees", "none"),
        ("most_fee", "0"),
        ("most_fee", "-1"),
        ("most_fee", "NaN"),
        ("most_fee", "Infinity"),
        ("most_fee", "1e100"),
        ("most_fee", "1e1000000000"),
        ("most_fee", 1),
        ("most_fee", "0.0000000000000000001"),
        ("unit", ""),
        ("unit", "E" * 13),
        ("unit", "\n"),
        ("finality", "soon"),
        ("blocks", 0),
        ("blocks", 1001),
        ("most_bytes", 100),
        ("most_bytes", 10**6),
        ("explorer", "https://explorer.example/"),
    ],
)
def test_what_cannot_be_is_refused(setting: str, value: Any) -> None:
    """The error names the setting."""
    with pytest.raises(SettingsError) as raised:
        EvmSettings.from_json({"nodes": [URL], "chain_id": 5, setting: value})
    assert raised.value.setting == setting


def test_money() -> None:
    """Amounts are exact."""
    assert wei("0.000000000000000001") == 1
    assert wei("1.5") == 15 * 10**17
    assert str(in_unit(1)) == "1E-18"
    assert f"{in_unit(15 * 10**17):f}" == "1.500000000000000000"


@pytest.mark.parametrize(
    ("nodes", "public"),
    [
        ([URL], [URL]),
        (["https://me:pw@node.example/?k=TOKEN"], ["https://node.example/"]),
        (["https://node.example/v3/TOKEN"], ["https://node.example"]),
        (["https://node.example/v3/TOKEN", URL], [URL]),
        (
            ["https://node.example/TOKEN", "https://node.example/TOKEN2"],
            ["https://node.example"],
        ),
    ],
)
def test_what_strangers_see(nodes: list[str], public: list[str]) -> None:
    """Neither the key, nor what lets somebody in at a provider: that stands in paths, too."""
    given = settings(*nodes, private_key=SECRET)
    seen = CATALOG["evm"].public(given.to_json())
    assert seen["nodes"] == public
    assert SECRET not in json.dumps(seen)
    assert "TOKEN" not in json.dumps(seen)
    assert SECRET not in repr(given)


def test_strangers_ask_public_nodes() -> None:
    """Where a provider's node is not for them and the chain is known."""
    base = CHAINS["base"]
    given = settings("https://base.example/v2/TOKEN", chain_id=base.chain_id)
    seen = CATALOG["evm"].public(given.to_json())
    assert seen["nodes"] == list(base.nodes)


def test_chains() -> None:
    """Each row is one that settings can be made of, and goes into a bundle."""
    assert len({chain.chain_id for chain in CHAINS.values()}) == len(CHAINS)
    for chain in CHAINS.values():
        assert known(chain.chain_id) is chain
        given = chain.usual
        assert given.public(chain.nodes) == given
        canonical_json(given.to_json())
    assert known(4711) is None
