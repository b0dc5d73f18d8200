"""What a proof bundle shows by itself, before any ledger is asked."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO

from .bundle import BundleReader, Caption, ProvenAnchor, ProvenReading
from .checkpoint import SignedCheckpoint
from .note import VerifierKey

MAX_GAPS = 100
"""Gaps of an entity that are told one by one; further ones are only counted."""

REPORT_EVERY = 1000
"""Readings between two reports of progress."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Readings of an entity that are not in the bundle: the sequence numbers, both included.

    `after` and `before` are the times of the readings around them.
    """

    first: int
    last: int
    after: datetime
    before: datetime


@dataclass(slots=True)
class Series:
    """What a bundle has of one entity: how many readings, from which to which."""

    entity_id: str
    name: str
    count: int = 0
    missing: int = 0
    gaps: list[Gap] = field(default_factory=list)
    first: ProvenReading | None = None
    last: ProvenReading | None = None

    def add(self, reading: ProvenReading) -> None:
        """Take a reading into account."""
        if self.last is not None:
            self._add_gap(self.last, reading)
        self.first = self.first or reading
        self.last = reading
        self.count += 1

    def _add_gap(self, last: ProvenReading, reading: ProvenReading) -> None:
        """Take what is missing between two readings into account."""
        first, stop = last.leaf.sequence + 1, reading.leaf.sequence
        if first == stop:
            return
        self.missing += stop - first
        if len(self.gaps) < MAX_GAPS:
            after = last.leaf.reading.last_updated
            before = reading.leaf.reading.last_updated
            self.gaps.append(Gap(first, stop - 1, after, before))


@dataclass(slots=True)
class Period:
    """The readings between two anchored sizes: they are covered by the same anchors.

    `size` is the least number of leaves of an anchor that covers them, None for those that
    no anchor in the bundle covers. The times are those of the earliest and latest reading.
    """

    size: int | None
    count: int = 0
    earliest: datetime | None = None
    latest: datetime | None = None

    def add(self, time: datetime) -> None:
        """Take the time of a reading into account."""
        self.count += 1
        self.earliest = time if self.earliest is None else min(self.earliest, time)
        self.latest = time if self.latest is None else max(self.latest, time)


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found in a bundle; true only once all of it has been read."""

    caption: Caption
    key: VerifierKey
    checkpoint: SignedCheckpoint
    anchors: tuple[ProvenAnchor, ...]
    earlier: tuple[SignedCheckpoint, ...]
    series: dict[str, Series]
    periods: tuple[Period, ...]

    @classmethod
    def of(cls, reader: BundleReader) -> Findings:
        """Return the findings before the first reading."""
        sizes = sorted({anchor.size for anchor in reader.anchors})
        entities = reader.caption.entities
        return cls(
            reader.caption,
            reader.key,
            reader.checkpoint,
            reader.anchors,
            reader.earlier,
            {each: Series(each, name) for each, name in entities.items()},
            tuple(Period(size) for size in [*sizes, None]),
        )

    @property
    def count(self) -> int:
        """Return the number of readings."""
        return sum(series.count for series in self.series.values())

    @property
    def missing(self) -> int:
        """Return the number of readings that are left out between others."""
        return sum(series.missing for series in self.series.values())

    def add(self, reading: ProvenReading) -> None:
        """Take a reading into account."""
        self.series[reading.leaf.reading.entity_id].add(reading)
        covering = bisect_right(
            self.periods, reading.index, hi=len(self.periods) - 1, key=_size
        )
        self.periods[covering].add(reading.leaf.reading.last_updated)


def check_bundle(
    file: BinaryIO, progress: Callable[[int], None] | None = None
) -> Findings:
    """Check everything that a bundle can show without a ledger.

    `progress` is told now and then how many readings were checked. Raises MalformedError,
    SignatureError or ProofError for a bundle that is not genuine, and what the file raises.
    """
    reader = BundleReader(file)
    findings = Findings.of(reader)
    for number, reading in enumerate(reader.readings(), 1):
        findings.add(reading)
        if progress and not number % REPORT_EVERY:
            progress(number)
    return findings


def _size(period: Period) -> int:
    """Return the size of a period that has one."""
    return period.size or 0
