"""What files show by themselves, one alone or two against each other."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from heapq import merge
from itertools import chain, groupby
from pathlib import Path
from typing import BinaryIO

from ..ledgers.ledger import Receipt
from ..transparency.bundle import (
    BundleReader,
    ProvenReading,
    UnknownFormatError,
    check_sequence,
)
from ..transparency.errors import InvalidError, MalformedError, ProofError
from ..transparency.findings import REPORT_EVERY, Findings

MAX_CONTRADICTIONS = 20
"""Contradictions between two bundles that are told; one is enough."""

Progress = Callable[[int], None]
"""Is told now and then how many readings were checked."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is not said to be genuine: a word for machines, a sentence for people."""

    code: str
    text: str


@dataclass(slots=True)
class Examination:
    """A file, and what it shows by itself: findings, or what is wrong with it."""

    path: str
    findings: Findings | None = None
    receipts: tuple[Receipt, ...] = ()
    """One for each anchor of the findings."""
    problem: Reason | None = None
    line: int | None = None
    """The line of the file that the problem is in, counted from 1, if it is in one."""
    is_false: bool = False
    """Whether the problem shows that the file is not genuine; else it cannot be read."""

    def fail(self, error: Exception) -> None:
        """Keep what is wrong with the file."""
        self.is_false = not isinstance(error, (OSError, UnknownFormatError))
        code = error.code if isinstance(error, InvalidError) else "unreadable"
        self.problem = Reason(code, _in_words(error))
        self.line = error.line if isinstance(error, InvalidError) else None


@dataclass(slots=True)
class Comparison:
    """Two bundles against each other.

    Their logs are proved to be the same in the first `common` leaves, of the `overlap` that
    both have. Of the readings there, `shared` are the same in both bundles; `unproved` are in
    one of them alone, beyond what is proved to be common.
    """

    overlap: int
    common: int
    shared: int = 0
    unproved: int = 0
    contradictions: list[Reason] = field(default_factory=list)
    _last: dict[str, ProvenReading] = field(default_factory=dict)

    @classmethod
    def of(cls, one: Findings, other: Findings) -> "Comparison":
        """Return the comparison of all that is known before the first reading."""
        if one.key != other.key:
            text = "They are of two logs with different keys"
            return cls(0, 0, contradictions=[Reason("other_log", text)])
        ours, theirs = _roots(one), _roots(other)
        sizes = sorted(ours.keys() & theirs.keys())
        forks = [
            Reason(
                "fork",
                f"The log is forked: two different histories of {size} readings are signed",
            )
            for size in sizes
            if ours[size] != theirs[size]
        ]
        same = [size for size in sizes if ours[size] == theirs[size]]
        overlap = min(max(ours), max(theirs))
        return cls(overlap, max(same, default=0), contradictions=forks[:1])

    def add(self, readings: Sequence[ProvenReading]) -> None:
        """Take the readings at one index into account: of one bundle, or of both."""
        if len(self.contradictions) >= MAX_CONTRADICTIONS:
            return
        reading = readings[0]
        if len(readings) == 2:
            self._add_shared(reading, readings[1])
        elif self.common <= reading.index < self.overlap:
            self.unproved += 1
        entity_id = reading.leaf.reading.entity_id
        try:
            check_sequence(self._last.get(entity_id), reading)
        except ProofError as error:
            self.contradictions.append(Reason("numbering", str(error)))
        self._last[entity_id] = reading

    def _add_shared(self, one: ProvenReading, other: ProvenReading) -> None:
        """Take a reading of both bundles into account."""
        if one.leaf == other.leaf:
            self.shared += 1
        else:
            text = f"The log is forked: reading {one.index} is not the same in both"
            self.contradictions.append(Reason("forked_reading", text))


def examine(
    paths: Sequence[str], progress: Progress
) -> tuple[list[Examination], Comparison | None]:
    """Examine one file or two, side by side in one pass.

    Two are compared if both can be trusted by themselves.
    """
    sides = [_Side(path) for path in paths]
    try:
        opened = [side.examination.findings for side in sides]
        comparison = None
        if len(opened) == 2 and opened[0] and opened[1]:
            comparison = Comparison.of(opened[0], opened[1])
        _read(sides, comparison, progress)
    finally:
        for side in sides:
            side.close()
    examinations = [side.examination for side in sides]
    if any(each.problem for each in examinations):
        comparison = None
    return examinations, comparison


def _read(
    sides: Sequence["_Side"], comparison: Comparison | None, progress: Progress
) -> None:
    """Read all readings of the sides, in the order of their indexes."""
    readings = merge(*(side.readings() for side in sides), key=_index)
    groups = (tuple(group) for _, group in groupby(readings, key=_index))
    for number, group in enumerate(groups, 1):
        if comparison:
            comparison.add(group)
        if not number % REPORT_EVERY:
            progress(number)


class _Side:
    """One of the files that are read side by side."""

    def __init__(self, path: str) -> None:
        """Open a file and read what comes before its readings."""
        self.examination = Examination(path)
        self._file: BinaryIO | None = None
        with _Failing(self.examination):
            self._file = Path(path).open("rb")
            self._reader = BundleReader(self._file)
            self.examination.receipts = tuple(_receipts(self._reader))
            self.examination.findings = Findings.of(self._reader)

    def readings(self) -> Iterator[ProvenReading]:
        """Yield the readings up to the first that is wrong."""
        findings = self.examination.findings
        if findings is None:
            return
        with _Failing(self.examination):
            for reading in self._reader.readings():
                findings.add(reading)
                yield reading

    def close(self) -> None:
        """Close the file."""
        if self._file:
            self._file.close()


class _Failing:
    """Keeps what goes wrong inside as the problem of an examination."""

    def __init__(self, examination: Examination) -> None:
        """Keep it there."""
        self._examination = examination

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(self, _: object, error: BaseException | None, __: object) -> bool:
        """Keep an error that the file is the cause of."""
        if isinstance(error, (OSError, InvalidError)):
            self._examination.fail(error)
            return True
        return False


def _in_words(error: Exception) -> str:
    """Return what is wrong with a file, for people."""
    match error:
        case OSError():
            return f"It cannot be read: {error.strerror or error}"
        case UnknownFormatError():
            return f"It needs a newer verifier. {error}"
    return f"It was changed, is damaged, or never was a proof bundle. {error}"


def _receipts(reader: BundleReader) -> Iterator[Receipt]:
    """Yield the receipts of a bundle's anchors; raise MalformedError for what is none."""
    for anchor in reader.anchors:
        try:
            yield Receipt.from_json(anchor.record.receipt)
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            raise MalformedError(
                f"The receipt of the anchor of {anchor.size} readings is none"
            ) from error


def _roots(findings: Findings) -> dict[int, bytes]:
    """Return the roots of a log by the sizes at which the bundle proves them."""
    anchored = (anchor.checkpoint for anchor in findings.anchors)
    signed = chain(anchored, findings.earlier, [findings.checkpoint])
    return {each.checkpoint.size: each.checkpoint.root for each in signed}


def _index(reading: ProvenReading) -> int:
    """Return the index of a reading."""
    return reading.index
