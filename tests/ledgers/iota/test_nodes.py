"""Several nodes of one network."""

import pytest

from custom_components.sensorchain.ledgers.iota.client import IotaClient
from custom_components.sensorchain.ledgers.iota.graphql import GraphqlClient
from custom_components.sensorchain.ledgers.iota.json_rpc import JsonRpcClient
from custom_components.sensorchain.ledgers.iota.nodes import IotaNodes, clients
from custom_components.sensorchain.ledgers.iota.settings import IotaSettings, Wire
from custom_components.sensorchain.ledgers.ledger import (
    LedgerRejectedError,
    LedgerUnavailableError,
    Reason,
)

from .wires import NETWORK, Always, client, no, node, said

wires = pytest.mark.parametrize("wire", Wire)


def other(wire: Wire) -> IotaClient:
    """Return a client of a node of another network."""
    name = "chainIdentifier" if wire is Wire.GRAPHQL else "iota_getChainIdentifier"
    return node(wire, said(wire) | {name: "6364aad5"})


def broken(wire: Wire, message: str = "out of order") -> IotaClient:
    """Return a client of a node that always says no."""
    return client(wire, Always(no(wire, message)))


@wires
async def test_check(wire: Wire) -> None:
    """One node that is fit is enough."""
    nodes = IotaNodes([broken(wire), node(wire)], NETWORK.chain)
    assert await nodes.check() == NETWORK.chain


@wires
async def test_node_of_another_network(wire: Wire) -> None:
    """It would take part in every decision."""
    nodes = IotaNodes([node(wire), other(wire), broken(wire)], NETWORK.chain)
    with pytest.raises(
        LedgerRejectedError, match="6364aad5, not to 2304aa97"
    ) as raised:
        await nodes.check()
    assert raised.value.reason is Reason.WRONG_NETWORK


@wires
async def test_no_node_is_fit(wire: Wire) -> None:
    """The error that tells most is raised."""
    nodes = IotaNodes([broken(wire), broken(wire)], NETWORK.chain)
    with pytest.raises(LedgerUnavailableError) as raised:
        await nodes.check()
    assert raised.value.reason is Reason.NODE_ERROR


@wires
@pytest.mark.parametrize(
    ("sound", "faulty", "is_enough"),
    [(1, 0, True), (1, 1, False), (2, 1, True), (2, 2, False), (0, 1, False)],
)
async def test_more_than_half_must_agree(
    wire: Wire, sound: int, faulty: int, is_enough: bool
) -> None:
    """Of all nodes, whether they answer or not."""
    nodes = IotaNodes(
        [*(node(wire) for _ in range(sound)), *(broken(wire) for _ in range(faulty))],
        NETWORK.chain,
    )
    if is_enough:
        assert await nodes.agreed(lambda each: each.chain()) == [NETWORK.chain] * sound
    else:
        with pytest.raises(LedgerUnavailableError):
            await nodes.agreed(lambda each: each.chain())


@wires
async def test_what_a_person_must_mend_comes_first(wire: Wire) -> None:
    """Before what may pass."""
    poor = broken(wire, "Balance of gas object 1 is lower than the needed amount: 2")
    nodes = IotaNodes([broken(wire), poor], NETWORK.chain)
    with pytest.raises(LedgerRejectedError) as raised:
        await nodes.first(lambda each: each.dry_run(b""))
    assert raised.value.reason is Reason.INSUFFICIENT_FUNDS


@pytest.mark.parametrize(
    ("wire", "kind"), [(Wire.GRAPHQL, GraphqlClient), (Wire.JSON_RPC, JsonRpcClient)]
)
def test_clients(wire: Wire, kind: type[IotaClient]) -> None:
    """One for each node, speaking as a person has chosen."""
    urls = ("https://one.example", "https://two.example/TOKEN")
    chosen = IotaSettings(nodes=urls, chain=NETWORK.chain, wire=wire)
    found = clients(Always(b""), chosen)
    assert [type(each) for each in found] == [kind, kind]
    assert [each.url for each in found] == [
        "https://one.example",
        "https://two.example",
    ]
