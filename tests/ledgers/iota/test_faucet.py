"""A faucet: what it is asked, and what is made of its answers."""

from datetime import timedelta
import json
from typing import Any

from aiohttp import web
import pytest

from custom_components.sensorchain.ledgers.http import Transport
from custom_components.sensorchain.ledgers.iota.faucet import Faucet
from custom_components.sensorchain.ledgers.ledger import LedgerUnavailableError, Reason
from tests.ledgers.conftest import Serve

ADDRESS = bytes(range(32))


async def test_question(transport: Transport, serve: Serve) -> None:
    """It is asked as the faucet of the reference implementation wants it."""
    asked: list[tuple[str, str, Any]] = []

    async def faucet(request: web.Request) -> web.Response:
        asked.append((request.method, request.path, await request.json()))
        return web.json_response({"task": "6f1c", "error": None}, status=202)

    await Faucet(transport, f"{await serve(faucet)}/").ask(ADDRESS)
    recipient = f"0x{ADDRESS.hex()}"
    wish = {"FixedAmountRequest": {"recipient": recipient}}
    assert asked == [("POST", "/v1/gas", wish)]


@pytest.mark.parametrize(
    ("status", "body", "reason", "told"),
    [
        (429, b"slow down", Reason.RATE_LIMITED, "is asked too often"),
        (503, b"overloaded", Reason.RATE_LIMITED, "is asked too often"),
        (
            500,
            b'{"task": null, "error": "Wallet does not have enough balance\\n"}',
            Reason.NODE_ERROR,
            "refuses: 'Wallet does not have enough balance'",
        ),
        (202, b'{"task": "6f1c", "error": "no"}', Reason.NODE_ERROR, "refuses: 'no'"),
        (404, b"", Reason.NODE_ERROR, "answered HTTP status 404"),
        (500, b'{"error": 7}', Reason.NODE_ERROR, "answered HTTP status 500"),
        (202, b"<html>", Reason.NOT_A_NODE, "answered something that no faucet does"),
        (202, b"[]", Reason.NOT_A_NODE, "answered something that no faucet does"),
        (202, b"[" * 50_000, Reason.NOT_A_NODE, "something that no faucet does"),
        (202, b'{"task": null}', Reason.NOT_A_NODE, "something that no faucet does"),
        (202, b"9" * 70_000, Reason.ANSWER_TOO_LARGE, "of more than 65536 bytes"),
    ],
)
async def test_no_promise(
    transport: Transport,
    serve: Serve,
    status: int,
    body: bytes,
    reason: Reason,
    told: str,
) -> None:
    """Whatever else it answers is an error that tells why."""

    async def faucet(_request: web.Request) -> web.Response:
        return web.Response(status=status, body=body)

    url = await serve(faucet)
    with pytest.raises(LedgerUnavailableError) as raised:
        await Faucet(transport, url).ask(ADDRESS)
    assert raised.value.reason is reason
    assert str(raised.value).startswith(f"The faucet {url} ")
    assert told in str(raised.value)


async def test_long_complaint(transport: Transport, serve: Serve) -> None:
    """A complaint is told in one line of bounded length."""

    async def faucet(_request: web.Request) -> web.Response:
        body = json.dumps({"error": "a\nb" * 10_000})
        return web.Response(status=500, body=body.encode())

    with pytest.raises(LedgerUnavailableError) as raised:
        await Faucet(transport, await serve(faucet)).ask(ADDRESS)
    assert "\n" not in str(raised.value)
    assert len(str(raised.value)) < 300


async def test_nobody_there(transport: Transport, dead_url: str) -> None:
    """It may be away, and its password is not told."""
    url = dead_url.replace("http://", "http://me:secret@")
    faucet = Faucet(transport, url, timeout=timedelta(minutes=1))
    with pytest.raises(LedgerUnavailableError) as raised:
        await faucet.ask(ADDRESS)
    assert raised.value.reason is Reason.CANNOT_CONNECT
    assert str(raised.value) == f"The faucet {dead_url} cannot be reached"
