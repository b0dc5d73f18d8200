"""A leaf has one form in bytes, and nothing else is a leaf."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
import json

from hypothesis import given, strategies as st
import pytest

from custom_components.sensorchain.transparency.errors import MalformedError
from custom_components.sensorchain.transparency.jcs import (
    MAX_INTEGER,
    JsonValue,
    canonical_json,
)
from custom_components.sensorchain.transparency.merkle import leaf_hash
from custom_components.sensorchain.transparency.reading import (
    MAX_LEAF,
    MAX_TEXT,
    Leaf,
    Reading,
    time_from_text,
)

from .common import START, reading

LEAF = Leaf(reading(45), sequence=7, salt=bytes(range(16)))
LEAF_BYTES = (
    b'{"entity_id":"sensor.cold_room_temperature"'
    b',"last_updated":"2026-11-22T10:00:45.123456Z"'
    b',"salt":"000102030405060708090a0b0c0d0e0f"'
    b',"sequence":7,"state":"4.5","unit":"\xc2\xb0C"}'
)

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
LEAVES = st.builds(
    Leaf,
    reading=st.builds(
        Reading,
        entity_id=TEXT.filter(bool),
        state=TEXT,
        unit=st.none() | TEXT,
        last_updated=st.datetimes(timezones=st.just(UTC)),
    ),
    sequence=st.integers(0, MAX_INTEGER),
    salt=st.binary(min_size=16, max_size=16),
)


def test_bytes_of_a_leaf() -> None:
    """The bytes, and their hash, are these for ever."""
    assert LEAF.to_bytes() == LEAF_BYTES
    assert Leaf.from_bytes(LEAF_BYTES) == LEAF
    assert leaf_hash(LEAF_BYTES).hex() == (
        "236c447f97fe73d03dd20cfc10f9eccde8219527cfd31e5955852fa74452b881"
    )


def test_a_reading_without_a_unit_and_one_on_the_second() -> None:
    """No unit is null, and the microseconds are always written."""
    silent = Reading("sensor.x", "unavailable", None, START.replace(microsecond=0))
    assert Leaf(silent, 0, bytes(16)).to_bytes() == (
        b'{"entity_id":"sensor.x","last_updated":"2026-11-22T10:00:00.000000Z"'
        b',"salt":"00000000000000000000000000000000","sequence":0'
        b',"state":"unavailable","unit":null}'
    )


@given(LEAVES)
def test_leaf_is_canonical_json_and_comes_back(leaf: Leaf) -> None:
    """The bytes are the canonical form of the object, and both give the leaf again."""
    data = leaf.to_bytes()
    assert data == canonical_json(leaf.to_json())
    assert Leaf.from_bytes(data) == leaf
    assert Leaf.from_json(leaf.to_json()) == leaf


@given(LEAVES, st.data())
def test_a_changed_byte_is_another_leaf_or_none(
    leaf: Leaf, data: st.DataObject
) -> None:
    """No second spelling of a leaf is accepted."""
    original = leaf.to_bytes()
    at = data.draw(st.integers(0, len(original) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda value: value != original[at]))
    changed = original[:at] + bytes([byte]) + original[at + 1 :]
    with suppress(MalformedError):
        assert Leaf.from_bytes(changed) != leaf


@given(st.binary())
def test_garbage_is_no_leaf(data: bytes) -> None:
    """Whatever arrives, the one error says that it is no leaf."""
    with pytest.raises(MalformedError):
        Leaf.from_bytes(data)


OTHER_SPELLINGS: dict[str, Callable[[bytes], bytes]] = {
    "white space": lambda data: data.replace(b":7", b": 7"),
    "trailing newline": lambda data: data + b"\n",
    "other order": lambda data: json.dumps(
        dict(reversed(json.loads(data).items())), separators=(",", ":")
    ).encode(),
    "escaped": lambda data: data.replace(b"\xc2\xb0", b"\\u00b0"),
    "upper-case salt": lambda data: data.replace(b"0a0b", b"0A0B"),
    "short salt": lambda data: data.replace(b"0e0f", b"0e"),
    "sequence as float": lambda data: data.replace(b":7,", b":7.0,"),
    "sequence as bool": lambda data: data.replace(b":7,", b":true,"),
    "negative sequence": lambda data: data.replace(b":7,", b":-7,"),
    "huge sequence": lambda data: data.replace(b":7,", b":9007199254740992,"),
    "sequence of 5000 digits": lambda data: data.replace(b":7,", b":" + b"9" * 5000),
    "state as number": lambda data: data.replace(b'"4.5"', b"4.5"),
    "no entity": lambda data: data.replace(b"sensor.cold_room_temperature", b""),
    "key twice": lambda data: data.replace(b',"unit"', b',"state":"4.5","unit"'),
    "another key": lambda data: data.replace(b',"unit"', b',"tree":null,"unit"'),
    "key missing": lambda data: data.replace(b',"sequence":7', b""),
    "offset": lambda data: data.replace(b"456Z", b"456+00:00"),
    "milliseconds": lambda data: data.replace(b"123456Z", b"123Z"),
    "no such day": lambda data: data.replace(b"11-22T", b"11-31T"),
    "other digits": lambda data: data.replace(b"2026", "２０２６".encode()),
    "not UTF-8": lambda data: data.replace(b"\xc2\xb0", b"\xb0"),
    "half a pair": lambda data: data.replace(b"\xc2\xb0", b"\\ud800"),
    "nothing": lambda data: b"",
    "null": lambda data: b"null",
    "NaN": lambda data: b"NaN",
    "deep": lambda data: b"[" * 60000,
    "large": lambda data: b" " * (MAX_LEAF + 1),
}


@pytest.mark.parametrize("spelling", OTHER_SPELLINGS)
def test_refuses_other_spellings(spelling: str) -> None:
    """Only the canonical bytes are a leaf."""
    changed = OTHER_SPELLINGS[spelling](LEAF_BYTES)
    assert changed != LEAF_BYTES
    with pytest.raises(MalformedError):
        Leaf.from_bytes(changed)


@pytest.mark.parametrize("value", [None, 7, "leaf", [], {}, {"entity_id": "sensor.x"}])
def test_refuses_json_that_is_no_leaf(value: JsonValue) -> None:
    """The object must have just the fields of a leaf."""
    with pytest.raises(MalformedError):
        Leaf.from_json(value)


@pytest.mark.parametrize(
    ("entity_id", "state", "unit", "last_updated"),
    [
        ("", "1", None, START),
        ("sensor.x", "\ud800", None, START),
        ("sensor.x", "1", "\ud800", START),
        ("sensor.x", "1" * (MAX_TEXT + 1), None, START),
        ("sensor.x", "1", None, START.replace(tzinfo=None)),
        ("sensor.x", "1", None, START.astimezone(timezone(timedelta(hours=1)))),
    ],
)
def test_refuses_readings_that_could_not_be_logged(
    entity_id: str, state: str, unit: str | None, last_updated: datetime
) -> None:
    """One bad reading is found out before it can hold up the others."""
    with pytest.raises(MalformedError):
        Reading(entity_id, state, unit, last_updated)


def test_the_largest_reading_fits_a_leaf() -> None:
    """Even if each of its characters is written as six bytes."""
    worst = "\x01" * MAX_TEXT
    leaf = Leaf(Reading(worst, worst, worst, START), MAX_INTEGER, bytes(16))
    assert len(leaf.to_bytes()) <= MAX_LEAF
    assert Leaf.from_bytes(leaf.to_bytes()) == leaf


def test_the_hour_24_is_none() -> None:
    """Python takes it for the next day's 0 from 3.14 on; a time has one spelling."""
    with pytest.raises(MalformedError):
        time_from_text("2026-11-22T24:00:00.000000Z")
    assert time_from_text("2026-11-23T00:00:00.000000Z").day == 23
