"""A stranger checks an anchor on IOTA with nothing but Python, the oldest one that will do."""

import asyncio
from asyncio.subprocess import PIPE
import json
from pathlib import Path
from typing import Any

import pytest

from custom_components.sensorchain.ledgers.catalog import CATALOG
from custom_components.sensorchain.ledgers.iota.settings import AnchorForm
from tests.ledgers.common import KEY, checkpoint
from tests.ledgers.test_standalone import ISOLATED, python

from .conftest import World
from .test_ledger import anchored, forms

__all__ = ["python"]

STRANGER = """
import asyncio, json, sys

given = json.load(sys.stdin)
sys.path.insert(0, given["root"])
from custom_components.standalone import leave_out_home_assistant
leave_out_home_assistant()
from custom_components.sensorchain.ledgers.catalog import CATALOG
from custom_components.sensorchain.ledgers.http import UrllibTransport
from custom_components.sensorchain.ledgers.ledger import Receipt
from custom_components.sensorchain.transparency.checkpoint import SignedCheckpoint
from custom_components.sensorchain.transparency.note import VerifierKey

key = VerifierKey.parse(given["verifier_key"])
ledger = CATALOG["iota"].create(UrllibTransport(), given["settings"], key)
found = asyncio.run(
    ledger.verify(
        Receipt.from_json(given["receipt"]),
        SignedCheckpoint.open(given["checkpoint"], key),
    )
)
json.dump([found.status, found.place, found.problem], sys.stdout)
"""


async def answer(python: str, given: dict[str, Any]) -> list[Any]:
    """Return what the stranger says."""
    process = await asyncio.create_subprocess_exec(
        python, *ISOLATED, "-c", STRANGER, stdin=PIPE, stdout=PIPE, stderr=PIPE
    )
    output, errors = await process.communicate(json.dumps(given).encode())
    assert not process.returncode, errors.decode()
    said: list[Any] = json.loads(output)
    return said


@forms
async def test_stranger_checks_an_anchor(
    world: World, form: AnchorForm, python: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By its transaction, and once that is forgotten by what it has made."""
    monkeypatch.setenv("no_proxy", "*")
    node = await world.node()
    settings = await world.ready(form, node)
    receipt = await anchored(node, world.on(settings))
    given = {
        "root": str(Path(__file__).parents[3]),
        "verifier_key": str(KEY.verifier),
        "checkpoint": checkpoint().note,
        "settings": dict(CATALOG["iota"].public(settings.to_json())),
        "receipt": receipt.to_json(),
    }
    assert await answer(python, given) == ["confirmed", receipt.place, None]
    await node.prune()
    status, place, problem = await answer(python, given)
    home = "trail" if form is AnchorForm.AUDIT_TRAIL else "object"
    assert (status, problem) == ("confirmed", None)
    assert place.endswith(str(receipt.details[home]))
