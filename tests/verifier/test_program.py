"""The verifier as a program: against a Tangle, in words and for machines."""

import asyncio
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import replace
from io import BytesIO, StringIO
import json
from pathlib import Path
import subprocess
import sys
from typing import Any
from zipfile import ZipFile

from aiohttp import ClientSession
import pytest

from custom_components.sensorchain.ledgers.http import AiohttpTransport
from custom_components.sensorchain.ledgers.tangle.ledger import TangleLedger
from custom_components.sensorchain.ledgers.tangle.settings import TangleSettings
from custom_components.sensorchain.transparency.bundle import AnchorRecord, write_bundle
from custom_components.sensorchain.transparency.log import Log
from custom_components.sensorchain.verifier.program import main
from demo.tangle.private_tangle import PrivateTangle
from tests.ledgers.test_standalone import ISOLATED, pythons

from .vectors import FOLDER, KEY, OTHER_KEY, SMALL, caption, log_of

ROOT = Path(__file__).parents[2]
BUNDLES = FOLDER / "bundles"
OLDEST = next(pythons("python3.11"), sys.executable)
VERIFY = [OLDEST, *ISOLATED, str(ROOT / "scripts" / "verify")]


@pytest.fixture
async def tangle(
    tmp_path: Path, socket_enabled: None, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[PrivateTangle]:
    """Run a Tangle whose milestones come on command, except the first."""
    monkeypatch.setenv("no_proxy", "*")
    async with PrivateTangle(
        tmp_path / "tangle.db", minimum_weight_magnitude=3
    ) as tangle:
        yield tangle


@pytest.fixture
def log() -> Iterator[Log]:
    """Return the log of the vectors."""
    with log_of(SMALL) as log:
        yield log


async def run(*command: str) -> tuple[int, str]:
    """Return the exit code of a program and what it printed; it must not complain."""
    process = await asyncio.create_subprocess_exec(*command, stdout=PIPE, stderr=PIPE)
    output, errors = await process.communicate()
    assert not errors.decode()
    assert process.returncode is not None
    return process.returncode, output.decode()


def run_here(arguments: Sequence[str]) -> tuple[int, str]:
    """Return the exit code of the verifier in this process, and what it printed."""
    with redirect_stdout(StringIO()) as output, redirect_stderr(StringIO()) as errors:
        code = main(arguments)
    assert not errors.getvalue()
    return int(code), output.getvalue()


async def tell(*arguments: str | Path) -> tuple[int, str]:
    """Return the exit code and what a person is told: the same by the oldest Python."""
    given = [str(each) for each in arguments]
    told = await run(*VERIFY, *given)
    assert await asyncio.to_thread(run_here, given) == told
    return told


async def verify(*arguments: str | Path) -> tuple[int, Any]:
    """Return the exit code and what a machine is told."""
    code, output = await tell("--json", *arguments)
    return code, json.loads(output)


async def anchored(log: Log, tangle: PrivateTangle, size: int) -> AnchorRecord:
    """Return a confirmed anchor of a log."""
    settings = TangleSettings((tangle.url,), minimum_weight_magnitude=3)
    async with ClientSession() as session:
        ledger = TangleLedger(AiohttpTransport(session), settings, log.verifier_key)
        prepared = await ledger.prepare(log.checkpoint(size), [])
        submitted = await ledger.publish(prepared)
        await tangle.issue_milestone()
        receipt = await ledger.confirm(submitted)
    return AnchorRecord(
        prepared.checkpoint,
        "tangle",
        "Private Tangle",
        settings.to_json(),
        receipt.to_json(),
    )


def saved(path: Path, log: Log, *anchors: AnchorRecord, **options: Any) -> Path:
    """Return the file of a bundle."""
    with path.open("wb") as file:
        for _ in write_bundle(file, log, caption(), anchors, **options):
            pass
    return path


async def test_genuine(log: Log, tangle: PrivateTangle, tmp_path: Path) -> None:
    """A ledger that holds the anchors makes all readings genuine, since then."""
    anchors = [await anchored(log, tangle, size) for size in (5, SMALL)]
    path = saved(tmp_path / "bundle.json", log, *anchors)
    code, said = await verify(path)
    [bundle] = said["bundles"]
    assert (code, said["outcome"], bundle["reasons"]) == (0, "genuine", [])
    assert [each["standing"] for each in bundle["anchors"]] == ["confirmed"] * 2
    assert [
        (each["readings"], each["anchored_size"]) for each in bundle["periods"]
    ] == [
        (5, 5),
        (SMALL - 5, SMALL),
    ]
    assert all(each["existed_before"] for each in bundle["periods"])
    code, words = await tell(str(path))
    assert code == 0
    assert words.startswith(f"GENUINE: {path}\n")
    assert "All of them existed at the latest 20" in words
    assert str(KEY.verifier) in words


async def test_not_anchored_yet(
    log: Log, tangle: PrivateTangle, tmp_path: Path
) -> None:
    """Nobody but its owner knows since when a reading exists that no anchor covers."""
    path = saved(tmp_path / "bundle.json", log, await anchored(log, tangle, 5))
    code, said = await verify(path)
    assert (code, said["outcome"]) == (2, "undecided")
    assert [each["anchored_size"] for each in said["bundles"][0]["periods"]] == [
        5,
        None,
    ]
    path = saved(tmp_path / "shorter.json", log, await anchored(log, tangle, 5), size=5)
    assert (await verify(path))[0] == 0
    path = saved(tmp_path / "none.json", log)
    assert (await verify(path))[0] == 2


async def test_a_false_receipt(log: Log, tangle: PrivateTangle, tmp_path: Path) -> None:
    """A receipt for what the ledger does not hold is a lie of the log's owner."""
    with log_of(SMALL, OTHER_KEY) as other:
        foreign = await anchored(other, tangle, SMALL)
    mine = replace(foreign, note=log.checkpoint(SMALL).note)
    code, said = await verify(saved(tmp_path / "foreign.json", log, mine))
    [bundle] = said["bundles"]
    assert (code, bundle["anchors"][0]["standing"]) == (1, "refuted")
    invented = replace(mine, receipt={**mine.receipt, "transaction": "A" * 81})
    code, said = await verify(saved(tmp_path / "invented.json", log, invented))
    assert (code, said["outcome"]) == (1, "not_genuine")
    pending = replace(invented, receipt={**invented.receipt, "status": "submitted"})
    code, said = await verify(saved(tmp_path / "pending.json", log, pending))
    [bundle] = said["bundles"]
    assert (code, bundle["anchors"][0]["standing"]) == (2, "pending")


async def test_another_node(log: Log, tangle: PrivateTangle, tmp_path: Path) -> None:
    """Who does not trust the nodes in the bundle, or cannot reach them, asks another one."""
    anchor = await anchored(log, tangle, SMALL)
    gone = replace(
        anchor, settings={**anchor.settings, "nodes": ["http://127.0.0.1:1"]}
    )
    path = saved(tmp_path / "bundle.json", log, gone)
    code, said = await verify(path)
    assert (code, said["bundles"][0]["anchors"][0]["standing"]) == (2, "unknown")
    code, said = await verify(path, "--node", tangle.url)
    [bundle] = said["bundles"]
    assert code == 0
    assert bundle["anchors"][0]["asked"] == [tangle.url]
    assert bundle["anchors"][0]["asked_at_own_choice"]
    assert (await verify(path, "--offline"))[0] == 0


@pytest.mark.parametrize("changes", [{"kind": "none"}, {"settings": {}}])
async def test_a_ledger_that_cannot_be_asked(
    log: Log, tmp_path: Path, changes: dict[str, Any]
) -> None:
    """An unknown ledger, or settings that cannot be: nothing can be told."""
    record = AnchorRecord(
        log.checkpoint().note,
        "tangle",
        "Some ledger",
        {"nodes": ["http://127.0.0.1:1"]},
        {
            "status": "confirmed",
            "transaction": "A",
            "confirmed_at": None,
            "place": None,
            "details": {},
        },
    )
    path = saved(tmp_path / "bundle.json", log, replace(record, **changes))
    code, said = await verify(path)
    assert (code, said["outcome"]) == (2, "undecided")
    assert (await verify(path, "--offline"))[0] == 0


async def test_demanding_a_key() -> None:
    """The bundle of another key than the demanded one is not genuine."""
    small = BUNDLES / "small.json"
    code, said = await verify("--offline", "--key", str(KEY.verifier), small)
    assert (code, said["key_demanded"]) == (0, True)
    code, said = await verify("--offline", "--key", str(OTHER_KEY.verifier), small)
    assert (code, said["outcome"]) == (1, "not_genuine")
    code, words = await tell("--offline", str(small))
    assert "taken from the bundle" in words


async def test_offline_says_what_was_not_checked() -> None:
    """Without a ledger nobody knows since when the readings exist, and it says so."""
    code, words = await tell("--offline", str(BUNDLES / "small.json"))
    assert code == 0
    assert words.startswith("GENUINE IN ITSELF (no ledger was asked)")
    assert "NOT CHECKED (--offline): whether any ledger holds these readings" in words


async def test_gaps_in_words() -> None:
    """What is missing is told with its numbers and the times around it."""
    code, words = await tell("--offline", str(BUNDLES / "partial.json"))
    assert code == 0
    assert (
        "2 readings, number 3 to 4, between 2026-11-22 10:02:00 UTC and"
        " 2026-11-22 10:06:00 UTC"
    ) in words
    left_out = BUNDLES / "tampered" / "resigned-removed.json"
    code, words = await tell("--offline", str(left_out))
    assert code == 1
    assert "It claims to be whole, but lacks 1 reading in between" in words


async def test_two_bundles_in_words() -> None:
    """What two bundles show together, and what cannot be told."""
    small = str(BUNDLES / "small.json")
    for other, code, expected in (
        ("later", 0, "CONSISTENT with each other\n  12 readings in both, the same"),
        ("later-with-earlier", 0, "first 12 readings are proved to be the same"),
        ("later-without-anchors", 2, "COULD NOT TELL whether they are consistent"),
        ("fork", 1, "CONTRADICTION between the two bundles\n  The log is forked"),
        ("other-log", 1, "They are of two logs with different keys"),
    ):
        path = str(BUNDLES / f"{other}.json")
        found, words = await tell("--offline", small, path)
        assert (found, expected in words) == (code, True), words


def build(path: Path, *python: str) -> bytes:
    """Return the bytes of the verifier as a single file."""
    script = str(ROOT / "scripts" / "build-verifier")
    subprocess.run([*python, script, str(path)], check=True, capture_output=True)
    return path.read_bytes()


async def test_single_file(tmp_path: Path) -> None:
    """The verifier is one file that needs nothing, and the same file every time."""
    path = tmp_path / "sensorchain-verify.pyz"
    data = build(path, sys.executable)
    assert data == build(tmp_path / "again.pyz", OLDEST, *ISOLATED)
    with ZipFile(BytesIO(data)) as archive:
        assert archive.testzip() is None
        assert not any("anchoring" in name for name in archive.namelist())
    code, output = await run(
        OLDEST, *ISOLATED, str(path), "--offline", "--json", str(BUNDLES / "large.json")
    )
    assert (code, json.loads(output)["bundles"][0]["readings"]) == (0, 1200)


@pytest.mark.parametrize("arguments", [[], ["a", "b", "c"], ["--key", "x", "a"]])
async def test_wrong_usage(arguments: Sequence[str]) -> None:
    """The usage is told, and nothing else can be."""
    process = await asyncio.create_subprocess_exec(
        *VERIFY, *arguments, stdout=PIPE, stderr=PIPE
    )
    output, errors = await process.communicate()
    assert (process.returncode, output) == (2, b"")
    assert errors.startswith(b"usage: ")
