"""What could not be written to the log: kept in a file that needs no more room.

The file is as large as it will ever have to be from the start, and is written in place, which
a full disk allows. It looks like this, then zero bytes:

    {"unwritten":2}
    ["sensor.fridge","4.5","°C","2026-11-22T10:00:00.123456Z",true]
    ["sensor.fridge","4.6","°C","2026-11-22T10:00:10.123456Z",true]

The number counts all readings that could not be written, those that do not fit included.
"""

from collections.abc import Sequence
from dataclasses import dataclass
import json
import os
from pathlib import Path

from ..transparency.database import file_errors, write_durably
from ..transparency.errors import MalformedError, StorageError
from ..transparency.log import Log
from ..transparency.reading import Reading, time_from_text, time_to_text

SUFFIX = ".unwritten"
RESERVED = 256 * 1024

type Recordable = tuple[Reading, bool]


@dataclass(frozen=True, slots=True)
class Leftover:
    """What an earlier run could not write: readings that were kept, and how many not."""

    readings: list[Recordable]
    lost: int


class Unwritten:
    """The file of one log, used on the log's thread."""

    def __init__(self, database: Path) -> None:
        """Reserve the room, if there is any."""
        self._path = database.with_suffix(SUFFIX)
        self._count = 0
        try:
            if not self._path.exists():
                write_durably(self._path, bytes(RESERVED))
        except StorageError:
            # A disk that is full already: the readings are still kept in memory.
            return

    def load(self) -> Leftover:
        """Return what was kept; damaged lines count as lost."""
        try:
            lines = self._path.read_bytes().split(b"\n")
            header = json.loads(lines[0])
            self._count = int(header["unwritten"])
        except OSError, ValueError, KeyError, TypeError:
            return Leftover([], 0)
        readings = []
        for line in lines[1 : self._count + 1]:
            try:
                readings.append(_from_json(json.loads(line)))
            except ValueError, TypeError:
                break
        return Leftover(readings, self._count - len(readings))

    def keep(self, readings: Sequence[Recordable]) -> int:
        """Keep readings in the place of those before; return how many.

        Raises StorageError when not even those that fit the reserved room can be kept.
        """
        lines = [b"%s\n" % _dump({"unwritten": len(readings)})]
        lines += [b"%s\n" % _dump(_to_json(*each)) for each in readings]
        room, fitting = RESERVED, 0
        while fitting < len(lines) and (room := room - len(lines[fitting])) >= 0:
            fitting += 1
        self._write(b"".join(lines[:fitting]))
        self._count = len(readings)
        return fitting - 1

    def clear(self) -> None:
        """Forget what was kept; raises StorageError."""
        if self._count:
            self._write(b"")
            self._count = 0

    def _write(self, data: bytes) -> None:
        """Write in place, durably."""
        with file_errors(), self._path.open("r+b") as file:
            file.write(data.ljust(RESERVED, b"\0"))
            file.flush()
            os.fsync(file.fileno())


def missing_from(log: Log, readings: Sequence[Recordable]) -> list[Recordable]:
    """Return the readings that are not among the newest of a log (log's thread).

    The power may have been cut after they were written, before that was noted.
    """
    start = max(0, log.size - len(readings))
    newest = {logged.leaf.reading for logged in log.readings(start)}
    return [each for each in readings if each[0] not in newest]


def _to_json(reading: Reading, public: bool) -> list[str | bool | None]:
    """Return a reading as it is kept."""
    time = time_to_text(reading.last_updated)
    return [reading.entity_id, reading.state, reading.unit, time, public]


def _from_json(value: list[str | bool | None]) -> Recordable:
    """Return the reading of what was kept; raises ValueError or TypeError."""
    entity_id, state, unit, time, public = value
    if not (
        isinstance(entity_id, str)
        and isinstance(state, str)
        and isinstance(unit, str | None)
        and isinstance(time, str)
    ):
        raise MalformedError("Not a reading")
    return Reading(entity_id, state, unit, time_from_text(time)), bool(public)


def _dump(value: object) -> bytes:
    """Return JSON in one line."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
