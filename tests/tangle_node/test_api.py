"""The HTTP API answers, refuses and limits as IRI does."""

import asyncio
from dataclasses import replace
import time
from typing import Any

import aiohttp
import pytest

from custom_components.sensorchain.ledgers.tangle.bundle import validate
from custom_components.sensorchain.ledgers.tangle.transaction import (
    NULL_HASH,
    Transaction,
)
from demo.tangle.api import COMMANDS
from demo.tangle.private_tangle import PrivateTangle

from .conftest import Call
from .transactions import ADDRESS, MAGNITUDE, TAG, attached, prepared, trytes_of

UNKNOWN = "UNKNOWN".ljust(81, "9")
HASH = "A" * 81


async def _tips(call: Call) -> tuple[str, str]:
    """Return trunk and branch."""
    _, tips = await call("getTransactionsToApprove", depth=3)
    return tips["trunkTransaction"], tips["branchTransaction"]


async def test_stored_bundle_is_found_by_each_field(call: Call) -> None:
    """Transactions are found by address, tag, bundle and approvee; several fields give the intersection."""
    trunk, branch = await _tips(call)
    bundle = attached(trunk, branch, 3)
    assert await call("storeTransactions", trytes=trytes_of(bundle)) == (200, {})

    hashes = [each.hash for each in bundle]

    async def find(**fields: Any) -> set[str]:
        status, answer = await call("findTransactions", **fields)
        assert status == 200
        return set(answer["hashes"])

    assert await find(addresses=[ADDRESS]) == set(hashes)
    assert await find(tags=["TESTING"]) == set(hashes)
    assert await find(bundles=[bundle[0].bundle]) == set(hashes)
    assert await find(approvees=[hashes[1]]) == {hashes[0]}
    assert await find(approvees=[trunk]) == set(hashes)
    assert await find(addresses=[ADDRESS], approvees=[hashes[2]]) == {hashes[1]}
    assert await find(addresses=[HASH], tags=[TAG]) == set()
    assert await find(tags=[bundle[0].obsolete_tag]) >= {hashes[0]}
    answer = await call("getTrytes", hashes=[*hashes, UNKNOWN])
    assert answer == (200, {"trytes": [*trytes_of(bundle), "9" * 2673]})


async def test_storing_again_changes_nothing(call: Call) -> None:
    """The same transactions may be sent any number of times, stored or broadcast."""
    trytes = trytes_of(attached(*await _tips(call), 2))
    for command in ("storeTransactions", "broadcastTransactions", "storeTransactions"):
        assert await call(command, trytes=trytes) == (200, {})
    _, found = await call("findTransactions", addresses=[ADDRESS])
    assert len(found["hashes"]) == 2


async def test_parts_of_a_bundle_may_come_one_by_one(call: Call) -> None:
    """A bundle is complete, and a tip, once its tail has come."""
    bundle = attached(*await _tips(call), 3)
    for transaction in reversed(bundle):
        _, before = await call("getTips")
        assert bundle[0].hash not in before["hashes"]
        assert (await call("storeTransactions", trytes=trytes_of((transaction,))))[
            0
        ] == 200
    assert (await call("getTips"))[1] == {"hashes": [bundle[0].hash]}


async def _refusal(call: Call, trytes: list[str]) -> str:
    """Store what must be refused; return the error, after checking that nothing of it was kept."""
    status, answer = await call("storeTransactions", trytes=trytes)
    assert status == 400
    broadcast, _ = await call("broadcastTransactions", trytes=trytes)
    assert broadcast in (400, 500)
    _, found = await call("findTransactions", addresses=[ADDRESS])
    assert found["hashes"] == []
    return str(answer["error"])


@pytest.mark.parametrize("bad", ["a", "Ä", "0", "", "99", 7, None])
async def test_bad_trytes(call: Call, bad: Any) -> None:
    """Wrong characters, wrong lengths and other types are refused."""
    good = trytes_of(attached(*await _tips(call)))[0]
    changed = bad + good[1:] if isinstance(bad, str) else bad
    assert await _refusal(call, [good, changed]) == "Error: Invalid trytes input"


async def test_too_little_work(call: Call) -> None:
    """A hash below the minimum weight magnitude is refused."""
    trunk, branch = await _tips(call)
    bundles = (attached(trunk, branch, magnitude=0) for _ in range(100))
    lazy = next(bundle for bundle in bundles if bundle[0].weight < MAGNITUDE)
    error = await _refusal(call, trytes_of(lazy))
    assert error == "Error: Invalid transaction hash"


@pytest.mark.parametrize("missing", ["trunk", "branch"])
async def test_unknown_trunk_or_branch(call: Call, missing: str) -> None:
    """What a transaction approves must be there."""
    trunk, branch = await _tips(call)
    bundle = (
        attached(UNKNOWN, branch, 2)
        if missing == "trunk"
        else attached(trunk, UNKNOWN, 2)
    )
    error = await _refusal(call, trytes_of(bundle))
    assert error == f"Error: Invalid transaction, missing: {UNKNOWN}"


async def test_time_to_come(call: Call) -> None:
    """An attachment more than two hours ahead is refused."""
    ahead = int(time.time() * 1000) + 3 * 60 * 60 * 1000
    bundle = attached(*await _tips(call), attachment_timestamp=ahead)
    error = await _refusal(call, trytes_of(bundle))
    assert error == "Error: Invalid transaction timestamp."


def _worked(transaction: Transaction) -> Transaction:
    """Do the work for a changed transaction."""
    for number in range(100_000):
        nonce = f"{'ABCDEFGHIJ'[number % 10]}{'KLMNOPQRST'[number // 10 % 10]}"
        nonce += f"{'ABCDEFGHIJ'[number // 100 % 10]}".ljust(25, "9")
        worked = replace(transaction, nonce=nonce)
        if worked.weight >= MAGNITUDE:
            return worked
    raise AssertionError


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("address", HASH, "the bundle hash does not match"),
        ("timestamp", 1, "the bundle hash does not match"),
        ("obsolete_tag", "X" * 27, "the bundle hash does not match"),
        ("bundle", HASH, "Invalid bundle"),
        ("current_index", 1, "Invalid bundle"),
        ("last_index", 2, "Invalid bundle"),
        ("branch", NULL_HASH, "do not share one branch"),
        ("value", 1, "Invalid transaction value"),
    ],
)
async def test_tampered_bundle(
    call: Call, field: str, value: Any, expected: str
) -> None:
    """A bundle of which one field was changed is refused, though the work was done anew."""
    tail, head = attached(*await _tips(call), 2)
    tampered = _worked(replace(tail, **{field: value}))
    assert expected in await _refusal(call, trytes_of((tampered, head)))


async def test_message_may_not_be_swapped_without_new_work(call: Call) -> None:
    """The message is not in the bundle's hash; the work is bound to it."""
    (tail,) = attached(*await _tips(call))
    for letter in "ABCDEFGHIJKLMNOPQRS":
        swapped = replace(tail, message=tail.message[:-1] + letter)
        if swapped.weight < MAGNITUDE:
            break
    error = await _refusal(call, trytes_of((swapped,)))
    assert error == "Error: Invalid transaction hash"


async def test_bundle_approves_tails_only(call: Call) -> None:
    """A bundle on the middle of another one is refused."""
    first = attached(*await _tips(call), 2)
    await call("storeTransactions", trytes=trytes_of(first))
    second = attached(first[1].hash, first[0].hash)
    status, answer = await call("storeTransactions", trytes=trytes_of(second))
    assert (status, "not a tail" in answer["error"]) == (400, True)


async def test_attach_to_tangle(call: Call) -> None:
    """The node chains a bundle in whatever order it comes, does the work, and returns it tail first."""
    trunk, branch = await _tips(call)
    status, answer = await call(
        "attachToTangle",
        trunkTransaction=trunk,
        branchTransaction=branch,
        minWeightMagnitude=MAGNITUDE + 1,
        trytes=trytes_of(prepared(3)),
    )
    bundle = [Transaction.from_trytes(trytes) for trytes in answer["trytes"]]
    assert status == 200
    validate(bundle)
    assert (bundle[-1].trunk, bundle[-1].branch) == (trunk, branch)
    assert all(each.weight > MAGNITUDE for each in bundle)
    assert await call("storeTransactions", trytes=answer["trytes"]) == (200, {})


async def test_interrupt_attaching(call: Call) -> None:
    """Work that would take for ever ends when it is interrupted; the node answers meanwhile."""
    trunk, branch = await _tips(call)
    work = asyncio.create_task(
        call(
            "attachToTangle",
            trunkTransaction=trunk,
            branchTransaction=branch,
            minWeightMagnitude=60,
            trytes=trytes_of(prepared()),
        )
    )
    while not work.done():
        assert await call("interruptAttachingToTangle") == (200, {})
    assert work.result() == (200, {"trytes": []})


async def test_work_ends_with_its_client(
    tangle: PrivateTangle, session: aiohttp.ClientSession, call: Call
) -> None:
    """A client that hangs up leaves no work behind: the next one gets its turn."""
    trunk, branch = await _tips(call)
    body = {
        "command": "attachToTangle",
        "trunkTransaction": trunk,
        "branchTransaction": branch,
        "minWeightMagnitude": 60,
        "trytes": trytes_of(prepared()),
    }
    headers = {"X-IOTA-API-Version": "1"}
    with pytest.raises(TimeoutError):
        await session.post(
            tangle.url,
            json=body,
            headers=headers,
            timeout=aiohttp.ClientTimeout(total=0.2),
        )
    body["minWeightMagnitude"] = MAGNITUDE
    async with session.post(tangle.url, json=body, headers=headers) as response:
        assert len((await response.json())["trytes"]) == 1


@pytest.mark.parametrize(
    ("command", "parameters", "status", "answer"),
    [
        ("getTips ", {}, 400, {"error": "Command [getTips ] is unknown"}),
        (
            "addNeighbors",
            {"uris": []},
            401,
            {"error": "COMMAND addNeighbors is not available on this node"},
        ),
        ("getTrytes", {}, 500, {"exception": "Invalid parameters"}),
        ("getTrytes", {"hashes": HASH}, 500, {"exception": "Invalid hashes input"}),
        ("getTrytes", {"hashes": ["A"]}, 500, {"exception": "Invalid hashes input"}),
        (
            "getTrytes",
            {"hashes": [HASH] * 1001},
            500,
            {"exception": "Could not complete request"},
        ),
        ("findTransactions", {}, 500, {"exception": "Invalid parameters"}),
        (
            "findTransactions",
            {"approvees": [NULL_HASH]},
            500,
            {"exception": "Invalid approvees input"},
        ),
        (
            "findTransactions",
            {"tags": ["a"]},
            500,
            {"exception": "Invalid tag input"},
        ),
        (
            "getTransactionsToApprove",
            {"depth": 16},
            400,
            {"error": "Invalid depth input"},
        ),
        (
            "getTransactionsToApprove",
            {"depth": "3"},
            500,
            {"exception": "Invalid depth input"},
        ),
        (
            "getTransactionsToApprove",
            {"depth": 3, "reference": UNKNOWN},
            400,
            {"error": "reference transaction is too old"},
        ),
        (
            "checkConsistency",
            {"tails": [UNKNOWN]},
            400,
            {"error": f"Invalid transaction, missing: {UNKNOWN}"},
        ),
        (
            "getBalances",
            {"addresses": [HASH], "tips": [UNKNOWN]},
            400,
            {"error": f"Tip not found: {UNKNOWN}"},
        ),
        ("wereAddressesSpentFrom", {"addresses": [HASH]}, 200, {"states": [False]}),
        (
            "getInclusionStates",
            {"transactions": [UNKNOWN], "tips": [HASH]},
            200,
            {"states": [False]},
        ),
        (
            "attachToTangle",
            {
                "trunkTransaction": HASH,
                "branchTransaction": HASH,
                "minWeightMagnitude": 1,
                "trytes": [],
            },
            500,
            {"exception": "Invalid transaction hash"},
        ),
    ],
)
async def test_answers(
    call: Call, command: str, parameters: Any, status: int, answer: Any
) -> None:
    """Statuses and texts are IRI's."""
    assert await call(command, **parameters) == (status, answer)


@pytest.mark.parametrize(
    "value", [None, True, 1, -1, 1e999, "9", [], [[]], {}, "A" * 81]
)
async def test_nonsense_is_answered(call: Call, value: Any) -> None:
    """Whatever the parameters are, the answer is JSON with a reason."""
    for name, command in COMMANDS.items():
        parameters = {parameter.name: value for parameter in command.parameters}
        status, answer = await call(name, **parameters)
        assert status == 200 or set(answer) & {"error", "exception"}


@pytest.mark.parametrize(
    ("headers", "body", "error"),
    [
        ({}, b'{"command": "getNodeInfo"}', "Invalid API Version"),
        ({"X-IOTA-API-Version": "1"}, b"", "Invalid request payload: ''"),
        ({"X-IOTA-API-Version": "1"}, b"null", "Invalid request payload: 'null'"),
        ({"X-IOTA-API-Version": "1"}, b"[" * 100_000, "Invalid JSON syntax"),
        ({"X-IOTA-API-Version": "1"}, b"\xff\xfe", "Invalid JSON syntax"),
        ({"X-IOTA-API-Version": "1"}, b"[]", "Invalid JSON syntax"),
        ({"X-IOTA-API-Version": "1"}, b"{}", "COMMAND parameter has not been"),
        ({"X-IOTA-API-Version": "1"}, b" " * 1_000_001, "Request too long"),
    ],
)
async def test_requests_that_are_none(
    tangle: PrivateTangle,
    session: aiohttp.ClientSession,
    headers: dict[str, str],
    body: bytes,
    error: str,
) -> None:
    """A request without the version header, too large, or that is no JSON object is refused with 400."""
    async with session.post(tangle.url, data=body, headers=headers) as response:
        answer = await response.json()
    assert response.status == 400
    assert answer["error"].startswith(error)
    assert isinstance(answer["duration"], int)
