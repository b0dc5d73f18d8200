"""A stranger checks an anchor with nothing but Python, the oldest one that will do."""

import asyncio
from asyncio.subprocess import PIPE
from collections.abc import Iterator
import json
import os
from pathlib import Path
import shutil
import subprocess
import sys
from typing import Any

from aiohttp import ClientSession
import pytest

from custom_components.sensorchain.ledgers.http import AiohttpTransport
from custom_components.sensorchain.ledgers.tangle.ledger import TangleLedger
from demo.tangle.private_tangle import PrivateTangle

from .common import KEY, WEIGHT, checkpoint, reading, settings

STRANGER = Path(__file__).with_name("stranger.py")
ISOLATED = ("-B", "-I", "-S")


def pythons(name: str) -> Iterator[str]:
    """Yield the programs of this name that run."""
    for folder in os.get_exec_path():
        program = shutil.which(name, path=folder)
        if (
            program
            and not subprocess.run(
                [program, *ISOLATED, "-c", ""], capture_output=True, check=False
            ).returncode
        ):
            yield program


@pytest.fixture(params=["python3.11", sys.executable], ids=["python3.11", "this one"])
def python(request: pytest.FixtureRequest) -> str:
    """Return a Python without packages."""
    program = next(pythons(request.param), None)
    if program is None:
        pytest.skip(f"there is no {request.param} on this machine")
    return program


async def answer(python: str, given: dict[str, Any]) -> dict[str, Any]:
    """Return what the stranger says."""
    process = await asyncio.create_subprocess_exec(
        python, *ISOLATED, str(STRANGER), stdin=PIPE, stdout=PIPE, stderr=PIPE
    )
    output, errors = await process.communicate(json.dumps(given).encode())
    assert not process.returncode, errors.decode()
    said: dict[str, Any] = json.loads(output)
    return said


async def test_stranger_checks_an_anchor(
    python: str,
    session: ClientSession,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Signature, bundle and node, over urllib: no package is there, none is missed.

    Only the search for a proof of work cannot be imported.
    """
    monkeypatch.setenv("no_proxy", "*")
    async with PrivateTangle(
        tmp_path / "tangle.db", minimum_weight_magnitude=WEIGHT
    ) as tangle:
        chosen = settings(tangle.url)
        ledger = TangleLedger(AiohttpTransport(session), chosen, KEY.verifier)
        prepared = await ledger.prepare(checkpoint(), [reading(1)])
        submitted = await ledger.publish(prepared)
        milestone = await tangle.issue_milestone()
        receipt = await ledger.confirm(submitted)
        said = await answer(
            python,
            {
                "verifier_key": str(KEY.verifier),
                "checkpoint": prepared.checkpoint,
                "settings": chosen.to_json(),
                "receipt": receipt.to_json(),
                "trytes": prepared.content["trytes"],
            },
        )
    if python.endswith("python3.11"):
        assert said["version"] == [3, 11]
    del said["version"]
    assert said == {
        "size": checkpoint().checkpoint.size,
        "bundle": receipt.details["bundle"],
        "network": tangle.coordinator_address,
        "status": "confirmed",
        "place": f"milestone {milestone.number}",
        "problem": None,
        "packages": [],
        "not imported": ["tangle.proof_of_work"],
    }
