"""Messages as the explorer shows them: what strangers wrote, read as far as it can be read."""

from collections.abc import Sequence
from dataclasses import dataclass
import json
from typing import Any

from custom_components.sensorchain.ledgers.tangle.bundle import message_trytes
from custom_components.sensorchain.ledgers.tangle.transaction import Transaction
from custom_components.sensorchain.ledgers.tangle.trytes import (
    MalformedTrytesError,
    trytes_to_text,
)

# What a reading shows of itself.
_COLUMNS = ("entity_id", "state", "unit", "last_updated", "index")


@dataclass(frozen=True, slots=True)
class CheckpointLine:
    """A checkpoint in short: the log's origin, how many readings, and the root in base64."""

    origin: str
    size: int
    root: str


@dataclass(frozen=True, slots=True)
class Message:
    """A bundle's message: its text (JSON indented), what kind of text, and SensorChain's content where it is that."""

    kind: str
    text: str
    checkpoint: CheckpointLine | None = None
    readings: tuple[dict[str, str], ...] = ()


def read_message(trytes: Sequence[str]) -> Message:
    """Read the message of a bundle, given as the trytes of its transactions in order."""
    written = message_trytes([Transaction.from_trytes(each) for each in trytes])
    if not written:
        return Message("empty", "")
    try:
        text = trytes_to_text(written).rstrip("\0")
    except MalformedTrytesError:
        return Message("trytes", written)
    try:
        content = json.loads(text)
        indented = json.dumps(content, indent=2, ensure_ascii=False)
    except ValueError, RecursionError:
        return Message("text", text)
    return Message("JSON", indented, _checkpoint(content), _readings(content))


def _checkpoint(content: Any) -> CheckpointLine | None:
    """Read the first three lines of a checkpoint note, if there is one."""
    note = content.get("checkpoint") if isinstance(content, dict) else None
    lines = note.split("\n") if isinstance(note, str) else ()
    if len(lines) < 3 or not (lines[1].isdecimal() and len(lines[1]) < 20):
        return None
    return CheckpointLine(lines[0], int(lines[1]), lines[2])


def _readings(content: Any) -> tuple[dict[str, str], ...]:
    """Read a list of readings, newest first, if there is one."""
    readings = content.get("readings") if isinstance(content, dict) else None
    if not isinstance(readings, list):
        return ()
    rows = [_row(reading) for reading in readings if isinstance(reading, dict)]
    return tuple(reversed(rows))


def _row(reading: dict[str, Any]) -> dict[str, str]:
    """Return what a reading shows of itself, as text."""
    return {
        column: "" if (value := reading.get(column)) is None else str(value)
        for column in _COLUMNS
    }
