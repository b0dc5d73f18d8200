"""The reference clients, unmodified, prepare, send, find and confirm on the private Tangle."""

import json

from demo.tangle.private_tangle import PrivateTangle

from .conftest import Call, Client
from .transactions import ADDRESS, MAGNITUDE

MESSAGES = (
    json.dumps({"entity_id": "sensor.cold_room_temperature", "state": "4.5"}),
    json.dumps({"readings": ["4.5"] * 400}),
)


async def test_client_publishes_and_sees_confirmation(
    tangle: PrivateTangle, call: Call, client: Client
) -> None:
    """A message of one transaction and one of several: sent, found by address, read, and confirmed by a milestone."""
    sent = [
        await client(
            "publish", tangle.url, ADDRESS, "SENSORCHAIN", text, str(MAGNITUDE)
        )
        for text in MESSAGES
    ]
    pending = await client("read", tangle.url, ADDRESS)
    await tangle.issue_milestone()
    confirmed = await client("read", tangle.url, ADDRESS)

    expected = [
        {
            "tail": bundle["hashes"][0],
            "transactions": len(bundle["hashes"]),
            "message": text,
            "confirmed": False,
        }
        for bundle, text in zip(sent, MESSAGES, strict=True)
    ]
    assert [len(bundle["hashes"]) for bundle in sent] == [1, 3]
    assert pending == expected
    assert confirmed == [each | {"confirmed": True} for each in expected]
    for bundle in sent:
        _, found = await call("findTransactions", bundles=[bundle["bundle"]])
        assert sorted(found["hashes"]) == sorted(bundle["hashes"])
