"""What a person fills in for a private chain, page by page."""

from typing import Any

from demo.evm.anvil import CHAIN_ID
from tests.ledgers.evm.conftest import ACCOUNT_KEY

SECRET = ACCOUNT_KEY.reveal()


def choice_page(**changes: Any) -> dict[str, Any]:
    """Return the first page: which chain, how often, whose account."""
    return {"network": "own", "cadence": {"seconds": 1}, "key": "imported"} | changes


def network_page(*nodes: str, **changes: Any) -> dict[str, Any]:
    """Return the second page: how the chain is used. None takes a field away."""
    more = {
        "finality": "blocks",
        "blocks": 2,
        "most_bytes": 4096,
        "explorer": "http://explorer.example/tx/{transaction}",
        "unit": "ETH",
        "fees": "eip1559",
    }
    page = {
        "nodes": list(nodes),
        "chain_id": CHAIN_ID,
        "private_key": SECRET,
        "most_fee": "0.01",
        "more": more | changes.pop("more", {}),
    }
    given = page | changes
    return {key: value for key, value in given.items() if value is not None}
