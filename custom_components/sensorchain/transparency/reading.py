"""Readings, and the leaves of the log that hold them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
import json
import re

from .errors import MalformedError
from .jcs import MAX_INTEGER, JsonValue, quoted

SALT_SIZE = 16
"""Random bytes in a leaf: without them a short state could be guessed from its hash."""

MAX_TEXT = 2048
"""Characters of an entity id, a state or a unit (Home Assistant's own limit is 255)."""

MAX_LEAF = 0xFFFF
"""Bytes of a leaf: C2SP tlog-tiles gives the length of an entry two bytes."""

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", re.ASCII)
_SALT = re.compile(r"[0-9a-f]{32}")
_FIELDS = {"entity_id", "last_updated", "salt", "sequence", "state", "unit"}
_NO_OFFSET = timedelta(0)


@dataclass(frozen=True, slots=True)
class Reading:
    """One state of one entity at one time.

    The state is exactly as Home Assistant holds it, the unit is None where there is
    none, the time is in UTC. What cannot become a leaf cannot become a reading either:
    MalformedError.
    """

    entity_id: str
    state: str
    unit: str | None
    last_updated: datetime

    def __post_init__(self) -> None:
        """Refuse what has no canonical form."""
        if not self.entity_id:
            raise MalformedError("A reading without an entity id")
        for text in (self.entity_id, self.state, self.unit or ""):
            _check_text(text)
        if self.last_updated.utcoffset() != _NO_OFFSET:
            raise MalformedError(f"Not a time in UTC: {self.last_updated}")


@dataclass(frozen=True, slots=True)
class Leaf:
    """A reading with its place among those of its entity, and its salt.

    Its bytes, canonical JSON (RFC 8785) in UTF-8, look like this, in one line:

        {"entity_id":"sensor.cold_room_temperature",
         "last_updated":"2026-11-22T10:00:00.123456Z",
         "salt":"000102030405060708090a0b0c0d0e0f",
         "sequence":0,"state":"4.5","unit":"°C"}

    The sequence number counts the readings of one entity from 0 without gaps, so that
    one left out is missed; the salt is 16 random bytes.
    """

    reading: Reading
    sequence: int
    salt: bytes

    def to_json(self) -> dict[str, JsonValue]:
        """Return the leaf as a JSON object."""
        return {
            "entity_id": self.reading.entity_id,
            "last_updated": time_to_text(self.reading.last_updated),
            "salt": self.salt.hex(),
            "sequence": self.sequence,
            "state": self.reading.state,
            "unit": self.reading.unit,
        }

    def to_bytes(self) -> bytes:
        """Return the bytes that are hashed into the log: to_json() in canonical JSON."""
        # Spelt out, because this is most of the work of logging a reading: several
        # times faster than canonical_json(self.to_json()), which a test compares it to.
        reading = self.reading
        unit = "null" if reading.unit is None else quoted(reading.unit)
        return (
            f'{{"entity_id":{quoted(reading.entity_id)}'
            f',"last_updated":"{time_to_text(reading.last_updated)}"'
            f',"salt":"{self.salt.hex()}","sequence":{self.sequence}'
            f',"state":{quoted(reading.state)},"unit":{unit}}}'
        ).encode()

    @classmethod
    def from_json(cls, value: JsonValue) -> Leaf:
        """Return the leaf of a JSON object; raise MalformedError if it is not one."""
        if not isinstance(value, dict) or value.keys() != _FIELDS:
            raise MalformedError(f"Not a leaf with the fields {sorted(_FIELDS)}")
        unit = value["unit"]
        return cls(
            reading=Reading(
                entity_id=_text(value["entity_id"]),
                state=_text(value["state"]),
                unit=None if unit is None else _text(unit),
                last_updated=time_from_text(_text(value["last_updated"])),
            ),
            sequence=_sequence(value["sequence"]),
            salt=_salt(_text(value["salt"])),
        )

    @classmethod
    def from_bytes(cls, data: bytes) -> Leaf:
        """Return the leaf of these bytes; raise MalformedError unless they are its own."""
        if len(data) > MAX_LEAF:
            raise MalformedError(f"A leaf of {len(data)} bytes")
        try:
            leaf = cls.from_json(json.loads(data.decode()))
        except MalformedError:
            raise
        except (ValueError, RecursionError) as error:
            raise MalformedError(f"Not the JSON of a leaf: {error}") from error
        if leaf.to_bytes() != data:
            raise MalformedError("A leaf that is not in canonical form")
        return leaf


def _check_text(text: str) -> None:
    """Refuse text that is too long or has no UTF-8 form."""
    if len(text) > MAX_TEXT:
        raise MalformedError(f"A text of {len(text)} characters: {text[:20]!r}…")
    if text.isascii():
        return
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise MalformedError(f"Not Unicode text: {error}") from error


def time_to_text(time: datetime) -> str:
    """Return a time in UTC as 2026-11-22T10:00:00.123456Z."""
    minute = _minute_text(time.year, time.month, time.day, time.hour, time.minute)
    # Twice as fast as isoformat(), and faster than an f-string: every reading has a time.
    return "%s:%02d.%06dZ" % (minute, time.second, time.microsecond)  # noqa: UP031


@lru_cache(1440)
def _minute_text(*fields: int) -> str:
    """Return a time as far as the minute, which many readings share."""
    return "{:04}-{:02}-{:02}T{:02}:{:02}".format(*fields)


def _text(value: JsonValue) -> str:
    """Return a string, nothing else."""
    if not isinstance(value, str):
        raise MalformedError(f"Not a string: {value!r:.40}")
    return value


def time_from_text(text: str) -> datetime:
    """Return the time that is written as 2026-11-22T10:00:00.123456Z, or MalformedError."""
    if not _TIME.fullmatch(text):
        raise MalformedError(f"Not a time: {text!r:.40}")
    try:
        time = datetime.fromisoformat(text)
    except ValueError as error:
        raise MalformedError(f"Not a time: {text!r}") from error
    # Newer Pythons take the hour 24 for the next day's 0.
    if time_to_text(time) != text:
        raise MalformedError(f"Not a time: {text!r}")
    return time


def _salt(text: str) -> bytes:
    """Return the salt that is written in hexadecimal digits."""
    if not _SALT.fullmatch(text):
        raise MalformedError(f"Not a salt: {text!r:.40}")
    return bytes.fromhex(text)


def _sequence(value: JsonValue) -> int:
    """Return a sequence number."""
    if type(value) is not int or not 0 <= value <= MAX_INTEGER:
        raise MalformedError(f"Not a sequence number: {value!r:.40}")
    return value
