"""The reference client of OpenTimestamps reads and verifies our files."""

import asyncio
from asyncio.subprocess import PIPE, STDOUT
from base64 import b64encode
from dataclasses import replace
import os
from pathlib import Path
import sys

from aiohttp import ClientSession
import pytest

from custom_components.sensorchain.ledgers.http import AiohttpTransport, Transport
from custom_components.sensorchain.ledgers.ledger import AnchorStatus, Receipt
from custom_components.sensorchain.ledgers.opentimestamps.ledger import ots_file
from demo.calendar.server import DemoCalendars
from tests.ledgers.common import checkpoint

from .common import CONFIRMATIONS, chosen, ledger_of, submitted


@pytest.fixture
def transport(session: ClientSession) -> Transport:
    """Return one transport: the client does not see which it was."""
    return AiohttpTransport(session)


async def ots(folder: Path, *arguments: str) -> tuple[int | None, str]:
    """Run `ots` in a folder; return its status and what it said."""
    process = await asyncio.create_subprocess_exec(
        Path(sys.executable).with_name("ots"),
        "--no-cache",
        *arguments,
        cwd=folder,
        stdout=PIPE,
        stderr=STDOUT,
        env={**os.environ, "no_proxy": "*", "HOME": str(folder)},
    )
    output, _ = await process.communicate()
    return process.returncode, output.decode()


def saved(receipt: Receipt, folder: Path) -> Path:
    """Write an anchor's two files; return the folder."""
    note, proof = ots_file(receipt, checkpoint())
    (folder / "checkpoint").write_bytes(note)
    (folder / "checkpoint.ots").write_bytes(proof)
    return folder


async def test_info(
    transport: Transport, calendars: DemoCalendars, tmp_path: Path
) -> None:
    """`ots info` shows the way from the note to the calendars, and to the block."""
    ledger = ledger_of(transport, chosen(calendars))
    receipt = await submitted(ledger)
    status, said = await ots(saved(receipt, tmp_path), "info", "checkpoint.ots")
    assert status == 0
    assert said.startswith("File sha256 hash: ")
    for url in calendars.urls:
        assert f"verify PendingAttestation('{url}')" in said
    calendars.mine(CONFIRMATIONS)
    receipt = await ledger.confirm(receipt)
    status, said = await ots(saved(receipt, tmp_path), "info", "checkpoint.ots")
    assert status == 0
    assert "verify BitcoinBlockHeaderAttestation(1)" in said
    assert "# Transaction id " in said


async def test_verify(
    transport: Transport, calendars: DemoCalendars, tmp_path: Path
) -> None:
    """`ots verify` finds the note in the block, and finds out what was changed."""
    ledger = ledger_of(transport, chosen(calendars))
    receipt = await submitted(ledger)
    calendars.mine(CONFIRMATIONS)
    folder = saved(await ledger.confirm(receipt), tmp_path)
    node = f"--bitcoin-node=http://user:password@{calendars.url.partition('//')[2]}/rpc"
    arguments = ("--btc-regtest", node, "verify", "checkpoint.ots")
    status, said = await ots(folder, *arguments)
    assert status == 0, said
    assert "Success! Bitcoin block 1 attests existence as of" in said
    (folder / "checkpoint").write_bytes(b"another note")
    status, said = await ots(folder, *arguments)
    assert status == 1
    assert "File does not match original!" in said
    saved(await ledger.confirm(receipt), folder)
    calendars.reorganise(CONFIRMATIONS)
    status, said = await ots(folder, *arguments)
    assert status == 1
    assert "Digest does not match merkleroot" in said


async def test_upgrade(
    transport: Transport, calendars: DemoCalendars, tmp_path: Path
) -> None:
    """`ots upgrade` completes a file that was pending; we take what it has made."""
    ledger = ledger_of(transport, chosen(calendars))
    receipt = await submitted(ledger)
    folder = saved(receipt, tmp_path)
    calendars.mine(CONFIRMATIONS)
    whitelist = [f"--whitelist={url}" for url in calendars.urls]
    status, said = await ots(folder, *whitelist, "upgrade", "checkpoint.ots")
    assert status == 0, said
    proof = b64encode((folder / "checkpoint.ots").read_bytes()).decode()
    theirs = replace(receipt, details={**receipt.details, "proof": proof})
    verification = await ledger.verify(theirs, checkpoint())
    assert verification.status is AnchorStatus.CONFIRMED


async def test_garbage(tmp_path: Path) -> None:
    """The client is the real one: it refuses what is no timestamp."""
    (tmp_path / "garbage.ots").write_bytes(b"\x00OpenTimestamps")
    status, said = await ots(tmp_path, "info", "garbage.ots")
    assert status == 1
    assert "is not a timestamp file" in said
