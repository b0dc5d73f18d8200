"""What can be set, what cannot, and what strangers see of it."""

import json
from typing import Any

import pytest

from custom_components.sensorchain.ledgers.iota.key import Key
from custom_components.sensorchain.ledgers.iota.networks import (
    NETWORKS,
    is_trial,
    known,
)
from custom_components.sensorchain.ledgers.iota.programs import Trail
from custom_components.sensorchain.ledgers.iota.settings import (
    PACKAGES,
    AnchorForm,
    IotaSettings,
    Wire,
    in_unit,
    nanos,
    public_nodes,
    usual,
)
from custom_components.sensorchain.ledgers.iota.transaction import address
from custom_components.sensorchain.ledgers.ledger import SettingsError
from custom_components.sensorchain.transparency.jcs import canonical_json

URL = "http://127.0.0.1:9125"
CHAIN = NETWORKS["testnet"].chain
TRAIL = f"0x{'ab' * 32}"
OWN = {name: f"0x{place:064x}" for place, name in enumerate(PACKAGES, start=100)}
KEY = Key(bytes(range(32)))


def settings(*nodes: str, **changes: Any) -> IotaSettings:
    """Return settings for nodes."""
    return IotaSettings(nodes=nodes or (URL,), **{"chain": CHAIN} | changes)


def test_settings_come_back() -> None:
    """They are stored as JSON."""
    given = settings(
        chain="c0ffee00",
        wire=Wire.JSON_RPC,
        private_key=KEY.reveal(),
        form=AnchorForm.NOTARIZATION,
        trail=TRAIL,
        trail_version=7,
        most_fee="0.5",
        most_bytes=1000,
        gas_station="https://gas.example:9527",
        gas_station_token="TOKEN",
        explorer="https://explorer.example/tx/{transaction}",
        **OWN,
    )
    assert IotaSettings.from_json(json.loads(json.dumps(given.to_json()))) == given
    assert IotaSettings.from_json({"nodes": [URL], "chain": CHAIN}) == settings()
    assert given.key == KEY
    assert given.trail_object == Trail(address(TRAIL), 7)
    assert given.packages.components == address(OWN["components"])


def test_what_is_not_there() -> None:
    """A verifier has no key, and a new log no trail."""
    given = settings()
    assert given.key is None
    assert given.trail_object is None
    assert given.packages == NETWORKS["testnet"].packages


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("nodes", []),
        ("nodes", ["127.0.0.1"]),
        ("nodes", [URL, URL]),
        ("chain", ""),
        ("chain", "2304AA97"),
        ("chain", "2304aa9"),
        ("chain", "2304aa97\n"),
        ("chain", 2304),
        ("wire", "grpc"),
        ("private_key", "12"),
        ("private_key", 12),
        ("form", "tweet"),
        ("trail", "0xab"),
        ("trail", TRAIL.upper()),
        ("trail_version", 0),
        ("trail_version", 2**53),
        ("trail_version", "7"),
        ("trail_version", True),
        ("trails", OWN["trails"]),
        ("notarization", 5),
        ("most_fee", "0"),
        ("most_fee", "0.0009"),
        ("most_fee", "50.1"),
        ("most_fee", "-1"),
        ("most_fee", "NaN"),
        ("most_fee", "Infinity"),
        ("most_fee", "1e1000000000"),
        ("most_fee", "much"),
        ("most_fee", 1),
        ("most_bytes", 100),
        ("most_bytes", 16_383),
        ("gas_station", "gas.example"),
        ("gas_station", 5),
        ("gas_station_token", 5),
        ("explorer", "https://explorer.example/"),
    ],
)
def test_what_cannot_be_is_refused(setting: str, value: Any) -> None:
    """The error names the setting."""
    given: dict[str, Any] = {"nodes": [URL], "chain": CHAIN}
    given |= {"trail": TRAIL, "trail_version": 1}
    with pytest.raises(SettingsError) as raised:
        IotaSettings.from_json(given | {setting: value})
    assert raised.value.setting == setting


@pytest.mark.parametrize("missing", ["trail", "trail_version"])
def test_half_a_trail_is_none(missing: str) -> None:
    """It needs its address and its first version."""
    given: dict[str, Any] = {"trail": TRAIL, "trail_version": 7} | {missing: None}
    with pytest.raises(SettingsError) as raised:
        settings(**given)
    assert raised.value.setting == "trail"


@pytest.mark.parametrize("missing", PACKAGES)
@pytest.mark.parametrize("value", [None, "0x2"])
def test_own_network_needs_all_packages(missing: str, value: str | None) -> None:
    """Nobody else knows where they are."""
    with pytest.raises(SettingsError) as raised:
        settings(chain="c0ffee00", **OWN | {missing: value})
    assert raised.value.setting == missing


def test_money() -> None:
    """Amounts are exact."""
    assert nanos("0.000000001") == 1
    assert nanos("1.5") == 15 * 10**8
    assert str(in_unit(1)) == "1E-9"
    assert f"{in_unit(15 * 10**8):f}" == "1.500000000"


@pytest.mark.parametrize(
    ("nodes", "public"),
    [
        ([URL], [URL]),
        (["https://node.example/graphql"], ["https://node.example/graphql"]),
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
    given = settings(
        *nodes,
        private_key=KEY.reveal(),
        gas_station="https://gas.example/TOKEN",
        gas_station_token="TOKEN",
        trail=TRAIL,
        trail_version=3,
    )
    seen = given.public().to_json()
    assert seen["nodes"] == public
    assert KEY.reveal() not in json.dumps(seen)
    assert "TOKEN" not in json.dumps(seen)
    assert KEY.reveal() not in repr(given)
    assert seen["trail"] == TRAIL


@pytest.mark.parametrize("wire", Wire)
def test_strangers_ask_public_nodes(wire: Wire) -> None:
    """Where a provider's node is not for them and the network is known."""
    network = NETWORKS["mainnet"]
    known_nodes = public_nodes(network, wire)
    given = settings("https://iota.example/v2/TOKEN", chain=network.chain, wire=wire)
    assert given.public(known_nodes).nodes == known_nodes


@pytest.mark.parametrize("wire", Wire)
def test_networks(wire: Wire) -> None:
    """Each row is one that settings can be made of, and goes into a bundle."""
    for key, network in NETWORKS.items():
        assert known(network.chain) is network
        given = usual(network, wire)
        assert given.wire is wire
        assert given.packages == network.packages
        assert given.public(public_nodes(network, wire)) == given
        assert key in given.nodes[0]
        canonical_json(given.to_json())
    assert known("c0ffee00") is None


def test_only_test_networks_give_coins_away() -> None:
    """The faucets are theirs."""
    assert NETWORKS["mainnet"].faucet is None
    assert NETWORKS["testnet"].faucet == "https://faucet.testnet.iota.cafe"


def test_what_proves_nothing_to_strangers() -> None:
    """Networks for tests, and what nobody knows; a chain comes from a bundle, and may be anything."""
    assert not is_trial(NETWORKS["mainnet"].chain)
    assert is_trial(NETWORKS["devnet"].chain)
    assert is_trial("c0ffee00")
    assert is_trial(7)
