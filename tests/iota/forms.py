"""What a person fills in for a private network of IOTA, page by page."""

from typing import Any

from custom_components.sensorchain.ledgers.iota.key import Key
from custom_components.sensorchain.ledgers.iota.settings import PACKAGES, Wire
from custom_components.sensorchain.ledgers.iota.transaction import written
from demo.iota.private_iota import PrivateIota

ACCOUNT_KEY = Key(bytes(range(32)))
SECRET = ACCOUNT_KEY.reveal()
ACCOUNT = written(ACCOUNT_KEY.address)
TOKEN = "let-me-in-3f9d"


def choice_page(**changes: Any) -> dict[str, Any]:
    """Return the first page: which network, what an anchor is, how often, whose account."""
    page = {"network": "own", "form": "audit_trail", "key": "imported"}
    return page | {"cadence": {"seconds": 1}} | changes


def node_of(iota: PrivateIota, wire: Wire) -> str:
    """Return the URL at which a node is asked in a way."""
    return iota.graphql if wire is Wire.GRAPHQL else iota.json_rpc


def network_page(
    iota: PrivateIota, wire: Wire = Wire.GRAPHQL, **changes: Any
) -> dict[str, Any]:
    """Return the second page: how the network is used. None takes a field away."""
    more = {
        "wire": wire.value,
        "most_bytes": 4096,
        "explorer": iota.explorer,
    }
    page = {
        "nodes": [node_of(iota, wire)],
        **{key: written(getattr(iota.packages, key)) for key in PACKAGES},
        "private_key": SECRET,
        "most_fee": "0.1",
        "more": more | changes.pop("more", {}),
    }
    given = page | changes
    return {key: value for key, value in given.items() if value is not None}
