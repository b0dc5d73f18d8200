"""The faucet: money for who asks (crates/iota-faucet).

POST /v1/gas    {"FixedAmountRequest": {"recipient": "0x…"}}
202             {"task": "…", "error": null}
GET /v1/status/<task>
201             {"status": {"status": "SUCCEEDED", "transferred_gas_objects": {"sent": […]}}, "error": null}
"""

from collections.abc import Mapping
import json
import re
from typing import Any
from uuid import UUID, uuid4

from aiohttp import web
import iota_sdk as sdk

from .identity import written
from .network import Network
from .treasury import pay

AMOUNT = 200_000_000_000
COINS = 5
"""A hundred times what the public faucets give, which is five coins of 2 IOTA: the demo anchors often."""


def routes(network: Network) -> list[web.AbstractRouteDef]:
    """Return its routes."""
    tasks: dict[UUID, list[dict[str, Any]]] = {}

    async def ask(request: web.Request) -> web.Response:
        recipient = _recipient(await request.text())
        if recipient is None:
            return web.json_response(
                {"task": None, "error": "Internal error: Input Error."}, status=400
            )
        task = uuid4()
        tasks[task] = _give(network, recipient)
        return web.json_response({"task": str(task), "error": None}, status=202)

    async def status(request: web.Request) -> web.Response:
        try:
            sent = tasks.get(UUID(request.match_info["task"]))
        except ValueError as error:
            return web.json_response(
                {"status": None, "error": f"Internal error: {error}"}, status=500
            )
        state = {
            "status": "INPROGRESS" if sent is None else "SUCCEEDED",
            "transferred_gas_objects": None if sent is None else {"sent": sent},
        }
        return web.json_response({"status": state, "error": None}, status=201)

    return [web.post("/v1/gas", ask), web.get("/v1/status/{task}", status)]


def _recipient(body: str) -> str | None:
    """Return the address that asks, None where it is not one."""
    try:
        recipient = json.loads(body)["FixedAmountRequest"]["recipient"]
    except ValueError, KeyError, TypeError:
        return None
    if not re.fullmatch(r"(0x)?[0-9a-fA-F]{1,64}", str(recipient)):
        return None
    return written(int(recipient, 16))


def _give(network: Network, recipient: str) -> list[dict[str, Any]]:
    """Give money; return the coins."""
    executed = pay(network, recipient, *[AMOUNT] * COINS)
    effects = json.loads(sdk.TransactionEffects.from_bcs(executed.effects).to_json())
    changes: list[Mapping[str, Any]] = effects["V1"]["changed_objects"]
    return [
        {
            "amount": AMOUNT,
            "id": each["object_id"],
            "transferTxDigest": executed.digest,
        }
        for each in changes
        if each["id_operation"] == "created"
    ]
