"""The anchors of a bundle, as their ledgers know them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
import re

from ..ledgers.catalog import CATALOG
from ..ledgers.http import Transport
from ..ledgers.ledger import (
    AnchorStatus,
    Ledger,
    LedgerError,
    Reason,
    Receipt,
    SettingsError,
    Verification,
)
from ..transparency.bundle import ProvenAnchor
from ..transparency.jcs import JsonValue, canonical_json
from ..transparency.note import VerifierKey

MAX_FAILURES = 3
"""Times in a row that a ledger may fail before it is asked no more."""

NODES = "nodes"
"""The setting of a ledger that names the servers it is asked at."""


_NAMED = re.compile(r"(?P<kind>[a-z_]+)=(?P<url>.*)")


class Standing(StrEnum):
    """What is known of an anchor."""

    NOT_CHECKED = "not_checked"
    CONFIRMED = "confirmed"
    PENDING = "pending"
    """The ledger does not confirm it, and the bundle does not say that it had."""
    REFUTED = "refuted"
    """The bundle says that it was confirmed, and the ledger holds no such thing."""
    UNKNOWN = "unknown"
    """The ledger could not be asked, or could not tell."""


@dataclass(frozen=True, slots=True)
class AnchorFinding:
    """An anchor of a bundle and what its ledger says of it.

    By the ledger's clock it was there at `existed_before`; `place` is where, in words.
    """

    anchor: ProvenAnchor
    receipt: Receipt
    standing: Standing = Standing.NOT_CHECKED
    existed_before: datetime | None = None
    place: str | None = None
    problem: str | None = None
    asked: tuple[str, ...] = ()
    """The servers that were asked."""
    is_own_choice: bool = False
    """Whether these were given by whoever runs the verifier, not by the bundle."""
    is_trial: bool = False
    """Whether it is on a trial network, which proves no time to strangers."""


@dataclass(slots=True)
class _Ledger:
    """A ledger that anchors of a bundle are on.

    Of several `ways` to speak to its servers, the first one that they understand is kept.
    """

    ways: Sequence[Ledger]
    problem: str | None
    asked: tuple[str, ...]
    is_own_choice: bool
    failures: int = 0


def unchecked(
    anchors: Iterable[ProvenAnchor], receipts: Iterable[Receipt]
) -> tuple[AnchorFinding, ...]:
    """Return the anchors of a bundle before any ledger is asked."""
    return tuple(
        AnchorFinding(anchor, receipt, is_trial=_is_trial(anchor))
        for anchor, receipt in zip(anchors, receipts, strict=True)
    )


def _is_trial(anchor: ProvenAnchor) -> bool:
    """Whether an anchor's settings name a trial network."""
    kind = CATALOG.get(anchor.record.kind)
    return kind is not None and kind.is_trial(anchor.record.settings)


async def ask(
    anchors: Sequence[AnchorFinding],
    key: VerifierKey,
    nodes: Sequence[str],
    transport: Transport,
    progress: Callable[[int], None],
) -> tuple[AnchorFinding, ...]:
    """Return the anchors as their ledgers know them, asked at `nodes` if any are given.

    A node is a URL, or "kind=URL" for the ledgers of one kind.
    """
    ledgers: dict[bytes, _Ledger] = {}
    found = []
    for number, finding in enumerate(anchors, 1):
        record = finding.anchor.record
        identity = canonical_json([record.kind, dict(record.settings)])
        if identity not in ledgers:
            ledgers[identity] = _opened(
                record.kind, record.settings, key, nodes, transport
            )
        found.append(await _asked(finding, ledgers[identity]))
        progress(number)
    return tuple(found)


def _chosen(kind: str, nodes: Sequence[str]) -> list[str]:
    """Return the servers for a kind of ledger: those named "kind=URL", and those for any."""
    found = []
    for node in nodes:
        named = _NAMED.fullmatch(node)
        if named is None:
            found.append(node)
        elif named["kind"] == kind:
            found.append(named["url"])
    return found


def _opened(
    kind: str,
    settings: Mapping[str, JsonValue],
    key: VerifierKey,
    nodes: Sequence[str],
    transport: Transport,
) -> _Ledger:
    """Return a ledger by its kind and settings, or why it cannot be asked."""
    chosen = _chosen(kind, nodes)
    is_own_choice = bool(chosen) and NODES in settings
    if is_own_choice:
        settings = {**settings, NODES: list(chosen)}
    named = settings.get(NODES)
    asked = tuple(map(str, named)) if isinstance(named, list) else ()
    if kind not in CATALOG:
        problem = f"This verifier does not know the ledger {kind}"
        return _Ledger((), problem, asked, is_own_choice)
    dialects = CATALOG[kind].dialects if is_own_choice else ({},)
    try:
        ways = [
            CATALOG[kind].create(transport, {**settings, **dialect}, key)
            for dialect in dialects
        ]
    except SettingsError as error:
        problem = f"The setting {error.setting} cannot be used: {error}"
        return _Ledger((), problem, asked, is_own_choice)
    return _Ledger(ways, None, asked, is_own_choice)


async def _asked(finding: AnchorFinding, ledger: _Ledger) -> AnchorFinding:
    """Return what a ledger says of an anchor."""
    verification, problem = None, ledger.problem
    if ledger.ways and ledger.failures < MAX_FAILURES:
        try:
            verification = await _verified(finding, ledger)
            ledger.failures = 0
        except LedgerError as error:
            ledger.failures += 1
            ledger.problem = problem = str(error)
    return AnchorFinding(
        finding.anchor,
        finding.receipt,
        _standing(verification, finding.receipt),
        existed_before=verification.existed_before if verification else None,
        place=verification.place if verification else None,
        problem=verification.problem if verification else problem,
        asked=ledger.asked,
        is_own_choice=ledger.is_own_choice,
        is_trial=finding.is_trial
        or (verification is not None and verification.is_trial),
    )


async def _verified(finding: AnchorFinding, ledger: _Ledger) -> Verification:
    """Return what a ledger says of an anchor; raises LedgerError."""
    *others, last = ledger.ways
    for way in others:
        try:
            found = await way.verify(finding.receipt, finding.anchor.checkpoint)
        except LedgerError as error:
            if error.reason is not Reason.NOT_A_NODE:
                raise
        else:
            ledger.ways = [way]
            return found
    return await last.verify(finding.receipt, finding.anchor.checkpoint)


def _standing(verification: Verification | None, receipt: Receipt) -> Standing:
    """Return what an answer of a ledger means for what the bundle says."""
    if verification is None:
        return Standing.UNKNOWN
    if verification.status is AnchorStatus.CONFIRMED:
        return Standing.CONFIRMED
    if receipt.status is not AnchorStatus.CONFIRMED:
        return Standing.PENDING
    is_lost = verification.status is AnchorStatus.LOST
    return Standing.REFUTED if is_lost else Standing.UNKNOWN
