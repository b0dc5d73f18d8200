"""What both wires tell, and how they refuse questions."""

from base64 import b64decode
from typing import Any

import pytest

from custom_components.sensorchain.ledgers.iota.programs import add_record, notarise
from custom_components.sensorchain.ledgers.iota.transaction import written
from demo.iota.objects import CLOCK

from .conftest import EXECUTE, ONE, Account, Wires, base64

SENT = "query($a:IotaAddress!,$f:Int,$x:String,$l:Int,$b:String){address(address:$a){transactionBlocks(first:$f,after:$x,last:$l,before:$b){pageInfo{hasPreviousPage hasNextPage startCursor endCursor} nodes{digest}}}}"


async def several(account: Account, count: int) -> list[str]:
    """Send notarizations; return their digests, all in a checkpoint."""
    packages = account.node.packages
    digests = [
        account.run(notarise(packages, f"Message {number}")).digest
        for number in range(count)
    ]
    await account.node.checkpoint()
    return digests


async def test_pages_backwards(account: Account, wires: Wires) -> None:
    """What was sent is read from its end, a part at a time, and comes in its order."""
    digests = await several(account, 5)
    read: list[str] = []
    cursor = None
    while True:
        told = await wires.graphql(SENT, a=account.address, l=2, b=cursor)
        shown = told["data"]["address"]["transactionBlocks"]
        read = [each["digest"] for each in shown["nodes"]] + read
        cursor = shown["pageInfo"]["startCursor"]
        if not shown["pageInfo"]["hasPreviousPage"]:
            break
    assert read == digests


async def test_pages_forwards(account: Account, wires: Wires) -> None:
    """Or from its beginning."""
    digests = await several(account, 3)
    told = await wires.graphql(SENT, a=account.address, f=2)
    shown = told["data"]["address"]["transactionBlocks"]
    assert [each["digest"] for each in shown["nodes"]] == digests[:2]
    assert shown["pageInfo"]["hasNextPage"]
    told = await wires.graphql(
        SENT, a=account.address, f=2, x=shown["pageInfo"]["endCursor"]
    )
    shown = told["data"]["address"]["transactionBlocks"]
    assert [each["digest"] for each in shown["nodes"]] == digests[2:]
    assert shown["pageInfo"]["hasPreviousPage"]
    assert not shown["pageInfo"]["hasNextPage"]


async def test_unfinished_history(account: Account, wires: Wires) -> None:
    """GraphQL lists what is in checkpoints; JSON-RPC what was executed."""
    await several(account, 1)
    last = account.run(notarise(account.node.packages, "The last one")).digest
    told = await wires.graphql(SENT, a=account.address, l=1)
    (shown,) = told["data"]["address"]["transactionBlocks"]["nodes"]
    assert shown["digest"] != last
    query = {"filter": {"FromAddress": account.address}}
    answer = await wires.call("iotax_queryTransactionBlocks", query, None, 1, True)
    assert [each["digest"] for each in answer["result"]["data"]] == [last]
    assert answer["result"]["hasNextPage"]
    answer = await wires.call("iotax_queryTransactionBlocks", query, last, 9, True)
    assert [each["digest"] for each in answer["result"]["data"]] == [shown["digest"]]


async def test_same_bytes(account: Account, wires: Wires) -> None:
    """Both wires give one form of a transaction, of an object and of an entry."""
    trail = account.trail()
    program = add_record(account.node.packages, trail, account.capability(), "Hello")
    digest = account.run(program).digest
    told = await wires.graphql(
        "query($d:String!,$o:IotaAddress!){transactionBlock(digest:$d){bcs}object(address:$o){asMoveObject{contents{bcs json}}}}",
        d=digest,
        o=written(trail.object_id),
    )
    raw = await wires.call("iota_getTransactionBlock", digest, {"showRawInput": True})
    assert told["data"]["transactionBlock"]["bcs"] == raw["result"]["rawTransaction"]
    shown = told["data"]["object"]["asMoveObject"]["contents"]
    whole = await wires.call(
        "iota_getObject", written(trail.object_id), {"showBcs": True, "showType": True}
    )
    assert shown["bcs"] == whole["result"]["data"]["bcs"]["bcsBytes"]
    table = shown["json"]["records"]["id"]
    told = await wires.graphql(
        'query($t:IotaAddress!,$b:Base64!){owner(address:$t){dynamicField(name:{type:"u64",bcs:$b}){name{json}value{__typename ...on MoveValue{bcs json}}}}}',
        t=table,
        b=base64(bytes(8)),
    )
    entry = told["data"]["owner"]["dynamicField"]
    assert entry["name"]["json"] == "0"
    assert entry["value"]["json"]["value"]["data"] == {"@variant": "Text", "0": "Hello"}
    answer = await wires.call(
        "iotax_getDynamicFieldObject", table, {"type": "u64", "value": "0"}
    )
    field = b64decode(answer["result"]["data"]["bcs"]["bcsBytes"])
    # Before the value an entry has its id and its name.
    assert field[32:] == bytes(8) + b64decode(entry["value"]["bcs"])


async def test_what_is_not_there(account: Account, wires: Wires) -> None:
    """What does not exist is null in GraphQL, and told as such in JSON-RPC."""
    nothing = written(bytes(32))
    told = await wires.graphql(
        'query($a:IotaAddress!){object(address:$a){digest}transactionBlock(digest:"1"){digest}owner(address:$a){balance{totalBalance}dynamicField(name:{type:"u64",bcs:"AAAAAAAAAAA="}){name{json}}}}',
        a=nothing,
    )
    assert told["data"] == {
        "object": None,
        "transactionBlock": None,
        "owner": {"balance": None, "dynamicField": None},
    }
    answer = await wires.call("iota_getObject", nothing)
    assert answer["result"]["error"] == {"code": "notExists", "object_id": nothing}
    answer = await wires.call(
        "iotax_getDynamicFieldObject", nothing, {"type": "u64", "value": "0"}
    )
    assert answer["result"]["error"]["code"] == "dynamicFieldNotFound"
    assert (await wires.call("iotax_getBalance", nothing))["result"] == {
        "coinType": "0x2::iota::IOTA",
        "coinObjectCount": 0,
        "totalBalance": "0",
    }


async def test_deleted(account: Account, wires: Wires) -> None:
    """JSON-RPC tells of an object that was deleted."""
    account.trail()
    (change,) = account.node.network.history(limit=1)
    answer = await wires.call(
        "iota_getTransactionBlock", change.digest, {"showEffects": True}
    )
    (gone,) = answer["result"]["effects"]["deleted"]
    answer = await wires.call("iota_getObject", gone["objectId"])
    assert answer["result"]["error"]["code"] == "deleted"


@pytest.mark.parametrize(
    ("filter_", "count"),
    [
        ("0x2::coin::Coin", 1),
        ("0x2::coin::Coin<0x2::iota::IOTA>", 1),
        ("0x2::coin", 1),
        ("0x2", 1),
        ("0x2::coin::Other", 0),
        ("0x3::coin::Coin", 0),
        ("0x2::coin::Coin<0x2::other::OTHER>", 0),
    ],
)
async def test_types(account: Account, wires: Wires, filter_: str, count: int) -> None:
    """Objects are filtered by package, module, type and its parameters."""
    told = await wires.graphql(
        "query($a:IotaAddress!,$t:String){address(address:$a){objects(filter:{type:$t}){nodes{contents{type{repr}}}}}}",
        a=account.address,
        t=filter_,
    )
    assert len(told["data"]["address"]["objects"]["nodes"]) == count
    if "::" in filter_.removeprefix("0x2::coin"):
        query = {"filter": {"StructType": filter_}}
        answer = await wires.call("iotax_getOwnedObjects", account.address, query)
        assert len(answer["result"]["data"]) == count


@pytest.mark.parametrize(
    ("query", "code", "words"),
    [
        ("{", "GRAPHQL_PARSE_FAILED", "Syntax Error"),
        ("{unheardOf}", "GRAPHQL_VALIDATION_FAILED", "Cannot query field"),
        ("{coins(first:51){nodes{digest}}}", "BAD_USER_INPUT", "exceeds max of 50"),
        (
            "{coins(first:1,last:1){nodes{digest}}}",
            "BAD_USER_INPUT",
            "must not be used together",
        ),
        (f"{{chainIdentifier{' ' * 5_000}}}", "BAD_USER_INPUT", "payload is too large"),
        (
            '{address(address:"0x1")' + "{asAddress" * 20 + "}" * 21,
            "BAD_USER_INPUT",
            "nesting is over 20",
        ),
        ("{" + " __typename" * 301 + "}", "BAD_USER_INPUT", "over 300 nodes"),
        (
            "{objects(first:50){nodes{objects(first:50){nodes{coins(first:50){nodes{digest}}}}}}}",
            "BAD_USER_INPUT",
            "output nodes exceeds 100000",
        ),
        (
            "{objects{...Page}} fragment Page on ObjectConnection{nodes{unheardOf}}",
            "GRAPHQL_VALIDATION_FAILED",
            "Cannot query field",
        ),
        (
            "{objects{...Missing}}",
            "GRAPHQL_VALIDATION_FAILED",
            "Unknown fragment",
        ),
        (
            "{objects{...Page}} fragment Page on ObjectConnection{...Page}",
            "BAD_USER_INPUT",
            "nesting is over 20",
        ),
        (
            'mutation{executeTransactionBlock(txBytes:"?",signatures:[]){effects{status}}}',
            "BAD_USER_INPUT",
            "from Base64",
        ),
    ],
    ids=lambda value: str(value)[:40],
)
async def test_bad_queries(wires: Wires, query: str, code: str, words: str) -> None:
    """A query that cannot be answered is told so, with a code."""
    told = await wires.graphql(query)
    (error,) = told["errors"]
    assert words in error["message"]
    assert error["extensions"]["code"] == code


@pytest.mark.parametrize(
    ("method", "params", "code"),
    [
        ("iota_unheardOf", [], -32601),
        ("iota_getObject", [], -32602),
        ("iota_getObject", ["nonsense"], -32602),
        ("iotax_getBalance", [7], -32602),
        ("iota_getTransactionBlock", ["1" * 32], -32602),
        ("iotax_getOwnedObjects", [CLOCK, {"filter": {"Version": "1"}}], -32602),
        ("iotax_queryTransactionBlocks", [{}, "1" * 32], -32602),
        ("iota_executeTransactionBlock", ["?", []], -32602),
        ("iota_getCheckpoint", ["99"], -32602),
    ],
)
async def test_bad_calls(
    wires: Wires, method: str, params: list[Any], code: int
) -> None:
    """A call that cannot be answered is told so, with a code."""
    answer = await wires.call(method, *params)
    assert answer["error"]["code"] == code


async def test_large_question(account: Account, wires: Wires) -> None:
    """Nobody sends more than a transaction can have."""
    question = {"query": EXECUTE, "variables": {"t": "A" * 500_000, "s": []}}
    async with wires.session.post(account.node.graphql, json=question) as answer:
        assert answer.status == 413


async def test_explorer(account: Account, wires: Wires) -> None:
    """People see transactions with their texts, and a trail's records in their order, nothing of which is run."""
    trail = account.trail()
    packages, node = account.node.packages, account.node
    for text in ("First", "<script>alert(1)</script>"):
        program = add_record(packages, trail, account.capability(), text)
        digest = account.run(program).digest
    number = await node.checkpoint()
    pages = {}
    for name in ("", f"txblock/{digest}", f"object/{written(trail.object_id)}"):
        async with wires.session.get(f"{node.url}/{name}") as answer:
            assert answer.status == 200
            assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
            pages[name] = await answer.text()
    index, transaction, whole = pages.values()
    assert digest in index
    assert f"in checkpoint {number}" in transaction
    assert written(trail.object_id) in transaction
    assert whole.index("<pre>First</pre>") < whole.index("&lt;script&gt;")
    assert "<script>" not in transaction + whole
    async with wires.session.get(
        f"{node.url}/object/{written(trail.object_id)}?from=1"
    ) as answer:
        later = await answer.text()
    assert "<pre>First</pre>" not in later
    assert "&lt;script&gt;" in later
    assert "?from=0" in later
    for name in ("txblock/1", f"object/{written(bytes(32))}"):
        async with wires.session.get(f"{node.url}/{name}") as answer:
            assert answer.status == 404


async def test_bad_requests_to_the_faucet(account: Account, wires: Wires) -> None:
    """The faucet says what it does not understand."""
    url = f"{account.node.faucet}/v1/gas"
    for body in ("", "[]", "{}", '{"FixedAmountRequest":{"recipient":"me"}}'):
        async with wires.session.post(url, data=body) as answer:
            assert answer.status == 400
            assert (await answer.json())["error"]
    async with wires.session.get(f"{account.node.faucet}/v1/status/1") as answer:
        assert answer.status == 500
    assert account.owned("::Coin")[0].balance == ONE
