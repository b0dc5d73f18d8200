"""The verifier as a program: against a Tangle, in words and for machines."""

import asyncio
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import replace
from datetime import timedelta
from io import BytesIO, StringIO
import json
import os
from pathlib import Path
import runpy
import subprocess
import sys
from typing import Any
from zipfile import ZipFile

from aiohttp import ClientSession
import pytest

from custom_components.sensorchain import verifier
from custom_components.sensorchain.ledgers.http import AiohttpTransport
from custom_components.sensorchain.ledgers.opentimestamps.ledger import (
    OpenTimestampsLedger,
)
from custom_components.sensorchain.ledgers.opentimestamps.settings import (
    OpenTimestampsSettings,
)
from custom_components.sensorchain.ledgers.tangle.ledger import TangleLedger
from custom_components.sensorchain.ledgers.tangle.settings import TangleSettings
from custom_components.sensorchain.transparency.bundle import AnchorRecord, write_bundle
from custom_components.sensorchain.transparency.log import Log
from custom_components.sensorchain.verifier.examination import MAX_CONTRADICTIONS
from custom_components.sensorchain.verifier.program import main
from custom_components.sensorchain.verifier.words import MOST_TOLD
from demo.calendar.server import DemoCalendars
from demo.tangle.private_tangle import PrivateTangle
from tests.ledgers.test_standalone import ISOLATED, pythons
from tests.transparency.bundles import log_of as log_with

from .vectors import (
    FOLDER,
    KEY,
    LARGE,
    LATER,
    OTHER_KEY,
    SMALL,
    START,
    anchor,
    bundle,
    bundle_without,
    caption,
    log_of,
    readings,
)

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
    code, words = await tell(path)
    assert code == 0
    assert words.startswith(f"GENUINE, BUT ONLY ON A TRIAL NETWORK: {path}\n")
    assert "UTC: on a trial network, by its own clock since 20" in words
    assert "UTC (Private Tangle, milestone " in words
    assert str(KEY.verifier) in words


async def test_a_trial_network(log: Log, tangle: PrivateTangle, tmp_path: Path) -> None:
    """What a private network holds proves no time to a stranger, and that is said first."""
    path = saved(tmp_path / "bundle.json", log, await anchored(log, tangle, SMALL))
    code, said = await verify(path)
    [bundle] = said["bundles"]
    assert (code, said["outcome"], bundle["on_trial"]) == (0, "genuine", SMALL)
    assert [each["trial"] for each in bundle["anchors"] + bundle["periods"]] == [
        True
    ] * 2
    code, words = await tell(path)
    assert code == 0
    first, second, *_ = words.splitlines()
    assert first == f"GENUINE, BUT ONLY ON A TRIAL NETWORK: {path}"
    assert second.startswith(f"  Only a trial network holds {SMALL} readings. ")
    assert "existed at the latest" not in words
    code, words = await tell("--offline", path)
    assert (code, "Private Tangle, a trial network: is said to hold" in words) == (
        0,
        True,
    )
    path = saved(tmp_path / "some.json", log, await anchored(log, tangle, 5))
    code, words = await tell(path)
    first, second, third, *_ = words.splitlines()
    assert (code, first) == (2, f"PROVED IN PART (5 of {SMALL} readings): {path}")
    assert second.endswith("No ledger was found to prove since when 7 readings exist")
    assert third.startswith("  Only a trial network holds 5 readings. ")


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
    code, words = await tell(path)
    assert words.startswith(f"PROVED IN PART (5 of {SMALL} readings): {path}\n")
    assert "UTC: not proved by any ledger\n" in words
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
    unnoted = replace(pending, receipt={**pending.receipt, "confirmed_at": None})
    path = saved(tmp_path / "unnoted.json", log, unnoted)
    assert "its owner noted" not in (await tell(path))[1]
    assert "its owner noted" not in (await tell("--offline", path))[1]


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
    assert (await verify(path, "--node", f"tangle={tangle.url}"))[0] == 0
    assert (await verify(path, "--node", f"evm={tangle.url}"))[0] == 2
    warning = "which the bundle itself names; with --node you ask one that you trust"
    assert warning in (await tell(path))[1]
    assert warning not in (await tell(path, "--node", tangle.url))[1]
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
    code, words = await tell("--offline", "--key", str(KEY.verifier), small)
    assert (code, "It is the one you demand" in words) == (0, True)


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


async def test_many_gaps_in_words(tmp_path: Path) -> None:
    """Of more gaps than anybody reads it is told how many there are."""
    path = tmp_path / "bundle.json"
    with log_of(LARGE) as log:
        left_out = range(1, LARGE, 4)
        path.write_bytes(bundle_without(log, caption(is_partial=True), *left_out))
    code, words = await tell("--offline", path)
    assert code == 0
    assert words.count(": 1 reading, number ") == MOST_TOLD
    assert "lines more; --json has them all" in words
    said = (await verify("--offline", path))[1]
    assert said["bundles"][0]["missing"] == len(left_out)


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


async def test_contradicting_readings(tmp_path: Path) -> None:
    """Readings alone show that a log has two histories; not all of them need be told."""
    one, other = tmp_path / "one.json", tmp_path / "other.json"
    for path, seed in ((one, 0), (other, 1)):
        with log_of(LARGE, seed=seed) as log:
            path.write_bytes(bundle(log))
    code, said = await verify("--offline", one, other)
    assert code == 1
    told = said["comparison"]["contradictions"]
    assert 1 < len(told) <= MAX_CONTRADICTIONS


async def test_contradicting_numbers(tmp_path: Path) -> None:
    """One log cannot give two readings of an entity the same number."""
    one, other = tmp_path / "one.json", tmp_path / "other.json"
    later = caption(start=START + timedelta(minutes=SMALL))
    earlier = caption(stop=START + timedelta(minutes=SMALL))
    said = readings(LATER)
    with log_with(said[:SMALL], KEY) as log:
        one.write_bytes(bundle(log, earlier))
    with log_with([said[3]] * SMALL + said[SMALL:], KEY) as log:
        other.write_bytes(bundle(log, later))
    code, found = await verify("--offline", one, other)
    assert code == 1
    contradictions = found["comparison"]["contradictions"]
    assert contradictions
    assert all("has numbered" in each for each in contradictions)


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


async def test_timestamps_for_other_programs(
    log: Log, socket_enabled: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Each timestamp is written beside what it is of; what is none is left out."""
    monkeypatch.setenv("no_proxy", "*")
    async with (
        DemoCalendars(database=tmp_path / "calendar.db") as calendars,
        ClientSession() as session,
    ):
        settings = OpenTimestampsSettings(
            tuple(calendars.urls), quorum=2, nodes=(calendars.explorer,)
        )
        ledger = OpenTimestampsLedger(
            AiohttpTransport(session), settings, log.verifier_key
        )
        prepared = await ledger.prepare(log.checkpoint(5), [])
        receipt = (await ledger.publish(prepared)).to_json()
    stamped = AnchorRecord(
        prepared.checkpoint,
        "opentimestamps",
        "Bitcoin",
        settings.to_json(),
        receipt,
    )
    foreign = replace(stamped, note=log.checkpoint(SMALL).note)
    path = saved(
        tmp_path / "bundle.json", log, anchor(log, 3), stamped, stamped, foreign
    )
    folder = tmp_path / "for" / "others"
    process = await asyncio.create_subprocess_exec(
        *VERIFY, "--offline", "--ots", str(folder), str(path), stdout=PIPE, stderr=PIPE
    )
    _, errors = await process.communicate()
    assert (process.returncode, errors.decode()) == (
        0,
        f"2 timestamps written to {folder}\n",
    )
    written = {each.name: each.read_bytes() for each in folder.iterdir()}
    assert written.keys() == {
        name + end
        for name in ("checkpoint-5", "checkpoint-5-2")
        for end in ("", ".ots")
    }
    assert written["checkpoint-5"].decode() == prepared.checkpoint
    assert written["checkpoint-5.ots"].startswith(b"\x00OpenTimestamps")
    again = tmp_path / "again"
    assert main(["--offline", "--ots", str(again), str(path)]) == 0
    assert written == {each.name: each.read_bytes() for each in again.iterdir()}


def test_what_cannot_be_written(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """The program says so, and not that the bundle were not genuine."""
    (tmp_path / "file").touch()
    small = str(BUNDLES / "small.json")
    assert main(["--offline", "--ots", str(tmp_path / "file"), small]) == 2
    output, errors = capsys.readouterr()
    assert not output
    assert errors.startswith("Could not tell: the verifier failed (FileExistsError: ")


def test_progress_at_a_terminal() -> None:
    """Who looks sees how far the work is; in the end nothing of it is left there."""
    ours, theirs = os.openpty()
    with (
        os.fdopen(ours, "rb", buffering=0) as seen,
        os.fdopen(theirs, "w") as terminal,
        redirect_stderr(terminal),
        redirect_stdout(StringIO()),
    ):
        assert main(["--offline", str(BUNDLES / "large.json")]) == 0
        shown = b""
        while shown.count(b"\x1b[K") < 2:
            shown += seen.read(1000)
    assert shown == b"\r\x1b[K1,000 readings checked\r\x1b[K"


def test_as_a_module(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`python -m` runs it, too; what it says is the exit code."""
    for name, code in (("small", 0), ("tampered/value", 1)):
        bundle = str(BUNDLES / f"{name}.json")
        monkeypatch.setattr(sys, "argv", ["verify", "--offline", bundle])
        with pytest.raises(SystemExit) as ended:
            runpy.run_module(verifier.__name__, run_name="__main__")
        assert ended.value.code == code
    assert "NOT GENUINE" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [[], ["a", "b", "c"], ["--key", "x", "a"]])
async def test_wrong_usage(arguments: Sequence[str]) -> None:
    """The usage is told, and nothing else can be."""
    process = await asyncio.create_subprocess_exec(
        *VERIFY, *arguments, stdout=PIPE, stderr=PIPE
    )
    output, errors = await process.communicate()
    assert (process.returncode, output) == (2, b"")
    assert errors.startswith(b"usage: ")
    with pytest.raises(SystemExit) as ended, redirect_stderr(StringIO()) as told:
        main(arguments)
    assert (ended.value.code, told.getvalue()[:7]) == (2, "usage: ")
