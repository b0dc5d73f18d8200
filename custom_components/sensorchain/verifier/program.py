"""The command line of the verifier."""

import argparse
import asyncio
from collections.abc import Sequence
import json
from pathlib import Path
import sys

from ..ledgers.http import Transport, UrllibTransport
from ..transparency.errors import MalformedError
from ..transparency.note import VerifierKey
from .anchors import AnchorFinding, ask, unchecked
from .examination import Examination, examine
from .machine import to_json
from .timestamps import write_timestamps
from .verdict import Judgement, Outcome, decide, judge
from .words import plain, tell

_DESCRIPTION = """Verify a proof bundle of SensorChain: its signatures, hashes, proofs and
sequence numbers, then its anchors on their ledgers. Of two bundles, verify also that they
do not contradict each other."""

_EPILOG = """exit codes:
  0  genuine (with --offline: everything inside the bundle holds). Where only a trial
     network holds the readings (one for tests, a private one, or one unknown to this
     program) that is said first: since when they exist, it proves to nobody else
  1  not genuine: something was changed, or is not as the bundle says
  2  could not tell: a file or a ledger could not be read, or no ledger proves
     since when some of the readings exist
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Verify what the command line names, say what was found, return the exit code."""
    given = _parser().parse_args(arguments)
    _print_anything()
    try:
        judgement = verify(given, UrllibTransport())
        _say(judgement, as_json=given.json)
    except KeyboardInterrupt:
        return Outcome.UNDECIDED
    # With a trace, Python would exit as if the bundle were not genuine.
    except Exception as error:  # noqa: BLE001
        problem = plain(f"{type(error).__name__}: {error}")
        print(f"Could not tell: the verifier failed ({problem})", file=sys.stderr)
        return Outcome.UNDECIDED
    return judgement.outcome


def verify(given: argparse.Namespace, transport: Transport) -> Judgement:
    """Return what is to be said of the bundles that the command line names."""
    progress = _Progress()
    examinations, comparison = examine(given.bundle, progress.readings)
    verdicts = [
        decide(
            each,
            _anchors(each, given, transport, progress),
            given.key,
            is_offline=given.offline,
        )
        for each in examinations
    ]
    progress.end()
    return judge(
        verdicts,
        comparison,
        is_offline=given.offline,
        is_key_demanded=given.key is not None,
    )


def _anchors(
    examination: Examination,
    given: argparse.Namespace,
    transport: Transport,
    progress: "_Progress",
) -> tuple[AnchorFinding, ...]:
    """Return the anchors of a bundle; ask their ledgers unless there is no need to."""
    findings = examination.findings
    if findings is None:
        return ()
    anchors = unchecked(findings.anchors, examination.receipts)
    if examination.problem:
        return anchors
    if given.ots:
        count = write_timestamps(anchors, given.ots)
        print(f"{count} timestamps written to {given.ots}", file=sys.stderr)
    if given.offline:
        return anchors
    return asyncio.run(
        ask(anchors, findings.key, given.node, transport, progress.anchors)
    )


def _parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    parser = argparse.ArgumentParser(
        prog="verify",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("bundle", nargs="+", action=_OneOrTwo, help="one file or two")
    parser.add_argument(
        "--offline", action="store_true", help="check the files alone; ask no ledger"
    )
    parser.add_argument(
        "--node",
        action="append",
        default=[],
        metavar="[KIND=]URL",
        help="ask this server, not those that the bundle names; may be repeated; with"
        " KIND= (iota=, opentimestamps=, ...) only for ledgers of that kind",
    )
    parser.add_argument(
        "--ots",
        type=Path,
        metavar="FOLDER",
        help="write the checkpoints in Bitcoin and their timestamps (.ots) there, for"
        " `ots verify` of OpenTimestamps",
    )
    parser.add_argument(
        "--key",
        type=_key,
        metavar="VKEY",
        help="the verifier key that the log must have, as its owner gave it to you",
    )
    parser.add_argument(
        "--json", action="store_true", help="print one JSON object, for machines"
    )
    return parser


class _OneOrTwo(argparse.Action):
    """Takes one file or two."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: object,
        option_string: str | None = None,
    ) -> None:
        """Keep the files, or end the program."""
        if not isinstance(values, list) or len(values) > 2:
            parser.error("one bundle or two")
        setattr(namespace, self.dest, values)


def _key(text: str) -> str:
    """Return a verifier key as it was given, if it is one."""
    try:
        return str(VerifierKey.parse(text))
    except MalformedError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _print_anything() -> None:
    """Print what the terminal has no character for as an escape."""
    for stream in (sys.stdout, sys.stderr):
        if reconfigure := getattr(stream, "reconfigure", None):
            reconfigure(errors="backslashreplace")


def _say(judgement: Judgement, *, as_json: bool) -> None:
    """Print what was found."""
    if as_json:
        print(json.dumps(to_json(judgement), indent=2), flush=True)
    else:
        print(tell(judgement), end="", flush=True)


class _Progress:
    """Tells a person at a terminal how far the work is."""

    def __init__(self) -> None:
        """Be silent where nobody looks."""
        self._is_seen = sys.stderr.isatty()

    def readings(self, count: int) -> None:
        """Tell how many readings were checked."""
        self._tell(f"{count:,} readings checked")

    def anchors(self, count: int) -> None:
        """Tell how many anchors were asked for."""
        self._tell(f"{count:,} anchors asked for")

    def end(self) -> None:
        """Leave nothing behind."""
        self._tell("")

    def _tell(self, text: str) -> None:
        """Replace the line at the end of the terminal."""
        if self._is_seen:
            print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)
