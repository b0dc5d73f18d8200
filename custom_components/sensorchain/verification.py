"""Verification: one entity's readings against the log, the ledgers and the history.

log       each reading proved to a checkpoint; sequence numbers without a gap
ledgers   the checkpoints, as the chain has them: Ledger.verify
history   Home Assistant's own database, which can be edited
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import pairwise

from homeassistant.core import HomeAssistant

from .anchoring.anchorer import Anchorer
from .anchoring.anchors import Anchor
from .anchoring.database import Database
from .anchoring.entry import LogConfigEntry
from .history import Comparison, NoHistoryError, async_compare, async_read_log
from .ledgers.ledger import AnchorStatus, LedgerError, Verification
from .transparency.checkpoint import SignedCheckpoint
from .transparency.errors import InvalidError
from .transparency.log import LoggedReading

MOST_ANCHORS = 20
"""Of the anchors of a period so many are looked up on their ledgers, the last one always."""


# Readings are recorded between two pages of those that are proved.
_PAGE = 1000


class Outcome(StrEnum):
    """What is to be said of the log's readings: the words of the stand-alone verifier."""

    GENUINE = "genuine"
    NOT_GENUINE = "not_genuine"
    UNDECIDED = "undecided"


class Agreement(StrEnum):
    """What is to be said of Home Assistant's history, held against the log."""

    AGREES = "agrees"
    DIFFERS = "differs"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class CheckedAnchor:
    """An anchor, and what the chain says of it, or why it could not be asked."""

    ledger: str
    anchor: Anchor
    checkpoint: SignedCheckpoint
    verification: Verification | None
    problem: str | None

    @property
    def is_confirmed(self) -> bool:
        """Whether the chain holds the checkpoint, and confirms it."""
        return self._status is AnchorStatus.CONFIRMED

    @property
    def is_proof(self) -> bool:
        """Whether that proves to strangers, too, since when it exists."""
        found = self.verification
        return self.is_confirmed and found is not None and not found.is_trial

    @property
    def is_refuted(self) -> bool:
        """Whether the chain does not hold what it once confirmed."""
        return self._status is AnchorStatus.LOST

    @property
    def _status(self) -> AnchorStatus | None:
        """What the chain says, if it could be asked."""
        return self.verification.status if self.verification else None


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found of an entity's readings in a period.

    `damaged` has the indexes of readings whose proofs do not hold, `missing` the sequence
    numbers of readings that are not there; `history` is None where there is none. Of the
    `confirmed` readings so many are `proved`: by other ledgers than trial networks.
    """

    readings: int
    confirmed: int
    proved: int
    anchors: Sequence[CheckedAnchor]
    history: Comparison | None
    damaged: Sequence[int] = field(default=())
    missing: Sequence[int] = field(default=())

    @property
    def outcome(self) -> Outcome:
        """Genuine where the log holds together and the chain itself confirms all of it."""
        if (
            self.damaged
            or self.missing
            or any(each.is_refuted for each in self.anchors)
        ):
            return Outcome.NOT_GENUINE
        is_confirmed = self.confirmed == self.readings
        return Outcome.GENUINE if is_confirmed else Outcome.UNDECIDED

    @property
    def agreement(self) -> Agreement:
        """Whether the history says the same as the log, where there is one."""
        if self.history is None:
            return Agreement.NONE
        return Agreement.DIFFERS if self.history.differences else Agreement.AGREES


async def async_verify(
    hass: HomeAssistant,
    entry: LogConfigEntry,
    entity_id: str,
    start: datetime | None,
    stop: datetime | None,
) -> Findings:
    """Verify the readings of an entity in a period; raise StorageError."""
    service = entry.runtime_data
    # What has happened before is in the log before it is compared.
    await service.async_record(())
    name = service.name(entity_id)
    readings = await async_read_log(service.database, name, start, stop)
    checked = await _async_ask(service.anchorers, service.database, readings)
    damaged: list[int] = []
    for first in range(0, len(readings), _PAGE):
        page = readings[first : first + _PAGE]
        damaged += await service.database.run(_damaged, service.database, page, checked)
    try:
        history = await async_compare(hass, entry, entity_id, start, stop)
    except NoHistoryError:
        history = None
    held = [each for each in checked if each.is_confirmed]
    return Findings(
        readings=len(readings),
        confirmed=_covered(readings, held),
        proved=_covered(readings, [each for each in held if each.is_proof]),
        anchors=checked,
        history=history,
        damaged=damaged,
        missing=_missing(readings),
    )


async def _async_ask(
    anchorers: Mapping[str, Anchorer],
    database: Database,
    readings: Sequence[LoggedReading],
) -> list[CheckedAnchor]:
    """Return the anchors that cover readings, as their ledgers have them."""
    if not readings:
        return []
    anchors = await database.run(_covering, database, readings)
    known = [(anchor, cp) for anchor, cp in anchors if anchor.ledger_id in anchorers]
    return [
        await _asked(anchorers[anchor.ledger_id], anchor, checkpoint)
        for anchor, checkpoint in known
    ]


def _covering(
    database: Database, readings: Sequence[LoggedReading]
) -> list[tuple[Anchor, SignedCheckpoint]]:
    """Return confirmed anchors that cover readings, with their checkpoints (log's thread)."""
    log = database.log
    indexes = range(readings[0].index, readings[-1].index + 1)
    anchors = database.anchors.covering_all(indexes, log.size)
    step = -(-len(anchors) // MOST_ANCHORS) or 1
    return [(each, log.checkpoint(each.size)) for each in anchors[::-1][::step][::-1]]


async def _asked(
    anchorer: Anchorer, anchor: Anchor, checkpoint: SignedCheckpoint
) -> CheckedAnchor:
    """Return what a ledger says of an anchor."""
    assert anchor.receipt
    try:
        verification = await anchorer.ledger.verify(anchor.receipt, checkpoint)
    except LedgerError as err:
        return CheckedAnchor(anchorer.title, anchor, checkpoint, None, str(err))
    return CheckedAnchor(
        anchorer.title, anchor, checkpoint, verification, verification.problem
    )


def _damaged(
    database: Database,
    readings: Sequence[LoggedReading],
    checked: Sequence[CheckedAnchor],
) -> list[int]:
    """Return the indexes of readings that cannot be proved (log's thread).

    Each is proved to the first of the anchors that covers it, or else to the log as it is.
    """
    checkpoints = [each.checkpoint for each in checked] + [database.log.checkpoint()]
    checkpoints.sort(key=lambda each: each.checkpoint.size)
    return [
        reading.index
        for reading in readings
        if not _is_proved(
            database,
            reading,
            next(each for each in checkpoints if each.checkpoint.size > reading.index),
        )
    ]


def _is_proved(
    database: Database, reading: LoggedReading, signed: SignedCheckpoint
) -> bool:
    """Whether a reading is in the log of a checkpoint (log's thread)."""
    checkpoint = signed.checkpoint
    try:
        proof = database.log.inclusion_proof(reading.index, checkpoint.size)
        proof.verify_in(reading.leaf.to_bytes(), checkpoint)
    except InvalidError:
        return False
    return True


def _covered(
    readings: Sequence[LoggedReading], anchors: Sequence[CheckedAnchor]
) -> int:
    """Return how many readings the largest of some anchors covers."""
    size = max((each.anchor.size for each in anchors), default=0)
    return sum(reading.index < size for reading in readings)


def _missing(readings: Sequence[LoggedReading]) -> list[int]:
    """Return the sequence numbers that are left out between readings."""
    numbers = [reading.leaf.sequence for reading in readings]
    return [
        number
        for before, after in pairwise(numbers)
        for number in range(before + 1, after)
    ]
